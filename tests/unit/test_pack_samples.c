/* A sample is a test: what it expects, what it lacks, and how a failure is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "charset.h"
#include "pack_expectation.h"
#include "pack_source.h"
#include "pack_stage.h"

static struct pack *pack;
static struct pack_samples samples;

static int32_t run(bool all) {
    pack_samples_clear(&samples);
    pack_free(&pack);
    fault_clear(&stage.why);
    assert_int_equal(pack_read(&stage.world, PACK_AT, &pack, &stage.why), SHK_OK);
    return pack_samples_run(pack, &stage.world, all, &samples, &stage.why);
}

static int leave(void **state) {
    pack_samples_clear(&samples);
    pack_free(&pack);
    return pack_stage_close(state);
}
#define CASE(name) cmocka_unit_test_setup_teardown(name, pack_stage_open, leave)

static const struct pack_sample *sample(const char *name) {
    static const struct pack_sample none;
    for (size_t i = 0; i < samples.n; i++) {
        if (text_equal(samples.at[i].name, name)) {
            return &samples.at[i];
        }
    }
    fail_msg("no sample %s", name);
    return &none;
}

/* Only that one fails, and the fault says so. */
static void assert_fails(const char *name, int32_t code, const char *where) {
    char told[200];
    const struct fault_row *row = fault_find(code);
    int32_t rc = run(true);
    assert_string_equal(sample(name)->fault.where, where);
    assert_int_equal(sample(name)->fault.code, code);
    for (size_t i = 0; i < samples.n; i++) {
        bool passed = samples.at[i].fault.code == 0;
        assert_true(passed != text_equal(samples.at[i].name, name));
    }
    snprintf(told, sizeof told, "mihon-csv %s: %s%s%s%s", name,
             code == SHK_E_PACK_SAMPLE ? "" : "SHK_E_", code == SHK_E_PACK_SAMPLE ? "" : row->name,
             code == SHK_E_PACK_SAMPLE ? "" : " ", where);
    pack_stage_assert_fault(rc, SHK_E_PACK_SAMPLE, told);
}

static void drop(const char *name) {
    files_fake_drop(&stage.files, pack_stage_path(name));
}

static void copy(const char *from, const char *to) {
    struct bytes content = {0};
    const struct files_fake_file *file = files_fake_find(&stage.files, pack_stage_path(from));
    assert_non_null(file);
    assert_int_equal(bytes_append(&content, file->content.p, file->content.n), SHK_OK);
    files_fake_set_n(&stage.files, pack_stage_path(to), content.p, content.n);
    bytes_clear(&content);
}

static void a_good_pack_passes(void **state) {
    static const char *const names[] = {"app", "fujo", "ikkatsu", "kenpo", "nagai"};
    (void)state;
    int32_t rc = run(true);
    assert_string_equal(stage.why.where, "");
    assert_int_equal(rc, SHK_OK);
    assert_int_equal(samples.n, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(samples.at[i].name, names[i]);
        assert_int_equal(samples.at[i].fault.code, 0);
    }
}

static void another_result_is_told_by_place_and_column(void **state) {
    (void)state;
    pack_stage_change("samples/kenpo.expected", "1985/03/12", "1985/03/13");
    assert_fails("kenpo", SHK_E_PACK_SAMPLE, "first difference at byte 68, line 2, 生年月日");
    assert_int_equal(sample("kenpo")->difference.byte, 68);
    assert_int_equal(sample("kenpo")->difference.line, 2);
    assert_string_equal(sample("kenpo")->difference.column, "生年月日");
}

static void a_difference_of_another_record_names_it(void **state) {
    (void)state;
    pack_stage_change("samples/fujo.2.expected", "12990016", "12990017");
    assert_fails("fujo", SHK_E_PACK_SAMPLE,
                 "record 2: first difference at byte 78, line 2, 保険者番号");
}

