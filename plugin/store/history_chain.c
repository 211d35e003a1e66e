#include <string.h>

#include "store_parts.h"

#define END_LEN (8u + 32u + 32u) /* number, hash, digest of both */

static int32_t append_number(struct bytes *out, int64_t number) {
    uint8_t p[8];
    for (unsigned i = 0; i < 8; i++) {
        p[i] = (uint8_t)((uint64_t)number >> (56 - 8 * i));
    }
    return bytes_append(out, p, sizeof p);
}

static int64_t read_number(const uint8_t *p) {
    uint64_t number = 0;
    for (unsigned i = 0; i < 8; i++) {
        number = number << 8 | p[i];
    }
    return (int64_t)number;
}

static int32_t append_text(struct bytes *out, const char *text) {
    return bytes_append(out, text, strlen(text) + 1);
}

/* A digest of our own: without the key nobody makes an end fit a chain that was cut. */
static int32_t digest_end(const struct store *store, const char *name, const uint8_t *p,
                          uint8_t out[32]) {
    struct bytes text = {0};
    int32_t rc = append_text(&text, "end");
    rc = rc == SHK_OK ? append_text(&text, name) : rc;
    rc = rc == SHK_OK ? bytes_append(&text, p, 40) : rc;
    rc = rc == SHK_OK ? seal_link(store->ring, text.p, text.n, out) : rc;
    bytes_clear(&text);
    return rc;
}

int32_t chain_read(struct store *store, const char *name, bool lock, struct chain_end *out,
                   struct fault *why) {
    struct bytes end = {0};
    uint8_t digest[32];
    *out = (struct chain_end){0};
    int32_t rc = store_meta(store, name, lock ? " FOR UPDATE" : "", &end, why);
    bool fits = rc == SHK_OK && end.n == END_LEN;
    if (fits) {
        rc = digest_end(store, name, end.p, digest);
        rc = rc == SHK_OK ? SHK_OK : fault_raise(why, rc);
        fits = rc == SHK_OK && memcmp(digest, end.p + 40, sizeof digest) == 0;
    }
    if (fits) {
        out->seq = read_number(end.p);
        memcpy(out->hash, end.p + 8, sizeof out->hash);
    }
    bytes_clear(&end);
    return rc == SHK_OK && !fits ? fault_set(why, SHK_E_HISTORY_BROKEN, 0, 0, name) : rc;
}

int32_t chain_write(struct store *store, const char *name, const struct chain_end *end,
                    struct fault *why) {
    struct bytes value = {0};
    uint8_t digest[32];
    int32_t rc = append_number(&value, end->seq);
    rc = rc == SHK_OK ? bytes_append(&value, end->hash, sizeof end->hash) : rc;
    rc = rc == SHK_OK ? digest_end(store, name, value.p, digest) : rc;
    rc = rc == SHK_OK ? bytes_append(&value, digest, sizeof digest) : rc;
    rc = rc == SHK_OK ? store_set_meta(store, name, value.p, value.n, why) : fault_raise(why, rc);
    bytes_clear(&value);
    return rc;
}

int32_t history_hash(const struct store *store, const uint8_t before[32],
                     const struct history_entry *entry, const char *token,
                     const struct bytes *packed, uint8_t out[32]) {
    struct bytes text = {0};
    int32_t rc = append_text(&text, "entry");
    rc = rc == SHK_OK ? bytes_append(&text, before, 32) : rc;
    rc = rc == SHK_OK ? append_number(&text, entry->seq) : rc;
    rc = rc == SHK_OK ? append_number(&text, entry->at_s) : rc;
    rc = rc == SHK_OK ? append_number(&text, entry->kind) : rc;
    rc = rc == SHK_OK ? append_text(&text, entry->answer) : rc;
    rc = rc == SHK_OK ? append_text(&text, entry->delivery) : rc;
    rc = rc == SHK_OK ? append_text(&text, entry->person) : rc;
    rc = rc == SHK_OK ? append_text(&text, token) : rc;
    rc = rc == SHK_OK && packed->n > 0 ? bytes_append(&text, packed->p, packed->n) : rc;
    rc = rc == SHK_OK ? seal_link(store->ring, text.p, text.n, out) : rc;
    bytes_clear(&text);
    return rc;
}
