/* Wrong PINs, over the programs of this user on this machine, as pin_guard.h has them for the sessions of one
 * program: a file for each reader in env.run_folder, of which the last moment is all that it holds. */
#ifndef SESSION_SHARED_TRIES_H
#define SESSION_SHARED_TRIES_H

#include "env.h"

/* Stands for this moment, for shared_tries_since. */
int64_t shared_tries_now(const struct env *env);
/* A try may be gone on that reader. Within the transaction in which the PIN was sent, so that whoever has the
 * card next finds it. What cannot be written is left: the transaction itself still tells most of it. */
void shared_tries_note(const struct env *env, const char *reader);
/* True when one was noted there since that moment. */
bool shared_tries_since(const struct env *env, const char *reader, int64_t since);

#endif
