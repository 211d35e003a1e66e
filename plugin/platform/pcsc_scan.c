#include <string.h>

#include "bytes.h"
#include "pcsc_parts.h"
#include "thread.h"

#define POLL_MS       500 /* without notification of new readers */
#define SETTLE_MS     20  /* after a change that was none for us */
#define SETTLE_MAX_MS 160 /* after many of them */

/* Services of the 1.9 line of pcsc-lite take no more readers in one call than there can be: a full list leaves no room
 * for the one that stands for new ones. */
static bool has_notice(const struct transport *t) {
    return !t->no_pnp && t->last.n < READER_LIST_MAX;
}

/* The readers of t->last, and at the end the one that stands for new readers. */
static size_t watch_all(const struct transport *t, const uint32_t *events, struct pcsc_watch *at) {
    size_t n = t->last.n;
    memset(at, 0, (READER_LIST_MAX + 1) * sizeof *at);
    for (size_t i = 0; i < n; i++) {
        at[i].name = t->last.at[i].name;
        at[i].current = events != NULL ? events[i] : PCSC_STATE_UNAWARE;
    }
    if (has_notice(t)) {
        at[n].name = PCSC_PNP;
        at[n++].current = t->pnp;
    }
    return n;
}

static void take_states(struct transport *t, const struct pcsc_watch *at, size_t n) {
    for (size_t i = 0; i < t->last.n; i++) {
        struct reader_state *r = &t->last.at[i];
        t->events[i] = at[i].event & ~PCSC_STATE_CHANGED;
        r->card_present = (at[i].event & PCSC_STATE_PRESENT) != 0;
        r->in_use = (at[i].event & PCSC_STATE_IN_USE) != 0;
        r->exclusive = (at[i].event & PCSC_STATE_EXCLUSIVE) != 0;
        r->mute = (at[i].event & PCSC_STATE_MUTE) != 0;
        r->count = at[i].event >> 16;
        r->atr_len = r->card_present ? at[i].atr_len : 0;
        memcpy(r->atr, at[i].atr, r->atr_len);
    }
    if (n > t->last.n) {
        t->pnp = at[n - 1].event & ~PCSC_STATE_CHANGED;
    }
}

static uint32_t watch(struct transport *t, int32_t ms, struct pcsc_watch *at, size_t n) {
    if (n == 0) {
        return PCSC_OK;
    }
    uint32_t rv = pcsc_line_watch(t->line, ms, at, n, ms + pcsc_service_ms(t));
    return pcsc_check(t, rv, "", SHK_E_NO_SERVICE);
}

static uint32_t scan(struct transport *t) {
    struct pcsc_watch at[READER_LIST_MAX + 1];
    bool empty = t->empty;
    t->empty = false;
    uint32_t rv = pcsc_line_readers(t->line, &t->last, pcsc_service_ms(t));
    rv = pcsc_check(t, rv, "", SHK_E_NO_SERVICE);
    if (rv != PCSC_OK && rv != PCSC_NO_READERS) {
        return rv;
    }
    if (empty && t->last.n == 0) {
        t->empty = true;
        return PCSC_OK; /* pcsc-lite spins for a millisecond before it says of nothing that nothing changed */
    }
    size_t n = watch_all(t, NULL, at);
    rv = watch(t, 0, at, n);
    if (rv == PCSC_UNKNOWN_READER && has_notice(t)) {
        t->no_pnp = true;
        n = watch_all(t, NULL, at);
        rv = watch(t, 0, at, n);
    }
    if (rv == PCSC_OK) {
        take_states(t, at, n);
    }
    rv = rv == PCSC_TIMEOUT ? PCSC_OK : rv;
    t->empty = rv == PCSC_OK && t->last.n == 0;
    return rv;
}

/* Here a call that is late is the service's fault: no card was asked. */
static int32_t fault_of(struct fault *why, uint32_t rv, const char *where) {
    return pcsc_fault(why, rv == PCSC_LATE ? SHK_E_NO_SERVICE : pcsc_meaning(rv), rv, where);
}

