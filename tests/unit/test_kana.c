#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kana.h"
#include "text.h"

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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_character_outgrows_its_room),
        cmocka_unit_test(zero_byte_stays_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
