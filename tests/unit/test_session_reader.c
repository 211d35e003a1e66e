/* Readers and the card service that come and go, several readers, cards that are not ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "session_stage.h"

/* FeliCa, as PC/SC part 3 has readers name it. */
static const uint8_t felica[] = {0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00,
                                 0x03, 0x06, 0x11, 0x00, 0x3B, 0x00, 0x00, 0x00, 0x00, 0x42};

static void plug_other(struct stage *f, bool placed) {
    f->desk.other = (struct desk_other){.plugged = true, .placed = placed};
}

static void watch(struct stage *f) {
    assert_int_equal(session_start(f->session, SHK_JOB_WATCH), SHK_OK);
}

static void expect_fault(struct stage *f, int32_t code) {
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), code);
}

static void expect_silence(struct stage *f, int32_t ms) {
    assert_int_equal(session_next_event(f->session, ms), SHK_EVENT_NONE);
}

static uint32_t looks(struct stage *f) {
    mutex_lock(f->desk.lock);
    uint32_t n = f->desk.lists;
    mutex_unlock(f->desk.lock);
    return n;
}

static void expect_reader(struct stage *f, const char *name) {
    stage_expect(f, SHK_EVENT_CARD);
    assert_string_equal(stage_read(f, "card.reader").text, name);
}

static void pass_the_pin(struct stage *f) {
    stage_expect(f, SHK_EVENT_PIN);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DONE);
}

static void a_card_of_another_kind_does_not_hide_the_right_one(void **state) {
    struct stage *f = *state;
    plug_other(f, true);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_CARD);
    expect_reader(f, CARD_VIRTUAL_READER);
    pass_the_pin(f);
    assert_int_equal(stage_number(f, "fault.code"), 0);
    assert_int_equal(stage_number(f, "card.kind"), SHK_CARD_MYNUMBER);
    assert_string_equal(stage_read(f, "card.kind_name").text, "mynumber");
    assert_string_equal(stage_read(f, "card.name").text, "(none)");
    assert_int_equal(f->desk.other.connects, 1);
}

/* The PIN that was given with the call is for the phone on the first reader, not for who left a card on the
 * second one. */
static void a_pin_given_for_a_refused_phone_is_for_no_other_card(void **state) {
    struct stage *f = *state;
    plug_other(f, true);
    f->desk.other.fault = SHK_E_PHONE_REFUSED;
    assert_int_equal(session_check(f->session, "9999", 4, false, STAGE_PATIENCE_MS),
                     SHK_E_SEVERAL_CARDS);
    f->desk.other.fault = SHK_E_JUKI_CARD;
    assert_int_equal(session_check(f->session, "9999", 4, false, STAGE_PATIENCE_MS),
                     SHK_E_JUKI_CARD);
    assert_int_equal(f->desk.card.verifies, 0);
    f->desk.other.fault = 0;
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                     SHK_OUTCOME_ELIGIBLE);
    assert_int_equal(f->desk.card.verifies, 1);
}

static void a_pin_given_for_one_of_two_cards_is_sent_to_none(void **state) {
    struct stage *f = *state;
    plug_other(f, true);
    f->desk.other.twin = true;
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                     SHK_E_SEVERAL_CARDS);
    assert_int_equal(f->desk.card.verifies, 0);
    assert_false(f->desk.card.in_transaction);
    desk_place_other(&f->desk, false);
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                     SHK_OUTCOME_ELIGIBLE);
    assert_int_equal(f->desk.card.verifies, 1);
}

/* It may be a My Number Card all the same. */
static void a_card_that_cannot_be_read_counts_for_one_with_a_pin(void **state) {
    static const int32_t faults[] = {SHK_E_CARD_BUSY, SHK_E_CARD_HANGS, SHK_E_CARD_MUTE};
    struct stage *f = *state;
    plug_other(f, true);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        f->desk.other.fault = faults[i];
        assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                         SHK_E_SEVERAL_CARDS);
    }
    f->desk.other.exclusive = true;
    f->desk.other.connects = 0;
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                     SHK_E_SEVERAL_CARDS);
    assert_int_equal(f->desk.other.connects, 0);
    assert_int_equal(f->desk.card.verifies, 0);
}

