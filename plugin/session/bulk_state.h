/* Where a bulk run stands, in one small file without a word about a person. */
#ifndef SESSION_BULK_STATE_H
#define SESSION_BULK_STATE_H

#include "bulk.h"

#define BULK_STATE_MAX ((size_t)4096)
#define BULK_HASH_LEN  65 /* SHA-256 in hex */

struct bulk_state {
    /* What the run is of: another one of these is another run. */
    enum bulk_kind kind;
    char institution_code[11];
    char date[9]; /* that is asked for */
    char table[BULK_HASH_LEN], columns[BULK_HASH_LEN];
    uint64_t total;
    /* What is done: rows, and how much of both outputs belongs to them. */
    char finished_on[9]; /* "" before */
    uint64_t done, results_at, differences_at;
    uint64_t count[BULK_DIFFERENCES];
    /* The batch that may have been sent; batch 0: none. */
    uint64_t batch;
    char key[37];
    char reception[RECEPTION_NUMBER_MAX]; /* "" before the service has given one */
};

int32_t bulk_state_write(const struct bulk_state *state, struct bytes *out);
/* False when the bytes are not exactly what bulk_state_write makes, or contradict themselves. */
bool bulk_state_read(const uint8_t *p, size_t n, struct bulk_state *out);

#endif
