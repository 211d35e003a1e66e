#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "card_virtual.h"
#include "probe.h"
#include "virtual_card.h"

#define APDUS 14 /* of a probe in which everything works */

static const char *profile;
static struct card_virtual reader;
static struct identity_rules rules;
static struct probe found;
static struct fault why;
static int64_t clock_ms, step_ms;

static int64_t mono_ms(void *self) {
    (void)self;
    return clock_ms += step_ms;
}

static const struct clock_ops stepping_clock = {mono_ms, NULL};

static void place(const char *line) {
    char path[512], whole[8192];
    (void)snprintf(path, sizeof path, "%s.probe", profile);
    FILE *from = fopen(profile, "r"), *to = fopen(path, "w");
    assert_non_null(from);
    assert_non_null(to);
    size_t n = fread(whole, 1, sizeof whole, from);
    assert_int_equal(fwrite(whole, 1, n, to), n);
    assert_true(fprintf(to, "\n%s\n", line) > 0);
    (void)fclose(from);
    assert_int_equal(fclose(to), 0);
    char said[256];
    assert_true(card_virtual_init(&reader, path, said, sizeof said));
    (void)remove(path);
    rules = (struct identity_rules){0};
    why = (struct fault){0};
    clock_ms = 0;
    step_ms = 2;
}

/* Only these files, and never a word about a PIN, a signature or anything else. */
static void assert_harmless(void) {
    assert_true(reader.transmits <= CARD_VIRTUAL_TRACE);
    for (uint32_t i = 0; i < reader.transmits; i++) {
        const uint8_t *head = reader.trace[i].head;
        assert_true(head[0] == 0x00 && (head[1] == 0xA4 || head[1] == 0xB0 || head[1] == 0xC0));
        if (head[1] == 0xA4 && head[2] == 0x04) {
            assert_true(head[5] == 0xD3 && head[6] == 0x92);
        } else if (head[1] == 0xA4) {
            assert_int_equal(head[5], 0x00);
            assert_true(head[6] == 0x06 || head[6] == 0x08 || head[6] == 0x0B);
        } else if (head[1] == 0xB0 && (head[2] & 0x80) != 0) {
            assert_int_equal(head[2], 0x8B);
        }
    }
    assert_int_equal(reader.verifies, 0);
    assert_int_equal(vcard_pin_tries(reader.card), 3);
}

static int32_t probe(void) {
    const struct env env = {
        .clock = &stepping_clock, .card = &card_virtual_ops, .card_self = &reader};
    int32_t rc = probe_reader(&env, NULL, &rules, CARD_VIRTUAL_READER, &found, &why);
    assert_int_equal(why.code, rc);
    assert_harmless();
    assert_int_equal(found.apdus, reader.transmits);
    assert_int_equal(reader.begins, reader.power_downs);
    assert_int_equal(reader.connects, reader.disconnects + (reader.connect_fault != 0));
    assert_false(reader.in_transaction);
    return rc;
}

static void take_away(void) {
    card_virtual_clear(&reader);
}

static bool is_short_id(uint32_t n) {
    return reader.trace[n - 1].head[1] == 0xB0 && reader.trace[n - 1].head[2] == 0x8B &&
           reader.trace[n - 1].len == 5;
}

static bool is_extended(uint32_t n) {
    return reader.trace[n - 1].head[1] == 0xB0 && reader.trace[n - 1].len == 7;
}

static void a_card_and_a_reader_that_can_do_everything(void **state) {
    (void)state;
    place("");
    reader.traits = (struct reader_traits){.says_size = true, .apdu_max = 65536};
    assert_int_equal(probe(), SHK_OK);
    assert_true(found.application && found.certificate_known && found.certificate);
    assert_int_equal(found.kind, SHK_CARD_MYNUMBER);
    assert_int_equal(found.extended, TRIAL_WORKS);
    assert_int_equal(found.short_ids, TRIAL_WORKS);
    assert_int_equal(found.traits.apdu_max, 65536);
    assert_int_equal(found.apdus, 13);
    assert_false(found.waited);
    take_away();
}

