#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "card_case.h"
#include "habits.h"
#include "virtual_card.h"

/* The ways to go about a check: which commands it takes in all, and which of them sends the PIN. */
static const struct plan {
    char name;
    uint32_t commands, verify;
} plans[] = {{'A', 13, 11}, {'B', 10, 9}, {'C', 5, 4}};
#define PLANS      (sizeof plans / sizeof plans[0])
#define THE_LONG_1 2 /* the command of plan C that its reader may fail over */

static void prepare(const struct plan *plan) {
    rules = (struct identity_rules){.no_short_ids = plan->name == 'A'};
}

static void say_size(const struct plan *plan) {
    reader.traits.says_size = plan->name == 'C';
    reader.traits.apdu_max = 65536;
}

static void start_plan(const struct plan *plan) {
    prepare(plan);
    start();
    say_size(plan);
}

static int32_t check(void) {
    int32_t rc = read_card();
    return rc == SHK_OK ? sign("1234", false) : rc;
}

/* Nothing more is sent, and the PIN went out at most once. */
static void expect_end_at(const struct plan *plan, uint32_t at, int32_t code) {
    assert_int_equal(why.code, code);
    assert_int_equal(signature.n, 0);
    assert_int_equal(reader.transmits, at);
    assert_int_equal(reader.verifies, at >= plan->verify);
    fault_clear(&why);
    assert_int_equal(sign("1234", true), SHK_E_STATE);
    assert_int_equal(source.ops->sign(source.self, &id, digest, 32, &signature, NULL), SHK_E_STATE);
    assert_int_equal(reader.transmits, at);
}

static void removed_at_every_command(const struct plan *plan) {
    for (uint32_t at = 1; at <= plan->commands; at++) {
        start_plan(plan);
        reader.remove_at = at;
        assert_int_equal(check(), SHK_E_CARD_REMOVED);
        expect_end_at(plan, at, SHK_E_CARD_REMOVED);
        stop();
    }
    start_plan(plan);
    reader.remove_at = plan->commands + 1;
    assert_int_equal(check(), SHK_OK);
    assert_int_equal(id.plan, plan->name);
    stop();
}

/* A removal at each command in turn: a clean fault, nothing left behind, no PIN sent twice. */
static void card_removed_at_every_command(void **state) {
    (void)state;
    for (size_t i = 0; i < PLANS; i++) {
        removed_at_every_command(&plans[i]);
    }
}

/* Over the long command a driver may fail, so what looks like that is done again without it. */
static void expect_recovered(void) {
    assert_int_equal(check(), SHK_OK);
    assert_int_equal(id.plan, 'B');
    assert_int_equal(reader.connects, 2);
    assert_int_equal(reader.transmits, 12);
    assert_int_equal(source.ops->apdu_count(source.self), 12);
    assert_int_equal(reader.verifies, 1);
    assert_int_equal(why.code, 0);
}

static void accident_at(const struct plan *plan, uint32_t at, bool reset, int32_t code) {
    start_plan(plan);
    reader.reset_at = reset ? at : 0;
    reader.fail_at = reset ? 0 : at;
    reader.fail_code = code;
    if (plan->name == 'C' && at == THE_LONG_1) {
        expect_recovered();
    } else {
        assert_int_equal(check(), code);
        expect_end_at(plan, at, code);
    }
    stop();
}

static void accident_at_every_command(bool reset, int32_t code) {
    for (size_t i = 0; i < PLANS; i++) {
        for (uint32_t at = 1; at <= plans[i].commands; at++) {
            accident_at(&plans[i], at, reset, code);
        }
    }
}

static void reset_by_another_program_at_every_command(void **state) {
    (void)state;
    accident_at_every_command(true, SHK_E_CARD_RESET);
}

static void wire_error_at_every_command(void **state) {
    (void)state;
    accident_at_every_command(false, SHK_E_READER);
}

