#include "crypto.h"

#include <limits.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "shikaku/codes.h"

static const uint8_t nothing[1] = {0};

/* The host may unload OpenSSL's users in any order, so no exit handler is left behind; nor are errors, on
 * its thread. */
static void start(void) {
    (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
}

static int32_t leave(bool ok, int32_t code) {
    ERR_clear_error();
    return ok ? SHK_OK : code;
}

int32_t hmac_sha256(const uint8_t *key, size_t key_len, const uint8_t *p, size_t n,
                    uint8_t out[32]) {
    if (key_len > INT_MAX) {
        return SHK_E_ARGUMENT;
    }
    start();
    unsigned int made = 0;
    bool ok = HMAC(EVP_sha256(), key, (int)key_len, n > 0 ? p : nothing, n, out, &made) != NULL &&
              made == 32;
    return leave(ok, SHK_E_INTERNAL);
}

/* OpenSSL counts in int. */
static bool fits(size_t place_len, size_t n) {
    return place_len <= INT_MAX && n <= INT_MAX;
}

static EVP_CIPHER_CTX *begin(bool sealing, const uint8_t *key, const uint8_t *nonce,
                             const uint8_t *place, size_t place_len) {
    int done = 0;
    start();
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    if (ctx == NULL ||
        EVP_CipherInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, nonce, sealing ? 1 : 0) != 1 ||
        (place_len > 0 && EVP_CipherUpdate(ctx, NULL, &done, place, (int)place_len) != 1)) {
        EVP_CIPHER_CTX_free(ctx);
        return NULL;
    }
    return ctx;
}

static bool run(EVP_CIPHER_CTX *ctx, const uint8_t *p, size_t n, uint8_t *out) {
    int done = 0;
    return n == 0 || (EVP_CipherUpdate(ctx, out, &done, p, (int)n) == 1 && done == (int)n);
}

static bool finish(EVP_CIPHER_CTX *ctx) {
    uint8_t rest[AEAD_TAG]; /* GCM leaves nothing for the end */
    int done = 0;
    return EVP_CipherFinal_ex(ctx, rest, &done) == 1 && done == 0;
}

int32_t aead_seal(const uint8_t key[AEAD_KEY], const uint8_t nonce[AEAD_NONCE],
                  const uint8_t *place, size_t place_len, const uint8_t *p, size_t n, uint8_t *out,
                  uint8_t tag[AEAD_TAG]) {
    if (!fits(place_len, n)) {
        return SHK_E_ARGUMENT;
    }
    EVP_CIPHER_CTX *ctx = begin(true, key, nonce, place, place_len);
    bool ok = ctx != NULL && run(ctx, p, n, out) && finish(ctx) &&
              EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, AEAD_TAG, tag) == 1;
    EVP_CIPHER_CTX_free(ctx);
    return leave(ok, SHK_E_INTERNAL);
}

int32_t aead_open(const uint8_t key[AEAD_KEY], const uint8_t nonce[AEAD_NONCE],
                  const uint8_t *place, size_t place_len, const uint8_t *p, size_t n,
                  const uint8_t tag[AEAD_TAG], uint8_t *out) {
    if (!fits(place_len, n)) {
        return SHK_E_ARGUMENT;
    }
    uint8_t expected[AEAD_TAG];
    for (size_t i = 0; i < AEAD_TAG; i++) {
        expected[i] = tag[i];
    }
    EVP_CIPHER_CTX *ctx = begin(false, key, nonce, place, place_len);
    bool ok = ctx != NULL && run(ctx, p, n, out) &&
              EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, AEAD_TAG, expected) == 1 &&
              finish(ctx);
    EVP_CIPHER_CTX_free(ctx);
    if (!ok) {
        memory_wipe(out, n);
    }
    return leave(ok, SHK_E_STORE_SEALED);
}
