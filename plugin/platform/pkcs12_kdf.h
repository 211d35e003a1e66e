/* The key derivation of PKCS#12 for OpenSSL: its own leaves the passphrase behind in freed memory. */
#ifndef PLATFORM_PKCS12_KDF_H
#define PLATFORM_PKCS12_KDF_H

#include <stdbool.h>

#define PKCS12_KDF_PROVIDER "shikaku"
#define PKCS12_KDF_PREFER   "?provider=shikaku" /* the query of whoever wants it */

struct ossl_lib_ctx_st;

/* Makes the provider known to this OSSL_LIB_CTX, which then can load it. */
bool pkcs12_kdf_add(struct ossl_lib_ctx_st *context);

#endif
