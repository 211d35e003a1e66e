/* One character of kana at a time. */
#ifndef RECORD_FOLD_KANA_H
#define RECORD_FOLD_KANA_H

#include <stdbool.h>
#include <stdint.h>

/* The full-width form of half-width katakana and its marks (U+FF61 to U+FF9F); else the same. */
uint32_t kana_to_full(uint32_t code);
/* The full-width letter with its mark, for marks of every form (゛ ゜, combining, half-width made full). 0:
 * the two do not join. */
uint32_t kana_join(uint32_t letter, uint32_t mark);
uint32_t kana_to_katakana(uint32_t code);
/* ャ to ヤ, ッ to ツ; full-width katakana only. */
uint32_t kana_to_large(uint32_t code);

#endif