static void a_card_of_another_kind_does_not_keep_the_pin_from_the_right_one(void **state) {
    struct stage *f = *state;
    plug_other(f, true);
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                     SHK_OUTCOME_ELIGIBLE);
    assert_string_equal(stage_read(f, "card.reader").text, CARD_VIRTUAL_READER);
    assert_int_equal(f->desk.other.connects, 1);
    desk_place(&f->desk, false);
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                     SHK_E_NOT_MYNUMBER);
    /* Known by its answer to reset it is sent nothing here either. */
    desk_place(&f->desk, true);
    memcpy(f->desk.other.atr, felica, sizeof felica);
    f->desk.other.atr_len = sizeof felica;
    f->desk.other.connects = f->desk.card.verifies = 0;
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                     SHK_OUTCOME_ELIGIBLE);
    assert_int_equal(f->desk.other.connects, 0);
    assert_int_equal(f->desk.card.verifies, 1);
}

static void one_card_alone_is_read_once_for_its_pin(void **state) {
    struct stage *f = *state;
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                     SHK_OUTCOME_ELIGIBLE);
    int32_t alone = f->desk.transmits;
    plug_other(f, false);
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                     SHK_OUTCOME_ELIGIBLE);
    assert_int_equal(f->desk.transmits, 2 * alone);
    assert_int_equal(f->desk.transmits, stage_number(f, "card.apdus") * 2);
}

static void the_configured_reader_says_whose_pin_it_is(void **state) {
    struct stage *f = *state;
    assert_int_equal(session_set(f->session, "reader", CARD_VIRTUAL_READER), SHK_OK);
    plug_other(f, true);
    f->desk.other.fault = SHK_E_CARD_BUSY;
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                     SHK_OUTCOME_ELIGIBLE);
    assert_int_equal(f->desk.other.connects, 0);
    assert_int_equal(f->desk.card.verifies, 1);
}

/* Whom the question is put to needs to know which card is meant. */
static void the_readers_are_known_when_the_pin_is_asked_for(void **state) {
    struct stage *f = *state;
    plug_other(f, false);
    stage_to_the_pin(f);
    assert_string_equal(stage_read(f, "readers[1].name").text, DESK_OTHER_READER);
    assert_int_equal(stage_number(f, "readers[1].card"), 0);
    assert_int_equal(stage_number(f, "readers[2].card"), 1);
}

/* Where the PIN is asked for, the one who is asked knows which reader is meant. */
static void a_refused_phone_does_not_hide_the_card_on_the_next_reader(void **state) {
    struct stage *f = *state;
    plug_other(f, true);
    f->desk.other.fault = SHK_E_PHONE_REFUSED;
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_CARD);
    stage_expect(f, SHK_EVENT_CARD);
    stage_expect(f, SHK_EVENT_PIN);
    assert_string_equal(stage_read(f, "card.reader").text, CARD_VIRTUAL_READER);
}

/* As a program for prescriptions does with the card of its doctor. */
static void a_card_that_another_program_keeps_does_not_hide_the_right_one(void **state) {
    struct stage *f = *state;
    plug_other(f, true);
    f->desk.other.exclusive = true;
    f->desk.other.fault = SHK_E_CARD_BUSY;
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    expect_reader(f, CARD_VIRTUAL_READER);
    pass_the_pin(f);
    assert_int_equal(f->desk.other.connects, 0);
    desk_place(&f->desk, false);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    expect_reader(f, DESK_OTHER_READER);
    expect_fault(f, SHK_E_CARD_BUSY);
    stage_expect(f, SHK_EVENT_DONE);
}

static void a_card_known_as_another_kind_is_told_by_name_and_sent_nothing(void **state) {
    struct stage *f = *state;
    plug_other(f, true);
    memcpy(f->desk.other.atr, felica, sizeof felica);
    f->desk.other.atr_len = sizeof felica;
    desk_place(&f->desk, false);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    expect_reader(f, DESK_OTHER_READER);
    expect_fault(f, SHK_E_NOT_MYNUMBER);
    assert_int_equal(stage_number(f, "card.kind"), SHK_CARD_OTHER);
    assert_non_null(strstr(stage_read(f, "card.name").text, "FeliCa"));
    assert_non_null(strstr(stage_read(f, "card.name_en").text, "FeliCa"));
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(f->desk.other.connects + f->desk.other.transmits, 0);
}

