#include "fold.h"

#include "fold_kana.h"
#include "shikaku/codes.h"
#include "text.h"

#define LONG_MARK   0x30FCu
#define MIDDLE_DOT  0x30FBu
#define WIDE_FIRST  0xFF01u /* the full-width '!' */
#define WIDE_LAST   0xFF5Eu
#define WIDE_OFFSET 0xFEE0u

/* Characters of one name that differ from one register to the next. */
static uint32_t to_usual(uint32_t code) {
#define VARIANT(from, to)                                                                          \
    case from:                                                                                     \
        return to;
    switch (code) {
#include "variants.def"
    default:
        return code;
    }
#undef VARIANT
}

/* Every space, and what is not seen at all: zero-width characters and the selectors of variant forms. */
static bool is_nothing(uint32_t code) {
    return code <= ' ' || code == 0xA0 || code == 0xAD || (code >= 0x2000 && code <= 0x200F) ||
           (code >= 0x2028 && code <= 0x202F) || (code >= 0x205F && code <= 0x206F) ||
           code == 0x3000 || code == 0xFEFF || (code >= 0xFE00 && code <= 0xFE0F) ||
           (code >= 0xE0100 && code <= 0xE01EF);
}

/* - ‐ ‑ ‒ – — ― − ─ ━ ー and their half- and full-width forms. */
static bool is_dash(uint32_t code) {
    return code == '-' || (code >= 0x2010 && code <= 0x2015) || code == 0x2212 || code == 0x2500 ||
           code == 0x2501 || code == LONG_MARK;
}

static uint32_t to_upper(uint32_t code) {
    return code >= 'a' && code <= 'z' ? code - ('a' - 'A') : code;
}

/* One character without regard to its neighbours; 0 for one that does not count. */
typedef uint32_t fold_one(uint32_t code);

static uint32_t fold_width(uint32_t code) {
    if (is_nothing(code)) {
        return 0;
    }
    code = code >= WIDE_FIRST && code <= WIDE_LAST ? code - WIDE_OFFSET : code;
    code = to_upper(kana_to_full(code));
    return is_dash(code) ? LONG_MARK : code;
}

static uint32_t one_of_name_letters(uint32_t code) {
    code = fold_width(code);
    return code == MIDDLE_DOT || code == 0xB7 ? 0 : code;
}

static uint32_t one_of_name(uint32_t code) {
    return to_usual(one_of_name_letters(code));
}

static uint32_t one_of_kana_letters(uint32_t code) {
    return kana_to_katakana(one_of_name_letters(code));
}

static uint32_t one_of_kana(uint32_t code) {
    return kana_to_large(kana_to_katakana(one_of_name(code)));
}

static uint32_t one_of_number(uint32_t code) {
    code = fold_width(code);
    bool separator = code == LONG_MARK || code == MIDDLE_DOT || code == 0xB7 || code == '/';
    return separator ? 0 : code;
}

static uint32_t one_of_symbol(uint32_t code) {
    code = fold_width(code);
    return code == '/' ? LONG_MARK : code == MIDDLE_DOT || code == 0xB7 ? 0 : code;
}

static int32_t append_code(struct bytes *out, uint32_t code) {
    char one[4];
    return bytes_append(out, one, utf8_encode(code, one));
}

/* A byte that is not UTF-8 counts as a character that could not be sent. */
static size_t next_code(const char *p, size_t n, uint32_t *code) {
    size_t len = utf8_decode(p, n, code);
    if (len == 0) {
        *code = 0xFFFD;
        len = 1;
    }
    return len;
}

/* The only characters that kana_join joins to the one before. */
static bool is_mark(uint32_t code) {
    return code >= 0x3099 && code <= 0x309C;
}

static int32_t fold(const char *p, size_t n, fold_one *one, struct bytes *out) {
    uint32_t held = 0;
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < n;) {
        uint32_t code;
        i += next_code(p + i, n - i, &code);
        code = one(code);
        uint32_t joined = held != 0 && is_mark(code) ? kana_join(held, code) : 0;
        if (joined != 0) {
            held = one(joined);
        } else if (code != 0) {
            rc = held != 0 ? append_code(out, held) : SHK_OK;
            held = code;
        }
    }
    return rc == SHK_OK && held != 0 ? append_code(out, held) : rc;
}

