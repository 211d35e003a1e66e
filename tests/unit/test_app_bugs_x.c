/* The faults of other readers of this text (docs/app-text.md lists them by number): ours has none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app_stage.h"

#define BORN "平成元年2月3日"

static void assert_born(const char *text, const char *day) {
    assert_int_equal(app_take_text(app_changed("t1.txt", BORN, text)), SHK_OK);
    app_assert(1, "birth_date", day);
}

static void x01_taisho_and_meiji_dates(void **state) {
    (void)state;
    assert_born("大正15年3月4日", "1926-03-04");
    assert_born("明治44年12月31日", "1911-12-31");
}

static void x02_first_years_of_an_era(void **state) {
    (void)state;
    assert_born("平成元年2月3日\t", "1989-02-03");
    assert_born("令和元年5月1日", "2019-05-01");
    assert_born("昭和元年12月25日", "1926-12-25");
}

static void x03_western_dates_without_padding(void **state) {
    (void)state;
    assert_born("2024年4月1日", "2024-04-01");
    assert_born("2024/4/1", "2024-04-01");
    assert_born("2024-4-11", "2024-04-11");
}

static void x04_full_width_digits_and_spaces_in_dates(void **state) {
    (void)state;
    assert_born("平成１２年２月２９日", "2000-02-29");
    assert_born("昭和 50年 1月 5日", "1975-01-05");
}

static void x05_keys_with_empty_values(void **state) {
    (void)state;
    struct value value;
    assert_int_equal(app_take_file("t3.txt"), SHK_OK);
    assert_int_equal(record_value(app_set, 1, "symbol", 6, &value), SHK_OK);
    assert_int_equal(value.state, VALUE_EMPTY);
    assert_int_equal(record_value(app_set, 1, "address", 7, &value), SHK_OK);
    assert_int_equal(value.state, VALUE_ABSENT);
}

static void x06_certificate_of_the_elderly_is_a_section(void **state) {
    (void)state;
    assert_int_equal(app_take_file("t4.txt"), SHK_OK);
    app_assert(1, "valid_from", "2022-04-01");
    app_assert(1, "valid_until", NULL);
    app_assert(1, "burden_percent", NULL);
    app_assert(1, "elderly.valid_from", "2024-02-01");
    /* Also behind the back of the card. */
    const char *text = app_changed("t4.txt", "高齢受給者証",
                                   "裏面記載情報\r\n氏名\t見本　弐\r\n性別\t\r\n高齢受給者証");
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "name_other", "見本　弐");
    app_assert(1, "elderly.valid_until", "2029-01-31");
    assert_int_equal(record_drift_count(app_set), 0);
}

static void x07_medical_aid_behind_the_back_of_the_card(void **state) {
    (void)state;
    const char *text = app_changed("t7.txt", "区分\t医療扶助\r\n",
                                   "区分\t医療扶助\r\n保険者名\t見本福祉事務所\r\n");
    assert_int_equal(app_take_text(text), SHK_OK);
    assert_int_equal(record_count(app_set), 2);
    app_assert(1, "insurer_name", "見本健康保険組合");
    app_assert(1, "qualification_date", "2020-04-01");
    app_assert(1, "name_other", NULL);
    app_assert(2, "insurer_name", "見本福祉事務所");
    app_assert(2, "name", "見本　四郎");
    app_assert(2, "name_other", NULL);
}

static void x08_a_line_that_contains_a_heading_is_none(void **state) {
    (void)state;
    const char *text =
        app_changed("t1.txt", "保険者名\t見本健康保険組合",
                    "保険者名\t裏面記載情報 高齢受給者証\r\nお知らせ\t限度額適用認定証があります");
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "insurer_name", "裏面記載情報 高齢受給者証");
    app_assert(1, "name", "見本　太郎");
    assert_int_equal(record_drift_count(app_set), 1);
    app_assert_drift(0, "資格情報/お知らせ", 5, "限度額適用認定証があります");
    /* A line of its own is an unknown heading that ends the section. */
    static const char *const lines[] = {"裏面記載情報について\r\n氏名\t見本　弐",
                                        "裏面記載情報と要配慮の情報\r\n氏名\t見本　弐"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        text = app_changed("t1.txt", "裏面記載情報\r\n氏名\t", lines[i]);
        assert_int_equal(app_take_text(text), SHK_OK);
        app_assert(1, "name_other", NULL);
        app_assert(1, "name", "見本　太郎");
    }
}

