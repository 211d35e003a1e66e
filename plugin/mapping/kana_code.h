/* UTF-8 one character at a time, quick for ASCII and for what takes three bytes: kana, kanji, full width. */
#ifndef MAPPING_KANA_CODE_H
#define MAPPING_KANA_CODE_H

#include "text.h"

/* As utf8_decode. */
static inline size_t code_read(const char *p, size_t n, uint32_t *code) {
    uint32_t first = n > 0 ? (uint8_t)p[0] : 0x80;
    if (first < 0x80) {
        *code = first;
        return 1;
    }
    bool simple = n >= 3 && first >= 0xE1 && first <= 0xEF && first != 0xED;
    if (!simple || ((uint8_t)p[1] & 0xC0) != 0x80 || ((uint8_t)p[2] & 0xC0) != 0x80) {
        return utf8_decode(p, n, code);
    }
    *code = (first & 0xF) << 12 | ((uint32_t)(uint8_t)p[1] & 0x3F) << 6 | ((uint8_t)p[2] & 0x3F);
    return 3;
}

/* As utf8_encode. */
static inline size_t code_write(uint32_t code, char *out) {
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800 || code > 0xFFFF || (code >= 0xD800 && code < 0xE000)) {
        return utf8_encode(code, out);
    }
    out[0] = (char)(0xE0 | code >> 12);
    out[1] = (char)(0x80 | (code >> 6 & 0x3F));
    out[2] = (char)(0x80 | (code & 0x3F));
    return 3;
}

#endif
