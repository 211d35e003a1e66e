/* The scripts that ship. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "app.h"
#include "mapping_stage.h"
#include "oqs_bulk.h"
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

/* Every script of scripts/ that maps; the others hold words and columns. */
static const char *const mapping_scripts[] = {"uketsuke_csv.lua", "kanja_xml.lua"};
#define SCRIPTS_N (sizeof mapping_scripts / sizeof mapping_scripts[0])

static int32_t run_record(const struct record_set *set, size_t record, const char *name,
                          const char *script) {
    const struct mapping_job job = {.script = {name, (const uint8_t *)script, strlen(script)}};
    mapping_result_free(&result);
    fault_clear(&why);
    return mapping_run(&job, set, record, &result, &why);
}

/* A unit of a bulk result may say that nobody was found. */
static bool names_a_person(const struct record_set *set, size_t record) {
    struct value value;
    return record_value(set, record, "name", 4, &value) == SHK_OK && value.state == VALUE_PRESENT;
}

/* Each record that names a person, with each script; how many they are. `from` is told when one fails. */
static size_t map_all(const struct record_set *set, const char *from) {
    size_t mapped = 0;
    for (size_t i = 0; i < record_count(set) * SCRIPTS_N; i++) {
        const char *script = mapping_scripts[i % SCRIPTS_N];
        bool named = names_a_person(set, i / SCRIPTS_N + 1);
        int32_t rc = run_record(set, i / SCRIPTS_N + 1, script, shipped(script));
        if (rc != (named ? SHK_OK : SHK_E_FIELD_REQUIRED)) {
            print_error("%s: %d at %s\n", from, (int)rc, why.where);
            fail();
        }
        mapped += named ? 1 : 0;
    }
    return mapped / SCRIPTS_N;
}

static size_t map_text(const char *name) {
    static char text[APP_TEXT_MAX];
    char path[512];
    size_t n = 0;
    size_t mapped = 0;
    snprintf(path, sizeof path, "%s/app/%s", TEST_DATA, name);
    const char *read = slurp(path, &n);
    memcpy(text, read, n);
    struct app_words *words = app_words_new();
    assert_non_null(words);
    for (size_t at = 0, one = 0; at < n; at += one) {
        struct record_set *set = NULL;
        one = app_first_length(text + at, n - at, words);
        assert_int_equal(app_read(text + at, one, 1, words, &set, NULL), SHK_OK);
        mapped += map_all(set, name);
        record_free(&set);
    }
    app_words_free(&words);
    return mapped;
}

static void shipped_scripts_serve_every_copied_text(void **state) {
    (void)state;
    static const size_t records_of[] = {1, 1, 1, 1, 1, 1, 2, 1};
    for (size_t i = 0; i < sizeof records_of / sizeof records_of[0]; i++) {
        char name[16];
        snprintf(name, sizeof name, "t%zu.txt", i + 1);
        assert_int_equal(map_text(name), records_of[i]);
    }
}

static int32_t map_unit(void *self, size_t number, struct record_set *set,
                        const struct fault *unread, struct fault *why_not) {
    size_t *mapped = self;
    (void)number, (void)unread, (void)why_not;
    *mapped += set != NULL ? map_all(set, "a unit") : 0;
    record_free(&set);
    return SHK_OK;
}

/* Whatever it is: one person's answer, a bulk result, or a message that speaks of nobody. */
static size_t map_message(const char *name) {
    char path[512];
    size_t n = 0;
    size_t mapped = 0;
    struct oqs_bulk *bulk = NULL;
    struct oqs_bulk_head head;
    static uint8_t xml[131072];
    const struct oqs_bulk_receiver to = {map_unit, &mapped};
    snprintf(path, sizeof path, "%s/oqs/%s", TEST_DATA, name);
    const char *read = slurp(path, &n);
    memcpy(xml, read, n);
    assert_int_equal(oqs_bulk_new(NULL, &to, &bulk), SHK_OK);
    if (oqs_bulk_push(bulk, xml, n, NULL) == SHK_OK) {
        (void)oqs_bulk_end(bulk, &head, NULL);
    }
    oqs_bulk_free(&bulk);
    return mapped;
}

static void shipped_scripts_serve_every_answer(void **state) {
    (void)state;
    size_t files = 0;
    size_t mapped = 0;
    DIR *folder = opendir(TEST_DATA "/oqs");
    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (strstr(entry->d_name, ".xml") != NULL) {
            files++;
            mapped += map_message(entry->d_name);
        }
    }
    closedir(folder);
    assert_int_equal(files, 12);
    assert_int_equal(mapped, 11);
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
        (void)map_all(records, people[i]);
    }
}

static const char *field(const char *to) {
    for (size_t i = 0; i < result->fields_n; i++) {
        if (strcmp(result->fields[i].to, to) == 0) {
            return result->fields[i].value != NULL ? result->fields[i].value : "(absent)";
        }
    }
    return "(absent)";
}

