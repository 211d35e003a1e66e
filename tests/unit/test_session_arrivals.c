/* Answers that come by themselves, from a terminal's folder or from the official app: no card is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "session_fakes.h"

static char taro[2048], hanako[2048], foreign[2048];

/* A template with a day and an identifier of its own. */
static void fill(char *out, size_t cap, const char *institution, const char *name,
                 const char *birth_date) {
    char template[2048];
    fakes_answer(template, sizeof template, institution, name, birth_date, "");
    char *day = strstr(template, "%D");
    char *number = strstr(template, "%I");
    assert_true(day != NULL && number != NULL);
    snprintf(out, cap, "%.*s20260602%.*sX1%s", (int)(day - template), template,
             (int)(number - day - 2), day + 2, number + 2);
}

static void use_folder(struct stage *f) {
    fill(taro, sizeof taro, FAKES_INSTITUTION, "見本　太郎", "19800102");
    fill(hanako, sizeof hanako, FAKES_INSTITUTION, "見本　花子", "19900304");
    fill(foreign, sizeof foreign, "9919999998", "見本　次郎", "19700506");
    assert_int_equal(session_set(f->session, "route", "folder"), SHK_OK);
    assert_int_equal(session_set(f->session, "folder.root", "/terminal"), SHK_OK);
    assert_int_equal(session_set(f->session, "institution_code", FAKES_INSTITUTION), SHK_OK);
    assert_int_equal(session_set(f->session, "card_timeout_ms", "2000"), SHK_OK);
}

static void settled(int32_t n, int32_t good) {
    int32_t were_good = 0;
    for (int i = 0; i < STAGE_PATIENCE_MS / 5 && fakes_settled(&were_good) < n; i++) {
        thread_sleep(5);
    }
    assert_int_equal(fakes_settled(&were_good), n);
    assert_int_equal(were_good, good);
}

static void a_check_takes_the_next_answer_and_no_card(void **state) {
    struct stage *f = *state;
    use_folder(f);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_WAITING);
    fakes_arrive(ARRIVAL_OQS, taro);
    stage_expect(f, SHK_EVENT_ANSWER);
    assert_string_equal(stage_read(f, "record.name").text, "見本　太郎");
    assert_string_equal(stage_read(f, "source").text, "folder");
    assert_int_equal(stage_number(f, "outcome"), SHK_OUTCOME_ELIGIBLE);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
    assert_int_equal(f->desk.card.connects, 0);
    settled(1, 1);
}

/* What a terminal pushes while nobody waits is for the next check, and nobody's is told twice. */
static void answers_between_two_checks_are_kept(void **state) {
    struct stage *f = *state;
    const char *const names[] = {"見本　太郎", "見本　花子"};
    use_folder(f);
    fakes_arrive(ARRIVAL_OQS, taro);
    fakes_arrive(ARRIVAL_OQS, hanako);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
        stage_expect(f, SHK_EVENT_WAITING);
        stage_expect(f, SHK_EVENT_ANSWER);
        assert_string_equal(stage_read(f, "record.name").text, names[i]);
        stage_expect(f, SHK_EVENT_DONE);
    }
    assert_int_equal(fakes.opened, 1);
    assert_int_equal(fakes.freed, 0);
    while (session_set(f->session, "folder.root", "/other") == SHK_E_STATE) {
        thread_sleep(5);
    }
    assert_int_equal(fakes.freed, 1);
}

/* Documents are made by then: the events that wait still say for whom. */
static void an_answer_that_waits_is_readable_after_a_cancel(void **state) {
    struct stage *f = *state;
    use_folder(f);
    assert_int_equal(session_start(f->session, SHK_JOB_WATCH), SHK_OK);
    stage_expect(f, SHK_EVENT_WAITING);
    fakes_arrive(ARRIVAL_OQS, taro);
    settled(1, 1);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    stage_expect(f, SHK_EVENT_ANSWER);
    assert_string_equal(stage_read(f, "record.name").text, "見本　太郎");
    assert_int_equal(stage_number(f, "outcome"), SHK_OUTCOME_ELIGIBLE);
}

static void a_check_waits_only_so_long(void **state) {
    struct stage *f = *state;
    use_folder(f);
    assert_int_equal(session_set(f->session, "card_timeout_ms", "1000"), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_WAITING);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_TIMEOUT);
    stage_expect(f, SHK_EVENT_DONE);
    settled(0, 0);
}

