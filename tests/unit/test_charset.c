#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "charset.h"
#include "shikaku/codes.h"
#include "text.h"

static void assert_decodes(const char *cp932, const char *utf8) {
    struct bytes out = {0};
    assert_int_equal(cp932_to_utf8((const uint8_t *)cp932, strlen(cp932), &out, NULL), SHK_OK);
    assert_string_equal(bytes_text(&out), utf8);
    bytes_clear(&out);
}

static void assert_encodes(const char *utf8, const char *cp932, int32_t losses) {
    struct bytes out = {0};
    struct cp932_loss loss = {0};
    assert_int_equal(utf8_to_cp932(utf8, strlen(utf8), &out, &loss), SHK_OK);
    assert_string_equal(bytes_text(&out), cp932);
    assert_int_equal(loss.count, losses);
    assert_int_equal(cp932_has(utf8, strlen(utf8)), losses == 0);
    bytes_clear(&out);
}

static uint32_t fnv(uint32_t hash, const uint8_t *p, size_t n) {
    for (size_t i = 0; i < n; i++) {
        hash = (hash ^ p[i]) * 16777619u;
    }
    return hash;
}

/* The code point of two bytes, or 0. */
static uint32_t decode_pair(const uint8_t pair[2]) {
    struct bytes out = {0};
    uint32_t code = 0;
    if (cp932_to_utf8(pair, 2, &out, NULL) == SHK_OK) {
        size_t len = utf8_decode(bytes_text(&out), out.n, &code);
        code = len == out.n ? code : 0;
    }
    bytes_clear(&out);
    return code;
}

static size_t encode_code(uint32_t code, uint8_t to[2]) {
    char utf8[4];
    struct bytes out = {0};
    struct cp932_loss loss = {0};
    assert_int_equal(utf8_to_cp932(utf8, utf8_encode(code, utf8), &out, &loss), SHK_OK);
    size_t n = loss.count == 0 ? out.n : 0;
    assert_true(n <= 2);
    if (n > 0) {
        memcpy(to, out.p, n);
    }
    bytes_clear(&out);
    return n;
}

static uint32_t hash_row(uint8_t lead, size_t *count) {
    uint32_t hash = 2166136261u;
    for (unsigned trail = 0; trail < 256; trail++) {
        uint8_t entry[7] = {lead, (uint8_t)trail};
        uint32_t code = decode_pair(entry);
        if (code != 0) {
            entry[2] = (uint8_t)(code >> 16);
            entry[3] = (uint8_t)(code >> 8);
            entry[4] = (uint8_t)code;
            assert_int_equal(encode_code(code, entry + 5), 2);
            hash = fnv(hash, entry, sizeof entry);
            (*count)++;
        }
    }
    return hash;
}

/* One FNV-1a a row over lead, trail, code point (three bytes) and the bytes it encodes to, as
 * CPython's cp932 has them; where a character stands twice, the IBM place and not the one NEC selected,
 * as Windows has it. */
