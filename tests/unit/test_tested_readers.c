#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "bytes.h"
#include "files_fake.h"
#include "tested_readers.h"
#include "text.h"

static struct tested_readers list;
static struct fault why;

#define WORDS    "extended = 'yes', usable = 'no', official = 'unknown'"
#define SENTENCE "note_en = 'Tried', source = 'us'"
#define ROW                                                                                        \
    "model = 'M 1', names = { 'M-1', 'm one' }, usb = { '12AB:00FF' }, " WORDS ", "                \
    "note = '試した', sure = 'tried', " SENTENCE
/* What a row needs besides the word that a case is about. */
#define LITTLE "model = 'M', note = 'n', " SENTENCE

static int32_t take(const char *text) {
    tested_readers_clear(&list);
    fault_clear(&why);
    return tested_readers_take("r.lua", (const uint8_t *)text, strlen(text), &list, &why);
}

static void a_row_is_taken_with_everything_in_it(void **state) {
    (void)state;
    assert_int_equal(take("return { date = '2026-11-29', readers = { { " ROW " } } }"), SHK_OK);
    assert_string_equal(list.date, "2026-11-29");
    assert_int_equal(list.n, 1);
    const struct tested_reader *r = &list.at[0];
    assert_string_equal(r->model, "M 1");
    assert_int_equal(r->names_n, 2);
    assert_string_equal(r->names[1], "m one");
    assert_int_equal(r->usb_n, 1);
    assert_int_equal(r->usb[0].vendor, 0x12AB);
    assert_int_equal(r->usb[0].product, 0x00FF);
    assert_int_equal(r->extended, TESTED_YES);
    assert_int_equal(r->usable, TESTED_NO);
    assert_int_equal(r->official, TESTED_UNKNOWN);
    assert_string_equal(r->note, "試した");
    assert_string_equal(r->note_en, "Tried");
    assert_string_equal(r->source, "us");
    assert_string_equal(r->sure, "tried");
    tested_readers_clear(&list);
}

static void a_reader_is_found_by_its_numbers_before_its_name(void **state) {
    (void)state;
    assert_int_equal(take("return { date = '2026-11-29', readers = { { " ROW
                          " }, { model = 'N', names = { 'N-2' }, usb = { '12AB:0002' }, note = 'n',"
                          " note_en = 'n', source = 's', sure = 'report' } } }"),
                     SHK_OK);
    assert_ptr_equal(tested_readers_find(&list, "Maker m-1 00 00", 0, 0), &list.at[0]);
    assert_ptr_equal(tested_readers_find(&list, "M ONE", 0, 0), &list.at[0]);
    assert_ptr_equal(tested_readers_find(&list, "M-1", 0x12AB, 2), &list.at[1]);
    assert_ptr_equal(tested_readers_find(&list, "something", 0x12AB, 0xFF), &list.at[0]);
    assert_ptr_equal(tested_readers_find(&list, "N-2", 0x9999, 1), &list.at[1]);
    assert_null(tested_readers_find(&list, "M-", 0, 0));
    assert_null(tested_readers_find(&list, "", 0, 0));
    assert_int_equal(list.at[1].extended, TESTED_UNKNOWN);
    tested_readers_clear(&list);
}

