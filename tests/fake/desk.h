/* A reception desk for tests: a reader whose card can be placed, taken away, made slow or silent, in front of the
 * virtual card; another reader with a card of another kind; and sessions over both, each with a connection of
 * its own. */
#ifndef FAKE_DESK_H
#define FAKE_DESK_H

#include "card_virtual.h"
#include "http_fake.h"
#include "session.h"

#define DESK_OTHER_READER "Other Reader"

struct desk_seat;

struct desk_other {
    bool plugged, placed; /* it stands before the first reader in the list */
    bool twin;            /* its card is the virtual card as well */
    bool exclusive;       /* another program has its card for itself */
    uint32_t moves;
    uint8_t atr[ATR_MAX];
    size_t atr_len;
    int32_t fault; /* of connecting to its card; 0: the card answers 6A82 to everything */
    uint32_t connects, transmits;
};

struct desk {
    struct card_virtual card;
    struct desk_other other;
    struct desk_seat *own_seat;     /* of `env` */
    const struct desk_seat *holder; /* at the card now */
    int32_t waiting;                /* seats that wait for it */
    uint32_t lists;                 /* how often somebody looked */
    bool unsteady;                  /* something of the other reader changes with every look */
    bool pad_hangs;                 /* nobody types on the reader's keys until `free_hang` */
    struct mutex *lock;
    bool placed;     /* a card lies on the reader */
    uint32_t moves;  /* how often one was placed or taken away */
    bool no_service; /* the smart card service is stopped */
    int32_t readers; /* 0 or 1 */
    int32_t hang_at; /* this transmit never comes back until `free_hang`; 0: none */
    bool free_hang, hanging;
    int32_t transmits;
    int32_t sessions; /* not freed yet */
    struct http_fake http;
    struct env env;
};

/* profile: of a personalised virtual card. */
bool desk_init(struct desk *d, const char *profile);
/* Ends what hangs and waits until the last session is freed. */
void desk_clear(struct desk *d);
void desk_place(struct desk *d, bool placed);
void desk_place_other(struct desk *d, bool placed);
/* Which readers are plugged in; whether the service runs. */
void desk_plug(struct desk *d, bool first, bool other);
void desk_serve(struct desk *d, bool service);
/* The transmit after the next `skip` ones hangs. */
void desk_hang(struct desk *d, int32_t skip);
void desk_await_hanging(struct desk *d);
/* The driver comes back; returns when every session that was closed meanwhile is freed. */
void desk_end_hang(struct desk *d);
/* A session with the demo route over `folder`, no deliveries. Set keys before the first job. */
struct session *desk_session(struct desk *d, const char *folder);

#endif
