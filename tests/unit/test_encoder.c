/* Target encodings, all characters of them, judged by the C library's converters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <iconv.h>

#include "charset.h"
#include "encoder.h"
#include "jisx0213.h"
#include "shikaku/codes.h"
#include "text.h"

#define LAST_CODE 0x2FFFF

/* Requests of memory by what is linked statically; from the nth on they fail. */
static long fail_from = -1, requests;

/* The names are the linker's. NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c) */
void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);

static bool fails(void) {
    requests++;
    return fail_from >= 0 && requests >= fail_from;
}

void *__wrap_malloc(size_t n) {
    return fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size) {
    return fails() ? NULL : __real_calloc(n, size);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c) */

static void fail_after(long allowed) {
    requests = 0;
    fail_from = allowed >= 0 ? allowed + 1 : -1;
}

static struct encoder *open_encoder(enum encoding encoding, enum repertoire repertoire) {
    struct encoder *e = encoder_new(encoding, repertoire);
    assert_non_null(e);
    return e;
}

static void assert_writes(enum encoding encoding, enum repertoire repertoire, const char *text,
                          const char *bytes) {
    struct encoder *e = open_encoder(encoding, repertoire);
    struct bytes out = {0};
    assert_int_equal(encoder_bytes(e, text, strlen(text)), strlen(bytes));
    assert_int_equal(encoder_write(e, text, strlen(text), &out), SHK_OK);
    assert_string_equal(bytes_text(&out), bytes);
    bytes_clear(&out);
    encoder_free(&e);
    assert_null(e);
}

static bool has(enum encoding encoding, enum repertoire repertoire, const char *character) {
    struct encoder *e = open_encoder(encoding, repertoire);
    uint32_t code = 0;
    assert_int_equal(utf8_decode(character, strlen(character), &code), strlen(character));
    bool found = encoder_has(e, code);
    encoder_free(&e);
    return found;
}

/* The other of two characters that are written in one way, or 0. */
static uint32_t other_form(uint32_t code) {
    static const uint32_t forms[][2] = {
        {0x00A2, 0xFFE0}, {0x00A3, 0xFFE1}, {0x00A5, 0xFFE5}, {0x00A6, 0xFFE4}, {0x00AC, 0xFFE2},
        {0x2014, 0x2015}, {0x2016, 0x2225}, {0x203E, 0xFFE3}, {0x2212, 0xFF0D}, {0x301C, 0xFF5E},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (forms[i][0] == code || forms[i][1] == code) {
            return forms[i][forms[i][0] == code ? 1 : 0];
        }
    }
    return 0;
}

static bool is_character(uint32_t code) {
    return code < 0xD800 || code > 0xDFFF;
}

/* One character by the C library; the number of bytes, 0 when it has none. */
static size_t convert(iconv_t converter, uint32_t code, uint8_t to[16]) {
    char from[4];
    char *in = from, *at = (char *)to;
    size_t in_left = utf8_encode(code, from), left = 16;
    iconv(converter, NULL, NULL, NULL, NULL);
    bool done = iconv(converter, &in, &in_left, &at, &left) != (size_t)-1 &&
                iconv(converter, NULL, NULL, &at, &left) != (size_t)-1;
    return done ? 16 - left : 0;
}

/* What the C library writes for a character or its other form, without JIS X 0212, JIS-Roman and the
 * controls above 7F. */
static size_t judged(iconv_t converter, uint32_t code, uint8_t to[16]) {
    const uint32_t forms[] = {code, other_form(code)};
    for (int i = 0; i < 2; i++) {
        size_t n = forms[i] != 0 || i == 0 ? convert(converter, forms[i], to) : 0;
        bool roman = n > 2 && to[0] == 0x1B && to[1] == '(';
        bool lone = code >= 0x80 && n == 1;
        if (n > 0 && to[0] != 0x8F && !roman && !lone) {
            return n;
        }
    }
    return 0;
}

static size_t write_one(struct encoder *e, uint32_t code, struct bytes *out) {
    char utf8[4];
    size_t n = utf8_encode(code, utf8);
    out->n = 0;
    assert_int_equal(encoder_write(e, utf8, n, out), SHK_OK);
    assert_int_equal(encoder_bytes(e, utf8, n), out->n);
    return out->n;
}

static void compare_one(struct encoder *e, uint32_t code, const uint8_t *expected, size_t n,
                        struct bytes *out) {
    if (encoder_has(e, code) != (n > 0)) {
        fail_msg("U+%04X", (unsigned)code);
    }
    if (n > 0) {
        assert_int_equal(write_one(e, code, out), n);
        assert_memory_equal(out->p, expected, n);
    }
}

