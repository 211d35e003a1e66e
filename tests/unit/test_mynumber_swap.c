/* Another person's card in place of the first one, on a reader that does not notice: whatever was read of
 * the first card, the second one is sent no PIN that it would count. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "card_made.h"
#include "virtual_card.h"

static struct card_ops swapping;
static struct vcard *second, *first;
static uint32_t swap_at; /* before this command, or this PIN on the keys; 0: never */

static void swap_now(struct card_virtual *v) {
    if (first == NULL && swap_at != 0 && v->transmits + 1 >= swap_at) {
        first = v->card;
        v->card = second;
        vcard_power_on(second);
    }
}

static int32_t transmit(void *self, const uint8_t *tx, size_t tx_len, uint8_t *rx, size_t *rx_len,
                        struct fault *f) {
    swap_now(self);
    return card_virtual_ops.transmit(self, tx, tx_len, rx, rx_len, f);
}

static int32_t pad_verify(void *self, const struct pad_question *ask, uint16_t *sw,
                          struct fault *f) {
    swap_now(self);
    return card_virtual_ops.pad_verify(self, ask, sw, f);
}

/* The second card is the sample with a PIN of its own. */
static void begin(const char *lines, const char *second_lines, uint32_t at) {
    start_as(second_lines);
    second = reader.card;
    reader.card = NULL;
    source.ops->free(source.self);
    start_as(lines);
    source.ops->free(source.self);
    swapping = card_virtual_ops;
    swapping.transmit = transmit;
    swapping.pad_verify = pad_verify;
    const struct env env = {.clock = &fixed_clock, .card = &swapping, .card_self = &reader};
    static struct env kept;
    kept = env;
    assert_int_equal(mynumber_new(&kept, NULL, &rules, NULL, &source), SHK_OK);
    first = NULL;
    swap_at = at;
}

static void end(void) {
    struct vcard *other = first != NULL ? first : second;
    stop();
    vcard_free(other);
}

static bool means_exchanged(int32_t rc) {
    return rc == SHK_E_CARD_REMOVED || rc == SHK_E_CARD_RESET;
}

static void expect_refused(int32_t rc) {
    assert_non_null(first);
    if (!means_exchanged(rc)) {
        fail_msg("swapped at %u: %d", (unsigned)swap_at, (int)rc);
    }
    assert_int_equal(why.code, rc);
    assert_int_equal(vcard_sign_count(second), 0);
    /* Nothing is sent any more. */
    uint32_t before = reader.transmits;
    fault_clear(&why);
    assert_int_equal(sign("1234", true), SHK_E_STATE);
    assert_int_equal(reader.transmits, before);
    fault_clear(&why);
}

enum course { PLAIN, KEPT, WRONG_BEFORE, ON_KEYS, COURSES };

static int32_t prove(enum course course) {
    int32_t rc = SHK_OK;
    switch (course) {
    case KEPT:
        rc = source.ops->keep(source.self, &id, &why);
        rc = rc == SHK_OK ? source.ops->keep(source.self, &id, &why) : rc;
        return rc == SHK_OK ? sign("1234", false) : rc;
    case WRONG_BEFORE:
        rc = sign("0000", false);
        if (rc != SHK_E_PIN_WRONG) {
            return rc;
        }
        fault_clear(&why);
        return sign("1234", false);
    case ON_KEYS:
        rc = source.ops->verify(source.self, &id, NULL, false, &why);
        return rc == SHK_OK ? source.ops->sign(source.self, &id, digest, 32, &signature, &why) : rc;
    default:
        return sign("1234", false);
    }
}

static int32_t whole_check(enum course course) {
    reader.traits.pin_pad = course == ON_KEYS;
    reader.pad_digits = "1234";
    int32_t rc = read_card();
    return rc == SHK_OK ? prove(course) : rc;
}

/* By number of the command, in the check undisturbed. */
static bool carries_pin[CARD_VIRTUAL_TRACE + 1];

/* The number of the command with the last PIN. */
static uint32_t note_pins(void) {
    uint32_t last = 0;
    for (uint32_t at = 1; at <= reader.transmits && at <= CARD_VIRTUAL_TRACE; at++) {
        carries_pin[at] = reader.trace[at - 1].head[1] == 0x20 && reader.trace[at - 1].len > 5;
        last = carries_pin[at] ? at : last;
    }
    return last;
}

