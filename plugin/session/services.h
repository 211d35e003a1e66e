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
};

/* services_file.c: fills in what adapters may do with files. */
void services_add_files(shk_services *table);

void services_init(struct services *lent, struct session *s, struct fault *why);

#endif
