#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tlv.h"

static void lengths_in_every_form(void **state) {
    (void)state;
    struct tlv t;
    const uint8_t one[] = {0x30, 0x7F}, two[] = {0x30, 0x81, 0x80}, three[] = {0x30, 0x82, 6, 0x2B};
    const uint8_t four[] = {0x30, 0x83, 0x00, 0xFF, 0xFF};
    assert_true(tlv_head(one, sizeof one, &t));
    assert_int_equal(t.len, 127);
    assert_int_equal(t.total, 129);
    assert_ptr_equal(t.value, one + 2);
    assert_true(tlv_head(two, sizeof two, &t));
    assert_int_equal(t.total, 131);
    assert_true(tlv_head(three, sizeof three, &t));
    assert_int_equal(t.len, 1579);
    assert_int_equal(t.total, 1583);
    assert_true(tlv_head(four, sizeof four, &t));
    assert_int_equal(t.len, 65535);
}

static void tags_of_one_to_three_bytes(void **state) {
    (void)state;
    struct tlv t;
    const uint8_t two[] = {0xDF, 0x21, 0x08}, three[] = {0x7F, 0x81, 0x01, 0x00};
    const uint8_t four[] = {0x7F, 0x81, 0x81, 0x01, 0x00};
    assert_true(tlv_head(two, sizeof two, &t));
    assert_int_equal(t.tag, 0xDF21);
    assert_int_equal(t.total, 11);
    assert_true(tlv_head(three, sizeof three, &t));
    assert_int_equal(t.tag, 0x7F8101);
    assert_int_equal(t.len, 0);
    assert_false(tlv_head(four, sizeof four, &t));
}

static void heads_that_are_cut_indefinite_or_too_long(void **state) {
    (void)state;
    struct tlv t;
    static const struct {
        uint8_t p[6];
        size_t n;
    } bad[] = {
        {{0}, 0},
        {{0x30}, 1},
        {{0x30, 0x80}, 2},
        {{0x30, 0x81}, 2},
        {{0x30, 0x82, 0x01}, 3},
        {{0x30, 0x83, 0x01, 0x00, 0x00}, 5},
        {{0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF}, 6},
        {{0x30, 0x85, 0, 0, 0, 0}, 6},
        {{0x30, 0xFF}, 2},
        {{0x1F}, 1},
        {{0x1F, 0x81}, 2},
        {{0x1F, 0x01}, 2},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(tlv_head(bad[i].p, bad[i].n, &t));
        assert_null(t.value);
    }
}

/* Exact heap blocks, so that the sanitizer sees one byte too many. */
static void any_bytes_stay_in_bounds(void **state) {
    (void)state;
    uint32_t seed = 20240401;
    for (int round = 0; round < 200000; round++) {
        size_t n = 0;
        struct tlv t;
        seed = seed * 1664525u + 1013904223u;
        n = seed >> 29;
        uint8_t *p = malloc(n + 1);
        assert_non_null(p);
        uint8_t *end = p + 1;
        for (size_t i = 0; i < n; i++) {
            seed = seed * 1664525u + 1013904223u;
            end[i] = (uint8_t)(seed >> 24) | (uint8_t)(i < 2 ? seed >> 16 & 0x9F : 0);
        }
        if (tlv_head(end, n, &t)) {
            assert_true(t.value >= end + 2 && t.value <= end + n);
            assert_int_equal((size_t)(t.value - end) + t.len, t.total);
        }
        free(p);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_in_every_form),
        cmocka_unit_test(tags_of_one_to_three_bytes),
        cmocka_unit_test(heads_that_are_cut_indefinite_or_too_long),
        cmocka_unit_test(any_bytes_stay_in_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