/* From the second command on the two cards are mixed. Only when they are exchanged at the very VERIFY, it
 * reaches a card, which does not know what it is for. */
static void swapped_at_every_command(const char *lines) {
    for (enum course course = PLAIN; course < COURSES; course++) {
        begin(lines, "", 0);
        assert_int_equal(whole_check(course), SHK_OK);
        uint32_t whole = reader.transmits, pin_at = note_pins();
        assert_true(pin_at > 1 && pin_at < whole);
        end();
        for (uint32_t at = 2; at <= whole; at++) {
            begin(lines, "pin = 9999", at);
            int32_t rc = whole_check(course);
            assert_int_not_equal(rc, SHK_OK);
            assert_int_equal(signature.n, 0);
            assert_int_equal(vcard_pin_tries(second), 3); /* 1234 would have cost one */
            assert_int_equal(vcard_verify_count(second), carries_pin[at]);
            if (at <= pin_at) {
                expect_refused(rc);
            }
            end();
        }
    }
}

static void of_plastic(void **state) {
    (void)state;
    swapped_at_every_command("");
}

static void of_a_phone(void **state) {
    (void)state;
    swapped_at_every_command("android = yes");
}

/* Before the first command the second card is simply the card. */
static void before_the_first_command(void **state) {
    (void)state;
    begin("", "pin_tries = 2", 1);
    assert_int_equal(whole_check(PLAIN), SHK_OK);
    assert_int_equal(vcard_sign_count(second), 1);
    end();
}

static void select_application(struct vcard *card) {
    static const uint8_t select[] = {0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0,
                                     0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01};
    static const uint8_t select_pin[] = {0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x18};
    uint8_t rx[300];
    size_t n = 0;
    assert_int_equal(vcard_transmit(card, select, sizeof select, rx, sizeof rx, &n), VCARD_OK);
    assert_int_equal(vcard_transmit(card, select_pin, sizeof select_pin, rx, sizeof rx, &n),
                     VCARD_OK);
}

/* Even a second card that somebody left ready for the PIN is found out by its counter. */
static void another_count_is_another_card(void **state) {
    (void)state;
    static const struct {
        const char *first, *second;
    } cases[] = {{"pin_tries = 2", "pin_tries = 3"}, {"pin_tries = 3", "pin_tries = 2"}};
    for (size_t i = 0; i < 2; i++) {
        begin(cases[i].first, cases[i].second, 0);
        int tries = vcard_pin_tries(second);
        assert_int_equal(read_card(), SHK_OK);
        first = reader.card;
        reader.card = second;
        vcard_power_on(second);
        select_application(second);
        assert_int_equal(source.ops->keep(source.self, &id, &why), SHK_E_CARD_REMOVED);
        fault_clear(&why);
        assert_int_equal(sign("1234", true), SHK_E_STATE);
        assert_int_equal(vcard_verify_count(second), 0);
        assert_int_equal(vcard_pin_tries(second), tries);
        end();
    }
}

/* Another program's verified PIN makes us take the power away; the card may change meanwhile. What is signed
 * then belongs to the certificate of the same card. */
static void while_the_power_is_off(void **state) {
    (void)state;
    struct odd_answer odd[] = {{"0020", 4, 0, 1, "9000"}, {0}};
    start_made("RSA-2048", "");
    struct vcard *other = reader.card;
    reader.card = NULL;
    source.ops->free(source.self);
    begin("", "", 0);
    vcard_free(second);
    second = other;
    swap_at = (plan_now == 'A' ? 10 : plan_now == 'B' ? 8 : 3) + 1;
    answer_oddly(odd);
    assert_int_equal(read_card(), SHK_OK);
    assert_int_equal(reader.connects, 2);
    assert_non_null(first);
    assert_int_equal(sign("1234", false), SHK_OK);
    assert_int_equal(vcard_sign_count(second), 1);
    assert_int_equal(vcard_verify_count(first), 0);
    end();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_plastic),
        cmocka_unit_test(of_a_phone),
        cmocka_unit_test(before_the_first_command),
        cmocka_unit_test(another_count_is_another_card),
        cmocka_unit_test(while_the_power_is_off),
    };
    int failed = case_set_up() ? 0 : 1;
    for (const char *plan = "ABC"; failed == 0 && *plan != '\0'; plan++) {
        use_plan(*plan);
        failed = cmocka_run_group_tests(tests, NULL, NULL);
    }
    return failed;
}
