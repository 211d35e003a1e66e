/* The job that registers somebody by the card: what is asked, what is sent, and what becomes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kept_stage.h"
#include "platform.h"
#include "slurp.h"
#include "virtual_card.h"

#define CODE_B "55040120350000"
#define OTHER  "55040120350001"

static void set_up(struct stage *f) {
    kept_set(f, "attributes", "code_b");
    kept_set(f, "deliveries[1].when", "found");
}

static void begin(struct stage *f) {
    set_up(f);
    assert_int_equal(session_start(f->session, SHK_JOB_PERSON), SHK_OK);
    kept_expect(f, SHK_EVENT_CARD);
    kept_expect(f, SHK_EVENT_PIN);
}

static int32_t type(struct stage *f, const char *digits, bool last_try) {
    return session_answer_pin(f->session, digits, -1, last_try);
}

static void ends_with(struct stage *f, int32_t code) {
    kept_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), code);
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), code);
}

static bool pin_is_empty(struct stage *f) {
    const uint8_t *p = (const uint8_t *)f->session->pin;
    uint8_t any = 0;
    mutex_lock(f->session->lock);
    for (size_t i = 0; i < sizeof *f->session->pin; i++) {
        any |= p[i];
    }
    mutex_unlock(f->session->lock);
    return any == 0;
}

static void is_let_go(struct stage *f) {
    const struct card_virtual *card = &f->desk.card;
    assert_false(card->in_transaction);
    assert_false(card->connected);
    assert_int_equal(card->power_downs, card->begins);
    assert_int_equal(card->connects, card->disconnects);
    assert_true(pin_is_empty(f));
}

static void it_is_off_until_it_is_configured(void **state) {
    struct stage *f = *state;
    assert_int_equal(session_start(f->session, SHK_JOB_PERSON), SHK_E_CONFIG_VALUE);
    assert_string_equal(stage_read(f, "fault.where").text, "attributes");
    kept_set(f, "attributes", "pin");
    kept_set(f, "card", "demo"); /* the made-up card has no attributes */
    assert_int_equal(session_start(f->session, SHK_JOB_PERSON), SHK_E_CONFIG_VALUE);
    assert_string_equal(stage_read(f, "fault.where").text, "card");
    assert_int_equal(f->desk.card.connects, 0);
}

static void the_code_opens_four_values_and_they_are_delivered(void **state) {
    struct stage *f = *state;
    begin(f);
    assert_int_equal(stage_number(f, "pin.kind"), SHK_PIN_CODE_B);
    assert_string_equal(stage_read(f, "pin.kind_name").text, "code_b");
    assert_int_equal(stage_number(f, "pin.digits"), 14);
    assert_int_equal(stage_number(f, "pin.tries_left"), 10);
    assert_int_equal(stage_number(f, "pin.last_try"), 0);
    assert_int_equal(type(f, CODE_B, false), SHK_OK);
    kept_expect(f, SHK_EVENT_ANSWER);
    is_let_go(f);
    assert_string_equal(stage_read(f, "source").text, "card");
    assert_int_equal(stage_number(f, "outcome"), SHK_OUTCOME_UNSTATED);
    assert_string_equal(stage_read(f, "record.name").text, "見本　太郎");
    assert_string_equal(stage_read(f, "record.address").text, "見本県見本市見本町１－１");
    assert_string_equal(stage_read(f, "record.birth_date").text, "1980-04-01");
    assert_string_equal(stage_read(f, "record.sex").text, "male");
    assert_int_equal(stage_number(f, "record.insurer_number"), SHK_E_ABSENT);
    assert_int_equal(stage_number(f, "record.confirmation_date"), SHK_E_ABSENT);
    assert_int_equal(strlen(stage_read(f, "record.processed_at").text), 19);
    assert_int_equal(stage_number(f, "card.apdus"), 6);
    kept_expect(f, SHK_EVENT_DELIVERED);
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
    assert_non_null(strstr(kept.got[0].body, "見本　太郎,見本県見本市見本町１－１"));
    assert_int_equal(f->desk.card.verifies, 1);
    const char *log = slurp(kept_path("log"), NULL);
    assert_non_null(strstr(log, "person.end"));
    assert_null(strstr(log, CODE_B));
    assert_null(strstr(log, "19800401"));
    assert_null(strstr(log, "1980-04-01"));
}

