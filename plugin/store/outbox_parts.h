/* Inside of the outbox: what its calls share. */
#ifndef STORE_OUTBOX_PARTS_H
#define STORE_OUTBOX_PARTS_H

#include "outbox.h"
#include "store_parts.h"

/* How claims stand in a statement. Of a delivery that nobody has: $1 is this opening, $2 the time now. A
 * lease that ends later than it was ever given for belongs to a clock that jumped; one that was only set
 * right by a little takes no claim away. What was given back keeps its owner, with a lease of 0, so that
 * giving back twice is harmless. */
#define OUTBOX_SLACK_S 10
#define OUTBOX_FREE                                                                                \
    " AND state <= 3 AND (owner = '' OR owner = $1 OR lease_until <= $2"                           \
    " OR lease_until - lease_s > $2 + 10)"

/* What every row of outbox_list is read from. */
#define OUTBOX_COLUMNS                                                                             \
    "id, answer, target, record, state, at_s, attempts, last, owner, lease_until, lease_s,"        \
    " source, note, came"
#define OUTBOX_COLUMN_N 14

/* Both are 36 characters at most and safe in a place's name. */
bool outbox_id_fits(const char *id);
int32_t outbox_read_row(struct store *store, const struct found *found, size_t at, int64_t now_s,
                        struct outbox_row *out, struct fault *why);
/* SHK_E_DELIVERY_TAKEN, or SHK_E_ABSENT for one that does not wait. */
int32_t outbox_why_not(struct store *store, const char *id, struct fault *why);
/* State and answer of a delivery; state 0 when there is none. */
int32_t outbox_look(struct store *store, const char *id, int64_t *state, bool *own,
                    char answer[ID_LEN], struct fault *why);

#endif
