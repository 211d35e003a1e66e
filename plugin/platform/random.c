#include "crypto.h"
#include "platform.h"

static int32_t fill(void *self, uint8_t *p, size_t n) {
    (void)self;
    return random_fill(p, n);
}

const struct random_ops platform_random = {fill};
