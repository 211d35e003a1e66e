/* What an adapter borrows, behind a gate that can be shut.
 *
 * An adapter may hang, and is then left behind; it may also come back much later. By then the session has
 * told its host that the delivery waits, and perhaps another attempt has made it. So nothing that an
 * adapter does through the plugin may take effect once its time is over: every service passes the gate.
 *
 *   idle     no call of the adapter runs, or close does (a thread of its own may still try): only giving
 *            back, since nobody would know of what it publishes
 *   running  everything
 *   ending   its time is over: nothing new begins. A service that is at work is waited for shortly, since a
 *            file that is being published must be known; an adapter that returns now is still believed
 *   lost     left behind: everything is refused and what it held is given back. It touches no memory but
 *            its call's, which it keeps alive itself, and nothing of the session
 *
 * Staged files are not removed with a lost adapter: the next attempt tells by them that nothing was
 * published. A service that the system itself does not give back (a dead share) keeps the session alive
 * until it does; a publish that hangs so long loses against the next attempt's removal of the staged file,
 * or that attempt sees that it won.
 *
 * One service at a time; the others wait. note and digest reach the store, which belongs to the session's
 * own thread, so they run there: as errands of whoever waits for the call. */
#ifndef SESSION_ADAPTER_GUARD_H
#define SESSION_ADAPTER_GUARD_H

#include "services.h"

enum gate { GATE_IDLE, GATE_RUNNING, GATE_ENDING, GATE_LOST };

enum lent_kind { LENT_NONE, LENT_LOCK, LENT_STAGE, LENT_HTTP };

#define LENT_MAX 32

struct errand {
    enum { ERRAND_NONE, ERRAND_ASKED, ERRAND_RUNNING, ERRAND_DONE, ERRAND_REFUSED } state;
    const char *note;
    const uint8_t *p;
    uint32_t len;
    char *out; /* of a digest; null: a note */
    int32_t rc;
};

struct guard {
    struct mutex *lock; /* of all below, and of the call around it */
    struct condition *changed;
    shk_services table; /* what the adapter gets */

    enum gate gate;
    bool busy; /* a service is at work; what it uses is its own: inner, inner_why */
    struct session *session;
    struct services inner;
    struct fault inner_why;
    struct fault service_why; /* of the last service that failed in this call */
    struct fault said;        /* through `fail`, last */
    bool spoke_http;          /* the last number that it can know is a status */
    bool taken;               /* a note was refused: another machine has the delivery */
    int64_t last_ms;
    struct errand errand;
    struct {
        enum lent_kind kind;
        void *p;
    } lent[LENT_MAX];
};

/* SHK_E_MEMORY. The session is not held: the caller is a thread of it. */
int32_t guard_init(struct guard *g, struct session *s);
void guard_clear(struct guard *g);
void guard_fill(shk_services *table, const shk_services *inner);

/* Under the lock, for the session's thread. */
/* A call begins, without faults yet: running, or idle for one that only gives back. */
void guard_open(struct guard *g, bool running);
void guard_serve(struct guard *g); /* runs an errand that waits; lets go of the lock meanwhile */
void guard_idle(struct guard *g);  /* the call is back */
void guard_end(struct guard *g);   /* running becomes ending; an errand that waits is refused */
void guard_lose(struct guard *g);  /* for good; gives back what nobody is using */

/* For the wrappers. enter: false: refused. `returning`: gives something back, allowed while not lost. */
bool guard_enter(struct guard *g, bool returning);
int32_t guard_leave(struct guard *g, int32_t rc);
int32_t guard_errand(struct guard *g, const struct errand *errand); /* between enter and leave */
/* Between enter and leave. SHK_E_MEMORY when too much is lent already. */
int32_t guard_note_lent(struct guard *g, enum lent_kind kind, void *p);
/* False: not lent, or not any more. */
bool guard_take_back(struct guard *g, enum lent_kind kind, const void *p);

#endif
