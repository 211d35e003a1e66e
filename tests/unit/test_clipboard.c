#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform.h"
#include "text.h"
#include "utf16.h"

#define UNITS(text) (const uint8_t *)(text), sizeof(text) - 1

static void assert_utf8(const uint8_t *p, size_t n, bool big_endian, const char *expected,
                        size_t lost_expected) {
    struct bytes out = {0};
    size_t lost = 99;
    assert_int_equal(utf16_to_utf8(p, n, big_endian, &out, &lost), SHK_OK);
    assert_string_equal(bytes_text(&out), expected);
    assert_int_equal(out.n, strlen(expected));
    assert_int_equal(lost, lost_expected);
    assert_true(utf8_valid(bytes_text(&out), out.n));
    bytes_clear(&out);
}

static void both_byte_orders_are_read(void **state) {
    (void)state;
    assert_utf8(UNITS("\x8B\x89\x2C\x67\t\0"), false, "見本\t", 0);
    assert_utf8(UNITS("\x89\x8B\x67\x2C\0\t"), true, "見本\t", 0);
    assert_utf8(UNITS(""), false, "", 0);
}

static void characters_of_two_halves_are_one(void **state) {
    (void)state;
    assert_utf8(UNITS("\x42\xD8\xB7\xDF\xFF\xDB\xFF\xDF"), false,
                "\xF0\xA0\xAE\xB7\xF4\x8F\xBF\xBF", 0);
    assert_utf8(UNITS("\xD8\x00\xDC\x00"), true, "\xF0\x90\x80\x80", 0);
}

static void a_half_alone_is_marked_and_counted(void **state) {
    (void)state;
    assert_utf8(UNITS("\x42\xD8"), false, "\xEF\xBF\xBD", 1);
    assert_utf8(UNITS("\x42\xD8z\0"), false, "\xEF\xBF\xBDz", 1);
    assert_utf8(UNITS("\xB7\xDFz\0"), false, "\xEF\xBF\xBDz", 1);
    assert_utf8(UNITS("\x42\xD8\x42\xD8\xB7\xDF"), false, "\xEF\xBF\xBD\xF0\xA0\xAE\xB7", 1);
    assert_utf8(UNITS("\xB7\xDF\x42\xD8"), false, "\xEF\xBF\xBD\xEF\xBF\xBD", 2);
}

static void a_byte_too_many_is_marked(void **state) {
    (void)state;
    assert_utf8(UNITS("z\0y"), false, "z\xEF\xBF\xBD", 1);
    assert_utf8(UNITS("\x42\xD8\xB7"), false, "\xEF\xBF\xBD\xEF\xBF\xBD", 2);
}

static void a_mark_that_was_there_before_counts_too(void **state) {
    (void)state;
    assert_utf8(UNITS("\xFD\xFF"), false, "\xEF\xBF\xBD", 1);
}

static void what_is_there_already_stays(void **state) {
    (void)state;
    struct bytes out = {0};
    assert_int_equal(bytes_append_text(&out, "a"), SHK_OK);
    assert_int_equal(utf16_to_utf8(UNITS("b\0"), false, &out, NULL), SHK_OK);
    assert_string_equal(bytes_text(&out), "ab");
    bytes_clear(&out);
}

static void this_system_has_no_clipboard_for_us(void **state) {
    (void)state;
    struct fault why = {0};
    struct bytes out = {0};
    void *clipboard = &clipboard;
    assert_int_equal(platform_clipboard.open(NULL, &clipboard, &why), SHK_E_CLIPBOARD);
    assert_null(clipboard);
    assert_int_equal(why.code, SHK_E_CLIPBOARD);
    assert_int_equal(platform_clipboard.wait(NULL, 0, 10, &out, NULL), SHK_E_CLIPBOARD);
    platform_clipboard.clear(NULL);
    platform_clipboard.close(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_byte_orders_are_read),
        cmocka_unit_test(characters_of_two_halves_are_one),
        cmocka_unit_test(a_half_alone_is_marked_and_counted),
        cmocka_unit_test(a_byte_too_many_is_marked),
        cmocka_unit_test(a_mark_that_was_there_before_counts_too),
        cmocka_unit_test(what_is_there_already_stays),
        cmocka_unit_test(this_system_has_no_clipboard_for_us),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
