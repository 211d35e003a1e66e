/* Whose lines and records they are: nothing of one person may come to another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app_stage.h"

#define FIRST                                                                                            \
    "資格情報(医療保険)\n確認日\t令和7年9月1日\n保険者番号\t06990014\n番号\t89\n" \
    "フリガナ\tミホン　ハナコ\n氏名\t見本　花子\n生年月日\t昭和50年10月10日\n性別\t女\n"
#define AID    "資格情報(医療扶助)\n"
#define DATE   "確認日\t令和7年9月1日\n"
#define BORN   "生年月日\t昭和50年10月10日\n"
#define NUMBER "照会番号\tA-0001\n"
#define SECOND                                                                                           \
    "資格情報(医療保険)\n確認日\t令和7年9月1日\n保険者番号\t06990014\n番号\t99\n" \
    "氏名\t見本　次郎\n生年月日\t昭和51年10月10日\n"

static size_t first_length(const char *text) {
    return app_first_length(text, strlen(text), app_words);
}

/* The number that stands between two persons is of one of them, and nobody knows of which. */
static void a_number_between_two_persons_is_nobody_s(void **state) {
    (void)state;
    static const char *const texts[] = {
        FIRST NUMBER SECOND,
        FIRST NUMBER "\n" SECOND,
        FIRST NUMBER AID DATE "氏名\t見本　花子\n" BORN,
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(first_length(texts[i]), strlen(texts[i]));
        app_assert_refused(app_take_text(texts[i]), SHK_E_APP_CONTRADICTION, "line 9 資格情報");
    }
}

/* Whatever else is wrong with it, before or behind: first of all nobody knows whose the lines are. */
static void a_doubt_is_said_before_other_faults(void **state) {
    (void)state;
    static const char *const texts[] = {
        "資格情報\n生年月日\t平成31年13月1日\n確認日\t令和7年9月1日\n氏名\t見本\n" NUMBER SECOND,
        "資格情報\n確認日\t令和7年9月1日\n番号\t89\n氏名\t見本\n" NUMBER SECOND "番号\t98\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        app_assert_refused(app_take_text(texts[i]), SHK_E_APP_CONTRADICTION, "line 5 資格情報");
    }
}

static void blank_lines_that_stand_everywhere_keep_nobody_apart(void **state) {
    (void)state;
    static const char text[] =
        "資格情報\n\n確認日\t令和7年9月1日\n\n氏名\t見本\n\n" NUMBER "\n" SECOND;
    assert_int_equal(first_length(text), sizeof text - 1);
    app_assert_refused(app_take_text(text), SHK_E_APP_CONTRADICTION, "line 7 資格情報");
}

static void a_number_behind_a_blank_line_is_the_next_person_s(void **state) {
    (void)state;
    static const char text[] = FIRST "\n" NUMBER SECOND;
    size_t n = first_length(text);
    assert_int_equal(n, sizeof FIRST);
    assert_int_equal(app_take(text, n), SHK_OK);
    app_assert(1, "reference_number", NULL);
    assert_int_equal(app_take_text(text + n), SHK_OK);
    app_assert(1, "reference_number", "A-0001");
    app_assert(1, "name", "見本　次郎");
}

static void numbers_before_each_person_are_each_one_s(void **state) {
    (void)state;
    static const char first[] = "照会番号\t1\n" FIRST, text[] = "照会番号\t1\n" FIRST NUMBER SECOND;
    assert_int_equal(first_length(text), sizeof first - 1);
    assert_int_equal(app_take(text, sizeof first - 1), SHK_OK);
    app_assert(1, "reference_number", "1");
    assert_int_equal(app_take_text(text + sizeof first - 1), SHK_OK);
    app_assert(1, "reference_number", "A-0001");
}

