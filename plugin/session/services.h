/* What an adapter may borrow, over the session's seams. */
#ifndef SESSION_SERVICES_H
#define SESSION_SERVICES_H

#include "session.h"
#include "shikaku/adapter.h"

struct services {
    shk_services table;
    struct session *session;
    struct fault *why; /* what the adapter says through `fail` */
};

void services_init(struct services *lent, struct session *s, struct fault *why);

#endif
