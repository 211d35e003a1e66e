#include "seal.h"

#include <string.h>

#include "key_ring.h"

#define VERSION   1
#define NONCE_AT  5u
#define SEALED_AT (NONCE_AT + AEAD_NONCE)
#define OVERHEAD  (SEALED_AT + AEAD_TAG)

static const uint8_t nothing[1] = {0};

int32_t seal(const struct key_ring *ring, const char *place, const uint8_t *p, size_t n,
             struct bytes *out, struct fault *why) {
    const struct ring_key *key = ring_keys_find(ring->keys, ring->active);
    if (key == NULL || n > INT32_MAX) {
        return fault_raise(why, key == NULL ? SHK_E_STORE_KEY : SHK_E_ARGUMENT);
    }
    if (bytes_reserve(out, out->n + OVERHEAD + n) != SHK_OK) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    uint8_t *at = out->p + out->n;
    at[0] = VERSION;
    for (unsigned i = 0; i < 4; i++) {
        at[1 + i] = (uint8_t)(key->number >> (24 - 8 * i));
    }
    int32_t rc = random_fill(at + NONCE_AT, AEAD_NONCE);
    if (rc == SHK_OK) {
        rc = aead_seal(key->key, at + NONCE_AT, (const uint8_t *)place, strlen(place),
                       n > 0 ? p : nothing, n, at + SEALED_AT, at + SEALED_AT + n);
    }
    if (rc != SHK_OK) {
        return fault_raise(why, rc);
    }
    out->n += OVERHEAD + n;
    out->p[out->n] = 0;
    return SHK_OK;
}

uint32_t sealed_by(const uint8_t *p, size_t n) {
    if (n < OVERHEAD || p[0] != VERSION) {
        return 0;
    }
    return (uint32_t)p[1] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 8 | p[4];
}

int32_t unseal(const struct key_ring *ring, const char *place, const uint8_t *p, size_t n,
               struct bytes *out, struct fault *why) {
    uint32_t number = sealed_by(p, n);
    const struct ring_key *key = number != 0 ? ring_keys_find(ring->keys, number) : NULL;
    if (key == NULL) {
        return fault_raise(why, SHK_E_STORE_SEALED);
    }
    size_t plain = n - OVERHEAD;
    if (bytes_reserve(out, out->n + plain) != SHK_OK) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    int32_t rc = aead_open(key->key, p + NONCE_AT, (const uint8_t *)place, strlen(place),
                           p + SEALED_AT, plain, p + SEALED_AT + plain, out->p + out->n);
    if (rc != SHK_OK) {
        out->p[out->n] = 0;
        return fault_raise(why, rc);
    }
    out->n += plain;
    out->p[out->n] = 0;
    return SHK_OK;
}

int32_t seal_tag(const struct key_ring *ring, const char *purpose, const uint8_t *p, size_t n,
                 char out[TAG_LEN]) {
    struct bytes text = {0};
    uint8_t digest[32];
    out[0] = '\0';
    /* The terminator parts purpose and value. */
    int32_t rc = bytes_append(&text, purpose, strlen(purpose) + 1);
    rc = rc == SHK_OK && n > 0 ? bytes_append(&text, p, n) : rc;
    rc = rc == SHK_OK ? hmac_sha256(ring->keys->tag, CHAIN_KEY, text.p, text.n, digest) : rc;
    bytes_clear(&text);
    if (rc == SHK_OK) {
        hex_encode(digest, (TAG_LEN - 1) / 2, out);
        memory_wipe(digest, sizeof digest);
    }
    return rc;
}

int32_t seal_link(const struct key_ring *ring, const uint8_t *p, size_t n, uint8_t out[32]) {
    return hmac_sha256(ring->keys->chain, CHAIN_KEY, p, n, out);
}