static void every_double_byte_character_is_as_in_another_implementation(void **state) {
    static const struct {
        uint8_t lead;
        uint32_t hash;
    } rows[] = {
        {0x81, 0x2E44F2E0}, {0x82, 0xB48070FA}, {0x83, 0x1CF24B46}, {0x84, 0xB9B5F529},
        {0x85, 0x811C9DC5}, {0x86, 0x811C9DC5}, {0x87, 0x9B8EDBD8}, {0x88, 0x20B7493B},
        {0x89, 0xCCE974DD}, {0x8A, 0x4091E8C4}, {0x8B, 0x37C86445}, {0x8C, 0xECF4B804},
        {0x8D, 0x38173417}, {0x8E, 0x6D2C9F3C}, {0x8F, 0x968BB46D}, {0x90, 0x4F72A3F6},
        {0x91, 0xE6A24438}, {0x92, 0x3EBCC970}, {0x93, 0xC312754F}, {0x94, 0x98C7ED85},
        {0x95, 0x20FDFD66}, {0x96, 0xA4B767FB}, {0x97, 0xA5529DBE}, {0x98, 0x92F218CB},
        {0x99, 0x04DEE0FF}, {0x9A, 0xA710D963}, {0x9B, 0x66A799BE}, {0x9C, 0x0BE0408D},
        {0x9D, 0x6D3BF67D}, {0x9E, 0xE973D94F}, {0x9F, 0x09081AE9}, {0xE0, 0x6B44A426},
        {0xE1, 0x71B56C7A}, {0xE2, 0x4DB04F32}, {0xE3, 0xFA9AC49C}, {0xE4, 0x86B7B84A},
        {0xE5, 0x5A8F8E17}, {0xE6, 0x0281E5A0}, {0xE7, 0x3BFE7901}, {0xE8, 0x3E55CA76},
        {0xE9, 0x2D821226}, {0xEA, 0x29433E5A}, {0xEB, 0x811C9DC5}, {0xEC, 0x811C9DC5},
        {0xED, 0x37140599}, {0xEE, 0x4C59D262}, {0xEF, 0x811C9DC5}, {0xF0, 0x55A3C7C7},
        {0xF1, 0x67DB9D3B}, {0xF2, 0xCC411123}, {0xF3, 0xCAC323A7}, {0xF4, 0x5434C047},
        {0xF5, 0x23628883}, {0xF6, 0x68AD1E9B}, {0xF7, 0xF15C8087}, {0xF8, 0x35D755AB},
        {0xF9, 0xFB09591F}, {0xFA, 0xBCB7E413}, {0xFB, 0x92360221}, {0xFC, 0x4E728FAA},
    };
    size_t count = 0;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (hash_row(rows[i].lead, &count) != rows[i].hash) {
            fail_msg("row %02X differs", (unsigned)rows[i].lead);
        }
    }
    assert_int_equal(count, 9604);
}

/* The same over every character of the first plane and U+10000 to U+10FFF. */
static void every_character_that_can_be_written_is_as_in_another_implementation(void **state) {
    uint32_t hash = 2166136261u;
    size_t count = 0;
    (void)state;
    for (uint32_t code = 0x20; code < 0x11000; code += code == 0xD7FF ? 0x801 : 1) {
        uint8_t entry[7] = {(uint8_t)(code >> 16), (uint8_t)(code >> 8), (uint8_t)code};
        size_t n = encode_code(code, entry + 3);
        if (n > 0) {
            hash = fnv(hash, entry, 3 + n);
            count++;
        }
    }
    assert_int_equal(count, 9375);
    assert_int_equal(hash, 0xA86F97B7);
}

static void names_with_extended_kanji_survive_both_ways(void **state) {
    (void)state;
    assert_decodes("\xFB\xFC\x8B\xB4", "髙橋");
    assert_encodes("髙橋", "\xFB\xFC\x8B\xB4", 0);
    assert_encodes("①Ⅲ㈱", "\x87\x40\x87\x56\x87\x8A", 0);
    assert_decodes("\xD0\xCE\xDD \xC0\xB6\xBA", "ﾐﾎﾝ ﾀｶｺ");
    assert_encodes("ﾐﾎﾝ ﾀｶｺ", "\xD0\xCE\xDD \xC0\xB6\xBA", 0);
}

static void user_defined_characters_keep_their_place(void **state) {
    (void)state;
    assert_decodes("\xF0\x40\xF9\xFC", "\xEE\x80\x80\xEE\x9D\x97");
    assert_encodes("\xEE\x80\x80\xEE\x9D\x97", "\xF0\x40\xF9\xFC", 0);
}

static void two_spellings_of_one_sign_are_written_as_one(void **state) {
    (void)state;
    assert_decodes("\x81\x60\x81\x7C\x81\x61\x81\xCA\x81\x91\x81\x92", "～－∥￢￠￡");
    assert_encodes("～－∥￢￠￡", "\x81\x60\x81\x7C\x81\x61\x81\xCA\x81\x91\x81\x92", 0);
    assert_encodes("〜−‖¬¢£", "\x81\x60\x81\x7C\x81\x61\x81\xCA\x81\x91\x81\x92", 0);
    assert_encodes("―—", "\x81\x5C\x81\x5C", 0);
}

