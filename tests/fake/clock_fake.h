/* A clock that stands still until someone moves it. */
#ifndef FAKE_CLOCK_FAKE_H
#define FAKE_CLOCK_FAKE_H

#include "env.h"

struct clock_fake {
    int64_t mono_ms, wall_ms;
    int64_t step_ms; /* moves on by this at every look at mono_ms */
};

extern const struct clock_ops clock_fake_ops; /* self: struct clock_fake */

/* 2026-11-22T10:00:00Z. */
void clock_fake_init(struct clock_fake *c);
void clock_fake_advance(struct clock_fake *c, int64_t ms);

#endif
