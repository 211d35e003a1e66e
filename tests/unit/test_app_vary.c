/* Copied texts as clipboards, phones and hands change them, several of them, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app_stage.h"
#include "bytes.h"

static void take_with(const char *before, const char *text, const char *after) {
    struct bytes whole = {0};
    assert_int_equal(bytes_append_text(&whole, before), SHK_OK);
    assert_int_equal(bytes_append_text(&whole, text), SHK_OK);
    assert_int_equal(bytes_append_text(&whole, after), SHK_OK);
    assert_true(app_is_text(bytes_text(&whole), whole.n, app_words));
    assert_int_equal(app_take(bytes_text(&whole), whole.n), SHK_OK);
    bytes_clear(&whole);
    assert_int_equal(record_drift_count(app_set), 0);
    app_assert(1, "birth_date", "1989-02-03");
    app_assert(1, "confirmation_date", "2024-12-10");
    app_assert(1, "name", "見本　太郎");
}

static void marks_and_blank_lines_around_a_text_do_not_matter(void **state) {
    (void)state;
    const char *text = app_file("t1.txt", NULL);
    static const char *const before[] = {
        "\xEF\xBB\xBF", "\xE2\x80\x8B", "\r\n\r\n", " \t\r\n", "\xEF\xBB\xBF\n\xE2\x80\x8B \n",
        "\xC2\xA0"};
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        take_with(before[i], text, "");
        take_with(before[i], text, "\r\n\r\n  \r\n\xE3\x80\x80");
    }
}

static void the_clipboard_s_terminator_does_not_matter(void **state) {
    (void)state;
    size_t n;
    const char *text = app_file("t1.txt", &n);
    assert_int_equal(app_take(text, n + 1), SHK_OK); /* slurp ends with a zero */
    app_assert(1, "name", "見本　太郎");
}

static void every_line_end_is_one(void **state) {
    (void)state;
    static const char *const ends[] = {
        "\n",        "\r",           "\r\n\r\n",       "\r\r\n",
        "  \t \r\n", "\xC2\xA0\r\n", "\xE3\x80\x80\n", "\xE2\x80\x8B\r\n"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        take_with("", app_changed("t1.txt", "\r\n", ends[i]), "");
    }
    take_with("", app_changed("t1.txt", "\r\n氏名", "\n氏名"), "");
    size_t n;
    const char *text = app_file("t3.txt", &n);
    assert_int_equal(app_take(text, n - 1), SHK_OK); /* the last line without an end */
}

static void separators_and_brackets_in_other_widths(void **state) {
    (void)state;
    take_with("", app_changed("t1.txt", "確認日 : \t", "確認日 : "), "");
    take_with("", app_changed("t1.txt", "確認日 : \t", "確認日\t"), "");
    take_with("", app_changed("t1.txt", "確認日 : \t", "確認日　：　\t"), "");
    take_with("", app_changed("t1.txt", "確認日 : \t", "確認日:\t"), "");
    take_with("", app_changed("t1.txt", "\t", "："), "");
    take_with("", app_changed("t1.txt", "\t", ": "), "");
    take_with("", app_changed("t1.txt", "\t", " "), "");
    take_with("", app_changed("t1.txt", "\t", "\t "), "");
    take_with("", app_changed("t1.txt", "資格情報", "資格情報（医療保険）"), "");
    take_with("", app_changed("t1.txt", "裏面記載情報", "裏面記載情報 ( 医療保険 ) "), "");
    assert_int_equal(app_take_text(app_changed("t8.txt", "（備考）", "(備考)")), SHK_OK);
    app_assert(1, "name_other", "見本　リン");
    assert_int_equal(app_take_text(app_changed("t2.txt", "・家族", "･家族")), SHK_OK);
    app_assert(1, "relation", "family");
}

static void dates_in_other_notations(void **state) {
    (void)state;
    static const char *const births[] = {
        "平成01年02月03日", "平成１年２月３日", "平成 元 年 2 月 3 日",
        "1989年2月3日",     "H1.2.3",           "H010203",
        "19890203",         "1989-02-03",       "平成元年(1989年)2月3日"};
    for (size_t i = 0; i < sizeof births / sizeof births[0]; i++) {
        take_with("", app_changed("t1.txt", "平成元年2月3日", births[i]), "");
    }
    const char *pair = app_changed("t1.txt", "平成元年2月3日", "平成元年(1988年)2月3日");
    app_assert_refused(app_take_text(pair), SHK_E_APP_VALUE, "line 10 資格情報/生年月日");
}

