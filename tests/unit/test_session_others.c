/* Two calls with one person's mistake cost one try. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "clock_fake.h"
#include "pin_guard.h"
#include "platform.h"
#include "session_stage.h"
#include "shared_tries.h"
#include "temp_folder.h"
#include "virtual_card.h"

#define WRONG  "9999"
#define ROUNDS 12

struct caller {
    struct session *session;
    int32_t result;
};

static void call(void *self) {
    struct caller *c = self;
    c->result = session_check(c->session, WRONG, 4, true, STAGE_PATIENCE_MS);
}

/* From here on its digits are of a moment that is over. */
static void await_call(struct session *s) {
    bool begun = false;
    for (int i = 0; !begun && i < STAGE_PATIENCE_MS / 2; i++) {
        mutex_lock(s->lock);
        begun = s->job != 0;
        mutex_unlock(s->lock);
        thread_sleep(2);
    }
    assert_true(begun);
}

static void await_waiting(struct stage *f) {
    bool waits = false;
    for (int i = 0; !waits && i < STAGE_PATIENCE_MS / 2; i++) {
        mutex_lock(f->desk.lock);
        waits = f->desk.waiting > 0;
        mutex_unlock(f->desk.lock);
        thread_sleep(2);
    }
    assert_true(waits);
}

static void expect_a_waiting_check_to_send_nothing(struct stage *f) {
    struct caller second = {.session = desk_session(&f->desk, TEST_DATA "/demo")};
    assert_non_null(second.session);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    while (stage_next(f) != SHK_EVENT_PIN) { /* then it holds the card */
    }
    struct thread *thread = thread_start(call, &second);
    await_waiting(f);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    assert_true(thread_join(thread, STAGE_PATIENCE_MS));
    assert_int_equal(second.result, SHK_E_CARD_BUSY);
    assert_int_equal(f->desk.card.verifies, 0);
    session_close(second.session);
}

static void a_blocking_check_that_waited_for_another_program_sends_nothing(void **state) {
    expect_a_waiting_check_to_send_nothing(*state);
}

/* With more than one card it waits before its check begins: while it finds out which one is meant. */
static void a_check_that_waited_while_it_looked_at_two_cards_sends_nothing(void **state) {
    struct stage *f = *state;
    f->desk.other = (struct desk_other){.plugged = true, .placed = true};
    expect_a_waiting_check_to_send_nothing(f);
}

/* The card comes after the other session's mistake, when nobody has to wait for it any more. */
static void a_mistake_of_another_session_is_not_made_twice(void **state) {
    struct stage *f = *state;
    struct caller late = {.session = f->session};
    desk_place(&f->desk, false);
    struct thread *thread = thread_start(call, &late);
    await_call(late.session);
    pin_guard_note(CARD_VIRTUAL_READER);
    desk_place(&f->desk, true);
    assert_true(thread_join(thread, STAGE_PATIENCE_MS));
    assert_int_equal(late.result, SHK_E_CARD_BUSY);
    assert_int_equal(vcard_pin_tries(f->desk.card.card), 3);
    /* Asked anew, a person may try. */
    assert_int_equal(session_check(f->session, WRONG, 4, true, STAGE_PATIENCE_MS), SHK_E_PIN_WRONG);
}

/* Another program's mistake, which this process knows nothing of but the word it left. */
static void a_mistake_of_another_program_is_not_made_twice(void **state) {
    struct stage *f = *state;
    struct temp_folder folder;
    assert_true(temp_folder_make(&folder));
    f->desk.env.run_folder = folder.path;
    struct caller late = {.session = desk_session(&f->desk, TEST_DATA "/demo")};
    assert_non_null(late.session);
    desk_place(&f->desk, false);
    struct thread *thread = thread_start(call, &late);
    await_call(late.session);
    shared_tries_note(&f->desk.env, CARD_VIRTUAL_READER);
    desk_place(&f->desk, true);
    assert_true(thread_join(thread, STAGE_PATIENCE_MS));
    assert_int_equal(late.result, SHK_E_CARD_BUSY);
    assert_int_equal(vcard_pin_tries(f->desk.card.card), 3);
    thread_sleep(5);
    assert_int_equal(session_check(late.session, WRONG, 4, true, STAGE_PATIENCE_MS),
                     SHK_E_PIN_WRONG);
    assert_true(shared_tries_since(&f->desk.env, CARD_VIRTUAL_READER, 0));
    session_close(late.session);
    temp_folder_remove(&folder);
}

