/* Sessions over a desk of fakes: what a host sees, in which order, and what never happens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

#include "desk.h"
#include "handles.h"
#include "platform.h"
#include "values.h"
#include "virtual_card.h"

#define PIN   "1234"
#define WRONG "9999"

static const char *profile;

struct fixture {
    struct desk desk;
    struct session *session;
};

static int open_desk(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    if (f == NULL || !desk_init(&f->desk, profile)) {
        return -1;
    }
    f->session = desk_session(&f->desk, TEST_DATA "/demo");
    *state = f;
    return f->session != NULL ? 0 : -1;
}

static int close_desk(void **state) {
    struct fixture *f = *state;
    if (f->session != NULL) {
        session_close(f->session);
    }
    desk_clear(&f->desk);
    free(f);
    return 0;
}

static int32_t next(struct fixture *f) {
    return session_next_event(f->session, 5000);
}

static void expect(struct fixture *f, int32_t event) {
    assert_int_equal(next(f), event);
}

static struct reading read_path(struct fixture *f, const char *path) {
    struct reading r;
    mutex_lock(f->session->lock);
    int32_t rc = values_read(f->session, path, strlen(path), &r);
    mutex_unlock(f->session->lock);
    if (rc != SHK_OK) {
        r.text = "(none)";
        r.number = rc;
    }
    return r;
}

static int32_t number(struct fixture *f, const char *path) {
    return (int32_t)read_path(f, path).number;
}

static void to_the_pin(struct fixture *f) {
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    expect(f, SHK_EVENT_CARD);
    expect(f, SHK_EVENT_PIN);
}

static void a_check_runs_from_card_to_done(void **state) {
    struct fixture *f = *state;
    to_the_pin(f);
    assert_int_equal(number(f, "pin.tries_left"), 3);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    expect(f, SHK_EVENT_ASKING);
    expect(f, SHK_EVENT_ANSWER);
    expect(f, SHK_EVENT_DONE);
    assert_int_equal(number(f, "outcome"), SHK_OUTCOME_ELIGIBLE);
    assert_string_equal(read_path(f, "record.name").text, "見本　太郎");
    assert_int_equal(number(f, "fault.code"), 0);
    assert_int_equal(number(f, "card.apdus_after_pin"), 3);
    assert_int_equal(f->desk.card.verifies, 1);
    assert_true(f->desk.card.power_downs > 0);
    assert_false(f->desk.card.in_transaction);
}

static void the_pin_is_wiped_after_use(void **state) {
    static const struct pin nothing;
    struct fixture *f = *state;
    to_the_pin(f);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    while (next(f) != SHK_EVENT_DONE) {
    }
    assert_memory_equal(f->session->pin, &nothing, sizeof nothing);
}

static void a_wrong_pin_is_told_and_asked_for_again(void **state) {
    struct fixture *f = *state;
    to_the_pin(f);
    assert_int_equal(session_answer_pin(f->session, WRONG, 4, false), SHK_OK);
    expect(f, SHK_EVENT_FAULT);
    assert_int_equal(number(f, "fault.code"), SHK_E_PIN_WRONG);
    assert_int_equal(number(f, "pin.tries_left"), 2);
    expect(f, SHK_EVENT_PIN);
    assert_int_equal(f->desk.card.verifies, 1);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    expect(f, SHK_EVENT_ASKING);
    expect(f, SHK_EVENT_ANSWER);
    expect(f, SHK_EVENT_DONE);
    assert_int_equal(number(f, "fault.code"), 0);
    assert_int_equal(f->desk.card.verifies, 2);
}

static void the_last_try_needs_a_word(void **state) {
    struct fixture *f = *state;
    to_the_pin(f);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(session_answer_pin(f->session, WRONG, 4, false), SHK_OK);
        expect(f, SHK_EVENT_FAULT);
        expect(f, SHK_EVENT_PIN);
    }
    assert_int_equal(number(f, "pin.tries_left"), 1);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_E_PIN_LAST_TRY);
    assert_int_equal(number(f, "fault.code"), SHK_E_PIN_LAST_TRY);
    assert_int_equal(f->desk.card.verifies, 2);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, true), SHK_OK);
    expect(f, SHK_EVENT_ASKING);
    expect(f, SHK_EVENT_ANSWER);
    expect(f, SHK_EVENT_DONE);
}

static void a_blocked_pin_is_told_before_any_is_asked_for(void **state) {
    struct fixture *f = *state;
    to_the_pin(f);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(session_answer_pin(f->session, WRONG, 4, true), SHK_OK);
        expect(f, SHK_EVENT_FAULT);
        if (i < 2) {
            expect(f, SHK_EVENT_PIN);
        }
    }
    assert_int_equal(number(f, "fault.code"), SHK_E_PIN_BLOCKED);
    expect(f, SHK_EVENT_DONE);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    expect(f, SHK_EVENT_CARD);
    expect(f, SHK_EVENT_FAULT);
    assert_int_equal(number(f, "fault.code"), SHK_E_PIN_BLOCKED);
    assert_int_equal(f->desk.card.verifies, 3);
}

static void a_pin_that_is_not_four_digits_is_not_sent(void **state) {
    static const char *const bad[] = {"", "123", "12345", "12a4", " 123", "１２"};
    struct fixture *f = *state;
    to_the_pin(f);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(session_answer_pin(f->session, bad[i], -1, false), SHK_E_PIN_FORMAT);
    }
    assert_int_equal(f->desk.card.verifies, 0);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_E_STATE);
    expect(f, SHK_EVENT_ASKING);
}

static void a_pin_that_never_comes_ends_with_its_time(void **state) {
    struct fixture *f = *state;
    assert_int_equal(session_set(f->session, "pin_timeout_ms", "1000"), SHK_OK);
    to_the_pin(f);
    expect(f, SHK_EVENT_FAULT);
    assert_int_equal(number(f, "fault.code"), SHK_E_PIN_TIMEOUT);
    expect(f, SHK_EVENT_DONE);
    assert_false(f->desk.card.in_transaction);
}

static void a_card_taken_away_while_the_pin_is_awaited_is_told(void **state) {
    struct fixture *f = *state;
    to_the_pin(f);
    desk_place(&f->desk, false);
    expect(f, SHK_EVENT_FAULT);
    assert_int_equal(number(f, "fault.code"), SHK_E_CARD_REMOVED);
    expect(f, SHK_EVENT_DONE);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_E_STATE);
}

static void cancelling_at_the_pin_sends_nothing(void **state) {
    struct fixture *f = *state;
    to_the_pin(f);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    expect(f, SHK_EVENT_FAULT);
    assert_int_equal(number(f, "fault.code"), SHK_E_CANCELLED);
    expect(f, SHK_EVENT_DONE);
    assert_int_equal(f->desk.card.verifies, 0);
}

static void no_reader_no_service_and_no_card_are_three_things(void **state) {
    struct fixture *f = *state;
    assert_int_equal(session_set(f->session, "card_timeout_ms", "1000"), SHK_OK);
    f->desk.no_service = true;
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    expect(f, SHK_EVENT_FAULT);
    assert_int_equal(number(f, "fault.code"), SHK_E_NO_SERVICE);
    expect(f, SHK_EVENT_DONE);
    f->desk.no_service = false;
    f->desk.readers = 0;
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    expect(f, SHK_EVENT_FAULT);
    assert_int_equal(number(f, "fault.code"), SHK_E_NO_READER);
    expect(f, SHK_EVENT_DONE);
    f->desk.readers = 1;
    f->desk.placed = false;
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    expect(f, SHK_EVENT_WAITING);
    expect(f, SHK_EVENT_FAULT);
    assert_int_equal(number(f, "fault.code"), SHK_E_NO_CARD);
    expect(f, SHK_EVENT_DONE);
}

static void a_watch_keeps_one_patients_values_until_the_host_goes_on(void **state) {
    struct fixture *f = *state;
    assert_int_equal(session_start(f->session, SHK_JOB_WATCH), SHK_OK);
    for (int patient = 0; patient < 2; patient++) {
        int32_t event = next(f);
        while (event == SHK_EVENT_WAITING || event == SHK_EVENT_REMOVED) {
            event = next(f);
        }
        assert_int_equal(event, SHK_EVENT_CARD);
        expect(f, SHK_EVENT_PIN);
        assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
        expect(f, SHK_EVENT_ASKING);
        expect(f, SHK_EVENT_ANSWER);
        expect(f, SHK_EVENT_DONE);
        assert_int_equal(number(f, "job.running"), 1);
        desk_place(&f->desk, false);
        thread_sleep(50);
        desk_place(&f->desk, true);
        thread_sleep(400);
        /* The next card lies there, yet these are still the values of the one before. */
        assert_string_equal(read_path(f, "record.name").text, "見本　太郎");
        desk_place(&f->desk, false);
        assert_int_equal(session_next_event(f->session, 400), SHK_EVENT_REMOVED);
        assert_string_equal(read_path(f, "record.name").text, "(none)");
        desk_place(&f->desk, true);
    }
    assert_int_equal(session_cancel(f->session), SHK_OK);
    int32_t event = next(f);
    while (event != SHK_EVENT_DONE || number(f, "job.running") == 1) {
        assert_true(event > 0);
        event = next(f);
    }
}

