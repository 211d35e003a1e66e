#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "atr.h"

struct atr {
    uint8_t p[33];
    size_t n;
};

static const struct atr contact_full = {{0x3B, 0xDA, 0x13, 0xFF, 0x81, 0x31, 0xFB, 0x46, 0x80, 0x12,
                                         0x39, 0x2F, 0x31, 0xC1, 0x73, 0xC6, 0x01, 0xC0, 0x3B},
                                        19};
static const struct atr contact_short = {
    {0x3B, 0xC5, 0xFF, 0x81, 0x31, 0xFB, 0x45, 0x80, 0x73, 0xC6, 0x01, 0x00, 0x00}, 13};
static const struct atr contact_silent = {{0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14},
                                          9};
static const struct atr contactless = {
    {0x3B, 0x88, 0x80, 0x01, 0x00, 0x00, 0x41, 0xE0, 0xB3, 0x81, 0xA1, 0x00, 0x3B}, 13};

static void expect(const struct atr *a, enum atr_word extended, enum atr_word short_ids) {
    struct atr_words words;
    atr_read(a->p, a->n, &words);
    assert_int_equal(words.extended, extended);
    assert_int_equal(words.short_ids, short_ids);
}

static void capabilities_are_read_from_the_historical_bytes(void **state) {
    (void)state;
    expect(&contact_full, ATR_YES, ATR_YES);
    expect(&contact_short, ATR_NO, ATR_YES);
    expect(&contact_silent, ATR_SILENT, ATR_SILENT);
}

static void made_up_answer_of_a_contactless_card_says_nothing(void **state) {
    (void)state;
    static const struct atr looks_like_one = {
        {0x3B, 0x85, 0x80, 0x01, 0x80, 0x73, 0xC6, 0x01, 0x00, 0x30}, 10};
    expect(&contactless, ATR_SILENT, ATR_SILENT);
    expect(&looks_like_one, ATR_SILENT, ATR_SILENT);
}

static void shorter_objects_say_less(void **state) {
    (void)state;
    static const struct atr one = {{0x3B, 0x03, 0x80, 0x71, 0x04}, 5};
    static const struct atr two = {{0x3B, 0x04, 0x80, 0x72, 0x00, 0x40}, 6};
    static const struct atr none = {{0x3B, 0x02, 0x80, 0x70}, 4};
    expect(&one, ATR_SILENT, ATR_YES);
    expect(&two, ATR_SILENT, ATR_NO);
    expect(&none, ATR_SILENT, ATR_SILENT);
}

static void other_categories(void **state) {
    (void)state;
    static const struct atr with_status = {
        {0x3B, 0x08, 0x00, 0x73, 0x04, 0x00, 0x40, 0x07, 0x90, 0x00}, 10};
    /* The status is none of the objects. */
    static const struct atr only_status = {{0x3B, 0x04, 0x00, 0x72, 0x04, 0x00}, 6};
    static const struct atr own = {{0x3B, 0x05, 0x65, 0x73, 0x04, 0x00, 0x40}, 7};
    expect(&with_status, ATR_YES, ATR_YES);
    expect(&only_status, ATR_SILENT, ATR_SILENT);
    expect(&own, ATR_SILENT, ATR_SILENT);
}

static void broken_ones_say_nothing(void **state) {
    (void)state;
    struct atr_words words;
    for (size_t n = 0; n + 1 < contact_full.n; n++) {
        atr_read(contact_full.p, n, &words);
        assert_int_equal(words.extended, ATR_SILENT);
        assert_int_equal(words.short_ids, ATR_SILENT);
        (void)atr_kind(contact_full.p, n);
    }
    struct atr endless = {.n = 33};
    memset(endless.p, 0xFF, sizeof endless.p);
    endless.p[0] = 0x3B;
    expect(&endless, ATR_SILENT, ATR_SILENT);
    static const struct atr no_start = {{0x00, 0x05, 0x80, 0x73, 0x04, 0x00, 0x40}, 7};
    static const struct atr over_the_end = {{0x3B, 0x03, 0x80, 0x7F, 0x04}, 5};
    expect(&no_start, ATR_SILENT, ATR_SILENT);
    expect(&over_the_end, ATR_SILENT, ATR_SILENT);
}

/* Every prefix of every pattern is within bounds: the sanitizers judge. */
static void any_bytes_can_be_read(void **state) {
    (void)state;
    uint32_t seed = 1;
    for (int round = 0; round < 20000; round++) {
        uint8_t bytes[33];
        struct atr_words words;
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * 1664525u + 1013904223u;
            bytes[i] = (uint8_t)(seed >> 24);
        }
        bytes[0] = 0x3B;
        size_t n = (seed >> 8) % 34;
        uint8_t *exact = test_malloc(n > 0 ? n : 1);
        memcpy(exact, bytes, n);
        atr_read(exact, n, &words);
        (void)atr_kind(exact, n);
        test_free(exact);
    }
}

static uint64_t kind(const struct atr *a) {
    return atr_kind(a->p, a->n);
}

static void kind_leaves_the_random_number_out(void **state) {
    (void)state;
    struct atr other = contactless;
    other.p[4] = 0x12;
    other.p[7] = 0x34;
    assert_true(kind(&other) == kind(&contactless));
    other.p[10] = 0xD1;
    assert_true(kind(&other) != kind(&contactless));
    assert_true(kind(&contact_full) != kind(&contact_short));
    assert_true(kind(&contact_full) != kind(&contactless));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(capabilities_are_read_from_the_historical_bytes),
        cmocka_unit_test(made_up_answer_of_a_contactless_card_says_nothing),
        cmocka_unit_test(shorter_objects_say_less),
        cmocka_unit_test(other_categories),
        cmocka_unit_test(broken_ones_say_nothing),
        cmocka_unit_test(any_bytes_can_be_read),
        cmocka_unit_test(kind_leaves_the_random_number_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
