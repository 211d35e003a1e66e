/* OpenSSL's provider for keys that sign elsewhere: keys of the kinds RSA and EC, and their signatures. */
#ifndef PLATFORM_HELD_PROVIDER_H
#define PLATFORM_HELD_PROVIDER_H

#include <stdbool.h>

#include "stored_key.h"

#define HELD_PROVIDER   "shikaku-held"
#define HELD_ONLY       "provider=" HELD_PROVIDER
#define HELD_PARAM_PART "held-part" /* for EVP_PKEY_fromdata: the address of a struct held_part */

struct ossl_lib_ctx_st;
struct evp_pkey_st;
struct ossl_algorithm_st;

/* One key: what signs, and its public half of OpenSSL's own kind. The caller's, and alive as long as the
 * EVP_PKEY that is made of it. */
struct held_part {
    struct stored_key *stored;
    struct evp_pkey_st *public_key;
};

/* Makes the provider known to this OSSL_LIB_CTX, which then can load it. */
bool held_provider_add(struct ossl_lib_ctx_st *context);

/* The two operations; held_keys_openssl.c, held_sign_openssl.c */
const struct ossl_algorithm_st *held_keys(void);
const struct ossl_algorithm_st *held_signatures(void);

/* What the key management hands to the signatures. */
struct held_keydata {
    const struct held_part *part; /* null: a public key only */
    struct evp_pkey_st *own;      /* that public key */
};

#endif
