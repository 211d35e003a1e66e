/* A reader with keys of its own: who types where, and what a mistake costs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "pin_guard.h"
#include "platform.h"
#include "session_stage.h"
#include "virtual_card.h"

#define WRONG "9999"

static void use_pad(struct stage *f, const char *digits) {
    f->desk.card.traits.pin_pad = true;
    f->desk.card.pad_digits = digits;
}

static void start(struct stage *f) {
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_CARD);
    stage_expect(f, SHK_EVENT_PIN);
    assert_int_equal(stage_number(f, "pin.pad"), 1);
}

static void expect_answer(struct stage *f) {
    stage_expect(f, SHK_EVENT_ASKING);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DONE);
}

static void expect_fault(struct stage *f, int32_t code) {
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), code);
}

static void the_host_answers_nothing_where_the_reader_has_keys(void **state) {
    struct stage *f = *state;
    use_pad(f, PIN);
    start(f);
    expect_answer(f);
    assert_int_equal(f->desk.card.pads, 1);
    assert_int_equal(f->desk.card.verifies, 1);
    assert_int_equal(stage_number(f, "fault.code"), 0);
}

static void digits_from_the_host_are_refused_there(void **state) {
    struct stage *f = *state;
    use_pad(f, PIN);
    f->desk.pad_hangs = true;
    start(f);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, true), SHK_E_STATE);
    assert_int_equal(session_answer_pin(f->session, "", 0, true), SHK_E_STATE);
    mutex_lock(f->desk.lock);
    f->desk.free_hang = true;
    mutex_unlock(f->desk.lock);
    expect_answer(f);
    assert_int_equal(f->desk.card.verifies, 1);
}

static void the_keys_are_not_asked_for_the_last_try_without_a_word(void **state) {
    struct stage *f = *state;
    use_pad(f, WRONG);
    start(f);
    expect_fault(f, SHK_E_PIN_WRONG);
    stage_expect(f, SHK_EVENT_PIN);
    expect_fault(f, SHK_E_PIN_WRONG);
    assert_int_equal(stage_number(f, "pin.tries_left"), 1);
    stage_expect(f, SHK_EVENT_PIN);
    assert_int_equal(session_next_event(f->session, 1000), SHK_EVENT_NONE);
    assert_int_equal(f->desk.card.pads, 2);
    f->desk.card.pad_digits = PIN;
    assert_int_equal(session_answer_pin(f->session, PIN, 4, true), SHK_E_STATE);
    assert_int_equal(session_answer_pin(f->session, "", -1, false), SHK_E_PIN_LAST_TRY);
    assert_int_equal(f->desk.card.pads, 2);
    assert_int_equal(session_answer_pin(f->session, "", 0, true), SHK_OK);
    expect_answer(f);
    assert_int_equal(f->desk.card.pads, 3);
}

static void keys_that_nobody_touches_cost_nothing(void **state) {
    struct stage *f = *state;
    use_pad(f, PIN);
    f->desk.card.pad_sw = 0x6400;
    start(f);
    expect_fault(f, SHK_E_PIN_PAD);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(vcard_pin_tries(f->desk.card.card), 3);
    assert_false(f->desk.card.in_transaction);
}

/* The reader says that nothing came, and a try is gone: that is told, and its keys are not asked again. */
static void a_try_that_the_reader_conceals_ends_the_check(void **state) {
    struct stage *f = *state;
    use_pad(f, WRONG);
    f->desk.card.pad_sw = 0x6400;
    f->desk.card.pad_lies = true;
    uint64_t since = pin_guard_now();
    start(f);
    expect_fault(f, SHK_E_PIN_WRONG);
    assert_int_equal(stage_number(f, "pin.tries_left"), 2);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_PIN_WRONG);
    assert_int_equal(f->desk.card.pads, 1);
    assert_int_equal(vcard_pin_tries(f->desk.card.card), 2);
    assert_true(pin_guard_is_spent(CARD_VIRTUAL_READER, since));
    assert_false(f->desk.card.in_transaction);
}

static void keys_can_be_switched_off(void **state) {
    struct stage *f = *state;
    use_pad(f, PIN);
    assert_int_equal(session_set(f->session, "pin_pad", "never"), SHK_OK);
    stage_to_the_pin(f);
    assert_int_equal(stage_number(f, "pin.pad"), 0);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    expect_answer(f);
    assert_int_equal(f->desk.card.pads, 0);
    assert_int_equal(session_check(f->session, "", 0, false, STAGE_PATIENCE_MS), SHK_E_PIN_FORMAT);
}

static void a_blocking_check_without_digits_uses_the_keys(void **state) {
    struct stage *f = *state;
    use_pad(f, PIN);
    assert_int_equal(session_check(f->session, "", 0, false, STAGE_PATIENCE_MS),
                     SHK_OUTCOME_ELIGIBLE);
    assert_int_equal(f->desk.card.pads, 1);
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                     SHK_OUTCOME_ELIGIBLE);
    assert_int_equal(f->desk.card.pads, 1);
    f->desk.card.pad_digits = WRONG;
    assert_int_equal(session_check(f->session, "", -1, false, STAGE_PATIENCE_MS), SHK_E_PIN_WRONG);
    assert_int_equal(session_check(f->session, "", 0, false, STAGE_PATIENCE_MS), SHK_E_PIN_WRONG);
    assert_int_equal(f->desk.card.pads, 3);
    assert_int_equal(session_check(f->session, "", 0, false, STAGE_PATIENCE_MS),
                     SHK_E_PIN_LAST_TRY);
    assert_int_equal(f->desk.card.pads, 3);
    f->desk.card.pad_digits = PIN;
    assert_int_equal(session_check(f->session, "", 0, true, STAGE_PATIENCE_MS),
                     SHK_OUTCOME_ELIGIBLE);
}

static void an_empty_pin_is_never_sent(void **state) {
    struct stage *f = *state;
    assert_int_equal(session_check(f->session, "", 0, true, STAGE_PATIENCE_MS), SHK_E_PIN_FORMAT);
    assert_int_equal(f->desk.card.verifies, 0);
    assert_int_equal(f->desk.card.pads, 0);
    assert_false(f->desk.card.in_transaction);
}

static void closing_does_not_wait_for_the_keys(void **state) {
    struct stage *f = *state;
    use_pad(f, PIN);
    f->desk.pad_hangs = true;
    start(f);
    desk_await_hanging(&f->desk);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    int64_t started = platform_clock.mono_ms(NULL);
    session_close(f->session);
    f->session = NULL;
    assert_true(platform_clock.mono_ms(NULL) - started < STAGE_CLOSE_MS);
    desk_end_hang(&f->desk);
    assert_false(f->desk.card.in_transaction);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STAGE_CASE(the_host_answers_nothing_where_the_reader_has_keys),
        STAGE_CASE(digits_from_the_host_are_refused_there),
        STAGE_CASE(the_keys_are_not_asked_for_the_last_try_without_a_word),
        STAGE_CASE(keys_that_nobody_touches_cost_nothing),
        STAGE_CASE(a_try_that_the_reader_conceals_ends_the_check),
        STAGE_CASE(keys_can_be_switched_off),
        STAGE_CASE(a_blocking_check_without_digits_uses_the_keys),
        STAGE_CASE(an_empty_pin_is_never_sent),
        STAGE_CASE(closing_does_not_wait_for_the_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
