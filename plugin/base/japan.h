/* The day in Japan, whatever zone the machine is set to. */
#ifndef BASE_JAPAN_H
#define BASE_JAPAN_H

#include "env.h"

/* Days from 1970-01-01 to the day in Japan, and that day as yyyyMMdd, of seconds since 1970 UTC. */
int64_t japan_days(int64_t utc_s);
void japan_day_of(int64_t utc_s, char out[9]);
/* yyyyMMdd of the clock's now. */
void japan_day(const struct env *env, char out[9]);
/* yyyyMMddHHmmss of the clock's now. */
void japan_time(const struct env *env, char out[15]);

#endif
