#include "utf8.h"

#include <string.h>

static size_t sequence_length(unsigned char first) {
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xC2 && first < 0xE0) {
        return 2;
    }
    if (first >= 0xE0 && first < 0xF0) {
        return 3;
    }
    return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

static bool is_character(uint32_t c, size_t length) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    return c >= least[length] && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
}

size_t utf8_next(const char *text, size_t n, uint32_t *character) {
    static const uint32_t first_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    *character = 0;
    size_t length = n > 0 ? sequence_length((unsigned char)text[0]) : 0;
    if (length == 0 || length > n) {
        return 0;
    }
    uint32_t c = (unsigned char)text[0] & first_bits[length];
    for (size_t i = 1; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if ((byte & 0xC0u) != 0x80u) {
            return 0;
        }
        c = c << 6 | (byte & 0x3Fu);
    }
    *character = c;
    return is_character(c, length) ? length : 0;
}

bool utf8_valid(const char *text) {
    size_t left = strlen(text);
    uint32_t c;
    while (left > 0) {
        size_t n = utf8_next(text, left, &c);
        if (n == 0) {
            return false;
        }
        text += n;
        left -= n;
    }
    return true;
}

struct range {
    uint32_t first, last;
};

static bool is_in(uint32_t c, const struct range *ranges, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (c >= ranges[i].first && c <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

static int columns(uint32_t c) {
    /* Variation selectors stand behind the kanji of some names. */
    static const struct range none[] = {
        {0x0300, 0x036F}, {0x200B, 0x200F}, {0x3099, 0x309A}, {0xFE00, 0xFE0F}, {0xE0100, 0xE01EF}};
    static const struct range two[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},  {0x3041, 0xA4CF},
                                       {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},  {0xFE30, 0xFE6F},
                                       {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6},  {0x1F300, 0x1F64F},
                                       {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
    if (is_in(c, none, sizeof none / sizeof *none)) {
        return 0;
    }
    return is_in(c, two, sizeof two / sizeof *two) ? 2 : 1;
}

int utf8_width(const char *text) {
    int width = 0;
    size_t left = strlen(text);
    while (left > 0) {
        uint32_t c;
        size_t n = utf8_next(text, left, &c);
        width += n == 0 ? 1 : columns(c);
        n = n == 0 ? 1 : n;
        text += n;
        left -= n;
    }
    return width;
}

void utf8_write(uint32_t c, char out[5]) {
    static const unsigned char first[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    memset(out, 0, 5);
    if (c == 0 || !is_character(c, n)) {
        return;
    }
    for (size_t i = n; i > 1; i--, c >>= 6) {
        out[i - 1] = (char)(0x80 | (c & 0x3F));
    }
    out[0] = (char)(n == 1 ? c : first[n] | c);
}
