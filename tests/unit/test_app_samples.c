/* Whole copied texts and what must come of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app_stage.h"

static void t1_employee_of_the_first_year_of_heisei(void **state) {
    (void)state;
    assert_int_equal(app_take_file("t1.txt"), SHK_OK);
    assert_int_equal(record_count(app_set), 1);
    assert_int_equal(record_drift_count(app_set), 0);
    app_assert(1, "confirmation_date", "2024-12-10");
    app_assert(1, "insurer_number", "06990014");
    app_assert(1, "insurer_name", "見本健康保険組合");
    app_assert(1, "symbol", "７７");
    app_assert(1, "number", "８８");
    app_assert(1, "branch_number", "00");
    app_assert(1, "name_kana", "ミホン　タロウ");
    app_assert(1, "name", "見本　太郎");
    app_assert(1, "birth_date", "1989-02-03");
    app_assert(1, "sex", "male");
    app_assert(1, "card_class", "01");
    app_assert(1, "valid_from", "2020-04-01");
    app_assert(1, "valid_until", NULL);
    app_assert(1, "qualification_date", "2020-04-01");
    app_assert(1, "burden_percent", NULL);
    app_assert(1, "relation", "self");
    app_assert(1, "insured_name", "見本　太郎");
    app_assert(1, "name_other", NULL);
    app_assert(1, "sex_other", NULL);
    app_assert(1, "validity", NULL);
    assert_int_equal(record_outcome(app_set), OUTCOME_UNSTATED);
}

static void t2_family_with_a_second_name_and_the_clinic_s_number(void **state) {
    (void)state;
    assert_int_equal(app_take_file("t2.txt"), SHK_OK);
    assert_int_equal(record_count(app_set), 1);
    assert_int_equal(record_drift_count(app_set), 0);
    app_assert(1, "reference_number", "000123");
    app_assert(1, "insurer_number", "990010");
    app_assert(1, "symbol", "見・１２");
    app_assert(1, "birth_date", "1989-01-07");
    app_assert(1, "qualification_date", "2019-04-30");
    app_assert(1, "name", "見本　●子");
    app_assert(1, "name_other", "見本　髙子");
    app_assert(1, "name_other_kana", "ミホン　タカコ");
    app_assert(1, "sex", "unknown");
    app_assert(1, "sex_other", "female");
    app_assert(1, "relation", "family");
    app_assert(1, "derived.name_has_missing_character", "1");
}

static void t3_late_elderly_without_symbol_branch_and_relation(void **state) {
    (void)state;
    assert_int_equal(app_take_file("t3.txt"), SHK_OK);
    assert_int_equal(record_drift_count(app_set), 0);
    app_assert(1, "birth_date", "1926-03-04");
    app_assert(1, "insurer_number", "39990015");
    app_assert(1, "symbol", NULL);
    app_assert(1, "branch_number", NULL);
    app_assert(1, "number", "01234567");
    app_assert_number(1, "burden_percent", 10);
    app_assert(1, "relation", NULL);
    app_assert(1, "card_class", NULL);
}

static void t4_elderly_certificate_keeps_apart_from_the_card(void **state) {
    (void)state;
    assert_int_equal(app_take_file("t4.txt"), SHK_OK);
    assert_int_equal(record_drift_count(app_set), 0);
    app_assert(1, "valid_from", "2022-04-01");
    app_assert(1, "valid_until", NULL);
    app_assert(1, "burden_percent", NULL);
    app_assert(1, "elderly.valid_from", "2024-02-01");
    app_assert(1, "elderly.valid_until", "2029-01-31");
    app_assert_number(1, "elderly.burden_percent", 20);
}

static void t5_child_born_on_the_first_day_of_reiwa(void **state) {
    (void)state;
    assert_int_equal(app_take_file("t5.txt"), SHK_OK);
    assert_int_equal(record_drift_count(app_set), 0);
    app_assert(1, "preschool", "1");
    app_assert(1, "birth_date", "2019-05-01");
    app_assert(1, "valid_from", "2019-05-01");
    app_assert(1, "qualification_date", "2019-05-01");
}

static void t6_phone_with_colons_and_western_dates(void **state) {
    (void)state;
    assert_int_equal(app_take_file("t6.txt"), SHK_OK);
    assert_int_equal(record_drift_count(app_set), 0);
    app_assert(1, "confirmation_date", "2024-11-28");
    app_assert(1, "birth_date", "1988-12-09");
    app_assert(1, "valid_from", "2024-04-01");
    app_assert(1, "valid_until", "2025-03-31");
    app_assert(1, "limit.category", "A03");
    app_assert(1, "limit.certificate_class", NULL);
    app_assert(1, "limit.valid_from", "2024-08-01");
    app_assert(1, "limit.valid_until", "2025-07-31");
    app_assert(1, "name", "見本次郎");
    app_assert(1, "name_kana", "ミホンジロウ");
}

static void t7_medical_aid_is_a_record_of_its_own(void **state) {
    (void)state;
    assert_int_equal(app_take_file("t7.txt"), SHK_OK);
    assert_int_equal(record_count(app_set), 2);
    assert_int_equal(record_drift_count(app_set), 0);
    app_assert(1, "insurer_number", "06990014");
    app_assert(1, "number", "89");
    app_assert(1, "card_class", "01");
    app_assert(1, "qualification_date", "2020-04-01");
    app_assert(2, "insurer_number", "12990016");
    app_assert(2, "number", "1234567");
    app_assert(2, "card_class", "A1");
    app_assert(2, "qualification_date", "2025-09-01");
    app_assert(2, "name", "見本　四郎");
    app_assert(2, "confirmation_date", "2025-09-01");
    app_assert(2, "insurer_name", NULL);
    app_assert(2, "valid_from", NULL);
}

static void t8_second_name_and_sex_from_the_notes_to_be_considered(void **state) {
    (void)state;
    assert_int_equal(app_take_file("t8.txt"), SHK_OK);
    assert_int_equal(record_drift_count(app_set), 0);
    app_assert(1, "symbol", NULL);
    app_assert(1, "number", "00777");
    app_assert(1, "birth_date", "2000-02-29");
    app_assert(1, "name", "見本　凜");
    app_assert(1, "sex", "unknown");
    app_assert(1, "name_other", "見本　リン");
    app_assert(1, "name_other_kana", "ミホン　リン");
    app_assert(1, "sex_other", "female");
    app_assert(1, "card_class", "01");
}

static void t9_a_signal_of_another_program_is_no_text(void **state) {
    (void)state;
    size_t n;
    const char *text = app_file("t9a.txt", &n);
    assert_false(app_is_text(text, n, app_words));
    app_assert_refused(app_take_file("t9a.txt"), SHK_E_APP_TEXT, "");
}

static void t9_a_text_without_its_must_haves_is_refused(void **state) {
    (void)state;
    size_t n;
    const char *text = app_file("t9b.txt", &n);
    assert_true(app_is_text(text, n, app_words));
    app_assert_refused(app_take_file("t9b.txt"), SHK_E_APP_INCOMPLETE, "資格情報/確認日");
}

static void t9_impossible_dates_are_refused_with_line_and_key(void **state) {
    (void)state;
    app_assert_refused(app_take_file("t9c.txt"), SHK_E_APP_VALUE, "line 2 資格情報/確認日");
    const char *better = app_changed("t9c.txt", "6月31日", "6月30日");
    app_assert_refused(app_take_text(better), SHK_E_APP_VALUE, "line 6 資格情報/生年月日");
}

static void t9_a_wrong_check_digit_and_a_new_heading_are_no_refusal(void **state) {
    (void)state;
    char text[1024];
    const char *better = app_changed("t9c.txt", "6月31日", "6月30日");
    snprintf(text, sizeof text, "%s", better);
    char *birth = strstr(text, "昭和65年");
    assert_non_null(birth);
    memcpy(birth, "昭和60年", strlen("昭和60年"));
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "insurer_number", "06990015");
    app_assert(1, "valid_from", NULL);
    assert_int_equal(record_drift_count(app_set), 2);
    app_assert_drift(0, "新しい見出し", 7, "新しい見出し");
    app_assert_drift(1, "新しい見出し/有効開始日", 8, "令和1年4月1日");
}

static void each_must_have_is_asked_for(void **state) {
    (void)state;
    static const struct {
        const char *line, *where;
    } cases[] = {
        {"確認日 : \t令和6年12月10日\r\n", "資格情報/確認日"},
        {"保険者番号\t06990014\r\n", "資格情報/保険者番号"},
        {"\r\n番号\t８８\r\n", "資格情報/番号"},
        {"\r\n氏名\t見本　太郎\r\n", "資格情報/氏名"},
        {"生年月日\t平成元年2月3日\r\n", "資格情報/生年月日"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool leads = cases[i].line[0] == '\r';
        const char *text = app_changed("t1.txt", cases[i].line, leads ? "\r\n" : "");
        app_assert_refused(app_take_text(text), SHK_E_APP_INCOMPLETE, cases[i].where);
    }
    const char *empty = app_changed("t1.txt", "番号\t８８", "番号\t");
    app_assert_refused(app_take_text(empty), SHK_E_APP_INCOMPLETE, "line 6 資格情報/番号");
}

static void must_haves_of_medical_aid(void **state) {
    (void)state;
    const char *text =
        app_changed("t7.txt", "公費負担者番号\t12990016\r\n受給者番号\t1234567\r\n", "");
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(2, "insurer_number", NULL);
    app_assert(2, "card_class", "A1");
    static const char birth[] = "生年月日\t昭和50年10月10日\r\n性別\t男\r\n区分\t";
    text = app_changed("t7.txt", birth, "性別\t男\r\n区分\t");
    app_assert_refused(app_take_text(text), SHK_E_APP_INCOMPLETE, "資格情報(医療扶助)/生年月日");
}

static void medical_aid_alone_is_a_whole_text(void **state) {
    (void)state;
    assert_int_equal(app_take_text("資格情報(医療扶助)\n確認日 : \t令和7年9月1日\n"
                                   "公費負担者番号\t12990016\n氏名\t見本　四郎\n"
                                   "生年月日\t昭和50年10月10日\n"),
                     SHK_OK);
    assert_int_equal(record_count(app_set), 1);
    app_assert(1, "card_class", "A1");
    app_assert(1, "insurer_number", "12990016");
    app_assert(1, "confirmation_date", "2025-09-01");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, app_set_up, app_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(t1_employee_of_the_first_year_of_heisei),
        CASE(t2_family_with_a_second_name_and_the_clinic_s_number),
        CASE(t3_late_elderly_without_symbol_branch_and_relation),
        CASE(t4_elderly_certificate_keeps_apart_from_the_card),
        CASE(t5_child_born_on_the_first_day_of_reiwa),
        CASE(t6_phone_with_colons_and_western_dates),
        CASE(t7_medical_aid_is_a_record_of_its_own),
        CASE(t8_second_name_and_sex_from_the_notes_to_be_considered),
        CASE(t9_a_signal_of_another_program_is_no_text),
        CASE(t9_a_text_without_its_must_haves_is_refused),
        CASE(t9_impossible_dates_are_refused_with_line_and_key),
        CASE(t9_a_wrong_check_digit_and_a_new_heading_are_no_refusal),
        CASE(each_must_have_is_asked_for),
        CASE(must_haves_of_medical_aid),
        CASE(medical_aid_alone_is_a_whole_text),
    };
    return cmocka_run_group_tests_name("app_samples", tests, NULL, NULL);
}
