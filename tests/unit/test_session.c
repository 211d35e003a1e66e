/* Sessions over a desk of fakes: what a host sees, in which order, and what never happens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

#include "session_stage.h"

#define WRONG "9999"

static const char *const wrong[] = {WRONG, "9998", "9997"};

static void a_check_runs_from_card_to_done(void **state) {
    struct stage *f = *state;
    stage_to_the_pin(f);
    assert_int_equal(stage_number(f, "pin.tries_left"), 3);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "outcome"), SHK_OUTCOME_ELIGIBLE);
    assert_string_equal(stage_read(f, "record.name").text, "見本　太郎");
    assert_int_equal(stage_number(f, "fault.code"), 0);
    assert_int_equal(stage_number(f, "card.apdus_after_pin"), 2);
    assert_int_equal(f->desk.card.verifies, 1);
    assert_true(f->desk.card.power_downs > 0);
    assert_false(f->desk.card.in_transaction);
}

static void the_pin_is_wiped_after_use(void **state) {
    static const struct pin nothing;
    struct stage *f = *state;
    stage_to_the_pin(f);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    while (stage_next(f) != SHK_EVENT_DONE) {
    }
    assert_memory_equal(f->session->pin, &nothing, sizeof nothing);
}

static void a_wrong_pin_is_told_and_asked_for_again(void **state) {
    struct stage *f = *state;
    stage_to_the_pin(f);
    assert_int_equal(session_answer_pin(f->session, WRONG, 4, false), SHK_OK);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_PIN_WRONG);
    assert_int_equal(stage_number(f, "pin.tries_left"), 2);
    stage_expect(f, SHK_EVENT_PIN);
    assert_int_equal(f->desk.card.verifies, 1);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
    assert_int_equal(f->desk.card.verifies, 2);
}

static void the_last_try_needs_a_word(void **state) {
    struct stage *f = *state;
    stage_to_the_pin(f);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(session_answer_pin(f->session, wrong[i], 4, false), SHK_OK);
        stage_expect(f, SHK_EVENT_FAULT);
        stage_expect(f, SHK_EVENT_PIN);
    }
    assert_int_equal(stage_number(f, "pin.tries_left"), 1);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_E_PIN_LAST_TRY);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_PIN_LAST_TRY);
    assert_int_equal(f->desk.card.verifies, 2);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, true), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DONE);
}

static void a_blocked_pin_is_told_before_any_is_asked_for(void **state) {
    struct stage *f = *state;
    stage_to_the_pin(f);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(session_answer_pin(f->session, wrong[i], 4, true), SHK_OK);
        stage_expect(f, SHK_EVENT_FAULT);
        if (i < 2) {
            stage_expect(f, SHK_EVENT_PIN);
        }
    }
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_PIN_BLOCKED);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_CARD);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_PIN_BLOCKED);
    assert_int_equal(f->desk.card.verifies, 3);
}

static void a_pin_that_is_not_four_digits_is_not_sent(void **state) {
    static const char *const bad[] = {"", "123", "12345", "12a4", " 123", "１２"};
    struct stage *f = *state;
    stage_to_the_pin(f);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(session_answer_pin(f->session, bad[i], -1, false), SHK_E_PIN_FORMAT);
    }
    assert_int_equal(f->desk.card.verifies, 0);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_E_STATE);
    stage_expect(f, SHK_EVENT_ASKING);
}

static void a_pin_that_never_comes_ends_with_its_time(void **state) {
    struct stage *f = *state;
    assert_int_equal(session_set(f->session, "pin_timeout_ms", "1000"), SHK_OK);
    stage_to_the_pin(f);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_PIN_TIMEOUT);
    stage_expect(f, SHK_EVENT_DONE);
    assert_false(f->desk.card.in_transaction);
}

static void a_card_taken_away_while_the_pin_is_awaited_is_told(void **state) {
    struct stage *f = *state;
    stage_to_the_pin(f);
    desk_place(&f->desk, false);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_CARD_REMOVED);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_E_STATE);
}

static void cancelling_at_the_pin_sends_nothing(void **state) {
    struct stage *f = *state;
    stage_to_the_pin(f);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_CANCELLED);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(f->desk.card.verifies, 0);
}

static void no_reader_no_service_and_no_card_are_three_things(void **state) {
    struct stage *f = *state;
    assert_int_equal(session_set(f->session, "card_timeout_ms", "1000"), SHK_OK);
    f->desk.no_service = true;
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_NO_SERVICE);
    stage_expect(f, SHK_EVENT_DONE);
    f->desk.no_service = false;
    f->desk.readers = 0;
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_NO_READER);
    stage_expect(f, SHK_EVENT_DONE);
    f->desk.readers = 1;
    assert_int_equal(session_set(f->session, "reader", "misspelt"), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_NO_READER);
    assert_string_equal(stage_read(f, "fault.where").text, "reader");
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(session_set(f->session, "reader", ""), SHK_OK);
    f->desk.placed = false;
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_WAITING);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_NO_CARD);
    stage_expect(f, SHK_EVENT_DONE);
}

static void a_watch_keeps_one_patients_values_until_the_host_goes_on(void **state) {
    struct stage *f = *state;
    assert_int_equal(session_start(f->session, SHK_JOB_WATCH), SHK_OK);
    for (int patient = 0; patient < 2; patient++) {
        int32_t event = stage_next(f);
        while (event == SHK_EVENT_WAITING || event == SHK_EVENT_REMOVED) {
            event = stage_next(f);
        }
        assert_int_equal(event, SHK_EVENT_CARD);
        stage_expect(f, SHK_EVENT_PIN);
        assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
        stage_expect(f, SHK_EVENT_ASKING);
        stage_expect(f, SHK_EVENT_ANSWER);
        stage_expect(f, SHK_EVENT_DONE);
        assert_int_equal(stage_number(f, "job.running"), 1);
        desk_place(&f->desk, false);
        thread_sleep(50);
        desk_place(&f->desk, true);
        thread_sleep(400);
        /* The next card lies there, yet these are still the values of the one before. */
        assert_string_equal(stage_read(f, "record.name").text, "見本　太郎");
        desk_place(&f->desk, false);
        stage_expect(f, SHK_EVENT_REMOVED);
        assert_string_equal(stage_read(f, "record.name").text, "(none)");
        desk_place(&f->desk, true);
    }
    assert_int_equal(session_cancel(f->session), SHK_OK);
    int32_t event = stage_next(f);
    while (event != SHK_EVENT_DONE || stage_number(f, "job.running") == 1) {
        assert_true(event > 0);
        event = stage_next(f);
    }
}

