/* Kinds of cards: what they have, lack and say. */
#define _POSIX_C_SOURCE 200809L
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/pem.h>

#include "test_support.h"

#define VERIFY  "002000980431323334"
#define SHA_384 HASH "202122232425262728292A2B2C2D2E2F"

/* P-384 */

static char key_path[600];

static EVP_PKEY *new_p384(void) {
    EVP_PKEY *key = EVP_EC_gen("P-384");
    FILE *f;

    assert_non_null(key);
    (void)snprintf(key_path, sizeof key_path, "%s.key", scratch);
    f = fopen(key_path, "w");
    assert_non_null(f);
    assert_int_equal(PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL), 1);
    assert_int_equal(fclose(f), 0);
    return key;
}

static struct vcard *card_with_p384(const char *extra) {
    char lines[800];
    struct vcard *c;

    (void)snprintf(lines, sizeof lines, "auth_key = %s\n%s", key_path, extra);
    c = card_with(lines);
    (void)unlink(key_path);
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, VERIFY), 0x9000);
    return c;
}

static int verifies(EVP_PKEY *key, const uint8_t *der, size_t len) {
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
    uint8_t hash[48];
    int good;

    assert_int_equal(unhex(SHA_384, hash, sizeof hash), 48);
    assert_true(EVP_PKEY_verify_init(ctx) > 0);
    good = EVP_PKEY_verify(ctx, der, len, hash, sizeof hash);
    EVP_PKEY_CTX_free(ctx);
    return good == 1;
}

static int raw_verifies(EVP_PKEY *key, const uint8_t *raw) {
    ECDSA_SIG *sig = ECDSA_SIG_new();
    unsigned char *der = NULL;
    int n, good;

    assert_int_equal(ECDSA_SIG_set0(sig, BN_bin2bn(raw, 48, NULL), BN_bin2bn(raw + 48, 48, NULL)),
                     1);
    n = i2d_ECDSA_SIG(sig, &der);
    good = n > 0 && verifies(key, der, (size_t)n);
    OPENSSL_free(der);
    ECDSA_SIG_free(sig);
    return good;
}

static void p384_signs_the_bare_hash_as_two_halves(void **state) {
    EVP_PKEY *key = new_p384();
    struct vcard *c = card_with_p384("");
    int i;

    (void)state;
    for (i = 0; i < 20; i++) { /* some halves begin with zeros */
        assert_int_equal(tx(c, "802A009730" SHA_384 "00"), 0x9000);
        assert_int_equal(rx_len, 96);
        assert_true(raw_verifies(key, rx));
    }
    assert_int_equal(tx(c, "00A4020C020017"), 0x9000);
    assert_int_equal(tx(c, "802A008030" SHA_384 "00"), 0x9000);
    assert_int_equal(vcard_sign_count(c), 21);
    vcard_free(c);
    EVP_PKEY_free(key);
}

static void p384_may_answer_der(void **state) {
    EVP_PKEY *key = new_p384();
    struct vcard *c = card_with_p384("ecdsa_form = der");

    (void)state;
    assert_int_equal(tx(c, "802A009730" SHA_384 "00"), 0x9000);
    assert_int_equal(rx[0], 0x30);
    assert_true(verifies(key, rx, rx_len));
    vcard_free(c);
    EVP_PKEY_free(key);
}

static void p384_refuses_what_an_rsa_key_would_sign(void **state) {
    EVP_PKEY *key = new_p384();
    struct vcard *c = card_with_p384("");

    (void)state;
    assert_int_equal(tx(c, "802A009733" DIGEST_INFO HASH "00"), 0x6985);
    assert_int_equal(tx(c, "802A009720" HASH "00"), 0x6985);
    assert_int_equal(tx(c, "802A029730" SHA_384 "00"), 0x6A86);
    assert_int_equal(tx(c, "802A009730" SHA_384), 0x6700);
    vcard_power_off(c);
    vcard_power_on(c);
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "802A009730" SHA_384 "00"), 0x6982);
    vcard_free(c);
    EVP_PKEY_free(key);
}

