#include "crypto.h"

#include <limits.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "shikaku/codes.h"

/* One block of a PEM text. */
struct block {
    char *name, *header;
    unsigned char *der;
    long n;
};

static void free_block(struct block *b) {
    OPENSSL_free(b->name);
    OPENSSL_free(b->header);
    OPENSSL_clear_free(b->der, b->n > 0 ? (size_t)b->n : 0);
    *b = (struct block){0};
}

static bool next_block(BIO *text, struct block *b) {
    *b = (struct block){0};
    return PEM_read_bio(text, &b->name, &b->header, &b->der, &b->n) == 1;
}

/* No exit handler stays behind in the host, and none of our errors on its thread. */
static BIO *open_text(const uint8_t *pem, size_t n) {
    (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
    return pem != NULL && n > 0 && n <= INT_MAX ? BIO_new_mem_buf(pem, (int)n) : NULL;
}

static bool verifies(EVP_PKEY *key, const uint8_t *p, size_t n, const uint8_t *signature) {
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool fits = ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
                EVP_DigestVerify(ctx, signature, ED25519_SIGNATURE, p, n) == 1;
    EVP_MD_CTX_free(ctx);
    return fits;
}

/* The reader has come to the end of the text, not to a block that it cannot read. */
static bool is_over(void) {
    unsigned long e = ERR_peek_last_error();
    return ERR_GET_LIB(e) == ERR_LIB_PEM && ERR_GET_REASON(e) == PEM_R_NO_START_LINE;
}

static EVP_PKEY *read_public(const struct block *b) {
    const unsigned char *at = b->der;
    EVP_PKEY *key = text_equal(b->name, "PUBLIC KEY") ? d2i_PUBKEY(NULL, &at, b->n) : NULL;
    if (key != NULL && (at != b->der + b->n || EVP_PKEY_is_a(key, "ED25519") != 1)) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    return key;
}

int32_t ed25519_verify(const uint8_t *pem, size_t pem_len, const uint8_t *p, size_t n,
                       const uint8_t signature[ED25519_SIGNATURE], bool *fits) {
    BIO *text = open_text(pem, pem_len);
    struct block b = {0};
    bool usable = text != NULL, found = false;
    size_t keys = 0;
    for (; usable && next_block(text, &b); keys++) {
        EVP_PKEY *key = read_public(&b);
        usable = key != NULL;
        found = found || (usable && verifies(key, p, n, signature));
        EVP_PKEY_free(key);
        free_block(&b);
    }
    usable = usable && keys > 0 && is_over();
    *fits = usable && found;
    free_block(&b);
    BIO_free(text);
    ERR_clear_error();
    return usable ? SHK_OK : SHK_E_ARGUMENT;
}

static bool makes(EVP_PKEY *key, const uint8_t *p, size_t n, uint8_t *out) {
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    size_t len = ED25519_SIGNATURE;
    bool made = ctx != NULL && EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) == 1 &&
                EVP_DigestSign(ctx, out, &len, p, n) == 1 && len == ED25519_SIGNATURE;
    EVP_MD_CTX_free(ctx);
    return made;
}

static EVP_PKEY *unlock(const uint8_t *der, long n, const char *secret) {
    const unsigned char *at = der;
    X509_SIG *sealed = d2i_X509_SIG(NULL, &at, n);
    PKCS8_PRIV_KEY_INFO *plain = sealed != NULL && secret[0] != '\0'
                                     ? PKCS8_decrypt(sealed, secret, (int)strlen(secret))
                                     : NULL;
    EVP_PKEY *key = plain != NULL ? EVP_PKCS82PKEY(plain) : NULL;
    PKCS8_PRIV_KEY_INFO_free(plain); /* wipes */
    X509_SIG_free(sealed);
    return key;
}

/* The first block of the text, which must be the key. */
static EVP_PKEY *read_private(BIO *text, const char *secret, bool *locked) {
    struct block b = {0};
    EVP_PKEY *key = NULL;
    if (next_block(text, &b) && text_equal(b.name, "ENCRYPTED PRIVATE KEY")) {
        *locked = true;
        key = unlock(b.der, b.n, secret);
    } else if (b.name != NULL && text_equal(b.name, "PRIVATE KEY")) {
        const unsigned char *at = b.der;
        key = d2i_AutoPrivateKey(NULL, &at, b.n);
    }
    free_block(&b);
    return key;
}

int32_t ed25519_sign(const uint8_t *pem, size_t pem_len, const char *secret, const uint8_t *p,
                     size_t n, uint8_t out[ED25519_SIGNATURE]) {
    bool locked = false;
    BIO *text = open_text(pem, pem_len);
    EVP_PKEY *key = text != NULL ? read_private(text, secret, &locked) : NULL;
    int32_t rc = locked ? SHK_E_PASSPHRASE : SHK_E_ARGUMENT;
    if (key != NULL && EVP_PKEY_is_a(key, "ED25519") == 1) {
        rc = makes(key, p, n, out) ? SHK_OK : SHK_E_INTERNAL;
    } else if (key != NULL) {
        rc = SHK_E_ARGUMENT;
    }
    EVP_PKEY_free(key);
    BIO_free(text);
    ERR_clear_error();
    return rc;
}