static void the_pin_is_asked_for_where_it_is_configured(void **state) {
    struct stage *f = *state;
    set_up(f);
    kept_set(f, "attributes", "pin");
    assert_int_equal(session_start(f->session, SHK_JOB_PERSON), SHK_OK);
    kept_expect(f, SHK_EVENT_CARD);
    kept_expect(f, SHK_EVENT_PIN);
    assert_int_equal(stage_number(f, "pin.kind"), SHK_PIN_TEXT);
    assert_string_equal(stage_read(f, "pin.kind_name").text, "text");
    assert_int_equal(stage_number(f, "pin.digits"), 4);
    assert_int_equal(stage_number(f, "pin.tries_left"), 3);
    assert_int_equal(type(f, CODE_B, true), SHK_E_PIN_FORMAT);
    assert_int_equal(type(f, "1234", false), SHK_OK);
    assert_int_equal(kept_drain(f, SHK_EVENT_DELIVERED), 1);
    is_let_go(f);
}

static void what_is_no_code_leaves_the_question_open(void **state) {
    static const char *const bad[] = {
        "", "1234", "123456789012", "5504012035000", "5504012035000a", "55130120350000"};
    struct stage *f = *state;
    begin(f);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(type(f, bad[i], true), SHK_E_CODE_FORMAT);
        assert_int_equal(stage_number(f, "fault.code"), SHK_E_CODE_FORMAT);
        assert_true(pin_is_empty(f));
    }
    assert_int_equal(session_next_event(f->session, 50), SHK_EVENT_NONE);
    assert_int_equal(f->desk.card.verifies, 0);
    assert_int_equal(type(f, CODE_B, false), SHK_OK);
    assert_int_equal(kept_drain(f, SHK_EVENT_DELIVERED), 1);
}

static void a_wrong_code_is_asked_for_again(void **state) {
    struct stage *f = *state;
    begin(f);
    assert_int_equal(type(f, OTHER, false), SHK_OK);
    kept_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_CODE_WRONG);
    kept_expect(f, SHK_EVENT_PIN);
    assert_int_equal(stage_number(f, "pin.tries_left"), 9);
    assert_int_equal(type(f, CODE_B, false), SHK_OK);
    assert_int_equal(kept_drain(f, SHK_EVENT_DELIVERED), 1);
    assert_int_equal(f->desk.card.verifies, 2);
}

static uint32_t commands(struct stage *f) {
    mutex_lock(f->desk.lock);
    uint32_t n = (uint32_t)f->desk.transmits;
    mutex_unlock(f->desk.lock);
    return n;
}

/* The card keeps being spoken to, however fast the same digits are given. */
static void the_same_wrong_code_costs_one_try(void **state) {
    struct stage *f = *state;
    begin(f);
    assert_int_equal(type(f, OTHER, false), SHK_OK);
    kept_expect(f, SHK_EVENT_FAULT);
    kept_expect(f, SHK_EVENT_PIN);
    uint32_t before = commands(f);
    for (int i = 0; i < 3; i++) {
        thread_sleep(900);
        assert_int_equal(type(f, OTHER, false), SHK_OK);
        kept_expect(f, SHK_EVENT_FAULT);
        assert_int_equal(stage_number(f, "fault.code"), SHK_E_PIN_SAME);
        kept_expect(f, SHK_EVENT_PIN);
        assert_int_equal(stage_number(f, "pin.tries_left"), 9);
        assert_true(pin_is_empty(f));
    }
    assert_int_equal(f->desk.card.verifies, 1);
    assert_true(commands(f) > before);
    assert_int_equal(type(f, CODE_B, false), SHK_OK);
    assert_int_equal(kept_drain(f, SHK_EVENT_DELIVERED), 1);
    assert_int_equal(f->desk.card.verifies, 2);
}

static void the_last_try_needs_a_word_and_then_it_is_blocked(void **state) {
    struct stage *f = *state;
    begin(f);
    char digits[] = OTHER;
    for (int32_t left = 9; left >= 1; left--) {
        digits[13] = (char)('0' + left);
        assert_int_equal(type(f, digits, false), SHK_OK);
        kept_expect(f, SHK_EVENT_FAULT);
        kept_expect(f, SHK_EVENT_PIN);
        assert_int_equal(stage_number(f, "pin.tries_left"), left);
        assert_int_equal(stage_number(f, "pin.last_try"), left == 1);
    }
    digits[12] = '1';
    assert_int_equal(type(f, digits, false), SHK_E_PIN_LAST_TRY);
    assert_int_equal(f->desk.card.verifies, 9);
    assert_int_equal(type(f, digits, true), SHK_OK);
    ends_with(f, SHK_E_CODE_BLOCKED);
    assert_int_equal(stage_number(f, "pin.tries_left"), 0);
    is_let_go(f);
    assert_int_equal(session_start(f->session, SHK_JOB_PERSON), SHK_OK);
    kept_expect(f, SHK_EVENT_CARD);
    ends_with(f, SHK_E_CODE_BLOCKED);
    assert_int_equal(f->desk.card.verifies, 10);
    assert_int_equal(vcard_pin_tries(f->desk.card.card),
                     3); /* the PIN of the certificate is another */
}

