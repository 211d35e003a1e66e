#include "kinds.h"

#include <string.h>

#define ATR_LEAST 2
#define ATR_MOST  33

enum how { ATR, HISTORY, LETTERS };
enum sure { MYNUMBER, OTHER, PERHAPS };

struct row {
    enum how how;
    const char *pattern;
    struct card_look look;
};

static const struct row rows[] = {
#define CARD(id, how, pattern, sure, japanese, english)                                            \
    {how, pattern, {id, japanese, english, (sure) == OTHER, (sure) == MYNUMBER}},
#include "kinds.def"
#undef CARD
};

/* Interface bytes that a nibble announces: TA, TB, TC and TD. */
static size_t bits_of(unsigned nibble) {
    size_t n = 0;
    for (; nibble != 0; nibble >>= 1) {
        n += nibble & 1;
    }
    return n;
}

/* Where the historical bytes begin; as many of them as there are, though fewer than announced. */
static const uint8_t *history_of(const uint8_t *atr, size_t n, size_t *len) {
    size_t at = 2, announced = atr[1] & 0x0F;
    unsigned follows = atr[1] >> 4;
    while (follows != 0) {
        at += bits_of(follows);
        if (at > n) {
            *len = 0;
            return atr;
        }
        follows = (follows & 8) != 0 ? atr[at - 1] >> 4 : 0;
    }
    *len = announced < n - at ? announced : n - at;
    return atr + at;
}

static unsigned digit_of(char c) {
    return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'A') + 10;
}

static bool fits(const char *pattern, const uint8_t *p, size_t n) {
    size_t i = 0;
    for (; pattern[0] != '\0' && pattern[0] != '*'; pattern += 2, i++) {
        if (i == n ||
            (pattern[0] != '.' && (digit_of(pattern[0]) << 4 | digit_of(pattern[1])) != p[i])) {
            return false;
        }
    }
    return pattern[0] == '*' || i == n;
}

static bool holds(const char *letters, const uint8_t *p, size_t n) {
    size_t len = strlen(letters);
    for (size_t i = 0; i + len <= n; i++) {
        if (memcmp(p + i, letters, len) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_row(const struct row *row, const uint8_t *atr, size_t n) {
    size_t len;
    const uint8_t *history = history_of(atr, n, &len);
    switch (row->how) {
    case HISTORY:
        return fits(row->pattern, history, len);
    case LETTERS:
        return holds(row->pattern, history, len);
    default:
        return fits(row->pattern, atr, n);
    }
}

const struct card_look *card_look_by_atr(const uint8_t *atr, size_t n) {
    if (atr == NULL || n < ATR_LEAST || n > ATR_MOST) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (is_row(&rows[i], atr, n)) {
            return &rows[i].look;
        }
    }
    return NULL;
}