static void an_answer_for_another_institution_is_not_used(void **state) {
    struct stage *f = *state;
    use_folder(f);
    fakes_arrive(ARRIVAL_OQS, foreign);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_WAITING);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_ANSWER_FOREIGN);
    assert_string_equal(stage_read(f, "record.name").text, "(none)");
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "outcome"), 0);
    settled(1, 0);
}

static void without_an_institution_code_every_answer_is_ours(void **state) {
    struct stage *f = *state;
    use_folder(f);
    assert_int_equal(session_set(f->session, "institution_code", ""), SHK_OK);
    fakes_arrive(ARRIVAL_OQS, foreign);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_WAITING);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DONE);
}

static void a_watch_goes_on_behind_a_bad_answer(void **state) {
    struct stage *f = *state;
    use_folder(f);
    assert_int_equal(session_start(f->session, SHK_JOB_WATCH), SHK_OK);
    stage_expect(f, SHK_EVENT_WAITING);
    fakes_arrive(ARRIVAL_OQS, "<not xml");
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_XML);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "job.running"), 1);
    fakes_arrive(ARRIVAL_OQS, taro);
    stage_expect(f, SHK_EVENT_WAITING);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
    settled(2, 1);
    assert_int_equal(fakes.opened, 1);
}

static void one_persons_values_stay_until_the_host_goes_on(void **state) {
    struct stage *f = *state;
    use_folder(f);
    assert_int_equal(session_start(f->session, SHK_JOB_WATCH), SHK_OK);
    stage_expect(f, SHK_EVENT_WAITING);
    fakes_arrive(ARRIVAL_OQS, taro);
    fakes_arrive(ARRIVAL_OQS, hanako);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DONE);
    thread_sleep(500);
    assert_string_equal(stage_read(f, "record.name").text, "見本　太郎");
    stage_expect(f, SHK_EVENT_WAITING);
    stage_expect(f, SHK_EVENT_ANSWER);
    assert_string_equal(stage_read(f, "record.name").text, "見本　花子");
    stage_expect(f, SHK_EVENT_DONE);
}

static void a_place_that_cannot_be_used_is_told_once(void **state) {
    struct stage *f = *state;
    use_folder(f);
    fakes_fail_open(SHK_E_TERMINAL_FOLDER);
    assert_int_equal(session_start(f->session, SHK_JOB_WATCH), SHK_OK);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_TERMINAL_FOLDER);
    assert_int_equal(session_next_event(f->session, 2500), SHK_EVENT_NONE);
    fakes_fail_open(0);
    stage_expect(f, SHK_EVENT_WAITING);
    fakes_fail_once(SHK_E_CLIPBOARD);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_CLIPBOARD);
    fakes_arrive(ARRIVAL_OQS, taro);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DONE);
}

static void a_check_at_such_a_place_ends(void **state) {
    struct stage *f = *state;
    use_folder(f);
    fakes_fail_open(SHK_E_TERMINAL_FOLDER);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_FAULT);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_TERMINAL_FOLDER);
}

static void cancelling_while_nothing_comes_ends_at_once(void **state) {
    static const int32_t jobs[] = {SHK_JOB_CHECK, SHK_JOB_WATCH};
    struct stage *f = *state;
    use_folder(f);
    for (int32_t i = 0; i < 2; i++) {
        assert_int_equal(session_start(f->session, jobs[i]), SHK_OK);
        stage_expect(f, SHK_EVENT_WAITING);
        assert_int_equal(session_cancel(f->session), SHK_OK);
        if (jobs[i] == SHK_JOB_CHECK) {
            stage_expect(f, SHK_EVENT_FAULT);
        }
        stage_expect(f, SHK_EVENT_DONE);
        assert_int_equal(stage_number(f, "fault.code"), SHK_E_CANCELLED);
        assert_int_equal(stage_number(f, "job.running"), 0);
    }
}

static void a_blocking_check_takes_an_answer_without_a_pin(void **state) {
    struct stage *f = *state;
    use_folder(f);
    fakes_arrive(ARRIVAL_OQS, taro);
    assert_int_equal(session_check(f->session, "", 0, false, STAGE_PATIENCE_MS),
                     SHK_OUTCOME_ELIGIBLE);
    assert_string_equal(stage_read(f, "record.name").text, "見本　太郎");
    assert_int_equal(session_check(f->session, "", -1, false, 300), SHK_E_TIMEOUT);
    assert_int_equal(session_check(f->session, "12", 2, false, 300), SHK_E_PIN_FORMAT);
    assert_int_equal(session_set(f->session, "route", "demo"), SHK_OK);
    assert_int_equal(session_check(f->session, "", 0, false, STAGE_PATIENCE_MS), SHK_E_PIN_FORMAT);
}

