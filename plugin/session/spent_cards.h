/* Cards that had their check and still lie on their readers: not to be checked twice, and no obstacle for a
 * card on another reader. */
#ifndef SESSION_SPENT_CARDS_H
#define SESSION_SPENT_CARDS_H

#include "env.h"

struct spent_cards {
    struct {
        char reader[READER_NAME_MAX];
        uint32_t count;
        bool hangs;
    } at[READER_LIST_MAX];
    size_t n;
};

bool spent_cards_has(const struct spent_cards *spent, const char *reader);
void spent_cards_add(struct spent_cards *spent, const struct reader_state *reader);
/* The card gave no answer in time: it is not tried again, not even after an outage, before it is taken away. */
void spent_cards_hangs(struct spent_cards *spent, const char *reader);
/* True when a card that had its check is not there any more: taken away, or another one in its place. */
bool spent_cards_forget_removed(struct spent_cards *spent, const struct reader_list *seen);
/* The service was away: what lies there afterwards may be anybody's card. */
void spent_cards_outage(struct spent_cards *spent);

#endif
