/* Characters that the target lacks: replaced by the script's word, reported, or the end of the run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mapping_stage.h"

#define NAME(text) "{ to = 'N', value = '" text "' }"

static void assert_loss(size_t i, const char *to, uint32_t code, uint32_t instead) {
    assert_true(i < result->loss_n);
    assert_string_equal(result->loss[i].to, to);
    assert_int_equal(result->loss[i].code, code);
    assert_int_equal(result->loss[i].instead, instead);
}

static void a_lacking_character_stops(void **state) {
    (void)state;
    assert_fault(run_rows(CP932, NAME("見本𠮷")), SHK_E_CHARACTER_LOST, "t.lua:3 N U+20BB7");
    assert_null(result);
    assert_int_equal(run_rows("format = 'csv', encoding = 'utf-8'", NAME("見本𠮷")), SHK_OK);
    assert_int_equal(result->losses, 0);
}

static void a_substitute_is_written_and_reported(void **state) {
    (void)state;
    assert_int_equal(
        run_rows(CP932 ", substitute = { ['𠮷'] = '吉', ['髙'] = '高' }", NAME("𠮷髙𠮷")), SHK_OK);
    /* 髙 exists in code page 932 and stays. */
    assert_body("\x8B\x67\xFB\xFC\x8B\x67\r\n");
    assert_string_equal(result->fields[0].value, "吉髙吉");
    assert_int_equal(result->losses, 2);
    assert_int_equal(result->loss_n, 2);
    assert_loss(0, "N", 0x20BB7, 0x5409);
}

static void a_repertoire_counts_more_as_lacking(void **state) {
    (void)state;
    assert_int_equal(run_rows(CP932 ", repertoire = 'jis-x-0208',"
                                    "substitute = { ['髙'] = '高' }",
                              NAME("髙橋")),
                     SHK_OK);
    assert_string_equal(result->fields[0].value, "高橋");
    assert_loss(0, "N", 0x9AD9, 0x9AD8);
    assert_fault(run_rows(CP932 ", repertoire = 'ascii'", NAME("a橋")), SHK_E_CHARACTER_LOST,
                 "t.lua:3 N U+6A4B");
}

static void geta_stands_for_what_has_no_substitute(void **state) {
    (void)state;
    assert_int_equal(
        run_rows(CP932 ", unmappable = 'geta', substitute = { ['𠮷'] = '吉' }", NAME("𠮷𩸽")),
        SHK_OK);
    assert_string_equal(result->fields[0].value, "吉〓");
    assert_loss(1, "N", 0x29E3D, 0x3013);
}

static void a_row_has_a_rule_of_its_own(void **state) {
    (void)state;
    assert_fault(run_rows(CP932 ", unmappable = 'geta'",
                          "{ to = 'A', value = '𩸽' },\n"
                          "{ to = 'N', value = '𩸽', unmappable = 'stop' }"),
                 SHK_E_CHARACTER_LOST, "t.lua:4 N U+29E3D");
    assert_int_equal(run_rows(CP932, "{ to = 'A', value = '𩸽', unmappable = 'geta' }"), SHK_OK);
    assert_string_equal(result->fields[0].value, "〓");
}

static void a_function_decides_by_field_and_character(void **state) {
    (void)state;
    static const char outer[] =
        CP932 ", unmappable = function(to, code)\n"
              "if to == 'A' then return '(' .. (code == '𩸽' and 'ホッケ' or '?') .. ')' end end";
    assert_int_equal(run_rows(outer, "{ to = 'A', value = '𩸽定食' }"), SHK_OK);
    assert_string_equal(result->fields[0].value, "(ホッケ)定食");
    assert_loss(0, "A", 0x29E3D, '(');
    assert_fault(run_rows(outer, "{ to = 'N', value = '𩸽' }"), SHK_E_CHARACTER_LOST,
                 "t.lua:4 N U+29E3D");
    assert_fault(
        run_rows(CP932 ", unmappable = function() return '𠮷' end", "{ to = 'N', value = '𩸽' }"),
        SHK_E_SCRIPT_RUN, "t.lua:3 N");
}

