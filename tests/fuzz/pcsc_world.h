/* The PC/SC library of tests as the input of a fuzz target says, and what the product asked of it. */
#ifndef FUZZ_PCSC_WORLD_H
#define FUZZ_PCSC_WORLD_H

#include "card_pcsc_library.h"
#include "fuzz.h"

struct pcsc_world {
    struct card_pcsc *library; /* loaded once */
    struct fuzz_input results; /* one byte for each call: 0 good */
    bool failed;               /* a call was given another result than good */
    /* What was asked. */
    int contexts; /* established and not released */
    int releases;
    int transmits; /* since the caller set it to 0 */
    int controls;
    bool card, begun; /* connected; in a transaction */
    bool powered;     /* was used in a transaction, and not powered down since */
};

/* Loads the library of that path, lays readers and cards out by the input, and asks it from now on. Where the product
 * sleeps, time passes at once, and no answer is late. */
void pcsc_world_begin(struct pcsc_world *w, const char *path, struct fuzz_input *in);

#endif
