/* The key of the coming card, P-384, from the certificate to the signature; and how a signature is taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include <openssl/evp.h>

#include "card_made.h"
#include "signature.h"
#include "virtual_card.h"

static const uint8_t digest48[48] = {4, 5, 6};

static int32_t verify(const char *digits) {
    struct pin pin = {.len = 4};
    memcpy(pin.digits, digits, 4);
    return source.ops->verify(source.self, &id, &pin, false, &why);
}

static int32_t sign48(void) {
    return source.ops->sign(source.self, &id, digest48, 48, &signature, &why);
}

static void check_with(const char *form) {
    start_made("P-384", form);
    assert_int_equal(read_card(), SHK_OK);
    assert_string_equal(id.algorithm, "ES384");
    assert_int_equal(id.info.kind, KEY_EC_P384);
    assert_int_equal(id.kind, SHK_CARD_MYNUMBER);
    assert_int_equal(verify("1234"), SHK_OK);
    /* Often enough for numbers with and without a leading zero. */
    for (int i = 0; i < 24; i++) {
        assert_int_equal(sign48(), SHK_OK);
        assert_int_equal(signature.n, 96);
        assert_true(certificate_key_verifies(id.key, digest48, 48, signature.p, signature.n));
    }
    /* The bare hash and its Le. */
    assert_int_equal(reader.trace[reader.transmits - 1].len, 5 + 48 + 1);
    assert_int_equal(reader.trace[reader.transmits - 1].head[4], 48);
    assert_memory_equal(reader.trace[reader.transmits - 1].head + 5, digest48, 2);
    stop();
}

static void signs_in_both_forms(void **state) {
    (void)state;
    check_with("ecdsa_form = raw");
    check_with("ecdsa_form = der");
}

static void can_be_switched_off(void **state) {
    (void)state;
    rules.no_p384 = true;
    start_made("P-384", "");
    assert_int_equal(read_card(), SHK_E_CERTIFICATE);
    assert_string_equal(why.where, "kind of key");
    assert_string_equal(id.algorithm, "");
    fault_clear(&why);
    assert_int_equal(sign("1234", true), SHK_E_STATE);
    assert_int_equal(reader.verifies, 0);
    stop();
    start();
    assert_int_equal(read_card(), SHK_OK);
    assert_string_equal(id.algorithm, "RS256");
    stop();
    rules = plan_rules;
}

static void phone_of_the_coming_kind(void **state) {
    (void)state;
    start_made("P-384", "android = yes");
    assert_int_equal(read_card(), SHK_OK);
    assert_string_equal(id.algorithm, "");
    assert_int_equal(verify("1234"), SHK_OK);
    assert_string_equal(id.algorithm, "ES384");
    assert_int_equal(sign48(), SHK_OK);
    stop();
}

static void digest_has_the_length_of_the_algorithm(void **state) {
    (void)state;
    static const size_t wrong[] = {0, 20, 32, 47, 49};
    start_made("P-384", "");
    assert_int_equal(read_card(), SHK_OK);
    assert_int_equal(verify("1234"), SHK_OK);
    uint32_t before = reader.transmits;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(source.ops->sign(source.self, &id, digest48, wrong[i], &signature, &why),
                         SHK_E_ARGUMENT);
        fault_clear(&why);
    }
    assert_int_equal(reader.transmits, before);
    assert_int_equal(sign48(), SHK_OK);
    stop();
}

static void what_is_no_signature_is_not_used(void **state) {
    (void)state;
    static const char *const answers[] = {
        "9000", "00009000", "30060201010201019000", "3006020100020100009000", "6982",
        "6F00", "6A80"};
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct odd_answer odd[] = {{"802A", 0, 0, 0, answers[i]}, {0}};
        start_made("P-384", "");
        assert_int_equal(read_card(), SHK_OK);
        assert_int_equal(verify("1234"), SHK_OK);
        answer_oddly(odd);
        assert_int_equal(sign48(), SHK_E_SIGNATURE);
        assert_int_equal(signature.n, 0);
        fault_clear(&why);
        assert_int_equal(sign48(), SHK_E_STATE);
        stop();
    }
}