static void a_card_without_extended_length(void **state) {
    (void)state;
    place("no_extended = yes");
    assert_int_equal(probe(), SHK_OK);
    assert_int_equal(found.extended, TRIAL_REFUSED);
    assert_int_equal(found.short_ids, TRIAL_WORKS);
    take_away();
}

static void refuse_short_ids(void *self, uint32_t n, uint8_t *rx, size_t *rx_len, size_t cap) {
    (void)self, (void)cap;
    if (is_short_id(n)) {
        rx[0] = 0x6A;
        rx[1] = 0x82;
        *rx_len = 2;
    }
}

static void without_short_ids_the_long_read_names_the_file_first(void **state) {
    (void)state;
    place("");
    reader.spoil = refuse_short_ids;
    assert_int_equal(probe(), SHK_OK);
    assert_int_equal(found.short_ids, TRIAL_REFUSED);
    assert_int_equal(found.extended, TRIAL_WORKS);
    assert_int_equal(reader.trace[reader.transmits - 1].head[2], 0x00);
    take_away();
}

/* Answers that look well and are not. */
static void cut_the_long_answer(void *self, uint32_t n, uint8_t *rx, size_t *rx_len, size_t cap) {
    (void)self, (void)cap;
    if (is_extended(n) && *rx_len > 258) {
        rx[256] = 0x90;
        rx[257] = 0x00;
        *rx_len = 258;
    }
}

static void change_the_short_answer(void *self, uint32_t n, uint8_t *rx, size_t *rx_len,
                                    size_t cap) {
    (void)self, (void)cap;
    if (is_short_id(n) && *rx_len > 20) {
        rx[20] ^= 1;
    }
}

static void half_an_answer_and_another_file_do_not_count(void **state) {
    (void)state;
    place("");
    reader.spoil = cut_the_long_answer;
    assert_int_equal(probe(), SHK_OK);
    assert_int_equal(found.extended, TRIAL_REFUSED);
    take_away();
    place("");
    reader.spoil = change_the_short_answer;
    assert_int_equal(probe(), SHK_OK);
    assert_int_equal(found.short_ids, TRIAL_REFUSED);
    take_away();
}

static void a_driver_that_fails_is_survived(void **state) {
    (void)state;
    static const int32_t codes[] = {SHK_E_READER, SHK_E_CARD_RESET, SHK_E_CARD_MUTE};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        place("");
        reader.fail_at = 13; /* the long READ is the last command */
        reader.fail_code = codes[i];
        assert_int_equal(probe(), SHK_OK);
        assert_int_equal(found.extended, TRIAL_BROKE);
        assert_int_equal(found.short_ids, TRIAL_WORKS);
        assert_int_equal(reader.connects, 2);
        assert_int_equal(found.apdus, APDUS);
        take_away();
    }
}

static void a_reader_that_hangs_over_the_long_read_is_named(void **state) {
    (void)state;
    place("");
    reader.fail_at = 13;
    reader.fail_code = SHK_E_CARD_HANGS;
    assert_int_equal(probe(), SHK_E_CARD_HANGS);
    assert_int_equal(found.extended, TRIAL_BROKE);
    take_away();
}

static void what_the_rules_switch_off_is_not_tried(void **state) {
    (void)state;
    place("");
    rules = (struct identity_rules){.extended = EXTENDED_NEVER, .no_short_ids = true};
    assert_int_equal(probe(), SHK_OK);
    assert_int_equal(found.extended, TRIAL_NONE);
    assert_int_equal(found.short_ids, TRIAL_NONE);
    for (uint32_t n = 1; n <= reader.transmits; n++) {
        assert_false(is_extended(n) || is_short_id(n));
    }
    take_away();
}