/* short ids and extended length */

static void short_ids_can_be_refused_for_reading_and_verifying(void **state) {
    struct vcard *c = card_with("no_short_ids = yes\nshort_id_sw = 6A82");

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "00B08A0000"), 0x6A82);
    assert_int_equal(tx(c, "00B0000000"), 0x6986); /* and nothing was selected by it */
    assert_int_equal(tx(c, "00200098"), 0x6A82);
    assert_int_equal(tx(c, VERIFY), 0x6A82);
    assert_int_equal(vcard_pin_tries(c), 3);
    assert_int_equal(tx(c, "00A4020C020018"), 0x9000);
    assert_int_equal(tx(c, "002000800431323334"), 0x9000);
    assert_int_equal(tx(c, "802A009733" DIGEST_INFO HASH "00"), 0x9000);
    vcard_free(c);
}

static void short_id_can_be_refused_for_signing_alone(void **state) {
    struct vcard *c = card_with("no_short_sign = yes\nshort_sign_sw = 6981");

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, VERIFY), 0x9000);
    assert_int_equal(tx(c, "802A009733" DIGEST_INFO HASH "00"), 0x6981);
    assert_int_equal(tx(c, "00A4020C020017"), 0x9000);
    assert_int_equal(tx(c, "802A008033" DIGEST_INFO HASH "00"), 0x9000);
    vcard_free(c);
}

static void short_id_can_be_refused_for_the_pin_alone(void **state) {
    struct vcard *c = card_with("no_short_verify = yes");

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "00B0860000"), 0x9000);
    assert_int_equal(tx(c, "00200098"), 0x6A86);
    vcard_free(c);
}

static void extended_read_can_come_short(void **state) {
    struct vcard *c = card_with("extended_short = yes");

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "00B08A00000000"), 0x9000);
    assert_int_equal(rx_len, 256);
    assert_int_equal(tx(c, "00B0010000"), 0x9000);
    assert_int_equal(rx_len, 256);
    vcard_free(c);
}

/* kinds */

static void phone_hides_its_certificate(const char *line, const char *label) {
    struct vcard *c = card_with(line);

    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "00A4020C02000A"), 0x9000);
    assert_int_equal(tx(c, "00B0000000"), 0x6982);
    assert_int_equal(tx(c, "00B08A00000000"), 0x6982);
    assert_int_equal(tx(c, "00B0860020"), 0x9000);
    assert_memory_equal(rx, label, strlen(label));
    assert_int_equal(rx[strlen(label)], ' ');
    assert_int_equal(tx(c, VERIFY), 0x9000);
    assert_int_equal(tx(c, "00B08A0000"), 0x9000);
    assert_int_equal(rx[0], 0x30);
    assert_int_equal(tx(c, SELECT_TEXT), 0x6A82);
    vcard_free(c);
}

static void phones_hide_their_certificate(void **state) {
    (void)state;
    phone_hides_its_certificate("android = yes", "JPKIAPGPSETOKEN");
    phone_hides_its_certificate("iphone = yes", "JPKIAPIOSTOKEN");
}

static void certificate_can_be_absent(void **state) {
    struct vcard *c = card_with("no_certificate = yes");

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "00A4020C02000A"), 0x6A82);
    assert_int_equal(tx(c, "00B08A0000"), 0x6A82);
    assert_int_equal(tx(c, "00B0880000"), 0x9000);
    assert_int_equal(rx_len, 3);
    assert_memory_equal(rx, "\x8F\x00\x00", 3);
    vcard_free(c);
}

static void pin_key_can_be_absent(void **state) {
    struct vcard *c = card_with("no_pin_key = yes");

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "00A4020C020018"), 0x6A82);
    assert_int_equal(tx(c, "00200098"), 0x6A88);
    assert_int_equal(tx(c, "00B08A0000"), 0x9000);
    assert_int_equal(tx(c, "802A009733" DIGEST_INFO HASH "00"), 0x6982);
    vcard_free(c);
}

