/* A private key that stays where the system keeps it: it signs and is never read. Windows' certificate
 * store; elsewhere there is none. stored_key_win32.c, stored_key_posix.c */
#ifndef PLATFORM_STORED_KEY_H
#define PLATFORM_STORED_KEY_H

#include "bytes.h"
#include "fault.h"

#define STORED_KEY_PREFIX    "store:"
#define STORED_SIGNATURE_MAX 1024 /* of an RSA key of 8192 bits */

enum stored_form {
    STORED_PKCS1,
    STORED_PSS,
    STORED_ECDSA
}; /* PSS: the salt is as long as the hash */

/* A hash that is to be signed, by its bytes: 32, 48 or 64 of SHA-256, -384 or -512. */
struct stored_hash {
    const uint8_t *p;
    size_t n;
};

struct stored_key;

/* `place` behind the prefix: "my/" for the user's own certificates or "machine/", and behind that the
 * SHA-1 thumbprint as the certificate's dialog shows it or the common name of its subject; of several with
 * that name the one that is valid now, and of those the one that ends last. Appends the certificates to `der`,
 * one behind the other: its own first, then what the system knows of its chain, without the root.
 * SHK_E_CONFIG_VALUE ("gateway.client_cert") when `place` says no such thing, or on a system without a store;
 * SHK_E_DEVICE_KEY with "client_cert" when there is none, with "client_key" when its key cannot be had
 * without asking somebody, both with the system's number; SHK_E_MEMORY. */
int32_t stored_key_open(const char *place, struct stored_key **out, struct bytes *der,
                        struct fault *why);
/* False for a key of the older interface (CAPI): it makes only STORED_PKCS1. */
bool stored_key_makes_pss(const struct stored_key *key);
/* Signs; *n is the bytes that were written. ECDSA: r and s, equally long. Nothing is asked and nothing shown. */
bool stored_key_sign(struct stored_key *key, enum stored_form form, struct stored_hash hash,
                     uint8_t out[STORED_SIGNATURE_MAX], size_t *n);
/* What the system said when it refused to sign since this was asked last; 0: it did not. */
int32_t stored_key_take_refusal(struct stored_key *key);
void stored_key_free(struct stored_key **key);

#endif
