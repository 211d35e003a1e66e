#include "utf16.h"

#include "shikaku/codes.h"
#include "text.h"

#define LOST 0xFFFDu

static uint32_t unit_at(const uint8_t *p, bool big_endian) {
    return big_endian ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static bool is_half(uint32_t unit, uint32_t first) {
    return unit >= first && unit < first + 0x400;
}

/* The code point at p[0..n) and how many bytes it takes. */
static size_t decode(const uint8_t *p, size_t n, bool big_endian, uint32_t *code) {
    *code = LOST;
    if (n < 2) {
        return n;
    }
    uint32_t unit = unit_at(p, big_endian);
    if (is_half(unit, 0xDC00)) {
        return 2;
    }
    if (!is_half(unit, 0xD800)) {
        *code = unit;
        return 2;
    }
    uint32_t low = n >= 4 ? unit_at(p + 2, big_endian) : 0;
    if (!is_half(low, 0xDC00)) {
        return 2;
    }
    *code = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    return 4;
}

int32_t utf16_to_utf8(const uint8_t *p, size_t n, bool big_endian, struct bytes *out,
                      size_t *lost) {
    size_t bad = 0;
    int32_t rc = SHK_OK;
    for (size_t at = 0; rc == SHK_OK && at < n;) {
        char text[4];
        uint32_t code = 0;
        at += decode(p + at, n - at, big_endian, &code);
        bad += code == LOST ? 1 : 0;
        rc = bytes_append(out, text, utf8_encode(code, text));
    }
    if (lost != NULL) {
        *lost = bad;
    }
    return rc;
}
