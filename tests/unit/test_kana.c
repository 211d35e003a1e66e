#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fold_kana.h"
#include "kana.h"
#include "kana_code.h"

#define PAIR_ROOM (2 * 4 * KANA_GROWTH + 16)

static const enum kana_fold folds[] = {KANA_HALF, KANA_FULL, KANA_DIGITS, KANA_WIDE, KANA_NARROW};

/* The helpers of a script give a fold KANA_GROWTH times its input as room and no more. */
static void no_character_outgrows_its_room(void **state) {
    char from[4], out[PAIR_ROOM];
    (void)state;
    for (size_t f = 0; f < sizeof folds / sizeof folds[0]; f++) {
        for (uint32_t code = 0; code <= 0x10FFFF; code++) {
            size_t n = utf8_encode(code, from);
            if (n > 0 && kana_fold(folds[f], from, n, out) > KANA_GROWTH * n) {
                fail_msg("U+%04X in fold %u", (unsigned)code, (unsigned)f);
            }
        }
    }
}

static void zero_byte_stays_what_it_is(void **state) {
    char out[PAIR_ROOM];
    (void)state;
    for (size_t f = 0; f < sizeof folds / sizeof folds[0]; f++) {
        assert_int_equal(kana_fold(folds[f], "\0", 1, out), 1);
        assert_int_equal(out[0], 0);
    }
}

static void assert_half_form(uint32_t full, uint32_t half, uint32_t mark) {
    char from[4], out[PAIR_ROOM], expected[8];
    size_t n = utf8_encode(full, from), len = utf8_encode(half, expected);
    len += mark != 0 ? utf8_encode(mark, expected + len) : 0;
    if (kana_fold(KANA_HALF, from, n, out) != len || memcmp(out, expected, len) != 0) {
        fail_msg("U+%04X", (unsigned)full);
    }
}

/* The way to half width is the way to full width backwards, and nothing else changes. */
static void half_forms_are_those_of_the_full_ones(void **state) {
    (void)state;
    bool has_half[0x100] = {false};
    for (uint32_t half = 0xFF61; half <= 0xFF9F; half++) {
        uint32_t full = kana_to_full(half);
        assert_half_form(full, half, 0);
        has_half[full - 0x3000] = true;
        for (uint32_t mark = 0xFF9E; mark <= 0xFF9F; mark++) {
            uint32_t joined = kana_join(full, kana_to_full(mark));
            if (joined != 0) {
                assert_half_form(joined, half, mark);
                has_half[joined - 0x3000] = true;
            }
        }
    }
    for (uint32_t code = 0x3001; code < 0x3100; code++) {
        bool changes = has_half[code - 0x3000] || (code >= 0x3041 && code <= 0x309A);
        if (!changes) {
            assert_half_form(code, code, 0);
        }
    }
}

static void marks_join_across_forms(void **state) {
    (void)state;
    static const struct {
        enum kana_fold fold;
        const char *from, *to;
    } cases[] = {
        {KANA_FULL, "カ\u3099", "ガ"},       {KANA_FULL, "カﾞ", "ガ"},
        {KANA_FULL, "ﾊﾟﾟ", "パ゜"},          {KANA_HALF, "か\u3099", "ｶﾞ"},
        {KANA_NARROW, "か\u3099", "が"},     {KANA_DIGITS, "カ\u3099", "カ\u3099"},
        {KANA_WIDE, "あ\u3099", "あ\u3099"}, {KANA_HALF, "\u309A", "ﾟ"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[PAIR_ROOM];
        size_t n = kana_fold(cases[i].fold, cases[i].from, strlen(cases[i].from), out);
        assert_int_equal(n, strlen(cases[i].to));
        assert_memory_equal(out, cases[i].to, n);
    }
}

/* Every lead and every second byte, with what may and may not follow, cut at every length. */
static void quick_reading_is_plain_reading(void **state) {
    (void)state;
    static const uint8_t tails[] = {0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xFF};
    for (uint32_t i = 0; i < 0x10000 * sizeof tails; i++) {
        uint8_t tail = tails[i % sizeof tails];
        const char text[] = {(char)(i / sizeof tails >> 8), (char)(i / sizeof tails), (char)tail,
                             (char)0x80};
        for (size_t n = 0; n <= sizeof text; n++) {
            uint32_t quick = 0, plain = 0;
            if (code_read(text, n, &quick) != utf8_decode(text, n, &plain) || quick != plain) {
                fail_msg("%02X %02X %02X", text[0] & 0xFF, text[1] & 0xFF, tail);
            }
        }
    }
}

static void quick_writing_is_plain_writing(void **state) {
    (void)state;
    for (uint32_t code = 0; code <= 0x110000; code++) {
        char quick[4] = {0}, plain[4] = {0};
        if (code_write(code, quick) != utf8_encode(code, plain) || memcmp(quick, plain, 4) != 0) {
            fail_msg("U+%04X", (unsigned)code);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_character_outgrows_its_room),
        cmocka_unit_test(zero_byte_stays_what_it_is),
        cmocka_unit_test(half_forms_are_those_of_the_full_ones),
        cmocka_unit_test(marks_join_across_forms),
        cmocka_unit_test(quick_reading_is_plain_reading),
        cmocka_unit_test(quick_writing_is_plain_writing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
