/* The PIN and its counter: what the card says, and what is never sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "card_made.h"
#include "pin_answer.h"
#include "virtual_card.h"

#define QUERY  "0020"
#define VERIFY "0020"

static int32_t keep(void) {
    return source.ops->keep(source.self, &id, &why);
}

static void expect_read(const char *answer, int32_t code, int32_t tries) {
    struct odd_answer odd[] = {{QUERY, 4, 0, 0, answer}, {0}};
    start();
    answer_oddly(odd);
    assert_int_equal(read_card(), code);
    assert_int_equal(id.tries_left, tries);
    assert_int_equal(reader.verifies, 0);
    if (code != SHK_OK) {
        assert_int_equal(why.code, code);
        assert_int_equal(why.native_kind, SHK_NATIVE_SW);
        fault_clear(&why);
        assert_int_equal(sign("1234", true), SHK_E_STATE);
        assert_int_equal(reader.verifies, 0);
    }
    stop();
}

static void counter_is_told_before_the_pin(void **state) {
    (void)state;
    expect_read("63C3", SHK_OK, 3);
    expect_read("63C1", SHK_OK, 1);
    expect_read("63CF", SHK_OK, 15);
    expect_read("6300", SHK_OK, -1);
}

static void blocked_is_told_apart(void **state) {
    (void)state;
    expect_read("63C0", SHK_E_PIN_BLOCKED, 0);
    expect_read("6983", SHK_E_PIN_BLOCKED, 0);
    expect_read("6984", SHK_E_PIN_BLOCKED, 0);
}

static void other_answers_to_the_query(void **state) {
    (void)state;
    expect_read("6A82", SHK_E_PIN_NONE, -1);
    expect_read("6A88", SHK_E_PIN_NONE, -1);
    expect_read("6981", SHK_E_PIN_NONE, -1);
    expect_read("6986", SHK_E_CARD_RESET, -1);
    expect_read("6F00", SHK_E_CARD_ANSWER, -1);
    expect_read("6D00", SHK_E_CARD_ANSWER, -1);
    expect_read("63D3", SHK_E_CARD_ANSWER, -1);
}

static void blocked_card_of_the_sample(void **state) {
    (void)state;
    start_as("pin_tries = 0");
    assert_int_equal(read_card(), SHK_E_PIN_BLOCKED);
    assert_int_equal(id.tries_left, 0);
    stop();
}

static void unknown_counter_is_treated_as_the_last_try(void **state) {
    (void)state;
    struct odd_answer odd[] = {{QUERY, 4, 0, 0, "6300"}, {0}};
    start();
    answer_oddly(odd);
    assert_int_equal(read_card(), SHK_OK);
    assert_int_equal(sign("1234", false), SHK_E_PIN_LAST_TRY);
    assert_int_equal(reader.verifies, 0);
    fault_clear(&why);
    assert_int_equal(sign("1234", true), SHK_OK);
    assert_int_equal(reader.verifies, 1);
    stop();
}

/* A card that needs no PIN, or keeps its state without power: the PIN is sent all the same. */
static void card_that_stays_verified_never_skips_the_pin(void **state) {
    (void)state;
    struct odd_answer odd[] = {{QUERY, 4, 0, 0, "9000"}, {0}};
    start();
    answer_oddly(odd);
    assert_int_equal(read_card(), SHK_OK);
    assert_int_equal(reader.power_downs, 1);
    assert_int_equal(sent(QUERY, 4), 2);
    assert_int_equal(id.tries_left, -1);
    assert_int_equal(source.ops->sign(source.self, &id, digest, 32, &signature, &why), SHK_E_STATE);
    fault_clear(&why);
    assert_int_equal(keep(), SHK_OK);
    assert_int_equal(sign("1234", false), SHK_E_PIN_LAST_TRY);
    fault_clear(&why);
    assert_int_equal(sign("1234", true), SHK_OK);
    assert_int_equal(reader.verifies, 1);
    stop();
}

/* Between the two connections the card may have been changed for another: what was read of the first
 * one counts no more. */
static void start_with_power_off_reads_everything_anew(void **state) {
    (void)state;
    struct odd_answer odd[] = {{QUERY, 4, 0, 1, "9000"}, {0}};
    start();
    answer_oddly(odd);
    assert_int_equal(read_card(), SHK_OK);
    uint32_t whole = reader.transmits;
    assert_int_equal(whole % 2, 0);
    assert_int_equal(source.ops->apdu_count(source.self), whole);
    for (uint32_t i = 0; i < whole / 2; i++) {
        assert_int_equal(reader.trace[i].len, reader.trace[i + whole / 2].len);
        assert_memory_equal(reader.trace[i].head, reader.trace[i + whole / 2].head, 5);
    }
    assert_int_equal(id.tries_left, 3);
    assert_int_equal(sign("1234", false), SHK_OK);
    stop();
}

