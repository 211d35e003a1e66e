/* The PIN typed on the reader's own keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "card_made.h"
#include "pin_answer.h"
#include "virtual_card.h"

static void start_with_pad(const char *digits) {
    start();
    reader.traits.pin_pad = true;
    reader.pad_digits = digits;
    assert_int_equal(read_card(), SHK_OK);
    assert_true(id.pin_pad);
}

static int32_t type_on_reader(bool spend_last_try) {
    return source.ops->verify(source.self, &id, NULL, spend_last_try, &why);
}

static int32_t sign_now(void) {
    return source.ops->sign(source.self, &id, digest, 32, &signature, &why);
}

static void pin_is_typed_on_the_reader(void **state) {
    (void)state;
    start_with_pad("1234");
    assert_int_equal(reader.verifies, 0);
    int32_t before = source.ops->apdu_count(source.self);
    assert_int_equal(type_on_reader(false), SHK_OK);
    assert_int_equal(reader.pads, 1);
    assert_int_equal(reader.pad_asked.least, 4);
    assert_int_equal(reader.pad_asked.most, 4);
    assert_int_equal(reader.pad_asked.head[1], 0x20);
    assert_int_equal(source.ops->apdu_count(source.self) - before, 1);
    assert_int_equal(sign_now(), SHK_OK);
    assert_int_equal(signature.n, 256);
    stop();
}

static void reader_without_keys_is_not_asked(void **state) {
    (void)state;
    start();
    reader.pad_digits = "1234";
    assert_int_equal(read_card(), SHK_OK);
    assert_false(id.pin_pad);
    assert_int_equal(type_on_reader(true), SHK_E_PIN_FORMAT);
    assert_int_equal(reader.pads, 0);
    stop();
}

static void keys_can_be_switched_off(void **state) {
    (void)state;
    rules.no_pin_pad = true;
    start();
    reader.traits.pin_pad = true;
    reader.pad_digits = "1234";
    assert_int_equal(read_card(), SHK_OK);
    assert_false(id.pin_pad);
    assert_int_equal(type_on_reader(true), SHK_E_PIN_FORMAT);
    assert_int_equal(reader.pads, 0);
    stop();
    rules = plan_rules;
}

static void host_may_still_send_the_pin(void **state) {
    (void)state;
    start_with_pad("0000");
    assert_int_equal(sign("1234", false), SHK_OK);
    assert_int_equal(reader.pads, 0);
    stop();
}

static void wrong_on_the_keys_counts_like_any_other(void **state) {
    (void)state;
    start_with_pad("0000");
    assert_int_equal(type_on_reader(false), SHK_E_PIN_WRONG);
    assert_int_equal(id.tries_left, 2);
    fault_clear(&why);
    assert_int_equal(source.ops->keep(source.self, &id, &why), SHK_OK);
    assert_int_equal(type_on_reader(false), SHK_E_PIN_WRONG);
    assert_int_equal(id.tries_left, 1);
    fault_clear(&why);
    assert_int_equal(type_on_reader(false), SHK_E_PIN_LAST_TRY);
    assert_int_equal(reader.pads, 2);
    fault_clear(&why);
    assert_int_equal(type_on_reader(true), SHK_E_PIN_BLOCKED);
    assert_int_equal(id.tries_left, 0);
    assert_int_equal(reader.pads, 3);
    fault_clear(&why);
    assert_int_equal(type_on_reader(true), SHK_E_STATE);
    assert_int_equal(reader.pads, 3);
    stop();
}

static void nothing_typed_spends_nothing(void **state) {
    (void)state;
    static const struct {
        uint16_t sw;
        const char *where;
    } cases[] = {{0x6400, "time"},
                 {0x6401, "cancelled"},
                 {0x6402, "two entries that differ"},
                 {0x6403, "number of digits"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        start_with_pad("1234");
        reader.pad_sw = cases[i].sw;
        uint32_t before = reader.transmits;
        assert_int_equal(type_on_reader(false), SHK_E_PIN_PAD);
        assert_string_equal(why.where, cases[i].where);
        assert_int_equal(why.native, cases[i].sw);
        assert_int_equal(reader.transmits - before, 1); /* the counter */
        assert_int_equal(id.tries_left, 3);
        fault_clear(&why);
        reader.pad_sw = 0;
        assert_int_equal(type_on_reader(false), SHK_OK);
        assert_int_equal(sign_now(), SHK_OK);
        assert_int_equal(reader.verifies, 1);
        stop();
    }
}