static void a_card_that_stays_is_checked_once(void **state) {
    struct stage *f = *state;
    assert_int_equal(session_start(f->session, SHK_JOB_WATCH), SHK_OK);
    stage_expect(f, SHK_EVENT_CARD);
    stage_expect(f, SHK_EVENT_PIN);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(session_next_event(f->session, 1000), SHK_EVENT_NONE);
    assert_int_equal(f->desk.card.connects, 1);
    desk_place(&f->desk, false);
    stage_expect(f, SHK_EVENT_REMOVED);
    stage_expect(f, SHK_EVENT_WAITING);
}

static void a_blocking_check_needs_no_events(void **state) {
    struct stage *f = *state;
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                     SHK_OUTCOME_ELIGIBLE);
    assert_string_equal(stage_read(f, "record.name").text, "見本　太郎");
    assert_int_equal(session_check(f->session, WRONG, 4, false, STAGE_PATIENCE_MS),
                     SHK_E_PIN_WRONG);
    assert_int_equal(f->desk.card.verifies, 2);
    assert_int_equal(stage_number(f, "pin.tries_left"), 2);
    assert_int_equal(session_check(f->session, "12", 2, false, STAGE_PATIENCE_MS),
                     SHK_E_PIN_FORMAT);
    desk_place(&f->desk, false);
    assert_int_equal(session_check(f->session, PIN, 4, false, 300), SHK_E_TIMEOUT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_TIMEOUT);
    assert_int_equal(f->desk.card.verifies, 2);
}

static void only_one_job_runs_at_a_time(void **state) {
    struct stage *f = *state;
    stage_to_the_pin(f);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_E_STATE);
    assert_int_equal(session_set(f->session, "reader", "x"), SHK_E_STATE);
    assert_int_equal(session_forget(f->session), SHK_E_STATE);
    assert_int_equal(session_check(f->session, PIN, 4, false, 10), SHK_E_STATE);
}

static void forgetting_wipes_the_values(void **state) {
    struct stage *f = *state;
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                     SHK_OUTCOME_ELIGIBLE);
    assert_int_equal(session_forget(f->session), SHK_OK);
    assert_string_equal(stage_read(f, "record.name").text, "(none)");
    assert_int_equal(stage_number(f, "outcome"), 0);
}

