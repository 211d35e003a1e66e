#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "crypto.h"
#include "shikaku/codes.h"

/* A certificate made here and now; times as ASN.1 text. */
struct made {
    EVP_PKEY *key;
    uint8_t *der;
    size_t n;
};

static void set_time(ASN1_TIME *t, const char *text) {
    if (!ASN1_TIME_set_string(t, text)) {
        fail_msg("time %s", text);
    }
}

static void set_cn(X509 *x, const char *cn, int n) {
    X509_NAME *name = X509_get_subject_name(x);
    assert_int_equal(
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)cn, n, -1, 0),
        1);
}

static struct made make(EVP_PKEY *key, const char *from, const char *to, const char *cn, int cn_n) {
    struct made m = {.key = key};
    X509 *x = X509_new();
    assert_non_null(x);
    assert_int_equal(X509_set_version(x, 2), 1);
    assert_int_equal(ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), 0x0705D990), 1);
    set_time(X509_getm_notBefore(x), from);
    set_time(X509_getm_notAfter(x), to);
    set_cn(x, cn, cn_n);
    assert_int_equal(X509_set_pubkey(x, key), 1);
    assert_true(X509_sign(x, key, EVP_sha256()) > 0);
    int n = i2d_X509(x, &m.der);
    assert_true(n > 0);
    m.n = (size_t)n;
    X509_free(x);
    return m;
}

static void unmake(struct made *m) {
    OPENSSL_free(m->der);
    EVP_PKEY_free(m->key);
    *m = (struct made){0};
}

static struct made usual(void) {
    return make(EVP_RSA_gen(2048), "20251027000000Z", "20300217145959Z", "997794E9AGCIEG13221003A",
                -1);
}

