/* Half and full width: katakana, digits, letters. Pure functions over UTF-8. */
#ifndef MAPPING_KANA_H
#define MAPPING_KANA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kana_fold {
    KANA_HALF, /* ミホン　ハナコ, みほん → ﾐﾎﾝ ﾊﾅｺ; what has no half form stays */
    KANA_FULL,   /* ﾐﾎﾝ ﾊﾞﾅｺ → ミホン　バナコ */
    KANA_DIGITS, /* １２ → 12 */
    KANA_WIDE,   /* letters, digits, signs, spaces and katakana to full width */
    KANA_NARROW, /* the way back; hiragana stays */
};

#define KANA_GROWTH 3 /* the result of n bytes needs at most 3n */

/* Writes the folded form of valid UTF-8 to out, which has room for KANA_GROWTH * n. */
size_t kana_fold(enum kana_fold fold, const char *p, size_t n, char *out);

/* Columns on a fixed-width screen: 1 for ASCII and half-width katakana, otherwise 2. Equals the
 * bytes in code page 932. */
size_t kana_columns(const char *p, size_t n);

#endif
