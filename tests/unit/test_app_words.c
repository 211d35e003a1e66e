/* Words that are added, what is not understood, and what a text must not say twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app_stage.h"
#include "app_words.h"

static void a_new_heading_key_and_word_are_understood(void **state) {
    (void)state;
    static const char to[] = "負担割合\t\r\n負担の割合\t弐割\r\n";
    assert_int_equal(app_take_text(app_changed("t1.txt", "負担割合\t\r\n", to)), SHK_OK);
    app_assert_drift(0, "資格情報/負担の割合", 17, "弐割");
    assert_int_equal(app_words_add_key(app_words, "資格情報", "負担の割合", "burden_percent"),
                     SHK_OK);
    assert_int_equal(app_take_text(app_changed("t1.txt", "負担割合\t\r\n", to)), SHK_OK);
    app_assert_drift(0, "資格情報/負担の割合", 17, "弐割");
    app_assert(1, "burden_percent", NULL);
    assert_int_equal(app_words_add_value(app_words, "burden_percent", "弐割", "020"), SHK_OK);
    assert_int_equal(app_take_text(app_changed("t1.txt", "負担割合\t\r\n", to)), SHK_OK);
    assert_int_equal(record_drift_count(app_set), 0);
    app_assert_number(1, "burden_percent", 20);
    assert_int_equal(app_words_add_heading(app_words, "高齢者の証", "高齢受給者証", ""), SHK_OK);
    assert_int_equal(app_take_text(app_changed("t4.txt", "高齢受給者証", "高齢者の証(医療保険)")),
                     SHK_OK);
    assert_int_equal(record_drift_count(app_set), 0);
    app_assert_number(1, "elderly.burden_percent", 20);
}

static void a_new_beginning_and_date_notation_are_understood(void **state) {
    (void)state;
    static const char text[] = "照会日時\t2024\r\n資格情報\r\n";
    const char *birth = "3 Feb (2) 1989";
    assert_false(app_is_text(text, sizeof text - 1, app_words));
    assert_int_equal(app_words_add_beginning(app_words, "照会日時"), SHK_OK);
    assert_true(app_is_text(text, sizeof text - 1, app_words));
    assert_int_equal(app_take_text(app_changed("t1.txt", "平成元年2月3日", birth)),
                     SHK_E_APP_UNREAD);
    assert_string_equal(app_why.where, "line 10 資格情報/生年月日");
    assert_int_equal(app_words_add_date(app_words, "D Feb (M) Y"), SHK_OK);
    assert_int_equal(app_take_text(app_changed("t1.txt", "平成元年2月3日", birth)), SHK_OK);
    app_assert(1, "birth_date", "1989-02-03");
    birth = "31 Feb (2) 1989";
    assert_int_equal(app_take_text(app_changed("t1.txt", "平成元年2月3日", birth)),
                     SHK_E_APP_VALUE);
}

static void what_is_ignored_is_no_drift(void **state) {
    (void)state;
    static const char key[] = "負担割合\t\r\n照会者\t見本\r\n";
    static const char heading[] = "お知らせ情報\r\n日付\t令和6年1月1日\r\n裏面記載情報";
    assert_int_equal(app_take_text(app_changed("t1.txt", "負担割合\t\r\n", key)), SHK_OK);
    assert_int_equal(record_drift_count(app_set), 1);
    assert_int_equal(app_words_add_ignored(app_words, "資格情報", "照会者"), SHK_OK);
    assert_int_equal(app_take_text(app_changed("t1.txt", "負担割合\t\r\n", key)), SHK_OK);
    assert_int_equal(record_drift_count(app_set), 0);
    assert_int_equal(app_take_text(app_changed("t1.txt", "裏面記載情報", heading)), SHK_OK);
    assert_int_equal(record_drift_count(app_set), 2);
    assert_int_equal(app_words_add_ignored(app_words, "", "お知らせ情報"), SHK_OK);
    assert_int_equal(app_take_text(app_changed("t1.txt", "裏面記載情報", heading)), SHK_OK);
    assert_int_equal(record_drift_count(app_set), 0);
    app_assert(1, "valid_from", "2020-04-01");
}

static void a_word_that_is_there_gets_the_new_meaning(void **state) {
    (void)state;
    assert_int_equal(app_words_add_ignored(app_words, "資格情報", "記号"), SHK_OK);
    assert_int_equal(app_words_add_key(app_words, "資格情報", "枝番", "arbitrary_identifier"),
                     SHK_OK);
    assert_int_equal(app_words_add_value(app_words, "sex", "男", "3"), SHK_OK);
    assert_int_equal(app_words_add_value(app_words, "number", "８８", ""), SHK_OK);
    app_assert_refused(app_take_file("t1.txt"), SHK_E_APP_INCOMPLETE, "line 6 資格情報/番号");
    assert_int_equal(app_words_add_value(app_words, "number", "８８", "88"), SHK_OK);
    assert_int_equal(app_take_file("t1.txt"), SHK_OK);
    app_assert(1, "symbol", NULL);
    app_assert(1, "branch_number", NULL);
    app_assert(1, "arbitrary_identifier", "00");
    app_assert(1, "sex", "unknown");
    app_assert(1, "number", "88");
}

static void words_without_a_place_are_refused(void **state) {
    (void)state;
    struct app_words *w = app_words;
    assert_int_equal(app_words_add_heading(w, "新", "無い節", ""), SHK_E_ARGUMENT);
    assert_int_equal(app_words_add_heading(w, " ", "資格情報", ""), SHK_E_ARGUMENT);
    assert_int_equal(app_words_add_heading(w, "新", "資格情報", "介護"), SHK_E_ARGUMENT);
    assert_int_equal(app_words_add_key(w, "無い節", "新", "name"), SHK_E_ARGUMENT);
    assert_int_equal(app_words_add_key(w, "資格情報", "新", "no.such"), SHK_E_ARGUMENT);
    assert_int_equal(app_words_add_key(w, "資格情報", "新", "sex_label"), SHK_E_ARGUMENT);
    assert_int_equal(app_words_add_key(w, "資格情報", "新", "derived.age"), SHK_E_ARGUMENT);
    assert_int_equal(app_words_add_key(w, "資格情報", "", "name"), SHK_E_ARGUMENT);
    assert_int_equal(app_words_add_value(w, "no.such", "新", "1"), SHK_E_ARGUMENT);
    assert_int_equal(app_words_add_value(w, "sex", "新", "9"), SHK_E_ARGUMENT);
    assert_int_equal(app_words_add_value(w, "birth_date", "新", "20240230"), SHK_E_ARGUMENT);
    assert_int_equal(app_words_add_value(w, "burden_percent", "新", "101"), SHK_E_ARGUMENT);
    assert_int_equal(app_words_add_value(w, "sex", "", "1"), SHK_E_ARGUMENT);
    assert_int_equal(app_words_add_ignored(w, "無い節", "新"), SHK_E_ARGUMENT);
    assert_int_equal(app_words_add_beginning(w, ""), SHK_E_ARGUMENT);
    assert_int_equal(app_words_add_date(w, "Y年M月"), SHK_E_ARGUMENT);
    assert_int_equal(app_words_add_heading(w, "新", "資格情報", "医療扶助"), SHK_OK);
    assert_int_equal(app_words_add_key(w, "資格情報（医療扶助）", "新", "number"), SHK_OK);
}

static void a_key_of_one_kind_of_record_is_none_of_the_other(void **state) {
    (void)state;
    const char *text =
        app_changed("t1.txt", "負担割合\t", "公費負担者番号\t12990016\r\n負担割合\t");
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "insurer_number", "06990014");
    app_assert_drift(0, "資格情報/公費負担者番号", 16, "12990016");
}

static void what_is_not_understood_shows_no_person(void **state) {
    (void)state;
    const char *text = app_changed("t1.txt", "裏面記載情報\r\n",
                                   "見本　花子\r\n電話\t099-999-9999\r\n裏面記載情報\r\n"
                                   "見本太郎様の見本県見本市見本町の長い長い長い長い名前\t1\r\n"
                                   "0120999999\t1\r\n");
    assert_int_equal(app_take_text(text), SHK_OK);
    assert_int_equal(record_drift_count(app_set), 4);
    app_assert_drift(0, "?", 19, "見本　花子");
    app_assert_drift(1, "?/電話", 20, "099-999-9999");
    app_assert_drift(2, "裏面記載情報/?", 22, "1");
    app_assert_drift(3, "裏面記載情報/?", 23, "1");
}

static void the_same_key_twice_with_another_value_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *from, *to;
        int32_t code;
        const char *where;
    } cases[] = {
        {"枝番\t00", "枝番\t00\r\n枝番\t01", SHK_E_APP_CONTRADICTION, "line 8 資格情報/枝番"},
        {"枝番\t00", "枝番\t00\r\n枝番\t00", SHK_OK, ""},
        {"枝番\t00", "枝番\t\r\n枝番\t00", SHK_OK, ""},
        {"枝番\t00", "枝番\t00\r\n枝番\t", SHK_OK, ""},
        {"枝番\t00", "枝番\t00\r\n生年月日\t1989-02-03", SHK_OK, ""},
        {"枝番\t00", "枝番\t00\r\n確認日\t令和6年12月11日", SHK_E_APP_CONTRADICTION,
         "line 8 資格情報/確認日"},
        {"枝番\t00", "枝番\t00\r\n照会番号\t1\r\n照会番号\t2", SHK_E_APP_CONTRADICTION,
         "line 9 資格情報/照会番号"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int32_t rc = app_take_text(app_changed("t1.txt", cases[i].from, cases[i].to));
        app_assert_refused(rc, cases[i].code, cases[i].where);
    }
}

static void what_stands_before_every_heading_holds_for_all(void **state) {
    (void)state;
    char text[4096];
    size_t n;
    snprintf(text, sizeof text, "照会番号\t41\r\n%s", app_file("t7.txt", &n));
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "reference_number", "41");
    app_assert(2, "reference_number", "41");
    const char *other = app_changed("t2.txt", "枝番\t02", "枝番\t02\r\n照会番号\t000124");
    app_assert_refused(app_take_text(other), SHK_E_APP_CONTRADICTION, "line 9 資格情報/照会番号");
    /* Below a heading that is not known it is nobody's. */
    other =
        app_changed("t1.txt", "裏面記載情報\r\n", "新しい証\r\n照会番号\t7\r\n裏面記載情報\r\n");
    assert_int_equal(app_take_text(other), SHK_OK);
    app_assert(1, "reference_number", NULL);
    app_assert_drift(1, "新しい証/照会番号", 20, "7");
}

