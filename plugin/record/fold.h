/* Forms of texts that compare equal when people mean the same. */
#ifndef RECORD_FOLD_H
#define RECORD_FOLD_H

#include "bytes.h"

/* Width and case of letters folded, spaces and ・ dropped, long marks and hyphens one, variant characters
 * unified (邉/辺, 髙/高 …, variants.def). Appends. */
int32_t fold_name(const char *p, size_t n, struct bytes *out);
/* And hiragana to katakana, half- to full-width, small kana to large. */
int32_t fold_kana(const char *p, size_t n, struct bytes *out);
/* As these two, with variant characters and with small kana as they are. */
int32_t fold_name_letters(const char *p, size_t n, struct bytes *out);
int32_t fold_kana_letters(const char *p, size_t n, struct bytes *out);
/* 記号・番号: width folded, separators dropped. `leading_zeros` true keeps them. */
int32_t fold_number(const char *p, size_t n, bool leading_zeros, struct bytes *out);
int32_t fold_number_whole(const char *p, size_t n, struct bytes *out);
int32_t fold_number_short(const char *p, size_t n, struct bytes *out); /* without leading zeros */
/* For comparing 記号・番号: without leading zeros, and where a dash or slash stands between two digits one
 * "-" stays, for 12-3 is not 1-23. */
int32_t fold_symbol(const char *p, size_t n, struct bytes *out);
/* A mark that stands for a character that could not be sent (● 〓 ■ □ U+FFFD), or a character of a private
 * area. */
bool fold_is_missing(uint32_t code);
bool fold_has_missing(const char *p, size_t n);
/* True when the folded names are the same, such a mark of either side standing for any one character. At
 * least one character must be there on both sides. */
bool fold_names_match(const char *a, size_t a_n, const char *b, size_t b_n);

typedef int32_t fold_text(const char *p, size_t n, struct bytes *out);
/* True when the folded forms are the same; false also without memory. */
bool fold_same(fold_text *fold, const char *a, const char *b);
bool fold_same_n(fold_text *fold, const char *a, size_t a_n, const char *b, size_t b_n);
/* True for one 保険者番号 with any padding: spaces are what is sent, zeros are known to be taken for them. */
bool fold_same_insurer(const char *a, const char *b);
/* The zeros that fill up a number of six digits to eight: 2 or 0. No law has the number 00. */
size_t insurer_padding(const char *digits, size_t n);

/* 検証番号 of a number of 3 to 8 digits. */
bool check_digit_ok(const char *digits, size_t n);

#endif
