/* What the host reads of the outbox, by the paths "outbox.…" and "outbox[n].…". */
#ifndef SESSION_OUTBOX_VALUES_H
#define SESSION_OUTBOX_VALUES_H

#include "outbox.h"
#include "session.h"

struct reading;

struct outbox_item {
    struct outbox_row row;
    size_t delivery;  /* the n of deliveries[n]; 0: not configured any more */
    char adapter[64]; /* its adapter; "" then */
    char at[20];
    char *name, *birth_date; /* of the person; null when the answer cannot be read */
    struct fault fault;      /* of the last attempt; only its code and words */
};

struct outbox_values {
    int64_t waiting, undecided, delivered;
    struct outbox_item *items;
    size_t n;
};

/* Under no lock: puts the numbers in place; the list becomes empty. False without memory. */
bool outbox_values_set(struct session *s, int64_t waiting, int64_t undecided, int64_t delivered);
void outbox_values_free(struct outbox_values **values); /* wipes */

/* "YYYY-MM-DDThh:mm:ss" in Japan. */
void outbox_time(int64_t at_s, char out[20]);

/* Under the lock; the path without "outbox.", or of the n-th item. SHK_E_PATH, SHK_E_ABSENT. */
int32_t outbox_values_read(const struct outbox_values *v, const char *path, size_t n,
                           struct reading *out);
int32_t outbox_values_read_item(const struct outbox_values *v, size_t index, const char *path,
                                size_t n, struct reading *out);

#endif