static void a_card_that_stays_is_checked_once(void **state) {
    struct fixture *f = *state;
    assert_int_equal(session_start(f->session, SHK_JOB_WATCH), SHK_OK);
    expect(f, SHK_EVENT_CARD);
    expect(f, SHK_EVENT_PIN);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    expect(f, SHK_EVENT_ASKING);
    expect(f, SHK_EVENT_ANSWER);
    expect(f, SHK_EVENT_DONE);
    assert_int_equal(session_next_event(f->session, 1000), SHK_EVENT_NONE);
    assert_int_equal(f->desk.card.connects, 1);
    desk_place(&f->desk, false);
    expect(f, SHK_EVENT_REMOVED);
    expect(f, SHK_EVENT_WAITING);
}

static void a_blocking_check_needs_no_events(void **state) {
    struct fixture *f = *state;
    assert_int_equal(session_check(f->session, PIN, 4, false, 5000), SHK_OUTCOME_ELIGIBLE);
    assert_string_equal(read_path(f, "record.name").text, "見本　太郎");
    assert_int_equal(session_check(f->session, WRONG, 4, false, 5000), SHK_E_PIN_WRONG);
    assert_int_equal(f->desk.card.verifies, 2);
    assert_int_equal(number(f, "pin.tries_left"), 2);
    assert_int_equal(session_check(f->session, "12", 2, false, 5000), SHK_E_PIN_FORMAT);
    desk_place(&f->desk, false);
    assert_int_equal(session_check(f->session, PIN, 4, false, 300), SHK_E_TIMEOUT);
    assert_int_equal(number(f, "fault.code"), SHK_E_TIMEOUT);
    assert_int_equal(f->desk.card.verifies, 2);
}

