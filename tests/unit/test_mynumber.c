#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "card_case.h"
#include "card_script.h"
#include "virtual_card.h"

static void whole_check_sends_these_commands(void **state) {
    (void)state;
    start();
    assert_int_equal(read_card(), SHK_OK);
    uint32_t reads = (uint32_t)((id.certificate.n + 255) / 256);
    assert_int_equal(reads, 6); /* as for 1,500 bytes */
    assert_int_equal(id.tries_left, 3);
    assert_string_equal(id.algorithm, "RS256");
    uint32_t before = reader.transmits;
    assert_int_equal(sign("1234", false), SHK_OK);
    assert_int_equal(reader.transmits - before, 3);
    assert_int_equal(reader.transmits, 13); /* the 12 of the plan and the query */
    assert_int_equal(source.ops->apdu_count(source.self), 13);
    static const char *const heads[] = {
        "00A4040C0AD392", "00A4020C02000A", "00B0000000", "00B0010000",
        "00B0020000",     "00B0030000",     "00B0040000", NULL,
        "00A4020C020018", "00200080",       "0020008004", "00A4020C020017",
        "802A0080333031"};
    for (size_t i = 0; i < 13; i++) {
        char hex[15];
        size_t n = heads[i] != NULL ? strlen(heads[i]) / 2 : 0;
        hex_encode(reader.trace[i].head, n, hex);
        for (size_t k = 0; k < 2 * n; k++) {
            hex[k] = hex[k] >= 'a' ? (char)(hex[k] - 'a' + 'A') : hex[k];
        }
        if (heads[i] != NULL) {
            assert_string_equal(hex, heads[i]);
        }
    }
    assert_int_equal(reader.trace[9].len, 4);
    assert_int_equal(reader.trace[10].len, 9);
    assert_int_equal(reader.trace[12].len, 57);
    assert_int_equal(signature.n, 256);
    stop();
}

static void second_signature_needs_no_pin(void **state) {
    (void)state;
    start();
    assert_int_equal(read_card(), SHK_OK);
    assert_int_equal(source.ops->sign(source.self, &id, digest, 32, &signature, &why), SHK_E_STATE);
    fault_clear(&why);
    assert_int_equal(sign("1234", false), SHK_OK);
    uint32_t before = reader.transmits;
    assert_int_equal(source.ops->sign(source.self, &id, digest, 32, &signature, &why), SHK_OK);
    assert_int_equal(reader.transmits - before, 1);
    assert_int_equal(signature.n, 256);
    assert_int_equal(reader.verifies, 1);
    stop();
}

static void wrong_pin_counts_down_to_the_last_try(void **state) {
    (void)state;
    start();
    assert_int_equal(read_card(), SHK_OK);
    assert_int_equal(sign("0000", false), SHK_E_PIN_WRONG);
    assert_int_equal(id.tries_left, 2);
    assert_int_equal(why.native, 0x63C2);
    fault_clear(&why);
    assert_int_equal(sign("0001", false), SHK_E_PIN_WRONG);
    fault_clear(&why);
    assert_int_equal(id.tries_left, 1);
    uint32_t before = reader.transmits;
    assert_int_equal(sign("1234", false), SHK_E_PIN_LAST_TRY);
    assert_int_equal(reader.transmits, before);
    fault_clear(&why);
    assert_int_equal(sign("0002", true), SHK_E_PIN_BLOCKED);
    assert_int_equal(id.tries_left, 0);
    assert_int_equal(reader.verifies, 3);
    assert_int_equal(vcard_pin_tries(reader.card), 0);
    fault_clear(&why);
    assert_int_equal(sign("1234", true), SHK_E_STATE);
    fault_clear(&why);
    source.ops->finish(source.self);
    assert_int_equal(read_card(), SHK_E_PIN_BLOCKED);
    assert_int_equal(id.tries_left, 0);
    assert_int_equal(reader.verifies, 3);
    stop();
}

static void right_pin_on_the_last_try_is_sent_when_allowed(void **state) {
    (void)state;
    start();
    assert_int_equal(read_card(), SHK_OK);
    assert_int_equal(sign("0000", false), SHK_E_PIN_WRONG);
    fault_clear(&why);
    assert_int_equal(sign("0001", false), SHK_E_PIN_WRONG);
    fault_clear(&why);
    assert_int_equal(sign("1234", true), SHK_OK);
    assert_int_equal(vcard_pin_tries(reader.card), 3);
    stop();
}

static void bad_format_is_never_sent(void **state) {
    (void)state;
    static const char *const bad[] = {"", "123", "12345", "12a4", "12 4", "12\xEF\xBC"};
    start();
    assert_int_equal(read_card(), SHK_OK);
    uint32_t before = reader.transmits;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(sign(bad[i], true), SHK_E_PIN_FORMAT);
        fault_clear(&why);
    }
    assert_int_equal(reader.transmits, before);
    assert_int_equal(sign("1234", false), SHK_OK);
    stop();
}

