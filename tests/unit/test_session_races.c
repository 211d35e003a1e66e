/* Threads that meet in one session: a host that cancels, closes or asks while the worker is at work. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

#include "handles.h"
#include "platform.h"
#include "session_stage.h"
#include "shikaku/shikaku.h"
#include "virtual_card.h"

#define HOSTS  6
#define ROUNDS 5

/* Takes the events of one job as a host does and reads what it likes in between. 0 after DONE, else the
 * code that ended it. */
static int32_t serve(shk_session s) {
    char text[256];
    for (;;) {
        int32_t event = shk_next_event(s, STAGE_PATIENCE_MS);
        (void)shk_text(s, "record.name", -1, text, sizeof text);
        (void)shk_text(s, "fault.message", -1, text, sizeof text);
        (void)shk_text(s, "card.reader", -1, text, sizeof text);
        (void)shk_count(s, "records", -1);
        if (event == SHK_EVENT_PIN) {
            (void)shk_answer_pin(s, PIN, 4, 0);
        } else if (event == SHK_EVENT_DONE || event <= 0) {
            return event == SHK_EVENT_DONE ? 0 : event;
        }
    }
}

/* A host's second thread, which cancels and closes after a while. */
struct closer {
    shk_session session;
    int32_t after_ms;
    int32_t taken_ms;
};

static void cancel_and_close(void *self) {
    struct closer *c = self;
    thread_sleep(c->after_ms);
    int64_t started = platform_clock.mono_ms(NULL);
    (void)shk_cancel(c->session);
    (void)shk_close(c->session);
    c->taken_ms = (int32_t)(platform_clock.mono_ms(NULL) - started);
}

static shk_session give_handle(struct stage *f) {
    shk_session s = handle_add(f->session);
    assert_true(s > 0);
    f->session = NULL; /* closed by its handle */
    return s;
}

static void closing_at_any_moment_costs_no_try(void **state) {
    struct stage *f = *state;
    for (int32_t ms = 0; ms < 40; ms++) {
        struct closer closer = {.session = give_handle(f), .after_ms = ms};
        struct thread *thread = thread_start(cancel_and_close, &closer);
        assert_non_null(thread);
        for (int32_t rc = 0; rc == 0;) {
            rc = shk_start(closer.session, SHK_JOB_CHECK);
            rc = rc == SHK_OK ? serve(closer.session) : rc;
        }
        assert_true(thread_join(thread, STAGE_PATIENCE_MS));
        assert_true(closer.taken_ms < STAGE_CLOSE_MS);
        assert_int_equal(shk_next_event(closer.session, 0), SHK_E_SESSION);
        desk_end_hang(&f->desk);
        assert_false(f->desk.card.in_transaction);
        assert_int_equal(vcard_pin_tries(f->desk.card.card), 3);
        f->session = desk_session(&f->desk, TEST_DATA "/demo");
        assert_non_null(f->session);
    }
}

static void a_blocking_check_ends_when_another_thread_closes(void **state) {
    struct stage *f = *state;
    desk_place(&f->desk, false);
    struct closer closer = {.session = give_handle(f), .after_ms = 100};
    struct thread *thread = thread_start(cancel_and_close, &closer);
    assert_non_null(thread);
    int32_t rc = shk_check(closer.session, PIN, 4, 0, -1);
    assert_true(rc == SHK_E_CANCELLED || rc == SHK_E_SESSION);
    assert_true(thread_join(thread, STAGE_PATIENCE_MS));
}

/* The virtual card takes the bytes when the driver comes back: what lies in the buffer by then is what
 * the card would count as a try. */
static void a_pin_on_its_way_is_not_wiped_under_the_card(void **state) {
    struct stage *f = *state;
    stage_to_the_pin(f);
    desk_hang(&f->desk, 0);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    desk_await_hanging(&f->desk);
    session_close(f->session);
    f->session = NULL;
    desk_end_hang(&f->desk);
    assert_int_equal(f->desk.card.verifies, 1);
    assert_int_equal(vcard_pin_tries(f->desk.card.card), 3);
    assert_false(f->desk.card.in_transaction);
}

/* Between the digits and the card lies a call to the server, in which a person may change their mind. */
static void a_pin_is_not_sent_after_a_cancel(void **state) {
    struct stage *f = *state;
    struct fault why = {0};
    bool last_try = false;
    stage_to_the_pin(f);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    assert_int_equal(session_take_pin(f->session, &last_try, &why), SHK_E_CANCELLED);
    mutex_lock(f->session->lock);
    bool in_use = f->session->pin_in_use;
    mutex_unlock(f->session->lock);
    assert_false(in_use);
}

