#include "pack_new_form.h"

#include <string.h>

#include "bytes.h"
#include "text.h"

struct word_class {
    uint32_t bit;
    const char *words; /* each between bars */
};

static const struct word_class classes[] = {
    {PACK_VALUE_CODE3, "|1|2|3|9|"},
    {PACK_VALUE_CODE2, "|1|2|"},
    {PACK_VALUE_CODE26, "|2|6|"},
    {PACK_VALUE_CODE15, "|1|5|"},
    {PACK_VALUE_BENEFIT3, "|070|080|090|100|"},
    {PACK_VALUE_TENTHS, "|0|1|2|3|"},
    {PACK_VALUE_BENEFIT, "|7|8|9|10|"},
    {PACK_VALUE_PERCENT, "|0|10|20|30|"},
    {PACK_VALUE_SEX, "|男|女|未設定|不明|"},
    {PACK_VALUE_SEX_LONG, "|男性|女性|"},
    {PACK_VALUE_SEX_MF, "|M|F|"},
    {PACK_VALUE_SEX_WORD, "|male|female|unknown|other|"},
    {PACK_VALUE_SEX_NAME, "|Male|Female|"},
    {PACK_VALUE_RELATION, "|本人|家族|"},
};

static bool is_word_of(const char *words, const char *p, size_t n) {
    for (const char *at = words + 1; *at != '\0'; at += strcspn(at, "|") + 1) {
        if (strcspn(at, "|") == n && memcmp(at, p, n) == 0) {
            return true;
        }
    }
    return false;
}

static uint32_t word_bits(const char *p, size_t n) {
    uint32_t bits = 0;
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        bits |= is_word_of(classes[i].words, p, n) ? classes[i].bit : 0;
    }
    return bits;
}

static bool is_half_kana(uint32_t c) {
    return c >= 0xFF61 && c <= 0xFF9F;
}

static bool is_full_kana(uint32_t c) {
    return c >= 0x30A1 && c <= 0x30FA;
}

static bool is_kana_mark(uint32_t c) {
    return c == ' ' || c == 0x3000 || c == 0x30FB || c == 0x30FC || (c >= 0x3041 && c <= 0x309F);
}

/* Bits that begin as true of everything and lose what one character is not, and bits that gain. */
static uint32_t letter_bits(const char *p, size_t n) {
    uint32_t all = PACK_VALUE_DIGITS | PACK_VALUE_ASCII | PACK_VALUE_WIDE | PACK_VALUE_KANA,
             some = 0;
    for (size_t i = 0, len; i < n; i += len) {
        uint32_t c = 0;
        len = utf8_decode(p + i, n - i, &c);
        len = len > 0 ? len : 1;
        bool half = is_half_kana(c), full = is_full_kana(c);
        all &= c >= '0' && c <= '9' ? ~0u : ~(uint32_t)PACK_VALUE_DIGITS;
        all &= c < 0x80 ? ~(uint32_t)PACK_VALUE_WIDE : ~(uint32_t)PACK_VALUE_ASCII;
        all &= half ? ~(uint32_t)PACK_VALUE_WIDE : ~0u;
        all &= half || full || is_kana_mark(c) ? ~0u : ~(uint32_t)PACK_VALUE_KANA;
        some |= half ? PACK_VALUE_HALF_KANA : 0;
        some |= full ? PACK_VALUE_FULL_KANA : 0;
        some |= c >= 0xFF01 && c <= 0xFF5E ? PACK_VALUE_WIDE_SIGN : 0;
    }
    return all | some;
}

static size_t leading_spaces(const char *p, size_t n) {
    size_t at = 0;
    while (at < n && p[at] == ' ') {
        at++;
    }
    return at;
}

static bool are_digits(const char *p, size_t n) {
    size_t at = 0;
    while (at < n && char_is_digit(p[at])) {
        at++;
    }
    return at == n && n > 0;
}

static uint32_t number_bits(const char *p, size_t n) {
    uint32_t bits = 0;
    if (n == 8 && p[3] == '-' && are_digits(p, 3) && are_digits(p + 4, 4)) {
        bits |= PACK_VALUE_POSTAL_HYPHEN;
    }
    if (are_digits(p, n)) {
        bits |= n == 7 ? PACK_VALUE_POSTAL7 : 0;
        bits |= n == 6 ? PACK_VALUE_LENGTH6 : 0;
        bits |= n == 8 ? PACK_VALUE_LENGTH8 : 0;
        bits |= n == 2 ? PACK_VALUE_LENGTH2 : 0;
        bits |= n == 8 && p[0] == '0' && p[1] == '0' ? PACK_VALUE_ZEROS : 0;
    }
    size_t spaces = leading_spaces(p, n);
    if (spaces > 0 && n == 8 && are_digits(p + spaces, n - spaces)) {
        bits |= PACK_VALUE_SPACES;
    }
    return bits;
}

static void trim(const char **p, size_t *n) {
    while (*n > 0 && char_is_space((*p)[0])) {
        (*p)++;
        (*n)--;
    }
    while (*n > 0 && char_is_space((*p)[*n - 1])) {
        (*n)--;
    }
}

void pack_form_see(struct pack_form *form, const char *p, size_t n, size_t bytes) {
    uint32_t bits = number_bits(p, n);
    trim(&p, &n);
    if (n == 0) {
        return;
    }
    bits |= letter_bits(p, n) | word_bits(p, n);
    form->all = form->n == 0 ? bits : form->all & bits;
    form->some |= bits;
    form->n++;
    form->longest = bytes > form->longest ? bytes : form->longest;
    pack_dates_see(&form->dates, p, n);
}

bool pack_form_all(const struct pack_form *form, uint32_t bit) {
    return form->n > 0 && (form->all & bit) == bit;
}

bool pack_form_some(const struct pack_form *form, uint32_t bit) {
    return (form->some & bit) != 0;
}
