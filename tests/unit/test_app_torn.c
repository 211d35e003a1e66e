/* Lines that are not what they seem: keys without a value, headings with one, values in two lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app_stage.h"

#define LAPSED "有効終了日\t令和6年3月31日\r\n"

/* The first sample with its end before the day of the check, and lines between class and dates. */
static const char *lapsed_with(const char *lines) {
    static char to[1024];
    snprintf(to, sizeof to, "%s" LAPSED, lines);
    return app_changed("t1.txt", "有効終了日\t\r\n", to);
}

static void a_new_key_without_a_value_ends_no_section(void **state) {
    (void)state;
    static const char *const keys[] = {"続柄\t\r\n", "続柄 \t \r\n", "続柄情報\t\r\n", ""};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        assert_int_equal(app_take_text(lapsed_with(keys[i])), SHK_OK);
        app_assert(1, "valid_until", "2024-03-31");
        app_assert(1, "relation", "self");
        assert_int_equal(record_outcome(app_set), OUTCOME_NOT_ELIGIBLE);
        assert_int_equal(record_drift_count(app_set), keys[i][0] != '\0' ? 1 : 0);
    }
    assert_int_equal(app_take_text(lapsed_with("続柄\t\r\n")), SHK_OK);
    app_assert_drift(0, "資格情報/続柄", 14, "");
}

static void what_stands_behind_a_torn_line_is_not_lost(void **state) {
    (void)state;
    static const char *const rests[] = {"(一般・短期)の者\r\n", "見本二丁目\r\n", "新しい\r\n",
                                        "裏面記載情報について\r\n"};
    for (size_t i = 0; i < sizeof rests / sizeof rests[0]; i++) {
        app_assert_refused(app_take_text(lapsed_with(rests[i])), SHK_E_APP_UNREAD, "line 14 ?");
    }
    /* Before every heading too. */
    const char *text = app_changed("t2.txt", "照会番号\t000123\r\n",
                                   "照会番号\t000123\r\nの続き\r\n未就学区分\t\r\n");
    app_assert_refused(app_take_text(text), SHK_E_APP_UNREAD, "line 2 ?");
}

/* Keys that the section has had already can only be another section's. */
static void a_new_heading_of_any_words_ends_the_section(void **state) {
    (void)state;
    static const char *const headings[] = {"公費負担医療", "こども医療", "長期高額", "注意"};
    for (size_t i = 0; i < sizeof headings / sizeof headings[0]; i++) {
        char to[256];
        snprintf(to, sizeof to,
                 "%s\r\n公費番号\t1\r\n有効終了日\t令和5年1月1日\r\n裏面記載情報\r\n", headings[i]);
        assert_int_equal(app_take_text(app_changed("t1.txt", "裏面記載情報\r\n", to)), SHK_OK);
        app_assert(1, "valid_until", NULL);
        app_assert(1, "name", "見本　太郎");
        assert_int_equal(record_drift_count(app_set), 3);
        app_assert_drift(0, "?", 19, headings[i]);
        app_assert_drift(1, "?/公費番号", 20, "1");
        app_assert_drift(2, "?/有効終了日", 21, "令和5年1月1日");
    }
    const char *text = app_changed("t1.txt", "裏面記載情報\r\n",
                                   "【お知らせ】\r\n負担割合\t3割\r\n裏面記載情報\r\n");
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert_drift(1, "【お知らせ】/負担割合", 20, "3割");
}

/* What the other record, or the certificate before, has had is not this one's. */
static void a_key_of_another_record_or_entry_tells_nothing(void **state) {
    (void)state;
    const char *text =
        app_changed("t7.txt", "区分\t医療扶助\r\n",
                    "区分\t医療扶助\r\n見本二丁目\r\n有効終了日\t令和7年8月31日\r\n");
    app_assert_refused(app_take_text(text), SHK_E_APP_UNREAD, "line 30 ?");
    char two[4096];
    snprintf(two, sizeof two,
             "%s特定疾病療養受療証\n認定疾病区分\t1\n有効終了日\t令和7年3月31日\n"
             "特定疾病療養受療証\n認定疾病区分\t2\n見本二丁目\n有効終了日\t令和6年3月31日\n",
             app_file("t3.txt", NULL));
    assert_int_equal(app_take_text(two), SHK_E_APP_UNREAD);
}

