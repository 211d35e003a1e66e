/* One check on one reader, laid out by the input of a fuzz target: card, reader, rules and what is asked. */
#ifndef FUZZ_CARD_WORLD_H
#define FUZZ_CARD_WORLD_H

#include "card_answers.h"
#include "card_watch.h"
#include "habits.h"
#include "identity.h"

#define CARD_WORLD_NOW_S INT64_C(1800000000) /* within the dates of tests/fuzz/card */

/* The card: one of tests/fuzz/card, or what the input says. */
enum { CARD_RSA, CARD_P384, CARD_PHONE, CARD_INPUT, CARDS };

/* One check on one reader. */
struct card_world {
    struct card_answers answers;
    struct card_watch watch;
    struct env env;
    struct identity_rules rules;
    struct habits *habits;
    struct fuzz_input steps; /* what the program in front of the card asks for */
    bool calm;               /* a good card without a mishap */
};

/* Eats the layout from the input: card, rules, reader, steps, and what goes wrong or is answered. */
void card_world_begin(struct card_world *w, struct fuzz_input *in, uint32_t which);

#endif
