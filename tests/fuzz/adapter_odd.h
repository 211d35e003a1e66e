/* A host adapter whose every call does what an input says: other codes, texts without an end, patients that are none,
 * services called with what was never lent, or late, from a thread of its own. */
#ifndef FUZZ_ADAPTER_ODD_H
#define FUZZ_ADAPTER_ODD_H

#include "fuzz.h"
#include "shikaku/adapter.h"

#define ODD_IDS_MAX 32

struct odd {
    struct fuzz_input in;
    const char *folder; /* for files; what is written lies in it */
    bool good;          /* does all that it should from now on */
    struct {
        char id[40];
        int32_t tried, taken; /* taken: deliver gave 0 */
    } ids[ODD_IDS_MAX];
    size_t ids_n;
    int32_t opened, closed; /* handles */
};

/* The adapter's code has no other way to it. */
extern struct odd odd;

/* A table as the input says it; the same address for every input. */
const shk_adapter *odd_table(void);
/* Waits until the threads that the adapter started have ended. */
void odd_end(void);

#endif