static void the_apps_text_is_read_where_it_arrives(void **state) {
    struct stage *f = *state;
    use_folder(f);
    assert_int_equal(session_set(f->session, "route", "app"), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_WATCH), SHK_OK);
    stage_expect(f, SHK_EVENT_WAITING);
    fakes_arrive(ARRIVAL_APP, "not the app's");
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_APP_TEXT);
    stage_expect(f, SHK_EVENT_DONE);
    settled(1, 0);
}

#define TEXT(name, born)                                                                                                       \
    "資格情報\n確認日 : \t令和6年12月10日\n保険者番号\t06990014\n保険者名\t見本健康保険組合\n"    \
    "記号\t７７\n番号\t８８\n枝番\t00\nフリガナ\tミホン\n氏名\t" name "\n生年月日\t" born                                      \
    "\n性別\t男\n"                                                                                                          \
    "証区分\t被保険者証（一般）\n有効開始日\t令和2年4月1日\n資格取得年月日\t令和2年4月1日\n" \
    "本人・家族の別\t本人\n被保険者氏名\t" name "\n"

static void several_persons_in_one_text_come_one_after_the_other(void **state) {
    struct stage *f = *state;
    use_folder(f);
    assert_int_equal(session_set(f->session, "route", "app"), SHK_OK);
    fakes_arrive(ARRIVAL_APP,
                 TEXT("見本　太郎", "昭和55年1月2日") TEXT("見本　花子", "平成2年3月4日"));
    assert_int_equal(session_start(f->session, SHK_JOB_WATCH), SHK_OK);
    stage_expect(f, SHK_EVENT_WAITING);
    stage_expect(f, SHK_EVENT_ANSWER);
    assert_string_equal(stage_read(f, "record.name").text, "見本　太郎");
    assert_string_equal(stage_read(f, "source").text, "app");
    stage_expect(f, SHK_EVENT_NEXT);
    settled(0, 0);
    stage_expect(f, SHK_EVENT_ANSWER);
    assert_string_equal(stage_read(f, "record.name").text, "見本　花子");
    stage_expect(f, SHK_EVENT_DONE);
    settled(1, 1);
}

static void a_blocking_check_does_not_take_the_first_of_several_for_all(void **state) {
    struct stage *f = *state;
    use_folder(f);
    assert_int_equal(session_set(f->session, "route", "app"), SHK_OK);
    fakes_arrive(ARRIVAL_APP,
                 TEXT("見本　太郎", "昭和55年1月2日") TEXT("見本　花子", "平成2年3月4日"));
    assert_int_equal(session_check(f->session, "", 0, false, STAGE_PATIENCE_MS),
                     SHK_E_APP_CONTRADICTION);
    assert_string_equal(stage_read(f, "record.name").text, "(none)");
    settled(1, 0);
    fakes_arrive(ARRIVAL_APP, TEXT("見本　太郎", "昭和55年1月2日"));
    assert_int_equal(session_check(f->session, "", 0, false, STAGE_PATIENCE_MS),
                     SHK_OUTCOME_UNSTATED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        FAKES_CASE(a_check_takes_the_next_answer_and_no_card),
        FAKES_CASE(answers_between_two_checks_are_kept),
        FAKES_CASE(an_answer_that_waits_is_readable_after_a_cancel),
        FAKES_CASE(a_check_waits_only_so_long),
        FAKES_CASE(an_answer_for_another_institution_is_not_used),
        FAKES_CASE(without_an_institution_code_every_answer_is_ours),
        FAKES_CASE(a_watch_goes_on_behind_a_bad_answer),
        FAKES_CASE(one_persons_values_stay_until_the_host_goes_on),
        FAKES_CASE(a_place_that_cannot_be_used_is_told_once),
        FAKES_CASE(a_check_at_such_a_place_ends),
        FAKES_CASE(cancelling_while_nothing_comes_ends_at_once),
        FAKES_CASE(a_blocking_check_takes_an_answer_without_a_pin),
        FAKES_CASE(the_apps_text_is_read_where_it_arrives),
        FAKES_CASE(several_persons_in_one_text_come_one_after_the_other),
        FAKES_CASE(a_blocking_check_does_not_take_the_first_of_several_for_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