static void x09_no_limit_certificate_from_nowhere(void **state) {
    (void)state;
    assert_int_equal(app_take_file("t1.txt"), SHK_OK);
    app_assert(1, "limit.category", NULL);
    app_assert(1, "limit.certificate_class", NULL);
    assert_int_equal(app_take_text(app_changed("t6.txt", "適用区分：ウ", "適用区分：")), SHK_OK);
    app_assert(1, "limit.category", NULL);
}

static void x10_no_validity_from_nowhere(void **state) {
    (void)state;
    assert_int_equal(app_take_file("t2.txt"), SHK_OK);
    app_assert(1, "validity", NULL);
    app_assert(1, "result_status", NULL);
    app_assert(1, "result_segment", NULL);
    assert_int_equal(record_outcome(app_set), OUTCOME_UNSTATED);
    /* Its dates end before the day it was confirmed for. */
    const char *text = app_changed("t2.txt", "令和7年7月31日", "令和7年3月31日");
    assert_int_equal(app_take_text(text), SHK_OK);
    assert_int_equal(record_outcome(app_set), OUTCOME_NOT_ELIGIBLE);
    text = app_changed("t2.txt", "負担割合\t", "資格喪失年月日\t令和7年4月1日");
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "disqualification_date", "2025-04-01");
    assert_int_equal(record_outcome(app_set), OUTCOME_NOT_ELIGIBLE);
    text = app_changed("t2.txt", "負担割合\t", "資格有効性\t無効");
    assert_int_equal(app_take_text(text), SHK_OK);
    assert_int_equal(record_outcome(app_set), OUTCOME_NOT_ELIGIBLE);
}

