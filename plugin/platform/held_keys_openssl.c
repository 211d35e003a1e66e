#include "held_provider.h"

#include <string.h>

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

static EVP_PKEY *public_of(const struct held_keydata *k) {
    return k->part != NULL ? k->part->public_key : k->own;
}

static void *new_key(void *provider) {
    (void)provider;
    return OPENSSL_zalloc(sizeof(struct held_keydata));
}

static void free_key(void *key) {
    struct held_keydata *k = key;
    if (k != NULL) {
        EVP_PKEY_free(k->own);
        OPENSSL_free(k);
    }
}

static int has(const void *key, int selection) {
    const struct held_keydata *k = key;
    bool secret = (selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) != 0;
    return public_of(k) != NULL && (!secret || k->part != NULL);
}

static int match(const void *a, const void *b, int selection) {
    (void)selection;
    EVP_PKEY *one = public_of(a);
    EVP_PKEY *other = public_of(b);
    return one != NULL && other != NULL && EVP_PKEY_eq(one, other) == 1;
}

/* Our own part, or a public key that is to be compared with one. */
static int take(struct held_keydata *k, const char *algorithm, int selection,
                const OSSL_PARAM params[]) {
    const OSSL_PARAM *part = OSSL_PARAM_locate_const(params, HELD_PARAM_PART);
    if (part != NULL) {
        bool whole = part->data_size == sizeof(const struct held_part *);
        if (whole) {
            memcpy(&k->part, part->data, sizeof(const struct held_part *));
        }
        return whole;
    }
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, algorithm, NULL);
    int kept = selection & ~OSSL_KEYMGMT_SELECT_PRIVATE_KEY;
    OSSL_PARAM *given = OSSL_PARAM_dup(params);
    int rc = ctx != NULL && given != NULL && EVP_PKEY_fromdata_init(ctx) == 1 &&
             EVP_PKEY_fromdata(ctx, &k->own, kept, given) == 1;
    OSSL_PARAM_free(given);
    EVP_PKEY_CTX_free(ctx);
    return rc;
}

static int take_rsa(void *key, int selection, const OSSL_PARAM params[]) {
    return take(key, "RSA", selection, params);
}

static int take_ec(void *key, int selection, const OSSL_PARAM params[]) {
    return take(key, "EC", selection, params);
}

/* The private half cannot be given; who asks for it with the rest gets nothing, and comes back to sign. */
static int give(void *key, int selection, OSSL_CALLBACK *to, void *self) {
    const struct held_keydata *k = key;
    if (public_of(k) == NULL || (selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) != 0) {
        return 0;
    }
    return EVP_PKEY_export(public_of(k), selection, to, self);
}

static const OSSL_PARAM rsa_types[] = {OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_N, NULL, 0),
                                       OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_E, NULL, 0),
                                       OSSL_PARAM_END};
static const OSSL_PARAM ec_types[] = {OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, NULL, 0),
                                      OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, NULL, 0),
                                      OSSL_PARAM_END};

static const OSSL_PARAM *rsa_forms(int selection) {
    return (selection & OSSL_KEYMGMT_SELECT_PUBLIC_KEY) != 0 ? rsa_types : NULL;
}

static const OSSL_PARAM *ec_forms(int selection) {
    return (selection & OSSL_KEYMGMT_SELECT_PUBLIC_KEY) != 0 ? ec_types : NULL;
}

static int get_params(void *key, OSSL_PARAM params[]) {
    const struct held_keydata *k = key;
    return public_of(k) != NULL && EVP_PKEY_get_params(public_of(k), params);
}

static const OSSL_PARAM known_params[] = {
    OSSL_PARAM_int(OSSL_PKEY_PARAM_BITS, NULL),
    OSSL_PARAM_int(OSSL_PKEY_PARAM_SECURITY_BITS, NULL),
    OSSL_PARAM_int(OSSL_PKEY_PARAM_MAX_SIZE, NULL),
    OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_DEFAULT_DIGEST, NULL, 0),
    OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, NULL, 0),
    OSSL_PARAM_END};

static const OSSL_PARAM *gettable(void *provider) {
    (void)provider;
    return known_params;
}

static const char *rsa_signature(int operation) {
    return operation == OSSL_OP_SIGNATURE ? "RSA" : NULL;
}

static const char *ec_signature(int operation) {
    return operation == OSSL_OP_SIGNATURE ? "ECDSA" : NULL;
}

/* OpenSSL's tables hold functions of every form. */
#define ENTRY(id, function)                                                                        \
    { id, (void (*)(void))(function) }

#define KEYS(name, taking, forms, signature)                                                       \
    static const OSSL_DISPATCH name[] = {ENTRY(OSSL_FUNC_KEYMGMT_NEW, new_key),                    \
                                         ENTRY(OSSL_FUNC_KEYMGMT_FREE, free_key),                  \
                                         ENTRY(OSSL_FUNC_KEYMGMT_HAS, has),                        \
                                         ENTRY(OSSL_FUNC_KEYMGMT_MATCH, match),                    \
                                         ENTRY(OSSL_FUNC_KEYMGMT_IMPORT, taking),                  \
                                         ENTRY(OSSL_FUNC_KEYMGMT_IMPORT_TYPES, forms),             \
                                         ENTRY(OSSL_FUNC_KEYMGMT_EXPORT, give),                    \
                                         ENTRY(OSSL_FUNC_KEYMGMT_EXPORT_TYPES, forms),             \
                                         ENTRY(OSSL_FUNC_KEYMGMT_GET_PARAMS, get_params),          \
                                         ENTRY(OSSL_FUNC_KEYMGMT_GETTABLE_PARAMS, gettable),       \
                                         ENTRY(OSSL_FUNC_KEYMGMT_QUERY_OPERATION_NAME, signature), \
                                         ENTRY(0, NULL)}

KEYS(rsa_functions, take_rsa, rsa_forms, rsa_signature);
KEYS(ec_functions, take_ec, ec_forms, ec_signature);

static const OSSL_ALGORITHM algorithms[] = {{"RSA:rsaEncryption", HELD_ONLY, rsa_functions, NULL},
                                            {"EC:id-ecPublicKey", HELD_ONLY, ec_functions, NULL},
                                            {NULL, NULL, NULL, NULL}};

const OSSL_ALGORITHM *held_keys(void) {
    return algorithms;
}
