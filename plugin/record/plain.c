#include "plain.h"

#include "text.h"

#define FULL_WIDTH_FIRST 0xFF01u
#define FULL_WIDTH_LAST  0xFF5Eu

struct span {
    uint32_t first, last;
};

static bool is_in(const struct span *spans, size_t n, uint32_t code) {
    for (size_t i = 0; i < n; i++) {
        if (code >= spans[i].first && code <= spans[i].last) {
            return true;
        }
    }
    return false;
}

bool plain_is_blank(uint32_t code) {
    static const struct span blanks[] = {
        {0x0000, 0x0020}, {0x007F, 0x00A0}, {0x00AD, 0x00AD}, {0x1680, 0x1680},
        {0x180E, 0x180E}, {0x2000, 0x200F}, {0x2028, 0x202F}, {0x205F, 0x2064},
        {0x3000, 0x3000}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF},
    };
    bool kana_or_kanji = code > 0x3000 && code < 0xFE00;
    return !kana_or_kanji && is_in(blanks, sizeof blanks / sizeof blanks[0], code);
}

/* Kana, kanji and what stands between them, which plain_fold leaves as it is; not the wide space. */
static bool is_usual(const char *p, size_t n) {
    uint32_t code = utf8_usual_three(p, n);
    return code > 0x3000 && code < 0xE000;
}

static bool is_seen_ascii(char c) {
    return c > ' ' && c <= '~';
}

static bool is_blank_ascii(char c) {
    return (uint8_t)c <= ' ';
}

/* The last character begins here; a broken one counts as one byte. */
static size_t last_start(const char *p, size_t n) {
    size_t at = n - 1;
    while (at > 0 && n - at < 4 && ((uint8_t)p[at] & 0xC0) == 0x80) {
        at--;
    }
    return at;
}

/* Belongs to the character before it: 神 with one is another form of 神. */
static bool is_selector(uint32_t code) {
    return code >= 0xFE00 && code <= 0xFE0F;
}

void plain_trim(const char **p, size_t *n) {
    uint32_t code = 0;
    size_t len;
    while (*n > 0 && !is_seen_ascii(**p) && !is_usual(*p, *n) &&
           (len = utf8_decode(*p, *n, &code)) > 0 && plain_is_blank(code)) {
        *p += len;
        *n -= len;
    }
    while (*n > 0 && !is_seen_ascii((*p)[*n - 1])) {
        if (is_blank_ascii((*p)[*n - 1])) {
            --*n;
            continue;
        }
        size_t at = last_start(*p, *n);
        if (*n - at == 3 && is_usual(*p + at, 3)) {
            return;
        }
        if (utf8_decode(*p + at, *n - at, &code) != *n - at || !plain_is_blank(code) ||
            is_selector(code)) {
            return;
        }
        *n = at;
    }
}

static uint32_t plain_code(uint32_t code) {
    static const struct span dashes[] = {{0x2010, 0x2015}, {0x2212, 0x2212}, {0xFE63, 0xFE63}};
    if (code >= FULL_WIDTH_FIRST && code <= FULL_WIDTH_LAST) {
        return code - FULL_WIDTH_FIRST + 0x21;
    }
    bool kana_or_kanji = code > 0x3000 && code < 0xFE00;
    if (!kana_or_kanji && is_in(dashes, sizeof dashes / sizeof dashes[0], code)) {
        return '-';
    }
    return code == 0xFF65 ? 0x30FB : code; /* half-width middle dot */
}

/* The length of the character at p; 0: none. */
static size_t fold_other(const char *p, size_t n, char *out, size_t *used) {
    uint32_t code;
    size_t len = utf8_decode(p, n, &code);
    if (len > 0 && !plain_is_blank(code)) {
        *used += utf8_encode(plain_code(code), out + *used);
    }
    return len;
}

bool plain_fold(const char *p, size_t n, char *out, size_t cap) {
    size_t used = 0;
    while (n > 0 && used + 4 < cap) {
        size_t len = 1;
        if (is_seen_ascii(*p)) {
            out[used++] = *p;
        } else if (is_usual(p, n)) {
            len = 3;
            out[used++] = p[0];
            out[used++] = p[1];
            out[used++] = p[2];
        } else {
            len = fold_other(p, n, out, &used);
        }
        if (len == 0) {
            break;
        }
        p += len;
        n -= len;
    }
    if (cap > 0) {
        out[n == 0 ? used : 0] = '\0';
    }
    return n == 0 && cap > used;
}