/* The card counts no tries of that number: the question is no last one. */
static void spoil_queries(void *self, uint32_t n, uint8_t *rx, size_t *rx_len, size_t cap) {
    (void)self, (void)cap;
    if (n == 3) {
        rx[0] = 0x63;
        rx[1] = 0x00;
        *rx_len = 2;
    }
}

static void a_code_without_a_limit_needs_no_word(void **state) {
    struct stage *f = *state;
    f->desk.card.spoil = spoil_queries;
    begin(f);
    assert_int_equal(stage_number(f, "pin.tries_left"), SHK_E_ABSENT);
    assert_int_equal(stage_number(f, "pin.last_try"), 0);
    assert_int_equal(type(f, CODE_B, false), SHK_OK);
    assert_int_equal(kept_drain(f, SHK_EVENT_DELIVERED), 1);
}

static void a_card_taken_away_while_it_is_typed_ends_it(void **state) {
    struct stage *f = *state;
    begin(f);
    desk_place(&f->desk, false);
    ends_with(f, SHK_E_CARD_REMOVED);
    assert_int_equal(type(f, CODE_B, true), SHK_E_STATE);
    is_let_go(f);
    assert_int_equal(f->desk.card.verifies, 0);
    assert_int_equal(kept_got(), 0);
}

static void a_card_taken_away_behind_the_code_says_nothing(void **state) {
    struct stage *f = *state;
    for (uint32_t at = 4; at <= 6; at++) {
        card_virtual_rewind(&f->desk.card);
        f->desk.card.remove_at = at;
        begin(f);
        assert_int_equal(type(f, CODE_B, false), SHK_OK);
        ends_with(f, SHK_E_CARD_REMOVED);
        assert_int_equal(stage_number(f, "record.name"), SHK_E_ABSENT);
        is_let_go(f);
        vcard_insert(f->desk.card.card);
    }
    assert_int_equal(kept_got(), 0);
}

static void it_can_be_cancelled_and_nothing_is_sent(void **state) {
    struct stage *f = *state;
    begin(f);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    ends_with(f, SHK_E_CANCELLED);
    is_let_go(f);
    assert_int_equal(f->desk.card.verifies, 0);
    kept_set(f, "pin_timeout_ms", "1000");
    begin(f);
    ends_with(f, SHK_E_PIN_TIMEOUT);
    is_let_go(f);
}

static void it_waits_for_a_card(void **state) {
    struct stage *f = *state;
    desk_place(&f->desk, false);
    set_up(f);
    assert_int_equal(session_start(f->session, SHK_JOB_PERSON), SHK_OK);
    kept_expect(f, SHK_EVENT_WAITING);
    desk_place(&f->desk, true);
    kept_expect(f, SHK_EVENT_CARD);
    kept_expect(f, SHK_EVENT_PIN);
    assert_int_equal(type(f, CODE_B, false), SHK_OK);
    assert_int_equal(kept_drain(f, SHK_EVENT_DELIVERED), 1);
}

static void it_is_delivered_where_that_is_said(void **state) {
    struct stage *f = *state;
    begin(f);
    assert_int_equal(type(f, CODE_B, false), SHK_OK);
    assert_int_equal(kept_drain(f, SHK_EVENT_DELIVERED), 1);
    kept_set(f, "deliveries[1].when", "eligible"); /* of an insurance nothing is known */
    assert_int_equal(session_start(f->session, SHK_JOB_PERSON), SHK_OK);
    kept_expect(f, SHK_EVENT_CARD);
    kept_expect(f, SHK_EVENT_PIN);
    assert_int_equal(type(f, CODE_B, false), SHK_OK);
    assert_int_equal(kept_drain(f, SHK_EVENT_DELIVERED), 0);
    assert_int_equal(stage_number(f, "delivery.not_due"), 1);
    assert_int_equal(kept_got(), 1);
}

static void with_a_host_that_finds(struct stage *f) {
    kept_set(f, "deliveries[1].adapter", "finder");
    kept_script(f, "deliveries[1]", "b",
                "{ to = \"patient\", from = \"patient.id\" }, { to = \"name\", from = \"name\" },"
                " { to = \"insurer\", from = \"insurer_number\" }");
    begin(f);
    assert_int_equal(type(f, CODE_B, false), SHK_OK);
    kept_expect(f, SHK_EVENT_ANSWER);
    kept_expect(f, SHK_EVENT_MATCH);
}

