/* Mapping one record of an answer with the script or the pack of a delivery. */
#ifndef SESSION_DELIVERY_MAP_H
#define SESSION_DELIVERY_MAP_H

#include "pack.h"
#include "parcel.h"
#include "session.h"

/* Fills the document and what it was made with; the names of script and pack also when it fails. */
int32_t delivery_map(struct session *s, size_t n, const struct record_set *set, size_t record,
                     struct parcel *out, struct fault *why);

/* What the session must know of a delivery's script before a record is mapped; asked for once a job. Borrowed
 * until delivery_facts_forget. */
const struct delivery_facts *delivery_facts(struct session *s, size_t n);
void delivery_facts_forget(struct session *s);
/* Of all deliveries, before anybody waits for an answer. */
void delivery_facts_ask(struct session *s);

/* Says which pack a document is made with. */
void delivery_name_pack(struct parcel *out, const struct pack *pack, bool is_signed);

#endif
