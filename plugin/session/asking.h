/* One question to the route and its answer, by card or by the data of an insurance card. */
#ifndef SESSION_ASKING_H
#define SESSION_ASKING_H

#include "session.h"

struct asking {
    struct session *s;
    struct question question;
    struct bytes answer;
};

/* Facility, day (yyyyMMdd; null: today) and fresh numbers. */
int32_t asking_begin(struct asking *a, struct session *s, const char *day, struct fault *why);
/* A new idempotency key, and with it a new file identifier. */
int32_t asking_renumber(struct asking *a, struct fault *why);
int32_t asking_send(struct asking *a, const struct watch *watch, struct fault *why);
/* Reads the answer and makes sure that it belongs to the question; one that is still being worked on is
 * asked for again, in a row of equal requests, when the server wishes it (every 2 s) and within the
 * gateway's time limit for the whole question. The host can read what came, usable or not. */
int32_t asking_read(struct asking *a, struct fault *why);
/* answer_tell of what asking_read has read; then the route may remove the answer, unless it is kept nowhere. */
int32_t asking_tell(struct asking *a, struct fault *why);
void asking_clear(struct asking *a);

#endif
