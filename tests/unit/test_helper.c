/* The helpers as C calls them for a row's `as`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "helper.h"
#include "shikaku/codes.h"

static struct bytes out;

static struct word word(const char *text) {
    return (struct word){text, text != NULL ? strlen(text) : 0};
}

/* "name" or "name:argument", as a row has it. */
static int32_t run(const char *as, const char *value) {
    const char *colon = strchr(as, ':');
    size_t n = colon != NULL ? (size_t)(colon - as) : strlen(as);
    const struct helper *helper = helper_find(as, n);
    struct word argument = word(colon != NULL ? colon + 1 : NULL);
    assert_non_null(helper);
    assert_true(colon == NULL ? helper->takes != HELPER_NEEDS : helper->takes != HELPER_PLAIN);
    assert_true(colon == NULL || helper->argument_usable(argument));
    out.n = 0;
    return helper->run(word(value), argument, NULL, &out);
}

static void assert_gives(const char *as, const char *value, const char *expected) {
    int32_t rc = run(as, value);
    if (rc != (expected != NULL ? SHK_OK : SHK_E_ABSENT)) {
        fail_msg("%s of %s: %d", as, value, (int)rc);
    }
    if (expected != NULL) {
        assert_int_equal(out.n, strlen(expected));
        assert_memory_equal(bytes_text(&out), expected, out.n);
    }
}

static void assert_misfit(const char *as, const char *value) {
    if (run(as, value) != SHK_E_VALUE) {
        fail_msg("%s of %s", as, value);
    }
}

static void every_documented_form_of_as_is_true(void **state) {
    (void)state;
#define AS(as, value, result) assert_gives(as, value, result);
#include "helpers.def"
}

static void the_table_says_what_each_takes(void **state) {
    (void)state;
    for (size_t i = 0; i < helper_count(); i++) {
        const struct helper *helper = helper_at(i);
        assert_ptr_equal(helper_find(helper->name, strlen(helper->name)), helper);
        assert_true((helper->takes == HELPER_PLAIN) == (helper->argument_usable == NULL));
        assert_true(helper->japanese[0] != '\0' && helper->english[0] != '\0');
        if (helper->argument_usable != NULL) {
            assert_false(helper->argument_usable(word("")));
            assert_false(helper->argument_usable(word("\n")));
            assert_false(helper->argument_usable((struct word){"\0", 1}));
        }
    }
    assert_null(helper_at(helper_count()));
    assert_null(helper_find("wid", 3));
    assert_null(helper_find("wide ", 5));
    assert_non_null(helper_find("wide:x", 4));
}

static void empty_stays_empty_or_absent(void **state) {
    (void)state;
    static const char *const absent[] = {"sex12",      "relation12", "relation26",
                                         "relation15", "branch2",    NULL};
    for (size_t i = 0; i < helper_count(); i++) {
        const struct helper *helper = helper_at(i);
        const char *argument = helper->takes == HELPER_NEEDS ? "8" : NULL;
        bool is_absent = false;
        for (size_t k = 0; absent[k] != NULL; k++) {
            is_absent = is_absent || strcmp(absent[k], helper->name) == 0;
        }
        out.n = 0;
        int32_t rc = helper->run(word(""), word(argument), NULL, &out);
        assert_int_equal(rc, is_absent ? SHK_E_ABSENT : SHK_OK);
        bool filled = strncmp(helper->name, "pad", 3) == 0;
        assert_int_equal(out.n, filled ? 8 : 0);
    }
}

