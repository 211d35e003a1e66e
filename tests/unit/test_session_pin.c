/* One patient's PIN, and his word about the last try, are never used for another one's card. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pin_guard.h"
#include "platform.h"
#include "session_stage.h"
#include "virtual_card.h"

/* A server that does not answer takes its time, during which the patient types. */
static atomic_bool typed;

static void pass_when_typed(void *self, int32_t ms) {
    (void)self;
    for (int i = 0; ms > 0 && !typed && i < STAGE_PATIENCE_MS / 5; i++) {
        thread_sleep(5);
    }
    thread_sleep(ms);
}

static void use_slow_gateway(struct stage *f, const struct http_fake_step *steps, size_t n) {
    typed = false;
    f->desk.http.pass = pass_when_typed;
    stage_use_gateway(f, steps, n);
    assert_int_equal(session_set(f->session, "gateway.timeout_ms", "1000"), SHK_OK);
}

static void type_while_the_challenge_does_not_come(struct stage *f, bool spend_last_try) {
    stage_expect(f, SHK_EVENT_CARD);
    stage_expect(f, SHK_EVENT_PIN);
    assert_int_equal(session_answer_pin(f->session, "9999", 4, spend_last_try), SHK_OK);
    typed = true;
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_GATEWAY_TIMEOUT);
    stage_expect(f, SHK_EVENT_DONE);
}

/* The next patient's card lies there, his PIN is asked for, and nobody types. */
static void place_the_next_card(struct stage *f) {
    desk_place(&f->desk, false);
    int32_t event = session_next_event(f->session, STAGE_PATIENCE_MS);
    while (event == SHK_EVENT_REMOVED || event == SHK_EVENT_WAITING) {
        desk_place(&f->desk, true);
        event = session_next_event(f->session, STAGE_PATIENCE_MS);
    }
    assert_int_equal(event, SHK_EVENT_CARD);
    stage_expect(f, SHK_EVENT_PIN);
    assert_int_equal(session_next_event(f->session, 1500), SHK_EVENT_NONE);
}

static void stop(struct stage *f) {
    assert_int_equal(session_cancel(f->session), SHK_OK);
    while (stage_next(f) != SHK_EVENT_DONE) {
    }
}

static void a_pin_that_was_not_sent_is_for_no_other_card(void **state) {
    struct stage *f = *state;
    const struct http_fake_step steps[] = {{.until_stop = true}, stage_challenge};
    use_slow_gateway(f, steps, 2);
    assert_int_equal(session_start(f->session, SHK_JOB_WATCH), SHK_OK);
    type_while_the_challenge_does_not_come(f, false);
    place_the_next_card(f);
    stop(f);
    assert_int_equal(f->desk.card.verifies, 0);
}

static void type_wrongly(struct stage *f, const char *digits) {
    stage_expect(f, SHK_EVENT_PIN);
    assert_int_equal(session_answer_pin(f->session, digits, 4, false), SHK_OK);
    stage_expect(f, SHK_EVENT_FAULT);
}

static void consent_to_the_last_try_is_for_no_other_card(void **state) {
    struct stage *f = *state;
    const struct http_fake_step steps[] = {stage_challenge, {.until_stop = true}, stage_challenge};
    use_slow_gateway(f, steps, 3);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_CARD);
    type_wrongly(f, "8888");
    type_wrongly(f, "8889");
    stage_expect(f, SHK_EVENT_PIN);
    stop(f);
    assert_int_equal(vcard_pin_tries(f->desk.card.card), 1);
    assert_int_equal(session_start(f->session, SHK_JOB_WATCH), SHK_OK);
    type_while_the_challenge_does_not_come(f, true);
    place_the_next_card(f);
    stop(f);
    assert_int_equal(vcard_pin_tries(f->desk.card.card), 1);
}