static void two_records_must_be_of_one_person_and_day(void **state) {
    (void)state;
    static const char aid[] = "資格情報(医療扶助)\r\n";
    const char *text =
        app_changed("t7.txt", aid, "資格情報(医療扶助)\r\n確認日 : \t令和7年9月1日\r\n");
    assert_int_equal(app_take_text(text), SHK_OK);
    text = app_changed("t7.txt", aid, "資格情報(医療扶助)\r\n確認日 : \t令和7年9月2日\r\n");
    app_assert_refused(app_take_text(text), SHK_E_APP_CONTRADICTION,
                       "line 23 資格情報(医療扶助)/確認日");
    text = app_changed("t7.txt", "生年月日\t昭和50年10月10日\r\n性別\t男\r\n区分",
                       "生年月日\t昭和50年10月11日\r\n性別\t男\r\n区分");
    app_assert_refused(app_take_text(text), SHK_E_APP_CONTRADICTION, "line 27 資格情報/生年月日");
}

static void two_sections_that_differ_are_drift(void **state) {
    (void)state;
    const char *text = app_changed("t8.txt", "要配慮情報（備考）",
                                   "裏面記載情報\r\n氏名\t見本　弐\r\n要配慮情報（備考）");
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "name_other", "見本　弐");
    app_assert_drift(0, "要配慮情報(備考)/氏名=differs", 22, "見本　リン");
}

