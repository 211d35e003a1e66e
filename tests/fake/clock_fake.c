#include "clock_fake.h"

void clock_fake_init(struct clock_fake *c) {
    *c = (struct clock_fake){.mono_ms = 1000, .wall_ms = INT64_C(1795341600) * 1000};
}

void clock_fake_advance(struct clock_fake *c, int64_t ms) {
    c->mono_ms += ms;
    c->wall_ms += ms;
}

static int64_t mono_ms(void *self) {
    struct clock_fake *c = self;
    int64_t now = c->mono_ms;
    clock_fake_advance(c, c->step_ms);
    return now;
}

static int64_t wall_s(void *self) {
    return ((struct clock_fake *)self)->wall_ms / 1000;
}

const struct clock_ops clock_fake_ops = {mono_ms, wall_s};
