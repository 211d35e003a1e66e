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

static int32_t zone_s(void *self, int64_t at) {
    (void)self;
    uint64_t ticks = (uint64_t)((at + EPOCH_S) * TICKS_PER_S);
    FILETIME t = {.dwLowDateTime = (DWORD)ticks, .dwHighDateTime = (DWORD)(ticks >> 32)};
    SYSTEMTIME utc, local;
    if (!FileTimeToSystemTime(&t, &utc) || !SystemTimeToTzSpecificLocalTime(NULL, &utc, &local) ||
        !SystemTimeToFileTime(&local, &t)) {
        return 0;
    }
    return (int32_t)(seconds_of(t) - at);
}

const struct clock_ops platform_clock = {mono_ms, wall_s, zone_s};
