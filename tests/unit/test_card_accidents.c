#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "card_case.h"
#include "virtual_card.h"

/* A removal at each command in turn: a clean fault, nothing left behind, no PIN sent twice. */
static void card_removed_at_every_command(void **state) {
    (void)state;
    for (uint32_t at = 1; at <= 13; at++) {
        start();
        reader.remove_at = at;
        int32_t rc = read_card();
        rc = rc == SHK_OK ? sign("1234", false) : rc;
        assert_int_equal(rc, SHK_E_CARD_REMOVED);
        assert_int_equal(why.code, SHK_E_CARD_REMOVED);
        assert_int_equal(signature.n, 0);
        assert_int_equal(reader.transmits, at);
        assert_int_equal(reader.verifies, at >= 11);
        fault_clear(&why);
        assert_int_equal(sign("1234", true), SHK_E_STATE);
        assert_int_equal(reader.transmits, at);
        stop();
    }
}

static void accident_at_every_command(uint32_t kind, int32_t code) {
    for (uint32_t at = 1; at <= 13; at++) {
        start();
        reader.reset_at = kind == 0 ? at : 0;
        reader.fail_at = kind == 1 ? at : 0;
        reader.fail_code = code;
        int32_t rc = read_card();
        rc = rc == SHK_OK ? sign("1234", false) : rc;
        assert_int_equal(rc, code);
        assert_int_equal(reader.transmits, at);
        assert_int_equal(reader.verifies, at >= 11);
        fault_clear(&why);
        assert_int_equal(sign("1234", true), SHK_E_STATE);
        assert_int_equal(source.ops->sign(source.self, &id, digest, 32, &signature, &why),
                         SHK_E_STATE);
        assert_int_equal(reader.transmits, at);
        stop();
    }
}

static void reset_by_another_program_at_every_command(void **state) {
    (void)state;
    accident_at_every_command(0, SHK_E_CARD_RESET);
}

static void wire_error_at_every_command(void **state) {
    (void)state;
    accident_at_every_command(1, SHK_E_READER);
}