int32_t fold_name(const char *p, size_t n, struct bytes *out) {
    return fold(p, n, one_of_name, out);
}

int32_t fold_kana(const char *p, size_t n, struct bytes *out) {
    return fold(p, n, one_of_kana, out);
}

int32_t fold_name_letters(const char *p, size_t n, struct bytes *out) {
    return fold(p, n, one_of_name_letters, out);
}

int32_t fold_kana_letters(const char *p, size_t n, struct bytes *out) {
    return fold(p, n, one_of_kana_letters, out);
}

static int32_t append_short(const struct bytes *folded, bool leading_zeros, struct bytes *out) {
    const char *text = bytes_text(folded);
    size_t skip = 0;
    while (!leading_zeros && skip + 1 < folded->n && text[skip] == '0') {
        skip++;
    }
    return bytes_append(out, text + skip, folded->n - skip);
}

int32_t fold_number(const char *p, size_t n, bool leading_zeros, struct bytes *out) {
    struct bytes folded = {0};
    int32_t rc = fold(p, n, one_of_number, &folded);
    rc = rc == SHK_OK ? append_short(&folded, leading_zeros, out) : rc;
    bytes_clear(&folded);
    return rc;
}

/* Of the long marks only one between two digits stays, as a dash. */
static int32_t keep_between_digits(const struct bytes *folded, struct bytes *out) {
    const char *p = bytes_text(folded);
    bool digit = false, mark = false;
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < folded->n;) {
        uint32_t code;
        size_t len = next_code(p + i, folded->n - i, &code);
        if (code == LONG_MARK) {
            mark = true;
        } else {
            bool next = code >= '0' && code <= '9';
            rc = mark && digit && next ? bytes_append_byte(out, '-') : SHK_OK;
            rc = rc == SHK_OK ? bytes_append(out, p + i, len) : rc;
            digit = next;
            mark = false;
        }
        i += len;
    }
    return rc;
}

int32_t fold_symbol(const char *p, size_t n, struct bytes *out) {
    struct bytes folded = {0}, kept = {0};
    int32_t rc = fold(p, n, one_of_symbol, &folded);
    rc = rc == SHK_OK ? keep_between_digits(&folded, &kept) : rc;
    rc = rc == SHK_OK ? append_short(&kept, false, out) : rc;
    bytes_clear(&folded);
    bytes_clear(&kept);
    return rc;
}

/* Marks that stand for a character that could not be sent, and characters that mean something on one
 * machine only. */
bool fold_is_missing(uint32_t code) {
    return code == 0x25CF || code == 0x3013 || code == 0x25A0 || code == 0x25A1 || code == 0xFFFD ||
           (code >= 0xE000 && code <= 0xF8FF);
}

bool fold_has_missing(const char *p, size_t n) {
    for (size_t i = 0; i < n;) {
        uint32_t code;
        i += next_code(p + i, n - i, &code);
        if (fold_is_missing(code)) {
            return true;
        }
    }
    return false;
}

static bool same_with_gaps(const struct bytes *a, const struct bytes *b) {
    const char *p = bytes_text(a), *q = bytes_text(b);
    size_t i = 0, k = 0, same = 0;
    while (i < a->n && k < b->n) {
        uint32_t left, right;
        i += next_code(p + i, a->n - i, &left);
        k += next_code(q + k, b->n - k, &right);
        if (left == right) {
            same++;
        } else if (!fold_is_missing(left) && !fold_is_missing(right)) {
            return false;
        }
    }
    /* Two marks alone are nobody's name. */
    return i == a->n && k == b->n && (same > 0 || a->n == 0);
}

bool fold_names_match(const char *a, size_t a_n, const char *b, size_t b_n) {
    struct bytes left = {0}, right = {0};
    bool same = fold_name(a, a_n, &left) == SHK_OK && fold_name(b, b_n, &right) == SHK_OK &&
                same_with_gaps(&left, &right);
    bytes_clear(&left);
    bytes_clear(&right);
    return same;
}
