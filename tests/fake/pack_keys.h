/* Key pairs of Ed25519 for tests, made when they are asked for: none lies in the tree. */
#ifndef FAKE_PACK_KEYS_H
#define FAKE_PACK_KEYS_H

#include "bytes.h"

struct pack_keys {
    struct bytes secret, open; /* PEM of the private and of the public key; wiped by the caller */
};

/* passphrase: null leaves the private key unlocked. Another kind than "ED25519" is made when it is named. */
bool pack_keys_make(struct pack_keys *keys, const char *kind, const char *passphrase);
void pack_keys_clear(struct pack_keys *keys);

#endif
