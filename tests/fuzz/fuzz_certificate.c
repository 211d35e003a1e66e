/* A certificate that a card hands out, and a signature that it makes. */
#include <string.h>

#include <openssl/ecdsa.h>

#include "card_judge.h"
#include "crypto.h"
#include "fuzz.h"
#include "signature.h"
#include "validity.h"

#define NOW_S INT64_C(1800000000)

static const uint8_t digest[48] = {1, 2, 3};

static bool is_hex(const char *text) {
    return strspn(text, "0123456789abcdef") == strlen(text);
}

/* What of it the rules take, and what is known of it. */
static bool take(const struct fuzz_input *der, struct identity *id) {
    const struct identity_rules rules = {.no_p384 = false};
    struct fault why = {0};
    int32_t rc = certificate_read(der->p, der->n, &id->info, &id->key);
    if (rc != SHK_OK) {
        fuzz_must(id->key == NULL, "the key of a broken certificate");
        fuzz_must(judge_all_zero(&id->info, sizeof id->info), "something of a broken certificate");
        return false;
    }
    fuzz_must(id->info.key_bits > 0 && id->info.not_before_s <= id->info.not_after_s, "its dates");
    fuzz_must(strnlen(id->info.common_name, 65) < 65 && is_hex(id->info.serial_hex), "its texts");
    rc = validity_of_key(&id->info, &rules, id->algorithm, &why);
    judge_fault(rc, &why);
    fuzz_must((rc == SHK_OK) == (id->algorithm[0] != '\0'), "a key without an algorithm");
    bool usable = rc == SHK_OK;
    fault_clear(&why);
    rc = validity_of_dates(&id->info, NOW_S, &why);
    judge_fault(rc, &why);
    fuzz_must(rc != SHK_OK || id->info.not_after_s >= NOW_S, "an old certificate");
    return usable && bytes_append(&id->certificate, der->p, der->n) == SHK_OK;
}

static void check_signature(const struct identity *id, const struct fuzz_input *made) {
    struct bytes out = {0};
    size_t n = signature_digest_len(id);
    int32_t rc = signature_take(id, digest, made->p, made->n, &out);
    fuzz_must(rc == SHK_OK || out.n == 0, "a signature that was refused");
    if (rc == SHK_OK) {
        judge_signature(id, digest, n, &out);
    }
    bytes_clear(&out);
}

/* The form of DER that is taken is one that OpenSSL writes. */
static void check_der(const struct fuzz_input *made) {
    uint8_t raw[ES384_RAW];
    unsigned char *der = NULL;
    if (!signature_from_der(made->p, made->n, raw)) {
        return;
    }
    fuzz_faults(false);
    ECDSA_SIG *pair = ECDSA_SIG_new();
    (void)ECDSA_SIG_set0(pair, BN_bin2bn(raw, ES384_HALF, NULL),
                         BN_bin2bn(raw + ES384_HALF, ES384_HALF, NULL));
    int n = i2d_ECDSA_SIG(pair, &der);
    fuzz_must(n > 0 && (size_t)n == made->n && memcmp(der, made->p, made->n) == 0,
              "a form that DER does not allow");
    OPENSSL_free(der);
    ECDSA_SIG_free(pair);
    fuzz_faults(true);
}

/* Two bytes of length, the certificate, the signature. */
void fuzz_one(const uint8_t *p, size_t n) {
    struct fuzz_input in = {p, n};
    struct identity id = {.tries_left = -1};
    size_t len = (size_t)fuzz_byte(&in) << 8;
    struct fuzz_input der = fuzz_bytes(&in, len | fuzz_byte(&in));
    if (take(&der, &id)) {
        check_signature(&id, &in);
    }
    check_der(&in);
    identity_clear(&id);
}