static void a_call_that_meets_the_close_leaves_nothing_behind(void **state) {
    static const struct pin nothing;
    struct stage *f = *state;
    int fd = eventfd(0, EFD_NONBLOCK);
    uint64_t count = 0;
    stage_to_the_pin(f);
    session_hold(f->session);
    /* The worker is held up in a command, so that the question stays open. */
    desk_hang(&f->desk, 0);
    desk_await_hanging(&f->desk);
    session_post(f->session, SHK_EVENT_WAITING);
    session_close(f->session);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_E_SESSION);
    assert_memory_equal(f->session->pin, &nothing, sizeof nothing);
    assert_int_equal(session_wake(f->session, fd, 0), SHK_E_SESSION);
    assert_int_equal(read(fd, &count, sizeof count), -1);
    assert_int_equal(session_next_event(f->session, 1000), SHK_E_SESSION);
    session_drop(f->session);
    f->session = NULL;
    close(fd);
}

static void hold_and_drop(void *self) {
    session_drop(handle_hold(*(shk_session *)self));
}

static void a_busy_session_does_not_hold_up_the_table(void **state) {
    struct stage *f = *state;
    struct session *busy = f->session;
    shk_session s = give_handle(f);
    mutex_lock(busy->lock);
    struct thread *thread = thread_start(hold_and_drop, &s);
    assert_non_null(thread);
    bool through = thread_join(thread, STAGE_PATIENCE_MS);
    mutex_unlock(busy->lock);
    assert_true(through || thread_join(thread, STAGE_PATIENCE_MS));
    assert_int_equal(shk_close(s), SHK_OK);
    assert_true(through);
}

struct host {
    struct stage *stage;
    int32_t wrong; /* results that should not have been */
};

static void one_host(void *self) {
    struct host *h = self;
    for (int round = 0; round < ROUNDS; round++) {
        struct session *session = desk_session(&h->stage->desk, TEST_DATA "/demo");
        shk_session s = session != NULL ? handle_add(session) : 0;
        int32_t outcome = 0;
        h->wrong += shk_start(s, SHK_JOB_CHECK) != SHK_OK || serve(s) != 0;
        h->wrong += shk_int(s, "outcome", -1, &outcome) != SHK_OK;
        h->wrong += outcome != SHK_OUTCOME_ELIGIBLE;
        h->wrong += shk_close(s) != SHK_OK;
    }
}

static atomic_bool hosts_at_work;

/* Somebody with numbers that were never or are no longer sessions, and now and then are. */
static void a_stranger(void *self) {
    char text[64];
    (void)self;
    for (int32_t i = 0; hosts_at_work; i++) {
        (void)shk_text(1 << 10 | (i & 31), "record.name", -1, text, sizeof text);
        (void)shk_close(i | 1 << 30);
    }
}

static void many_sessions_at_once_do_not_meet(void **state) {
    struct host hosts[HOSTS] = {{0}};
    struct thread *threads[HOSTS];
    (void)state;
    hosts_at_work = true;
    struct thread *stranger = thread_start(a_stranger, NULL);
    assert_non_null(stranger);
    for (size_t i = 0; i < HOSTS; i++) {
        void *stage = NULL;
        assert_int_equal(stage_open(&stage), 0);
        hosts[i].stage = stage;
        threads[i] = thread_start(one_host, &hosts[i]);
        assert_non_null(threads[i]);
    }
    for (size_t i = 0; i < HOSTS; i++) {
        void *stage = hosts[i].stage;
        assert_true(thread_join(threads[i], STAGE_PATIENCE_MS));
        assert_int_equal(hosts[i].wrong, 0);
        assert_int_equal(hosts[i].stage->desk.card.verifies, ROUNDS);
        assert_int_equal(stage_close(&stage), 0);
    }
    hosts_at_work = false;
    assert_true(thread_join(stranger, STAGE_PATIENCE_MS));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STAGE_CASE(closing_at_any_moment_costs_no_try),
        STAGE_CASE(a_blocking_check_ends_when_another_thread_closes),
        STAGE_CASE(a_pin_on_its_way_is_not_wiped_under_the_card),
        STAGE_CASE(a_pin_is_not_sent_after_a_cancel),
        STAGE_CASE(a_call_that_meets_the_close_leaves_nothing_behind),
        STAGE_CASE(a_busy_session_does_not_hold_up_the_table),
        cmocka_unit_test(many_sessions_at_once_do_not_meet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
