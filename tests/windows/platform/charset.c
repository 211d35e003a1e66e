/* plugin/platform/charset_win32.c: every character of code page 932 both ways, as another implementation
 * has them (tests/unit/test_charset.c holds the same numbers). */
#include <stdio.h>

#include "charset.h"
#include "encoder.h"
#include "shikaku/codes.h"
#include "text.h"

static int failures;

static void check(bool ok, const char *what) {
    if (!ok) {
        printf("%s\n", what);
        failures++;
    }
}

static uint32_t fnv(uint32_t hash, const uint8_t *p, size_t n) {
    for (size_t i = 0; i < n; i++) {
        hash = (hash ^ p[i]) * 16777619u;
    }
    return hash;
}

/* One character's bytes behind its code point; 0 when there are none. */
static size_t describe(struct encoder *e, uint32_t code, struct bytes *out) {
    const uint8_t place[3] = {(uint8_t)(code >> 16), (uint8_t)(code >> 8), (uint8_t)code};
    char utf8[4];
    out->n = 0;
    if (!encoder_has(e, code) || bytes_append(out, place, 3) != SHK_OK) {
        return 0;
    }
    check(encoder_write(e, utf8, utf8_encode(code, utf8), out) == SHK_OK, "write");
    return out->n;
}

static void every_character_is_written_as_elsewhere(struct encoder *e) {
    struct bytes out = {0};
    uint32_t hash = 2166136261u;
    size_t count = 0;
    for (uint32_t code = 0x20; code < 0x11000; code += code == 0xD7FF ? 0x801 : 1) {
        size_t n = describe(e, code, &out);
        hash = fnv(hash, out.p, n);
        count += n > 0 ? 1 : 0;
    }
    bytes_clear(&out);
    check(count == 9375, "number of characters");
    check(hash == 0xA86F97B7, "bytes of characters");
}

static void every_pair_comes_back(struct encoder *e) {
    struct bytes text = {0}, again = {0};
    size_t count = 0;
    for (unsigned pair = 0x8100; pair <= 0xFCFF; pair++) {
        const uint8_t bytes[2] = {(uint8_t)(pair >> 8), (uint8_t)pair};
        bool lead = bytes[0] < 0xA0 || bytes[0] >= 0xE0;
        text.n = again.n = 0;
        if (lead && cp932_to_utf8(bytes, 2, &text, NULL) == SHK_OK) {
            uint32_t code;
            check(encoder_first_lost(e, bytes_text(&text), text.n, &code) == text.n, "lost");
            check(encoder_write(e, bytes_text(&text), text.n, &again) == SHK_OK, "write");
            check(again.n == 2, "length");
            count++;
        }
    }
    bytes_clear(&text);
    bytes_clear(&again);
    check(count == 9604, "number of pairs");
}

int main(void) {
    struct encoder *e = encoder_new(ENCODING_CP932, REPERTOIRE_ENCODING);
    if (e == NULL) {
        return 1;
    }
    every_character_is_written_as_elsewhere(e);
    every_pair_comes_back(e);
    encoder_free(&e);
    return failures > 0;
}
