#include "crypto.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "shikaku/codes.h"

#define P384_BYTES 48u

/* The host may unload OpenSSL's users in any order, so no exit handler is left behind. */
static void start(void) {
    (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
}

/* The host's own OpenSSL calls on this thread must not find our errors. */
static int32_t leave(bool ok, int32_t code) {
    ERR_clear_error();
    return ok ? SHK_OK : code;
}

void crypto_leave_thread(void) {
    OPENSSL_thread_stop();
}

static int32_t digest(const EVP_MD *md, const uint8_t *p, size_t n, uint8_t *out) {
    start();
    return leave(EVP_Digest(n > 0 ? p : (const uint8_t *)"", n, out, NULL, md, NULL) == 1,
                 SHK_E_INTERNAL);
}

int32_t sha256(const uint8_t *p, size_t n, uint8_t out[32]) {
    return digest(EVP_sha256(), p, n, out);
}

int32_t sha384(const uint8_t *p, size_t n, uint8_t out[48]) {
    return digest(EVP_sha384(), p, n, out);
}

int32_t base64_append(struct bytes *out, const uint8_t *p, size_t n) {
    if (n > INT_MAX / 2) {
        return SHK_E_ARGUMENT;
    }
    size_t coded = (n + 2) / 3 * 4;
    int32_t rc = bytes_reserve(out, out->n + coded);
    if (rc != SHK_OK || n == 0) {
        return rc;
    }
    start();
    out->n += (size_t)EVP_EncodeBlock(out->p + out->n, p, (int)n);
    return leave(true, SHK_OK);
}

int32_t random_fill(uint8_t *p, size_t n) {
    start();
    bool ok = true;
    while (ok && n > 0) {
        int piece = n > INT_MAX ? INT_MAX : (int)n;
        ok = RAND_bytes(p, piece) == 1;
        p += piece;
        n -= (size_t)piece;
    }
    return leave(ok, SHK_E_INTERNAL);
}

static enum key_kind kind_of(const EVP_PKEY *key) {
    char group[32] = "";
    if (EVP_PKEY_is_a(key, "RSA")) {
        return KEY_RSA;
    }
    if (EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_group_name(key, group, sizeof group, NULL) == 1 &&
        text_equal(group, "secp384r1")) {
        return KEY_EC_P384;
    }
    return KEY_OTHER;
}

static int64_t days_from_1970(int64_t y, int64_t m, int64_t d) {
    /* March is the first month of the counted year, so that the leap day is its last. */
    y -= m <= 2;
    int64_t era = y / 400, of_era = y % 400;
    int64_t of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* Neither timegm nor mktime: both look at the host's time zone. */
static bool seconds_of(const ASN1_TIME *t, int64_t *out) {
    struct tm tm;
    memset(&tm, 0, sizeof tm);
    if (t == NULL || ASN1_TIME_to_tm(t, &tm) != 1 || tm.tm_year < 70) {
        return false;
    }
    int64_t days = days_from_1970((int64_t)tm.tm_year + 1900, (int64_t)tm.tm_mon + 1, tm.tm_mday);
    *out = days * 86400 + (int64_t)tm.tm_hour * 3600 + (int64_t)tm.tm_min * 60 + tm.tm_sec;
    return true;
}

static bool read_common_name(const X509 *x, char *out, size_t cap) {
    const X509_NAME *subject = X509_get_subject_name(x);
    int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at < 0) {
        return true;
    }
    unsigned char *text = NULL;
    int n = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    bool ok = n >= 0 && memchr(text, 0, (size_t)n) == NULL;
    if (ok) {
        text_copy_n(out, cap, (const char *)text, (size_t)n);
    }
    if (text != NULL) {
        OPENSSL_clear_free(text, n > 0 ? (size_t)n : 1);
    }
    return ok;
}

static bool read_serial(const X509 *x, char *out, size_t cap) {
    BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x), NULL);
    uint8_t raw[21];
    bool ok = number != NULL && !BN_is_negative(number) &&
              BN_num_bytes(number) <= (int)sizeof raw && cap > 2 * sizeof raw;
    if (ok) {
        hex_encode(raw, (size_t)BN_bn2bin(number, raw), out);
    }
    BN_free(number);
    return ok;
}

static bool read_key(const EVP_PKEY *key, struct certificate_info *out) {
    if (key == NULL) {
        return false;
    }
    out->kind = kind_of(key);
    out->key_bits = EVP_PKEY_get_bits(key);
    return out->key_bits > 0;
}

