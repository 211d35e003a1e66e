#include "held_key.h"

#include <stdlib.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "held_provider.h"
#include "shikaku/codes.h"

/* What remains for a key that cannot make PSS, which TLS 1.3 asks for. */
#define WITHOUT_PSS "RSA+SHA256:RSA+SHA384:RSA+SHA512"

/* A library context of its own, so that nothing else in the process ever meets the provider. */
struct held_key {
    OSSL_LIB_CTX *context;
    OSSL_PROVIDER *standard, *holding;
    struct stored_key *stored;
    struct held_part part;
    EVP_PKEY *key;
    X509 *own;
    STACK_OF(X509) * chain;
};

static bool start(struct held_key *h) {
    h->context = OSSL_LIB_CTX_new();
    if (h->context != NULL && held_provider_add(h->context)) {
        h->standard = OSSL_PROVIDER_load(h->context, "default");
        h->holding = OSSL_PROVIDER_load(h->context, HELD_PROVIDER);
    }
    return h->standard != NULL && h->holding != NULL;
}

static bool read_certificates(struct held_key *h, const struct bytes *der) {
    const unsigned char *at = der->p;
    const unsigned char *end = der->p + der->n;
    h->own = d2i_X509(NULL, &at, (long)der->n);
    h->chain = sk_X509_new_null();
    bool good = h->own != NULL && h->chain != NULL;
    while (good && at < end) {
        X509 *more = d2i_X509(NULL, &at, (long)(end - at));
        good = more != NULL && sk_X509_push(h->chain, more) > 0;
        if (!good) {
            X509_free(more);
        }
    }
    return good;
}

/* NULL for a key that TLS has no use for, or that CNG signs in another way. */
static const char *algorithm_of(EVP_PKEY *public_key) {
    char curve[16] = "";
    size_t n = 0;
    if (EVP_PKEY_is_a(public_key, "RSA")) {
        return "RSA";
    }
    bool known = EVP_PKEY_is_a(public_key, "EC") &&
                 EVP_PKEY_get_group_name(public_key, curve, sizeof curve, &n) == 1 &&
                 (text_equal(curve, "prime256v1") || text_equal(curve, "secp384r1"));
    return known ? "EC" : NULL;
}

static bool make_key(struct held_key *h) {
    h->part = (struct held_part){.stored = h->stored, .public_key = X509_get_pubkey(h->own)};
    const char *algorithm = h->part.public_key != NULL ? algorithm_of(h->part.public_key) : NULL;
    if (algorithm == NULL) {
        return false;
    }
    struct held_part *part = &h->part;
    OSSL_PARAM params[] = {OSSL_PARAM_construct_octet_string(HELD_PARAM_PART, &part, sizeof part),
                           OSSL_PARAM_construct_end()};
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(h->context, algorithm, HELD_ONLY);
    bool good = ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1 &&
                EVP_PKEY_fromdata(ctx, &h->key, EVP_PKEY_KEYPAIR, params) == 1;
    EVP_PKEY_CTX_free(ctx);
    return good;
}

static int32_t fill(struct held_key *h, const char *place, struct fault *why) {
    struct bytes der = {0};
    if (!start(h)) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    int32_t rc = stored_key_open(place, &h->stored, &der, why);
    if (rc == SHK_OK && !read_certificates(h, &der)) {
        rc = fault_set(why, SHK_E_DEVICE_KEY, SHK_NATIVE_NONE, 0, "client_cert");
    }
    if (rc == SHK_OK && !make_key(h)) {
        rc = fault_set(why, SHK_E_DEVICE_KEY, SHK_NATIVE_NONE, 0, "client_key");
    }
    bytes_clear(&der);
    return rc;
}

int32_t held_key_open(const char *place, struct held_key **out, struct fault *why) {
    struct held_key *h = calloc(1, sizeof *h);
    (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
    int32_t rc = h != NULL ? fill(h, place, why) : fault_raise(why, SHK_E_MEMORY);
    ERR_clear_error();
    if (rc != SHK_OK) {
        held_key_free(&h);
    }
    *out = h;
    return rc;
}

bool held_key_offer(struct held_key *h, void *ssl_ctx) {
    SSL_CTX *tls = ssl_ctx;
    bool good = SSL_CTX_use_cert_and_key(tls, h->own, h->key, h->chain, 1) == 1;
    if (good && EVP_PKEY_is_a(h->key, "RSA") && !stored_key_makes_pss(h->stored)) {
        good = SSL_CTX_set_max_proto_version(tls, TLS1_2_VERSION) == 1 &&
               SSL_CTX_set1_client_sigalgs_list(tls, WITHOUT_PSS) == 1;
    }
    return good;
}

int32_t held_key_take_refusal(struct held_key *h) {
    return stored_key_take_refusal(h->stored);
}

void held_key_free(struct held_key **key) {
    struct held_key *h = *key;
    if (h == NULL) {
        return;
    }
    EVP_PKEY_free(h->key);
    EVP_PKEY_free(h->part.public_key);
    X509_free(h->own);
    sk_X509_pop_free(h->chain, X509_free);
    stored_key_free(&h->stored);
    OSSL_PROVIDER_unload(h->holding);
    OSSL_PROVIDER_unload(h->standard);
    OSSL_LIB_CTX_free(h->context);
    free(h);
    *key = NULL;
}
