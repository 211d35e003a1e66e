/* A map job asks nobody and delivers nothing, so its worker goes on while the host still looks at an earlier person:
 * two threads that wait for each other at every person take longer than the work between them. What is known of each
 * later person waits as a page with its values and its events; the host sees them as if they were made only then. */
#ifndef SESSION_AHEAD_H
#define SESSION_AHEAD_H

#include "session.h"

#define AHEAD_MAX 32 /* pages that wait */
#define AHEAD_WAKE_MS                                                                              \
    10 /* a host that sleeps is woken for half of them, or when the last wake is so old */
#define AHEAD_LOOK_MS 20 /* so often it looks by itself, for those that it was not woken for */

/* For the worker. Without memory the job does the same, one person at a time. */
void ahead_open(struct session *s);
/* Waits until the host has begun the last person; a cancelled job drops those that it has not. */
void ahead_close(struct session *s);
/* What follows keeps the worker waiting: the host is to see what there is, so it is waited for. */
void ahead_flush(struct session *s);
/* Where the worker puts what it finds: a page of its own, or what the host reads. */
struct values *ahead_values(struct session *s);
/* The same while they are changed: under the lock unless it is a page, which nobody else sees. */
struct values *ahead_write(struct session *s);
void ahead_written(struct session *s);
/* Without the lock, of a page that begins: what the host has seen before goes. What the worker has allocated the worker
 * frees, as two threads at one heap wait for each other. */
void ahead_clear(struct session *s);
/* Without the lock: true when the event has its place on the page. */
bool ahead_note(struct session *s, const struct event *event);

/* The rest under the lock. */
/* False: the event belongs to what the host reads. Waits for that when the page is full. */
bool ahead_post(struct session *s, const struct event *event);
/* The page is finished and another one begins. False: the host reads where the worker writes. */
bool ahead_turn(struct session *s);
/* After a person was shown without a page: the next one has one. */
void ahead_resume(struct session *s);
/* A person for the host; after a cancel none is begun. */
bool ahead_waits(const struct session *s);
/* For the host's thread, when it has taken all events of a person: shows the next one. */
void ahead_show(struct session *s);

#endif