struct made {
    EVP_PKEY *key;
    struct identity id;
};

static struct made made_identity(const char *kind) {
    struct made m = {.key = made_key(kind)};
    made_certificate(m.key, &m.id.certificate);
    assert_int_equal(
        certificate_read(m.id.certificate.p, m.id.certificate.n, &m.id.info, &m.id.key), SHK_OK);
    return m;
}

static size_t sign_with(const struct made *m, const EVP_MD *md, const uint8_t *d, size_t n,
                        uint8_t *out, size_t cap) {
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(m->key, NULL);
    assert_int_equal(EVP_PKEY_sign_init(ctx), 1);
    assert_int_equal(EVP_PKEY_CTX_set_signature_md(ctx, md), 1);
    assert_int_equal(EVP_PKEY_sign(ctx, out, &cap, d, n), 1);
    EVP_PKEY_CTX_free(ctx);
    return cap;
}

static void unmake(struct made *m) {
    EVP_PKEY_free(m->key);
    identity_clear(&m->id);
}

static int32_t take(const struct made *m, const uint8_t *d, const uint8_t *p, size_t n) {
    bytes_clear(&signature);
    int32_t rc = signature_take(&m->id, d, p, n, &signature);
    assert_int_equal(signature.n == 0, rc != SHK_OK);
    return rc;
}

static void size_of_rsa_comes_from_the_certificate(void **state) {
    (void)state;
    struct made m = made_identity("RSA-3072"), other = made_identity("RSA-2048");
    uint8_t made[600];
    size_t n = sign_with(&m, EVP_sha256(), digest48, 32, made, sizeof made);
    assert_int_equal(n, 384);
    assert_int_equal(signature_digest_len(&m.id), 32);
    assert_int_equal(take(&m, digest48, made, n), SHK_OK);
    assert_memory_equal(signature.p, made, n);
    assert_int_equal(take(&m, digest48, made, n - 1), SHK_E_SIGNATURE);
    assert_int_equal(take(&m, digest48, made, n + 1), SHK_E_SIGNATURE);
    assert_int_equal(take(&m, digest, made, n), SHK_E_SIGNATURE);
    assert_int_equal(take(&other, digest48, made, n), SHK_E_SIGNATURE);
    made[7] ^= 1;
    assert_int_equal(take(&m, digest48, made, n), SHK_E_SIGNATURE);
    bytes_clear(&signature);
    unmake(&m);
    unmake(&other);
}

static void der_is_taken_only_whole(void **state) {
    (void)state;
    struct made m = made_identity("P-384");
    uint8_t der[200] = {0};
    size_t n = sign_with(&m, EVP_sha384(), digest48, 48, der, sizeof der);
    assert_int_equal(take(&m, digest48, der, n), SHK_OK);
    for (size_t cut = 0; cut < n; cut++) {
        assert_int_equal(take(&m, digest48, der, cut), SHK_E_SIGNATURE);
    }
    for (size_t more = 1; more < 40; more++) {
        assert_int_equal(take(&m, digest48, der, n + more), SHK_E_SIGNATURE);
    }
    for (size_t i = 0; i < n; i++) {
        der[i] ^= (uint8_t)(1 << i % 8);
        assert_int_equal(take(&m, digest48, der, n), SHK_E_SIGNATURE);
        der[i] ^= (uint8_t)(1 << i % 8);
    }
    bytes_clear(&signature);
    unmake(&m);
}

static size_t integer(uint8_t *to, size_t zeros, uint8_t first, size_t len) {
    to[0] = 0x02;
    to[1] = (uint8_t)(zeros + len);
    memset(to + 2, 0, zeros);
    memset(to + 2 + zeros, 0x55, len);
    if (len > 0) {
        to[2 + zeros] = first;
    }
    return 2 + zeros + len;
}