static X509 *parse(const uint8_t *der, size_t n) {
    const uint8_t *end = der;
    if (der == NULL || n == 0 || n > LONG_MAX) {
        return NULL;
    }
    X509 *x = d2i_X509(NULL, &end, (long)n);
    if (x != NULL && end != der + n) {
        X509_free(x);
        x = NULL;
    }
    return x;
}

struct certificate_key {
    EVP_PKEY *key;
    enum key_kind kind;
};

static int32_t keep_key(EVP_PKEY *key, enum key_kind kind, struct certificate_key **out) {
    struct certificate_key *k = calloc(1, sizeof *k);
    if (k == NULL || EVP_PKEY_up_ref(key) != 1) {
        free(k);
        return SHK_E_MEMORY;
    }
    *k = (struct certificate_key){key, kind};
    *out = k;
    return SHK_OK;
}

void certificate_key_free(struct certificate_key **key) {
    if (*key != NULL) {
        EVP_PKEY_free((*key)->key);
        free(*key);
        *key = NULL;
    }
}

int32_t certificate_read(const uint8_t *der, size_t n, struct certificate_info *out,
                         struct certificate_key **key) {
    memset(out, 0, sizeof *out);
    if (key != NULL) {
        certificate_key_free(key);
    }
    start();
    X509 *x = parse(der, n);
    EVP_PKEY *own = x != NULL ? X509_get0_pubkey(x) : NULL;
    bool ok = read_key(own, out) && seconds_of(X509_get0_notBefore(x), &out->not_before_s) &&
              seconds_of(X509_get0_notAfter(x), &out->not_after_s) &&
              out->not_before_s <= out->not_after_s &&
              read_common_name(x, out->common_name, sizeof out->common_name) &&
              read_serial(x, out->serial_hex, sizeof out->serial_hex);
    int32_t rc = ok ? SHK_OK : SHK_E_CERTIFICATE;
    rc = ok && key != NULL ? keep_key(own, out->kind, key) : rc;
    X509_free(x);
    if (rc != SHK_OK) {
        memory_wipe(out, sizeof *out);
    }
    return leave(rc == SHK_OK, rc);
}

static const EVP_MD *hash_of(size_t digest_len) {
    return digest_len == 32 ? EVP_sha256() : digest_len == 48 ? EVP_sha384() : NULL;
}

static bool verify(EVP_PKEY *key, int padding, const uint8_t *d, size_t d_len, const uint8_t *sig,
                   size_t sig_len) {
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
    bool ok = ctx != NULL && EVP_PKEY_verify_init(ctx) == 1 &&
              (padding == 0 || EVP_PKEY_CTX_set_rsa_padding(ctx, padding) == 1) &&
              EVP_PKEY_CTX_set_signature_md(ctx, hash_of(d_len)) == 1 &&
              EVP_PKEY_verify(ctx, sig, sig_len, d, d_len) == 1;
    EVP_PKEY_CTX_free(ctx);
    return ok;
}

static bool verify_ec(EVP_PKEY *key, const uint8_t *d, size_t d_len, const uint8_t *raw,
                      size_t raw_len) {
    if (raw_len != (size_t)2 * P384_BYTES) {
        return false;
    }
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(raw, (int)P384_BYTES, NULL);
    BIGNUM *s = BN_bin2bn(raw + P384_BYTES, (int)P384_BYTES, NULL);
    unsigned char *der = NULL;
    int n = 0;
    if (pair != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(pair, r, s) == 1) {
        r = s = NULL; /* now the pair's */
        n = i2d_ECDSA_SIG(pair, &der);
    }
    bool ok = n > 0 && verify(key, 0, d, d_len, der, (size_t)n);
    OPENSSL_free(der);
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(pair);
    return ok;
}

bool certificate_key_verifies(const struct certificate_key *key, const uint8_t *d, size_t d_len,
                              const uint8_t *signature, size_t signature_len) {
    if (key == NULL || hash_of(d_len) == NULL) {
        return false;
    }
    start();
    bool ok = false;
    if (key->kind == KEY_RSA) {
        ok = verify(key->key, RSA_PKCS1_PADDING, d, d_len, signature, signature_len);
    } else if (key->kind == KEY_EC_P384) {
        ok = verify_ec(key->key, d, d_len, signature, signature_len);
    }
    (void)leave(ok, SHK_OK);
    return ok;
}