static void a_pin_that_comes_after_the_end_is_refused(void **state) {
    struct stage *f = *state;
    const struct http_fake_step steps[] = {{.fault = SHK_E_GATEWAY_UNREACHABLE}};
    stage_use_gateway(f, steps, 1);
    assert_int_equal(session_start(f->session, SHK_JOB_WATCH), SHK_OK);
    stage_expect(f, SHK_EVENT_CARD);
    stage_expect(f, SHK_EVENT_PIN);
    stage_expect(f, SHK_EVENT_FAULT);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(session_answer_pin(f->session, "9999", 4, false), SHK_E_STATE);
    assert_int_equal(session_cancel(f->session), SHK_OK);
}

static void a_card_exchanged_while_the_desk_reads_has_its_own_check(void **state) {
    struct stage *f = *state;
    assert_int_equal(session_start(f->session, SHK_JOB_WATCH), SHK_OK);
    stage_expect(f, SHK_EVENT_CARD);
    stage_expect(f, SHK_EVENT_PIN);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DONE);
    desk_place(&f->desk, false);
    desk_place(&f->desk, true);
    stage_expect(f, SHK_EVENT_REMOVED);
    stage_expect(f, SHK_EVENT_CARD);
    stop(f);
}

static void await_tries(struct stage *f, int32_t tries) {
    for (int i = 0; stage_number(f, "pin.tries_left") != tries; i++) {
        assert_true(i < STAGE_PATIENCE_MS / 10);
        thread_sleep(10);
    }
    thread_sleep(200);
}

/* A key pressed twice: the second answer comes when the card has refused the first, and the host has not heard of
 * the new question yet. */
static void an_answer_before_the_question_was_heard_is_not_for_it(void **state) {
    struct stage *f = *state;
    stage_to_the_pin(f);
    assert_int_equal(session_answer_pin(f->session, "9999", 4, false), SHK_OK);
    await_tries(f, 2);
    assert_int_equal(session_answer_pin(f->session, "9999", 4, false), SHK_E_STATE);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(session_answer_pin(f->session, "9999", 4, true), SHK_E_STATE);
    stage_expect(f, SHK_EVENT_PIN);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(f->desk.card.verifies, 2);
}

static uint32_t commands(struct stage *f) {
    mutex_lock(f->desk.lock);
    uint32_t n = (uint32_t)f->desk.transmits;
    mutex_unlock(f->desk.lock);
    return n;
}

/* A person insists, or a key is pressed twice: it costs one try, the question stays, the card is not left idle, and
 * no other session hears of a mistake. */
static void the_same_wrong_pin_costs_one_try(void **state) {
    struct stage *f = *state;
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_CARD);
    type_wrongly(f, "9999");
    stage_expect(f, SHK_EVENT_PIN);
    uint32_t before = commands(f);
    uint64_t since = pin_guard_now();
    for (int i = 0; i < 3; i++) {
        thread_sleep(900);
        assert_int_equal(session_answer_pin(f->session, "9999", 4, true), SHK_OK);
        stage_expect(f, SHK_EVENT_FAULT);
        assert_int_equal(stage_number(f, "fault.code"), SHK_E_PIN_SAME);
        stage_expect(f, SHK_EVENT_PIN);
        assert_int_equal(stage_number(f, "pin.tries_left"), 2);
    }
    assert_int_equal(f->desk.card.verifies, 1);
    assert_true(commands(f) > before);
    assert_false(pin_guard_is_spent(CARD_VIRTUAL_READER, since));
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
    assert_int_equal(f->desk.card.verifies, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STAGE_CASE(a_pin_that_was_not_sent_is_for_no_other_card),
        STAGE_CASE(consent_to_the_last_try_is_for_no_other_card),
        STAGE_CASE(the_same_wrong_pin_costs_one_try),
        STAGE_CASE(a_pin_that_comes_after_the_end_is_refused),
        STAGE_CASE(an_answer_before_the_question_was_heard_is_not_for_it),
        STAGE_CASE(a_card_exchanged_while_the_desk_reads_has_its_own_check),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
