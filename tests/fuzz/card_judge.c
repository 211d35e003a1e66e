#include "card_judge.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "fuzz.h"

bool judge_all_zero(const void *p, size_t n) {
    const uint8_t *b = p;
    uint8_t any = 0;
    for (size_t i = 0; i < n; i++) {
        any |= b[i];
    }
    return any == 0;
}

void judge_fault(int32_t rc, const struct fault *why) {
    fuzz_must(rc == why->code, "the fault is another one than was returned");
    fuzz_must(rc <= 0 && (rc == SHK_OK || fault_find(rc) != NULL), "a code that is not known");
}

void judge_identity(const struct identity *id, const struct identity_rules *rules, int64_t now_s) {
    bool later = id->certificate.n == 0; /* a phone: behind its PIN */
    fuzz_must(later || (now_s >= id->info.not_before_s && now_s <= id->info.not_after_s),
              "a certificate out of its dates");
    bool rsa = strcmp(id->algorithm, "RS256") == 0, ec = strcmp(id->algorithm, "ES384") == 0;
    fuzz_must(later || rsa || (ec && !rules->no_p384), "a kind of key that cannot be used");
    fuzz_must(!rsa || (id->info.kind == KEY_RSA && id->info.key_bits >= 2048), "a short key");
    fuzz_must(id->tries_left >= -1 && id->tries_left <= 15, "a counter that cannot be");
}

static EVP_PKEY *key_of(const struct identity *id) {
    const unsigned char *at = id->certificate.p;
    X509 *x = d2i_X509(NULL, &at, (long)id->certificate.n);
    fuzz_must(x != NULL, "a signature without a certificate");
    EVP_PKEY *key = X509_get_pubkey(x);
    X509_free(x);
    fuzz_must(key != NULL, "a certificate without a key");
    return key;
}

/* r||s as OpenSSL wants it. */
static unsigned char *ecdsa_der(const struct bytes *signature, size_t *n) {
    unsigned char *der = NULL;
    ECDSA_SIG *pair = ECDSA_SIG_new();
    size_t half = signature->n / 2;
    (void)ECDSA_SIG_set0(pair, BN_bin2bn(signature->p, (int)half, NULL),
                         BN_bin2bn(signature->p + half, (int)half, NULL));
    int len = i2d_ECDSA_SIG(pair, &der);
    *n = len > 0 ? (size_t)len : 0;
    ECDSA_SIG_free(pair);
    return der;
}

static bool verifies(EVP_PKEY *key, bool ec, const struct bytes *d, const uint8_t *made, size_t n) {
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
    bool good = EVP_PKEY_verify_init(ctx) == 1 &&
                (ec || EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1) &&
                EVP_PKEY_CTX_set_signature_md(ctx, d->n == 48 ? EVP_sha384() : EVP_sha256()) == 1 &&
                EVP_PKEY_verify(ctx, made, n, d->p, d->n) == 1;
    EVP_PKEY_CTX_free(ctx);
    return good;
}

void judge_signature(const struct identity *id, const uint8_t *digest, size_t digest_len,
                     const struct bytes *signature) {
    uint8_t copy[48];
    struct bytes d = {.p = copy, .n = digest_len};
    fuzz_faults(false);
    memcpy(copy, digest, digest_len);
    EVP_PKEY *key = key_of(id);
    bool ec = EVP_PKEY_is_a(key, "EC") == 1;
    size_t n = signature->n;
    unsigned char *der = ec ? ecdsa_der(signature, &n) : NULL;
    fuzz_must(!ec || signature->n == 96, "the form of an ECDSA signature");
    fuzz_must(verifies(key, ec, &d, ec ? der : signature->p, n), "a signature that is none");
    OPENSSL_free(der);
    EVP_PKEY_free(key);
    fuzz_faults(true);
}

void judge_attributes(int32_t rc, const struct attributes *a) {
    if (rc != SHK_OK) {
        fuzz_must(judge_all_zero(a, sizeof *a), "attributes of a card that was refused");
        return;
    }
    fuzz_must(a->name.n > 0 && a->address.n > 0 && strlen(a->birth_date) == 8 &&
                  strspn(a->birth_date, "0123456789") == 8 && a->sex != '\0' &&
                  strchr("0129", a->sex) != NULL,
              "attributes that are not whole");
}

void judge_let_go(const struct card_watch *w) {
    fuzz_must(!w->in_transaction && !w->connected, "the card is still held");
    fuzz_must(w->begins == w->power_downs, "a transaction ended with the power on");
}