static void only_one_job_runs_at_a_time(void **state) {
    struct fixture *f = *state;
    to_the_pin(f);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_E_STATE);
    assert_int_equal(session_set(f->session, "reader", "x"), SHK_E_STATE);
    assert_int_equal(session_forget(f->session), SHK_E_STATE);
    assert_int_equal(session_check(f->session, PIN, 4, false, 10), SHK_E_STATE);
}

static void forgetting_wipes_the_values(void **state) {
    struct fixture *f = *state;
    assert_int_equal(session_check(f->session, PIN, 4, false, 5000), SHK_OUTCOME_ELIGIBLE);
    assert_int_equal(session_forget(f->session), SHK_OK);
    assert_string_equal(read_path(f, "record.name").text, "(none)");
    assert_int_equal(number(f, "outcome"), 0);
}

static void the_host_is_woken(void **state) {
    struct fixture *f = *state;
    int fd = eventfd(0, EFD_NONBLOCK);
    uint64_t count = 0;
    assert_true(fd >= 0);
    assert_int_equal(session_wake(f->session, fd, 0), SHK_OK);
    to_the_pin(f);
    assert_int_equal(read(fd, &count, sizeof count), sizeof count);
    assert_true(count >= 2);
    assert_int_equal(session_wake(f->session, -1, 0), SHK_OK);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    expect(f, SHK_EVENT_FAULT);
    assert_int_equal(read(fd, &count, sizeof count), -1);
    close(fd);
}

static int64_t close_time(struct fixture *f) {
    int64_t started = platform_clock.mono_ms(NULL);
    session_close(f->session);
    f->session = NULL;
    return platform_clock.mono_ms(NULL) - started;
}

static void closing_while_a_card_is_awaited_takes_less_than_two_seconds(void **state) {
    struct fixture *f = *state;
    f->desk.placed = false;
    assert_int_equal(session_start(f->session, SHK_JOB_WATCH), SHK_OK);
    expect(f, SHK_EVENT_WAITING);
    assert_true(close_time(f) < 2000);
}