static void hanging_driver_at_every_command(void **state) {
    (void)state;
    for (size_t i = 0; i < PLANS; i++) {
        for (uint32_t at = 1; at <= plans[i].commands; at++) {
            start_plan(&plans[i]);
            reader.fail_at = at;
            reader.fail_code = SHK_E_CARD_HANGS;
            assert_int_equal(check(), SHK_E_CARD_HANGS);
            expect_end_at(&plans[i], at, SHK_E_CARD_HANGS);
            stop();
        }
    }
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

static void verify_is_sent_once(const struct plan *plan) {
    static const struct {
        struct answer answer;
        int32_t code, tries;
    } cases[] = {
        {{0, {0x6C, 0x04}, 2}, SHK_E_CARD_ANSWER, -1},
        {{0, {0x61, 0x10}, 2}, SHK_E_CARD_ANSWER, -1},
        {{0, {0x6F, 0x00}, 2}, SHK_E_CARD_ANSWER, -1},
        {{0, {0x69, 0x82}, 2}, SHK_E_CARD_ANSWER, -1},
        {{0, {0x69, 0x83}, 2}, SHK_E_PIN_BLOCKED, 0},
        {{0, {0x69, 0x84}, 2}, SHK_E_PIN_BLOCKED, 0},
        {{0, {0x63, 0xC0}, 2}, SHK_E_PIN_BLOCKED, 0},
        {{0, {0x63, 0xC1}, 2}, SHK_E_PIN_WRONG, 1},
        {{0, {0x63, 0x00}, 2}, SHK_E_PIN_WRONG, -1},
        {{0, {0x90}, 1}, SHK_E_CARD_ANSWER, -1},
        {{0, {0}, 0}, SHK_E_CARD_ANSWER, -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct answer answer = cases[i].answer;
        answer.at = plan->verify;
        start_plan(plan);
        reader.spoil = answer_so;
        reader.spoil_self = &answer;
        assert_int_equal(read_card(), SHK_OK);
        assert_int_equal(sign("1234", false), cases[i].code);
        assert_int_equal(id.tries_left, cases[i].tries);
        assert_int_equal(reader.transmits, plan->verify);
        assert_int_equal(reader.verifies, 1);
        stop();
    }
}

static void verify_is_sent_once_whatever_is_answered(void **state) {
    (void)state;
    for (size_t i = 0; i < PLANS; i++) {
        verify_is_sent_once(&plans[i]);
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

static bool is_public_file(uint8_t file) {
    return file == 0x06 || file == 0x08 || file == 0x0A;
}

static bool is_own_file(uint8_t file) {
    return is_public_file(file) || file == 0x17 || file == 0x18;
}

static bool is_allowed(const uint8_t *head) {
    switch (head[1]) {
    case 0xA4:
        return head[2] == 0x04 ? head[5] == 0xD3 && head[6] == 0x92
                               : head[5] == 0x00 && is_own_file(head[6]);
    case 0xB0:
        return (head[2] & 0x80) == 0 || is_public_file(head[2] & 0x1F);
    case 0x20:
        return head[3] == 0x80 || head[3] == 0x98;
    case 0x2A:
        return head[3] == 0x80 || head[3] == 0x97;
    default:
        return head[1] == 0xC0;
    }
}

static void check_trace(void) {
    uint32_t n = reader.transmits < CARD_VIRTUAL_TRACE ? reader.transmits : CARD_VIRTUAL_TRACE;
    for (uint32_t i = 0; i < n; i++) {
        assert_true(is_allowed(reader.trace[i].head));
    }
}

static void one_broken_check(const struct plan *plan, uint32_t round, int *good) {
    struct chaos c = {round * 2654435761u + 1, 1 + round % plan->commands};
    card_virtual_rewind(&reader);
    say_size(plan);
    bytes_clear(&signature);
    reader.spoil = spoil_any;
    reader.spoil_self = &c;
    fault_clear(&why);
    int32_t rc = check();
    assert_true(rc == SHK_OK || why.code == rc);
    assert_true(reader.verifies <= 1);
    assert_true(reader.transmits < 800);
    assert_int_equal(signature.n, rc == SHK_OK ? 256 : 0);
    check_trace();
    *good += rc == SHK_OK;
    source.ops->finish(source.self);
    assert_int_equal(reader.power_downs, reader.begins);
}

static void broken_answers(const struct plan *plan) {
    int good = 0;
    start_plan(plan);
    for (uint32_t round = 0; round < 1500; round++) {
        one_broken_check(plan, round, &good);
    }
    assert_true(good > 0 && good < 750);
    assert_int_equal(vcard_pin_tries(reader.card), 3);
    reader.connects = reader.disconnects = reader.begins = reader.power_downs = 0;
    stop();
}

static void broken_answers_by_the_thousand(void **state) {
    (void)state;
    for (size_t i = 0; i < PLANS; i++) {
        broken_answers(&plans[i]);
    }
}

/* The same, and what goes wrong is remembered from check to check. */
static void broken_answers_with_a_memory(void **state) {
    (void)state;
    assert_int_equal(habits_new(&habits), SHK_OK);
    broken_answers(&plans[2]);
    habits_free(&habits);
}

/* Profiles that differ from the sample in one line. */
static const struct plan *says;

static void with_profile_line(const char *line, void (*run)(void)) {
    char path[512], copy[8192];
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
    say_size(says);
    run();
    stop();
}

static void expect_not_mynumber(void) {
    assert_int_equal(read_card(), SHK_E_NOT_MYNUMBER);
    assert_int_equal(reader.transmits, 1);
}

static void expect_same_check(void) {
    assert_int_equal(check(), SHK_OK);
    assert_int_equal(reader.verifies, 1);
    assert_int_equal(vcard_pin_tries(reader.card), 3);
}

static void expect_old_card(void) {
    wall_now += INT64_C(20) * 365 * 86400;
    assert_int_equal(read_card(), SHK_E_JUKI_CARD);
    wall_now -= INT64_C(20) * 365 * 86400;
}

static void other_cards_on(const struct plan *plan) {
    static const char *const same[] = {
        "android = yes",        "first_command_6f00 = yes", "chaining_61xx = 100",
        "filler = 700",         "no_extended = yes",        "child = yes",
        "extended_drops = yes", "extended_short = yes",     "no_short_ids = yes",
        "no_short_sign = yes",  "no_short_verify = yes",    "verified_query_9000 = yes"};
    prepare(plan);
    says = plan;
    with_profile_line("no_jpki = yes", expect_not_mynumber);
    with_profile_line("old_juki = yes", expect_old_card);
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        with_profile_line(same[i], expect_same_check);
    }
}

static void other_cards(void **state) {
    (void)state;
    for (size_t i = 0; i < PLANS; i++) {
        other_cards_on(&plans[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(card_removed_at_every_command),
        cmocka_unit_test(reset_by_another_program_at_every_command),
        cmocka_unit_test(wire_error_at_every_command),
        cmocka_unit_test(hanging_driver_at_every_command),
        cmocka_unit_test(busy_or_unreadable_card_is_a_fault_at_once),
        cmocka_unit_test(verify_is_sent_once_whatever_is_answered),
        cmocka_unit_test(broken_answers_by_the_thousand),
        cmocka_unit_test(broken_answers_with_a_memory),
        cmocka_unit_test(other_cards),
    };
    return case_set_up() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