static void numbers_of_der(void **state) {
    (void)state;
    static const struct {
        size_t zeros, len;
        uint8_t first;
        bool good;
    } cases[] = {
        {0, 48, 0x7F, true},  {1, 48, 0x80, true}, {0, 1, 0x01, true},   {1, 1, 0xFF, true},
        {0, 47, 0x40, true},  {1, 0, 0, true},     {0, 48, 0x80, false}, {0, 1, 0xFF, false},
        {1, 48, 0x7F, false}, {1, 1, 0x01, false}, {2, 47, 0x80, false}, {0, 49, 0x01, false},
        {1, 49, 0x80, false}, {0, 0, 0, false},    {2, 0, 0, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (size_t second = 0; second < 2; second++) {
            uint8_t der[200] = {0x30}, raw[ES384_RAW], expected[48] = {0};
            size_t n = 2;
            n += second ? integer(der + n, 0, 0x11, 48) : 0;
            n += integer(der + n, cases[i].zeros, cases[i].first, cases[i].len);
            n += second ? 0 : integer(der + n, 0, 0x11, 48);
            der[1] = (uint8_t)(n - 2);
            assert_int_equal(signature_from_der(der, n, raw), cases[i].good);
            if (cases[i].good) {
                memset(expected + 48 - cases[i].len, 0x55, cases[i].len);
                if (cases[i].len > 0) {
                    expected[48 - cases[i].len] = cases[i].first;
                }
                assert_memory_equal(raw + 48 * second, expected, 48);
                assert_int_equal(raw[second ? 0 : 48], 0x11);
            }
        }
    }
}

static void forms_that_are_no_der(void **state) {
    (void)state;
    static const struct {
        uint8_t bytes[12];
        size_t n;
    } cases[] = {
        {{0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01, 0x00}, 9},        /* something behind */
        {{0x30, 0x07, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01, 0x00}, 9},        /* … inside */
        {{0x30, 0x81, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01}, 9},        /* long form */
        {{0x30, 0x80, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01, 0x00, 0x00}, 10}, /* no length */
        {{0x30, 0x09, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01}, 11}, /* three */
        {{0x30, 0x03, 0x02, 0x01, 0x01}, 5},                                      /* one */
        {{0x30, 0x05, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01}, 8}, /* longer than it says */
        {{0x30, 0x00}, 2},
        {{0x30}, 1},
        {{0x31, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01}, 8},
        {{0x30, 0x06, 0x03, 0x01, 0x01, 0x02, 0x01, 0x01}, 8},
        {{0x30, 0x06, 0x02, 0x7F, 0x01, 0x02, 0x01, 0x01}, 8},
        {{0x30, 0x06, 0x02, 0x81, 0x01, 0x01, 0x02, 0x01}, 8},
    };
    uint8_t raw[ES384_RAW];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_false(signature_from_der(cases[i].bytes, cases[i].n, raw));
    }
    assert_false(signature_from_der(cases[0].bytes, 0, raw));
    assert_true(signature_from_der(cases[0].bytes, 8, raw));
    /* Numbers that can belong to no signature are refused with the key. */
    struct made m = made_identity("P-384");
    static const uint8_t zeros[ES384_RAW], nothing[] = {0x30, 0x06, 0x02, 0x01, 0, 0x02, 0x01, 0};
    assert_int_equal(take(&m, digest48, zeros, sizeof zeros), SHK_E_SIGNATURE);
    assert_int_equal(take(&m, digest48, nothing, sizeof nothing), SHK_E_SIGNATURE);
    unmake(&m);
}

int main(void) {
    const struct CMUnitTest cards[] = {
        cmocka_unit_test(signs_in_both_forms),
        cmocka_unit_test(can_be_switched_off),
        cmocka_unit_test(phone_of_the_coming_kind),
        cmocka_unit_test(digest_has_the_length_of_the_algorithm),
        cmocka_unit_test(what_is_no_signature_is_not_used),
    };
    const struct CMUnitTest answers[] = {
        cmocka_unit_test(size_of_rsa_comes_from_the_certificate),
        cmocka_unit_test(der_is_taken_only_whole),
        cmocka_unit_test(numbers_of_der),
        cmocka_unit_test(forms_that_are_no_der),
    };
    int failed = case_set_up() ? cmocka_run_group_tests(answers, NULL, NULL) : 1;
    for (const char *plan = "ABC"; failed == 0 && *plan != '\0'; plan++) {
        use_plan(*plan);
        failed = cmocka_run_group_tests(cards, NULL, NULL);
    }
    return failed;
}