static void the_host_is_woken(void **state) {
    struct stage *f = *state;
    int fd = eventfd(0, EFD_NONBLOCK);
    uint64_t count = 0;
    assert_true(fd >= 0);
    assert_int_equal(session_wake(f->session, fd, 0), SHK_OK);
    stage_to_the_pin(f);
    assert_int_equal(read(fd, &count, sizeof count), sizeof count);
    assert_true(count >= 2);
    assert_int_equal(session_wake(f->session, -1, 0), SHK_OK);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(read(fd, &count, sizeof count), -1);
    close(fd);
}

static void a_host_that_asks_to_be_woken_late_is_woken_at_once(void **state) {
    struct stage *f = *state;
    int fd = eventfd(0, EFD_NONBLOCK);
    uint64_t count = 0;
    assert_true(fd >= 0);
    assert_int_equal(session_set(f->session, "reader", "none such"), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    thread_sleep(300); /* an event waits; should it not yet, it wakes as it comes */
    assert_int_equal(session_wake(f->session, fd, 0), SHK_OK);
    for (int i = 0; i < STAGE_PATIENCE_MS / 10 && count == 0; i++) {
        (void)!read(fd, &count, sizeof count);
        thread_sleep(count == 0 ? 10 : 0);
    }
    assert_true(count > 0);
    assert_int_equal(session_wake(f->session, -1, 0), SHK_OK);
    close(fd);
}

static void a_pin_of_a_check_that_does_not_begin_is_wiped(void **state) {
    struct stage *f = *state;
    assert_int_equal(session_set(f->session, "deliveries[1].adapter", "folder"), SHK_OK);
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                     SHK_E_CONFIG_VALUE);
    mutex_lock(f->session->lock);
    size_t left = f->session->pin->len;
    for (size_t i = 0; i < sizeof f->session->pin->digits; i++) {
        left += f->session->pin->digits[i] != 0;
    }
    mutex_unlock(f->session->lock);
    assert_int_equal(left, 0);
}

static void the_configuration_must_serve_the_job(void **state) {
    struct stage *f = *state;
    assert_int_equal(session_set(f->session, "card", "demo"), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_WATCH), SHK_E_CONFIG_VALUE);
    assert_string_equal(stage_read(f, "fault.where").text, "card");
    assert_int_equal(session_set(f->session, "route", "gateway"), SHK_OK);
    assert_int_equal(session_set(f->session, "card", "reader"), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_E_CONFIG_VALUE);
    assert_string_equal(stage_read(f, "fault.where").text, "institution_code");
    assert_int_equal(session_set(f->session, "no.such", "x"), SHK_E_CONFIG_KEY);
    assert_int_equal(session_set(f->session, "route", "elsewhere"), SHK_E_CONFIG_VALUE);
    assert_int_equal(session_start(f->session, 77), SHK_E_ARGUMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STAGE_CASE(a_check_runs_from_card_to_done),
        STAGE_CASE(the_pin_is_wiped_after_use),
        STAGE_CASE(a_wrong_pin_is_told_and_asked_for_again),
        STAGE_CASE(the_last_try_needs_a_word),
        STAGE_CASE(a_blocked_pin_is_told_before_any_is_asked_for),
        STAGE_CASE(a_pin_that_is_not_four_digits_is_not_sent),
        STAGE_CASE(a_pin_that_never_comes_ends_with_its_time),
        STAGE_CASE(a_card_taken_away_while_the_pin_is_awaited_is_told),
        STAGE_CASE(cancelling_at_the_pin_sends_nothing),
        STAGE_CASE(no_reader_no_service_and_no_card_are_three_things),
        STAGE_CASE(a_watch_keeps_one_patients_values_until_the_host_goes_on),
        STAGE_CASE(a_card_that_stays_is_checked_once),
        STAGE_CASE(a_blocking_check_needs_no_events),
        STAGE_CASE(only_one_job_runs_at_a_time),
        STAGE_CASE(forgetting_wipes_the_values),
        STAGE_CASE(the_host_is_woken),
        STAGE_CASE(a_host_that_asks_to_be_woken_late_is_woken_at_once),
        STAGE_CASE(a_pin_of_a_check_that_does_not_begin_is_wiped),
        STAGE_CASE(the_configuration_must_serve_the_job),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