static void yen_sign_never_becomes_a_backslash(void **state) {
    (void)state;
    assert_encodes("¥‾", "\x81\x8F\x81\x50", 0);
    assert_encodes("\\~", "\\~", 0);
    assert_decodes("\\~", "\\~");
}

static void characters_that_do_not_exist_become_geta_and_are_counted(void **state) {
    struct bytes out = {0};
    struct cp932_loss loss = {0};
    const char *text = "𠮷田é";
    (void)state;
    assert_int_equal(utf8_to_cp932(text, strlen(text), &out, &loss), SHK_OK);
    assert_string_equal(bytes_text(&out), "\x81\xAC\x93\x63\x81\xAC");
    assert_int_equal(loss.count, 2);
    assert_int_equal(loss.first, 0x20BB7);
    bytes_clear(&out);
    assert_encodes("吉田", "\x8B\x67\x93\x63", 0);
}

static void wrong_bytes_are_refused_with_their_place(void **state) {
    static const char *const wrong[] = {"\x82\xA0\x85\x40", "\x82\xA0\x82",    "\x82\xA0\x81\x20",
                                        "\x82\xA0\x80",     "\x82\xA0\xA0",    "\x82\xA0\xFD",
                                        "\x82\xA0\xFF",     "\x82\xA0\x81\xAD"};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct bytes out = {0};
        size_t bad = 0;
        assert_int_equal(cp932_to_utf8((const uint8_t *)wrong[i], strlen(wrong[i]), &out, &bad),
                         SHK_E_XML_ENCODING);
        assert_int_equal(bad, 2);
        bytes_clear(&out);
    }
}

static void wrong_utf8_is_refused(void **state) {
    struct bytes out = {0};
    (void)state;
    assert_int_equal(utf8_to_cp932("\xE8\xA6", 2, &out, NULL), SHK_E_XML_ENCODING);
    assert_int_equal(utf8_to_cp932("\xC0\x80", 2, &out, NULL), SHK_E_XML_ENCODING);
    assert_false(cp932_has("\xE8\xA6", 2));
    bytes_clear(&out);
}

static void long_texts_are_whole_and_appended(void **state) {
    struct bytes source = {0}, utf8 = {0}, back = {0};
    (void)state;
    for (size_t i = 0; i < 5000; i++) {
        assert_int_equal(bytes_append_text(&source, i % 3 == 0 ? "A" : "\x8C\xA9"), SHK_OK);
    }
    assert_int_equal(bytes_append_text(&utf8, "<"), SHK_OK);
    assert_int_equal(cp932_to_utf8(source.p, source.n, &utf8, NULL), SHK_OK);
    assert_int_equal(utf8_count(bytes_text(&utf8), utf8.n), 5001);
    assert_int_equal(utf8_to_cp932(bytes_text(&utf8) + 1, utf8.n - 1, &back, NULL), SHK_OK);
    assert_int_equal(back.n, source.n);
    assert_memory_equal(back.p, source.p, source.n);
    bytes_clear(&source);
    bytes_clear(&utf8);
    bytes_clear(&back);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_double_byte_character_is_as_in_another_implementation),
        cmocka_unit_test(every_character_that_can_be_written_is_as_in_another_implementation),
        cmocka_unit_test(names_with_extended_kanji_survive_both_ways),
        cmocka_unit_test(user_defined_characters_keep_their_place),
        cmocka_unit_test(two_spellings_of_one_sign_are_written_as_one),
        cmocka_unit_test(yen_sign_never_becomes_a_backslash),
        cmocka_unit_test(characters_that_do_not_exist_become_geta_and_are_counted),
        cmocka_unit_test(wrong_bytes_are_refused_with_their_place),
        cmocka_unit_test(wrong_utf8_is_refused),
        cmocka_unit_test(long_texts_are_whole_and_appended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
