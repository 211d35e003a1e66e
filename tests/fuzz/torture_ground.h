/* Where one check of the torture takes place: a folder with a configuration, the folder that documents go to and the
 * store. Nothing here may be called while calls fail. */
#ifndef FUZZ_TORTURE_GROUND_H
#define FUZZ_TORTURE_GROUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ground {
    char path[64];
};

/* "path/name"; valid until the next call. */
const char *ground_at(const struct ground *g, const char *name);
bool ground_make(struct ground *g);
void ground_remove(struct ground *g);

/* Documents in the folder. -1: one of them is not what the first one of this process was. */
int ground_documents(const struct ground *g);
/* Unfinished files; those that the product knows as its own and abandoned go with the next file that it writes there. */
int ground_leftovers(const struct ground *g);
/* Runs a statement in the store as a stranger to it. -1: it cannot be; else rows that were changed. */
int ground_change(const struct ground *g, const char *sql);
/* The number that a statement gives, -1 for none. */
int64_t ground_number(const struct ground *g, const char *sql);

/* Of this process: open descriptors and threads. */
int ground_descriptors(void);
int ground_threads(void);

#endif