static void an_ornament_or_a_note_tears_nothing(void **state) {
    (void)state;
    static const char *const lines[] = {"----------", "──────", "＊＊＊", "・・・",
                                        "※裏面記載情報は次のとおり"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        char line[128];
        snprintf(line, sizeof line, "%s\r\n", lines[i]);
        assert_int_equal(app_take_text(lapsed_with(line)), SHK_OK);
        app_assert(1, "valid_until", "2024-03-31");
        assert_int_equal(record_drift_count(app_set), 1);
        app_assert_drift(0, "資格情報", 14, lines[i]);
    }
    /* Marks that stand for a character of a name do. */
    static const char *const rests[] = {"●\r\n", "々\r\n", "〇\r\n", "Ⅱ\r\n"};
    for (size_t i = 0; i < sizeof rests / sizeof rests[0]; i++) {
        app_assert_refused(app_take_text(lapsed_with(rests[i])), SHK_E_APP_UNREAD, "line 14 ?");
    }
}

static void a_stray_line_that_nothing_follows_is_drift(void **state) {
    (void)state;
    const char *text =
        app_changed("t1.txt", "裏面記載情報\r\n", "以上です\r\n電話番号\t1\r\n裏面記載情報\r\n");
    assert_int_equal(app_take_text(text), SHK_OK);
    assert_int_equal(record_drift_count(app_set), 2);
    app_assert_drift(0, "?", 19, "以上です");
    app_assert_drift(1, "?/電話番号", 20, "1");
    app_assert(1, "insured_name", "見本　太郎");
    /* A known heading behind it is where the reader knows its way again. */
    text = app_changed("t2.txt", "裏面記載情報(医療保険)\r\n",
                       "以上です\r\n裏面記載情報(医療保険)\r\n");
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "name_other", "見本　髙子");
}

static void a_beginning_of_the_clinic_s_tears_nothing(void **state) {
    (void)state;
    char text[4096];
    assert_int_equal(app_words_add_beginning(app_words, "確認の結果です"), SHK_OK);
    snprintf(text, sizeof text, "確認の結果です\r\n%s", app_file("t2.txt", NULL));
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "reference_number", "000123");
    assert_int_equal(record_drift_count(app_set), 1);
    app_assert_drift(0, "?", 1, "確認の結果です");
}

static void an_end_that_cannot_be_read_is_none_without_an_end(void **state) {
    (void)state;
    static const struct {
        const char *line, *where;
    } cases[] = {
        {"有効終了日\tR5.3.31まで\r\n", "line 14 資格情報/有効終了日"},
        {"有効終了日\t\r\n資格喪失年月日\t先月末\r\n", "line 15 資格情報/資格喪失年月日"},
        {"有効終了日\t\r\n資格有効性\t停止\r\n", "line 15 資格情報/資格有効性"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *text = app_changed("t1.txt", "有効終了日\t\r\n", cases[i].line);
        app_assert_refused(app_take_text(text), SHK_E_APP_UNREAD, cases[i].where);
    }
    /* A clinic explains it. */
    assert_int_equal(app_words_add_value(app_words, "valid_until", "当分の間", ""), SHK_OK);
    const char *text = app_changed("t1.txt", "有効終了日\t", "有効終了日\t当分の間");
    assert_int_equal(app_take_text(text), SHK_OK);
    assert_int_equal(record_outcome(app_set), OUTCOME_UNSTATED);
    /* The usual words for none need no explaining; a birth is a day. */
    static const char *const none[] = {"－", "なし", "期限なし", "無期限"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        char to[64];
        snprintf(to, sizeof to, "有効終了日\t%s", none[i]);
        assert_int_equal(app_take_text(app_changed("t1.txt", "有効終了日\t", to)), SHK_OK);
        app_assert(1, "valid_until", NULL);
        assert_int_equal(record_drift_count(app_set), 0);
    }
    text = app_changed("t1.txt", "平成元年2月3日", "なし");
    app_assert_refused(app_take_text(text), SHK_E_APP_INCOMPLETE, "line 10 資格情報/生年月日");
    /* A beginning does not end anything. */
    text = app_changed("t1.txt", "有効開始日\t令和2年4月1日", "有効開始日\t去年");
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert_drift(0, "資格情報/有効開始日", 13, "去年");
}

static void a_heading_with_a_value_opens_its_section(void **state) {
    (void)state;
    static const char *const headings[] = {"高齢受給者証：あり", "高齢受給者証\tあり",
                                           "高齢受給者証(医療保険)：あり"};
    for (size_t i = 0; i < sizeof headings / sizeof headings[0]; i++) {
        const char *text = app_changed("t4.txt", "高齢受給者証", headings[i]);
        assert_int_equal(app_take_text(text), SHK_OK);
        app_assert(1, "valid_until", NULL);
        app_assert(1, "elderly.valid_until", "2029-01-31");
        app_assert_number(1, "elderly.burden_percent", 20);
        assert_int_equal(record_drift_count(app_set), 1);
        app_assert_drift(0, "高齢受給者証=value", 19, headings[i]);
    }
    const char *text = app_changed("t4.txt", "高齢受給者証", "高齢受給者証：");
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert_number(1, "elderly.burden_percent", 20);
    assert_int_equal(record_drift_count(app_set), 0);
}

static void an_unknown_heading_with_a_colon_ends_the_section(void **state) {
    (void)state;
    const char *text = app_changed(
        "t1.txt", "裏面記載情報\r\n",
        "介護認定情報：\r\n有効終了日：令和6年5月31日\r\n住所：見本市\r\n裏面記載情報\r\n");
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "valid_until", NULL);
    app_assert(1, "address", NULL);
    assert_int_equal(record_drift_count(app_set), 3);
    app_assert_drift(0, "介護認定情報", 19, "介護認定情報：");
    app_assert_drift(1, "介護認定情報/有効終了日", 20, "令和6年5月31日");
    app_assert_drift(2, "介護認定情報/住所", 21, "見本市");
}

