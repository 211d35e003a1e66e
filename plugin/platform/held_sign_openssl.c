#include "held_provider.h"

#include <string.h>

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

struct signing {
    const struct held_part *part;
    EVP_MD_CTX *digest;
    EVP_MD *kind;
    bool pss;
};

static void *new_signing(void *provider, const char *properties) {
    (void)provider, (void)properties;
    return OPENSSL_zalloc(sizeof(struct signing));
}

static void free_signing(void *self) {
    struct signing *s = self;
    if (s != NULL) {
        EVP_MD_CTX_free(s->digest);
        EVP_MD_free(s->kind);
        OPENSSL_free(s);
    }
}

static bool is_rsa(const struct signing *s) {
    return EVP_PKEY_is_a(s->part->public_key, "RSA");
}

static bool set_padding(struct signing *s, const OSSL_PARAM *given) {
    int number = 0;
    const char *name = NULL;
    if (given->data_type == OSSL_PARAM_UTF8_STRING) {
        bool read = OSSL_PARAM_get_utf8_string_ptr(given, &name) == 1;
        number = read && text_equal(name, OSSL_PKEY_RSA_PAD_MODE_PSS)       ? RSA_PKCS1_PSS_PADDING
                 : read && text_equal(name, OSSL_PKEY_RSA_PAD_MODE_PKCSV15) ? RSA_PKCS1_PADDING
                                                                            : 0;
    } else if (OSSL_PARAM_get_int(given, &number) != 1) {
        return false;
    }
    s->pss = number == RSA_PKCS1_PSS_PADDING;
    return s->pss || number == RSA_PKCS1_PADDING;
}

/* TLS knows only the salt that is as long as the hash. */
static bool accepts_salt(const OSSL_PARAM *given) {
    int number = 0;
    const char *name = NULL;
    if (given->data_type == OSSL_PARAM_UTF8_STRING) {
        return OSSL_PARAM_get_utf8_string_ptr(given, &name) == 1 &&
               text_equal(name, OSSL_PKEY_RSA_PSS_SALT_LEN_DIGEST);
    }
    return OSSL_PARAM_get_int(given, &number) == 1 && number == RSA_PSS_SALTLEN_DIGEST;
}

static int set_params(void *self, const OSSL_PARAM params[]) {
    struct signing *s = self;
    if (params == NULL) {
        return 1;
    }
    const OSSL_PARAM *padding = OSSL_PARAM_locate_const(params, OSSL_SIGNATURE_PARAM_PAD_MODE);
    const OSSL_PARAM *salt = OSSL_PARAM_locate_const(params, OSSL_SIGNATURE_PARAM_PSS_SALTLEN);
    return (padding == NULL || (is_rsa(s) && set_padding(s, padding))) &&
           (salt == NULL || accepts_salt(salt));
}

static const OSSL_PARAM known_params[] = {
    OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_PAD_MODE, NULL, 0),
    OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_PSS_SALTLEN, NULL, 0), OSSL_PARAM_END};

static const OSSL_PARAM *settable(void *self, void *provider) {
    (void)self, (void)provider;
    return known_params;
}

static int begin(void *self, const char *digest, void *key, const OSSL_PARAM params[]) {
    struct signing *s = self;
    const struct held_keydata *k = key;
    if (k == NULL || k->part == NULL || digest == NULL) {
        return 0;
    }
    s->part = k->part;
    s->pss = false;
    EVP_MD_free(s->kind);
    EVP_MD_CTX_free(s->digest);
    s->kind = EVP_MD_fetch(NULL, digest, NULL);
    s->digest = EVP_MD_CTX_new();
    return s->kind != NULL && s->digest != NULL &&
           EVP_DigestInit_ex2(s->digest, s->kind, NULL) == 1 && set_params(s, params) == 1;
}

static int update(void *self, const unsigned char *p, size_t n) {
    struct signing *s = self;
    return EVP_DigestUpdate(s->digest, p, n);
}

/* TLS carries r and s in DER. */
static int write_ecdsa(const uint8_t *raw, size_t n, unsigned char *out, size_t *out_n,
                       size_t room) {
    ECDSA_SIG *made = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(raw, (int)(n / 2), NULL);
    BIGNUM *t = BN_bin2bn(raw + n / 2, (int)(n / 2), NULL);
    if (made == NULL || r == NULL || t == NULL || ECDSA_SIG_set0(made, r, t) != 1) {
        BN_free(r);
        BN_free(t);
        ECDSA_SIG_free(made);
        return 0;
    }
    int size = i2d_ECDSA_SIG(made, NULL);
    bool good = size > 0 && (size_t)size <= room && i2d_ECDSA_SIG(made, &out) == size;
    *out_n = good ? (size_t)size : 0;
    ECDSA_SIG_free(made);
    return good;
}

static int write_rsa(const uint8_t *raw, size_t n, unsigned char *out, size_t *out_n, size_t room) {
    if (n > room) {
        return 0;
    }
    memcpy(out, raw, n);
    *out_n = n;
    return 1;
}

/* Without room it is asked how much that must be. */
static int finish(void *self, unsigned char *out, size_t *out_n, size_t room) {
    struct signing *s = self;
    uint8_t hash[EVP_MAX_MD_SIZE];
    uint8_t raw[STORED_SIGNATURE_MAX];
    unsigned hash_n = 0;
    size_t n = 0;
    if (out == NULL) {
        *out_n = (size_t)EVP_PKEY_get_size(s->part->public_key);
        return *out_n > 0;
    }
    enum stored_form form = !is_rsa(s) ? STORED_ECDSA : s->pss ? STORED_PSS : STORED_PKCS1;
    if (EVP_DigestFinal_ex(s->digest, hash, &hash_n) != 1 ||
        !stored_key_sign(s->part->stored, form, (struct stored_hash){hash, hash_n}, raw, &n)) {
        return 0;
    }
    return form == STORED_ECDSA ? write_ecdsa(raw, n, out, out_n, room)
                                : write_rsa(raw, n, out, out_n, room);
}

static int sign(void *self, unsigned char *out, size_t *out_n, size_t room, const unsigned char *p,
                size_t n) {
    return (out == NULL || update(self, p, n) == 1) && finish(self, out, out_n, room) == 1;
}

/* OpenSSL's tables hold functions of every form. */
#define ENTRY(id, function)                                                                        \
    { id, (void (*)(void))(function) }

static const OSSL_DISPATCH functions[] = {ENTRY(OSSL_FUNC_SIGNATURE_NEWCTX, new_signing),
                                          ENTRY(OSSL_FUNC_SIGNATURE_FREECTX, free_signing),
                                          ENTRY(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_INIT, begin),
                                          ENTRY(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_UPDATE, update),
                                          ENTRY(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_FINAL, finish),
                                          ENTRY(OSSL_FUNC_SIGNATURE_DIGEST_SIGN, sign),
                                          ENTRY(OSSL_FUNC_SIGNATURE_SET_CTX_PARAMS, set_params),
                                          ENTRY(OSSL_FUNC_SIGNATURE_SETTABLE_CTX_PARAMS, settable),
                                          ENTRY(0, NULL)};

static const OSSL_ALGORITHM algorithms[] = {{"RSA:rsaEncryption", HELD_ONLY, functions, NULL},
                                            {"ECDSA", HELD_ONLY, functions, NULL},
                                            {NULL, NULL, NULL, NULL}};

const OSSL_ALGORITHM *held_signatures(void) {
    return algorithms;
}
