/* Where this program runs: what decides which readers it can see. */
#ifndef PLATFORM_SEAT_H
#define PLATFORM_SEAT_H

#include <stdbool.h>
#include <stdint.h>

struct seat {
    const char *session; /* "local", "remote" (desktop), "ssh", "service"; a literal */
    int32_t bits;        /* of this process: 32 or 64 */
    bool windows;
};

void platform_seat(struct seat *out);

#endif