static void wrong_pin_keeps_the_counter_right(void **state) {
    (void)state;
    start();
    assert_int_equal(read_card(), SHK_OK);
    assert_int_equal(sign("0000", false), SHK_E_PIN_WRONG);
    assert_int_equal(id.tries_left, 2);
    fault_clear(&why);
    assert_int_equal(keep(), SHK_OK);
    assert_int_equal(id.tries_left, 2);
    assert_int_equal(reader.verifies, 1);
    assert_int_equal(sign("1234", false), SHK_OK);
    assert_int_equal(reader.verifies, 2);
    assert_int_equal(vcard_pin_tries(reader.card), 3);
    stop();
}

/* Nothing is sent again by itself, whatever the card answered to the PIN. */
static void answer_to_the_pin_in_every_form(void **state) {
    (void)state;
    static const struct {
        const char *answer;
        int32_t code, tries;
        bool again;
    } cases[] = {
        {"63C2", SHK_E_PIN_WRONG, 2, true},     {"63C0", SHK_E_PIN_BLOCKED, 0, false},
        {"6983", SHK_E_PIN_BLOCKED, 0, false},  {"6984", SHK_E_PIN_BLOCKED, 0, false},
        {"6300", SHK_E_PIN_WRONG, -1, true},    {"6986", SHK_E_CARD_RESET, -1, false},
        {"6A82", SHK_E_CARD_RESET, -1, false},  {"6A88", SHK_E_CARD_RESET, -1, false},
        {"6982", SHK_E_CARD_ANSWER, -1, false}, {"6700", SHK_E_CARD_ANSWER, -1, false},
        {"6C04", SHK_E_CARD_ANSWER, -1, false}, {"6110", SHK_E_CARD_ANSWER, -1, false},
        {"6400", SHK_E_CARD_ANSWER, -1, false}, {"90", SHK_E_CARD_ANSWER, -1, false},
        {"", SHK_E_CARD_ANSWER, -1, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct odd_answer odd[] = {{VERIFY, 9, 0, 1, cases[i].answer}, {0}};
        start();
        assert_int_equal(read_card(), SHK_OK);
        answer_oddly(odd);
        uint32_t before = reader.transmits;
        assert_int_equal(sign("0000", false), cases[i].code);
        assert_int_equal(id.tries_left, cases[i].tries);
        assert_int_equal(reader.transmits - before, 1);
        fault_clear(&why);
        assert_int_equal(sign("1234", true), cases[i].again ? SHK_OK : SHK_E_STATE);
        assert_int_equal(reader.verifies, cases[i].again ? 2 : 1);
        stop();
    }
}

static void refused_as_the_same(const char *digits, bool spend_last_try) {
    uint32_t before = reader.transmits;
    int32_t tries = id.tries_left;
    assert_int_equal(sign(digits, spend_last_try), SHK_E_PIN_SAME);
    assert_int_equal(why.code, SHK_E_PIN_SAME);
    assert_int_equal(reader.transmits, before);
    assert_int_equal(id.tries_left, tries);
    fault_clear(&why);
}

/* Whoever gives the same digits once more loses no try by it, and is not asked for a word on the last one. */
static void wrong_digits_are_not_sent_twice(void **state) {
    (void)state;
    start();
    assert_int_equal(read_card(), SHK_OK);
    assert_int_equal(sign("0000", false), SHK_E_PIN_WRONG);
    fault_clear(&why);
    refused_as_the_same("0000", false);
    refused_as_the_same("0000", true);
    assert_int_equal(keep(), SHK_OK);
    assert_int_equal(sign("0001", false), SHK_E_PIN_WRONG);
    fault_clear(&why);
    assert_int_equal(id.tries_left, 1);
    refused_as_the_same("0000", false);
    refused_as_the_same("0001", true);
    assert_int_equal(reader.verifies, 2);
    assert_int_equal(vcard_pin_tries(reader.card), 1);
    assert_int_equal(sign("1234", true), SHK_OK);
    assert_int_equal(vcard_pin_tries(reader.card), 3);
    stop();
}

/* It may be another card, and somebody who was asked anew. */
static void another_transaction_may_send_them(void **state) {
    (void)state;
    start();
    for (int32_t left = 2; left >= 1; left--) {
        assert_int_equal(read_card(), SHK_OK);
        assert_int_equal(sign("0000", false), SHK_E_PIN_WRONG);
        assert_int_equal(id.tries_left, left);
        fault_clear(&why);
        refused_as_the_same("0000", false);
        source.ops->finish(source.self);
    }
    assert_int_equal(reader.verifies, 2);
    stop();
}

static void lost_answer_to_the_pin_closes_the_card(void **state) {
    (void)state;
    static const int32_t codes[] = {SHK_E_READER, SHK_E_CARD_REMOVED, SHK_E_CARD_RESET,
                                    SHK_E_CARD_HANGS};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        start();
        assert_int_equal(read_card(), SHK_OK);
        reader.fail_at = reader.transmits + 1;
        reader.fail_code = codes[i];
        assert_int_equal(sign("0000", false), codes[i]);
        assert_int_equal(id.tries_left, -1);
        fault_clear(&why);
        assert_int_equal(keep(), SHK_E_STATE);
        fault_clear(&why);
        assert_int_equal(sign("1234", true), SHK_E_STATE);
        assert_int_equal(reader.verifies, 1);
        assert_int_equal(vcard_pin_tries(reader.card), 2);
        stop();
    }
}

