/* What is remembered of readers: what turned out to work with a kind of card there. In memory, for the life
 * of a session; of one thread. */
#ifndef IDENTITY_HABITS_H
#define IDENTITY_HABITS_H

#include "env.h"

/* True: known not to work on this reader with this kind of card. */
struct habit {
    bool no_extended, no_short_ids, no_short_sign;
};

struct habits;
int32_t habits_new(struct habits **out); /* SHK_E_MEMORY */
void habits_free(struct habits **habits);

#endif