static void keep_asks_only_for_the_counter(void **state) {
    (void)state;
    start();
    assert_int_equal(read_card(), SHK_OK);
    uint32_t before = reader.transmits;
    assert_int_equal(source.ops->keep(source.self, &id, &why), SHK_OK);
    assert_int_equal(source.ops->keep(source.self, &id, &why), SHK_OK);
    assert_int_equal(reader.transmits - before, 2);
    assert_int_equal(reader.trace[before].len, 4);
    assert_int_equal(id.tries_left, 3);
    assert_int_equal(sign("1234", false), SHK_OK);
    stop();
}

static void keep_notices_a_card_that_was_powered_behind_our_back(void **state) {
    (void)state;
    start();
    assert_int_equal(read_card(), SHK_OK);
    vcard_power_off(reader.card);
    vcard_power_on(reader.card);
    assert_int_equal(source.ops->keep(source.self, &id, &why), SHK_E_CARD_RESET);
    fault_clear(&why);
    assert_int_equal(sign("1234", true), SHK_E_STATE);
    assert_int_equal(reader.verifies, 0);
    stop();
}

static void certificate_dates_are_judged_before_the_pin(void **state) {
    (void)state;
    int64_t good = wall_now;
    start();
    assert_int_equal(read_card(), SHK_OK);
    int64_t first = id.info.not_before_s, last = id.info.not_after_s;
    source.ops->finish(source.self);
    wall_now = first - 1;
    assert_int_equal(read_card(), SHK_E_CERTIFICATE_NOT_YET);
    assert_int_equal(sign("1234", true), SHK_E_STATE);
    fault_clear(&why);
    source.ops->finish(source.self);
    wall_now = first;
    assert_int_equal(read_card(), SHK_OK);
    source.ops->finish(source.self);
    wall_now = last;
    assert_int_equal(read_card(), SHK_OK);
    source.ops->finish(source.self);
    wall_now = last + 1;
    assert_int_equal(read_card(), SHK_E_CERTIFICATE_EXPIRED);
    assert_int_equal(reader.verifies, 0);
    wall_now = good;
    stop();
}

struct answer {
    uint32_t at;
    uint8_t bytes[4];
    size_t n;
};

static void answer_so(void *self, uint32_t n, uint8_t *rx, size_t *rx_len, size_t cap) {
    const struct answer *a = self;
    if (n == a->at && a->n <= cap) {
        memcpy(rx, a->bytes, a->n);
        *rx_len = a->n;
    }
}

