#include "orca_text.h"

#include <string.h>

#define SPACE_WIDE 0x3000u
#define LONG_MARK  0x30FCu
#define TEXT_CHARS 256

void orca_wipe(void *p, size_t n) {
    volatile uint8_t *v = p;
    while (n > 0) {
        *v++ = 0;
        n--;
    }
}

int orca_copy(char *out, size_t cap, const char *text) {
    size_t n = strlen(text);
    if (n >= cap) {
        out[0] = '\0';
        return 0;
    }
    memcpy(out, text, n + 1);
    return 1;
}

/* The next character; *text moves on. 0 at the end, UINT32_MAX for bad bytes. */
static uint32_t take(const char **text) {
    const uint8_t *p = (const uint8_t *)*text;
    size_t more = p[0] < 0x80 ? 0 : p[0] < 0xC2 ? 9 : p[0] < 0xE0 ? 1 : p[0] < 0xF0 ? 2 : 3;
    if (p[0] == 0) {
        return 0;
    }
    if (more == 9 || p[0] > 0xF4) {
        return UINT32_MAX;
    }
    static const uint32_t masks[] = {0x7F, 0x1F, 0x0F, 0x07};
    uint32_t c = p[0] & masks[more];
    for (size_t i = 1; i <= more; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            return UINT32_MAX;
        }
        c = c << 6 | (p[i] & 0x3Fu);
    }
    *text += more + 1;
    return c;
}

static size_t give(uint32_t c, char *out) {
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const uint8_t heads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = n - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    out[0] = (char)(heads[n] | c);
    return n;
}

/* U+FF61 to U+FF9F. */
static const uint16_t wide_kana[] = {
    0x3002, 0x300C, 0x300D, 0x3001, 0x30FB, 0x30F2, 0x30A1, 0x30A3, 0x30A5, 0x30A7, 0x30A9,
    0x30E3, 0x30E5, 0x30E7, 0x30C3, 0x30FC, 0x30A2, 0x30A4, 0x30A6, 0x30A8, 0x30AA, 0x30AB,
    0x30AD, 0x30AF, 0x30B1, 0x30B3, 0x30B5, 0x30B7, 0x30B9, 0x30BB, 0x30BD, 0x30BF, 0x30C1,
    0x30C4, 0x30C6, 0x30C8, 0x30CA, 0x30CB, 0x30CC, 0x30CD, 0x30CE, 0x30CF, 0x30D2, 0x30D5,
    0x30D8, 0x30DB, 0x30DE, 0x30DF, 0x30E0, 0x30E1, 0x30E2, 0x30E4, 0x30E6, 0x30E8, 0x30E9,
    0x30EA, 0x30EB, 0x30EC, 0x30ED, 0x30EF, 0x30F3, 0x309B, 0x309C};

static uint32_t wide_of(uint32_t c) {
    if (c == ' ') {
        return SPACE_WIDE;
    }
    if (c > ' ' && c < 0x7F) {
        return c + 0xFEE0;
    }
    return c >= 0xFF61 && c <= 0xFF9F ? wide_kana[c - 0xFF61] : c;
}

/* ｶ and ﾞ make ガ; 0 when the mark does not belong to c. */
static uint32_t marked(uint32_t c, uint32_t mark) {
    int has_dots = (c >= 0x30AB && c <= 0x30C2 && (c & 1) == 1) || c == 0x30C4 || c == 0x30C6 ||
                   c == 0x30C8 || (c >= 0x30CF && c <= 0x30DB && (c - 0x30CF) % 3 == 0);
    if (mark == 0xFF9E && c == 0x30A6) {
        return 0x30F4;
    }
    if (mark == 0xFF9E && has_dots) {
        return c + 1;
    }
    return mark == 0xFF9F && c >= 0x30CF && c <= 0x30DB && (c - 0x30CF) % 3 == 0 ? c + 2 : 0;
}

/* The next character in full width. */
static uint32_t take_wide(const char **text) {
    uint32_t raw = take(text);
    if (raw == 0 || raw == UINT32_MAX) {
        return raw;
    }
    uint32_t c = wide_of(raw);
    const char *after = *text;
    uint32_t joined = raw >= 0xFF61 && raw <= 0xFF9F ? marked(c, take(&after)) : 0;
    if (joined != 0) {
        *text = after;
    }
    return joined != 0 ? joined : c;
}

