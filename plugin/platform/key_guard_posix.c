#include "crypto.h"

int32_t key_guard(const uint8_t *p, size_t n, struct bytes *out) {
    return bytes_append(out, p, n);
}

int32_t key_unguard(const uint8_t *p, size_t n, struct bytes *out) {
    return bytes_append(out, p, n);
}
