#include "held_provider.h"

#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/provider.h>

static const OSSL_ALGORITHM *query(void *provider, int operation, int *no_cache) {
    (void)provider;
    *no_cache = 0;
    return operation == OSSL_OP_KEYMGMT     ? held_keys()
           : operation == OSSL_OP_SIGNATURE ? held_signatures()
                                            : NULL;
}

/* OpenSSL's tables hold functions of every form. */
static const OSSL_DISPATCH functions[] = {
    {OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))query}, {0, NULL}};

static int start(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in, const OSSL_DISPATCH **out,
                 void **provider) {
    (void)handle, (void)in;
    *out = functions;
    *provider = NULL;
    return 1;
}

bool held_provider_add(struct ossl_lib_ctx_st *context) {
    return OSSL_PROVIDER_add_builtin(context, HELD_PROVIDER, start) == 1;
}