static void atr_may_have_any_length_up_to_33(void **state) {
    static const struct {
        const char *line;
        size_t want;
    } cases[] = {
        {"", 13},
        {"atr = none", 0},
        {"atr = 3B", 1},
        {"atr = 3B9F8000 00000000 00000000 00000000 00000000 00000000 00000000 00000000", 32},
        {"atr = 3B9F8000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 FF", 33},
    };
    size_t i, n;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct vcard *c = card_with(cases[i].line);

        assert_non_null(vcard_atr(c, &n));
        assert_int_equal(n, cases[i].want);
        vcard_free(c);
    }
}

/* the four attributes */

static size_t number_at(size_t at) {
    return (size_t)rx[at] << 8 | rx[at + 1];
}

static void long_attributes_take_long_lengths_and_several_reads(void **state) {
    struct vcard *c =
        card_with("name = 見本見本見本見本見本見本見本見本見本見本見本見本　太郎太郎太郎太郎太郎\n"
                  "address = 見本県見本市見本町見本見本見本見本見本見本見本見本見本見本見本見本見本"
                  "見本見本見本見本見本見本見本見本見本見本見本見本見本見本見本見本見本見本見本見本"
                  "見本見本見本見本見本見本見本１－１");
    size_t address;

    (void)state;
    assert_int_equal(tx(c, SELECT_TEXT), 0x9000);
    assert_int_equal(tx(c, "00A4020C020011"), 0x9000);
    assert_int_equal(tx(c, "002000800431323334"), 0x9000);
    assert_int_equal(tx(c, "00A4020C020002"), 0x9000);
    assert_int_equal(tx(c, "00B00000000000"), 0x9000); /* extended */
    assert_true(rx_len > 256);
    assert_memory_equal(rx, "\xFF\x20\x82", 3);
    assert_int_equal(number_at(3), rx_len - 5);
    assert_memory_equal(rx + number_at(8), "\xDF\x22", 2);
    address = number_at(10);
    assert_memory_equal(rx + address, "\xDF\x23\x82", 3);
    assert_memory_equal(rx + number_at(12), "\xDF\x24\x08", 3);
    assert_int_equal(number_at(12), address + 5 + number_at(address + 3));
    assert_memory_equal(rx + number_at(14), "\xDF\x25\x01", 3);
    assert_int_equal(number_at(14) + 4, rx_len);
    assert_int_equal(tx(c, "00B0010000"), 0x9000);
    vcard_free(c);
}

static void middling_attribute_has_a_length_of_two_bytes(void **state) {
    struct vcard *c = card_with("address = 見本県見本市見本町見本見本見本見本見本見本見本見本見本見"
                                "本見本見本見本見本見本見本見本見本見本１");

    (void)state;
    assert_int_equal(tx(c, SELECT_TEXT), 0x9000);
    assert_int_equal(tx(c, "002000910431323334"), 0x9000);
    assert_int_equal(tx(c, "00B0820000"), 0x9000);
    assert_memory_equal(rx, "\xFF\x20\x81", 3);
    assert_memory_equal(rx + number_at(9), "\xDF\x23\x81", 3);
    vcard_free(c);
}

int test_kinds(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(p384_signs_the_bare_hash_as_two_halves),
        cmocka_unit_test(p384_may_answer_der),
        cmocka_unit_test(p384_refuses_what_an_rsa_key_would_sign),
        cmocka_unit_test(short_ids_can_be_refused_for_reading_and_verifying),
        cmocka_unit_test(short_id_can_be_refused_for_signing_alone),
        cmocka_unit_test(short_id_can_be_refused_for_the_pin_alone),
        cmocka_unit_test(extended_read_can_come_short),
        cmocka_unit_test(phones_hide_their_certificate),
        cmocka_unit_test(certificate_can_be_absent),
        cmocka_unit_test(pin_key_can_be_absent),
        cmocka_unit_test(atr_may_have_any_length_up_to_33),
        cmocka_unit_test(long_attributes_take_long_lengths_and_several_reads),
        cmocka_unit_test(middling_attribute_has_a_length_of_two_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