static void closing_while_the_pin_is_awaited_takes_less_than_two_seconds(void **state) {
    struct fixture *f = *state;
    to_the_pin(f);
    assert_true(close_time(f) < 2000);
    assert_false(f->desk.card.in_transaction);
}

static void closing_after_events_nobody_took_takes_less_than_two_seconds(void **state) {
    struct fixture *f = *state;
    assert_int_equal(session_check(f->session, PIN, 4, false, 5000), SHK_OUTCOME_ELIGIBLE);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    thread_sleep(100);
    assert_true(close_time(f) < 2000);
}

static void closing_while_a_card_command_hangs_takes_less_than_two_seconds(void **state) {
    struct fixture *f = *state;
    f->desk.hang_at = 3;
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    expect(f, SHK_EVENT_CARD);
    while (!f->desk.hanging) {
        thread_sleep(5);
    }
    assert_true(close_time(f) < 2000);
    /* The driver comes back at last; the worker then ends by itself and frees the session. */
    mutex_lock(f->desk.lock);
    f->desk.free_hang = true;
    mutex_unlock(f->desk.lock);
    while (f->desk.card.disconnects == 0) {
        thread_sleep(5);
    }
    thread_sleep(100);
}

static void use_gateway(struct fixture *f, const struct http_fake_step *steps, size_t n) {
    http_fake_script(&f->desk.http, steps, n);
    assert_int_equal(session_set(f->session, "route", "gateway"), SHK_OK);
    assert_int_equal(session_set(f->session, "institution_code", "9919999999"), SHK_OK);
    assert_int_equal(session_set(f->session, "gateway.url", "https://localhost"), SHK_OK);
    assert_int_equal(session_set(f->session, "gateway.client_cert", "/device.pem"), SHK_OK);
}

static const struct http_fake_step challenge = {
    .status = 201,
    .content_type = "application/json",
    .body = "{\"challenge\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"expires_in\":120}"};

static void closing_while_the_gateway_is_silent_takes_less_than_two_seconds(void **state) {
    struct fixture *f = *state;
    const struct http_fake_step steps[] = {challenge, {.until_stop = true}};
    use_gateway(f, steps, 2);
    to_the_pin(f);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    expect(f, SHK_EVENT_ASKING);
    assert_true(close_time(f) < 2000);
}

static void a_gateway_that_is_down_costs_no_pin(void **state) {
    struct fixture *f = *state;
    const struct http_fake_step steps[] = {{.fault = SHK_E_GATEWAY_UNREACHABLE}};
    use_gateway(f, steps, 1);
    to_the_pin(f);
    expect(f, SHK_EVENT_FAULT);
    assert_int_equal(number(f, "fault.code"), SHK_E_GATEWAY_UNREACHABLE);
    expect(f, SHK_EVENT_DONE);
    assert_int_equal(f->desk.card.verifies, 0);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_E_STATE);
}

static void a_challenge_that_would_die_on_the_way_is_fetched_anew(void **state) {
    struct fixture *f = *state;
    struct http_fake_step old = challenge;
    old.body = "{\"challenge\":\"BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB\",\"expires_in\":5}";
    const struct http_fake_step steps[] = {old, challenge, {.fault = SHK_E_GATEWAY_TIMEOUT}};
    use_gateway(f, steps, 3);
    to_the_pin(f);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    expect(f, SHK_EVENT_ASKING);
    while (next(f) != SHK_EVENT_DONE) {
    }
    assert_true(f->desk.http.seen_n >= 3);
    assert_non_null(strstr(bytes_text(&f->desk.http.seen[2].body), "AAAAAAAA"));
    assert_null(strstr(bytes_text(&f->desk.http.seen[2].body), "BBBBBBBB"));
}

static void an_answer_for_somebody_else_is_not_used(void **state) {
    struct fixture *f = *state;
    const struct http_fake_step steps[] = {
        challenge,
        {.status = 200,
         .content_type = "application/xml",
         .body =
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader>"
             "<QualificationConfirmationDate>20250602</QualificationConfirmationDate>"
             "<MedicalInstitutionCode>9919999999</MedicalInstitutionCode>"
             "<SegmentOfResult>1</SegmentOfResult><CharacterCodeIdentifier>0"
             "</CharacterCodeIdentifier></MessageHeader><MessageBody><ProcessingResultStatus>1"
             "</ProcessingResultStatus><QualificationValidity>1</QualificationValidity><ResultList>"
             "<ResultOfQualificationConfirmation><Name>見本　次郎</Name>"
             "</ResultOfQualificationConfirmation></ResultList></MessageBody></XmlMsg>"}};
    use_gateway(f, steps, 2);
    assert_int_equal(session_check(f->session, PIN, 4, false, 5000), SHK_E_ANSWER_FOREIGN);
    assert_string_equal(read_path(f, "record.name").text, "(none)");
    assert_int_equal(number(f, "outcome"), 0);
}

