#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "text.h"

static void every_code_point_survives_the_round_trip(void **state) {
    (void)state;
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        char p[4];
        uint32_t back = 0;
        size_t n = utf8_encode(code, p);
        if (code >= 0xD800 && code <= 0xDFFF) {
            assert_int_equal(n, 0);
            continue;
        }
        assert_true(n >= 1 && n <= 4);
        assert_int_equal(utf8_decode(p, n, &back), n);
        assert_int_equal(back, code);
        assert_int_equal(utf8_decode(p, n - 1, &back), 0);
    }
    char p[4];
    assert_int_equal(utf8_encode(0x110000, p), 0);
}

static void damaged_text_is_not_valid(void **state) {
    (void)state;
    static const char *const bad[] = {
        "\x80",             /* a continuation alone */
        "\xC0\xAF",         /* overlong slash */
        "\xC1\xBF",         /* overlong */
        "\xE0\x80\xAF",     /* overlong */
        "\xF0\x80\x80\xAF", /* overlong */
        "\xED\xA0\x80",     /* surrogate */
        "\xF4\x90\x80\x80", /* above U+10FFFF */
        "\xF5\x80\x80\x80",
        "\xFF",
        "\xE3\x81",
        "ok\xE3\x81z",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(utf8_valid(bad[i], strlen(bad[i])));
    }
    assert_true(utf8_valid("", 0));
    assert_true(utf8_valid("見本𠮷", strlen("見本𠮷")));
}

static void characters_are_counted_not_bytes(void **state) {
    (void)state;
    assert_int_equal(utf8_count("見本𠮷a", strlen("見本𠮷a")), 4);
    assert_int_equal(utf8_count("", 0), 0);
}

static void a_cut_never_splits_a_character(void **state) {
    (void)state;
    const char *text = "a見𠮷z";
    size_t n = strlen(text);
    for (size_t max = 0; max <= n + 1; max++) {
        size_t cut = utf8_cut(text, n, max);
        assert_true(cut <= max);
        assert_true(utf8_valid(text, cut));
        assert_true(max < n || cut == n);
        assert_true(cut + 4 > max || max > n);
    }
    /* A text that was cut before, inside its last character. */
    assert_int_equal(utf8_cut(text, n - 2, n), 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_survives_the_round_trip),
        cmocka_unit_test(damaged_text_is_not_valid),
        cmocka_unit_test(characters_are_counted_not_bytes),
        cmocka_unit_test(a_cut_never_splits_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