/* Every character is there or lacks, and has the bytes, as in the C library; the second time too, when
 * the encoder knows them. */
static void compare_all(enum encoding encoding, const char *name, size_t characters) {
    struct encoder *e = open_encoder(encoding, REPERTOIRE_ENCODING);
    iconv_t converter = iconv_open(name, "UTF-8");
    struct bytes out = {0};
    size_t count = 0;
    for (uint32_t i = 0; i <= 2 * LAST_CODE + 1; i++) {
        uint8_t expected[16];
        uint32_t code = i % (LAST_CODE + 1);
        bool shifts =
            encoding == ENCODING_ISO_2022_JP && (code == 0x0E || code == 0x0F || code == 0x1B);
        size_t n = is_character(code) && !shifts ? judged(converter, code, expected) : 0;
        compare_one(e, code, expected, n, &out);
        count += n > 0 ? 1 : 0;
    }
    assert_int_equal(count, 2 * characters);
    bytes_clear(&out);
    iconv_close(converter);
    encoder_free(&e);
}

static void every_character_of_euc_jp_is_as_in_the_c_library(void **state) {
    (void)state;
    compare_all(ENCODING_EUC_JP, "EUC-JP", 128 + 63 + 6879 + 9);
}

static void every_character_of_iso_2022_jp_is_as_in_the_c_library(void **state) {
    (void)state;
    compare_all(ENCODING_ISO_2022_JP, "ISO-2022-JP", 125 + 6879 + 9);
}

static void every_character_of_code_page_932_comes_back(void **state) {
    struct encoder *e = open_encoder(ENCODING_CP932, REPERTOIRE_ENCODING);
    struct bytes out = {0}, back = {0};
    size_t count = 0;
    (void)state;
    for (uint32_t code = 0; code <= LAST_CODE; code++) {
        char utf8[5] = "";
        if (code == 0 || !is_character(code) || !encoder_has(e, code)) {
            continue;
        }
        write_one(e, code, &out);
        back.n = 0;
        assert_int_equal(cp932_to_utf8(out.p, out.n, &back, NULL), SHK_OK);
        utf8_encode(code, utf8);
        if (!text_equal(bytes_text(&back), utf8)) {
            memset(utf8, 0, sizeof utf8);
            utf8_encode(other_form(code), utf8);
            assert_string_equal(bytes_text(&back), utf8);
        }
        count++;
    }
    assert_int_equal(count, 127 + 9279);
    bytes_clear(&out);
    bytes_clear(&back);
    encoder_free(&e);
}

/* The converter of that name writes the dash at 1-1-29 as U+2014 and the brackets at 1-2-54 as U+2985. */
static void every_character_of_jis_x_0213_is_as_in_the_c_library(void **state) {
    struct encoder *e = open_encoder(ENCODING_UTF8, REPERTOIRE_JIS_X_0213);
    iconv_t converter = iconv_open("EUC-JISX0213", "UTF-8");
    size_t count = 0;
    (void)state;
    for (uint32_t code = 0x80; code <= LAST_CODE; code++) {
        uint8_t unused[16];
        bool judges_differ = code == 0x2014 || code == 0x2015 || code == 0x2985 || code == 0x2986 ||
                             code == 0xFF5F || code == 0xFF60;
        bool half_kana = code >= 0xFF61 && code <= 0xFF9F;
        bool there = is_character(code) && convert(converter, code, unused) > 0;
        if (!judges_differ && !half_kana && jisx0213_has(code) != there) {
            fail_msg("U+%04X", (unsigned)code);
        }
        count += jisx0213_has(code) ? 1 : 0;
        bool other = other_form(code) != 0 && jisx0213_has(other_form(code));
        assert_int_equal(encoder_has(e, code), jisx0213_has(code) || other || half_kana);
    }
    assert_int_equal(count, 11233 - 25);
    iconv_close(converter);
    encoder_free(&e);
}

static void what_two_makers_added_is_written_as_windows_does(void **state) {
    (void)state;
    assert_writes(ENCODING_CP932, REPERTOIRE_ENCODING, "∪∩∠≒≡∵¬￢",
                  "\x81\xBE\x81\xBF\x81\xDA\x81\xE0\x81\xDF\x81\xE6\x81\xCA\x81\xCA");
    assert_writes(ENCODING_CP932, REPERTOIRE_ENCODING, "①Ⅰ№㈱㍻",
                  "\x87\x40\x87\x54\x87\x82\x87\x8A\x87\x7E");
    assert_writes(ENCODING_CP932, REPERTOIRE_ENCODING, "ⅰ￤＇髙﨑",
                  "\xFA\x40\xFA\x55\xFA\x56\xFB\xFC\xFA\xB1");
}

