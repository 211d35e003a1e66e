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

static void g01_headings_with_spaces_and_new_ones(void **state) {
    (void)state;
    const char *text =
        app_changed("t8.txt", "資格情報(医療保険)\r\n", "資格情報(医療保険) 　\t\r\n");
    assert_int_equal(app_take_text(text), SHK_OK);
    assert_int_equal(record_drift_count(app_set), 0);
    text = app_changed("t8.txt", "要配慮情報（備考）",
                       "新しい証明書\r\n有効開始日\t令和7年1月1日\r\n"
                       "要配慮情報（備考）");
    assert_int_equal(app_take_text(text), SHK_OK);
    assert_int_equal(record_drift_count(app_set), 2);
    app_assert_drift(1, "新しい証明書/有効開始日", 20, "令和7年1月1日");
    app_assert(1, "valid_from", "2025-08-01");
    app_assert(1, "name_other", "見本　リン");
}

static void g02_the_day_of_confirmation_in_any_spacing(void **state) {
    (void)state;
    static const char *const keys[] = {"確認日:\t", "確認日\t", "確認日 ：\t", "確認日　:　\t",
                                       "確認日 : "};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        assert_int_equal(app_take_text(app_changed("t1.txt", "確認日 : \t", keys[i])), SHK_OK);
        app_assert(1, "confirmation_date", "2024-12-10");
    }
}

static void g03_an_unknown_heading_ends_the_section(void **state) {
    (void)state;
    const char *text = app_changed("t6.txt", "限度額適用認定証",
                                   "新しい証\n有効開始日：令和1年5月1日\n氏名：見本弐");
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "valid_from", "2024-04-01");
    app_assert(1, "name", "見本次郎");
    app_assert(1, "limit.category", NULL);
    app_assert_drift(0, "新しい証", 17, "新しい証");
    app_assert_drift(1, "新しい証/有効開始日", 18, "令和1年5月1日");
    app_assert_drift(2, "新しい証/氏名", 19, "見本弐");
}

static void g04_more_keys_in_a_section_do_not_stop_the_import(void **state) {
    (void)state;
    const char *text =
        app_changed("t7.txt", "区分\t医療扶助\r\n",
                    "区分\t医療扶助\r\n有効開始日\t令和7年9月1日\r\n負担割合\t0割\r\n");
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "valid_from", "2020-04-01");
    app_assert(2, "valid_from", "2025-09-01");
    app_assert_number(2, "burden_percent", 0);
    text = app_changed("t8.txt", "要配慮情報（備考）\r\n",
                       "要配慮情報（備考）\r\n有効開始日\t令和7年9月1日\r\n");
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "valid_from", "2025-08-01");
    app_assert_drift(0, "要配慮情報(備考)/有効開始日", 20, "令和7年9月1日");
}

static void g05_medical_aid_overwrites_nothing(void **state) {
    (void)state;
    static const char more[] = "区分\t医療扶助\r\n保険者番号\t12990016\r\n保険者名\t見本福祉\r\n"
                               "記号\t扶\r\n番号\t1\r\n枝番\t09\r\n本人・家族の別\t家族\r\n"
                               "被保険者氏名\t見本　五郎\r\n";
    const char *text =
        app_changed("t7.txt", "公費負担者番号\t12990016\r\n受給者番号\t1234567\r\n", "");
    char changed[2048];
    const char *at = strstr(text, "区分\t医療扶助\r\n");
    assert_non_null(at);
    snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - text), text, more,
             at + strlen("区分\t医療扶助\r\n"));
    assert_int_equal(app_take_text(changed), SHK_OK);
    app_assert(1, "insurer_number", "06990014");
    app_assert(1, "insurer_name", "見本健康保険組合");
    app_assert(1, "symbol", "77");
    app_assert(1, "number", "89");
    app_assert(1, "branch_number", "00");
    app_assert(1, "relation", "self");
    app_assert(1, "insured_name", "見本　四郎");
    app_assert(2, "insurer_number", "12990016");
    app_assert(2, "number", "1");
    app_assert(2, "insured_name", "見本　五郎");
}

static void g06_medical_aid_alone_has_its_person(void **state) {
    (void)state;
    assert_int_equal(app_take_text("資格情報(医療扶助)\r\n確認日 : \t令和7年9月1日\r\n"
                                   "受給者番号\t1234566\r\n氏名\t見本　四郎\r\n"
                                   "生年月日\t昭和50年10月10日\r\n性別\t男\r\n"),
                     SHK_OK);
    assert_int_equal(record_count(app_set), 1);
    app_assert(1, "name", "見本　四郎");
    app_assert(1, "birth_date", "1975-10-10");
    app_assert(1, "sex", "male");
    app_assert(1, "number", "1234566");
}

static void g07_second_name_and_sex_are_kept(void **state) {
    (void)state;
    assert_int_equal(app_take_file("t8.txt"), SHK_OK);
    app_assert(1, "name_other", "見本　リン");
    app_assert(1, "sex_other", "female");
    /* An empty back of the card before it erases nothing, whichever comes first. */
    static const char back[] = "裏面記載情報\r\n氏名\t\r\n氏名カナ\t\r\n性別\t\r\n";
    char text[512];
    snprintf(text, sizeof text, "%s要配慮情報（備考）", back);
    assert_int_equal(app_take_text(app_changed("t8.txt", "要配慮情報（備考）", text)), SHK_OK);
    app_assert(1, "name_other", "見本　リン");
    snprintf(text, sizeof text, "性別\t女\r\n%s", back);
    assert_int_equal(app_take_text(app_changed("t8.txt", "性別\t女\r\n", text)), SHK_OK);
    app_assert(1, "name_other", "見本　リン");
    app_assert(1, "sex_other", "female");
}

