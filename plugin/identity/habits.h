/* What is remembered of readers: what turned out to work with a kind of card there. In memory, for the life
 * of a session; of one thread. Bounded: what was not used for longest goes first. */
#ifndef IDENTITY_HABITS_H
#define IDENTITY_HABITS_H

#include "env.h"

/* True: known not to work on this reader with this kind of card. */
struct habit {
    bool no_extended, no_short_ids, no_short_verify, no_short_sign;
    bool extended_works; /* it has been seen */
};

enum habit_feature {
    HABIT_EXTENDED,     /* READ with extended Le */
    HABIT_SHORT_IDS,    /* READ by short EF identifier */
    HABIT_SHORT_VERIFY, /* the PIN's query by short EF identifier */
    HABIT_SHORT_SIGN,   /* the key's signature by short EF identifier */
    HABIT_FEATURES
};

/* A reader with its driver, and a kind of card on it. */
struct habit_key {
    const char *reader;                 /* borrowed */
    const struct reader_traits *traits; /* borrowed */
};

#define HABITS_MAX    32
#define HABIT_RETRIES 200 /* uses without a feature, after which it is tried once more */

struct habits;
int32_t habits_new(struct habits **out); /* SHK_E_MEMORY */
void habits_free(struct habits **habits);

/* What to do without this time. Counts as a use: a feature that has rested for HABIT_RETRIES of them is
 * given another chance, so that a card held badly once does not slow a desk for ever. What was learned
 * with another version of the driver is forgotten. Null habits remember nothing. */
struct habit habits_of(struct habits *habits, const struct habit_key *key);
/* What was seen just now. */
void habits_learn(struct habits *habits, const struct habit_key *key, enum habit_feature feature,
                  bool works);
/* Neither works nor fails for certain any more. */
void habits_doubt(struct habits *habits, const struct habit_key *key, enum habit_feature feature);

#endif