static void x11_no_sex_and_no_relation_by_default(void **state) {
    (void)state;
    static const struct {
        const char *from, *to, *path, *value;
    } cases[] = {
        {"性別\t男", "性別\t女", "sex", "female"},
        {"性別\t男", "性別\t未設定", "sex", "unknown"},
        {"性別\t男", "性別\t", "sex", NULL},
        {"性別\t男\r\n", "", "sex", NULL},
        {"性別\t男", "性別\tその他", "sex", NULL},
        {"の別\t本人", "の別\t家族", "relation", "family"},
        {"の別\t本人", "の別\t", "relation", NULL},
        {"の別\t本人", "の別\t同居人", "relation", NULL},
        {"本人・家族の別\t本人\r\n", "", "relation", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(app_take_text(app_changed("t1.txt", cases[i].from, cases[i].to)), SHK_OK);
        app_assert(1, cases[i].path, cases[i].value);
    }
    assert_int_equal(app_take_text(app_changed("t1.txt", "性別\t男", "性別\tその他")), SHK_OK);
    app_assert_drift(0, "資格情報/性別", 11, "その他");
}

static void x12_nothing_that_is_known_is_left_out(void **state) {
    (void)state;
    assert_int_equal(app_take_file("t4.txt"), SHK_OK);
    app_assert(1, "card_class", "01");
    app_assert_number(1, "elderly.burden_percent", 20);
    assert_int_equal(app_take_file("t5.txt"), SHK_OK);
    app_assert(1, "preschool", "1");
    assert_int_equal(app_take_file("t3.txt"), SHK_OK);
    app_assert_number(1, "burden_percent", 10);
    assert_int_equal(app_take_file("t2.txt"), SHK_OK);
    app_assert(1, "reference_number", "000123");
    app_assert(1, "name_other_kana", "ミホン　タカコ");
    app_assert(1, "sex_other", "female");
}

static void x13_kana_and_padding_are_made_beside_the_source(void **state) {
    (void)state;
    assert_int_equal(app_take_file("t2.txt"), SHK_OK);
    app_assert(1, "name_kana", "ミホン　タカコ");
    app_assert(1, "insurer_number", "990010");
    app_assert(1, "derived.insurer_number_8", "00990010");
    assert_int_equal(
        app_take_text(app_changed("t2.txt", "フリガナ\tミホン　タカコ", "フリガナ\tﾐﾎﾝ ﾀｶｺ")),
        SHK_OK);
    app_assert(1, "name_kana", "ﾐﾎﾝ ﾀｶｺ");
}

static void x14_no_constant_file_identifier(void **state) {
    (void)state;
    assert_int_equal(app_take_file("t1.txt"), SHK_OK);
    app_assert(1, "file_identifier", NULL);
    app_assert(1, "arbitrary_identifier", NULL);
}

static void x16_no_date_of_today(void **state) {
    (void)state;
    const char *text = app_changed("t1.txt", "確認日 : \t令和6年12月10日\r\n", "");
    app_assert_refused(app_take_text(text), SHK_E_APP_INCOMPLETE, "資格情報/確認日");
    text = app_changed("t1.txt", "確認日 : \t令和6年12月10日", "確認日 : \t");
    app_assert_refused(app_take_text(text), SHK_E_APP_INCOMPLETE, "line 2 資格情報/確認日");
    text = app_changed("t1.txt", "確認日 : \t令和6年12月10日", "確認日 : \t本日");
    app_assert_refused(app_take_text(text), SHK_E_APP_UNREAD, "line 2 資格情報/確認日");
}

static void x17_signs_of_html_stay(void **state) {
    (void)state;
    static const char name[] = "<b>見本</b> & <script>太郎&amp;";
    char text[256];
    snprintf(text, sizeof text, "\r\n氏名\t%s", name);
    assert_int_equal(app_take_text(app_changed("t1.txt", "\r\n氏名\t見本　太郎", text)), SHK_OK);
    app_assert(1, "name", name);
}

static void x18_characters_outside_shift_jis_stay(void **state) {
    (void)state;
    assert_int_equal(app_take_text(app_changed("t1.txt", "見本　太郎", "見本　𠮷﨑髙凜")), SHK_OK);
    app_assert(1, "name", "見本　𠮷﨑髙凜");
}

static void x19_a_colon_inside_a_value_stays(void **state) {
    (void)state;
    assert_int_equal(app_take_text(app_changed("t1.txt", "見本健康保険組合", "見本:健保：本部")),
                     SHK_OK);
    app_assert(1, "insurer_name", "見本:健保：本部");
    assert_int_equal(app_take_text(app_changed("t6.txt", "見本協会", "見本：協会: 本部")), SHK_OK);
    app_assert(1, "insurer_name", "見本：協会: 本部");
}

static void x21_the_notes_to_be_considered_are_a_section(void **state) {
    (void)state;
    assert_int_equal(app_take_file("t8.txt"), SHK_OK);
    app_assert(1, "name", "見本　凜");
    app_assert(1, "sex", "unknown");
    app_assert(1, "name_other", "見本　リン");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, app_set_up, app_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(x01_taisho_and_meiji_dates),
        CASE(x02_first_years_of_an_era),
        CASE(x03_western_dates_without_padding),
        CASE(x04_full_width_digits_and_spaces_in_dates),
        CASE(x05_keys_with_empty_values),
        CASE(x06_certificate_of_the_elderly_is_a_section),
        CASE(x07_medical_aid_behind_the_back_of_the_card),
        CASE(x08_a_line_that_contains_a_heading_is_none),
        CASE(x09_no_limit_certificate_from_nowhere),
        CASE(x10_no_validity_from_nowhere),
        CASE(x11_no_sex_and_no_relation_by_default),
        CASE(x12_nothing_that_is_known_is_left_out),
        CASE(x13_kana_and_padding_are_made_beside_the_source),
        CASE(x14_no_constant_file_identifier),
        CASE(x16_no_date_of_today),
        CASE(x17_signs_of_html_stay),
        CASE(x18_characters_outside_shift_jis_stay),
        CASE(x19_a_colon_inside_a_value_stays),
        CASE(x21_the_notes_to_be_considered_are_a_section),
    };
    return cmocka_run_group_tests_name("app_bugs_x", tests, NULL, NULL);
}
