/* What the plans cost, to the byte: a certificate of 1,500 bytes, as docs and bench say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "card_case.h"

#define PIN "1234"

static size_t received;

static void count(void *self, uint32_t n, uint8_t *rx, size_t *rx_len, size_t cap) {
    (void)self, (void)n, (void)rx, (void)cap;
    received += *rx_len;
}

static size_t sent(void) {
    size_t sum = 0;
    assert_true(reader.transmits <= CARD_VIRTUAL_TRACE);
    for (uint32_t i = 0; i < reader.transmits; i++) {
        sum += reader.trace[i].len;
    }
    return sum;
}

/* The query for the tries left is one APDU, 4 bytes out and 2 in, and always sent; plan A selects the PIN's
 * file for it and needs not do so again. */
static void costs(char plan, uint32_t apdus, uint32_t behind_pin, size_t out, size_t in) {
    rules = (struct identity_rules){.extended = plan == 'C' ? EXTENDED_ALWAYS : EXTENDED_NEVER,
                                    .no_short_ids = plan == 'A',
                                    .no_short_sign = plan == 'A'};
    received = 0;
    start();
    reader.spoil = count;
    assert_int_equal(read_card(), SHK_OK);
    uint32_t before_pin = reader.transmits;
    assert_int_equal(sign(PIN, false), SHK_OK);
    assert_int_equal(id.plan, plan);
    assert_int_equal(id.certificate.n, 1500);
    assert_int_equal(reader.transmits, apdus + 1);
    assert_int_equal(source.ops->apdu_count(source.self), apdus + 1);
    assert_int_equal(reader.transmits - before_pin, behind_pin);
    assert_int_equal(sent(), out + 4);
    assert_int_equal(received, in + 2);
    stop();
}

static void plan_c_takes_four(void **state) {
    (void)state;
    costs('C', 4, 2, 88, 1764);
}

static void plan_b_takes_nine(void **state) {
    (void)state;
    costs('B', 9, 2, 111, 1774);
}

static void plan_a_takes_twelve(void **state) {
    (void)state;
    costs('A', 12, 3, 132, 1780);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plan_c_takes_four),
        cmocka_unit_test(plan_b_takes_nine),
        cmocka_unit_test(plan_a_takes_twelve),
    };
    return case_set_up() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
