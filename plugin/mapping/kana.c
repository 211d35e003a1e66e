#include "kana.h"

#include "fold_kana.h"
#include "kana_code.h"

#define HALF_BASE        0xFF00u
#define HALF_FIRST       0xFF61u
#define HALF_LAST        0xFF9Fu
#define HALF_VOICED      0xFF9Eu
#define HALF_SEMI        0xFF9Fu
#define COMBINING_VOICED 0x3099u
#define COMBINING_SEMI   0x309Au
#define KATAKANA_FIRST   0x30A0u
#define WIDE_SPACE       0x3000u
#define WIDE_FIRST       0xFF01u /* the full form of '!' */
#define WIDE_LAST        0xFF5Eu
#define WIDE_OFFSET      0xFEE0u
#define HIRAGANA_GAP     0x60u

static bool is_half_kana(uint32_t code) {
    return code >= HALF_FIRST && code <= HALF_LAST;
}

/* Low byte: the half form of U+30A0 to U+30FF; high byte: its mark; both less U+FF00. */
static const uint16_t half_forms[] = {
    0,      0x67,   0x71,   0x68,   0x72,   0x69,   0x73,   0x6A,   0x74,   0x6B,   0x75,   0x76,
    0x9E76, 0x77,   0x9E77, 0x78,   0x9E78, 0x79,   0x9E79, 0x7A,   0x9E7A, 0x7B,   0x9E7B, 0x7C,
    0x9E7C, 0x7D,   0x9E7D, 0x7E,   0x9E7E, 0x7F,   0x9E7F, 0x80,   0x9E80, 0x81,   0x9E81, 0x6F,
    0x82,   0x9E82, 0x83,   0x9E83, 0x84,   0x9E84, 0x85,   0x86,   0x87,   0x88,   0x89,   0x8A,
    0x9E8A, 0x9F8A, 0x8B,   0x9E8B, 0x9F8B, 0x8C,   0x9E8C, 0x9F8C, 0x8D,   0x9E8D, 0x9F8D, 0x8E,
    0x9E8E, 0x9F8E, 0x8F,   0x90,   0x91,   0x92,   0x93,   0x6C,   0x94,   0x6D,   0x95,   0x6E,
    0x96,   0x97,   0x98,   0x99,   0x9A,   0x9B,   0,      0x9C,   0,      0,      0x66,   0x9D,
    0x9E73, 0,      0,      0x9E9C, 0,      0,      0x9E66, 0x65,   0x70,   0,      0,      0,
};

static uint32_t half_form(uint32_t full) {
    if (full >= KATAKANA_FIRST &&
        full - KATAKANA_FIRST < sizeof half_forms / sizeof half_forms[0]) {
        return half_forms[full - KATAKANA_FIRST];
    }
    switch (full) {
    case 0x3001: /* 、 */
        return 0x64;
    case 0x3002: /* 。 */
        return 0x61;
    case 0x300C: /* 「 */
        return 0x62;
    case 0x300D: /* 」 */
        return 0x63;
    case 0x309B: /* ゛ */
    case 0x3099:
        return 0x9E;
    case 0x309C: /* ゜ */
    case 0x309A:
        return 0x9F;
    default:
        return 0;
    }
}

static bool is_combining(uint32_t code) {
    return code == COMBINING_VOICED || code == COMBINING_SEMI;
}

/* The one letter that a letter and the mark behind it make, or 0. Combining marks join in every fold,
 * as they are no characters of their own; half ones where everything becomes full. */
static uint32_t join(enum kana_fold fold, uint32_t letter, uint32_t mark) {
    bool full = fold == KANA_FULL || fold == KANA_WIDE;
    bool half_mark = full && (mark == HALF_VOICED || mark == HALF_SEMI);
    if (!half_mark && !(is_combining(mark) && fold != KANA_DIGITS)) {
        return 0;
    }
    return kana_join(kana_to_full(letter), kana_to_full(mark));
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
    uint32_t form = half_form(code);
    size_t n = code_write(form != 0 ? HALF_BASE + (form & 0xFF) : code, out);
    return n + (form > 0xFF ? code_write(HALF_BASE + (form >> 8), out + n) : 0);
}

/* One character without regard to what follows. */
static size_t write_one(enum kana_fold fold, uint32_t code, char *out) {
    switch (fold) {
    case KANA_HALF:
        if (code == WIDE_SPACE) {
            return code_write(' ', out);
        }
        return write_half(is_hiragana(code) ? code + HIRAGANA_GAP : code, out);
    case KANA_NARROW:
        code = to_narrow(code);
        return is_hiragana(code) ? code_write(code, out) : write_half(code, out);
    case KANA_DIGITS:
        return code_write(code >= 0xFF10 && code <= 0xFF19 ? code - WIDE_OFFSET : code, out);
    case KANA_FULL:
        code = code == ' ' ? WIDE_SPACE : code;
        break;
    case KANA_WIDE:
        code = to_wide(code);
        break;
    }
    return code_write(kana_to_full(code), out);
}

static bool is_mark(uint32_t code) {
    return code == HALF_VOICED || code == HALF_SEMI || is_combining(code);
}

size_t kana_fold(enum kana_fold fold, const char *p, size_t n, char *out) {
    uint32_t code = 0, next = 0;
    size_t made = 0, len = code_read(p, n, &code);
    for (size_t i = len; len > 0;) {
        len = code_read(p + i, n - i, &next);
        i += len;
        uint32_t joined = len > 0 && is_mark(next) ? join(fold, code, next) : 0;
        if (joined != 0) {
            code = joined;
            continue;
        }
        made += write_one(fold, code, out + made);
        code = next;
    }
    return made;
}

size_t kana_columns(const char *p, size_t n) {
    size_t columns = 0;
    uint32_t code;
    for (size_t i = 0, len; i < n; i += len) {
        len = code_read(p + i, n - i, &code);
        if (len == 0) {
            break;
        }
        columns += code < 0x80 || is_half_kana(code) ? 1 : 2;
    }
    return columns;
}