static void counter_query_in_every_form(void **state) {
    (void)state;
    static const struct {
        struct answer answer;
        int32_t code, tries;
    } cases[] = {
        {{10, {0x63, 0xC2}, 2}, SHK_OK, 2},
        {{10, {0x63, 0xC0}, 2}, SHK_E_PIN_BLOCKED, 0},
        {{10, {0x69, 0x83}, 2}, SHK_E_PIN_BLOCKED, 0},
        {{10, {0x69, 0x84}, 2}, SHK_E_PIN_BLOCKED, 0},
        {{10, {0x63, 0x00}, 2}, SHK_OK, -1},
        {{10, {0x6A, 0x82}, 2}, SHK_E_PIN_NONE, -1},
        {{10, {0x6A, 0x88}, 2}, SHK_E_PIN_NONE, -1},
        {{10, {0x69, 0x81}, 2}, SHK_E_PIN_NONE, -1},
        {{10, {0x67, 0x00}, 2}, SHK_E_CARD_ANSWER, -1},
        {{10, {0x6C, 0x04}, 2}, SHK_E_CARD_ANSWER, -1},
        {{10, {0x69, 0x86}, 2}, SHK_E_CARD_RESET, -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct answer answer = cases[i].answer;
        start();
        reader.spoil = answer_so;
        reader.spoil_self = &answer;
        assert_int_equal(read_card(), cases[i].code);
        assert_int_equal(id.tries_left, cases[i].tries);
        if (cases[i].tries < 0) {
            /* An unknown counter might be at its last try. */
            fault_clear(&why);
            assert_int_equal(sign("1234", false),
                             cases[i].code == SHK_OK ? SHK_E_PIN_LAST_TRY : SHK_E_STATE);
            assert_int_equal(reader.verifies, 0);
        }
        stop();
    }
}

/* A card that another program left verified is powered down, so that its counter shows again. */
static void card_left_verified_by_another_program_starts_again(void **state) {
    (void)state;
    struct answer answer = {10, {0x90, 0x00}, 2};
    start();
    reader.spoil = answer_so;
    reader.spoil_self = &answer;
    assert_int_equal(read_card(), SHK_OK);
    assert_int_equal(reader.power_downs, 1);
    assert_int_equal(id.tries_left, 3);
    assert_int_equal(reader.transmits, 20); /* the certificate too: it might be another card now */
    assert_int_equal(source.ops->apdu_count(source.self), 20);
    assert_int_equal(sign("1234", false), SHK_OK);
    stop();
}

static void pin_does_not_outlive_the_check(void **state) {
    (void)state;
    start();
    assert_int_equal(read_card(), SHK_OK);
    assert_int_equal(sign("1234", false), SHK_OK);
    source.ops->finish(source.self);
    vcard_power_on(reader.card);
    const uint8_t app[] = {0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0,
                           0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01};
    const uint8_t key[] = {0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x17};
    uint8_t compute[57] = {0x80, 0x2A, 0x00, 0x80, 0x33}, rx[600];
    size_t n = 0;
    (void)vcard_transmit(reader.card, app, sizeof app, rx, sizeof rx, &n);
    (void)vcard_transmit(reader.card, key, sizeof key, rx, sizeof rx, &n);
    assert_int_equal(vcard_transmit(reader.card, compute, 57, rx, sizeof rx, &n), VCARD_OK);
    assert_int_equal(n, 2);
    assert_int_equal(rx[0] << 8 | rx[1], 0x6982);
    stop();
}

struct flip {
    uint32_t at;
    size_t byte;
};

static void flip_bit(void *self, uint32_t n, uint8_t *rx, size_t *rx_len, size_t cap) {
    const struct flip *f = self;
    (void)cap;
    if (n == f->at && f->byte < *rx_len) {
        rx[f->byte] ^= 1;
    }
}

static void false_signature_is_not_used(void **state) {
    (void)state;
    struct flip f = {13, 100};
    start();
    reader.spoil = flip_bit;
    reader.spoil_self = &f;
    assert_int_equal(read_card(), SHK_OK);
    assert_int_equal(sign("1234", false), SHK_E_SIGNATURE);
    assert_int_equal(signature.n, 0);
    assert_int_equal(source.ops->sign(source.self, &id, digest, 32, &signature, NULL), SHK_E_STATE);
    stop();
}

static void digest_of_another_length_is_refused(void **state) {
    (void)state;
    struct pin pin = {.digits = {'1', '2', '3', '4'}, .len = 4};
    start();
    assert_int_equal(read_card(), SHK_OK);
    assert_int_equal(source.ops->verify(source.self, &id, &pin, false, &why), SHK_OK);
    uint32_t before = reader.transmits;
    assert_int_equal(source.ops->sign(source.self, &id, digest, 20, &signature, &why),
                     SHK_E_ARGUMENT);
    assert_int_equal(reader.transmits, before);
    stop();
}

static void played_script_is_followed_to_the_end(void **state) {
    (void)state;
    struct card_script script;
    card_script_init(&script, "# a foreign card\n"
                              "> 00A4040C0AD392F000260100000001\n"
                              "< 6A82\n");
    struct env e = {.clock = &fixed_clock, .card = &card_script_ops, .card_self = &script};
    struct identity_source s;
    fault_clear(&why);
    assert_int_equal(mynumber_new(&e, NULL, NULL, NULL, &s), SHK_OK);
    assert_int_equal(s.ops->read(s.self, "Script", &id, &why), SHK_E_NOT_MYNUMBER);
    s.ops->finish(s.self);
    assert_true(card_script_done(&script));
    assert_int_equal(script.power_downs, 1);
    s.ops->free(s.self);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_check_sends_these_commands),
        cmocka_unit_test(second_signature_needs_no_pin),
        cmocka_unit_test(wrong_pin_counts_down_to_the_last_try),
        cmocka_unit_test(right_pin_on_the_last_try_is_sent_when_allowed),
        cmocka_unit_test(bad_format_is_never_sent),
        cmocka_unit_test(keep_asks_only_for_the_counter),
        cmocka_unit_test(keep_notices_a_card_that_was_powered_behind_our_back),
        cmocka_unit_test(certificate_dates_are_judged_before_the_pin),
        cmocka_unit_test(counter_query_in_every_form),
        cmocka_unit_test(card_left_verified_by_another_program_starts_again),
        cmocka_unit_test(pin_does_not_outlive_the_check),
        cmocka_unit_test(false_signature_is_not_used),
        cmocka_unit_test(digest_of_another_length_is_refused),
        cmocka_unit_test(played_script_is_followed_to_the_end),
    };
    rules.no_short_ids = true; /* the commands are counted as on plan A */
    return case_set_up() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
