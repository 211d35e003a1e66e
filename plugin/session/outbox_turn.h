/* Taking up what waits while nobody is being served. */
#ifndef SESSION_OUTBOX_TURN_H
#define SESSION_OUTBOX_TURN_H

#include "session.h"

/* Called often by a watch that waits: every outbox.retry_s, longer after failures, what waits is tried without a
 * word to anybody but SHK_EVENT_OUTBOX when something has changed. Nobody is asked anything. */
void outbox_turn(struct session *s);
/* The same once at the beginning of a job, for a moment at most; not while it goes on failing. */
void outbox_turn_first(struct session *s);

#endif
