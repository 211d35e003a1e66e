/* What was wrong is known again, without its digits; and where that fails nothing more is let through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "wrong_pins.h"

static bool no_random, no_hmac;

/* NOLINTBEGIN(bugprone-reserved-identifier): as the linker's --wrap names them */
int32_t __real_random_fill(uint8_t *p, size_t n);
int32_t __wrap_random_fill(uint8_t *p, size_t n);
int32_t __wrap_random_fill(uint8_t *p, size_t n) {
    return no_random ? SHK_E_INTERNAL : __real_random_fill(p, n);
}

int32_t __real_hmac_sha256(const uint8_t *key, size_t key_len, const uint8_t *p, size_t n,
                           uint8_t out[32]);
int32_t __wrap_hmac_sha256(const uint8_t *key, size_t key_len, const uint8_t *p, size_t n,
                           uint8_t out[32]);
int32_t __wrap_hmac_sha256(const uint8_t *key, size_t key_len, const uint8_t *p, size_t n,
                           uint8_t out[32]) {
    return no_hmac ? SHK_E_INTERNAL : __real_hmac_sha256(key, key_len, p, n, out);
}

/* NOLINTEND(bugprone-reserved-identifier) */

static struct wrong_pins *wrong;

static int start(void **state) {
    (void)state;
    no_random = no_hmac = false;
    wrong = wrong_pins_new();
    return wrong == NULL;
}

static int stop(void **state) {
    (void)state;
    wrong_pins_free(&wrong);
    return wrong != NULL;
}

static int32_t check(const char *digits) {
    struct pin pin = {.len = (uint8_t)strlen(digits)};
    memcpy(pin.digits, digits, pin.len);
    return wrong_pins_check(wrong, &pin);
}

static void all_that_were_wrong_are_known_again(void **state) {
    (void)state;
    char digits[12];
    for (int i = 0; i < 16; i++) {
        (void)snprintf(digits, sizeof digits, "%04d", i);
        assert_int_equal(check(digits), SHK_OK);
        wrong_pins_note(wrong);
        for (int k = 0; k <= i; k++) {
            (void)snprintf(digits, sizeof digits, "%04d", k);
            assert_int_equal(check(digits), SHK_E_PIN_SAME);
        }
    }
    assert_int_equal(check("1234"), SHK_OK);
    assert_int_equal(check("55040120350000"), SHK_OK);
    wrong_pins_note(wrong); /* no card counts so many */
    assert_int_equal(check("55040120350001"), SHK_E_INTERNAL);
    assert_int_equal(check("0003"), SHK_E_PIN_SAME);
}

static void what_was_not_wrong_may_be_sent_again(void **state) {
    (void)state;
    assert_int_equal(check("1234"), SHK_OK);
    assert_int_equal(check("1234"), SHK_OK);
    assert_int_equal(check("0000"), SHK_OK);
    wrong_pins_note(wrong);
    assert_int_equal(check("1234"), SHK_OK);
}

static void another_transaction_knows_nothing_of_it(void **state) {
    (void)state;
    assert_int_equal(check("1234"), SHK_OK);
    wrong_pins_note(wrong);
    wrong_pins_forget(wrong);
    assert_int_equal(check("1234"), SHK_OK);
}

static void without_random_numbers_there_is_one_try(void **state) {
    (void)state;
    no_random = true;
    assert_int_equal(check("0000"), SHK_OK);
    wrong_pins_note(wrong);
    assert_int_equal(check("1234"), SHK_E_INTERNAL);
    no_random = false;
    assert_int_equal(check("1234"), SHK_E_INTERNAL);
    wrong_pins_forget(wrong);
    assert_int_equal(check("1234"), SHK_OK);
}

static void what_cannot_be_compared_is_not_sent(void **state) {
    (void)state;
    assert_int_equal(check("0000"), SHK_OK);
    wrong_pins_note(wrong);
    no_hmac = true;
    assert_int_equal(check("1234"), SHK_E_INTERNAL);
    no_hmac = false;
    assert_int_equal(check("1234"), SHK_OK);
    assert_int_equal(check("0000"), SHK_E_PIN_SAME);
}

static void no_digits_are_kept(void **state) {
    (void)state;
    static const char digits[] = "55040120350001";
    assert_int_equal(check(digits), SHK_OK);
    wrong_pins_note(wrong);
    const uint8_t *p = (const uint8_t *)wrong;
    for (size_t i = 0; i < 512; i++) {
        assert_int_not_equal(memcmp(p + i, digits, 14), 0);
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(all_that_were_wrong_are_known_again),
        CASE(what_was_not_wrong_may_be_sent_again),
        CASE(another_transaction_knows_nothing_of_it),
        CASE(without_random_numbers_there_is_one_try),
        CASE(what_cannot_be_compared_is_not_sent),
        CASE(no_digits_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