static void say(struct stage *f, const char *answer) {
    assert_int_equal(kept_put(f, "match.answer", answer), SHK_OK);
    kept_expect(f, SHK_EVENT_DELIVERED);
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
}

/* The same name, birth date and sex are of an answer enough; here they never are. What the card is silent of
 * stays as the host has it. */
static void a_patient_of_the_host_is_never_taken_without_asking(void **state) {
    struct stage *f = *state;
    kept_add_patient("11", "見本　太郎", "ミホン　タロウ", "19800401", "06990014", "1001", NULL,
                     NULL);
    with_a_host_that_finds(f);
    assert_int_equal(stage_number(f, "match.grade"), SHK_MATCH_PROBABLY);
    assert_int_equal(stage_number(f, "match.candidate[1].grade"), SHK_MATCH_PROBABLY);
    assert_string_equal(stage_read(f, "match.candidate[1].id").text, "11");
    say(f, "patient:11");
    assert_non_null(strstr(kept.got[0].body, "11,見本　太郎,06990014"));
}

static void a_patient_without_kana_is_asked_about_too(void **state) {
    struct stage *f = *state;
    kept_add_patient("11", "見本　太郎", "", "19800401", "", "", NULL, NULL);
    kept_add_patient("12", "見本　太郎", "ミホン　タロウ", "19800401", "06990014", "1001", NULL,
                     NULL);
    with_a_host_that_finds(f);
    assert_int_equal(stage_number(f, "match.grade"), SHK_MATCH_SEVERAL);
    say(f, "new");
    assert_string_equal(kept.got[0].patient, "");
}

static void somebody_new_is_asked_about(void **state) {
    struct stage *f = *state;
    kept_add_patient("11", "見本　花子", "ミホン　ハナコ", "19550101", "06990014", "7", NULL, NULL);
    with_a_host_that_finds(f);
    assert_int_equal(stage_number(f, "match.grade"), SHK_MATCH_NEW);
    say(f, "new");
    assert_non_null(strstr(kept.got[0].body, ",見本　太郎,"));
}

static void the_next_check_asks_for_four_digits_again(void **state) {
    struct stage *f = *state;
    begin(f);
    assert_int_equal(type(f, CODE_B, false), SHK_OK);
    assert_int_equal(kept_drain(f, SHK_EVENT_DELIVERED), 1);
    assert_int_equal(session_check(f->session, CODE_B, -1, false, 1000), SHK_E_PIN_FORMAT);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    assert_int_equal(stage_number(f, "pin.kind"), SHK_E_ABSENT);
    kept_expect(f, SHK_EVENT_CARD);
    kept_expect(f, SHK_EVENT_PIN);
    assert_int_equal(stage_number(f, "pin.kind"), SHK_PIN_AUTH);
    assert_string_equal(stage_read(f, "pin.kind_name").text, "auth");
    assert_int_equal(stage_number(f, "pin.digits"), 4);
    assert_int_equal(type(f, CODE_B, false), SHK_E_PIN_FORMAT);
    assert_int_equal(type(f, "1234", false), SHK_OK);
    (void)kept_drain(f, SHK_EVENT_ANSWER);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        KEPT_CASE(it_is_off_until_it_is_configured),
        KEPT_CASE(the_code_opens_four_values_and_they_are_delivered),
        KEPT_CASE(the_pin_is_asked_for_where_it_is_configured),
        KEPT_CASE(what_is_no_code_leaves_the_question_open),
        KEPT_CASE(a_wrong_code_is_asked_for_again),
        KEPT_CASE(the_same_wrong_code_costs_one_try),
        KEPT_CASE(the_last_try_needs_a_word_and_then_it_is_blocked),
        KEPT_CASE(a_code_without_a_limit_needs_no_word),
        KEPT_CASE(a_card_taken_away_while_it_is_typed_ends_it),
        KEPT_CASE(a_card_taken_away_behind_the_code_says_nothing),
        KEPT_CASE(it_can_be_cancelled_and_nothing_is_sent),
        KEPT_CASE(it_waits_for_a_card),
        KEPT_CASE(it_is_delivered_where_that_is_said),
        KEPT_CASE(a_patient_of_the_host_is_never_taken_without_asking),
        KEPT_CASE(a_patient_without_kana_is_asked_about_too),
        KEPT_CASE(somebody_new_is_asked_about),
        KEPT_CASE(the_next_check_asks_for_four_digits_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
