#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "lookup.h"

static struct question sample(void) {
    struct question q = {0};
    text_copy(q.challenge, sizeof q.challenge, "q0uA3xk0Wq4fYkKf2u2T7hQ9k7yJm1cVtq3pYw8dE5s");
    text_copy(q.institution_code, sizeof q.institution_code, "9919999999");
    text_copy(q.date, sizeof q.date, "20260602");
    text_copy(q.idempotency_key, sizeof q.idempotency_key, "4d5f0000-0000-4000-8000-00000000000a");
    return q;
}

static void five_lines_each_ended_by_one_lf(void **state) {
    (void)state;
    struct question q = sample();
    struct bytes out = {0};
    assert_int_equal(bytes_append_text(&out, "left over"), SHK_OK);
    assert_int_equal(question_message(&q, &out), SHK_OK);
    assert_string_equal(bytes_text(&out), "shikaku-check-1\n"
                                          "q0uA3xk0Wq4fYkKf2u2T7hQ9k7yJm1cVtq3pYw8dE5s\n"
                                          "9919999999\n"
                                          "20260602\n"
                                          "4d5f0000-0000-4000-8000-00000000000a\n");
    bytes_clear(&out);
}

/* Else one signature could stand for another facility, day or request. */
static void a_line_break_inside_a_value_is_refused(void **state) {
    (void)state;
    const char *const bad[] = {"abcd\n9919999998", "abcd\r", "ab cd", "\xE8\xA6\x8B", "a\x7F"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct question q = sample();
        struct bytes out = {0};
        text_copy(q.challenge, sizeof q.challenge, bad[i]);
        assert_int_equal(question_message(&q, &out), SHK_E_ARGUMENT);
        assert_int_equal(out.n, 0);
        bytes_clear(&out);
    }
}

struct counting {
    uint8_t next;
    int32_t fails;
};

static int32_t count_up(void *self, uint8_t *p, size_t n) {
    struct counting *c = self;
    for (size_t i = 0; i < n; i++) {
        p[i] = c->next++;
    }
    return c->fails;
}

static int32_t all_ones(void *self, uint8_t *p, size_t n) {
    (void)self;
    memset(p, 0xFF, n);
    return SHK_OK;
}

static void uuid_is_version_4_in_lower_case(void **state) {
    (void)state;
    const struct random_ops counting = {count_up};
    const struct random_ops ones = {all_ones};
    struct counting c = {0};
    char out[37];
    assert_int_equal(question_uuid(&counting, &c, out), SHK_OK);
    assert_string_equal(out, "00010203-0405-4607-8809-0a0b0c0d0e0f");
    assert_int_equal(question_uuid(&counting, &c, out), SHK_OK);
    assert_string_equal(out, "10111213-1415-4617-9819-1a1b1c1d1e1f");
    assert_int_equal(question_uuid(&ones, NULL, out), SHK_OK);
    assert_string_equal(out, "ffffffff-ffff-4fff-bfff-ffffffffffff");
}

static void no_randomness_gives_no_uuid(void **state) {
    (void)state;
    const struct random_ops counting = {count_up};
    struct counting c = {0, SHK_E_INTERNAL};
    char out[37] = "old";
    assert_int_equal(question_uuid(&counting, &c, out), SHK_E_INTERNAL);
    assert_string_equal(out, "");
}

#define TEN   "0123456789"
#define SIXTY TEN TEN TEN TEN TEN TEN

static void reception_numbers_fit_a_line_of_words(void **state) {
    (void)state;
    static const char *const good[] = {"R00000000000000001", "1", "--", "!~", SIXTY};
    static const char *const bad[] = {
        "", "-", " ", "R 1", "R1\nask 1", "R1\x7F", "\xE5\x8F\x97", SIXTY "0", SIXTY "0123"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(reception_is_usable(good[i]));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(reception_is_usable(bad[i]));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_lines_each_ended_by_one_lf),
        cmocka_unit_test(a_line_break_inside_a_value_is_refused),
        cmocka_unit_test(uuid_is_version_4_in_lower_case),
        cmocka_unit_test(no_randomness_gives_no_uuid),
        cmocka_unit_test(reception_numbers_fit_a_line_of_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