static void mistakes_are_named_with_their_line(void **state) {
    (void)state;
    static const struct {
        const char *text, *where;
        int32_t code;
    } cases[] = {
        {"return { readers = {} }", "r.lua:1 date", SHK_E_CONFIG_VALUE},
        {"return {\n date = '26-11-29' }", "r.lua:2 date", SHK_E_CONFIG_VALUE},
        {"return {\n date = '2026-11-299' }", "r.lua:2 date", SHK_E_CONFIG_VALUE},
        {"return {\n date = 20261129 }", "r.lua:2 date", SHK_E_CONFIG_VALUE},
        {"return { date = '2026-11-29',\n reader = {} }", "r.lua:2 reader", SHK_E_CONFIG_VALUE},
        {"return { date = '2026-11-29',\n readers = 'x' }", "r.lua:2 readers", SHK_E_CONFIG_VALUE},
        {"return { date = '2026-11-29', readers = {\n 'x' } }", "r.lua:2 readers[1]",
         SHK_E_CONFIG_VALUE},
        {"return { date = '2026-11-29', readers = {\n { model = 'x' } } }",
         "r.lua:2 readers[1].names", SHK_E_CONFIG_VALUE},
        {"return { date = '2026-11-29', readers = {\n { names = { 'x' } } } }",
         "r.lua:2 readers[1].model", SHK_E_CONFIG_VALUE},
        {"return { date = '2026-11-29', readers = { { " ROW " },\n { model = 'M', names = { 'x' }, "
         "note = 'n', " SENTENCE " } } }",
         "r.lua:2 readers[2].sure", SHK_E_CONFIG_VALUE},
        {"return { date = '2026-11-29', readers = { { " ROW " },\n { model = 'M', names = { 'x' }, "
         "sure = 'tried', " SENTENCE " } } }",
         "r.lua:2 readers[2].note", SHK_E_CONFIG_VALUE},
        {"return { date = '2026-11-29', readers = { { " LITTLE ",\n extended = 'maybe' } } }",
         "r.lua:2 readers[1].extended", SHK_E_CONFIG_VALUE},
        {"return { date = '2026-11-29', readers = { { " LITTLE ",\n sure = 'very' } } }",
         "r.lua:2 readers[1].sure", SHK_E_CONFIG_VALUE},
        {"return { date = '2026-11-29', readers = { { " LITTLE ",\n price = 'x' } } }",
         "r.lua:2 readers[1].price", SHK_E_CONFIG_VALUE},
        {"return { date = '2026-11-29', readers = { { " LITTLE ", usb = {\n '12ab:0001' } } } }",
         "r.lua:2 readers[1].usb[1]", SHK_E_CONFIG_VALUE},
        {"return { date = '2026-11-29', readers = { { " LITTLE ", usb = {\n '12AB-0001' } } } }",
         "r.lua:2 readers[1].usb[1]", SHK_E_CONFIG_VALUE},
        {"return { date = '2026-11-29', readers = { { " LITTLE ", names = { 'a','b','c','d','e',"
         "'f','g','h',\n'i' } } } }",
         "r.lua:2 readers[1].names[9]", SHK_E_CONFIG_VALUE},
        {"return { date = '2026-11-29', readers = {\n x = {} } }", "r.lua:2 readers.x",
         SHK_E_CONFIG_VALUE},
        {"return { date = '2026-11-29', readers = {\n [2] = {} } }", "r.lua:2 readers[2]",
         SHK_E_CONFIG_VALUE},
        {"return { date = '2026-11-29', readers = { { " LITTLE ", names = {\n { 'x' } } } } }",
         "r.lua:2 readers[1].names[1]", SHK_E_CONFIG_VALUE},
        {"return { date = '2026-11-29', readers = {\n { model = 'M', names = { 'x' }, note = 'n', "
         "note_en = 'n', sure = 'tried' } } }",
         "r.lua:2 readers[1].source", SHK_E_CONFIG_VALUE},
        {"return {\n", "r.lua:2", SHK_E_CONFIG_SYNTAX},
        {"return os.time()", "r.lua", SHK_E_CONFIG_SYNTAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int32_t rc = take(cases[i].text);
        if (rc != cases[i].code ||
            strncmp(why.where, cases[i].where, strlen(cases[i].where)) != 0) {
            fail_msg("%s gives %d at %s", cases[i].text, (int)rc, why.where);
        }
        assert_int_equal(list.n, 0);
    }
}

static void assert_sentence(const char *text, bool japanese) {
    size_t n = strlen(text);
    assert_true(utf8_valid(text, n));
    assert_true(japanese ? strcmp(text + n - strlen("。"), "。") == 0 : text[n - 1] == '.');
}

/* What is shipped is dated, in order, complete, and says of itself that nobody here tried it. */
static void the_list_that_is_built_in(void **state) {
    (void)state;
    fault_clear(&why);
    assert_int_equal(tested_readers_built_in(&list, &why), SHK_OK);
    assert_true(list.n >= 14);
    assert_true(strcmp(list.date, "2026-11-01") > 0);
    for (size_t i = 0; i < list.n; i++) {
        const struct tested_reader *r = &list.at[i];
        assert_true(i == 0 || strcmp(list.at[i - 1].model, r->model) < 0);
        assert_sentence(r->note, true);
        assert_sentence(r->note_en, false);
        assert_string_not_equal(r->sure, "tried");
        assert_int_equal(r->usable, TESTED_UNKNOWN);
        assert_int_equal(r->official, TESTED_UNKNOWN);
        for (size_t k = 0; k < r->usb_n; k++) {
            assert_ptr_equal(tested_readers_find(&list, "", r->usb[k].vendor, r->usb[k].product),
                             r);
        }
        for (size_t k = 0; k < r->names_n; k++) {
            assert_ptr_equal(tested_readers_find(&list, r->names[k], 0, 0), r);
        }
    }
    const struct tested_reader *sony =
        tested_readers_find(&list, "SONY FeliCa Port/PaSoRi 4.0 0", 0, 0);
    assert_non_null(sony);
    assert_string_equal(sony->model, "Sony RC-S300");
    tested_readers_clear(&list);
}

static struct files_fake files;

static void a_file_is_read_through_the_seam(void **state) {
    (void)state;
    struct env env = {.files = &files_fake_ops, .files_self = &files};
    files_fake_init(&files, "/in");
    fault_clear(&why);
    assert_int_equal(tested_readers_load("/in/r.lua", &env, &list, &why), SHK_E_CONFIG_FILE);
    assert_string_equal(why.where, "r.lua");
    fault_clear(&why);
    files_fake_set(&files, "/in/r.lua",
                   "return { date = '2027-01-31', readers = { { " ROW " } } }");
    assert_int_equal(tested_readers_load("/in/r.lua", &env, &list, &why), SHK_OK);
    assert_string_equal(list.date, "2027-01-31");
    tested_readers_clear(&list);
    fault_clear(&why);
    files_fake_set(&files, "/in/r.lua", "return { date = '2027-01-31',\n x = 1 }");
    assert_int_equal(tested_readers_load("/in/r.lua", &env, &list, &why), SHK_E_CONFIG_VALUE);
    assert_string_equal(why.where, "r.lua:2 x");
    assert_int_equal(why.native, 2);
    files_fake_clear(&files);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_is_taken_with_everything_in_it),
        cmocka_unit_test(a_reader_is_found_by_its_numbers_before_its_name),
        cmocka_unit_test(mistakes_are_named_with_their_line),
        cmocka_unit_test(the_list_that_is_built_in),
        cmocka_unit_test(a_file_is_read_through_the_seam),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