static void no_path_sends_what_is_no_pin(void **state) {
    (void)state;
    static const char *const bad[] = {"", "1", "123", "12345", "12a4", " 123", "123\n"};
    start();
    assert_int_equal(sign("", true), SHK_E_STATE); /* before read */
    fault_clear(&why);
    assert_int_equal(read_card(), SHK_OK);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint32_t before = reader.transmits;
        assert_int_equal(sign(bad[i], true), SHK_E_PIN_FORMAT);
        assert_int_equal(reader.transmits, before);
        fault_clear(&why);
    }
    assert_int_equal(source.ops->verify(source.self, &id, NULL, true, &why), SHK_E_PIN_FORMAT);
    fault_clear(&why);
    assert_int_equal(sign("0000", false), SHK_E_PIN_WRONG);
    fault_clear(&why);
    assert_int_equal(sign("", true), SHK_E_PIN_FORMAT);
    fault_clear(&why);
    assert_int_equal(sign("1234", false), SHK_OK);
    assert_int_equal(sign("", true), SHK_E_STATE);
    assert_int_equal(reader.verifies, 2);
    assert_int_equal(sent(VERIFY, 9), 2);
    assert_int_equal(sent(VERIFY, 5), 0);
    fault_clear(&why);
    source.ops->finish(source.self);
    assert_int_equal(sign("1234", true), SHK_E_STATE);
    assert_int_equal(reader.verifies, 2);
    stop();
}

static void another_program_at_the_card_is_told(void **state) {
    (void)state;
    start();
    reader.waited = true;
    assert_int_equal(read_card(), SHK_OK);
    assert_true(id.waited);
    source.ops->finish(source.self);
    reader.waited = false;
    assert_int_equal(read_card(), SHK_OK);
    assert_false(id.waited);
    stop();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counter_is_told_before_the_pin),
        cmocka_unit_test(blocked_is_told_apart),
        cmocka_unit_test(other_answers_to_the_query),
        cmocka_unit_test(blocked_card_of_the_sample),
        cmocka_unit_test(unknown_counter_is_treated_as_the_last_try),
        cmocka_unit_test(card_that_stays_verified_never_skips_the_pin),
        cmocka_unit_test(start_with_power_off_reads_everything_anew),
        cmocka_unit_test(wrong_pin_keeps_the_counter_right),
        cmocka_unit_test(answer_to_the_pin_in_every_form),
        cmocka_unit_test(wrong_digits_are_not_sent_twice),
        cmocka_unit_test(another_transaction_may_send_them),
        cmocka_unit_test(lost_answer_to_the_pin_closes_the_card),
        cmocka_unit_test(no_path_sends_what_is_no_pin),
        cmocka_unit_test(another_program_at_the_card_is_told),
    };
    int failed = case_set_up() ? 0 : 1;
    for (const char *plan = "ABC"; failed == 0 && *plan != '\0'; plan++) {
        use_plan(*plan);
        failed = cmocka_run_group_tests(tests, NULL, NULL);
    }
    return failed;
}
