/* A server as the input says, behind a stand-in of libpq that keeps what libpq promises: lengths fit their values, a
 * value ends with a zero. Time passes only as the input says. */
#ifndef FUZZ_PQ_WORLD_H
#define FUZZ_PQ_WORLD_H

#include "fuzz.h"
#include "pq_table.h"

#define PQ_WORLD_BUSY_MS 1000

struct pq_world {
    struct fuzz_input in;
    bool lost;       /* the connection broke, or fell silent */
    bool conversing; /* connected */
    int connections; /* not finished */
    int results;     /* not cleared */
    uint64_t calls;
    int64_t late_ms; /* from then on nobody waits for an answer */
    /* Of the answer to the statement that runs. */
    bool error;
    bool committed; /* the last result says so */
};

struct pg_conn {
    int socket[2];
    int answers; /* results still to come */
};

extern struct pq_world *pq_now;
/* A call of the conversation: takes 10 ms, so that whoever goes on for ever is late some time. The input's byte. */
uint8_t pq_step(void);
/* pq_answers.c: the slots that read results. */
void pq_answers_fill(struct pq *out);
/* What the product finds as libpq from now on. One at a time. */
void pq_world_begin(struct pq_world *w, struct fuzz_input in);

#endif
