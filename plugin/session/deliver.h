/* An answer's deliveries, one after the other, and telling the host of each. */
#ifndef SESSION_DELIVER_H
#define SESSION_DELIVER_H

#include "delivery.h"

/* Plans what the answer is due to and, where there is a store, takes both in before the host sees the answer. Faults
 * of the store: the answer must not be shown then. For the worker, as the rest. */
int32_t deliver_take(struct session *s, struct fault *why);
/* job_map.c: every record of the answer, for deliver_all. */
int32_t job_map_all(struct session *s, struct fault *why);
/* One delivery that lies in the outbox, for the host to read and with telling. */
int32_t deliver_row(struct session *s, const struct outbox_row *row, const struct record_set *set,
                    bool may_ask, struct fault *why);

/* Takes one document over, with `rc` and its fault, for the host to read, and tells of it. Returns rc; the first fault
 * stays in *why. */
int32_t deliver_tell(struct session *s, struct delivered *made, int32_t rc, struct fault *why);
void deliver_forget(struct session *s);

#endif
