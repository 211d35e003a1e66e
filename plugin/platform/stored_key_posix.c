#include "stored_key.h"

#include "shikaku/codes.h"

int32_t stored_key_open(const char *place, struct stored_key **out, struct bytes *der,
                        struct fault *why) {
    (void)place, (void)der;
    *out = NULL;
    return fault_set(why, SHK_E_CONFIG_VALUE, SHK_NATIVE_NONE, 0, "gateway.client_cert");
}

bool stored_key_makes_pss(const struct stored_key *key) {
    (void)key;
    return false;
}

bool stored_key_sign(struct stored_key *key, enum stored_form form, struct stored_hash hash,
                     uint8_t out[STORED_SIGNATURE_MAX], size_t *n) {
    (void)key, (void)form, (void)hash, (void)out;
    *n = 0;
    return false;
}

int32_t stored_key_take_refusal(struct stored_key *key) {
    (void)key;
    return 0;
}

void stored_key_free(struct stored_key **key) {
    *key = NULL;
}