static void a_foreign_card_gets_one_command(void **state) {
    (void)state;
    place("no_jpki = yes");
    assert_int_equal(probe(), SHK_E_NOT_MYNUMBER);
    assert_int_equal(reader.transmits, 1);
    assert_false(found.application);
    take_away();
}

static void kinds_of_cards_by_their_label(void **state) {
    (void)state;
    static const struct {
        const char *line;
        int32_t kind;
    } cards[] = {{"old_juki = yes", SHK_CARD_JUKI},
                 {"android = yes", SHK_CARD_ANDROID},
                 {"child = yes", SHK_CARD_MYNUMBER},
                 {"first_command_6f00 = yes", SHK_CARD_MYNUMBER},
                 {"chaining_61xx = 100", SHK_CARD_MYNUMBER}};
    for (size_t i = 0; i < sizeof cards / sizeof cards[0]; i++) {
        place(cards[i].line);
        assert_int_equal(probe(), SHK_OK);
        assert_int_equal(found.kind, cards[i].kind);
        take_away();
    }
}

static void no_certificate(void *self, uint32_t n, uint8_t *rx, size_t *rx_len, size_t cap) {
    (void)self, (void)cap;
    bool available = n > 1 && reader.trace[n - 1].head[1] == 0xB0 &&
                     reader.trace[n - 2].head[1] == 0xA4 && reader.trace[n - 2].head[6] == 0x08;
    if (available && *rx_len == 5) {
        rx[1] = 0x00;
    }
}

static void a_card_without_the_certificate_is_noticed(void **state) {
    (void)state;
    place("");
    reader.spoil = no_certificate;
    assert_int_equal(probe(), SHK_OK);
    assert_true(found.certificate_known);
    assert_false(found.certificate);
    take_away();
}

/* The card refuses every file but the application. */
static void refuse_files(void *self, uint32_t n, uint8_t *rx, size_t *rx_len, size_t cap) {
    (void)self, (void)cap;
    if (n > 1) {
        rx[0] = 0x6A;
        rx[1] = 0x82;
        *rx_len = 2;
    }
}

static void files_that_are_not_there_leave_their_question_open(void **state) {
    (void)state;
    place("");
    reader.spoil = refuse_files;
    assert_int_equal(probe(), SHK_OK);
    assert_true(found.application);
    assert_false(found.certificate_known);
    assert_int_equal(found.kind, SHK_CARD_UNKNOWN);
    assert_int_equal(found.extended, TRIAL_NONE);
    assert_int_equal(found.short_ids, TRIAL_NONE);
    assert_true(found.apdu_us > 0);
    take_away();
}

static void card_removed_at_every_command(void **state) {
    (void)state;
    for (uint32_t at = 1; at <= 13; at++) {
        place("");
        reader.remove_at = at;
        assert_int_equal(probe(), SHK_E_CARD_REMOVED);
        assert_int_equal(reader.transmits, at);
        take_away();
    }
}

static void wire_error_at_every_command(void **state) {
    (void)state;
    for (uint32_t at = 1; at <= 13; at++) {
        place("");
        reader.fail_at = at;
        reader.fail_code = SHK_E_READER;
        int32_t rc = probe();
        assert_int_equal(rc, at >= 12 ? SHK_OK : SHK_E_READER);
        assert_true(found.extended != TRIAL_WORKS || at == 12);
        take_away();
    }
}

static void cards_that_cannot_be_reached(void **state) {
    (void)state;
    static const int32_t codes[] = {SHK_E_CARD_MUTE, SHK_E_CARD_BUSY, SHK_E_READER,
                                    SHK_E_CARD_REMOVED};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        place("");
        reader.connect_fault = codes[i];
        assert_int_equal(probe(), codes[i]);
        assert_int_equal(reader.transmits, 0);
        assert_int_equal(found.apdu_us, -1);
        take_away();
    }
}

