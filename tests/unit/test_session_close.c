/* Closing: within two seconds in every state, and nothing stays behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "handles.h"
#include "platform.h"
#include "session_stage.h"

static int64_t close_time(struct stage *f) {
    int64_t started = platform_clock.mono_ms(NULL);
    session_close(f->session);
    f->session = NULL;
    return platform_clock.mono_ms(NULL) - started;
}

static void closing_while_a_card_is_awaited_takes_less_than_two_seconds(void **state) {
    struct stage *f = *state;
    f->desk.placed = false;
    assert_int_equal(session_start(f->session, SHK_JOB_WATCH), SHK_OK);
    stage_expect(f, SHK_EVENT_WAITING);
    assert_true(close_time(f) < STAGE_CLOSE_MS);
}

static void closing_while_the_pin_is_awaited_takes_less_than_two_seconds(void **state) {
    struct stage *f = *state;
    stage_to_the_pin(f);
    assert_true(close_time(f) < STAGE_CLOSE_MS);
    assert_false(f->desk.card.in_transaction);
}

static void closing_after_events_nobody_took_takes_less_than_two_seconds(void **state) {
    struct stage *f = *state;
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                     SHK_OUTCOME_ELIGIBLE);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    thread_sleep(100);
    assert_true(close_time(f) < STAGE_CLOSE_MS);
}

static void closing_while_a_card_command_hangs_takes_less_than_two_seconds(void **state) {
    struct stage *f = *state;
    desk_hang(&f->desk, 2);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_CARD);
    desk_await_hanging(&f->desk);
    assert_true(close_time(f) < STAGE_CLOSE_MS);
    /* The driver comes back at last; the worker then ends by itself and frees the session. */
    desk_end_hang(&f->desk);
    assert_false(f->desk.card.in_transaction);
}

static void closing_while_the_gateway_is_silent_takes_less_than_two_seconds(void **state) {
    struct stage *f = *state;
    const struct http_fake_step steps[] = {stage_challenge, {.until_stop = true}};
    stage_use_gateway(f, steps, 2);
    stage_to_the_pin(f);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
    /* The card may have to sign again: nobody else gets at it until then. */
    assert_true(f->desk.card.in_transaction);
    assert_true(close_time(f) < STAGE_CLOSE_MS);
    desk_end_hang(&f->desk);
    assert_false(f->desk.card.in_transaction);
    assert_true(f->desk.card.power_downs > 0);
}

/* A host that takes no events any more, with a PIN under way. Returns when the worker has to wait for it. */
static void stall_the_host(struct stage *f, const char *pin) {
    stage_to_the_pin(f);
    for (int i = 0; i < EVENTS_MAX; i++) {
        session_post(f->session, SHK_EVENT_OUTBOX);
    }
    assert_int_equal(session_answer_pin(f->session, pin, 4, false), SHK_OK);
    bool sent = false;
    for (int i = 0; !sent && i < STAGE_PATIENCE_MS / 10; i++) {
        thread_sleep(10);
        mutex_lock(f->session->lock);
        sent = f->session->values.apdus_after_pin > 0;
        mutex_unlock(f->session->lock);
    }
    assert_true(sent);
    thread_sleep(50);
    mutex_lock(f->session->lock);
    size_t waiting = f->session->events_n;
    mutex_unlock(f->session->lock);
    assert_int_equal(waiting, EVENTS_MAX);
}

static void await_the_end(struct stage *f) {
    int running = 1;
    for (int i = 0; running != 0 && i < STAGE_PATIENCE_MS / 10; i++) {
        thread_sleep(10);
        mutex_lock(f->session->lock);
        running = f->session->job;
        mutex_unlock(f->session->lock);
    }
    assert_int_equal(running, 0);
    assert_false(f->desk.card.in_transaction);
    for (int i = 0; i < EVENTS_MAX; i++) {
        stage_expect(f, SHK_EVENT_OUTBOX);
    }
}

static void expect_cancelled(struct stage *f) {
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_CANCELLED);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_CANCELLED);
    assert_int_equal(session_next_event(f->session, 0), SHK_EVENT_NONE);
}

static void a_cancel_frees_the_card_although_nobody_takes_the_events(void **state) {
    struct stage *f = *state;
    stall_the_host(f, PIN);
    assert_true(f->desk.card.in_transaction);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    await_the_end(f);
    expect_cancelled(f);
}

static void a_wrong_pin_is_told_behind_a_full_queue_too(void **state) {
    struct stage *f = *state;
    stall_the_host(f, "9999");
    assert_int_equal(session_cancel(f->session), SHK_OK);
    await_the_end(f);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_PIN_WRONG);
    expect_cancelled(f);
    /* What is left of the queue serves the next job. */
    stage_to_the_pin(f);
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
    struct stage *f = *state;
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
            assert_int_equal(session_check(held, PIN, 4, false, STAGE_PATIENCE_MS),
                             SHK_OUTCOME_ELIGIBLE);
        }
        session_drop(held);
        assert_ptr_equal(handle_remove(handle), s);
        session_close(s);
        assert_null(handle_hold(handle));
        assert_null(handle_remove(handle));
    }
    assert_int_equal(open_descriptors(), before);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STAGE_CASE(closing_while_a_card_is_awaited_takes_less_than_two_seconds),
        STAGE_CASE(closing_while_the_pin_is_awaited_takes_less_than_two_seconds),
        STAGE_CASE(closing_after_events_nobody_took_takes_less_than_two_seconds),
        STAGE_CASE(closing_while_a_card_command_hangs_takes_less_than_two_seconds),
        STAGE_CASE(closing_while_the_gateway_is_silent_takes_less_than_two_seconds),
        STAGE_CASE(a_cancel_frees_the_card_although_nobody_takes_the_events),
        STAGE_CASE(a_wrong_pin_is_told_behind_a_full_queue_too),
        STAGE_CASE(a_thousand_sessions_leave_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
