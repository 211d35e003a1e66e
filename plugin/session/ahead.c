#include "ahead.h"

#include <stdlib.h>
#include <string.h>

#include "crypto.h"
#include "env.h"

#define PAGES       (AHEAD_MAX + 1) /* and the one that is made */
#define PAGE_EVENTS 8

struct page {
    struct values values; /* of a page that was shown: those that the host saw before */
    struct event events[PAGE_EVENTS];
    size_t events_n;
};

struct ahead {
    struct page pages[PAGES];
    size_t first, n;     /* that wait; under the lock */
    struct page *making; /* of the worker; null: it writes where the host reads */
    int64_t woken_ms;
};

static void begin_page(struct ahead *a) {
    a->making = &a->pages[(a->first + a->n) % PAGES];
}

void ahead_open(struct session *s) {
    struct ahead *a = calloc(1, sizeof *a);
    if (a != NULL) {
        values_start(&a->pages[0].values);
        a->woken_ms = session_now(s) - AHEAD_WAKE_MS;
        begin_page(a);
    }
    mutex_lock(s->lock);
    s->ahead = a;
    mutex_unlock(s->lock);
}

/* Only the worker changes it. */
static struct page *page_of(const struct session *s) {
    return s->ahead != NULL ? s->ahead->making : NULL;
}

struct values *ahead_values(struct session *s) {
    struct page *page = page_of(s);
    return page != NULL ? &page->values : &s->values;
}

struct values *ahead_write(struct session *s) {
    if (page_of(s) == NULL) {
        mutex_lock(s->lock);
    }
    return ahead_values(s);
}

void ahead_written(struct session *s) {
    if (page_of(s) == NULL) {
        mutex_unlock(s->lock);
    }
}

void ahead_clear(struct session *s) {
    struct page *page = page_of(s);
    if (page != NULL) {
        values_wipe(&page->values);
    }
}

bool ahead_note(struct session *s, const struct event *event) {
    struct page *page = page_of(s);
    if (page == NULL || page->events_n == PAGE_EVENTS) {
        return false;
    }
    page->events[page->events_n++] = *event;
    return true;
}

/* Under the lock. */
static void publish(struct session *s) {
    struct ahead *a = s->ahead;
    int64_t now = session_now(s);
    a->n++;
    if (s->wake_target >= 0) {
        host_wake(s->wake_target, s->wake_message);
    }
    if (a->n >= AHEAD_MAX / 2 || now - a->woken_ms >= AHEAD_WAKE_MS) {
        a->woken_ms = now;
        condition_wake_all(s->changed);
    }
}

/* Under the lock. False: the job is cancelled before. */
static bool await_at_most(struct session *s, size_t n) {
    if (s->ahead->n > n) {
        condition_wake_all(s->changed);
    }
    while (s->ahead->n > n && !s->cancel) {
        (void)condition_wait(s->changed, s->lock, -1);
    }
    return s->ahead->n <= n;
}

/* Under the lock: the host begins the page that is made, which goes on where the host reads. */
static bool show_making(struct session *s) {
    struct ahead *a = s->ahead;
    publish(s);
    if (!await_at_most(s, 0)) {
        a->n--; /* the last one; nobody has begun it */
        return false;
    }
    a->making = NULL;
    return true;
}

bool ahead_post(struct session *s, const struct event *event) {
    /* Cancelled, nobody sees the page any more, nor this event. */
    return page_of(s) != NULL && (ahead_note(s, event) || !show_making(s));
}

bool ahead_turn(struct session *s) {
    if (page_of(s) == NULL) {
        return false;
    }
    if (!s->cancel) {
        publish(s);
        (void)await_at_most(s, AHEAD_MAX - 1);
        begin_page(s->ahead);
    }
    return true;
}

void ahead_resume(struct session *s) {
    if (s->ahead != NULL && !s->cancel) {
        begin_page(s->ahead);
    }
}

bool ahead_waits(const struct session *s) {
    return s->ahead != NULL && s->ahead->n > 0 && !s->cancel;
}

void ahead_show(struct session *s) {
    struct ahead *a = s->ahead;
    struct page *page = &a->pages[a->first];
    struct values seen = s->values;
    s->values = page->values;
    page->values = seen;
    memory_wipe(&seen, sizeof seen);
    memcpy(s->events, page->events, page->events_n * sizeof page->events[0]);
    s->events_first = 0;
    s->events_n = page->events_n;
    page->events_n = 0;
    s->person_taken = false;
    a->first = (a->first + 1) % PAGES;
    a->n--;
    if (a->n == AHEAD_MAX / 2 || a->n == 0) { /* the worker's waits end here */
        condition_wake_all(s->changed);
    }
}

void ahead_flush(struct session *s) {
    struct page *page = page_of(s);
    if (page != NULL && page->events_n > 0) {
        mutex_lock(s->lock);
        (void)show_making(s);
        mutex_unlock(s->lock);
    }
}

void ahead_close(struct session *s) {
    struct ahead *a = s->ahead;
    if (a == NULL) {
        return;
    }
    mutex_lock(s->lock);
    if (a->making != NULL && a->making->events_n > 0 && !s->cancel) {
        publish(s);
    }
    a->making = NULL;
    (void)await_at_most(s, 0);
    s->ahead = NULL;
    mutex_unlock(s->lock);
    for (size_t i = 0; i < PAGES; i++) {
        values_wipe(&a->pages[i].values);
    }
    free(a);
}
