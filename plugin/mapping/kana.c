#include "kana.h"

#include "text.h"

#define HALF_FIRST   0xFF61u
#define HALF_LAST    0xFF9Fu
#define HALF_U       0xFF73u
#define HALF_WO      0xFF66u
#define HALF_WA      0xFF9Cu
#define HALF_VOICED  0xFF9Eu
#define HALF_SEMI    0xFF9Fu
#define WIDE_SPACE   0x3000u
#define WIDE_FIRST   0xFF01u /* the full form of '!' */
#define WIDE_LAST    0xFF5Eu
#define WIDE_OFFSET  0xFEE0u
#define HIRAGANA_GAP 0x60u

/* Full forms of U+FF61 to U+FF9F in their order. */
static const uint16_t full_forms[] = {
    0x3002, 0x300C, 0x300D, 0x3001, 0x30FB, 0x30F2, 0x30A1, 0x30A3, 0x30A5, 0x30A7, 0x30A9,
    0x30E3, 0x30E5, 0x30E7, 0x30C3, 0x30FC, 0x30A2, 0x30A4, 0x30A6, 0x30A8, 0x30AA, 0x30AB,
    0x30AD, 0x30AF, 0x30B1, 0x30B3, 0x30B5, 0x30B7, 0x30B9, 0x30BB, 0x30BD, 0x30BF, 0x30C1,
    0x30C4, 0x30C6, 0x30C8, 0x30CA, 0x30CB, 0x30CC, 0x30CD, 0x30CE, 0x30CF, 0x30D2, 0x30D5,
    0x30D8, 0x30DB, 0x30DE, 0x30DF, 0x30E0, 0x30E1, 0x30E2, 0x30E4, 0x30E6, 0x30E8, 0x30E9,
    0x30EA, 0x30EB, 0x30EC, 0x30ED, 0x30EF, 0x30F3, 0x309B, 0x309C,
};

static bool is_half_kana(uint32_t code) {
    return code >= HALF_FIRST && code <= HALF_LAST;
}

static bool takes_voiced(uint32_t half) {
    return (half >= 0xFF76 && half <= 0xFF84) || (half >= 0xFF8A && half <= 0xFF8E);
}

static bool takes_semi(uint32_t half) {
    return half >= 0xFF8A && half <= 0xFF8E;
}

/* The single full character of a half one with its mark, or 0 when the two do not join. */
static uint32_t join(uint32_t half, uint32_t mark) {
    uint32_t full = is_half_kana(half) ? full_forms[half - HALF_FIRST] : 0;
    if (mark == HALF_SEMI) {
        return takes_semi(half) ? full + 2 : 0;
    }
    if (mark != HALF_VOICED) {
        return 0;
    }
    switch (half) {
    case HALF_U:
        return 0x30F4;
    case HALF_WA:
        return 0x30F7;
    case HALF_WO:
        return 0x30FA;
    default:
        return takes_voiced(half) ? full + 1 : 0;
    }
}

/* The half character of a full katakana, and its mark or 0; 0 when there is none. */
static uint32_t split(uint32_t full, uint32_t *mark) {
    *mark = 0;
    if (full == 0) {
        return 0; /* join says 0 for "nothing"; a zero byte is not that */
    }
    for (uint32_t half = HALF_FIRST; half <= HALF_LAST; half++) {
        if (full_forms[half - HALF_FIRST] == full) {
            return half;
        }
        if (join(half, HALF_VOICED) == full) {
            *mark = HALF_VOICED;
            return half;
        }
        if (join(half, HALF_SEMI) == full) {
            *mark = HALF_SEMI;
            return half;
        }
    }
    return 0;
}

static bool is_hiragana(uint32_t code) {
    return code >= 0x3041 && code <= 0x3096;
}

static uint32_t to_narrow(uint32_t code) {
    if (code == WIDE_SPACE) {
        return ' ';
    }
    return code >= WIDE_FIRST && code <= WIDE_LAST ? code - WIDE_OFFSET : code;
}

static uint32_t to_wide(uint32_t code) {
    if (code == ' ') {
        return WIDE_SPACE;
    }
    return code > ' ' && code < 0x7F ? code + WIDE_OFFSET : code;
}

static size_t write_half(uint32_t code, char *out) {
    uint32_t mark;
    uint32_t half = split(code, &mark);
    size_t n = utf8_encode(half != 0 ? half : code, out);
    return n + (mark != 0 ? utf8_encode(mark, out + n) : 0);
}

/* One character without regard to what follows. */
static size_t write_one(enum kana_fold fold, uint32_t code, char *out) {
    switch (fold) {
    case KANA_HALF:
        if (code == WIDE_SPACE) {
            return utf8_encode(' ', out);
        }
        return write_half(is_hiragana(code) ? code + HIRAGANA_GAP : code, out);
    case KANA_NARROW:
        code = to_narrow(code);
        return is_hiragana(code) ? utf8_encode(code, out) : write_half(code, out);
    case KANA_DIGITS:
        return utf8_encode(code >= 0xFF10 && code <= 0xFF19 ? code - WIDE_OFFSET : code, out);
    case KANA_FULL:
        code = code == ' ' ? WIDE_SPACE : code;
        break;
    case KANA_WIDE:
        code = to_wide(code);
        break;
    }
    return utf8_encode(is_half_kana(code) ? full_forms[code - HALF_FIRST] : code, out);
}

size_t kana_fold(enum kana_fold fold, const char *p, size_t n, char *out) {
    bool joins = fold == KANA_FULL || fold == KANA_WIDE;
    size_t made = 0;
    for (size_t i = 0; i < n;) {
        uint32_t code = 0, next = 0;
        size_t len = utf8_decode(p + i, n - i, &code);
        if (len == 0) {
            break;
        }
        i += len;
        size_t mark_len = joins ? utf8_decode(p + i, n - i, &next) : 0;
        uint32_t joined = mark_len > 0 ? join(code, next) : 0;
        if (joined != 0) {
            made += utf8_encode(joined, out + made);
            i += mark_len;
        } else {
            made += write_one(fold, code, out + made);
        }
    }
    return made;
}

size_t kana_columns(const char *p, size_t n) {
    size_t columns = 0;
    uint32_t code;
    for (size_t i = 0, len; i < n; i += len) {
        len = utf8_decode(p + i, n - i, &code);
        if (len == 0) {
            break;
        }
        columns += code < 0x80 || is_half_kana(code) ? 1 : 2;
    }
    return columns;
}
