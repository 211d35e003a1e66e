/* Where answers wait and what was done is remembered: one database, its keys and its upkeep. Every call
 * is one transaction; a server that went away is connected to again within the time limit. One thread at a
 * time. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "seal.h"

struct store;

struct store_settings {
    enum db_kind kind;
    struct db_settings db;
    const char *key_file;
    const char *machine; /* a name for this PC in the history; UTF-8, not a person */
    int32_t down_ms;     /* how long a server that is away is tried again */
    int32_t keep_days;   /* 0: for ever */
    int32_t lease_s;     /* a claim older than that may be taken over */
};

#define STORE_SCHEMA 2 /* the newest that this version writes */

/* Makes what is missing and brings an older schema forward. The key file is made only together with an empty
 * store: a store with content and no key is SHK_E_STORE_KEY. SHK_E_STORE_NEWER, SHK_E_STORE_KEY when the key
 * does not fit, faults of db.h. */
int32_t store_open(const struct env *env, const struct store_settings *settings, struct store **out,
                   struct fault *why);
void store_close(struct store **store); /* null is accepted */
/* 32 hexadecimal digits that name this opening; what it claims is its own. */
const char *store_owner(const struct store *store);
const struct key_ring *store_ring(const struct store *store);

struct store_report {
    int64_t schema, waiting, undecided, delivered, history, patients;
    int64_t oldest_waiting_s; /* when it was taken in; 0 none */
    int64_t purged;           /* by store_purge */
    uint32_t key;             /* number of the newest */
    size_t keys;
};
int32_t store_report(struct store *store, struct store_report *out, struct fault *why);

/* Removes what is older than keep_days: delivered and dropped deliveries, history entries from the oldest on
 * (the chain remembers where it now begins), patients not seen since. What waits is never removed. When the
 * clock stands more than a year beyond the last entry nothing is: a clock that jumps must not empty a
 * store. At most once a day unless `now`. */
int32_t store_purge(struct store *store, bool now, int64_t *purged, struct fault *why);
/* A new key, everything sealed anew in steps, the old keys taken out. May be broken off at any instant and
 * called again. `progress` may be null. */
int32_t store_rotate(struct store *store, void (*progress)(void *self, int64_t done, int64_t total),
                     void *self, struct fault *why);

#endif
