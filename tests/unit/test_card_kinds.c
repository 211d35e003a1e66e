#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "kinds.h"

static size_t from_hex(const char *hex, uint8_t *out) {
    size_t n = 0;
    static const char digits[] = "0123456789ABCDEF";
    for (; hex[0] != '\0'; hex++) {
        if (hex[0] != ' ') {
            out[n++] = (uint8_t)((strchr(digits, hex[0]) - digits) << 4 |
                                 (strchr(digits, hex[1]) - digits));
            hex++;
        }
    }
    return n;
}

static const struct card_look *look(const char *hex) {
    uint8_t atr[64];
    return card_look_by_atr(atr, from_hex(hex, atr));
}

static void assert_kind(const char *hex, const char *id, bool certain) {
    const struct card_look *found = look(hex);
    assert_non_null(found);
    assert_string_equal(found->id, id);
    assert_int_equal(found->certain, certain);
    assert_int_equal(found->mynumber, strcmp(id, "mynumber") == 0);
    assert_true(strlen(found->japanese) > 0 && strlen(found->english) > 0);
}

static void every_known_my_number_card_is_recognised(void **state) {
    (void)state;
    assert_kind("3B E0 00 FF 81 31 FE 45 14", "mynumber", false);
    assert_kind("3B DA 13 FF 81 31 FB 46 80 12 39 2F 31 C1 73 C6 01 C0 3B", "mynumber", false);
    assert_kind("3B C5 FF 81 31 FB 45 80 73 C6 01 00 00", "mynumber", false);
    assert_kind("3B 88 80 01 00 00 05 E0 B3 81 A1 00 7F", "mynumber", false);
    assert_kind("3B 88 80 01 00 00 41 E0 B3 81 A1 00 3B", "mynumber", false);
    assert_kind("3B 88 80 01 00 4B 51 FF B3 81 D1 00 0F", "mynumber", false);
    assert_kind("3B 88 80 01 00 4B 51 FF 00 81 D1 00 BC", "mynumber", false);
}

static void what_may_be_one_is_named_and_still_asked(void **state) {
    (void)state;
    assert_kind("3B 88 80 01 00 00 14 E0 B3 81 91 00 5E", "juki", false);
    assert_kind("3B F5 91 00 FF 91 81 71 FE 40 00 42 00 01 00 D1 D6", "public", false);
    assert_kind("3B F5 91 00 FF 91 81 71 FE 40 00 42 00 01 B3 A1 15", "public", false);
    assert_kind("3B F5 91 00 FF 91 81 71 FE 40 00 42 00 01 B3 C1 75", "licence", false);
    assert_kind("3B 88 80 01 00 00 00 00 91 81 C1 00 D8", "licence", false);
    assert_kind("3B F4 13 00 00 81 31 FE 45 00 4E 00 00 A2", "hpki", false);
    assert_kind("3B FE 13 00 00 91 81 31 80 41 80 31 80 66 B0 84 0C 01 6E 01 83 00 90 00 1F",
                "bank", false);
    assert_kind("3B 6E 00 00 80 31 80 66 B0 84 0C 01 6E 01 83 00 90 00", "bank", false);
    assert_kind("3B EE 00 00 81 31 80 43 80 31 80 66 B1 A3 04 01 11 0B 83 00 90 00 D4", "bank",
                false);
}

static void cards_of_another_kind_are_certain(void **state) {
    (void)state;
    assert_kind("3B 8F 80 01 80 4F 0C A0 00 00 03 06 11 00 3B 00 00 00 00 42", "felica", true);
    assert_kind("3B 8F 80 01 80 4F 0C A0 00 00 03 06 03 F0 11 00 00 00 00 8A", "felica", true);
    assert_kind("3B 8F 80 01 80 4F 0C A0 00 00 03 06 03 00 01 00 00 00 00 6A", "mifare", true);
    assert_kind("3B 8F 80 01 80 4F 0C A0 00 00 03 06 0B 00 14 00 00 00 00 77", "iso15693", true);
    assert_kind("3B 8F 80 01 80 4F 0C A0 00 00 03 06 07 00 06 00 00 00 00 69", "storage", true);
    assert_kind("3B 81 80 01 80 80", "mifare", true);
    assert_kind("3B E7 00 FF 81 31 FE 45 80 31 C0 73 C6 21 48 BE", "etc", true);
    assert_kind("3B F0 12 00 FF 91 81 B1 7C 45 1F 01 9B", "television", true);
}