static void usual_counterparts_take_one_form(void **state) {
    static const char form[] = "¢£¥¬—‖‾−〜";
    (void)state;
    assert_writes(ENCODING_CP932, REPERTOIRE_ENCODING, form,
                  "\x81\x91\x81\x92\x81\x8F\x81\xCA\x81\x5C\x81\x61\x81\x50\x81\x7C\x81\x60");
    assert_writes(ENCODING_EUC_JP, REPERTOIRE_ENCODING, form,
                  "\xA1\xF1\xA1\xF2\xA1\xEF\xA2\xCC\xA1\xBD\xA1\xC2\xA1\xB1\xA1\xDD\xA1\xC1");
    assert_writes(ENCODING_UTF8, REPERTOIRE_JIS_X_0208, form, form);
    assert_writes(ENCODING_UTF8, REPERTOIRE_JIS_X_0213, form, form);
    assert_writes(ENCODING_UTF8, REPERTOIRE_JIS_X_0208, "￠￡￥￢―∥￣－～", "￠￡￥￢―∥￣－～");
    assert_writes(ENCODING_UTF8, REPERTOIRE_JIS_X_0213, "￠￡￥￢―∥￣－～", "￠￡￥￢―∥￣－～");
}

static void names_are_known_by_their_sets(void **state) {
    static const struct {
        const char *character;
        bool cp932, jisx0208, jisx0213;
    } rows[] = {
        {"見", true, true, true},    {"熙", true, true, true},   {"髙", true, false, false},
        {"﨑", true, false, true},   {"①", true, false, true},   {"㈱", true, false, true},
        {"鷗", false, false, true},  {"俱", false, false, true}, {"𠮟", false, false, true},
        {"𠮷", false, false, false}, {"é", false, false, true},  {"ｱ", true, true, true},
        {"한", false, false, false}, {"〓", true, true, true},   {"\uE000", true, false, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *c = rows[i].character;
        bool both = rows[i].cp932 && rows[i].jisx0213;
        assert_int_equal(has(ENCODING_CP932, REPERTOIRE_ENCODING, c), rows[i].cp932);
        assert_int_equal(has(ENCODING_EUC_JP, REPERTOIRE_ENCODING, c), rows[i].jisx0208);
        assert_int_equal(has(ENCODING_CP932, REPERTOIRE_JIS_X_0208, c), rows[i].jisx0208);
        assert_int_equal(has(ENCODING_UTF8, REPERTOIRE_JIS_X_0208, c), rows[i].jisx0208);
        assert_int_equal(has(ENCODING_UTF8, REPERTOIRE_JIS_X_0213, c), rows[i].jisx0213);
        assert_int_equal(has(ENCODING_CP932, REPERTOIRE_JIS_X_0213, c), both);
        assert_true(has(ENCODING_UTF8, REPERTOIRE_ENCODING, c));
        assert_false(has(ENCODING_UTF8, REPERTOIRE_ASCII, c));
        assert_false(has(ENCODING_CP932, REPERTOIRE_ASCII, c));
    }
    assert_true(has(ENCODING_CP932, REPERTOIRE_ASCII, "a"));
}

static void half_width_katakana_lacks_only_in_iso_2022_jp(void **state) {
    (void)state;
    assert_writes(ENCODING_CP932, REPERTOIRE_ENCODING, "ﾐﾎﾝ", "\xD0\xCE\xDD");
    assert_writes(ENCODING_EUC_JP, REPERTOIRE_ENCODING, "aﾐﾎﾝ", "a\x8E\xD0\x8E\xCE\x8E\xDD");
    assert_false(has(ENCODING_ISO_2022_JP, REPERTOIRE_ENCODING, "ﾐ"));
}

static void escapes_stand_around_two_byte_characters(void **state) {
    (void)state;
    assert_writes(ENCODING_ISO_2022_JP, REPERTOIRE_ENCODING, "", "");
    assert_writes(ENCODING_ISO_2022_JP, REPERTOIRE_ENCODING, "abc", "abc");
    assert_writes(ENCODING_ISO_2022_JP, REPERTOIRE_ENCODING, "見本", "\x1B$B8+K\\\x1B(B");
    assert_writes(ENCODING_ISO_2022_JP, REPERTOIRE_ENCODING, "a見本b見",
                  "a\x1B$B8+K\\\x1B(Bb\x1B$B8+\x1B(B");
    assert_writes(ENCODING_ISO_2022_JP, REPERTOIRE_ENCODING, "見\r\n本\n",
                  "\x1B$B8+\x1B(B\r\n\x1B$BK\\\x1B(B\n");
    assert_writes(ENCODING_ISO_2022_JP, REPERTOIRE_ENCODING, "見髙本", "\x1B$B8+\".K\\\x1B(B");
}

static void a_text_cannot_bring_escapes_of_its_own(void **state) {
    (void)state;
    assert_writes(ENCODING_ISO_2022_JP, REPERTOIRE_ENCODING, "\x1B$B", "\x1B$B\".\x1B(B$B");
    assert_writes(ENCODING_ISO_2022_JP, REPERTOIRE_ENCODING, "\x0E\x0F", "\x1B$B\".\".\x1B(B");
    assert_writes(ENCODING_CP932, REPERTOIRE_ENCODING, "\x1B\x0E", "\x1B\x0E");
    assert_false(has(ENCODING_ISO_2022_JP, REPERTOIRE_ENCODING, "\x1B"));
    assert_true(has(ENCODING_EUC_JP, REPERTOIRE_ENCODING, "\x1B"));
}

static void what_lacks_becomes_geta_in_every_encoding(void **state) {
    (void)state;
    assert_writes(ENCODING_CP932, REPERTOIRE_ENCODING, "𠮷田", "\x81\xAC\x93\x63");
    assert_writes(ENCODING_EUC_JP, REPERTOIRE_ENCODING, "髙田", "\xA2\xAE\xC5\xC4");
    assert_writes(ENCODING_UTF8, REPERTOIRE_JIS_X_0208, "髙田é", "〓田〓");
    assert_writes(ENCODING_UTF8, REPERTOIRE_JIS_X_0213, "髙田é𠮟", "〓田é𠮟");
    assert_writes(ENCODING_UTF8, REPERTOIRE_ASCII, "a田b", "a〓b");
    assert_writes(ENCODING_CP932, REPERTOIRE_ASCII, "a田b", "a\x81\xAC\x62");
    assert_writes(ENCODING_UTF8, REPERTOIRE_ENCODING, "髙𠮷😀", "髙𠮷😀");
}

static void the_first_lacking_character_is_told_with_its_place(void **state) {
    static const char text[] = "見本\t𠮷田髙";
    struct encoder *e = open_encoder(ENCODING_EUC_JP, REPERTOIRE_ENCODING);
    uint32_t code = 0;
    (void)state;
    assert_int_equal(encoder_first_lost(e, text, strlen(text), &code), 7);
    assert_int_equal(code, 0x20BB7);
    assert_int_equal(encoder_first_lost(e, text + 11, strlen(text) - 11, &code), 3);
    assert_int_equal(code, 0x9AD9);
    assert_int_equal(encoder_first_lost(e, text, 7, &code), 7);
    assert_int_equal(encoder_first_lost(e, text, 0, &code), 0);
    encoder_free(&e);
}

static void what_is_not_utf8_is_one_lacking_character_a_byte(void **state) {
    static const char wrong[] = "a\xE8\xA6z\xED\xA0\x80\xFF";
    struct encoder *e = open_encoder(ENCODING_UTF8, REPERTOIRE_ENCODING);
    uint32_t code = 0;
    (void)state;
    assert_int_equal(encoder_first_lost(e, wrong, strlen(wrong), &code), 1);
    assert_int_equal(code, 0xFFFD);
    assert_false(encoder_has(e, 0xD800));
    assert_false(encoder_has(e, 0x110000));
    assert_true(encoder_has(e, 0x10FFFF));
    encoder_free(&e);
    assert_writes(ENCODING_UTF8, REPERTOIRE_ENCODING, wrong, "a〓〓z〓〓〓〓");
    assert_writes(ENCODING_CP932, REPERTOIRE_ENCODING, "\x81z", "\x81\xACz");
    e = open_encoder(ENCODING_CP932, REPERTOIRE_ENCODING);
    assert_false(encoder_has(e, 0xDFFF));
    assert_false(encoder_has(e, 0x30000));
    assert_false(encoder_has(e, 0x110000));
    encoder_free(&e);
}

static void long_texts_are_whole_and_appended(void **state) {
    static const char *const units[] = {"A", "見本", "\r\n", "ﾐ", "𠮷", "髙", "xyz "};
    static const size_t sizes[] = {1, 4, 2, 2, 2, 2, 4};
    struct encoder *e = open_encoder(ENCODING_EUC_JP, REPERTOIRE_ENCODING);
    struct bytes text = {0}, out = {0}, again = {0};
    size_t length = 0;
    (void)state;
    for (size_t i = 0; i < 500000; i++) {
        size_t unit = i * i % 7;
        assert_int_equal(bytes_append_text(&text, units[unit]), SHK_OK);
        length += sizes[unit];
    }
    assert_int_equal(bytes_append_text(&out, "<"), SHK_OK);
    assert_int_equal(encoder_write(e, bytes_text(&text), text.n, &out), SHK_OK);
    assert_int_equal(out.n, length + 1);
    assert_int_equal(encoder_bytes(e, bytes_text(&text), text.n), length);
    assert_int_equal(out.p[out.n], 0);
    assert_int_equal(encoder_write(e, bytes_text(&text), text.n, &again), SHK_OK);
    assert_memory_equal(again.p, out.p + 1, length);
    bytes_clear(&text);
    bytes_clear(&out);
    bytes_clear(&again);
    encoder_free(&e);
}

static void without_memory_there_is_no_encoder(void **state) {
    (void)state;
    for (long allowed = 0; allowed < 2; allowed++) {
        fail_after(allowed);
        struct encoder *e = encoder_new(ENCODING_CP932, REPERTOIRE_ENCODING);
        fail_after(-1);
        assert_null(e);
    }
    fail_after(0);
    assert_false(cp932_has("見", 3));
    assert_true(cp932_has("a", 1));
    struct bytes out = {0};
    int32_t rc = utf8_to_cp932("見", 3, &out, NULL);
    fail_after(-1);
    assert_int_equal(rc, SHK_E_MEMORY);
    assert_null(out.p);
}

static void without_memory_to_remember_the_answers_are_the_same(void **state) {
    static const char text[] = "a見髙𠮷";
    struct encoder *e = open_encoder(ENCODING_CP932, REPERTOIRE_ENCODING);
    struct bytes out = {0};
    (void)state;
    assert_int_equal(bytes_append_text(&out, "<"), SHK_OK);
    fail_after(0);
    bool kept = encoder_has(e, 0x898B) && !encoder_has(e, 0x20BB7);
    size_t length = encoder_bytes(e, text, strlen(text));
    int32_t short_rc = encoder_write(e, text, strlen(text), &out);
    struct bytes none = {0};
    int32_t none_rc = encoder_write(e, text, strlen(text), &none);
    fail_after(-1);
    assert_true(kept);
    assert_int_equal(length, 7);
    assert_int_equal(short_rc, SHK_OK);
    assert_string_equal(bytes_text(&out), "<a\x8C\xA9\xFB\xFC\x81\xAC");
    assert_int_equal(none_rc, SHK_E_MEMORY);
    assert_null(none.p);
    assert_int_equal(encoder_write(e, text, SIZE_MAX / 2, &out), SHK_E_MEMORY);
    assert_int_equal(out.n, 8);
    bytes_clear(&out);
    encoder_free(&e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character_of_euc_jp_is_as_in_the_c_library),
        cmocka_unit_test(every_character_of_iso_2022_jp_is_as_in_the_c_library),
        cmocka_unit_test(every_character_of_code_page_932_comes_back),
        cmocka_unit_test(every_character_of_jis_x_0213_is_as_in_the_c_library),
        cmocka_unit_test(what_two_makers_added_is_written_as_windows_does),
        cmocka_unit_test(usual_counterparts_take_one_form),
        cmocka_unit_test(names_are_known_by_their_sets),
        cmocka_unit_test(half_width_katakana_lacks_only_in_iso_2022_jp),
        cmocka_unit_test(escapes_stand_around_two_byte_characters),
        cmocka_unit_test(a_text_cannot_bring_escapes_of_its_own),
        cmocka_unit_test(what_lacks_becomes_geta_in_every_encoding),
        cmocka_unit_test(the_first_lacking_character_is_told_with_its_place),
        cmocka_unit_test(what_is_not_utf8_is_one_lacking_character_a_byte),
        cmocka_unit_test(long_texts_are_whole_and_appended),
        cmocka_unit_test(without_memory_there_is_no_encoder),
        cmocka_unit_test(without_memory_to_remember_the_answers_are_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
