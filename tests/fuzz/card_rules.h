/* Which commands the product may send at all, by who sends them. Written from the card's documentation, not from the
 * product's lists. */
#ifndef FUZZ_CARD_RULES_H
#define FUZZ_CARD_RULES_H

#include "card_watch.h"

/* Ends with fuzz_must for one that may not be; else takes note of the file that it names. */
void card_rules_check(struct card_watch *w, const uint8_t *tx, size_t n);

#endif