static void g08_an_address_is_an_item_like_others(void **state) {
    (void)state;
    const char *text = app_changed("t1.txt", "負担割合\t", "住所\t見本県見本市１－２");
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "address", "見本県見本市１－２");
    text = app_changed("t1.txt", "負担割合\t", "送付先住所\t見本県見本市１－２");
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "address", NULL);
    app_assert_drift(0, "資格情報/送付先住所", 16, "見本県見本市１－２");
}

static void g09_validity_and_postal_code_have_a_place(void **state) {
    (void)state;
    const char *text =
        app_changed("t1.txt", "負担割合\t", "資格有効性\t有効\r\n郵便番号\t999-0000");
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "validity", "1");
    app_assert(1, "postal_code", "999-0000");
}

static void g10_an_emptier_copy_erases_nothing(void **state) {
    (void)state;
    size_t n;
    char text[4096];
    const char *first = app_file("t4.txt", &n);
    snprintf(text, sizeof text, "%s資格情報(医療保険)\r\n氏名\t\r\n番号\t\r\n生年月日\t\r\n",
             first);
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "name", "見本　一郎");
    app_assert(1, "number", "12");
    /* One that says something else is refused. */
    snprintf(text, sizeof text, "%s資格情報(医療保険)\r\n番号\t13\r\n", app_file("t4.txt", &n));
    assert_int_equal(app_take_text(text), SHK_E_APP_CONTRADICTION);
    assert_string_equal(app_why.where, "line 24 資格情報/番号");
}

static void g11_a_quote_is_a_character(void **state) {
    (void)state;
    static const char symbol[] = "見'\"\\;--%s${x}";
    char text[256];
    snprintf(text, sizeof text, "\r\n記号\t%s", symbol);
    assert_int_equal(app_take_text(app_changed("t1.txt", "\r\n記号\t７７", text)), SHK_OK);
    app_assert(1, "symbol", symbol);
}

static void g14_a_text_that_only_begins_alike_is_left_alone(void **state) {
    (void)state;
    static const char *const others[] = {
        "資格情報のお知らせ\n氏名\t見本　太郎\n",
        "資格情報一覧\n",
        "資格情報⇥見本",
        "資格情報 : 見本　太郎",
        "資格情報\tEND",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_false(app_is_text(others[i], strlen(others[i]), app_words));
        assert_int_equal(app_take_text(others[i]), SHK_E_APP_TEXT);
    }
    /* One that begins the same must also hold the items of the app. */
    assert_int_equal(app_take_text("資格情報\n会議の記録です。\n出席者：見本\n"),
                     SHK_E_APP_INCOMPLETE);
}

static void g15_check_digits_dates_and_widths_are_looked_at(void **state) {
    (void)state;
    assert_int_equal(app_take_file("t1.txt"), SHK_OK);
    app_assert(1, "derived.insurer_check_digit", "ok");
    assert_int_equal(app_take_text(app_changed("t1.txt", "06990014", "06990015")), SHK_OK);
    app_assert(1, "derived.insurer_check_digit", "wrong");
    assert_int_equal(app_take_text(app_changed("t1.txt", "06990014", "０６９９００１４")), SHK_OK);
    app_assert(1, "insurer_number", "06990014");
    app_assert(1, "derived.insurer_check_digit", "ok");
    const char *text = app_changed("t1.txt", "06990014", "0699OO14");
    app_assert_refused(app_take_text(text), SHK_E_APP_VALUE, "line 3 資格情報/保険者番号");
    text = app_changed("t1.txt", BORN, "平成元年2月29日");
    app_assert_refused(app_take_text(text), SHK_E_APP_VALUE, "line 10 資格情報/生年月日");
    assert_int_equal(app_take_text(app_changed("t4.txt", "２割", "３０％")), SHK_OK);
    app_assert_number(1, "elderly.burden_percent", 30);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, app_set_up, app_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(g01_headings_with_spaces_and_new_ones),
        CASE(g02_the_day_of_confirmation_in_any_spacing),
        CASE(g03_an_unknown_heading_ends_the_section),
        CASE(g04_more_keys_in_a_section_do_not_stop_the_import),
        CASE(g05_medical_aid_overwrites_nothing),
        CASE(g06_medical_aid_alone_has_its_person),
        CASE(g07_second_name_and_sex_are_kept),
        CASE(g08_an_address_is_an_item_like_others),
        CASE(g09_validity_and_postal_code_have_a_place),
        CASE(g10_an_emptier_copy_erases_nothing),
        CASE(g11_a_quote_is_a_character),
        CASE(g14_a_text_that_only_begins_alike_is_left_alone),
        CASE(g15_check_digits_dates_and_widths_are_looked_at),
    };
    return cmocka_run_group_tests_name("app_bugs_g", tests, NULL, NULL);
}