static void unusable_arguments_are_known_before_any_value(void **state) {
    (void)state;
    static const char *const bad[][2] = {
        {"date", "yyyy"},      {"date", "YY"},        {"date", "G"},    {"date", "MMM"},
        {"wareki", "GGG"},     {"wareki", "Q"},       {"hyphen", "--"}, {"insurer", "7"},
        {"insurer", "BARE"},   {"insurer", "zero "},  {"pad", "x"},     {"pad", "-1"},
        {"pad", "1001"},       {"pad", "8,"},         {"pad", "8,ab"},  {"pad", "8,0,up"},
        {"pad", "8,0,right,"}, {"pad", "8;0"},        {"pad", "8,0,"},  {"pad", "99999999999"},
        {"pad", ",0"},         {"pad_chars", "8,\t"}, {"cut", "0"},     {"cut", "65536"},
        {"cut", "2x"},         {"cut", "-1"},         {"cut", "3,4"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const struct helper *helper = helper_find(bad[i][0], strlen(bad[i][0]));
        if (helper->argument_usable(word(bad[i][1]))) {
            fail_msg("%s:%s", bad[i][0], bad[i][1]);
        }
        out.n = 0;
        assert_int_equal(helper->run(word("2019-05-01"), word(bad[i][1]), NULL, &out) == SHK_OK,
                         strcmp(bad[i][0], "hyphen") == 0);
    }
    assert_false(helper_find("date", 4)->argument_usable(
        word("YYYY年YYYY年YYYY年YYYY年YYYY年YYYY年YYYY年YYYY年YYYY年YYYY年")));
    assert_true(helper_find("date", 4)->argument_usable(word("YYYY年MM月DD日 hh時mm分ss秒")));
    assert_true(helper_find("pad", 3)->argument_usable(word("8,,,right")));
    assert_true(helper_find("pad", 3)->argument_usable(word("0")));
}

static void pad_reads_its_argument(void **state) {
    (void)state;
    assert_gives("pad:5,*", "ab", "ab***");
    assert_gives("pad:5,*,left", "ab", "ab***");
    assert_gives("pad:5,*,right", "ab", "***ab");
    assert_gives("pad:5,,right", "ab", "   ab");
    assert_gives("pad:5,,,right", "ab", ",,,ab");
    assert_gives("pad:5,,", "ab", "ab,,,");
    assert_gives("pad:2", "abc", "abc");
    assert_gives("pad:0", "abc", "abc");
    assert_gives("pad:8,　", "見", "見　");
    assert_gives("pad:9,　,right", "見", "　　見");
    assert_gives("pad_chars:3,　,right", "見", "　　見");
    assert_int_equal(run("pad:1000", ""), SHK_OK);
    assert_int_equal(out.n, 1000);
}

static void cutting_leaves_whole_letters(void **state) {
    (void)state;
    assert_gives("cut:1", "ｶﾞｷ", "");
    assert_gives("cut:2", "ｶﾞｷ", "ｶﾞ");
    assert_gives("cut:3", "ｶﾞｷ", "ｶﾞｷ");
    assert_gives("cut:1", "か\u3099", "");
    assert_gives("cut:2", "𠮷野家", "𠮷野");
    assert_gives("cut:1", "神\xEF\xB8\x80社", "");
    assert_gives("cut:65535", "見本", "見本");
}

static void hyphens_become_one(void **state) {
    (void)state;
    assert_gives("hyphen", "1-2－3−4‐5‑6‒7–8—9―10─11﹣12", "1-2-3-4-5-6-7-8-9-10-11-12");
    assert_gives("hyphen", "1ー2", "1-2");
    assert_gives("hyphen", "１ｰ２", "１-２");
    assert_gives("hyphen", "Aー１", "A-１");
    assert_gives("hyphen", "コーポ1ー2", "コーポ1-2");
    assert_gives("hyphen", "ｺｰﾎﾟ1", "ｺｰﾎﾟ1");
    assert_gives("hyphen", "タワー1", "タワー1");
    assert_gives("hyphen", "1ータワー", "1ータワー");
    assert_gives("hyphen", "1ー", "1ー");
    assert_gives("hyphen", "ー1", "ー1");
    assert_gives("hyphen:－", "1-2", "1－2");
}

static void combining_marks_join(void **state) {
    (void)state;
    assert_gives("kana_full", "ハ\u309Aカ\u3099", "パガ");
    assert_gives("kana_half", "ハ\u309Aか\u3099", "ﾊﾟｶﾞ");
    assert_gives("narrow", "か\u3099カ\u3099", "がｶﾞ");
    assert_gives("wide", "ｶ\u3099カﾞ", "ガガ");
    assert_gives("digits", "か\u3099１", "か\u30991");
    assert_gives("kana_full", "ﾊﾟﾞ", "パ゛");
}

static void case_is_that_of_ascii(void **state) {
    (void)state;
    assert_gives("upper", "azAZ09ａé", "AZAZ09ａé");
    assert_gives("lower", "azAZ09ＡÉ", "azaz09ＡÉ");
}

static void names_part_at_the_first_space(void **state) {
    (void)state;
    assert_gives("family", "　見本 　太郎　二 ", "見本");
    assert_gives("given", "　見本 　太郎　二 ", "太郎　二");
    assert_gives("family", "見本", "見本");
    assert_gives("given", "見本", "");
    assert_gives("family", "  ", "");
    assert_gives("trim", "", "");
    assert_gives("trim", " 　 ", "");
}

static void formulas_are_recognised(void **state) {
    (void)state;
    assert_gives("csv_safe", "＝1", "'＝1");
    assert_gives("csv_safe", "\t1", "'\t1");
    assert_gives("csv_safe", "-1", "'-1");
    assert_gives("csv_safe", "1=", "1=");
    assert_gives("file_safe", "a\nb:c", "a_b_c");
}

static void insurer_numbers_have_all_forms(void **state) {
    (void)state;
    assert_gives("insurer:bare", "06990014", "06990014");
    assert_gives("insurer:bare", "　９９００１０ ", "990010");
    assert_gives("insurer:bare", "00990010", "990010");
    assert_gives("insurer:8", "990010", "00990010");
    assert_gives("insurer:zero", "  990010", "00990010");
    assert_gives("insurer:zero", "12345", "00012345");
    assert_gives("insurer:space", "990010", "  990010");
    assert_gives("insurer:space", "06990014", "06990014");
    assert_gives("insurer:space", "00990010", "  990010");
    assert_gives("insurer:6", "  990010", "990010");
    assert_gives("insurer:6", "39990015", NULL);
    assert_gives("insurer:6", "67990010", NULL);
    assert_gives("insurer:8", "        ", "");
    assert_misfit("insurer:8", "123456789");
    assert_misfit("insurer:bare", "０６-990014");
    assert_misfit("insurer:6", "99001A");
}

/* The numbers of the receipt programs' rule that are known to be right and wrong. */
static void check_digits_are_computed(void **state) {
    (void)state;
    static const char *const right[] = {
        "01990019", "06990014", "31990013", "39990015", "63990014", "67990010", "990010",
        "993006",   "12991014", "21991013", "54991013", "19991017", "1234566",  "0000018",
        "7654320",  "9999996",  "33120015", "138057",   "10131142", "39322011", "06139463",
        "39101233", "01010016", "01130012", "01470012", "  990010", "00990010", "１３８０５７"};
    static const char *const wrong[] = {"06990015", "990011",   "12991015",  "1234567",  "00012345",
                                        "12345678", "06012345", "67012345",  "12123456", "67999991",
                                        "A",        "12",       "123456789", "0699-0014"};
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        assert_gives("check_digit", right[i], "1");
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_gives("check_digit", wrong[i], "0");
    }
    assert_gives("check_digit", "1234", NULL);
    assert_gives("check_digit", "", "");
}

