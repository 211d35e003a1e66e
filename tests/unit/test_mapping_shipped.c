/* The scripts that ship. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "mapping_stage.h"
#include "slurp.h"

static bool load_sample(const char *name) {
    static uint8_t xml[65536];
    char path[512];
    snprintf(path, sizeof path, "%s/%s", TEST_DATA, name);
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        return false;
    }
    size_t n = fread(xml, 1, sizeof xml, f);
    fclose(f);
    record_free(&records);
    return oqs_read(xml, n, NULL, &records, NULL) == SHK_OK;
}

static const char *shipped(const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/scripts/%s", SOURCE_ROOT, name);
    return slurp(path, NULL);
}

static void assert_same_as_file(const struct bytes *b, const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/scripts/%s", TEST_DATA, name);
    assert_string_equal(bytes_text(b), slurp(path, NULL));
}

static void shipped_scripts_serve_every_sample_person(void **state) {
    (void)state;
    static const char *const people[] = {
        "oqs/all_groups.xml", "oqs/elderly_face_cp932.xml", "oqs/insurance_and_aid.xml",
        "oqs/lost_newer.xml", "demo/default.xml",
    };
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
        assert_true(load_sample(people[i]));
        assert_int_equal(run_text(shipped("uketsuke_csv.lua"), false), SHK_OK);
        assert_int_equal(result->fields_n, 23);
        assert_int_equal(run_text(shipped("kanja_xml.lua"), false), SHK_OK);
    }
}

static void shipped_scripts_write_these_bytes(void **state) {
    (void)state;
    assert_true(load_sample("oqs/all_groups.xml"));
    assert_int_equal(run_text(shipped("uketsuke_csv.lua"), false), SHK_OK);
    assert_string_equal(result->file_name, "uketsuke_20250602.csv");
    struct bytes whole = {0};
    assert_int_equal(bytes_append(&whole, result->head.p, result->head.n), SHK_OK);
    assert_int_equal(bytes_append(&whole, result->body.p, result->body.n), SHK_OK);
    assert_same_as_file(&whole, "uketsuke.csv");
    bytes_clear(&whole);
    assert_int_equal(run_text(shipped("kanja_xml.lua"), false), SHK_OK);
    assert_string_equal(result->file_name, "kanja_20250602_T-000123_1.xml");
    assert_same_as_file(&result->body, "kanja.xml");
}

static void shipped_scripts_refuse_an_answer_without_a_person(void **state) {
    (void)state;
    load_record("<InsuredCardClassification>01</InsuredCardClassification>");
    assert_int_equal(run_text(shipped("uketsuke_csv.lua"), false), SHK_E_FIELD_REQUIRED);
    assert_int_equal(run_text(shipped("kanja_xml.lua"), false), SHK_E_FIELD_REQUIRED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MAPPING_TEST(shipped_scripts_serve_every_sample_person),
        MAPPING_TEST(shipped_scripts_write_these_bytes),
        MAPPING_TEST(shipped_scripts_refuse_an_answer_without_a_person),
    };
    return cmocka_run_group_tests_name("mapping_shipped", tests, NULL, NULL);
}