/* What the reader says and what the card counts need not agree: the card is believed. */
static void counter_is_asked_again_when_the_keys_fail(void **state) {
    (void)state;
    static const struct {
        const char *answer;
        int32_t code, tries;
    } cases[] = {{"63C2", SHK_E_PIN_WRONG, 2},    {"63C0", SHK_E_PIN_BLOCKED, 0},
                 {"6984", SHK_E_PIN_BLOCKED, 0},  {"6300", SHK_E_CARD_REMOVED, -1},
                 {"63C3", SHK_E_PIN_PAD, 3},      {"9000", SHK_E_CARD_REMOVED, -1},
                 {"63C5", SHK_E_CARD_REMOVED, 5}, {"6A88", SHK_E_CARD_RESET, -1},
                 {"6986", SHK_E_CARD_RESET, -1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct odd_answer odd[] = {{"0020", 4, 0, 1, cases[i].answer}, {0}};
        start_with_pad("1234");
        answer_oddly(odd);
        reader.pad_sw = 0x6401;
        assert_int_equal(type_on_reader(false), cases[i].code);
        assert_int_equal(id.tries_left, cases[i].tries);
        fault_clear(&why);
        reader.pad_sw = 0;
        bool open = cases[i].code == SHK_E_PIN_PAD;
        assert_int_equal(type_on_reader(true), open ? SHK_OK : SHK_E_STATE);
        stop();
    }
}

/* A reader that says that nothing came, and has sent what was typed. */
static void a_try_that_the_reader_conceals_is_told(void **state) {
    (void)state;
    for (int32_t tries = 3; tries >= 1; tries--) {
        start_as(tries == 3 ? "" : tries == 2 ? "pin_tries = 2" : "pin_tries = 1");
        reader.traits.pin_pad = reader.pad_lies = true;
        reader.pad_digits = "0000";
        reader.pad_sw = 0x6400;
        assert_int_equal(read_card(), SHK_OK);
        int32_t code = tries == 1 ? SHK_E_PIN_BLOCKED : SHK_E_PIN_WRONG;
        assert_int_equal(type_on_reader(true), code);
        assert_int_equal(why.code, code);
        assert_int_equal(id.tries_left, tries - 1);
        fault_clear(&why);
        assert_int_equal(type_on_reader(true), SHK_E_STATE);
        fault_clear(&why);
        assert_int_equal(sign("1234", true), SHK_E_STATE);
        assert_int_equal(reader.pads, 1);
        assert_int_equal(reader.verifies, 1);
        stop();
    }
}

static void fault_on_the_way_leaves_it_unknown(void **state) {
    (void)state;
    static const int32_t codes[] = {SHK_E_READER, SHK_E_CARD_REMOVED, SHK_E_CARD_HANGS};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        start_with_pad("0000");
        reader.fail_at = reader.transmits + 1;
        reader.fail_code = codes[i];
        assert_int_equal(type_on_reader(false), codes[i]);
        assert_int_equal(id.tries_left, -1);
        fault_clear(&why);
        assert_int_equal(type_on_reader(true), SHK_E_STATE);
        fault_clear(&why);
        assert_int_equal(sign("1234", true), SHK_E_STATE);
        assert_int_equal(reader.pads, 1);
        stop();
    }
}

static void card_taken_away_while_it_is_typed(void **state) {
    (void)state;
    start_with_pad("1234");
    vcard_remove(reader.card);
    reader.pad_sw = 0x6400; /* the reader only says that nothing came */
    assert_int_equal(type_on_reader(false), SHK_E_CARD_REMOVED);
    assert_int_equal(why.code, SHK_E_CARD_REMOVED);
    fault_clear(&why);
    assert_int_equal(type_on_reader(true), SHK_E_STATE);
    stop();
}

static void phone_with_keys(void **state) {
    (void)state;
    start_as("android = yes");
    reader.traits.pin_pad = true;
    reader.pad_digits = "1234";
    assert_int_equal(read_card(), SHK_OK);
    assert_true(id.pin_pad);
    assert_int_equal(type_on_reader(false), SHK_OK);
    assert_true(id.certificate.n > 0);
    assert_int_equal(sign_now(), SHK_OK);
    stop();
}

/* Nobody is asked for a PIN that could not be sent. */
static void reader_that_hangs_over_what_it_can_do(void **state) {
    (void)state;
    start();
    reader.traits_fault = SHK_E_CARD_HANGS;
    assert_int_equal(read_card(), SHK_E_CARD_HANGS);
    assert_int_equal(why.code, SHK_E_CARD_HANGS);
    fault_clear(&why);
    assert_int_equal(sign("1234", true), SHK_E_STATE);
    assert_int_equal(reader.verifies, 0);
    stop();
}

static void words_of_readers(void **state) {
    (void)state;
    static const uint16_t of_the_card[] = {0x9000, 0x63C2, 0x63C0, 0x6984, 0x6982, 0x6404, 0x6700};
    for (size_t i = 0; i < sizeof of_the_card / sizeof of_the_card[0]; i++) {
        assert_null(pin_pad_refusal(of_the_card[i]));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pin_is_typed_on_the_reader),
        cmocka_unit_test(reader_without_keys_is_not_asked),
        cmocka_unit_test(keys_can_be_switched_off),
        cmocka_unit_test(host_may_still_send_the_pin),
        cmocka_unit_test(wrong_on_the_keys_counts_like_any_other),
        cmocka_unit_test(nothing_typed_spends_nothing),
        cmocka_unit_test(counter_is_asked_again_when_the_keys_fail),
        cmocka_unit_test(a_try_that_the_reader_conceals_is_told),
        cmocka_unit_test(fault_on_the_way_leaves_it_unknown),
        cmocka_unit_test(card_taken_away_while_it_is_typed),
        cmocka_unit_test(phone_with_keys),
        cmocka_unit_test(reader_that_hangs_over_what_it_can_do),
        cmocka_unit_test(words_of_readers),
    };
    int failed = case_set_up() ? 0 : 1;
    for (const char *plan = "ABC"; failed == 0 && *plan != '\0'; plan++) {
        use_plan(*plan);
        failed = cmocka_run_group_tests(tests, NULL, NULL);
    }
    return failed;
}
