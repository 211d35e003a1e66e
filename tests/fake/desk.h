/* A reception desk for tests: one reader whose card can be placed, taken away, made slow or silent, in
 * front of the virtual card; and a session over it. */
#ifndef FAKE_DESK_H
#define FAKE_DESK_H

#include "card_virtual.h"
#include "http_fake.h"
#include "session.h"

struct desk {
    struct card_virtual card;
    struct mutex *lock;
    bool placed;     /* a card lies on the reader */
    bool no_service; /* the smart card service is stopped */
    int32_t readers; /* 0 or 1 */
    int32_t hang_at; /* this transmit never comes back until `free_hang`; 0: none */
    bool free_hang, hanging;
    int32_t transmits;
    struct http_fake http;
    struct env env;
};

/* profile: of a personalised virtual card. */
bool desk_init(struct desk *d, const char *profile);
void desk_clear(struct desk *d);
void desk_place(struct desk *d, bool placed);
/* A session with the demo route over `folder`, no deliveries. Set keys before the first job. */
struct session *desk_session(struct desk *d, const char *folder);

#endif
