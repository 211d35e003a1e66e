/* The store of a session: opened at the first need of a job, kept open between jobs. For the worker. */
#ifndef SESSION_KEEP_H
#define SESSION_KEEP_H

#include "session.h"
#include "store.h"

#define KEEP_PATH_MAX 1100

/* False where nothing is to be kept: store.kind is none, no folder is known (a session without a
 * configuration file that sets none), or the machine has no database of that kind. */
bool keep_is_on(const struct session *s);
/* SHK_OK with s->store null when it is off. Faults of store_open. */
int32_t keep_open(struct session *s, struct fault *why);
/* The same, but a store that is off is SHK_E_STORE_OFF. */
int32_t keep_require(struct session *s, struct fault *why);
void keep_close(struct session *s);
/* True when a store that is open was opened with that key's value. */
bool keep_depends_on(const char *key);
/* Path of the key file. False when it is too long. */
bool keep_key_file(const struct session *s, char out[KEEP_PATH_MAX]);

#endif
