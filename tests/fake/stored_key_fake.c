#include "stored_key_fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "shikaku/codes.h"
#include "stored_key.h"

struct stored_fake stored_fake;

struct stored_key {
    EVP_PKEY *key;
    int32_t refusal;
};

static bool append_certificates(struct bytes *der) {
    FILE *file = fopen(stored_fake.certificates, "rb");
    X509 *x = NULL;
    while (file != NULL && (x = PEM_read_X509(file, NULL, NULL, NULL)) != NULL) {
        unsigned char *p = NULL;
        int n = i2d_X509(x, &p);
        (void)bytes_append(der, p, (size_t)n);
        OPENSSL_free(p);
        X509_free(x);
    }
    if (file != NULL) {
        fclose(file);
    }
    return der->n > 0;
}

int32_t stored_key_open(const char *place, struct stored_key **out, struct bytes *der,
                        struct fault *why) {
    text_copy(stored_fake.place, sizeof stored_fake.place, place);
    *out = NULL;
    if (!append_certificates(der)) {
        return fault_set(why, SHK_E_DEVICE_KEY, SHK_NATIVE_OS, 1, "client_cert");
    }
    FILE *file = fopen(stored_fake.key, "rb");
    *out = calloc(1, sizeof **out);
    (*out)->key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
    fclose(file);
    stored_fake.open++;
    return SHK_OK;
}

bool stored_key_makes_pss(const struct stored_key *key) {
    (void)key;
    return !stored_fake.old;
}

/* r and s, equally long. */
static void open_ecdsa(EVP_PKEY *key, uint8_t *signature, size_t *n) {
    const unsigned char *at = signature;
    ECDSA_SIG *made = d2i_ECDSA_SIG(NULL, &at, (long)*n);
    int half = (EVP_PKEY_get_bits(key) + 7) / 8;
    BN_bn2binpad(ECDSA_SIG_get0_r(made), signature, half);
    BN_bn2binpad(ECDSA_SIG_get0_s(made), signature + half, half);
    *n = 2 * (size_t)half;
    ECDSA_SIG_free(made);
}

static bool sign(EVP_PKEY *key, enum stored_form form, struct stored_hash hash, uint8_t *out,
                 size_t *n) {
    const EVP_MD *kind = hash.n == 32 ? EVP_sha256() : hash.n == 48 ? EVP_sha384() : EVP_sha512();
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
    *n = STORED_SIGNATURE_MAX;
    bool good = EVP_PKEY_sign_init(ctx) == 1 && EVP_PKEY_CTX_set_signature_md(ctx, kind) == 1;
    if (good && form != STORED_ECDSA) {
        int padding = form == STORED_PSS ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING;
        good = EVP_PKEY_CTX_set_rsa_padding(ctx, padding) == 1;
    }
    if (good && form == STORED_PSS) {
        good = EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
    }
    good = good && EVP_PKEY_sign(ctx, out, n, hash.p, hash.n) == 1;
    EVP_PKEY_CTX_free(ctx);
    return good;
}

bool stored_key_sign(struct stored_key *key, enum stored_form form, struct stored_hash hash,
                     uint8_t out[STORED_SIGNATURE_MAX], size_t *n) {
    *n = 0;
    key->refusal = stored_fake.refuses;
    bool good = key->refusal == 0 && !(stored_fake.old && form == STORED_PSS) &&
                sign(key->key, form, hash, out, n);
    if (good && form == STORED_ECDSA) {
        open_ecdsa(key->key, out, n);
    }
    stored_fake.signatures[form] += good;
    return good;
}

int32_t stored_key_take_refusal(struct stored_key *key) {
    int32_t refusal = key->refusal;
    key->refusal = 0;
    return refusal;
}

void stored_key_free(struct stored_key **key) {
    if (*key != NULL) {
        stored_fake.open--;
        EVP_PKEY_free((*key)->key);
        free(*key);
        *key = NULL;
    }
}
