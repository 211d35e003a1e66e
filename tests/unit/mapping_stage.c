#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "mapping_stage.h"

struct record_set *records;
struct mapping_result *result;
struct fault why;

void load_record(const char *item) {
    static char xml[8192];
    snprintf(xml, sizeof xml,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader>"
             "<ProcessExecutionTime>20250602091530</ProcessExecutionTime>"
             "<QualificationConfirmationDate>20250602</QualificationConfirmationDate>"
             "<SegmentOfResult>1</SegmentOfResult></MessageHeader><MessageBody>"
             "<ProcessingResultStatus>1</ProcessingResultStatus>"
             "<QualificationValidity>1</QualificationValidity><ResultList>"
             "<ResultOfQualificationConfirmation>%s</ResultOfQualificationConfirmation>"
             "</ResultList></MessageBody></XmlMsg>",
             item);
    record_free(&records);
    assert_int_equal(oqs_read((const uint8_t *)xml, strlen(xml), NULL, &records, NULL), SHK_OK);
}

int32_t run_text(const char *script, bool check_only) {
    const struct mapping_job job = {.script = {"t.lua", (const uint8_t *)script, strlen(script)}};
    struct mapping *mapping = NULL;
    int32_t rc;
    mapping_result_free(&result);
    fault_clear(&why);
    if (check_only) {
        rc = mapping_open(&job, &mapping, &why);
        assert_true((rc == SHK_OK) == (mapping != NULL));
        mapping_close(&mapping);
    } else {
        rc = mapping_run(&job, records, 1, &result, &why);
        assert_true((rc == SHK_OK) == (result != NULL));
    }
    assert_int_equal(rc, why.code);
    return rc;
}

int32_t run_rows(const char *outer, const char *rows) {
    static char script[16384];
    snprintf(script, sizeof script,
             "return { contract = 1, id = 't', file = 'a.csv', %s,\nfields = {\n%s\n} }", outer,
             rows);
    return run_text(script, false);
}

void assert_body(const char *expected) {
    assert_non_null(result);
    assert_string_equal(bytes_text(&result->body), expected);
    assert_int_equal(result->body.n, strlen(expected));
}

void assert_fault(int32_t rc, int32_t code, const char *where) {
    assert_int_equal(rc, code);
    assert_string_equal(why.where, where);
}

int set_up(void **state) {
    (void)state;
    load_record(ITEM);
    return 0;
}

int tear_down(void **state) {
    (void)state;
    mapping_result_free(&result);
    record_free(&records);
    return 0;
}