static void the_same_text_twice_is_two_texts_that_say_the_same(void **state) {
    (void)state;
    static const char *const samples[] = {"t1.txt", "t2.txt", "t3.txt", "t4.txt",
                                          "t5.txt", "t6.txt", "t7.txt", "t8.txt"};
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        size_t n;
        const char *text = app_file(samples[i], &n);
        char *twice = malloc(2 * n);
        assert_non_null(twice);
        memcpy(twice, text, n);
        memcpy(twice + n, text, n);
        assert_int_equal(app_first_length(twice, 2 * n, app_words), n);
        assert_int_equal(app_first_length(twice + n, n, app_words), n);
        assert_int_equal(app_take(twice, n), SHK_OK);
        size_t records = record_count(app_set);
        /* Read in one go it is still nobody else's. */
        assert_int_equal(app_take(twice, 2 * n), SHK_OK);
        assert_int_equal(record_count(app_set), records);
        assert_int_equal(record_drift_count(app_set), 0);
        free(twice);
    }
}

static void two_persons_are_never_one(void **state) {
    (void)state;
    static const char *const samples[] = {"t1.txt", "t2.txt", "t5.txt", "t7.txt", "t3.txt"};
    char all[8192];
    size_t sizes[5], n = 0;
    for (size_t i = 0; i < 5; i++) {
        const char *text = app_file(samples[i], &sizes[i]);
        memcpy(all + n, text, sizes[i]);
        all[n + sizes[i]++] = '\n'; /* between persons, for two begin with a number */
        n += sizes[i];
    }
    size_t at = 0;
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(app_first_length(all + at, n - at, app_words), sizes[i]);
        assert_int_equal(app_take(all + at, sizes[i]), SHK_OK);
        at += sizes[i];
    }
    /* In one go: contradictory, not mixed. */
    assert_int_equal(app_take(all, n), SHK_E_APP_CONTRADICTION);
}

static void twins_with_different_kinds_of_entitlement_are_two_texts(void **state) {
    (void)state;
    static const char first[] =
        "資格情報(医療保険)\n確認日 : \t令和7年9月1日\n保険者番号\t06990014\n"
        "番号\t89\n氏名\t見本　一郎\n生年月日\t昭和50年10月10日\n";
    static const char second[] = "資格情報(医療扶助)\n確認日 : \t令和7年9月1日\n氏名\t見本　二郎\n"
                                 "生年月日\t昭和50年10月10日\n";
    char both[1024];
    snprintf(both, sizeof both, "%s%s", first, second);
    assert_int_equal(app_first_length(both, strlen(both), app_words), strlen(first));
    snprintf(both, sizeof both, "%s\n照会番号\t5\n%s", first, second);
    assert_int_equal(app_first_length(both, strlen(both), app_words), strlen(first) + 1);
    assert_int_equal(app_take(both, strlen(first)), SHK_OK);
    app_assert(1, "reference_number", NULL);
    assert_int_equal(app_take_text(both + strlen(first)), SHK_OK);
    app_assert(1, "reference_number", "5");
    /* The number of another patient stands before a record that looks alike. */
    snprintf(both, sizeof both,
             "%s\n照会番号\t5\n資格情報(医療扶助)\n確認日\t令和7年9月1日\n氏名\t見本　一郎\n",
             first);
    assert_int_equal(app_first_length(both, strlen(both), app_words), strlen(first) + 1);
}

static void medical_aid_without_a_date_belongs_to_the_record_before(void **state) {
    (void)state;
    const char *text =
        app_changed("t7.txt", "見本　四郎\r\n生年月日\t昭和50年10月10日\r\n性別\t男\r\n区分",
                    "見本　●郎\r\n生年月日\t昭和50年10月10日\r\n性別\t男\r\n区分");
    assert_int_equal(app_first_length(text, strlen(text), app_words), strlen(text));
    assert_int_equal(app_take_text(text), SHK_OK);
    assert_int_equal(record_count(app_set), 2);
}

