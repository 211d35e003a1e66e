/* Of OpenSSL. A check of a signature or a tag that fails says so; it never says that all is well. */
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include "wrap_calls.h"

/* clang-format off: a call is a line, or begins one */
WRAP(WRAP_CRYPTO, RAND_bytes, int, (unsigned char *p, int n), (p, n), 0)
/* OpenSSL 3.0 leaks what it had made of a context. */
WRAP_FRAGILE(WRAP_CRYPTO, OSSL_LIB_CTX_new, OSSL_LIB_CTX *, (void), (), NULL)
WRAP(WRAP_CRYPTO, OSSL_PROVIDER_load, OSSL_PROVIDER *, (OSSL_LIB_CTX * c, const char *name),
     (c, name), NULL)
WRAP(WRAP_CRYPTO, BIO_new, BIO *, (const BIO_METHOD *how), (how), NULL)
WRAP(WRAP_CRYPTO, BIO_new_file, BIO *, (const char *path, const char *mode), (path, mode), NULL)
WRAP(WRAP_CRYPTO, BIO_new_mem_buf, BIO *, (const void *p, int n), (p, n), NULL)
WRAP(WRAP_CRYPTO, BIO_read, int, (BIO * b, void *p, int n), (b, p, n), -1)
WRAP(WRAP_CRYPTO, BN_bin2bn, BIGNUM *, (const unsigned char *p, int n, BIGNUM *out), (p, n, out),
     NULL)
WRAP(WRAP_CRYPTO, ASN1_STRING_to_UTF8, int, (unsigned char **out, const ASN1_STRING *in), (out, in),
     -1)
WRAP(WRAP_CRYPTO, ASN1_TIME_to_tm, int, (const ASN1_TIME *in, struct tm *out), (in, out), 0)
WRAP(WRAP_CRYPTO, ASN1_INTEGER_to_BN, BIGNUM *, (const ASN1_INTEGER *in, BIGNUM *out), (in, out),
     NULL)

WRAP(WRAP_CRYPTO, EVP_CIPHER_CTX_new, EVP_CIPHER_CTX *, (void), (), NULL)
WRAP(WRAP_CRYPTO, EVP_CIPHER_CTX_ctrl, int, (EVP_CIPHER_CTX * c, int type, int n, void *p),
     (c, type, n, p), 0)
WRAP(WRAP_CRYPTO, EVP_CipherInit_ex, int,
     (EVP_CIPHER_CTX * c, const EVP_CIPHER *how, ENGINE *e, const unsigned char *key,
      const unsigned char *iv, int seal),
     (c, how, e, key, iv, seal), 0)
WRAP(WRAP_CRYPTO, EVP_CipherUpdate, int,
     (EVP_CIPHER_CTX * c, unsigned char *out, int *out_n, const unsigned char *in, int n),
     (c, out, out_n, in, n), 0)
WRAP(WRAP_CRYPTO, EVP_CipherFinal_ex, int, (EVP_CIPHER_CTX * c, unsigned char *out, int *n),
     (c, out, n), 0)

WRAP(WRAP_CRYPTO, EVP_MD_CTX_new, EVP_MD_CTX *, (void), (), NULL)
WRAP(WRAP_CRYPTO, EVP_MD_fetch, EVP_MD *,
     (OSSL_LIB_CTX * c, const char *name, const char *properties), (c, name, properties), NULL)
WRAP(WRAP_CRYPTO, EVP_Digest, int,
     (const void *p, size_t n, unsigned char *out, unsigned *out_n, const EVP_MD *how, ENGINE *e),
     (p, n, out, out_n, how, e), 0)
WRAP(WRAP_CRYPTO, EVP_DigestInit_ex, int, (EVP_MD_CTX * c, const EVP_MD *how, ENGINE *e),
     (c, how, e), 0)
WRAP(WRAP_CRYPTO, EVP_DigestUpdate, int, (EVP_MD_CTX * c, const void *p, size_t n), (c, p, n), 0)
WRAP(WRAP_CRYPTO, EVP_DigestFinal_ex, int, (EVP_MD_CTX * c, unsigned char *out, unsigned *n),
     (c, out, n), 0)
