/* What an answer to reset says of the card. */
#ifndef CARD_ATR_H
#define CARD_ATR_H

#include <stddef.h>
#include <stdint.h>

/* Whether the card has something, in its own words. */
enum atr_word { ATR_SILENT, ATR_YES, ATR_NO };

struct atr_words {
    enum atr_word extended;  /* extended Lc and Le */
    enum atr_word short_ids; /* READ by the short identifier of an EF */
};

/* From the card capabilities (ISO 7816-4) among the historical bytes. The ATR that a reader makes up for a
 * contactless card, a broken one and an empty one say nothing. */
void atr_read(const uint8_t *atr, size_t n, struct atr_words *out);

/* Equal for cards of one kind on one reader. The same card may show another ATR each time when a reader
 * puts the card's random number into it; this leaves that out where its place is known. */
uint64_t atr_kind(const uint8_t *atr, size_t n);

#endif