static void certificates_come_more_than_once(void **state) {
    (void)state;
    char text[4096];
    size_t n;
    snprintf(text, sizeof text,
             "%s特定疾病療養受療証\n認定疾病区分\t1\n有効開始日\t令和6年1月1日\n"
             "自己負担限度額\t１０，０００円\n特定疾病療養受療証\n"
             "認定疾病区分\t先天性血液凝固因子障害\n自己負担限度額\t不明\n",
             app_file("t3.txt", &n));
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "specific_diseases[1].disease", "1");
    app_assert(1, "specific_diseases[1].valid_from", "2024-01-01");
    app_assert_number(1, "specific_diseases[1].self_pay_yen", 10000);
    app_assert(1, "specific_diseases[2].disease", "2");
    app_assert_drift(0, "特定疾病療養受療証/自己負担限度額", 25, "不明");
    size_t entries;
    static const char list[] = "specific_diseases";
    assert_int_equal(record_list_count(app_set, 1, list, sizeof list - 1, &entries), SHK_OK);
    assert_int_equal(entries, 2);
    /* Twice in one go they are still the same two. */
    size_t once = strlen(text);
    memmove(text + once, text, once + 1);
    text[2 * once] = '\0';
    assert_int_equal(app_take_text(text), SHK_OK);
    assert_int_equal(record_list_count(app_set, 1, list, sizeof list - 1, &entries), SHK_OK);
    assert_int_equal(entries, 2);
}

/* So many that what was read moves to another place, with the values that were made from the words. */
static void many_certificates_keep_their_values(void **state) {
    (void)state;
    char text[8192], path[64], day[24];
    size_t at;
    size_t n = (size_t)snprintf(text, sizeof text, "%s", app_file("t3.txt", &at));
    for (int i = 1; i <= 30; i++) {
        n += (size_t)snprintf(text + n, sizeof text - n,
                              "特定疾病療養受療証\n認定疾病区分\t1\n有効開始日\t令和6年1月%d日\n"
                              "自己負担限度額\t%d，０００円\n",
                              i, i);
    }
    assert_int_equal(app_take_text(text), SHK_OK);
    for (int i = 1; i <= 30; i++) {
        snprintf(path, sizeof path, "specific_diseases[%d].valid_from", i);
        snprintf(day, sizeof day, "2024-01-%02d", i);
        app_assert(1, path, day);
        snprintf(path, sizeof path, "specific_diseases[%d].self_pay_yen", i);
        app_assert_number(1, path, (int64_t)i * 1000);
    }
}

