/* The wire, the switches of the profile, and the profile itself. */
#include "test_support.h"

/* the switches and the wire */

static void malformed_commands_are_refused(void **state) {
    static const struct {
        const char *hex;
        unsigned sw;
    } cases[] = {
        {"", 0x6700},
        {"00", 0x6700},
        {"00A404", 0x6700},
        {"00A4040C0AD392", 0x6700},
        {"00A4040C02000A0000", 0x6700},
        {"00B0000000FF", 0x6700},
        {"00B08A000000000000", 0x6700},
        {"01A4040C", 0x6881},
        {"83B00000", 0x6881},
        {"41A40400", 0x6881},
        {"0CB00000", 0x6882},
        {"90B00000", 0x6E00},
        {"80A4040C", 0x6E00},
        {"002A0080", 0x6E00},
        {"00D60000", 0x6D00},
        {"00C0000010", 0x6985},
        {"80A200C1", 0x6700},
        {"00CA004200", 0x6A88},
    };
    struct vcard *c = card_with("");
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (tx(c, cases[i].hex) != cases[i].sw) {
            fail_msg("%s: %02X%02X", cases[i].hex, rx[0], rx[1]);
        }
    }
    vcard_free(c);
}

static void extended_length_can_be_missing(void **state) {
    struct vcard *c = card_with("no_extended = yes");

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "00B08A00000000"), 0x6700);
    assert_int_equal(tx(c, "00B08A0000"), 0x9000);
    assert_int_equal(rx_len, 256);
    vcard_free(c);
}

static void first_command_may_fail_once_per_power_on(void **state) {
    struct vcard *c = card_with("first_command_6f00 = yes");

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x6F00);
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    vcard_power_off(c);
    vcard_power_on(c);
    assert_int_equal(tx(c, SELECT_JPKI), 0x6F00);
    vcard_free(c);
}

static void answers_may_come_in_pieces(void **state) {
    struct vcard *c = card_with("chaining_61xx = 100");

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "00B0860000"), 0x613C);
    assert_int_equal(rx_len, 100);
    assert_int_equal(tx(c, "00C0000010"), 0x612C);
    assert_int_equal(rx_len, 16);
    assert_int_equal(tx(c, "00C000002C"), 0x9000);
    assert_int_equal(rx_len, 44);
    assert_int_equal(tx(c, "00C0000000"), 0x6985);
    assert_int_equal(tx(c, "00B08A00000000"), 0x6100); /* more than 255 bytes wait */
    assert_int_equal(tx(c, "00B08A0000"), 0x619C);
    assert_int_equal(tx(c, "00A4020C020006"), 0x9000);
    assert_int_equal(tx(c, "00C0000000"), 0x6985);
    vcard_free(c);
}

static void card_can_leave_in_the_middle(void **state) {
    struct vcard *c = card_with("remove_at_apdu = 2");

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "00B0860000"), 0);
    assert_false(vcard_present(c));
    assert_int_equal(tx(c, "00B0860000"), 0);
    vcard_insert(c);
    assert_int_equal(tx(c, SELECT_JPKI), 0);
    vcard_power_on(c);
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    vcard_free(c);
}

static int take_away(void *self, uint32_t ms) {
    *(uint32_t *)self += ms;
    return 1;
}

static void card_taken_away_while_it_signs_gives_no_answer(void **state) {
    struct vcard *c = card_with("sign_delay_ms = 700");
    uint32_t waited = 0;

    (void)state;
    vcard_set_sleep(c, take_away, &waited);
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "002000980431323334"), 0x9000);
    assert_int_equal(tx(c, "802A009733" DIGEST_INFO HASH "00"), 0);
    assert_int_equal(waited, 700);
    assert_int_equal(vcard_sign_count(c), 0);
    vcard_free(c);
}

static void filler_follows_the_certificate(void **state) {
    struct vcard *c = card_with("filler = 64");
    size_t der;

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "00B08A00000000"), 0x9000);
    der = (size_t)rx[2] * 256 + rx[3] + 4;
    assert_int_equal(rx_len, der + 64);
    assert_int_equal(rx[der], 0xFF);
    vcard_free(c);
}

static void keep_trace(void *self, const struct vcard_trace *t) {
    *(struct vcard_trace *)self = *t;
}

static void trace_shows_lengths_and_no_data(void **state) {
    struct vcard *c = card_with("");
    struct vcard_trace t;

    (void)state;
    vcard_set_trace(c, keep_trace, &t);
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "002000980431323334"), 0x9000);
    assert_int_equal(t.index, 2);
    assert_int_equal(t.lc, 4);
    assert_int_equal(t.le, -1);
    assert_int_equal(t.sw, 0x9000);
    vcard_free(c);
}

static void short_buffer_and_missing_power_are_reported(void **state) {
    static const uint8_t get_atr[] = {0x00, 0xA4, 0x00, 0x00};
    struct vcard *c = card_with("");
    uint8_t small[1];
    size_t n;

    (void)state;
    assert_int_equal(vcard_transmit(c, get_atr, 4, small, 1, &n), VCARD_SPACE);
    vcard_power_off(c);
    assert_int_equal(vcard_transmit(c, get_atr, 4, rx, sizeof rx, &n), VCARD_UNPOWERED);
    assert_non_null(vcard_atr(c, &n));
    assert_int_equal(n, 13);
    vcard_free(c);
}

/* profile */

static void profile_faults_name_the_line_and_hide_the_value(void **state) {
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"pin = 12345678901234567\n", ":1: value of pin is not valid"},
        {"\nnonsense = 1\n", ":2: unknown key nonsense"},
        {"# only a comment\nno sign here\n", ":2: no = in the line"},
        {"delay_ms = 99999999999\n", ":1: value of delay_ms"},
        {"child = maybe\n", ":1: value of child"},
        {"atr = 3B8\n", ":1: value of atr"},
        {"pin = 1234\n", "auth_key"},
        {"pin = 1\nauth_key = missing\nauth_cert = missing\n", "cannot read the certificate"},
    };
    char why[256];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        FILE *f = fopen(scratch, "w");

        assert_non_null(f);
        fputs(cases[i].text, f);
        assert_int_equal(fclose(f), 0);
        assert_null(vcard_new(scratch, why, sizeof why));
        if (strstr(why, cases[i].want) == NULL || strstr(why, "1234") != NULL) {
            fail_msg("%s", why);
        }
    }
    assert_null(vcard_new("/nonexistent", why, sizeof why));
}

int test_switches(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_commands_are_refused),
        cmocka_unit_test(extended_length_can_be_missing),
        cmocka_unit_test(first_command_may_fail_once_per_power_on),
        cmocka_unit_test(answers_may_come_in_pieces),
        cmocka_unit_test(card_can_leave_in_the_middle),
        cmocka_unit_test(card_taken_away_while_it_signs_gives_no_answer),
        cmocka_unit_test(filler_follows_the_certificate),
        cmocka_unit_test(trace_shows_lengths_and_no_data),
        cmocka_unit_test(short_buffer_and_missing_power_are_reported),
        cmocka_unit_test(profile_faults_name_the_line_and_hide_the_value),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