static void records_may_come_in_either_order(void **state) {
    (void)state;
    static const char text[] =
        "資格情報(医療扶助)\n確認日\t令和7年9月1日\n氏名\t見本　一郎\n"
        "生年月日\t昭和50年10月10日\n資格情報\n保険者番号\t06990014\n番号\t89\n"
        "氏名\t見本　一郎\n生年月日\t昭和50年10月10日\n";
    assert_int_equal(app_first_length(text, sizeof text - 1, app_words), sizeof text - 1);
    assert_int_equal(app_take_text(text), SHK_OK);
    assert_int_equal(record_count(app_set), 2);
    app_assert(1, "card_class", "A1");
    app_assert(1, "insurer_number", NULL);
    app_assert(2, "insurer_number", "06990014");
    app_assert(2, "confirmation_date", "2025-09-01");
}

static void unrelated_text_that_begins_so_is_refused(void **state) {
    (void)state;
    struct bytes text = {0};
    assert_int_equal(bytes_append_text(&text, "資格情報\r\n"), SHK_OK);
    while (text.n < 20480) {
        assert_int_equal(bytes_append_text(&text, "見本の文章です。 a: b\r\nまた別の行\t12\r\n"),
                         SHK_OK);
    }
    app_assert_refused(app_take(bytes_text(&text), text.n), SHK_E_APP_INCOMPLETE,
                       "資格情報/確認日");
    while (text.n < APP_TEXT_MAX / 2) {
        assert_int_equal(bytes_append_text(&text, "また別の行\r\n"), SHK_OK);
    }
    assert_int_equal(app_take(bytes_text(&text), text.n), SHK_E_APP_TEXT);
    while (text.n <= APP_TEXT_MAX) {
        assert_int_equal(bytes_append_text(&text, "また別の行\r\n"), SHK_OK);
    }
    app_assert_refused(app_take(bytes_text(&text), text.n), SHK_E_FILE_TOO_LARGE, "");
    bytes_clear(&text);
}

static void what_is_not_utf8_is_refused(void **state) {
    (void)state;
    assert_int_equal(app_take_text("資格情報\r\n氏名\t\x8C\xA9\x96{\r\n"), SHK_E_XML_ENCODING);
    assert_int_equal(app_take("資格情報\n\0x", sizeof "資格情報\n\0x" - 1), SHK_E_XML_ENCODING);
    app_assert_refused(app_take("", 0), SHK_E_APP_TEXT, "");
}

static void only_texts_that_begin_so_are_touched(void **state) {
    (void)state;
    static const char *const ours[] = {"資格情報",
                                       "資格情報(医療保険)\n",
                                       "資格情報（医療扶助）",
                                       "資格情報(新しい種類)",
                                       "照会番号\t1",
                                       "未就学区分\t義務教育就学前",
                                       "照会番号",
                                       "\n\n資格情報\n"};
    static const char *const others[] = {"",
                                         "\n\n",
                                         "見本　太郎",
                                         "資格情報\tEND",
                                         "資格情報：END",
                                         "資格情報の取り扱いについて\n氏名\t見本",
                                         "資格情報システム",
                                         "今日は資格情報",
                                         "裏面記載情報",
                                         "氏名\t見本　太郎",
                                         "\xFF\xFE資格情報",
                                         "照会番号札\t1"};
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        assert_true(app_is_text(ours[i], strlen(ours[i]), app_words));
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_false(app_is_text(others[i], strlen(others[i]), app_words));
        assert_int_not_equal(app_take_text(others[i]), SHK_OK);
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, app_set_up, app_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(marks_and_blank_lines_around_a_text_do_not_matter),
        CASE(the_clipboard_s_terminator_does_not_matter),
        CASE(every_line_end_is_one),
        CASE(separators_and_brackets_in_other_widths),
        CASE(dates_in_other_notations),
        CASE(the_same_text_twice_is_two_texts_that_say_the_same),
        CASE(two_persons_are_never_one),
        CASE(twins_with_different_kinds_of_entitlement_are_two_texts),
        CASE(medical_aid_without_a_date_belongs_to_the_record_before),
        CASE(records_may_come_in_either_order),
        CASE(unrelated_text_that_begins_so_is_refused),
        CASE(what_is_not_utf8_is_refused),
        CASE(only_texts_that_begin_so_are_touched),
    };
    return cmocka_run_group_tests_name("app_vary", tests, NULL, NULL);
}