/* The certificate's share counts when the card's is empty; an empty one is not made up. */
static void an_empty_value_hides_no_other(void **state) {
    (void)state;
    load_record(ITEM "<InsuredPartialContributionRatio></InsuredPartialContributionRatio>"
                     "<Sex2></Sex2><ElderlyRecipientCertificateInfo>"
                     "<ElderlyRecipientContributionRatio>020</ElderlyRecipientContributionRatio>"
                     "</ElderlyRecipientCertificateInfo>");
    assert_int_equal(map_all(records, "share of the certificate"), 1);
    assert_string_equal(field("Insurance/BurdenPercent"), "20");
    assert_int_equal(run_record(records, 1, "u", shipped("uketsuke_csv.lua")), SHK_OK);
    assert_string_equal(field("負担割合"), "2");
    load_record(ITEM "<InsuredPartialContributionRatio></InsuredPartialContributionRatio>");
    assert_int_equal(map_all(records, "no share"), 1);
    assert_string_equal(field("Insurance/BurdenPercent"), "(absent)");
}

static void empty_numbers_and_sexes_stay_empty(void **state) {
    (void)state;
    load_record(
        "<InsuredCardClassification>A1</InsuredCardClassification><InsurerNumber></InsurerNumber>"
        "<Name>見本　太郎</Name><Sex1>3</Sex1><Sex2></Sex2><Birthdate>19890107</Birthdate>");
    assert_int_equal(map_all(records, "empty ones"), 1);
    assert_string_equal(field("Patient/Sex"), "unknown");
    assert_int_equal(run_record(records, 1, "u", shipped("uketsuke_csv.lua")), SHK_OK);
    assert_string_equal(field("保険者番号"), "");
    assert_string_equal(field("性別"), "");
}

static void a_copied_text_gets_a_file_name_without_a_person(void **state) {
    (void)state;
    struct app_words *words = app_words_new();
    struct record_set *set = NULL;
    size_t n = 0;
    const char *text = slurp(TEST_DATA "/app/t7.txt", &n);
    assert_int_equal(app_read(text, n, 1, words, &set, NULL), SHK_OK);
    app_words_free(&words);
    assert_int_equal(run_record(set, 1, "k", shipped("kanja_xml.lua")), SHK_OK);
    assert_string_equal(result->file_name, "kanja_20250901_app_1.xml");
    assert_int_equal(run_record(set, 2, "k", shipped("kanja_xml.lua")), SHK_OK);
    assert_string_equal(result->file_name, "kanja_20250901_app_2.xml");
    record_free(&set);
}

/* The page's n-th example of Lua, and `behind` it. */
static const char *example(int n, const char *behind) {
    static char script[8192];
    const char *begin = slurp(SOURCE_ROOT "/docs/mapping.md", NULL);
    for (int i = 0; i < n && begin != NULL; i++) {
        begin = strstr(begin, "```lua\n");
        begin = begin != NULL ? begin + 7 : NULL;
    }
    const char *end = begin != NULL ? strstr(begin, "```") : NULL;
    if (end == NULL) {
        fail();
        return "";
    }
    snprintf(script, sizeof script, "%.*s%s", (int)(end - begin), begin, behind);
    return script;
}

#define SHARE(text) "<InsuredPartialContributionRatio>" text "</InsuredPartialContributionRatio>"
#define CERTIFICATE(text)                                                                          \
    "<ElderlyRecipientCertificateInfo><ElderlyRecipientContributionRatio>" text                    \
    "</ElderlyRecipientContributionRatio></ElderlyRecipientCertificateInfo>"

static void expect_share(const char *item, const char *script, const char *expected) {
    load_record(item);
    assert_int_equal(run_record(records, 1, "page", script), SHK_OK);
    assert_string_equal(field("割合"), expected);
}

static void the_examples_of_the_page_run_with_empty_values(void **state) {
    (void)state;
    const char *whole = example(3, "");
    expect_share(ITEM SHARE(""), whole, "");
    expect_share(ITEM SHARE("030"), whole, "3");
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
        MAPPING_TEST(shipped_scripts_serve_every_copied_text),
        MAPPING_TEST(shipped_scripts_serve_every_answer),
        MAPPING_TEST(an_empty_value_hides_no_other),
        MAPPING_TEST(empty_numbers_and_sexes_stay_empty),
        MAPPING_TEST(a_copied_text_gets_a_file_name_without_a_person),
        MAPPING_TEST(the_examples_of_the_page_run_with_empty_values),
        MAPPING_TEST(shipped_scripts_write_these_bytes),
        MAPPING_TEST(shipped_scripts_refuse_an_answer_without_a_person),
    };
    return cmocka_run_group_tests_name("mapping_shipped", tests, NULL, NULL);
}