static void a_service_that_stops_and_comes_back_is_told_once_each(void **state) {
    struct stage *f = *state;
    desk_place(&f->desk, false);
    watch(f);
    stage_expect(f, SHK_EVENT_WAITING);
    for (int i = 0; i < 2; i++) {
        desk_serve(&f->desk, false);
        expect_fault(f, SHK_E_NO_SERVICE);
        expect_silence(f, 1500);
        desk_serve(&f->desk, true);
        stage_expect(f, SHK_EVENT_READERS);
        assert_string_equal(stage_read(f, "readers[1].name").text, CARD_VIRTUAL_READER);
        stage_expect(f, SHK_EVENT_WAITING);
        expect_silence(f, 500);
    }
    desk_place(&f->desk, true);
    stage_expect(f, SHK_EVENT_CARD);
    pass_the_pin(f);
}

static void a_service_that_was_never_there_is_told_and_awaited(void **state) {
    struct stage *f = *state;
    desk_serve(&f->desk, false);
    watch(f);
    expect_fault(f, SHK_E_NO_SERVICE);
    expect_silence(f, 1200);
    assert_true(looks(f) < 6);
    desk_serve(&f->desk, true);
    stage_expect(f, SHK_EVENT_READERS);
    stage_expect(f, SHK_EVENT_CARD);
    /* A fault before a check is none of it. */
    stage_expect(f, SHK_EVENT_PIN);
    desk_place(&f->desk, false);
    expect_fault(f, SHK_E_CARD_REMOVED);
    stage_expect(f, SHK_EVENT_DONE);
}

static void readers_that_come_and_go_are_told_once_each(void **state) {
    struct stage *f = *state;
    desk_place(&f->desk, false);
    watch(f);
    stage_expect(f, SHK_EVENT_WAITING);
    desk_plug(&f->desk, true, true);
    stage_expect(f, SHK_EVENT_READERS);
    assert_int_equal(stage_number(f, "readers[1].card"), 0);
    assert_string_equal(stage_read(f, "readers[2].name").text, CARD_VIRTUAL_READER);
    expect_silence(f, 500);
    desk_plug(&f->desk, false, true);
    stage_expect(f, SHK_EVENT_READERS);
    assert_string_equal(stage_read(f, "readers[2].name").text, "(none)");
    desk_plug(&f->desk, false, false);
    expect_fault(f, SHK_E_NO_READER);
    expect_silence(f, 1500);
    desk_plug(&f->desk, true, false);
    stage_expect(f, SHK_EVENT_READERS);
    stage_expect(f, SHK_EVENT_WAITING);
    expect_silence(f, 500);
}

static void a_preferred_reader_is_awaited(void **state) {
    struct stage *f = *state;
    assert_int_equal(session_set(f->session, "reader", CARD_VIRTUAL_READER), SHK_OK);
    plug_other(f, true);
    desk_plug(&f->desk, false, true);
    watch(f);
    expect_fault(f, SHK_E_NO_READER);
    assert_string_equal(stage_read(f, "fault.where").text, "reader");
    expect_silence(f, 1500);
    desk_plug(&f->desk, true, true);
    stage_expect(f, SHK_EVENT_READERS);
    expect_reader(f, CARD_VIRTUAL_READER);
    pass_the_pin(f);
    assert_int_equal(f->desk.other.connects, 0);
}

static void a_card_that_hangs_is_told_and_left_while_others_are_read(void **state) {
    struct stage *f = *state;
    plug_other(f, true);
    f->desk.other.fault = SHK_E_CARD_HANGS;
    desk_place(&f->desk, false);
    watch(f);
    expect_reader(f, DESK_OTHER_READER);
    expect_fault(f, SHK_E_CARD_HANGS);
    stage_expect(f, SHK_EVENT_DONE);
    expect_silence(f, 500);
    desk_place(&f->desk, true);
    expect_reader(f, CARD_VIRTUAL_READER);
    pass_the_pin(f);
    /* Not after an outage either, only when it was taken away. */
    desk_serve(&f->desk, false);
    expect_fault(f, SHK_E_NO_SERVICE);
    desk_place(&f->desk, false);
    desk_serve(&f->desk, true);
    stage_expect(f, SHK_EVENT_READERS);
    expect_silence(f, 500);
    assert_int_equal(f->desk.other.connects, 1);
    desk_place_other(&f->desk, false);
    stage_expect(f, SHK_EVENT_REMOVED);
    stage_expect(f, SHK_EVENT_WAITING);
    desk_place_other(&f->desk, true);
    expect_reader(f, DESK_OTHER_READER);
    expect_fault(f, SHK_E_CARD_HANGS);
    assert_int_equal(f->desk.other.connects, 2);
}