static void time_per_command(void **state) {
    (void)state;
    place("");
    step_ms = 7;
    assert_int_equal(probe(), SHK_OK);
    assert_int_equal(found.apdu_us, 7000);
    take_away();
    place("");
    step_ms = 1;
    assert_int_equal(probe(), SHK_OK);
    assert_int_equal(found.apdu_us, 1000);
    take_away();
}

static void a_slow_card_is_measured_once(void **state) {
    (void)state;
    place("");
    step_ms = 1000;
    assert_int_equal(probe(), SHK_OK);
    assert_int_equal(found.apdu_us, 1000000);
    assert_true(found.apdus < 13);
    take_away();
}

/* Its time is the limit of a call, which is no property of the reader. */
static void a_command_without_an_answer_is_not_measured(void **state) {
    (void)state;
    place("");
    reader.fail_at = 2;
    reader.fail_code = SHK_E_CARD_HANGS;
    assert_int_equal(probe(), SHK_E_CARD_HANGS);
    assert_int_equal(found.apdu_us, -1);
    take_away();
}

static void somebody_else_at_the_card_is_told(void **state) {
    (void)state;
    place("");
    reader.waited = true;
    assert_int_equal(probe(), SHK_OK);
    assert_true(found.waited);
    take_away();
}

/* No answer, however broken, leads anywhere else. */
static uint32_t seed;

static void spoil_any(void *self, uint32_t n, uint8_t *rx, size_t *rx_len, size_t cap) {
    (void)self, (void)n;
    seed = seed * 1664525u + 1013904223u;
    uint32_t dice = seed >> 8;
    if (dice % 5 == 0) {
        *rx_len = dice / 5 % (*rx_len + 1);
    } else if (dice % 5 == 1 && *rx_len > 0) {
        rx[dice / 5 % *rx_len] = (uint8_t)(dice >> 16);
    } else if (dice % 5 == 2 && *rx_len >= 2) {
        static const uint8_t status[] = {0x61, 0x6C, 0x63, 0x69, 0x90, 0x62, 0x6A};
        rx[*rx_len - 2] = status[dice / 5 % sizeof status];
    } else if (dice % 5 == 3) {
        *rx_len = dice / 5 % 600 < cap ? dice / 5 % 600 : 2;
    }
}

static void broken_answers_by_the_thousand(void **state) {
    (void)state;
    place("");
    for (seed = 1; seed != 0 && clock_ms < 60000;) {
        card_virtual_rewind(&reader);
        reader.spoil = spoil_any;
        fault_clear(&why);
        (void)probe();
    }
    take_away();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_and_a_reader_that_can_do_everything),
        cmocka_unit_test(a_card_without_extended_length),
        cmocka_unit_test(without_short_ids_the_long_read_names_the_file_first),
        cmocka_unit_test(half_an_answer_and_another_file_do_not_count),
        cmocka_unit_test(a_driver_that_fails_is_survived),
        cmocka_unit_test(a_reader_that_hangs_over_the_long_read_is_named),
        cmocka_unit_test(what_the_rules_switch_off_is_not_tried),
        cmocka_unit_test(a_foreign_card_gets_one_command),
        cmocka_unit_test(kinds_of_cards_by_their_label),
        cmocka_unit_test(a_card_without_the_certificate_is_noticed),
        cmocka_unit_test(files_that_are_not_there_leave_their_question_open),
        cmocka_unit_test(card_removed_at_every_command),
        cmocka_unit_test(wire_error_at_every_command),
        cmocka_unit_test(cards_that_cannot_be_reached),
        cmocka_unit_test(time_per_command),
        cmocka_unit_test(a_slow_card_is_measured_once),
        cmocka_unit_test(a_command_without_an_answer_is_not_measured),
        cmocka_unit_test(somebody_else_at_the_card_is_told),
        cmocka_unit_test(broken_answers_by_the_thousand),
    };
    profile = getenv("CARD_PROFILE");
    if (profile == NULL) {
        (void)fprintf(stderr, "CARD_PROFILE names the profile of a virtual card\n");
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