static size_t open_descriptors(void) {
    size_t count = 0;
    char path[64];
    for (int fd = 0; fd < 256; fd++) {
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        count += access(path, F_OK) == 0;
    }
    return count;
}

static void a_thousand_sessions_leave_nothing_behind(void **state) {
    struct fixture *f = *state;
    size_t before = open_descriptors();
    int32_t last = 0;
    for (int i = 0; i < 1000; i++) {
        struct session *s = desk_session(&f->desk, TEST_DATA "/demo");
        assert_non_null(s);
        int32_t handle = handle_add(s);
        assert_true(handle > 0 && handle != last);
        last = handle;
        struct session *held = handle_hold(handle);
        assert_ptr_equal(held, s);
        if (i % 100 == 0) {
            assert_int_equal(session_check(held, PIN, 4, false, 5000), SHK_OUTCOME_ELIGIBLE);
        }
        session_drop(held);
        assert_ptr_equal(handle_remove(handle), s);
        session_close(s);
        assert_null(handle_hold(handle));
        assert_null(handle_remove(handle));
    }
    assert_int_equal(open_descriptors(), before);
}

static void the_configuration_must_serve_the_job(void **state) {
    struct fixture *f = *state;
    assert_int_equal(session_set(f->session, "card", "demo"), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_WATCH), SHK_E_CONFIG_VALUE);
    assert_string_equal(read_path(f, "fault.where").text, "card");
    assert_int_equal(session_set(f->session, "route", "gateway"), SHK_OK);
    assert_int_equal(session_set(f->session, "card", "reader"), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_E_CONFIG_VALUE);
    assert_string_equal(read_path(f, "fault.where").text, "institution_code");
    assert_int_equal(session_set(f->session, "no.such", "x"), SHK_E_CONFIG_KEY);
    assert_int_equal(session_set(f->session, "route", "elsewhere"), SHK_E_CONFIG_VALUE);
    assert_int_equal(session_start(f->session, 77), SHK_E_ARGUMENT);
}

int main(void) {
    profile = getenv("CARD_PROFILE");
#define CASE(name) cmocka_unit_test_setup_teardown(name, open_desk, close_desk)
    const struct CMUnitTest tests[] = {
        CASE(a_check_runs_from_card_to_done),
        CASE(the_pin_is_wiped_after_use),
        CASE(a_wrong_pin_is_told_and_asked_for_again),
        CASE(the_last_try_needs_a_word),
        CASE(a_blocked_pin_is_told_before_any_is_asked_for),
        CASE(a_pin_that_is_not_four_digits_is_not_sent),
        CASE(a_pin_that_never_comes_ends_with_its_time),
        CASE(a_card_taken_away_while_the_pin_is_awaited_is_told),
        CASE(cancelling_at_the_pin_sends_nothing),
        CASE(no_reader_no_service_and_no_card_are_three_things),
        CASE(a_watch_keeps_one_patients_values_until_the_host_goes_on),
        CASE(a_card_that_stays_is_checked_once),
        CASE(a_blocking_check_needs_no_events),
        CASE(only_one_job_runs_at_a_time),
        CASE(forgetting_wipes_the_values),
        CASE(the_host_is_woken),
        CASE(closing_while_a_card_is_awaited_takes_less_than_two_seconds),
        CASE(closing_while_the_pin_is_awaited_takes_less_than_two_seconds),
        CASE(closing_after_events_nobody_took_takes_less_than_two_seconds),
        CASE(closing_while_a_card_command_hangs_takes_less_than_two_seconds),
        CASE(closing_while_the_gateway_is_silent_takes_less_than_two_seconds),
        CASE(a_gateway_that_is_down_costs_no_pin),
        CASE(a_challenge_that_would_die_on_the_way_is_fetched_anew),
        CASE(an_answer_for_somebody_else_is_not_used),
        CASE(a_thousand_sessions_leave_nothing_behind),
        CASE(the_configuration_must_serve_the_job),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
