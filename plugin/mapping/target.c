#include "target.h"

#include "encoder.h"
#include "sandbox.h"

struct encoder *target_of(const struct sandbox *sb) {
    return sb->encoder;
}

size_t target_bytes(struct encoder *target, struct word text) {
    return target != NULL ? encoder_bytes(target, text.p, text.n) : text.n;
}

bool target_has(struct encoder *target, struct word text) {
    uint32_t code;
    return target == NULL || encoder_first_lost(target, text.p, text.n, &code) == text.n;
}
