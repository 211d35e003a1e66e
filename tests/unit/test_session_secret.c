/* The passphrase of the device's key: asked for, used once, wiped. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "session_stage.h"

#define RIGHT "見本の鍵"

/* A device whose key opens with one passphrase only. */
static int32_t opens, closes;
static char tried[8][64];

static int32_t open_locked(void *self, const struct http_settings *settings, void **http,
                           struct fault *why) {
    text_copy(tried[opens++ % 8], sizeof tried[0], settings->client_secret);
    *http = NULL;
    if (!text_equal(settings->client_secret, RIGHT)) {
        return fault_raise(why, SHK_E_PASSPHRASE);
    }
    *http = self;
    return SHK_OK;
}

static int32_t perform(void *http, const struct http_request *rq, struct http_reply *rp,
                       struct fault *why) {
    return http_fake_ops.perform(http, rq, rp, why);
}

static void close_locked(void *http) {
    closes += http != NULL ? 1 : 0;
}

static const struct http_ops locked = {open_locked, perform, close_locked};

static int open_stage(void **state) {
    int rc = stage_open(state);
    struct stage *f = *state;
    opens = closes = 0;
    if (rc == 0) {
        f->desk.env.http = &locked;
        session_close(f->session);
        f->session = desk_session(&f->desk, TEST_DATA "/demo");
    }
    return rc;
}

static int32_t give(struct stage *f, const char *text) {
    return session_put(f->session, "secret", (const uint8_t *)text, strlen(text));
}

static void wiped(const struct stage *f) {
    static const char nothing[SECRET_MAX + 1];
    assert_memory_equal(f->session->secret.text, nothing, sizeof nothing);
}

static void the_passphrase_is_asked_for_before_the_card(void **state) {
    struct stage *f = *state;
    static struct http_fake_step steps[1];
    steps[0] = stage_challenge;
    stage_use_gateway(f, steps, 1);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_SECRET);
    assert_int_equal(f->desk.card.connects, 0);
    assert_int_equal(give(f, RIGHT), SHK_OK);
    stage_expect(f, SHK_EVENT_CARD);
    wiped(f);
    assert_int_equal(give(f, RIGHT), SHK_E_STATE);
    stage_expect(f, SHK_EVENT_PIN);
    assert_int_equal(opens, 2);
    assert_string_equal(tried[0], "");
    assert_string_equal(tried[1], RIGHT);
}

static void a_wrong_one_is_told_and_asked_for_again_three_times_at_most(void **state) {
    struct stage *f = *state;
    stage_use_gateway(f, NULL, 0);
    assert_int_equal(session_start(f->session, SHK_JOB_WATCH), SHK_OK);
    for (int i = 0; i < 3; i++) {
        stage_expect(f, SHK_EVENT_SECRET);
        assert_int_equal(give(f, "wrong"), SHK_OK);
        stage_expect(f, SHK_EVENT_FAULT);
        assert_int_equal(stage_number(f, "fault.code"), SHK_E_PASSPHRASE);
    }
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "job.running"), 0);
    assert_int_equal(opens, 4);
    assert_int_equal(f->desk.card.connects, 0);
    wiped(f);
}

static void one_that_never_comes_ends_with_its_time(void **state) {
    struct stage *f = *state;
    stage_use_gateway(f, NULL, 0);
    assert_int_equal(session_set(f->session, "pin_timeout_ms", "1000"), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_SECRET);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_PASSPHRASE);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(give(f, RIGHT), SHK_E_STATE);
    assert_int_equal(opens, 1);
}

static void cancelling_the_question_ends_the_job(void **state) {
    struct stage *f = *state;
    stage_use_gateway(f, NULL, 0);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_SECRET);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    assert_int_equal(give(f, RIGHT), SHK_E_STATE);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_CANCELLED);
    stage_expect(f, SHK_EVENT_DONE);
    wiped(f);
}

static void closing_while_it_is_asked_for_wipes_it(void **state) {
    struct stage *f = *state;
    stage_use_gateway(f, NULL, 0);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_SECRET);
    session_hold(f->session);
    session_close(f->session);
    assert_int_equal(give(f, RIGHT), SHK_E_SESSION);
    wiped(f);
    session_drop(f->session);
    f->session = NULL;
}