WRAP(WRAP_CRYPTO, EVP_DigestSignInit, int,
     (EVP_MD_CTX * c, EVP_PKEY_CTX **k, const EVP_MD *how, ENGINE *e, EVP_PKEY *key),
     (c, k, how, e, key), 0)
WRAP(WRAP_CRYPTO, EVP_DigestSign, int,
     (EVP_MD_CTX * c, unsigned char *out, size_t *out_n, const unsigned char *p, size_t n),
     (c, out, out_n, p, n), 0)
WRAP(WRAP_CRYPTO, EVP_DigestVerifyInit, int,
     (EVP_MD_CTX * c, EVP_PKEY_CTX **k, const EVP_MD *how, ENGINE *e, EVP_PKEY *key),
     (c, k, how, e, key), 0)
WRAP(WRAP_CRYPTO, EVP_DigestVerify, int,
     (EVP_MD_CTX * c, const unsigned char *sig, size_t sig_n, const unsigned char *p, size_t n),
     (c, sig, sig_n, p, n), -1)
WRAP(WRAP_CRYPTO, HMAC, unsigned char *,
     (const EVP_MD *how, const void *key, int key_n, const unsigned char *p, size_t n,
      unsigned char *out, unsigned *out_n),
     (how, key, key_n, p, n, out, out_n), NULL)

WRAP(WRAP_CRYPTO, EVP_PKEY_CTX_new, EVP_PKEY_CTX *, (EVP_PKEY * key, ENGINE *e), (key, e), NULL)
WRAP(WRAP_CRYPTO, EVP_PKEY_CTX_new_from_name, EVP_PKEY_CTX *,
     (OSSL_LIB_CTX * c, const char *name, const char *properties), (c, name, properties), NULL)
WRAP(WRAP_CRYPTO, EVP_PKEY_fromdata_init, int, (EVP_PKEY_CTX * c), (c), 0)
WRAP(WRAP_CRYPTO, EVP_PKEY_verify_init, int, (EVP_PKEY_CTX * c), (c), 0)
WRAP(WRAP_CRYPTO, EVP_PKEY_verify, int,
     (EVP_PKEY_CTX * c, const unsigned char *sig, size_t sig_n, const unsigned char *p, size_t n),
     (c, sig, sig_n, p, n), -1)
WRAP(WRAP_CRYPTO, ECDSA_SIG_new, ECDSA_SIG *, (void), (), NULL)
WRAP(WRAP_CRYPTO, i2d_ECDSA_SIG, int, (const ECDSA_SIG *sig, unsigned char **out), (sig, out), -1)

WRAP(WRAP_CRYPTO, X509_new_ex, X509 *, (OSSL_LIB_CTX * c, const char *properties), (c, properties),
     NULL)
WRAP(WRAP_CRYPTO, d2i_X509, X509 *, (X509 * *out, const unsigned char **p, long n), (out, p, n),
     NULL)
WRAP(WRAP_CRYPTO, d2i_PUBKEY, EVP_PKEY *, (EVP_PKEY * *out, const unsigned char **p, long n),
     (out, p, n), NULL)
WRAP(WRAP_CRYPTO, d2i_PKCS12, PKCS12 *, (PKCS12 * *out, const unsigned char **p, long n),
     (out, p, n), NULL)
WRAP(WRAP_CRYPTO, X509_get_pubkey, EVP_PKEY *, (X509 * x), (x), NULL)
WRAP(WRAP_CRYPTO, X509_get0_pubkey, EVP_PKEY *, (const X509 *x), (x), NULL)
WRAP(WRAP_CRYPTO, PEM_read_bio_X509, X509 *,
     (BIO * b, X509 **out, pem_password_cb *ask, void *self), (b, out, ask, self), NULL)
WRAP(WRAP_CRYPTO, PEM_write_bio_X509, int, (BIO * b, const X509 *x), (b, x), 0)
WRAP(WRAP_CRYPTO, OPENSSL_sk_new_null, OPENSSL_STACK *, (void), (), NULL)
WRAP(WRAP_CRYPTO, OPENSSL_sk_push, int, (OPENSSL_STACK * s, const void *p), (s, p), 0)
/* clang-format on */
