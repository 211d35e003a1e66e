/* The day in Japan, whatever zone the machine is set to. */
#ifndef BASE_JAPAN_H
#define BASE_JAPAN_H

#include "env.h"

/* yyyyMMdd of the clock's now. */
void japan_day(const struct env *env, char out[9]);
/* yyyyMMddHHmmss of the clock's now. */
void japan_time(const struct env *env, char out[15]);

#endif
