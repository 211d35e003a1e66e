/* Hashing, base64, signatures and what the plugin must know of a certificate; platform/crypto_openssl.c. */
#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include "bytes.h"
#include "fault.h"

int32_t sha256(const uint8_t *p, size_t n, uint8_t out[32]);
/* SHA-384 for the next card. */
int32_t sha384(const uint8_t *p, size_t n, uint8_t out[48]);
/* Standard alphabet with padding, no line breaks. */
int32_t base64_append(struct bytes *out, const uint8_t *p, size_t n);
int32_t random_fill(uint8_t *p, size_t n);

#define AEAD_KEY   32
#define AEAD_NONCE 12
#define AEAD_TAG   16

/* HMAC-SHA-256. */
int32_t hmac_sha256(const uint8_t *key, size_t key_len, const uint8_t *p, size_t n,
                    uint8_t out[32]);
/* AES-256-GCM; `place` is authenticated, not sealed. `out` has room for n bytes; the tag goes apart. */
int32_t aead_seal(const uint8_t key[AEAD_KEY], const uint8_t nonce[AEAD_NONCE],
                  const uint8_t *place, size_t place_len, const uint8_t *p, size_t n, uint8_t *out,
                  uint8_t tag[AEAD_TAG]);
/* SHK_E_STORE_SEALED when anything was altered; `out` is wiped then. platform/aead_openssl.c */
int32_t aead_open(const uint8_t key[AEAD_KEY], const uint8_t nonce[AEAD_NONCE],
                  const uint8_t *place, size_t place_len, const uint8_t *p, size_t n,
                  const uint8_t tag[AEAD_TAG], uint8_t *out);
/* Wraps a key for this user of this machine where the system can (Windows: DPAPI); elsewhere a plain copy,
 * which its file's mode guards. Appends. platform/key_guard_posix.c, key_guard_win32.c */
int32_t key_guard(const uint8_t *p, size_t n, struct bytes *out);
/* SHK_E_STORE_KEY when this user cannot unwrap it. */
int32_t key_unguard(const uint8_t *p, size_t n, struct bytes *out);

enum key_kind { KEY_OTHER, KEY_RSA, KEY_EC_P384 };

struct certificate_info {
    enum key_kind kind;
    int32_t key_bits;
    int64_t not_before_s, not_after_s; /* seconds since 1970 UTC */
    char common_name[65];              /* UTF-8; identifies a person: never logged */
    char serial_hex[43];               /* lower case; the same */
};

/* The public key of a certificate, kept so that a signature is checked without reading the certificate again:
 * that would be between the last digit of a PIN and the answer. For one thread at a time. */
struct certificate_key;
/* Reads a DER certificate that fills p[0..n), and its key in the place of *key, which the caller frees (key
 * null: not wanted). SHK_E_CERTIFICATE when it is none, SHK_E_MEMORY; then *key is null. */
int32_t certificate_read(const uint8_t *der, size_t n, struct certificate_info *out,
                         struct certificate_key **key);
/* True when `signature` over the digest verifies under the key (PKCS#1 v1.5, or raw r||s for EC; null: nothing
 * does). Lets the plugin notice a failed card computation before anything is sent. */
bool certificate_key_verifies(const struct certificate_key *key, const uint8_t *digest,
                              size_t digest_len, const uint8_t *signature, size_t signature_len);
void certificate_key_free(struct certificate_key **key);

#define ED25519_SIGNATURE 64

/* Whether one of the public keys of a PEM text made this signature over p[0..n). SHK_E_ARGUMENT when the
 * text holds no key, or one of another kind than Ed25519. platform/ed25519_openssl.c */
int32_t ed25519_verify(const uint8_t *pem, size_t pem_len, const uint8_t *p, size_t n,
                       const uint8_t signature[ED25519_SIGNATURE], bool *fits);
/* Signs with the private key (PKCS#8) that a PEM text begins with. SHK_E_PASSPHRASE when it is locked and `secret` is empty or
 * wrong; SHK_E_ARGUMENT when it is no such key. */
int32_t ed25519_sign(const uint8_t *pem, size_t pem_len, const char *secret, const uint8_t *p,
                     size_t n, uint8_t out[ED25519_SIGNATURE]);

/* The last call of a thread that is ours: gives back what OpenSSL keeps for it. Linked into a DLL it does not
 * hear that a thread ends. */
void crypto_leave_thread(void);

struct held_key;

/* What the device presents to a server: PEM, the key without a passphrase; or a key of the system's store,
 * which brings its certificates and is never read. */
struct device_key {
    struct bytes certificates; /* its own first, then the chain */
    uint8_t *key;              /* secret_new */
    size_t key_len;
    struct held_key *held; /* then the rest is empty */
};

/* From the system's store ("store:my/…" or "store:machine/…"; platform/stored_key.h says what may follow,
 * and the faults), from PKCS#12 (a name that ends in .p12 or .pfx; `key_path` is not looked at) or from PEM, where an
 * empty `key_path` means the certificate's file. Paths UTF-8. SHK_E_PASSPHRASE when it is encrypted and
 * `secret` is empty or wrong; SHK_E_DEVICE_KEY otherwise, with "client_cert" or "client_key" in `where`;
 * SHK_E_MEMORY. No copy of `secret` is left. */
int32_t device_key_load(const char *cert_path, const char *key_path, const char *secret,
                        struct device_key *out, struct fault *why);
/* For a key of the system's store: puts it and its certificates into libcurl's SSL_CTX, which must be gone
 * before the key is. */
bool device_key_offer(const struct device_key *key, void *ssl_ctx);
/* The system's number when the store refused to sign since this was asked last; 0: it did not. */
int32_t device_key_take_refusal(const struct device_key *key);
void device_key_clear(struct device_key *key); /* wipes */

#endif
