#include "pcsc_dial.h"

#include <stdlib.h>

#include "bytes.h"
#include "thread.h"

#define POLL_MS 20

struct pcsc_dial {
    struct mutex *lock;
    struct pcsc_link link;
    enum pcsc_dial_what what;
    char reader[READER_NAME_MAX];
    uint32_t rv;
    bool over;   /* the thread has done its work */
    bool left;   /* nobody waits for the result: the thread clears up */
    bool orphan; /* nobody will free this: the thread does */
};

static void dial_free(struct pcsc_dial *d) {
    mutex_free(d->lock);
    free(d);
}

static struct pcsc_dial *dial_new(const struct pcsc_link *link, enum pcsc_dial_what what,
                                  const char *reader) {
    struct pcsc_dial *d = calloc(1, sizeof *d);
    if (d == NULL || (d->lock = mutex_new()) == NULL) {
        free(d);
        return NULL;
    }
    d->link = *link;
    d->what = what;
    text_copy(d->reader, sizeof d->reader, reader);
    return d;
}

/* A reset by another program before anything was asked of the card costs nothing. */
static uint32_t begin(struct pcsc_link *link) {
    uint32_t rv = pcsc_begin(link->pcsc, link->card);
    if (rv == PCSC_RESET_CARD) {
        rv = pcsc_reconnect(link->pcsc, link->card, &link->protocol);
        rv = rv == PCSC_OK ? pcsc_begin(link->pcsc, link->card) : rv;
    }
    return rv;
}

static uint32_t call(struct pcsc_dial *d) {
    struct pcsc_link *link = &d->link;
    return d->what == PCSC_DIAL_BEGIN
               ? begin(link)
               : pcsc_connect(link->pcsc, link->context, d->reader, &link->card, &link->protocol);
}

static void give_back(struct pcsc_dial *d) {
    if (d->what == PCSC_DIAL_BEGIN && d->rv == PCSC_OK) {
        (void)pcsc_end(d->link.pcsc, d->link.card, PCSC_LEAVE_CARD);
    }
    if (d->what == PCSC_DIAL_BEGIN || d->rv == PCSC_OK) {
        (void)pcsc_disconnect(d->link.pcsc, d->link.card, PCSC_LEAVE_CARD);
    }
    pcsc_release(d->link.pcsc, d->link.context);
    pcsc_close(&d->link.pcsc);
}

static void run(void *self) {
    struct pcsc_dial *d = self;
    uint32_t rv = call(d);
    mutex_lock(d->lock);
    d->rv = rv;
    bool left = d->left;
    d->over = !left;
    mutex_unlock(d->lock);
    if (!left) {
        return;
    }
    give_back(d);
    mutex_lock(d->lock);
    d->over = true;
    bool orphan = d->orphan;
    mutex_unlock(d->lock);
    if (orphan) {
        dial_free(d);
    }
}

/* True when the thread was in time after all. */
static bool leave(struct pcsc_dial *d) {
    mutex_lock(d->lock);
    bool over = d->over;
    d->left = !over;
    mutex_unlock(d->lock);
    return over;
}

uint32_t pcsc_dial_run(struct pcsc_link *link, enum pcsc_dial_what what, const char *reader,
                       int32_t ms, struct pcsc_dial **pending) {
    struct pcsc_dial *d = dial_new(link, what, reader);
    struct thread *thread = d != NULL ? thread_start(run, d) : NULL;
    if (thread == NULL) {
        if (d != NULL) {
            dial_free(d);
        }
        return PCSC_NO_MEMORY;
    }
    if (!thread_join(thread, ms > 0 ? ms : 0)) {
        if (!leave(d)) {
            thread_detach(thread);
            *pending = d;
            return PCSC_SHARING_VIOLATION;
        }
        (void)thread_join(thread, -1);
    }
    uint32_t rv = d->rv;
    *link = d->link;
    dial_free(d);
    return rv;
}

static bool is_over(struct pcsc_dial *d) {
    mutex_lock(d->lock);
    bool over = d->over;
    mutex_unlock(d->lock);
    return over;
}

bool pcsc_dial_over(struct pcsc_dial **pending, int32_t ms) {
    if (*pending == NULL) {
        return true;
    }
    while (!is_over(*pending) && ms > 0) {
        thread_sleep(POLL_MS);
        ms -= POLL_MS;
    }
    if (!is_over(*pending)) {
        return false;
    }
    dial_free(*pending);
    *pending = NULL;
    return true;
}

void pcsc_dial_abandon(struct pcsc_dial **pending) {
    struct pcsc_dial *d = *pending;
    if (d == NULL) {
        return;
    }
    mutex_lock(d->lock);
    bool over = d->over;
    d->orphan = !over;
    mutex_unlock(d->lock);
    if (over) {
        dial_free(d);
    }
    *pending = NULL;
}
