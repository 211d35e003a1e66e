/* Answers that are made to deceive: good status words over too little, keys that are cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "card_made.h"
#include "crypto.h"
#include "shikaku/codes.h"

#define SIGN "802A"

/* 9000 over less than a signature: none is handed on, and nothing is asked a second time. */
static void short_signature_with_a_good_status_is_none(void **state) {
    (void)state;
    static const char *const made[] = {"9000", "009000", "300602010102010190009000"};
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
        struct odd_answer odd[] = {{SIGN, 0, 0, 0, made[i]}, {0}};
        start();
        answer_oddly(odd);
        assert_int_equal(read_card(), SHK_OK);
        assert_int_equal(sign("1234", false), SHK_E_SIGNATURE);
        assert_int_equal(signature.n, 0);
        assert_int_equal(reader.verifies, 1);
        assert_int_equal(sent(SIGN, 0), 1);
        stop();
    }
}

/* The certificate is refused, so that the card is asked which ones it has: one byte of three says nothing of that. */
static void short_answer_with_a_good_status_denies_no_certificate(void **state) {
    (void)state;
    struct odd_answer odd[] = {{"00B08A", 0, 0, 0, "6982"},
                               {"00B0000000", 0, 0, 0, "6982"},
                               {"00B088", 0, 0, 0, "8F9000"},
                               {"00B0000003", 0, 0, 0, "8F9000"},
                               {0}};
    start();
    answer_oddly(odd);
    assert_int_equal(read_card(), SHK_E_CARD_ANSWER);
    assert_true(sent("00B088", 0) > 0);
    assert_int_equal(reader.verifies, 0);
    stop();
}

/* A certificate that is good in every other way, and whose key ends after `cut` bytes. False: it ends there anyway. */
static bool cut_key(EVP_PKEY *key, size_t cut, struct bytes *out) {
    struct bytes whole = {0};
    ASN1_OBJECT *kind = NULL;
    const unsigned char *at, *p = NULL;
    unsigned char *der = NULL;
    int n = 0, curve = EVP_PKEY_is_a(key, "EC") == 1 ? NID_secp384r1 : NID_undef;
    made_certificate(key, &whole);
    at = whole.p;
    X509 *x = d2i_X509(NULL, &at, (long)whole.n);
    assert_int_equal(X509_PUBKEY_get0_param(&kind, &p, &n, NULL, X509_get_X509_PUBKEY(x)), 1);
    bool shorter = cut < (size_t)n;
    unsigned char *part = OPENSSL_memdup(p, cut < (size_t)n ? cut + 1 : (size_t)n);
    assert_int_equal(X509_PUBKEY_set0_param(X509_get_X509_PUBKEY(x), OBJ_dup(kind),
                                            curve != NID_undef ? V_ASN1_OBJECT : V_ASN1_NULL,
                                            curve != NID_undef ? OBJ_nid2obj(curve) : NULL, part,
                                            shorter ? (int)cut : n),
                     1);
    assert_true(X509_sign(x, key, EVP_sha256()) > 0);
    n = i2d_X509(x, &der);
    bytes_clear(out);
    assert_int_equal(bytes_append(out, der, (size_t)n), SHK_OK);
    OPENSSL_free(der);
    X509_free(x);
    bytes_clear(&whole);
    return shorter;
}

static void cut_at_every_byte(const char *kind) {
    EVP_PKEY *key = made_key(kind);
    struct certificate_info info;
    struct certificate_key *held = NULL;
    struct bytes der = {0};
    size_t cut = 0;
    for (; cut_key(key, cut, &der); cut++) {
        assert_int_equal(certificate_read(der.p, der.n, &info, &held), SHK_E_CERTIFICATE);
        assert_true(all_zero(&info, sizeof info));
        assert_null(held);
    }
    assert_int_equal(certificate_read(der.p, der.n, &info, NULL), SHK_OK);
    assert_true(cut > 90);
    bytes_clear(&der);
    EVP_PKEY_free(key);
}

static void truncated_public_key_is_no_key(void **state) {
    (void)state;
    cut_at_every_byte("RSA-2048");
    cut_at_every_byte("P-384");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_signature_with_a_good_status_is_none),
        cmocka_unit_test(short_answer_with_a_good_status_denies_no_certificate),
        cmocka_unit_test(truncated_public_key_is_no_key),
    };
    return case_set_up() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