static void the_law_is_in_eight_digits(void **state) {
    (void)state;
    assert_gives("law_number", "12991014", "12");
    assert_gives("law_number", "０６９９００１４", "06");
    assert_gives("law_number", "990010", NULL);
    assert_gives("law_number", "  990010", NULL);
    assert_gives("law_number", "00990010", NULL);
    assert_gives("law_number", "1234", NULL);
    assert_misfit("law_number", "見本");
}

static void symbols_have_one_mode(void **state) {
    (void)state;
    assert_gives("one_mode", "A1 b2", "A1b2");
    assert_gives("one_mode", "あいう 12", "あいう１２");
    assert_gives("one_mode", "12・3", "１２・３");
    assert_gives("one_mode", "ｱ1", "ア１");
    assert_gives("one_mode", "１８７", "１８７");
    assert_gives("one_mode", "1　2", "12");
    assert_gives("one_mode", "　", "");
    assert_gives("wide_plain", " 1　ｶﾞ 2\u00A0", "１ガ２");
    assert_gives("wide_plain", "見\u2003本", "見本");
}

static void a_missing_branch_is_never_00(void **state) {
    (void)state;
    assert_gives("branch2", "1", "01");
    assert_gives("branch2", "０１", "01");
    assert_gives("branch2", "00", "00");
    assert_gives("branch2", " ", NULL);
    assert_gives("branch2", "", NULL);
    assert_misfit("branch2", "001");
    assert_misfit("branch2", "A1");
}

