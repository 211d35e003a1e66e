#include "text.h"

#include <string.h>

static size_t sequence_length(uint8_t lead) {
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        return 2;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        return 3;
    }
    return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

static bool is_continuation(char c) {
    return ((uint8_t)c & 0xC0) == 0x80;
}

static size_t decode_any(const char *p, size_t n, uint32_t *code) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t len = n > 0 ? sequence_length((uint8_t)p[0]) : 0;
    if (len == 0 || len > n) {
        return 0;
    }
    uint32_t value = len == 1 ? (uint8_t)p[0] : (uint8_t)p[0] & (0x7Fu >> len);
    for (size_t i = 1; i < len; i++) {
        if (!is_continuation(p[i])) {
            return 0;
        }
        value = value << 6 | ((uint8_t)p[i] & 0x3Fu);
    }
    if (value < least[len] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        return 0;
    }
    *code = value;
    return len;
}

size_t utf8_decode(const char *p, size_t n, uint32_t *code) {
    if (n > 0 && (uint8_t)*p < 0x80) {
        *code = (uint8_t)*p;
        return 1;
    }
    uint32_t usual = utf8_usual_three(p, n);
    if (usual != 0) {
        *code = usual;
        return 3;
    }
    return decode_any(p, n, code);
}

size_t utf8_encode(uint32_t code, char *out) {
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
        return 0;
    }
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    static const uint8_t lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    out[0] = (char)(lead[len] | code);
    return len;
}

bool utf8_valid(const char *p, size_t n) {
    uint32_t code;
    while (n > 0) {
        size_t len = (uint8_t)*p < 0x80            ? 1
                     : utf8_usual_three(p, n) != 0 ? 3
                                                   : decode_any(p, n, &code);
        if (len == 0) {
            return false;
        }
        p += len;
        n -= len;
    }
    return true;
}

bool utf8_has_lost(const char *p, size_t n) {
    static const char lost[] = "\xEF\xBF\xBD";
    const char *end = p + n;
    while (end - p >= 3 && (p = memchr(p, lost[0], (size_t)(end - p) - 2)) != NULL) {
        if (memcmp(p, lost, 3) == 0) {
            return true;
        }
        p++;
    }
    return false;
}

size_t utf8_count(const char *p, size_t n) {
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        count += is_continuation(p[i]) ? 0 : 1;
    }
    return count;
}

size_t utf8_cut(const char *p, size_t n, size_t max) {
    if (n <= max) {
        /* The text may itself end inside a character when a caller cut it before. */
        size_t start = n;
        while (start > 0 && n - start < 4 && is_continuation(p[start - 1])) {
            start--;
        }
        if (start > 0 && sequence_length((uint8_t)p[start - 1]) > n - start + 1) {
            return start - 1;
        }
        return n;
    }
    size_t cut = max;
    while (cut > 0 && is_continuation(p[cut])) {
        cut--;
    }
    return cut;
}
