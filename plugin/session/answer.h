/* From an answer's bytes to what the host reads and gets delivered. */
#ifndef SESSION_ANSWER_H
#define SESSION_ANSWER_H

#include "session.h"

/* oqs_read as the configuration says. */
int32_t answer_read_oqs(const struct session *s, const uint8_t *p, size_t n,
                        struct record_set **out, struct fault *why);
void answer_oqs_options(const struct session *s, struct oqs_options *out);

/* False for an answer to another facility, day, request or person, or one that does not say to which:
 * it must never be taken for this patient's. */
bool answer_is_ours(const struct session *s, const struct question *q,
                    const struct record_set *set);
/* What came unasked names our institution, when one is configured. */
bool answer_is_for_us(const struct session *s, const struct record_set *set);

/* Takes the set over (null is accepted): from now on the host reads it. Not `usable`: only its messages
 * count, and it says nothing about the person. `source` is a literal. */
void answer_show(struct session *s, struct record_set *set, bool usable, const char *source);
/* SHK_EVENT_ANSWER and the deliveries. */
int32_t answer_tell(struct session *s, struct fault *why);
/* SHK_EVENT_FAULT, unless this one has been told of or an answer is there: what failed behind an answer
 * tells of itself. */
void answer_tell_fault(struct session *s, const struct fault *why);

/* Milliseconds since `started` into one of the values. */
void answer_note_time(struct session *s, int32_t *slot, int64_t started);

#endif
