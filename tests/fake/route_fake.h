/* A service that answers for many people, kept in a folder so that it outlives the process that asks.
 * What it says of a person is what the symbol (記号) of the question says; route_fake.c has the words. */
#ifndef FAKE_ROUTE_FAKE_H
#define FAKE_ROUTE_FAKE_H

#include "lookup.h"

struct route_fake {
    char folder[128]; /* holds sent batches and the journal; "" keeps the last batch in memory */
    struct lookup_route route;
    /* How it misbehaves, each so many times. */
    int32_t pending;           /* not ready yet */
    int32_t lost;              /* a reception number that it does not know any more */
    int32_t torn;              /* a result that ends in the middle */
    int32_t foreign;           /* a result of which no unit is ours */
    int32_t unreachable;       /* no byte leaves */
    int32_t unreached;         /* the request arrives, its answer does not */
    int32_t fault;             /* what send says whatever is asked; 0 nothing */
    int32_t fetch_fault;       /* the same for fetch */
    int32_t fetch_http;        /* with this HTTP status; 0 none */
    int32_t busy;              /* too many requests, sending and fetching */
    int32_t busy_s;            /* and when to come again; 0 not said */
    int32_t wait_s;            /* told with "pending" */
    bool backwards;            /* units in the other order */
    bool stranger_first;       /* a unit of another request comes first */
    const char *bad_reception; /* the reception number that it gives; null: a good one */
    const char
        *header[2]; /* an element of the result's header and what it says; null: all are right */
    size_t filler;  /* bytes that make each entitlement longer */
    size_t piece;   /* bytes given at once; 0: 4096 */
    /* Called before (false) and after (true) the work of every call. */
    void (*hook)(void *self, bool after);
    void *hook_self;
    int32_t sends, fetches, registrations; /* calls */
    int32_t used, unused;                  /* results that were settled */
    struct card_data *people;
    size_t people_n;
    char key[37];
};

void route_fake_init(struct route_fake *fake, const char *folder);
/* Results name files of their own instead of the question's. */
void route_fake_own_names(struct route_fake *fake);
void route_fake_clear(struct route_fake *fake);
/* How often these people were taken on under a new key: lines of the journal. */
size_t route_fake_taken(const struct route_fake *fake);

#endif
