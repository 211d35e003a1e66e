#include <windows.h>

#include "platform.h"

#define TICKS_PER_S INT64_C(10000000)
#define EPOCH_S     INT64_C(11644473600) /* 1601-01-01 to 1970-01-01 */

static int64_t seconds_of(FILETIME t) {
    uint64_t ticks = (uint64_t)t.dwHighDateTime << 32 | t.dwLowDateTime;
    return (int64_t)(ticks / (uint64_t)TICKS_PER_S) - EPOCH_S;
}

static int64_t mono_ms(void *self) {
    (void)self;
    return (int64_t)GetTickCount64();
}

static int64_t wall_s(void *self) {
    (void)self;
    FILETIME t;
    GetSystemTimeAsFileTime(&t);
    return seconds_of(t);
}

const struct clock_ops platform_clock = {mono_ms, wall_s};
