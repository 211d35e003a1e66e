/* What the values of one column look like. Only their form is kept, never a value. */
#ifndef MAPPING_PACK_NEW_FORM_H
#define MAPPING_PACK_NEW_FORM_H

#include "pack_new_date.h"

/* What a value can be; a column keeps what all its values are and what some are. */
enum pack_value_bit {
    PACK_VALUE_DIGITS = 1 << 0,
    PACK_VALUE_ASCII = 1 << 1,
    PACK_VALUE_WIDE = 1 << 2,      /* no ASCII and no half-width kana */
    PACK_VALUE_WIDE_SIGN = 1 << 3, /* has full-width letters, digits or signs */
    PACK_VALUE_HALF_KANA = 1 << 4, /* has some */
    PACK_VALUE_FULL_KANA = 1 << 5, /* has some katakana */
    PACK_VALUE_KANA = 1 << 6,      /* kana, spaces and marks alone */
    PACK_VALUE_POSTAL7 = 1 << 7,
    PACK_VALUE_POSTAL_HYPHEN = 1 << 8,
    PACK_VALUE_LENGTH6 = 1 << 9, /* digits */
    PACK_VALUE_LENGTH8 = 1 << 10,
    PACK_VALUE_ZEROS = 1 << 11,  /* eight digits that begin with 00 */
    PACK_VALUE_SPACES = 1 << 12, /* digits filled up to eight places with spaces */
    PACK_VALUE_LENGTH2 = 1 << 13,
    PACK_VALUE_CODE3 = 1 << 14,    /* 1 2 3 9 */
    PACK_VALUE_CODE2 = 1 << 15,    /* 1 2 */
    PACK_VALUE_CODE26 = 1 << 16,   /* 2 6 */
    PACK_VALUE_CODE15 = 1 << 26,   /* 1 5 */
    PACK_VALUE_BENEFIT3 = 1 << 27, /* 070 080 090 100 */
    PACK_VALUE_TENTHS = 1 << 17,   /* 0 1 2 3 */
    PACK_VALUE_BENEFIT = 1 << 18,  /* 7 8 9 10 */
    PACK_VALUE_PERCENT = 1 << 19,  /* 0 10 20 30 */
    PACK_VALUE_SEX = 1 << 20,      /* 男 女 */
    PACK_VALUE_SEX_LONG = 1 << 21, /* 男性 女性 */
    PACK_VALUE_SEX_MF = 1 << 22,   /* M F */
    PACK_VALUE_SEX_WORD = 1 << 23, /* male female */
    PACK_VALUE_SEX_NAME = 1 << 24, /* Male Female */
    PACK_VALUE_RELATION = 1 << 25, /* 本人 家族 */
};

/* All zero: no value was seen. */
struct pack_form {
    size_t n;       /* values that are not blank */
    size_t longest; /* bytes, in the sample's encoding */
    uint32_t all, some;
    struct pack_dates dates;
};

/* Valid UTF-8; `bytes` is the value's length in the sample's encoding. Blank ones say nothing. */
void pack_form_see(struct pack_form *form, const char *p, size_t n, size_t bytes);
bool pack_form_all(const struct pack_form *form, uint32_t bit);
bool pack_form_some(const struct pack_form *form, uint32_t bit);

#endif