static void codes_are_the_hosts_own(void **state) {
    (void)state;
    assert_gives("sex12", "male", "1");
    assert_gives("sex12", "female", "2");
    assert_gives("sex12", "other", NULL);
    assert_gives("sex12", "mal", NULL);
    assert_gives("relation12", "self", "1");
    assert_gives("relation12", "family", "2");
    assert_gives("relation26", "self", "2");
    assert_gives("relation26", "family", "6");
    assert_gives("relation15", "self", "1");
    assert_gives("relation15", "family", "5");
    assert_gives("relation15", "3", NULL);
}

static void postal_codes_have_seven_digits(void **state) {
    (void)state;
    assert_gives("postal7", "999-1234", "9991234");
    assert_gives("postal7", "〒９９９－１２３４", "9991234");
    assert_gives("postal7", " 999 1234 ", "9991234");
    assert_gives("postal_hyphen", "9991234", "999-1234");
    assert_gives("postal_hyphen", "〒 999‐1234", "999-1234");
    assert_gives("postal7", "　", "");
    assert_misfit("postal7", "99-91234");
    assert_misfit("postal7", "999--1234");
    assert_misfit("postal7", "999123");
    assert_misfit("postal7", "99912345");
    assert_misfit("postal7", "〒");
    assert_misfit("postal_hyphen", "999-123A");
}

static void ratios_are_tenths_or_percent(void **state) {
    (void)state;
    assert_gives("tenths", "20", "2");
    assert_gives("tenths", "030", "3");
    assert_gives("tenths", "0", "0");
    assert_gives("tenths", "100", "10");
    assert_gives("benefit_tenths", "20", "8");
    assert_gives("benefit_tenths", "0", "10");
    assert_gives("benefit_percent3", "20", "080");
    assert_gives("benefit_percent3", "0", "100");
    assert_gives("benefit_percent3", "100", "000");
    assert_gives("benefit_percent3", "25", "075");
    assert_misfit("tenths", "25");
    assert_misfit("tenths", "110");
    assert_misfit("tenths", "-10");
    assert_misfit("tenths", "２割");
    assert_misfit("benefit_tenths", "1000");
}

static void repertoires_are_tested(void **state) {
    (void)state;
    assert_gives("jisx0208", "亜熙々ヴА╂ａ 1", "1");
    assert_gives("jisx0208", "〜－", "1");
    assert_gives("jisx0208", "①", "0");
    assert_gives("jisx0208", "㈱", "0");
    assert_gives("jisx0208", "﨑", "0");
    assert_gives("jisx0208", "𠮷", "0");
    assert_gives("jisx0208", "ｱ", "0");
    assert_gives("jisx0208", "ｱｲ", "0");
    assert_gives("cp932", "①㈱﨑髙ｱ", "1");
    assert_gives("cp932", "鷗", "0");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_documented_form_of_as_is_true),
        cmocka_unit_test(the_table_says_what_each_takes),
        cmocka_unit_test(empty_stays_empty_or_absent),
        cmocka_unit_test(unusable_arguments_are_known_before_any_value),
        cmocka_unit_test(pad_reads_its_argument),
        cmocka_unit_test(cutting_leaves_whole_letters),
        cmocka_unit_test(hyphens_become_one),
        cmocka_unit_test(combining_marks_join),
        cmocka_unit_test(case_is_that_of_ascii),
        cmocka_unit_test(names_part_at_the_first_space),
        cmocka_unit_test(formulas_are_recognised),
        cmocka_unit_test(insurer_numbers_have_all_forms),
        cmocka_unit_test(check_digits_are_computed),
        cmocka_unit_test(the_law_is_in_eight_digits),
        cmocka_unit_test(symbols_have_one_mode),
        cmocka_unit_test(a_missing_branch_is_never_00),
        cmocka_unit_test(codes_are_the_hosts_own),
        cmocka_unit_test(postal_codes_have_seven_digits),
        cmocka_unit_test(ratios_are_tenths_or_percent),
        cmocka_unit_test(repertoires_are_tested),
    };
    int failed = cmocka_run_group_tests_name("helper", tests, NULL, NULL);
    bytes_clear(&out);
    return failed;
}