static void the_table_itself_is_checked(void **state) {
    (void)state;
    static const char *const bad[] = {
        "['吉'] = '𠮷'", "['ab'] = 'c'",     "['𠮷'] = 1",
        "[1] = 'a'",     "['𠮷'] = 'a\\0b'", "['𠮷'] = '12345678901234567'",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char outer[256];
        text_format(outer, sizeof outer, CP932 ", substitute = { %s }", bad[i]);
        assert_fault(run_rows(outer, NAME("a")), SHK_E_SCRIPT_CONTRACT, "t.lua:1 substitute");
    }
}

static void many_losses_are_counted_and_the_first_hundred_named(void **state) {
    (void)state;
    static char row[4096];
    size_t n = text_copy(row, sizeof row, "{ to = 'N', value = '");
    for (int i = 0; i < 150; i++) {
        n += text_copy(row + n, sizeof row - n, "𠮷");
    }
    (void)text_copy(row + n, sizeof row - n, "' }");
    assert_int_equal(run_rows(CP932 ", unmappable = 'geta'", row), SHK_OK);
    assert_int_equal(result->losses, 150);
    assert_int_equal(result->loss_n, MAPPING_LOSSES_MAX);
}

static void limits_count_what_is_written(void **state) {
    (void)state;
    assert_int_equal(run_rows(CP932 ", substitute = { ['𠮷'] = '吉田' }",
                              "{ to = 'N', value = '𠮷', max_bytes = 4, width = 6 }"),
                     SHK_OK);
    assert_string_equal(result->fields[0].value, "吉田  ");
    assert_fault(run_rows(CP932 ", substitute = { ['𠮷'] = '吉田' }",
                          "{ to = 'N', value = '𠮷', max_chars = 1 }"),
                 SHK_E_FIELD_TOO_LONG, "t.lua:3 N");
}

static void a_width_comes_out_or_stops(void **state) {
    (void)state;
    assert_fault(run_rows("format = 'fixed', encoding = 'iso-2022-jp'",
                          "{ to = 'N', value = '東', width = 24, pad = '　' }"),
                 SHK_E_FIELD_TOO_LONG, "t.lua:3 N");
    assert_fault(run_rows("format = 'text', encoding = 'cp932', separator = '€'", NAME("a")),
                 SHK_E_SCRIPT_CONTRACT, "t.lua:1 separator");
}

static void bytes_are_the_targets(void **state) {
    (void)state;
    static const struct {
        const char *encoding;
        int fits;
    } targets[] = {{"utf-8", 7}, {"cp932", 5}, {"euc-jp", 5}, {"iso-2022-jp", 0}};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        char outer[128], row[128];
        text_format(outer, sizeof outer, "format = 'csv', encoding = '%s'", targets[i].encoding);
        text_format(row, sizeof row, "{ to = 'N', value = '見本a', max_bytes = %d }",
                    targets[i].fits > 0 ? targets[i].fits : 11);
        assert_int_equal(run_rows(outer, row), SHK_OK);
    }
    assert_fault(run_rows("format = 'csv', encoding = 'iso-2022-jp'",
                          "{ to = 'N', value = '見本a', max_bytes = 10 }"),
                 SHK_E_FIELD_TOO_LONG, "t.lua:3 N");
    assert_int_equal(run_rows("format = 'csv', encoding = 'euc-jp'",
                              "{ to = 'N', value = 'ｱ見', max_bytes = 4 }"),
                     SHK_OK);
    assert_body("\x8E\xB1\xB8\xAB\r\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MAPPING_TEST(a_lacking_character_stops),
        MAPPING_TEST(a_substitute_is_written_and_reported),
        MAPPING_TEST(a_repertoire_counts_more_as_lacking),
        MAPPING_TEST(geta_stands_for_what_has_no_substitute),
        MAPPING_TEST(a_row_has_a_rule_of_its_own),
        MAPPING_TEST(a_function_decides_by_field_and_character),
        MAPPING_TEST(the_table_itself_is_checked),
        MAPPING_TEST(many_losses_are_counted_and_the_first_hundred_named),
        MAPPING_TEST(limits_count_what_is_written),
        MAPPING_TEST(a_width_comes_out_or_stops),
        MAPPING_TEST(bytes_are_the_targets),
    };
    return cmocka_run_group_tests_name("mapping_losses", tests, NULL, NULL);
}
