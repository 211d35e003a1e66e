#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pack_new_stage.h"
#include "slurp.h"

const char *const pack_samples[] = {
    "acupuncture.csv", "childbirth.csv", "clinic.csv",  "clinic_db.csv", "dental.tsv",
    "home_care.csv",   "karte.csv",      "kenshin.csv", "maple.csv",     "openemr.csv",
    "orca_hkninf.csv", "orca_ptinf.csv", "fhir.xml",    "items.xml",     "kenshin_cda.xml",
    "orca.xml",        "register.xml",   NULL,
};

struct pack_new_result *made;
struct fault pack_why;

int32_t make_pack(const void *sample, size_t n, const char *name) {
    const struct pack_new_job job = {.sample = sample,
                                     .sample_len = n,
                                     .sample_name = name,
                                     .id = "mihon",
                                     .vendor = "見本社",
                                     .host = "見本レセコン"};
    pack_new_free(&made);
    fault_clear(&pack_why);
    int32_t rc = pack_new(&job, &made, &pack_why);
    assert_int_equal(rc, pack_why.code);
    assert_true((rc == SHK_OK) == (made != NULL));
    return rc;
}

int32_t make_pack_of_text(const char *sample) {
    return make_pack(sample, strlen(sample), "t.csv");
}

int32_t make_pack_of_file(const char *name) {
    char path[256];
    size_t n;
    snprintf(path, sizeof path, SAMPLES_DIR "%s", name);
    const char *content = slurp(path, &n);
    return make_pack(content, n, name);
}

const struct pack_new_guess *guess_of(const char *to) {
    for (size_t i = 0; made != NULL && i < made->guesses_n; i++) {
        if (strcmp(made->guesses[i].to, to) == 0) {
            return &made->guesses[i];
        }
    }
    return NULL;
}

const char *pack_text_of(const char *file) {
    const struct bytes *content = pack_new_file(made, file);
    assert_non_null(content);
    return bytes_text(content);
}

int pack_tear_down(void **state) {
    (void)state;
    pack_new_free(&made);
    return 0;
}