static void a_card_that_hangs_while_it_is_read_ends_that_check_alone(void **state) {
    struct stage *f = *state;
    f->desk.card.fail_at = 2;
    f->desk.card.fail_code = SHK_E_CARD_HANGS;
    watch(f);
    stage_expect(f, SHK_EVENT_CARD);
    expect_fault(f, SHK_E_CARD_HANGS);
    stage_expect(f, SHK_EVENT_DONE);
    assert_false(f->desk.card.in_transaction);
    f->desk.card.fail_at = 0;
    desk_place(&f->desk, false);
    stage_expect(f, SHK_EVENT_REMOVED);
    stage_expect(f, SHK_EVENT_WAITING);
    desk_place(&f->desk, true);
    stage_expect(f, SHK_EVENT_CARD);
    pass_the_pin(f);
}

static double used_ms(void) {
    struct timespec t;
    assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t), 0);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* The fake itself looks a hundred times a second, and a sanitizer slows all of it down: 1 % is what a real desk
 * may use, this is far below what waiting in a loop would. */
static void a_watch_that_waits_uses_next_to_nothing(void **state) {
    struct stage *f = *state;
    const bool service[] = {true, false};
    for (size_t i = 0; i < 2; i++) {
        desk_place(&f->desk, false);
        desk_serve(&f->desk, service[i]);
        watch(f);
        (void)stage_next(f);
        double before = used_ms();
        expect_silence(f, 3000);
        assert_true(used_ms() - before < 3000 * 0.15);
        assert_int_equal(session_cancel(f->session), SHK_OK);
        stage_expect(f, SHK_EVENT_DONE);
    }
}

static void a_reader_that_changes_all_the_time_is_looked_at_now_and_then(void **state) {
    struct stage *f = *state;
    plug_other(f, false);
    desk_place(&f->desk, false);
    watch(f);
    stage_expect(f, SHK_EVENT_WAITING);
    mutex_lock(f->desk.lock);
    f->desk.unsteady = true;
    uint32_t before = f->desk.lists;
    mutex_unlock(f->desk.lock);
    expect_silence(f, 2000);
    assert_true(looks(f) - before < 40);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STAGE_CASE(a_card_of_another_kind_does_not_hide_the_right_one),
        STAGE_CASE(a_pin_given_for_a_refused_phone_is_for_no_other_card),
        STAGE_CASE(a_pin_given_for_one_of_two_cards_is_sent_to_none),
        STAGE_CASE(a_card_that_cannot_be_read_counts_for_one_with_a_pin),
        STAGE_CASE(a_card_of_another_kind_does_not_keep_the_pin_from_the_right_one),
        STAGE_CASE(one_card_alone_is_read_once_for_its_pin),
        STAGE_CASE(the_configured_reader_says_whose_pin_it_is),
        STAGE_CASE(the_readers_are_known_when_the_pin_is_asked_for),
        STAGE_CASE(a_refused_phone_does_not_hide_the_card_on_the_next_reader),
        STAGE_CASE(a_card_that_another_program_keeps_does_not_hide_the_right_one),
        STAGE_CASE(a_card_known_as_another_kind_is_told_by_name_and_sent_nothing),
        STAGE_CASE(a_service_that_stops_and_comes_back_is_told_once_each),
        STAGE_CASE(a_service_that_was_never_there_is_told_and_awaited),
        STAGE_CASE(readers_that_come_and_go_are_told_once_each),
        STAGE_CASE(a_preferred_reader_is_awaited),
        STAGE_CASE(a_card_that_hangs_is_told_and_left_while_others_are_read),
        STAGE_CASE(a_card_that_hangs_while_it_is_read_ends_that_check_alone),
        STAGE_CASE(a_watch_that_waits_uses_next_to_nothing),
        STAGE_CASE(a_reader_that_changes_all_the_time_is_looked_at_now_and_then),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
