/* CSV documents byte for byte, and the limits of a field. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mapping_stage.h"

static void csv_has_quotes_only_where_needed(void **state) {
    (void)state;
    assert_int_equal(run_rows(CSV,
                              "{ to = 'A', value = 'a,b' }, { to = 'B', value = 'say \"x\"' },"
                              "{ to = 'C', value = 'two\\nlines' }, { to = 'D', from = 'name' },"
                              "{ to = 'E', from = 'symbol' }, { to = 'F', value = 7 }"),
                     SHK_OK);
    assert_body("\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",見本　太郎,,7\r\n");
    assert_int_equal(result->head.n, 0);
    assert_int_equal(result->fields_n, 6);
    assert_string_equal(result->fields[4].value, "");
    assert_string_equal(result->fields[3].to, "D");
}

static void csv_options_change_what_they_say(void **state) {
    (void)state;
    assert_int_equal(
        run_rows(("format = 'csv', encoding = 'utf-8-bom', newline = 'lf', header = true, quote = "
                  "'always', separator = '\\t'"),
                 "{ to = '氏名', from = 'name' }, { to = 'B', value = '' }"),
        SHK_OK);
    assert_body("\"見本　太郎\"\t\"\"\n");
    assert_string_equal(bytes_text(&result->head), "\xEF\xBB\xBF\"氏名\"\t\"B\"\n");
    assert_string_equal(result->encoding, "utf-8-bom");
    assert_string_equal(result->format, "csv");
    assert_string_equal(result->file_name, "a.csv");
}

static void values_are_not_altered_for_spreadsheets(void **state) {
    (void)state;
    assert_int_equal(run_rows(CSV,
                              "{ to = 'A', value = '=1+1' },"
                              "{ to = 'B', with = function() return text.csv_safe('=1') end }"),
                     SHK_OK);
    assert_body("=1+1,'=1\r\n");
}

static void cp932_is_written_in_cp932(void **state) {
    (void)state;
    assert_int_equal(run_rows(CP932 ", header = true", "{ to = '氏名', from = 'name_kana' },"
                                                       "{ to = 'B', value = '髙〜' }"),
                     SHK_OK);
    assert_string_equal(bytes_text(&result->head), "\x8E\x81\x96\xBC,B\r\n");
    assert_body("\xD0\xCE\xDD \xC0\xDB\xB3,\xFB\xFC\x81\x60\r\n");
    assert_string_equal(result->fields[0].value, "ﾐﾎﾝ ﾀﾛｳ");
}

static void a_character_that_the_target_lacks_stops(void **state) {
    (void)state;
    assert_fault(run_rows(CP932, "{ to = 'A', value = 'a' },\n{ to = 'B', value = '𠮷野' }"),
                 SHK_E_CHARACTER_LOST, "t.lua:4 B U+20BB7");
    assert_int_equal(run_rows(CSV, "{ to = 'B', value = '𠮷' }"), SHK_OK);
    assert_int_equal(run_rows(CP932 ", unmappable = 'geta'", "{ to = 'B', value = '𠮷é' }"),
                     SHK_OK);
    assert_int_equal(result->losses, 2);
    assert_body("\x81\xAC\x81\xAC\r\n");
    assert_fault(run_rows(CP932, "{ to = '𠮷', value = 'a' }"), SHK_E_SCRIPT_CONTRACT,
                 "t.lua:3 𠮷 to");
}

static void nul_is_refused(void **state) {
    (void)state;
    assert_fault(run_rows(CSV, "{ to = 'A', with = function() return 'a\\0b' end }"),
                 SHK_E_CHARACTER_LOST, "t.lua:3 A U+0000");
}

static void required_means_present_and_not_empty(void **state) {
    (void)state;
    assert_fault(run_rows(CSV, "{ to = 'A', from = 'symbol', required = true }"),
                 SHK_E_FIELD_REQUIRED, "t.lua:3 A");
    assert_fault(run_rows(CSV, "{ to = 'A', from = 'branch_number', required = true }"),
                 SHK_E_FIELD_REQUIRED, "t.lua:3 A");
    assert_int_equal(run_rows(CSV, "{ to = 'A', from = 'name', required = true }"), SHK_OK);
}

static void lengths_count_in_the_target_encoding(void **state) {
    (void)state;
    assert_int_equal(run_rows(CP932, "{ to = 'A', from = 'name', max_bytes = 10 }"), SHK_OK);
    assert_fault(run_rows(CP932, "{ to = 'A', from = 'name', max_bytes = 9 }"),
                 SHK_E_FIELD_TOO_LONG, "t.lua:3 A");
    assert_int_equal(run_rows(CSV, "{ to = 'A', from = 'name', max_bytes = 15 }"), SHK_OK);
    assert_int_equal(run_rows(CSV, "{ to = 'A', from = 'name', max_bytes = 14 }"),
                     SHK_E_FIELD_TOO_LONG);
    assert_int_equal(run_rows(CSV, "{ to = 'A', from = 'name', max_chars = 5 }"), SHK_OK);
    assert_int_equal(run_rows(CSV, "{ to = 'A', from = 'name', max_chars = 4 }"),
                     SHK_E_FIELD_TOO_LONG);
}

static void a_width_fills_up_and_never_cuts(void **state) {
    (void)state;
    assert_int_equal(run_rows(CP932,
                              "{ to = 'A', from = 'insurer_number', width = 8, pad = '0', align "
                              "= 'right' }, { to = 'B', from = 'symbol', width = 3 },"
                              "{ to = 'C', value = 'カ', width = 3 }"),
                     SHK_OK);
    assert_body("00990010,   ,\x83\x4A \r\n");
    assert_int_equal(run_rows(CP932, "{ to = 'C', value = 'カナ', width = 3 }"),
                     SHK_E_FIELD_TOO_LONG);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MAPPING_TEST(csv_has_quotes_only_where_needed),
        MAPPING_TEST(csv_options_change_what_they_say),
        MAPPING_TEST(values_are_not_altered_for_spreadsheets),
        MAPPING_TEST(cp932_is_written_in_cp932),
        MAPPING_TEST(a_character_that_the_target_lacks_stops),
        MAPPING_TEST(nul_is_refused),
        MAPPING_TEST(required_means_present_and_not_empty),
        MAPPING_TEST(lengths_count_in_the_target_encoding),
        MAPPING_TEST(a_width_fills_up_and_never_cuts),
    };
    return cmocka_run_group_tests_name("mapping_csv", tests, NULL, NULL);
}
