/* Whose the digits are that were given before a card was held: with cards on several readers that cannot be
 * known, and a card that somebody else left there must not lose a try. */
#ifndef SESSION_ONE_CARD_H
#define SESSION_ONE_CARD_H

#include "session.h"
#include "spent_cards.h"

/* `lying`: the readers with a card that may be tried. With one, nothing is sent. With several each is read, which
 * needs no PIN; what proves to be another kind of card becomes `spent` when one card alone is left. SHK_OK, or
 * SHK_E_SEVERAL_CARDS: two or more may be My Number Cards. For the worker. */
int32_t one_card_settle(struct session *s, const struct reader_list *lying,
                        struct spent_cards *spent, struct fault *why);

#endif