static void hashes_of_known_texts(void **state) {
    (void)state;
    uint8_t out[48];
    char hex[97];
    assert_int_equal(sha256((const uint8_t *)"abc", 3, out), SHK_OK);
    hex_encode(out, 32, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(sha256(NULL, 0, out), SHK_OK);
    hex_encode(out, 32, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_int_equal(sha384((const uint8_t *)"abc", 3, out), SHK_OK);
    hex_encode(out, 48, hex);
    assert_string_equal(hex, "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                             "8086072ba1e7cc2358baeca134c825a7");
}

static void base64_of_known_texts(void **state) {
    (void)state;
    static const struct {
        const char *from, *to;
    } known[] = {{"", ""},
                 {"f", "Zg=="},
                 {"fo", "Zm8="},
                 {"foo", "Zm9v"},
                 {"foob", "Zm9vYg=="},
                 {"fooba", "Zm9vYmE="},
                 {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct bytes out = {0};
        assert_int_equal(bytes_append_text(&out, "x:"), SHK_OK);
        assert_int_equal(base64_append(&out, (const uint8_t *)known[i].from, strlen(known[i].from)),
                         SHK_OK);
        assert_string_equal(bytes_text(&out) + 2, known[i].to);
        assert_int_equal(out.n, 2 + strlen(known[i].to));
        bytes_clear(&out);
    }
}

static void long_base64_has_no_line_breaks(void **state) {
    (void)state;
    uint8_t many[3000] = {0};
    struct bytes out = {0};
    assert_int_equal(base64_append(&out, many, sizeof many), SHK_OK);
    assert_int_equal(out.n, 4000);
    for (size_t i = 0; i < out.n; i++) {
        assert_int_equal(out.p[i], 'A');
    }
    bytes_clear(&out);
}

static void random_bytes_differ(void **state) {
    (void)state;
    uint8_t a[32] = {0}, b[32] = {0};
    assert_int_equal(random_fill(a, sizeof a), SHK_OK);
    assert_int_equal(random_fill(b, sizeof b), SHK_OK);
    assert_memory_not_equal(a, b, sizeof a);
}

static void certificate_is_read(void **state) {
    (void)state;
    struct made m = usual();
    struct certificate_info info;
    assert_int_equal(certificate_read(m.der, m.n, &info, NULL), SHK_OK);
    assert_int_equal(info.kind, KEY_RSA);
    assert_int_equal(info.key_bits, 2048);
    assert_int_equal(info.not_before_s, 1761523200);
    assert_int_equal(info.not_after_s, 1897570799);
    assert_string_equal(info.common_name, "997794E9AGCIEG13221003A");
    assert_string_equal(info.serial_hex, "0705d990");
    unmake(&m);
}

static void expect_times(const char *from, const char *to, int32_t rc, int64_t first,
                         int64_t last) {
    struct certificate_info info;
    struct made m = make(EVP_EC_gen("P-384"), from, to, "A", 1);
    assert_int_equal(certificate_read(m.der, m.n, &info, NULL), rc);
    assert_true(info.not_before_s == first);
    assert_true(info.not_after_s == last);
    unmake(&m);
}

static void times_at_the_edges(void **state) {
    (void)state;
    expect_times("700101000000Z", "700101000001Z", SHK_OK, 0, 1);
    expect_times("20000229235959Z", "20000301000000Z", SHK_OK, 951868799, 951868800);
    expect_times("20381231235959Z", "99991231235959Z", SHK_OK, 2177452799, 253402300799);
    expect_times("21000228235959Z", "21000301000000Z", SHK_OK, 4107542399, 4107542400);
    expect_times("691231235959Z", "700101000001Z", SHK_E_CERTIFICATE, 0, 0);
    expect_times("19500101000000Z", "20300101000000Z", SHK_E_CERTIFICATE, 0, 0);
    expect_times("20300101000001Z", "20300101000000Z", SHK_E_CERTIFICATE, 0, 0);
}

static void names_that_deceive_are_refused_and_long_ones_cut(void **state) {
    (void)state;
    struct certificate_info info;
    struct made m = make(EVP_EC_gen("P-384"), "20250101000000Z", "20300101000000Z", "A\0B", 3);
    assert_int_equal(certificate_read(m.der, m.n, &info, NULL), SHK_E_CERTIFICATE);
    unmake(&m);
    const char name[] = "見本見本見本見本見本見本見本見本見本見本見本見本";
    m = make(EVP_EC_gen("P-384"), "20250101000000Z", "20300101000000Z", name, -1);
    assert_int_equal(certificate_read(m.der, m.n, &info, NULL), SHK_OK);
    assert_int_equal(strlen(info.common_name), 63); /* whole characters */
    assert_memory_equal(info.common_name, name, 63);
    unmake(&m);
}

static void kinds_of_keys(void **state) {
    (void)state;
    struct certificate_info info;
    struct made m = make(EVP_EC_gen("P-384"), "20250101000000Z", "20300101000000Z", "A", 1);
    assert_int_equal(certificate_read(m.der, m.n, &info, NULL), SHK_OK);
    assert_int_equal(info.kind, KEY_EC_P384);
    assert_int_equal(info.key_bits, 384);
    unmake(&m);
    m = make(EVP_EC_gen("P-256"), "20250101000000Z", "20300101000000Z", "A", 1);
    assert_int_equal(certificate_read(m.der, m.n, &info, NULL), SHK_OK);
    assert_int_equal(info.kind, KEY_OTHER);
    unmake(&m);
}

static void what_is_no_certificate_is_refused(void **state) {
    (void)state;
    struct certificate_info info;
    struct made m = usual();
    uint8_t longer[4096] = {0};
    memcpy(longer, m.der, m.n);
    assert_int_equal(certificate_read(longer, m.n + 1, &info, NULL), SHK_E_CERTIFICATE);
    assert_int_equal(certificate_read(longer, m.n - 1, &info, NULL), SHK_E_CERTIFICATE);
    assert_int_equal(certificate_read(longer, 0, &info, NULL), SHK_E_CERTIFICATE);
    assert_int_equal(certificate_read(NULL, 0, &info, NULL), SHK_E_CERTIFICATE);
    for (size_t at = 0; at < m.n; at++) {
        longer[at] ^= 0xFF;
        (void)certificate_read(longer, m.n, &info, NULL);
        assert_int_equal(ERR_peek_error(), 0);
        longer[at] ^= 0xFF;
    }
    unmake(&m);
}

static size_t sign(EVP_PKEY *key, const EVP_MD *md, const uint8_t *d, size_t d_len, uint8_t *out,
                   size_t cap) {
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
    assert_int_equal(EVP_PKEY_sign_init(ctx), 1);
    assert_int_equal(EVP_PKEY_CTX_set_signature_md(ctx, md), 1);
    assert_int_equal(EVP_PKEY_sign(ctx, out, &cap, d, d_len), 1);
    EVP_PKEY_CTX_free(ctx);
    return cap;
}

/* Under the key of this certificate, which is not there when the certificate is none. */
static bool verifies(const uint8_t *der, size_t n, const uint8_t *d, size_t d_len,
                     const uint8_t *sig, size_t sig_len) {
    struct certificate_info info;
    struct certificate_key *key = NULL;
    int32_t rc = certificate_read(der, n, &info, &key);
    assert_true((rc == SHK_OK) == (key != NULL));
    bool ok = certificate_key_verifies(key, d, d_len, sig, sig_len);
    certificate_key_free(&key);
    assert_null(key);
    return ok;
}

static void rsa_signatures(void **state) {
    (void)state;
    struct made m = usual(), other = usual();
    uint8_t d[48] = {7}, sig[256];
    assert_int_equal(sign(m.key, EVP_sha256(), d, 32, sig, sizeof sig), 256);
    assert_true(verifies(m.der, m.n, d, 32, sig, 256));
    assert_false(verifies(other.der, other.n, d, 32, sig, 256));
    assert_false(verifies(m.der, m.n, d, 32, sig, 255));
    assert_false(verifies(m.der, m.n, d, 48, sig, 256));
    assert_false(verifies(m.der, m.n, d, 20, sig, 256));
    assert_false(verifies(m.der, m.n - 1, d, 32, sig, 256));
    sig[100] ^= 1;
    assert_false(verifies(m.der, m.n, d, 32, sig, 256));
    assert_int_equal(ERR_peek_error(), 0);
    sig[100] ^= 1;
    d[31] ^= 1;
    assert_false(verifies(m.der, m.n, d, 32, sig, 256));
    unmake(&m);
    unmake(&other);
}

/* A second reading puts its own key there, or none. */
static void a_key_is_replaced(void **state) {
    (void)state;
    struct made m = usual(), other = usual();
    struct certificate_info info;
    struct certificate_key *key = NULL;
    uint8_t d[32] = {7}, sig[256];
    assert_int_equal(sign(m.key, EVP_sha256(), d, 32, sig, sizeof sig), 256);
    assert_int_equal(certificate_read(other.der, other.n, &info, &key), SHK_OK);
    assert_false(certificate_key_verifies(key, d, 32, sig, 256));
    assert_int_equal(certificate_read(m.der, m.n, &info, &key), SHK_OK);
    assert_true(certificate_key_verifies(key, d, 32, sig, 256));
    assert_int_equal(certificate_read(m.der, m.n - 1, &info, &key), SHK_E_CERTIFICATE);
    assert_null(key);
    unmake(&m);
    unmake(&other);
}

/* A certificate that is whole but for the key in it, which ends too early. */
static void cut_key(struct made *m, size_t left) {
    const uint8_t *p = m->der, *bits = NULL;
    int n = 0;
    X509 *x = d2i_X509(NULL, &p, (long)m->n);
    assert_non_null(x);
    X509_PUBKEY *key = X509_get_X509_PUBKEY(x);
    assert_int_equal(X509_PUBKEY_get0_param(NULL, &bits, &n, NULL, key), 1);
    uint8_t *fewer = OPENSSL_memdup(bits, left);
    assert_int_equal(X509_PUBKEY_set0_param(key, OBJ_nid2obj(NID_rsaEncryption), V_ASN1_NULL, NULL,
                                            fewer, (int)left),
                     1);
    assert_true(X509_sign(x, m->key, EVP_sha256()) > 0);
    OPENSSL_free(m->der);
    m->der = NULL;
    m->n = (size_t)i2d_X509(x, &m->der);
    X509_free(x);
}

static void a_key_cut_short_verifies_nothing(void **state) {
    (void)state;
    struct made m = usual();
    struct certificate_info info;
    uint8_t d[32] = {7}, sig[256];
    assert_int_equal(sign(m.key, EVP_sha256(), d, 32, sig, sizeof sig), 256);
    ERR_clear_error();
    for (size_t left = 269; left > 0; left--) {
        cut_key(&m, left);
        ERR_clear_error();
        int32_t rc = certificate_read(m.der, m.n, &info, NULL);
        assert_true(rc == SHK_E_CERTIFICATE || (rc == SHK_OK && info.kind == KEY_OTHER));
        assert_false(verifies(m.der, m.n, d, 32, sig, 256));
        assert_int_equal(ERR_peek_error(), 0);
    }
    unmake(&m);
}

static void raw_ec_signatures(void **state) {
    (void)state;
    struct made m = make(EVP_EC_gen("P-384"), "20250101000000Z", "20300101000000Z", "A", 1);
    uint8_t d[48] = {9}, der[200], raw[96];
    size_t n = sign(m.key, EVP_sha384(), d, 48, der, sizeof der);
    const uint8_t *p = der;
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &p, (long)n);
    assert_non_null(pair);
    assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw, 48), 48);
    assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw + 48, 48), 48);
    ECDSA_SIG_free(pair);
    assert_true(verifies(m.der, m.n, d, 48, raw, 96));
    assert_false(verifies(m.der, m.n, d, 48, raw, 95));
    assert_false(verifies(m.der, m.n, d, 48, der, n));
    raw[0] ^= 1;
    assert_false(verifies(m.der, m.n, d, 48, raw, 96));
    unmake(&m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_of_known_texts),
        cmocka_unit_test(base64_of_known_texts),
        cmocka_unit_test(long_base64_has_no_line_breaks),
        cmocka_unit_test(random_bytes_differ),
        cmocka_unit_test(certificate_is_read),
        cmocka_unit_test(times_at_the_edges),
        cmocka_unit_test(names_that_deceive_are_refused_and_long_ones_cut),
        cmocka_unit_test(kinds_of_keys),
        cmocka_unit_test(what_is_no_certificate_is_refused),
        cmocka_unit_test(rsa_signatures),
        cmocka_unit_test(a_key_is_replaced),
        cmocka_unit_test(a_key_cut_short_verifies_nothing),
        cmocka_unit_test(raw_ec_signatures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
