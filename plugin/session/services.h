/* What an adapter may borrow, over the session's seams. */
#ifndef SESSION_SERVICES_H
#define SESSION_SERVICES_H

#include "session.h"
#include "shikaku/adapter.h"

struct services {
    shk_services table;
    struct session *session;
    struct fault *why; /* what the adapter says through `fail` */
    /* Where `note` goes; null: accepted and forgotten. */
    int32_t (*note)(void *self, const char *note, struct fault *why);
    void *note_self;
    /* Of the store, keyed with its secret; null: SHA-256 of the bytes alone. Set by whoever lends. */
    int32_t (*digest)(void *digest_self, const uint8_t *p, size_t n, char out[33]);
    void *digest_self;
};

/* services_file.c: fills in what adapters may do with files. */
void services_add_files(shk_services *table);

void services_init(struct services *lent, struct session *s, struct fault *why);

/* A terminated copy that `release` wipes and frees, or null. */
uint8_t *services_lend(const void *p, size_t n);
/* Fill their slots of the table: services_http.c, services_library.c. */
void services_lend_http(shk_services *table);
void services_lend_library(shk_services *table);

#endif
