/* Handles: slot and generation, so that a stale number is a code and never a crash. */
#ifndef SESSION_HANDLES_H
#define SESSION_HANDLES_H

#include "session.h"

#define SESSIONS_MAX 1024

/* 0 when every slot is taken. The table takes over the caller's reference. */
int32_t handle_add(struct session *s);
/* With a reference for the caller, who calls session_drop; null for a stale or invented number. */
struct session *handle_hold(int32_t handle);
/* Takes it out of the table; the reference goes to the caller. Null as above. */
struct session *handle_remove(int32_t handle);

#endif