static void a_number_at_the_end_of_the_only_person_is_that_person_s(void **state) {
    (void)state;
    assert_int_equal(app_take_text(FIRST NUMBER), SHK_OK);
    app_assert(1, "reference_number", "A-0001");
    assert_int_equal(app_take_text(FIRST NUMBER AID "氏名\t見本　花子\n" BORN), SHK_OK);
    assert_int_equal(record_count(app_set), 2);
    app_assert(2, "reference_number", "A-0001");
}

/* Of twins only the names differ, and a mark for a missing character fits both. */
static void a_mark_does_not_make_two_dated_texts_one(void **state) {
    (void)state;
    static const char text[] = FIRST AID DATE "氏名\t見本　●子\n" BORN;
    assert_int_equal(first_length(text), sizeof FIRST - 1);
    static const char same[] = FIRST AID DATE "氏名\t見本花子\n" BORN;
    assert_int_equal(first_length(same), sizeof same - 1);
}

static void records_of_one_text_are_of_one_person(void **state) {
    (void)state;
    static const struct {
        const char *second;
        int32_t code;
        const char *where;
    } cases[] = {
        {"氏名\t見本　花子\n", SHK_OK, ""},
        {"氏名\t見本花子\n", SHK_OK, ""},
        {"氏名\t見本　●子\n", SHK_OK, ""},
        {"フリガナ\tﾐﾎﾝ ﾊﾅｺ\n氏名\t見本　●子\n", SHK_OK, ""},
        {"フリガナ\tミホン　ハナ\n氏名\t見本　花子\n", SHK_OK, ""},
        {"性別\t裏面参照\n氏名\t見本　花子\n", SHK_OK, ""},
        {"氏名\t見本　月子\n", SHK_E_APP_CONTRADICTION, "line 10 資格情報/氏名"},
        {"フリガナ\tミホン　ツキコ\n氏名\t見本　●子\n", SHK_E_APP_CONTRADICTION,
         "line 10 資格情報/フリガナ"},
        {"性別\t男\n氏名\t見本　花子\n", SHK_E_APP_CONTRADICTION, "line 10 資格情報/性別"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[1024];
        snprintf(text, sizeof text, FIRST AID "%s" BORN, cases[i].second);
        assert_int_equal(first_length(text), strlen(text));
        app_assert_refused(app_take_text(text), cases[i].code, cases[i].where);
    }
}

static void each_record_has_its_own_validity(void **state) {
    (void)state;
    static const char aid[] = AID "氏名\t見本　花子\n" BORN;
    char text[1024];
    snprintf(text, sizeof text, "%s有効終了日\t令和7年3月31日\n%s資格有効性\t有効\n", FIRST, aid);
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "validity", NULL);
    assert_int_equal(record_outcome(app_set), OUTCOME_ELIGIBLE);
    assert_int_equal(record_outcome_at(app_set, 1), OUTCOME_NOT_ELIGIBLE);
    assert_int_equal(record_outcome_at(app_set, 2), OUTCOME_ELIGIBLE);
    snprintf(text, sizeof text, "%s%s資格有効性\t無効\n", FIRST, aid);
    assert_int_equal(app_take_text(text), SHK_OK);
    app_assert(1, "validity", NULL);
    assert_int_equal(record_outcome(app_set), OUTCOME_UNSTATED);
    assert_int_equal(record_outcome_at(app_set, 1), OUTCOME_UNSTATED);
    assert_int_equal(record_outcome_at(app_set, 2), OUTCOME_NOT_ELIGIBLE);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, app_set_up, app_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_number_between_two_persons_is_nobody_s),
        CASE(a_doubt_is_said_before_other_faults),
        CASE(blank_lines_that_stand_everywhere_keep_nobody_apart),
        CASE(a_number_behind_a_blank_line_is_the_next_person_s),
        CASE(numbers_before_each_person_are_each_one_s),
        CASE(a_number_at_the_end_of_the_only_person_is_that_person_s),
        CASE(a_mark_does_not_make_two_dated_texts_one),
        CASE(records_of_one_text_are_of_one_person),
        CASE(each_record_has_its_own_validity),
    };
    return cmocka_run_group_tests_name("app_person", tests, NULL, NULL);
}