static void a_word_is_of_one_reader_and_one_moment(void **state) {
    (void)state;
    struct temp_folder folder;
    struct clock_fake clock = {.mono_ms = 5000};
    assert_true(temp_folder_make(&folder));
    struct env env = {.clock = &clock_fake_ops,
                      .clock_self = &clock,
                      .files = &platform_files,
                      .run_folder = folder.path};
    assert_false(shared_tries_since(&env, "Reader A", 0));
    shared_tries_note(&env, "Reader A");
    assert_int_equal(temp_count(&folder, "try-"), 1);
    assert_true(shared_tries_since(&env, "Reader A", 5000));
    assert_false(shared_tries_since(&env, "Reader A", 5001));
    assert_false(shared_tries_since(&env, "Reader B", 0));
    clock.mono_ms = 4999; /* the machine was started again */
    assert_false(shared_tries_since(&env, "Reader A", 0));
    clock.mono_ms = 6000;
    env.run_folder = NULL;
    assert_false(shared_tries_since(&env, "Reader A", 0));
    shared_tries_note(&env, "Reader A");
    temp_folder_remove(&folder);
}

static void two_mistakes_at_once_cost_one_try(void **state) {
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        void *stage = NULL;
        assert_int_equal(stage_open(&stage), 0);
        struct stage *f = stage;
        struct caller both[2] = {{.session = f->session},
                                 {.session = desk_session(&f->desk, TEST_DATA "/demo")}};
        desk_place(&f->desk, round % 2 == 0);
        struct thread *first = thread_start(call, &both[0]);
        struct thread *second = thread_start(call, &both[1]);
        if (round % 2 != 0) {
            await_call(both[0].session);
            await_call(both[1].session);
        }
        desk_place(&f->desk, true);
        assert_true(thread_join(first, STAGE_PATIENCE_MS));
        assert_true(thread_join(second, STAGE_PATIENCE_MS));
        bool one = both[0].result == SHK_E_PIN_WRONG, other = both[1].result == SHK_E_PIN_WRONG;
        /* Where the second call began only after the first mistake it is another word. */
        assert_true(one || other);
        if (round % 2 != 0) {
            assert_int_equal(vcard_pin_tries(f->desk.card.card), 2);
            assert_int_equal(one ? both[1].result : both[0].result, SHK_E_CARD_BUSY);
        }
        session_close(both[1].session);
        assert_int_equal(stage_close(&stage), 0);
    }
}

static void a_guard_knows_readers_and_moments(void **state) {
    (void)state;
    uint64_t before = pin_guard_now();
    pin_guard_note("Reader A");
    uint64_t after = pin_guard_now();
    assert_true(pin_guard_is_spent("Reader A", before));
    assert_false(pin_guard_is_spent("Reader B", before));
    assert_false(pin_guard_is_spent("Reader A", after));
    for (int i = 0; i < READER_LIST_MAX; i++) {
        char name[32];
        snprintf(name, sizeof name, "Reader %d", i);
        pin_guard_note(name);
    }
    /* What was forgotten is not taken for nothing. */
    assert_true(pin_guard_is_spent("Reader A", before));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STAGE_CASE(a_blocking_check_that_waited_for_another_program_sends_nothing),
        STAGE_CASE(a_check_that_waited_while_it_looked_at_two_cards_sends_nothing),
        STAGE_CASE(a_mistake_of_another_session_is_not_made_twice),
        STAGE_CASE(a_mistake_of_another_program_is_not_made_twice),
        cmocka_unit_test(a_word_is_of_one_reader_and_one_moment),
        cmocka_unit_test(two_mistakes_at_once_cost_one_try),
        cmocka_unit_test(a_guard_knows_readers_and_moments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