static void security_keys_by_their_letters(void **state) {
    (void)state;
    assert_kind("3B FD 13 00 00 81 31 FE 15 80 73 C0 21 C0 57 59 75 62 69 4B 65 79 40", "fido",
                true);
    assert_kind("3B 8D 80 01 80 73 C0 21 C0 57 59 75 62 69 4B 65 FF 7F", "fido", true);
    assert_kind("3B F8 13 00 00 81 31 FE 15 59 75 62 69 6B 65 79 34 D4", "fido", true);
    assert_kind("3B 86 80 01 75 54 72 75 73 74 26", "fido", true);
    assert_kind("3B 87 80 01 69 53 68 69 65 6C 64 50", "fido", true);
}

/* Letters and historical bytes count only where historical bytes are. */
static void a_pattern_elsewhere_in_the_atr_does_not_count(void **state) {
    (void)state;
    assert_null(look("3B F0 59 75 62 69 4B 65 79"));
    assert_null(look("3B 60 00 00 80 31 80 66 B0 84 0C 01 6E 01 83 00 90 00"));
    assert_null(look("3B 82 80 01 80 80"));
}

static void nothing_is_said_of_unknown_and_broken_ones(void **state) {
    (void)state;
    const uint8_t byte = 0x3B;
    uint8_t longest[34];
    memset(longest, 0xFF, sizeof longest);
    assert_null(card_look_by_atr(NULL, 0));
    assert_null(card_look_by_atr(&byte, 0));
    assert_null(card_look_by_atr(&byte, 1));
    for (size_t n = 0; n <= sizeof longest; n++) {
        assert_null(card_look_by_atr(longest, n));
    }
    assert_null(look("3B 88 80 01 00 00 41 E0 B3 81 A1 00"));
    assert_null(look("3B 88 80 01 00 00 41 E0 B3 81 A1 00 3B 00"));
    assert_null(look("3B 8F 80 01 80 4F 0C A0 00 00 03"));
    assert_null(look("3B 02 14 50"));
}

/* A prefix that ends anywhere is read without a step beyond it. */
static void cut_short_at_every_byte(void **state) {
    (void)state;
    static const char *const whole[] = {
        "3B FD 13 00 00 81 31 FE 15 80 73 C0 21 C0 57 59 75 62 69 4B 65 79 40",
        "3B FE 13 00 00 91 81 31 80 41 80 31 80 66 B0 84 0C 01 6E 01 83 00 90 00 1F",
        "3B 8F 80 01 80 4F 0C A0 00 00 03 06 11 00 3B 00 00 00 00 42"};
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++) {
        uint8_t atr[64];
        size_t n = from_hex(whole[i], atr);
        for (size_t cut = 0; cut < n; cut++) {
            uint8_t *exact = test_malloc(cut + 1);
            memcpy(exact + 1, atr, cut);
            const struct card_look *found = card_look_by_atr(exact + 1, cut);
            assert_true(found == NULL || !found->mynumber);
            test_free(exact);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_known_my_number_card_is_recognised),
        cmocka_unit_test(what_may_be_one_is_named_and_still_asked),
        cmocka_unit_test(cards_of_another_kind_are_certain),
        cmocka_unit_test(security_keys_by_their_letters),
        cmocka_unit_test(a_pattern_elsewhere_in_the_atr_does_not_count),
        cmocka_unit_test(nothing_is_said_of_unknown_and_broken_ones),
        cmocka_unit_test(cut_short_at_every_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
