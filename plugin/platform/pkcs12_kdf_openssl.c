#include "pkcs12_kdf.h"

#include <string.h>

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/provider.h>

#include "bytes.h"
#include "shikaku/codes.h"

#define ITERATIONS_MAX 10000000

/* What one derivation needs; all of it belongs to the caller of derive. */
struct input {
    const uint8_t *word, *salt;
    size_t word_n, salt_n;
    int id, iterations;
    EVP_MD *digest;
};

static bool take_octets(const OSSL_PARAM *params, const char *name, const uint8_t **p, size_t *n) {
    const OSSL_PARAM *found = OSSL_PARAM_locate_const(params, name);
    const void *at = NULL;
    if (found == NULL || OSSL_PARAM_get_octet_string_ptr(found, &at, n) != 1) {
        return false;
    }
    *p = at;
    return true;
}

static bool take_number(const OSSL_PARAM *params, const char *name, int *out) {
    const OSSL_PARAM *found = OSSL_PARAM_locate_const(params, name);
    return found != NULL && OSSL_PARAM_get_int(found, out) == 1;
}

static bool take_input(const OSSL_PARAM *params, struct input *in) {
    const OSSL_PARAM *digest = OSSL_PARAM_locate_const(params, OSSL_KDF_PARAM_DIGEST);
    const char *name = NULL;
    if (digest == NULL || OSSL_PARAM_get_utf8_string_ptr(digest, &name) != 1) {
        return false;
    }
    in->digest = EVP_MD_fetch(NULL, name, NULL);
    return in->digest != NULL &&
           take_octets(params, OSSL_KDF_PARAM_PASSWORD, &in->word, &in->word_n) &&
           take_octets(params, OSSL_KDF_PARAM_SALT, &in->salt, &in->salt_n) &&
           take_number(params, OSSL_KDF_PARAM_PKCS12_ID, &in->id) &&
           take_number(params, OSSL_KDF_PARAM_ITER, &in->iterations) && in->iterations > 0 &&
           in->iterations <= ITERATIONS_MAX;
}

/* `from` over and over until a whole number of blocks is full; nothing for nothing. */
static int32_t append_repeated(struct bytes *out, const uint8_t *from, size_t n, size_t block) {
    size_t whole = (n + block - 1) / block * block;
    int32_t rc = SHK_OK;
    for (size_t i = 0; i < whole && rc == SHK_OK; i++) {
        rc = bytes_append_byte(out, from[i % n]);
    }
    return rc;
}

/* A = H(H(...H(D || I))) */
static bool hash(const struct input *in, const struct bytes *d, const struct bytes *i,
                 uint8_t out[EVP_MAX_MD_SIZE], size_t size) {
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool good = ctx != NULL && EVP_DigestInit_ex(ctx, in->digest, NULL) == 1 &&
                EVP_DigestUpdate(ctx, d->p, d->n) == 1 && EVP_DigestUpdate(ctx, i->p, i->n) == 1 &&
                EVP_DigestFinal_ex(ctx, out, NULL) == 1;
    for (int round = 1; good && round < in->iterations; round++) {
        good = EVP_DigestInit_ex(ctx, in->digest, NULL) == 1 &&
               EVP_DigestUpdate(ctx, out, size) == 1 && EVP_DigestFinal_ex(ctx, out, NULL) == 1;
    }
    EVP_MD_CTX_free(ctx); /* wipes */
    return good;
}

/* Adds A, repeated, and 1 to every block of I, as big numbers. */
static void advance(struct bytes *i, const uint8_t *a, size_t size, size_t block) {
    for (size_t at = 0; at < i->n; at += block) {
        unsigned carry = 1;
        for (size_t k = block; k-- > 0;) {
            carry += (unsigned)i->p[at + k] + a[k % size];
            i->p[at + k] = (uint8_t)(carry & 0xFF);
            carry >>= 8;
        }
    }
}

static bool fill(const struct input *in, const struct bytes *d, struct bytes *i, uint8_t *key,
                 size_t n) {
    uint8_t a[EVP_MAX_MD_SIZE];
    size_t size = (size_t)EVP_MD_get_size(in->digest);
    size_t block = (size_t)EVP_MD_get_block_size(in->digest);
    bool good = hash(in, d, i, a, size);
    while (good && n > size) {
        memcpy(key, a, size);
        key += size;
        n -= size;
        advance(i, a, size, block);
        good = hash(in, d, i, a, size);
    }
    if (good) {
        memcpy(key, a, n);
    }
    OPENSSL_cleanse(a, sizeof a);
    return good;
}

/* RFC 7292, appendix B.2. */
static int derive(void *self, unsigned char *key, size_t n, const OSSL_PARAM params[]) {
    struct input in = {.word = NULL};
    struct bytes d = {0};
    struct bytes i = {0};
    (void)self;
    bool good = take_input(params, &in);
    if (good) {
        size_t block = (size_t)EVP_MD_get_block_size(in.digest);
        uint8_t id = (uint8_t)in.id;
        good = append_repeated(&d, &id, 1, block) == SHK_OK &&
               bytes_reserve(&i, in.salt_n + in.word_n + 2 * block) == SHK_OK &&
               append_repeated(&i, in.salt, in.salt_n, block) == SHK_OK &&
               append_repeated(&i, in.word, in.word_n, block) == SHK_OK &&
               fill(&in, &d, &i, key, n);
    }
    bytes_clear(&d);
    bytes_clear(&i);
    EVP_MD_free(in.digest);
    return good;
}

/* There is no state, but OpenSSL wants a pointer. */
static void *new_context(void *provider) {
    (void)provider;
    return OPENSSL_zalloc(1);
}

static void free_context(void *self) {
    OPENSSL_free(self);
}

/* OpenSSL's tables hold functions of every form. */
#define ENTRY(id, function)                                                                        \
    { id, (void (*)(void))(function) }

static const OSSL_DISPATCH functions[] = {ENTRY(OSSL_FUNC_KDF_NEWCTX, new_context),
                                          ENTRY(OSSL_FUNC_KDF_FREECTX, free_context),
                                          ENTRY(OSSL_FUNC_KDF_DERIVE, derive), ENTRY(0, NULL)};

static const OSSL_ALGORITHM algorithms[] = {
    {"PKCS12KDF", "provider=" PKCS12_KDF_PROVIDER, functions, NULL}, {NULL, NULL, NULL, NULL}};

static const OSSL_ALGORITHM *query(void *provider, int operation, int *no_cache) {
    (void)provider;
    *no_cache = 0;
    return operation == OSSL_OP_KDF ? algorithms : NULL;
}

static const OSSL_DISPATCH provider_functions[] = {ENTRY(OSSL_FUNC_PROVIDER_QUERY_OPERATION, query),
                                                   ENTRY(0, NULL)};

static int start(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in, const OSSL_DISPATCH **out,
                 void **provider) {
    (void)handle, (void)in;
    *out = provider_functions;
    *provider = NULL;
    return 1;
}

bool pkcs12_kdf_add(struct ossl_lib_ctx_st *context) {
    return OSSL_PROVIDER_add_builtin(context, PKCS12_KDF_PROVIDER, start) == 1;
}
