#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): tm_gmtoff */
#include <time.h>

#include "platform.h"

static int64_t mono_ms(void *self) {
    (void)self;
    struct timespec t = {0};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t wall_s(void *self) {
    (void)self;
    struct timespec t = {0};
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec;
}

const struct clock_ops platform_clock = {mono_ms, wall_s};
