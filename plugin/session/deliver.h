/* Between deliver.c and the job that maps without delivering. */
#ifndef SESSION_DELIVER_H
#define SESSION_DELIVER_H

#include "pack.h"
#include "session.h"

/* Says which pack a document is made with. */
void deliver_name_pack(struct delivered *made, const struct pack *pack, bool is_signed);
/* Takes one document over, with `rc` and its fault, for the host to read, and tells of it. Returns rc; the first fault
 * stays in *why. */
int32_t deliver_tell(struct session *s, struct delivered *made, int32_t rc, struct fault *why);
/* job_map.c: every record of the answer, for deliver_all. */
int32_t job_map_all(struct session *s, struct fault *why);

#endif