static void busy_or_unreadable_card_is_a_fault_at_once(void **state) {
    (void)state;
    start();
    reader.connect_fault = SHK_E_CARD_MUTE;
    assert_int_equal(read_card(), SHK_E_CARD_MUTE);
    fault_clear(&why);
    reader.connect_fault = 0;
    reader.begin_fault = SHK_E_CARD_BUSY;
    assert_int_equal(read_card(), SHK_E_CARD_BUSY);
    assert_int_equal(reader.transmits, 0);
    reader.begins = reader.disconnects = reader.connects = 0; /* it never began */
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

static void verify_is_sent_once_whatever_is_answered(void **state) {
    (void)state;
    static const struct {
        struct answer answer;
        int32_t code, tries;
    } cases[] = {
        {{11, {0x6C, 0x04}, 2}, SHK_E_CARD_ANSWER, -1},
        {{11, {0x61, 0x10}, 2}, SHK_E_CARD_ANSWER, -1},
        {{11, {0x6F, 0x00}, 2}, SHK_E_CARD_ANSWER, -1},
        {{11, {0x69, 0x82}, 2}, SHK_E_CARD_ANSWER, -1},
        {{11, {0x69, 0x83}, 2}, SHK_E_PIN_BLOCKED, 0},
        {{11, {0x69, 0x84}, 2}, SHK_E_PIN_BLOCKED, 0},
        {{11, {0x63, 0xC0}, 2}, SHK_E_PIN_BLOCKED, 0},
        {{11, {0x63, 0xC1}, 2}, SHK_E_PIN_WRONG, 1},
        {{11, {0x63, 0x00}, 2}, SHK_E_PIN_WRONG, -1},
        {{11, {0x90}, 1}, SHK_E_CARD_ANSWER, -1},
        {{11, {0}, 0}, SHK_E_CARD_ANSWER, -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct answer answer = cases[i].answer;
        start();
        reader.spoil = answer_so;
        reader.spoil_self = &answer;
        assert_int_equal(read_card(), SHK_OK);
        assert_int_equal(sign("1234", false), cases[i].code);
        assert_int_equal(id.tries_left, cases[i].tries);
        assert_int_equal(reader.transmits, 11);
        assert_int_equal(reader.verifies, 1);
        stop();
    }
}

/* No answer of a card, however broken, may bring us out of bounds, make us select another file, send
 * the PIN twice or believe a signature. */
struct chaos {
    uint32_t seed, at;
};

static uint32_t next(struct chaos *c) {
    c->seed = c->seed * 1664525u + 1013904223u;
    return c->seed >> 8;
}

static void spoil_any(void *self, uint32_t n, uint8_t *rx, size_t *rx_len, size_t cap) {
    struct chaos *c = self;
    if (n < c->at) {
        return;
    }
    switch (next(c) % 6) {
    case 0:
        *rx_len = next(c) % (*rx_len + 1);
        break;
    case 1:
        for (uint32_t i = 0; i < 4 && *rx_len > 0; i++) {
            rx[next(c) % *rx_len] = (uint8_t)next(c);
        }
        break;
    case 2:
        *rx_len = next(c) % 600 < cap ? next(c) % 600 : 2;
        break;
    case 3:
        if (*rx_len >= 2) {
            static const uint8_t status[] = {0x61, 0x6C, 0x63, 0x69, 0x90, 0x62};
            rx[*rx_len - 2] = status[next(c) % sizeof status];
            rx[*rx_len - 1] = (uint8_t)next(c);
        }
        break;
    case 4:
        rx[0] = (uint8_t)(*rx_len > 2 ? 0x30 : rx[0]);
        rx[1] = (uint8_t)next(c);
        break;
    default:
        break;
    }
}

static bool allowed_select(const uint8_t *head) {
    if (head[1] != 0xA4) {
        return true;
    }
    if (head[2] == 0x04) {
        return head[5] == 0xD3 && head[6] == 0x92;
    }
    return head[5] == 0x00 && (head[6] == 0x06 || head[6] == 0x08 || head[6] == 0x0A ||
                               head[6] == 0x17 || head[6] == 0x18);
}

static void check_trace(void) {
    uint32_t n = reader.transmits < CARD_VIRTUAL_TRACE ? reader.transmits : CARD_VIRTUAL_TRACE;
    for (uint32_t i = 0; i < n; i++) {
        assert_true(allowed_select(reader.trace[i].head));
    }
}

static void broken_answers_by_the_thousand(void **state) {
    (void)state;
    int good = 0;
    start();
    struct vcard *card = reader.card;
    for (uint32_t round = 0; round < 6000; round++) {
        struct chaos c = {round * 2654435761u + 1, 1 + round % 13};
        card_virtual_rewind(&reader);
        bytes_clear(&signature);
        reader.spoil = spoil_any;
        reader.spoil_self = &c;
        fault_clear(&why);
        int32_t rc = read_card();
        rc = rc == SHK_OK ? sign("1234", false) : rc;
        assert_true(rc == SHK_OK || why.code == rc);
        assert_true(reader.verifies <= 1);
        assert_true(reader.transmits < 2200);
        assert_int_equal(signature.n, rc == SHK_OK ? 256 : 0);
        check_trace();
        good += rc == SHK_OK;
        source.ops->finish(source.self);
        assert_int_equal(reader.power_downs, reader.begins);
        assert_ptr_equal(reader.card, card);
    }
    assert_true(good < 3000);
    assert_int_equal(vcard_pin_tries(card), 3);
    reader.connects = reader.disconnects = reader.begins = reader.power_downs = 0;
    stop();
}

/* Profiles that differ from the sample in one line. */
static void with_profile_line(const char *line, void (*run)(void)) {
    char path[512], copy[4096];
    const char *slash = strrchr(case_profile, '/');
    (void)snprintf(path, sizeof path, "%.*s/variant.%d.profile", (int)(slash - case_profile),
                   case_profile, (int)(strlen(line) * 131 + (unsigned char)line[0]));
    FILE *from = fopen(case_profile, "r"), *to = fopen(path, "w");
    assert_non_null(from);
    assert_non_null(to);
    size_t n = fread(copy, 1, sizeof copy, from);
    assert_int_equal(fwrite(copy, 1, n, to), n);
    assert_true(fprintf(to, "\n%s\n", line) > 0);
    (void)fclose(from);
    assert_int_equal(fclose(to), 0);
    start_with(path);
    (void)remove(path);
    run();
    stop();
}

static void expect_not_mynumber(void) {
    assert_int_equal(read_card(), SHK_E_NOT_MYNUMBER);
    assert_int_equal(reader.transmits, 1);
}

static void expect_same_check(void) {
    assert_int_equal(read_card(), SHK_OK);
    assert_int_equal(sign("1234", false), SHK_OK);
}

static void expect_old_card(void) {
    wall_now += INT64_C(20) * 365 * 86400;
    assert_int_equal(read_card(), SHK_E_JUKI_CARD);
    wall_now -= INT64_C(20) * 365 * 86400;
}

static void other_cards(void **state) {
    (void)state;
    with_profile_line("no_jpki = yes", expect_not_mynumber);
    with_profile_line("old_juki = yes", expect_old_card);
    with_profile_line("android = yes", expect_same_check);
    with_profile_line("first_command_6f00 = yes", expect_same_check);
    with_profile_line("chaining_61xx = 100", expect_same_check);
    with_profile_line("filler = 700", expect_same_check);
    with_profile_line("no_extended = yes", expect_same_check);
    with_profile_line("child = yes", expect_same_check);
    with_profile_line("verified_query_9000 = yes", expect_same_check);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(card_removed_at_every_command),
        cmocka_unit_test(reset_by_another_program_at_every_command),
        cmocka_unit_test(wire_error_at_every_command),
        cmocka_unit_test(busy_or_unreadable_card_is_a_fault_at_once),
        cmocka_unit_test(verify_is_sent_once_whatever_is_answered),
        cmocka_unit_test(broken_answers_by_the_thousand),
        cmocka_unit_test(other_cards),
    };
    rules.no_short_ids = true; /* the commands are counted as on plan A */
    return case_set_up() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
