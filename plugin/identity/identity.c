#include "identity.h"

bool pin_format_ok(const struct pin *pin) {
    bool ok = pin->len == PIN_DIGITS;
    for (size_t i = 0; i < PIN_DIGITS; i++) {
        ok = ok && char_is_digit((char)pin->digits[i]);
    }
    return ok;
}

void pin_wipe(struct pin *pin) {
    memory_wipe(pin, sizeof *pin);
}

void identity_clear(struct identity *id) {
    bytes_clear(&id->certificate);
    certificate_key_free(&id->key);
    memory_wipe(id, sizeof *id);
    id->tries_left = -1;
}
