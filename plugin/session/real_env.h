/* The seams filled with the machine itself. */
#ifndef SESSION_REAL_ENV_H
#define SESSION_REAL_ENV_H

#include "session.h"

void real_env_init(struct env *env);
/* Makes the card transport from "pcsc_library" before the first job, anew when that was changed, and frees it at
 * the end. */
extern const struct env_life real_env_life;

#endif