static void a_persons_data_in_a_key_s_place_is_not_shown(void **state) {
    (void)state;
    const char *text = app_changed("t1.txt", "裏面記載情報\r\n",
                                   "被保険者氏名：見本花子\t本人\r\n"
                                   "見本県見本市三丁目：見本荘\r\n裏面記載情報\r\n");
    assert_int_equal(app_take_text(text), SHK_OK);
    assert_int_equal(record_drift_count(app_set), 2);
    app_assert_drift(0, "資格情報/?", 19, "本人");
    app_assert_drift(1, "資格情報/?", 20, "見本荘");
}

static void a_key_before_a_colon_is_shown_where_the_text_has_colons(void **state) {
    (void)state;
    const char *text = app_changed("t6.txt", "性別：男", "新項目：あいう\n性別：男");
    assert_int_equal(app_take_text(text), SHK_OK);
    assert_int_equal(record_drift_count(app_set), 1);
    app_assert_drift(0, "資格情報/新項目", 11, "あいう");
}

static void days_in_an_order_that_cannot_be_are_refused(void **state) {
    (void)state;
    const char *text = app_changed("t1.txt", "平成元年2月3日", "令和50年2月3日");
    app_assert_refused(app_take_text(text), SHK_E_APP_CONTRADICTION, "line 10 資格情報/生年月日");
    text = app_changed("t1.txt", "有効終了日\t", "有効終了日\t令和2年3月31日");
    app_assert_refused(app_take_text(text), SHK_E_APP_CONTRADICTION, "line 14 資格情報/有効終了日");
    text = app_changed("t4.txt", "令和11年1月31日", "令和6年1月31日");
    app_assert_refused(app_take_text(text), SHK_E_APP_CONTRADICTION,
                       "line 21 高齢受給者証/有効終了日");
    text = app_changed("t1.txt", "有効終了日\t", "有効終了日\t令和2年4月1日");
    assert_int_equal(app_take_text(text), SHK_OK);
}

static void a_lost_character_is_refused(void **state) {
    (void)state;
    assert_int_equal(app_take_text(app_changed("t1.txt", "太郎", "太\xEF\xBF\xBD")),
                     SHK_E_XML_ENCODING);
}

/* What is too much is refused, with a line and no more. */
static void a_refusal_shows_no_persons_data(void **state) {
    (void)state;
    static char text[65536];
    size_t n = 0;
    n += (size_t)snprintf(text, sizeof text, "%s", app_file("t3.txt", NULL));
    for (int i = 0; i < 1001; i++) {
        n += (size_t)snprintf(text + n, sizeof text - n, "見本花子様：%d\r\n", i);
    }
    assert_int_equal(app_take_text(text), SHK_E_APP_TEXT);
    assert_null(strstr(app_why.where, "花子"));
    assert_non_null(strstr(app_why.where, "line "));
}