static void certificates_of_the_insurance_stay_with_it_behind_medical_aid(void **state) {
    (void)state;
    char text[4096];
    size_t n;
    snprintf(text, sizeof text,
             "%s高齢受給者証\r\n負担割合\t2割\r\n資格情報(医療扶助)\r\n"
             "限度額適用認定証\r\n適用区分\tウ\r\n要配慮情報（備考）\r\n性別\t女\r\n",
             app_file("t7.txt", &n));
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "limit.category", "A03");
    app_assert(2, "limit.category", NULL);
    app_assert_number(1, "elderly.burden_percent", 20);
    app_assert(2, "elderly.burden_percent", NULL);
    app_assert(1, "sex_other", "female");
}

static void an_empty_form_is_no_record(void **state) {
    (void)state;
    char text[4096];
    size_t n;
    snprintf(text, sizeof text, "%s資格情報(医療扶助)\n氏名\t\n生年月日\n", app_file("t3.txt", &n));
    assert_int_equal(app_take_text(text), SHK_OK);
    assert_int_equal(record_count(app_set), 1);
}

static void shares_in_every_notation(void **state) {
    (void)state;
    static const struct {
        const char *word;
        int64_t percent;
    } cases[] = {{"1割", 10}, {"１割", 10}, {"10%", 10},  {"１０％", 10}, {"010", 10},
                 {"10", 10},  {"３割", 30}, {"三割", 30}, {"0割", 0},     {"2 割", 20}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char to[64];
        snprintf(to, sizeof to, "負担割合\t%s", cases[i].word);
        assert_int_equal(app_take_text(app_changed("t3.txt", "負担割合\t1割", to)), SHK_OK);
        app_assert_number(1, "burden_percent", cases[i].percent);
    }
    assert_int_equal(app_take_text(app_changed("t3.txt", "負担割合\t1割", "負担割合\t九割")),
                     SHK_OK);
    app_assert(1, "burden_percent", NULL);
    app_assert_drift(0, "資格情報/負担割合", 16, "九割");
}

static void only_the_ends_of_a_text_value_are_trimmed(void **state) {
    (void)state;
    const char *text = app_changed("t1.txt", "氏名\t見本　太郎\r\n生",
                                   "氏名\t\xC2\xA0 　見本 \xE2\x80\x8B　\t太郎\xE3\x80\x80 \r\n生");
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "name", "見本 \xE2\x80\x8B　\t太郎");
}

static void every_word_of_the_table_is_found(void **state) {
    char own[32];
    (void)state;
    for (int i = 0; i < 2000; i++) { /* the table grows more than once */
        snprintf(own, sizeof own, "見本%d", i);
        assert_int_equal(app_words_add_ignored(app_words, "資格情報", own), SHK_OK);
    }
    for (int type = APP_SECTION; type <= APP_DATE; type++) {
        const struct app_word *word;
        for (size_t i = 0; (word = app_words_at(app_words, (enum app_word_type)type, i)) != NULL;
             i++) {
            assert_ptr_equal(app_words_find(app_words, word->type, word->scope, word->word), word);
            assert_true(type != APP_KEY || app_words_know_key(app_words, word->word));
        }
    }
    assert_null(app_words_find(app_words, APP_KEY, "資格情報", "見本2000"));
    assert_false(app_words_know_key(app_words, "見本2000"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, app_set_up, app_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_new_heading_key_and_word_are_understood),
        CASE(a_new_beginning_and_date_notation_are_understood),
        CASE(what_is_ignored_is_no_drift),
        CASE(a_word_that_is_there_gets_the_new_meaning),
        CASE(words_without_a_place_are_refused),
        CASE(a_key_of_one_kind_of_record_is_none_of_the_other),
        CASE(what_is_not_understood_shows_no_person),
        CASE(the_same_key_twice_with_another_value_is_refused),
        CASE(what_stands_before_every_heading_holds_for_all),
        CASE(two_records_must_be_of_one_person_and_day),
        CASE(two_sections_that_differ_are_drift),
        CASE(certificates_come_more_than_once),
        CASE(many_certificates_keep_their_values),
        CASE(certificates_of_the_insurance_stay_with_it_behind_medical_aid),
        CASE(an_empty_form_is_no_record),
        CASE(shares_in_every_notation),
        CASE(only_the_ends_of_a_text_value_are_trimmed),
        CASE(every_word_of_the_table_is_found),
    };
    return cmocka_run_group_tests_name("app_words", tests, NULL, NULL);
}