/* A lost context is made anew once; a reader that went away between two calls is looked for again. */
static int32_t scan_again(struct transport *t, struct fault *why) {
    uint32_t rv = PCSC_OK;
    for (int tries = 0; tries < 3; tries++) {
        int32_t rc = pcsc_ready(t, why);
        if (rc != SHK_OK) {
            return rc;
        }
        rv = scan(t);
        if (rv == PCSC_OK) {
            return SHK_OK;
        }
        if (pcsc_service_gone(rv) || rv == PCSC_COMM_ERROR) {
            pcsc_drop_context(t);
        } else if (rv != PCSC_UNKNOWN_READER && rv != PCSC_READER_UNAVAILABLE) {
            break;
        }
    }
    return fault_of(why, rv, "SCardListReaders");
}

int32_t pcsc_list(void *self, struct reader_list *out, struct fault *why) {
    struct transport *t = self;
    memset(out, 0, sizeof *out);
    int32_t rc = scan_again(t, why);
    if (rc == SHK_OK) {
        *out = t->last;
    }
    return rc;
}

static bool same_look(const struct reader_list *a, const struct reader_list *b) {
    bool same = a->n == b->n;
    for (size_t i = 0; same && i < a->n; i++) {
        const struct reader_state *x = &a->at[i], *y = &b->at[i];
        same = text_equal(x->name, y->name) && x->card_present == y->card_present &&
               x->atr_len == y->atr_len && memcmp(x->atr, y->atr, x->atr_len) == 0;
    }
    return same;
}

/* Refreshes; true when there is something to tell. A card that was changed for another between two
 * looks is told as a removal first: the next wait finds the new one. */
static bool refresh(struct transport *t, struct reader_list *seen, int32_t *rc, struct fault *why) {
    uint32_t before[READER_LIST_MAX];
    bool comparable = same_look(&t->last, seen), swapped = false;
    memcpy(before, t->events, sizeof before);
    *rc = scan_again(t, why);
    if (*rc != SHK_OK) {
        return true;
    }
    bool same = same_look(&t->last, seen);
    *seen = t->last;
    for (size_t i = 0; same && comparable && i < seen->n; i++) {
        if (seen->at[i].card_present && ((before[i] ^ t->events[i]) & ~PCSC_STATE_FLAGS) != 0) {
            seen->at[i].card_present = false;
            seen->at[i].atr_len = 0;
            swapped = true;
        }
    }
    return !same || swapped;
}

/* A change that is none for us must not make the caller spin: each in a row costs more. */
static void settle(struct transport *t) {
    t->settle_ms = t->settle_ms == 0 ? SETTLE_MS : t->settle_ms * 2;
    t->settle_ms = t->settle_ms < SETTLE_MAX_MS ? t->settle_ms : SETTLE_MAX_MS;
    thread_sleep(t->settle_ms);
}

/* *quiet: the service says that all is as t->last has it. */
static int32_t sleep_until_change(struct transport *t, int32_t ms, bool *quiet, struct fault *why) {
    struct pcsc_watch at[READER_LIST_MAX + 1];
    size_t n = watch_all(t, t->events, at);
    *quiet = false;
    if (n == 0) {
        thread_sleep(ms);
        return SHK_OK;
    }
    uint32_t rv = watch(t, ms, at, n);
    *quiet = rv == PCSC_TIMEOUT && has_notice(t);
    if (rv == PCSC_TIMEOUT) {
        t->settle_ms = 0;
        return SHK_OK;
    }
    if (rv == PCSC_LATE) {
        return fault_of(why, rv, "SCardGetStatusChange");
    }
    settle(t);
    if (pcsc_service_gone(rv) || rv == PCSC_COMM_ERROR) {
        pcsc_drop_context(t);
    } else if (rv != PCSC_OK && pcsc_meaning(rv) != SHK_E_NO_READER) {
        return fault_of(why, rv, "SCardGetStatusChange");
    }
    return SHK_OK;
}

int32_t pcsc_wait_change(void *self, struct reader_list *seen, int32_t ms, struct fault *why) {
    struct transport *t = self;
    int32_t rc = SHK_OK;
    bool quiet = false; /* then another look would cost more and bring nothing */
    while (quiet || !refresh(t, seen, &rc, why)) {
        if (ms <= 0) {
            return SHK_E_TIMEOUT;
        }
        int32_t slice = !has_notice(t) && ms > POLL_MS ? POLL_MS : ms;
        rc = sleep_until_change(t, slice, &quiet, why);
        if (rc != SHK_OK) {
            return rc;
        }
        ms -= slice;
    }
    t->settle_ms = 0;
    return rc;
}
