#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bytes.h"
#include "shikaku/codes.h"

static void bytes_grow_and_stay_terminated(void **state) {
    (void)state;
    struct bytes b = {0};
    assert_string_equal(bytes_text(&b), "");
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(bytes_append_byte(&b, (uint8_t)('a' + i % 26)), SHK_OK);
        assert_int_equal(b.p[b.n], 0);
        assert_true(b.cap > b.n);
    }
    assert_int_equal(b.n, 1000);
    assert_int_equal(b.p[999], 'a' + 999 % 26);
    bytes_clear(&b);
    assert_null(b.p);
    assert_int_equal(bytes_append_text(&b, "again"), SHK_OK);
    assert_string_equal(bytes_text(&b), "again");
    bytes_clear(&b);
}

static void an_impossible_size_is_out_of_memory(void **state) {
    (void)state;
    struct bytes b = {0};
    assert_int_equal(bytes_append_text(&b, "kept"), SHK_OK);
    assert_int_equal(bytes_reserve(&b, SIZE_MAX / 2), SHK_E_MEMORY);
    assert_int_equal(bytes_append(&b, "x", SIZE_MAX - 2), SHK_E_MEMORY);
    assert_string_equal(bytes_text(&b), "kept");
    bytes_clear(&b);
}

static void wiped_memory_is_zero(void **state) {
    (void)state;
    uint8_t p[33];
    memset(p, 0x5A, sizeof p);
    memory_wipe(p, 32);
    for (size_t i = 0; i < 32; i++) {
        assert_int_equal(p[i], 0);
    }
    assert_int_equal(p[32], 0x5A);
}

static void a_copy_is_cut_between_characters(void **state) {
    (void)state;
    char out[6];
    memset(out, 'x', sizeof out);
    assert_int_equal(text_copy(out, sizeof out, "あいう"), 9);
    assert_string_equal(out, "あ");
    assert_int_equal(text_copy(out, sizeof out, "12345"), 5);
    assert_string_equal(out, "12345");
    assert_int_equal(text_copy(out, sizeof out, "123456"), 6);
    assert_string_equal(out, "12345");
    out[0] = 'x';
    assert_int_equal(text_copy(out, 0, "abc"), 3);
    assert_int_equal(out[0], 'x');
    assert_int_equal(text_copy_n(out, 1, "abc", 3), 3);
    assert_string_equal(out, "");
}

static void a_format_is_cut_between_characters(void **state) {
    (void)state;
    char out[8];
    assert_int_equal(text_format(out, sizeof out, "%d あい", 7), 8);
    assert_string_equal(out, "7 あ");
    assert_int_equal(text_format(out, sizeof out, "%s", "1234567"), 7);
    assert_string_equal(out, "1234567");
}

static void a_number_is_digits_and_nothing_else(void **state) {
    (void)state;
    static const char *const bad[] = {
        "", "-", "+1", " 1", "1 ", "1a", "0x1", "1.0", "--1", "１", "1000000000000000000"};
    int64_t wide = 77;
    int32_t narrow = 77;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(text_to_int64(bad[i], strlen(bad[i]), &wide));
    }
    assert_int_equal(wide, 77);
    assert_true(text_to_int64("-999999999999999999", 19, &wide));
    assert_true(wide == INT64_C(-999999999999999999));
    assert_true(text_to_int32("-2147483648", 11, &narrow));
    assert_int_equal(narrow, INT32_MIN);
    assert_false(text_to_int32("2147483648", 10, &narrow));
    assert_true(text_to_int32("0099", 4, &narrow));
    assert_int_equal(narrow, 99);
    assert_true(text_to_int32("12345", 3, &narrow));
    assert_int_equal(narrow, 123);
}

static void comparing_looks_at_the_whole_text(void **state) {
    (void)state;
    assert_true(text_equal("abc", "abc"));
    assert_false(text_equal("abc", "abcd"));
    assert_true(text_equal_n("abc", "abcd", 3));
    assert_false(text_equal_n("abcd", "abc", 3));
    assert_true(text_starts("abcd", "abc"));
    assert_false(text_starts("ab", "abc"));
}

static void hex_is_lower_case(void **state) {
    (void)state;
    const uint8_t p[] = {0x00, 0x9A, 0xFF};
    char out[7];
    hex_encode(p, sizeof p, out);
    assert_string_equal(out, "009aff");
}

static void what_is_not_needed_is_given_back(void **state) {
    (void)state;
    struct bytes b = {0};
    assert_int_equal(bytes_fit(&b, 4), SHK_OK);
    assert_null(b.p);
    assert_int_equal(bytes_append_text(&b, "abc"), SHK_OK);
    assert_int_equal(bytes_fit(&b, 100), SHK_OK);
    assert_int_equal(b.cap, 64);
    assert_int_equal(bytes_fit(&b, 4), SHK_OK);
    assert_int_equal(b.cap, 8);
    assert_string_equal(bytes_text(&b), "abc");
    uint8_t *place = b.p;
    assert_int_equal(bytes_append_text(&b, "defg"), SHK_OK);
    assert_ptr_equal(b.p, place);
    assert_int_equal(bytes_append_text(&b, "h"), SHK_OK);
    assert_string_equal(bytes_text(&b), "abcdefgh");
    bytes_clear(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_grow_and_stay_terminated),
        cmocka_unit_test(an_impossible_size_is_out_of_memory),
        cmocka_unit_test(wiped_memory_is_zero),
        cmocka_unit_test(a_copy_is_cut_between_characters),
        cmocka_unit_test(a_format_is_cut_between_characters),
        cmocka_unit_test(a_number_is_digits_and_nothing_else),
        cmocka_unit_test(comparing_looks_at_the_whole_text),
        cmocka_unit_test(hex_is_lower_case),
        cmocka_unit_test(what_is_not_needed_is_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