int orca_widen(const char *text, char *out, size_t cap) {
    size_t n = 0;
    uint32_t c = 0;
    while ((c = take_wide(&text)) != 0) {
        if (c == UINT32_MAX || cap - n < 5) {
            out[0] = '\0';
            return 0;
        }
        n += give(c, out + n);
    }
    out[n] = '\0';
    return 1;
}

static int is_dash(uint32_t c) {
    return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFF0D || c == LONG_MARK ||
           c == 0xFF70;
}

static int is_small_kana(uint32_t c) {
    return ((c >= 0x30A1 && c <= 0x30A9) && (c & 1) == 1) || c == 0x30C3 || c == 0x30E3 ||
           c == 0x30E5 || c == 0x30E7 || c == 0x30EE;
}

static uint32_t folded(uint32_t c) {
    if (is_dash(c)) {
        return LONG_MARK;
    }
    if (c >= 0xFF41 && c <= 0xFF5A) {
        return c - 0x20;
    }
    if (c == 0x30F5 || c == 0x30F6) {
        return c == 0x30F5 ? 0x30AB : 0x30B1;
    }
    return is_small_kana(c) ? c + 1 : c;
}

/* The folded characters; bad bytes or too many give 0, as does an empty text. */
static size_t fold(const char *text, uint32_t out[TEXT_CHARS]) {
    size_t n = 0;
    uint32_t c = 0;
    while ((c = take_wide(&text)) != 0) {
        if (c == UINT32_MAX || n == TEXT_CHARS) {
            return 0;
        }
        if (c != SPACE_WIDE && c != 0x30FB) {
            out[n++] = folded(c);
        }
    }
    return n;
}

static int is_missing_mark(uint32_t c) {
    return c == 0x25A0 || c == 0x25CF || c == 0x3013;
}

int orca_same_name(const char *a, const char *b) {
    uint32_t left[TEXT_CHARS], right[TEXT_CHARS];
    size_t n = fold(a, left);
    if (n == 0 || n != fold(b, right)) {
        return a[0] == '\0' && b[0] == '\0';
    }
    for (size_t i = 0; i < n; i++) {
        if (left[i] != right[i] && !is_missing_mark(left[i]) && !is_missing_mark(right[i])) {
            return 0;
        }
    }
    return 1;
}

static const uint32_t *past_zeros(const uint32_t *p, size_t *n) {
    while (*n > 0 && *p == 0xFF10) {
        p++;
        (*n)--;
    }
    return p;
}

int orca_same_number(const char *a, const char *b) {
    uint32_t left[TEXT_CHARS], right[TEXT_CHARS];
    size_t n = fold(a, left), m = fold(b, right);
    if (n == 0 || m == 0) {
        return a[0] == '\0' && b[0] == '\0';
    }
    const uint32_t *p = past_zeros(left, &n), *q = past_zeros(right, &m);
    return n == m && memcmp(p, q, n * sizeof *p) == 0;
}

const char *orca_second_part(const char *name, size_t *first_len) {
    const char *at = name;
    while (1) {
        const char *before = at;
        uint32_t c = take(&at);
        if (c == 0 || c == UINT32_MAX) {
            *first_len = (size_t)(before - name);
            return NULL;
        }
        if (c == ' ' || c == SPACE_WIDE) {
            *first_len = (size_t)(before - name);
            return at;
        }
    }
}

/* Its large and small letter, or its long mark, are mixed up. */
static int is_unsure_kana(uint32_t c) {
    return (c >= 0x30A1 && c <= 0x30AA) || c == 0x30C3 || c == 0x30C4 ||
           (c >= 0x30E3 && c <= 0x30E8) || c == 0x30EE || c == 0x30EF || is_dash(c) ||
           c == SPACE_WIDE || c == ' ';
}

size_t orca_sure_kana(const char *kana) {
    const char *at = kana;
    uint32_t c = take(&at);
    if (c == 0 || c == UINT32_MAX) {
        return 0;
    }
    const char *sure = at;
    while ((c = take(&at)) != 0 && c != UINT32_MAX && !is_unsure_kana(c)) {
        sure = at;
    }
    return (size_t)(sure - kana);
}

int orca_has_missing(const char *name) {
    uint32_t c = 0;
    while ((c = take(&name)) != 0) {
        if (c == UINT32_MAX || is_missing_mark(c) || c == 0x25A1 || c == 0xFFFD ||
            (c >= 0xE000 && c <= 0xF8FF) || c >= 0xF0000) {
            return 1;
        }
    }
    return 0;
}
