#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sandbox_stage.h"
#include "slurp.h"

struct record_set *records;
struct fault why;

int load_person(void **state) {
    (void)state;
    size_t n;
    const char *xml = slurp(TEST_DATA "/oqs/all_groups.xml", &n);
    return oqs_read((const uint8_t *)xml, n, NULL, &records, NULL);
}

int free_person(void **state) {
    (void)state;
    record_free(&records);
    return 0;
}

int32_t run_job(struct mapping_job *job, const char *script) {
    struct mapping_result *result = NULL;
    job->script = (struct mapping_text){"t.lua", (const uint8_t *)script, strlen(script)};
    fault_clear(&why);
    int32_t rc = mapping_run(job, records, 1, &result, &why);
    assert_true((rc == SHK_OK) == (result != NULL));
    mapping_result_free(&result);
    return rc;
}

void frame(char *out, size_t cap, const char *body) {
    snprintf(
        out, cap,
        "return { contract = 1, id = 't', format = 'csv', encoding = 'utf-8', file = 'a', uses = {"
        "'name', 'name_kana', 'elderly', 'specific_diseases', 'burden_percent' },\n"
        "fields = { { to = 'A', with = function(v, rec)\n%s\nend } } }",
        body);
}

int32_t run_body(const char *body) {
    struct mapping_job job = {0};
    char script[4096];
    frame(script, sizeof script, body);
    return run_job(&job, script);
}