static void what_is_missing_or_too_much_fails(void **state) {
    static const struct {
        const char *drop, *from, *to, *sample, *where;
    } wrong[] = {
        {"samples/kenpo.expected", NULL, NULL, "kenpo", "kenpo.expected is missing"},
        {"samples/fujo.2.expected", NULL, NULL, "fujo", "fujo.2.expected is missing"},
        {NULL, "samples/fujo.2.expected", "samples/fujo.3.expected", "fujo",
         "fujo.3.expected is of no record"},
        {NULL, "samples/kenpo.expected", "samples/kenpo.2.expected", "kenpo",
         "kenpo.2.expected is of no record"},
        {NULL, "samples/kenpo.name", "samples/kenpo.2.name", "kenpo",
         "kenpo.2.name is of no record"},
        {NULL, "samples/nagai.fault", "samples/kenpo.fault", "kenpo",
         "kenpo.fault stands beside an expected result"},
        {NULL, "samples/kenpo.name", "samples/nagai.name", "nagai",
         "nagai.name stands beside an expected fault"},
        {NULL, "samples/app.txt", "samples/kenpo.txt", "kenpo",
         "kenpo.txt stands beside an XML file of that name"},
        {"samples/app.txt", NULL, NULL, "app", "there is no .xml or .txt file of that name"},
        {NULL, "samples/app.txt", "samples/app.csv", "app.csv",
         "there is no .xml or .txt file of that name"},
        {NULL, "samples/kenpo.xml", "samples/ke.npo.xml", "ke.npo.xml",
         "there is no .xml or .txt file of that name"},
        {NULL, "samples/kenpo.expected", "samples/kenpo.1.expected", "kenpo.1.expected",
         "there is no .xml or .txt file of that name"},
        {"samples/kenpo.xml", "samples/app.expected", "samples/kenpo.2.expected", "kenpo",
         "there is no .xml or .txt file of that name"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        pack_stage_close(NULL);
        assert_int_equal(pack_stage_open(NULL), 0);
        if (wrong[i].from != NULL) {
            copy(wrong[i].from, wrong[i].to);
        }
        if (wrong[i].drop != NULL) {
            drop(wrong[i].drop);
        }
        assert_fails(wrong[i].sample, SHK_E_PACK_SAMPLE, wrong[i].where);
    }
}

static void words_for_people_are_no_sample(void **state) {
    (void)state;
    pack_stage_set("samples/README.md", "見本の説明");
    assert_int_equal(run(true), SHK_OK);
    assert_int_equal(samples.n, 5);
}

static void another_file_name_is_told(void **state) {
    (void)state;
    pack_stage_set("samples/kenpo.name", "mihon_20260602.csv");
    assert_int_equal(run(true), SHK_OK);
    pack_stage_set("samples/kenpo.name", "mihon_20260603.csv\n");
    assert_fails("kenpo", SHK_E_PACK_SAMPLE, "kenpo.name is another file name");
}

/* The same row format in another encoding and with widths in place of separators. */
static void a_row_of_fixed_width_is_told_by_its_field(void **state) {
    (void)state;
    pack_stage_change("pack.lua", "format = \"csv\"", "format = \"fixed\"");
    pack_stage_set("mapping.lua",
                   "return { contract = 1, id = 'f', format = 'fixed', encoding = 'cp932',\n"
                   "  file = 'f.txt', fields = {\n"
                   "  { to = '氏名', from = 'name', width = 24 },\n"
                   "  { to = 'カナ', from = 'name_kana', as = 'kana_half', width = 16 },\n"
                   "  { to = '番号', from = 'number', width = 8, align = 'right', pad = '0' } } }");
    drop("samples/kenpo.name");
    struct bytes expected = {0};
    struct cp932_loss loss;
    assert_int_equal(
        utf8_to_cp932("見本　太郎              ﾐﾎﾝ ﾀﾛｳ         00001002\r\n", 67, &expected, &loss),
        SHK_OK);
    files_fake_set_n(&stage.files, pack_stage_path("samples/kenpo.expected"), expected.p,
                     expected.n);
    bytes_clear(&expected);
    assert_int_equal(run(true), SHK_E_PACK_SAMPLE);
    assert_string_equal(sample("kenpo")->fault.where, "first difference at byte 47, line 1, 番号");
}

static void a_fault_must_be_the_one_that_is_expected(void **state) {
    static const char *const good[] = {"SHK_E_FIELD_TOO_LONG", "SHK_E_FIELD_TOO_LONG 氏名\r\n",
                                       "\xEF\xBB\xBFSHK_E_FIELD_TOO_LONG 氏名\r\n",
                                       "SHK_E_FIELD_TOO_LONG mapping.lua:16 氏名"};
    static const char *const bad[] = {"",
                                      "FIELD_TOO_LONG 氏名",
                                      "SHK_E_FIELD_REQUIRED 氏名",
                                      "SHK_E_FIELD_TOO_LONG カナ",
                                      "SHK_E_FIELD_TOO_LONG 名",
                                      "SHK_E_FIELD_TOO_LONG ",
                                      "SHK_E_FIELD_TOO 氏名"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        pack_stage_set("samples/nagai.fault", good[i]);
        assert_int_equal(run(true), SHK_OK);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        pack_stage_set("samples/nagai.fault", bad[i]);
        assert_fails("nagai", SHK_E_FIELD_TOO_LONG, "mapping.lua:16 氏名");
    }
    pack_stage_change("mapping.lua", "max_bytes = 20", "max_bytes = 40");
    assert_fails("nagai", SHK_E_PACK_SAMPLE, "nagai.fault does not come");
}

static void a_fault_in_place_of_a_result_is_told(void **state) {
    (void)state;
    pack_stage_change("mapping.lua", "max_chars = 8", "max_chars = 7");
    assert_int_equal(run(true), SHK_E_PACK_SAMPLE);
    assert_string_equal(stage.why.where,
                        "mihon-csv app: SHK_E_FIELD_TOO_LONG mapping.lua:19 保険者番号");
    assert_int_equal(stage.why.native_kind, SHK_NATIVE_LUA_LINE);
    assert_int_equal(stage.why.native, 19);
}

static void a_source_that_cannot_be_read_is_told_or_expected(void **state) {
    (void)state;
    pack_stage_set("samples/kenpo.xml", "<XmlMsg>");
    assert_int_equal(run(true), SHK_E_PACK_SAMPLE);
    assert_int_equal(sample("kenpo")->fault.code, SHK_E_XML);
    drop("samples/kenpo.expected");
    drop("samples/kenpo.name");
    pack_stage_set("samples/kenpo.fault", "SHK_E_XML\n");
    assert_int_equal(run(true), SHK_OK);
    pack_stage_set("samples/app.txt", "何か");
    assert_fails("app", SHK_E_APP_TEXT, "");
}

static void an_app_text_in_code_page_932_is_read(void **state) {
    struct bytes cp932 = {0};
    struct cp932_loss loss;
    const char *utf8 = pack_stage_get("samples/app.txt");
    (void)state;
    assert_int_equal(utf8_to_cp932(utf8, strlen(utf8), &cp932, &loss), SHK_OK);
    files_fake_set_n(&stage.files, pack_stage_path("samples/app.txt"), cp932.p, cp932.n);
    assert_int_equal(run(true), SHK_OK);
    bytes_clear(&cp932);
}

static void only_the_first_person_of_several_counts(void **state) {
    struct bytes two = {0};
    (void)state;
    assert_int_equal(bytes_append_text(&two, pack_stage_get("samples/app.txt")), SHK_OK);
    assert_int_equal(bytes_append_text(&two, pack_stage_get("samples/app.txt")), SHK_OK);
    pack_stage_set("samples/app.txt", bytes_text(&two));
    assert_int_equal(run(true), SHK_OK);
    bytes_clear(&two);
}

#define UNITS(units)                                                                               \
    "<XmlMsg><MessageHeader><SegmentOfResult>1</SegmentOfResult></"                                \
    "MessageHeader><MessageBody>" units "</MessageBody></XmlMsg>"

static void a_bulk_source_without_a_usable_person_is_a_fault(void **state) {
    (void)state;
    pack_stage_set("samples/ikkatsu.xml",
                   UNITS("<BulkConfirmUnit><ResultOfQualificationConfirmation><Birthdate>20251399"
                         "</Birthdate></ResultOfQualificationConfirmation></BulkConfirmUnit>"));
    assert_int_equal(run(true), SHK_E_PACK_SAMPLE);
    assert_int_equal(sample("ikkatsu")->fault.code, SHK_E_VALUE);
    pack_stage_set("samples/ikkatsu.xml", UNITS("<BulkConfirmUnit>"));
    assert_int_equal(run(true), SHK_E_PACK_SAMPLE);
    assert_int_equal(sample("ikkatsu")->fault.code, SHK_E_XML);
}

static void activation_stops_at_the_first_that_fails(void **state) {
    (void)state;
    pack_stage_change("samples/fujo.expected", "06990014", "06990015");
    pack_stage_change("samples/kenpo.expected", "06990014", "06990015");
    assert_int_equal(run(false), SHK_E_PACK_SAMPLE);
    assert_non_null(strstr(stage.why.where, "mihon-csv fujo: "));
    assert_int_equal(sample("kenpo")->fault.code, 0);
    assert_int_equal(run(true), SHK_E_PACK_SAMPLE);
    assert_non_null(strstr(stage.why.where, "mihon-csv fujo: "));
    assert_int_equal(sample("kenpo")->fault.code, SHK_E_PACK_SAMPLE);
}

static void a_pack_without_samples_is_not_testable(void **state) {
    (void)state;
    files_fake_drop_folder(&stage.files, PACK_AT "/samples");
    pack_stage_assert_fault(run(true), SHK_E_PACK_SAMPLE, "mihon-csv samples");
    files_fake_add_folder(&stage.files, PACK_AT "/samples");
    pack_stage_set("samples/README.md", "見本はまだありません");
    pack_stage_assert_fault(run(true), SHK_E_PACK_SAMPLE, "mihon-csv samples");
}

static void a_script_that_cannot_be_loaded_is_its_own_fault(void **state) {
    (void)state;
    pack_stage_change("mapping.lua", "from = \"name\"", "from = \"nam\"");
    pack_stage_assert_fault(run(true), SHK_E_SCRIPT_CONTRACT, "mihon-csv/mapping.lua:16 氏名 from");
}

static bool stop_now(void *self) {
    return --*(int *)self < 0;
}

static void it_can_be_stopped_between_two_samples(void **state) {
    int left = 2;
    (void)state;
    stage.world.stop = stop_now;
    stage.world.stop_self = &left;
    assert_int_equal(run(true), SHK_E_CANCELLED);
    assert_int_equal(left, -1);
}

static void a_loop_without_end_is_stopped_by_the_budget(void **state) {
    (void)state;
    stage.world.budget.steps = 100000;
    pack_stage_change("mapping.lua", "local day", "while true do end local day");
    assert_int_equal(run(false), SHK_E_PACK_SAMPLE);
    assert_int_equal(sample("app")->fault.code, SHK_E_SCRIPT_BUDGET);
}

/* The places hold names and numbers; the person in the sample is not told. */
static void no_word_of_a_sample_is_told(void **state) {
    static const char *const words[] = {"太郎", "ﾀﾛｳ", "06990014", "1985"};
    (void)state;
    pack_stage_change("samples/kenpo.expected", "06990014", "06990015");
    assert_int_equal(run(true), SHK_E_PACK_SAMPLE);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        assert_null(strstr(stage.why.where, words[i]));
        assert_null(strstr(sample("kenpo")->fault.where, words[i]));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_good_pack_passes),
        CASE(another_result_is_told_by_place_and_column),
        CASE(a_difference_of_another_record_names_it),
        CASE(what_is_missing_or_too_much_fails),
        CASE(words_for_people_are_no_sample),
        CASE(another_file_name_is_told),
        CASE(a_row_of_fixed_width_is_told_by_its_field),
        CASE(a_fault_must_be_the_one_that_is_expected),
        CASE(a_fault_in_place_of_a_result_is_told),
        CASE(a_source_that_cannot_be_read_is_told_or_expected),
        CASE(an_app_text_in_code_page_932_is_read),
        CASE(only_the_first_person_of_several_counts),
        CASE(a_bulk_source_without_a_usable_person_is_a_fault),
        CASE(activation_stops_at_the_first_that_fails),
        CASE(a_pack_without_samples_is_not_testable),
        CASE(a_script_that_cannot_be_loaded_is_its_own_fault),
        CASE(it_can_be_stopped_between_two_samples),
        CASE(a_loop_without_end_is_stopped_by_the_budget),
        CASE(no_word_of_a_sample_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