static void two_lists_of_one_record_fill_each_its_own_entries(void **state) {
    (void)state;
    char text[4096];
    assert_int_equal(
        app_words_add_key(app_words, "資格情報", "交付番号", "medical_aid.tickets[].issue_number"),
        SHK_OK);
    snprintf(text, sizeof text, "%s特定疾病療養受療証\n認定疾病区分\t1\n",
             app_changed("t1.txt", "負担割合\t", "交付番号\t77\r\n負担割合\t"));
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "medical_aid.tickets[1].issue_number", "77");
    app_assert(1, "specific_diseases[1].disease", "1");
    size_t n = 0;
    static const char list[] = "specific_diseases", tickets[] = "medical_aid.tickets";
    assert_int_equal(record_list_count(app_set, 1, list, sizeof list - 1, &n), SHK_OK);
    assert_int_equal(n, 1);
    assert_int_equal(record_list_count(app_set, 1, tickets, sizeof tickets - 1, &n), SHK_OK);
    assert_int_equal(n, 1);
}

static void a_burden_that_is_not_understood_is_not_derived(void **state) {
    (void)state;
    static const struct {
        const char *from, *to;
        bool derived;
    } cases[] = {
        {"負担割合\t\r\n", "負担割合\t\r\n", true},
        {"負担割合\t\r\n", "負担割合\t２割負担\r\n", false},
        {"証区分\t被保険者証（一般）", "区分\t特別療養の者", false},
        {"証区分\t被保険者証（一般）", "証区分\t資格証明書", false},
        {"裏面記載情報\r\n", "高齢受給者証\r\n負担割合\t弐割\r\n", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(app_take_text(app_changed("t1.txt", cases[i].from, cases[i].to)), SHK_OK);
        if (cases[i].derived) {
            app_assert_number(1, "derived.burden_percent", 30);
        } else {
            app_assert(1, "derived.burden_percent", NULL);
        }
    }
    /* A word of the clinic's for what stands before every heading. */
    assert_int_equal(app_words_add_key(app_words, "", "割合", "burden_percent"), SHK_OK);
    const char *text = app_changed("t1.txt", "負担割合\t\r\n", "割合\t弐割\r\n");
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "derived.burden_percent", NULL);
}

static void a_selector_at_the_end_of_a_name_is_part_of_it(void **state) {
    (void)state;
    const char *text = app_changed("t1.txt", "氏名\t見本　太郎\r\n生",
                                   "氏名\t \xEF\xB8\x80見本　神\xEF\xB8\x80 　\r\n生");
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "name", "見本　神\xEF\xB8\x80");
    /* It says nothing in a key or a date. */
    text = app_changed("t1.txt", "生年月日\t平成元年2月3日",
                       "生年月日\xEF\xB8\x80\t平成元年2月3日\xEF\xB8\x80");
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "birth_date", "1989-02-03");
}

/* Old cards name days of an era that ended before: no day that exists. */
static void a_day_behind_the_end_of_its_era_is_refused(void **state) {
    (void)state;
    const char *text = app_changed("t1.txt", "有効終了日\t", "有効終了日\t平成32年3月31日");
    app_assert_refused(app_take_text(text), SHK_E_APP_VALUE, "line 14 資格情報/有効終了日");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, app_set_up, app_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_new_key_without_a_value_ends_no_section),
        CASE(what_stands_behind_a_torn_line_is_not_lost),
        CASE(a_new_heading_of_any_words_ends_the_section),
        CASE(a_key_of_another_record_or_entry_tells_nothing),
        CASE(an_ornament_or_a_note_tears_nothing),
        CASE(a_key_before_a_colon_is_shown_where_the_text_has_colons),
        CASE(days_in_an_order_that_cannot_be_are_refused),
        CASE(a_lost_character_is_refused),
        CASE(a_stray_line_that_nothing_follows_is_drift),
        CASE(a_beginning_of_the_clinic_s_tears_nothing),
        CASE(an_end_that_cannot_be_read_is_none_without_an_end),
        CASE(a_heading_with_a_value_opens_its_section),
        CASE(an_unknown_heading_with_a_colon_ends_the_section),
        CASE(a_persons_data_in_a_key_s_place_is_not_shown),
        CASE(a_refusal_shows_no_persons_data),
        CASE(two_lists_of_one_record_fill_each_its_own_entries),
        CASE(a_burden_that_is_not_understood_is_not_derived),
        CASE(a_selector_at_the_end_of_a_name_is_part_of_it),
        CASE(a_day_behind_the_end_of_its_era_is_refused),
    };
    return cmocka_run_group_tests_name("app_torn", tests, NULL, NULL);
}
