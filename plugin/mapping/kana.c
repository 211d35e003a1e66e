#include "kana.h"

#include "fold_kana.h"
#include "text.h"

#define HALF_FIRST   0xFF61u
#define HALF_LAST    0xFF9Fu
#define HALF_VOICED  0xFF9Eu
#define HALF_SEMI    0xFF9Fu
#define WIDE_SPACE   0x3000u
#define WIDE_FIRST   0xFF01u /* the full form of '!' */
#define WIDE_LAST    0xFF5Eu
#define WIDE_OFFSET  0xFEE0u
#define HIRAGANA_GAP 0x60u

static bool is_half_kana(uint32_t code) {
    return code >= HALF_FIRST && code <= HALF_LAST;
}

/* The single full character of a half one with its mark, or 0 when the two do not join. */
static uint32_t join(uint32_t half, uint32_t mark) {
    bool can = is_half_kana(half) && (mark == HALF_VOICED || mark == HALF_SEMI);
    return can ? kana_join(kana_to_full(half), kana_to_full(mark)) : 0;
}

/* The half character of a full katakana, and its mark or 0; 0 when there is none. */
static uint32_t split(uint32_t full, uint32_t *mark) {
    *mark = 0;
    if (full == 0) {
        return 0; /* join says 0 for "nothing"; a zero byte is not that */
    }
    for (uint32_t half = HALF_FIRST; half <= HALF_LAST; half++) {
        if (kana_to_full(half) == full) {
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
    return utf8_encode(kana_to_full(code), out);
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