static void what_is_no_passphrase_leaves_the_question_open(void **state) {
    static char large[SECRET_MAX + 2];
    struct stage *f = *state;
    memset(large, 'x', SECRET_MAX + 1);
    stage_use_gateway(f, NULL, 0);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_SECRET);
    assert_int_equal(give(f, ""), SHK_E_INPUT);
    assert_int_equal(give(f, large), SHK_E_INPUT);
    assert_int_equal(give(f, RIGHT), SHK_OK);
    assert_int_equal(give(f, RIGHT), SHK_E_STATE);
    stage_expect(f, SHK_EVENT_CARD);
}

static void a_blocking_check_has_nobody_to_ask(void **state) {
    struct stage *f = *state;
    stage_use_gateway(f, NULL, 0);
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS), SHK_E_PASSPHRASE);
    assert_string_equal(stage_read(f, "fault.where").text, "gateway.client_secret");
    assert_int_equal(opens, 1);
    assert_int_equal(f->desk.card.verifies, 0);
}

static void a_configured_one_that_is_wrong_is_not_asked_for(void **state) {
    struct stage *f = *state;
    stage_use_gateway(f, NULL, 0);
    assert_int_equal(session_set(f->session, "gateway.client_secret", "wrong"), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_PASSPHRASE);
    assert_string_equal(stage_read(f, "fault.where").text, "gateway.client_secret");
    stage_expect(f, SHK_EVENT_DONE);
}

static void the_next_job_does_not_ask_again(void **state) {
    struct stage *f = *state;
    static struct http_fake_step steps[2];
    steps[0] = steps[1] = stage_challenge;
    stage_use_gateway(f, steps, 2);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_SECRET);
    assert_int_equal(give(f, RIGHT), SHK_OK);
    stage_expect(f, SHK_EVENT_CARD);
    stage_expect(f, SHK_EVENT_PIN);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    stage_expect(f, SHK_EVENT_FAULT);
    stage_expect(f, SHK_EVENT_DONE);
    stage_to_the_pin(f);
    assert_int_equal(opens, 2);
    assert_int_equal(closes, 0);
}

struct closer {
    struct session *session;
    int32_t after_ms;
};

static void cancel_and_close(void *self) {
    const struct closer *c = self;
    thread_sleep(c->after_ms);
    (void)session_cancel(c->session);
    session_close(c->session);
}

/* Whatever meets whatever: the question, its answer, the cancel, the close. */
static void closing_at_any_moment_leaves_no_passphrase(void **state) {
    struct stage *f = *state;
    for (int32_t ms = 0; ms < 20; ms++) {
        struct closer closer = {f->session, ms / 4};
        stage_use_gateway(f, NULL, 0);
        session_hold(f->session);
        assert_int_equal(session_start(f->session, SHK_JOB_WATCH), SHK_OK);
        struct thread *thread = thread_start(cancel_and_close, &closer);
        assert_non_null(thread);
        for (int32_t event = 0; event >= 0 && event != SHK_EVENT_DONE;) {
            event = session_next_event(f->session, 1000);
            (void)give(f, ms % 2 == 0 ? RIGHT : "wrong");
        }
        assert_true(thread_join(thread, STAGE_PATIENCE_MS));
        wiped(f);
        session_drop(f->session);
        desk_end_hang(&f->desk);
        f->session = desk_session(&f->desk, TEST_DATA "/demo");
        assert_non_null(f->session);
    }
}

#define SECRET_CASE(name) cmocka_unit_test_setup_teardown(name, open_stage, stage_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        SECRET_CASE(the_passphrase_is_asked_for_before_the_card),
        SECRET_CASE(a_wrong_one_is_told_and_asked_for_again_three_times_at_most),
        SECRET_CASE(one_that_never_comes_ends_with_its_time),
        SECRET_CASE(cancelling_the_question_ends_the_job),
        SECRET_CASE(closing_while_it_is_asked_for_wipes_it),
        SECRET_CASE(what_is_no_passphrase_leaves_the_question_open),
        SECRET_CASE(a_blocking_check_has_nobody_to_ask),
        SECRET_CASE(a_configured_one_that_is_wrong_is_not_asked_for),
        SECRET_CASE(the_next_job_does_not_ask_again),
        SECRET_CASE(closing_at_any_moment_leaves_no_passphrase),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
