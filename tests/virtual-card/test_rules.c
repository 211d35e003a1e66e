/* Files, PIN and signature: one case per rule. */
#define _POSIX_C_SOURCE 200809L
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test_support.h"

static EVP_PKEY *card_public_key(struct vcard *card) {
    const unsigned char *p = rx;
    X509 *x;
    EVP_PKEY *key;

    assert_int_equal(tx(card, "00B08A00000000"), 0x9000);
    x = d2i_X509(NULL, &p, (long)rx_len);
    assert_non_null(x);
    key = X509_get_pubkey(x);
    X509_free(x);
    return key;
}

/* files */

static void before_any_file_there_is_no_current_ef(void **state) {
    struct vcard *c = card_with("");

    (void)state;
    assert_int_equal(tx(c, "00B0000000"), 0x6986);
    assert_int_equal(tx(c, "00200080"), 0x6986);
    assert_int_equal(tx(c, "00A40000"), 0x6A86);
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "00A40000"), 0x9000);
    assert_int_equal(tx(c, "00A40000023F00"), 0x6A82);
    assert_int_equal(tx(c, "00A4020C02000A"), 0x9000);
    vcard_free(c);
}

static void select_wants_the_whole_aid(void **state) {
    struct vcard *c = card_with(""), *p = card_with("accept_aid_prefix = yes");

    (void)state;
    assert_int_equal(tx(c, "00A4040009D392F0002601000000"), 0x6A82);
    assert_int_equal(tx(p, "00A4040009D392F0002601000000"), 0x9000);
    assert_int_equal(tx(c, "00A4040C0AD392F000260100000002"), 0x6A82);
    assert_int_equal(tx(c, "00A404000AD392F00026010000000100"), 0x9000);
    assert_int_equal(tx(c, "00A4040C00"), 0x6700);
    assert_int_equal(tx(c, "00A4080C023F00"), 0x6A86);
    vcard_free(c);
    vcard_free(p);
}

static void certificate_reads_the_same_in_every_way(void **state) {
    struct vcard *c = card_with("");
    uint8_t whole[4096];
    size_t len, at;
    char cmd[16];

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "00B08A00000000"), 0x9000);
    len = rx_len;
    assert_in_range(len, 1400, 1650);
    memcpy(whole, rx, len);
    assert_int_equal(len, (size_t)whole[2] * 256 + whole[3] + 4);
    assert_int_equal(tx(c, "00A4020C02000A"), 0x9000);
    for (at = 0; at < len; at += rx_len) {
        (void)snprintf(cmd, sizeof cmd, "00B0%02X%02X00", (unsigned)(at >> 8),
                       (unsigned)(at & 0xFF));
        assert_int_equal(tx(c, cmd), 0x9000);
        assert_memory_equal(rx, whole + at, rx_len);
    }
    (void)snprintf(cmd, sizeof cmd, "00B0%02X%02X01", (unsigned)(len >> 8), (unsigned)(len & 0xFF));
    assert_int_equal(tx(c, cmd), 0x6B00);
    vcard_free(c);
}

static void keys_and_unknown_files_do_not_read(void **state) {
    struct vcard *c = card_with("");

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "00B0970000"), 0x6981);
    assert_int_equal(tx(c, "00B0980000"), 0x6981);
    assert_int_equal(tx(c, "00B0890000"), 0x6982);
    assert_int_equal(tx(c, "00B0830000"), 0x6A82);
    assert_int_equal(tx(c, "00B0E10000"), 0x6A86);
    assert_int_equal(tx(c, "00B08A00"), 0x6700);
    vcard_free(c);
}

static void token_tells_the_kinds_of_card_apart(void **state) {
    static const char *const extra[] = {"", "android = yes", "old_juki = yes",
                                        "label = JPKIAPIOSTOKEN"};
    static const char *const label[] = {"JPKIAPICCTOKEN2 ", "JPKIAPGPSETOKEN ", "JPKIAPICCTOKEN  ",
                                        "JPKIAPIOSTOKEN  "};
    size_t i;

    (void)state;
    for (i = 0; i < 4; i++) {
        struct vcard *c = card_with(extra[i]);

        assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
        assert_int_equal(tx(c, "00B0860000"), 0x9000);
        assert_int_equal(rx_len, 160);
        assert_memory_equal(rx, label[i], 16);
        vcard_free(c);
    }
}

static void child_has_no_signing_certificate(void **state) {
    struct vcard *c = card_with("child = yes"), *adult = card_with("");

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "00B0880000"), 0x9000);
    assert_memory_equal(rx, "\x00\x8F\x00", 3);
    assert_int_equal(tx(adult, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(adult, "00B0880000"), 0x9000);
    assert_memory_equal(rx, "\x8F\x8F\x00", 3);
    vcard_free(c);
    vcard_free(adult);
}

static void phone_wants_the_pin_before_the_certificate(void **state) {
    struct vcard *c = card_with("android = yes");

    (void)state;
    assert_int_equal(tx(c, SELECT_TEXT), 0x6A82);
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "00B08A0000"), 0x6982);
    assert_int_equal(tx(c, "002000980431323334"), 0x9000);
    assert_int_equal(tx(c, "00B08A0000"), 0x9000);
    vcard_free(c);
}

static void foreign_card_knows_no_application(void **state) {
    struct vcard *c = card_with("no_jpki = yes");

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x6A82);
    assert_int_equal(tx(c, SELECT_TEXT), 0x6A82);
    vcard_free(c);
}

/* A published test vector of a synthetic person (104 bytes). */
static void attributes_match_the_published_vector(void **state) {
    static const char vector[] = "FF2065DF2108000E002000590064DF220FE9BB92E6A190E38080E5B9B9E4B99FD"
                                 "F2336E69DB1E4BAACE983BDE6B885E7"
                                 "80ACE5B882E8A6B3E5B883E5AD90E58D97EFBC91EFBC92EFBC8DEFBC97EFBC8DE"
                                 "FBC92EFBC90EFBC92DF240831393830"
                                 "30323137DF250131";
    struct vcard *c =
        card_with("name = 黒桐　幹也\naddress = 東京都清瀬市観布子南１２－７－２０２\n"
                  "birth = 19800217\nsex = 1\ncode_b = 55021720352285");
    uint8_t want[128];
    size_t n = unhex(vector, want, sizeof want);

    (void)state;
    assert_int_equal(n, 104);
    assert_int_equal(tx(c, SELECT_TEXT), 0x9000);
    assert_int_equal(tx(c, "00B0820000"), 0x6982);
    assert_int_equal(tx(c, "00A4020C020015"), 0x9000);
    assert_int_equal(tx(c, "002000800E3535303231373230333532323835"), 0x9000);
    assert_int_equal(tx(c, "00B0820000"), 0x9000);
    assert_int_equal(rx_len, n);
    assert_memory_equal(rx, want, n);
    vcard_free(c);
}

static void record_and_spare_key_answer(void **state) {
    struct vcard *c = card_with("");

    (void)state;
    assert_int_equal(tx(c, "00A4040C0AD3921000310001010100"), 0x9000);
    assert_int_equal(tx(c, "00B2010C00"), 0x9000);
    assert_int_equal(rx_len, 30);
    assert_int_equal(tx(c, "00B2020400"), 0x6A83);
    assert_int_equal(tx(c, SELECT_TEXT), 0x9000);
    assert_int_equal(tx(c, "00200092"), 0x63C0);
    assert_int_equal(tx(c, "002000920431323334"), 0x6984);
    vcard_free(c);
}

/* PIN */

static void wrong_pins_count_down_and_block(void **state) {
    struct vcard *c = card_with("");

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "00A4020C020018"), 0x9000);
    assert_int_equal(tx(c, "00200080"), 0x63C3);
    assert_int_equal(tx(c, "002000800439393939"), 0x63C2);
    assert_int_equal(tx(c, "002000800431323334"), 0x9000);
    assert_int_equal(tx(c, "00200080"), 0x63C3);
    assert_int_equal(tx(c, "002000800439393939"), 0x63C2);
    assert_int_equal(tx(c, "0020008003393939"), 0x63C1);
    assert_int_equal(tx(c, "002000980439393939"), 0x63C0);
    assert_int_equal(tx(c, "002000800431323334"), 0x6984);
    assert_int_equal(tx(c, "00200080"), 0x63C0);
    assert_int_equal(vcard_pin_tries(c), 0);
    assert_int_equal(vcard_verify_count(c), 6);
    vcard_free(c);
}

static void wrong_pin_takes_back_an_earlier_right_one(void **state) {
    struct vcard *c = card_with("verified_query_9000 = yes");

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "002000980431323334"), 0x9000);
    assert_int_equal(tx(c, "00200098"), 0x9000);
    assert_int_equal(tx(c, "002000980439393939"), 0x63C2);
    assert_int_equal(tx(c, "802A009733" DIGEST_INFO HASH "00"), 0x6982);
    vcard_free(c);
}

static void verified_pin_survives_reset_but_not_power_loss(void **state) {
    struct vcard *c = card_with("");

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "002000980431323334"), 0x9000);
    vcard_reset(c);
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "802A009733" DIGEST_INFO HASH "00"), 0x9000);
    vcard_power_off(c);
    vcard_power_on(c);
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "802A009733" DIGEST_INFO HASH "00"), 0x6982);
    vcard_free(c);
    c = card_with("verify_survives_reset = no\nselect_clears_verify = yes");
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "002000980431323334"), 0x9000);
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "802A009733" DIGEST_INFO HASH "00"), 0x6982);
    vcard_free(c);
}

static void counters_outlive_the_process(void **state) {
    char path[600];
    struct vcard *c = card_with("");
    struct stat st;

    (void)state;
    (void)snprintf(path, sizeof path, "%s.state", scratch);
    (void)unlink(path);
    assert_int_equal(vcard_set_state(c, path), 0);
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "002000980439393939"), 0x63C2);
    vcard_free(c);
    c = card_with("");
    assert_int_equal(vcard_set_state(c, path), 0);
    assert_int_equal(vcard_pin_tries(c), 2);
    vcard_free(c);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(unlink(path), 0);
}

static void unwritable_state_is_a_memory_fault(void **state) {
    struct vcard *c = card_with("");

    (void)state;
    assert_int_equal(vcard_set_state(c, "/nonexistent/folder/state"), 0);
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "002000980431323334"), 0x6581);
    assert_int_equal(vcard_pin_tries(c), 3);
    vcard_free(c);
}

/* signature */

static int recovers_to(EVP_PKEY *key, const char *want_hex) {
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
    uint8_t out[256], want[256];
    size_t n = sizeof out, want_len = unhex(want_hex, want, sizeof want);
    int same;

    assert_true(EVP_PKEY_verify_recover_init(ctx) > 0);
    assert_true(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) > 0);
    assert_true(EVP_PKEY_verify_recover(ctx, out, &n, rx, rx_len) > 0);
    same = n == want_len && memcmp(out, want, n) == 0;
    EVP_PKEY_CTX_free(ctx);
    return same;
}

static int pss_fits(EVP_PKEY *key, const char *hash_hex) {
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
    uint8_t hash[64];
    size_t n = unhex(hash_hex, hash, sizeof hash);
    int ok;

    assert_true(EVP_PKEY_verify_init(ctx) > 0);
    assert_true(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) > 0);
    assert_true(EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) > 0);
    ok = EVP_PKEY_verify(ctx, rx, rx_len, hash, n) == 1;
    EVP_PKEY_CTX_free(ctx);
    return ok;
}

/* SHA-256 of the three bytes "abc" (61 62 63). */
#define ABC_HASH "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"

static void each_scheme_signs_what_it_says(void **state) {
    struct vcard *c = card_with("");
    EVP_PKEY *key;

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    key = card_public_key(c);
    assert_int_equal(tx(c, "802A009733" DIGEST_INFO HASH "00"), 0x6982);
    assert_int_equal(tx(c, "002000980431323334"), 0x9000);
    assert_int_equal(tx(c, "00A4020C020017"), 0x9000);
    assert_int_equal(tx(c, "802A008033" DIGEST_INFO HASH "00"), 0x9000);
    assert_int_equal(rx_len, 256);
    assert_true(recovers_to(key, DIGEST_INFO HASH));
    assert_int_equal(tx(c, "802A00970361626300"), 0x9000);
    assert_true(recovers_to(key, "616263"));
    assert_int_equal(tx(c, "802A01970361626300"), 0x9000);
    assert_true(recovers_to(key, ABC_HASH));
    assert_int_equal(tx(c, "802A029720" HASH "00"), 0x9000);
    assert_true(recovers_to(key, DIGEST_INFO HASH));
    assert_int_equal(tx(c, "802A03970361626300"), 0x9000);
    assert_true(recovers_to(key, DIGEST_INFO ABC_HASH));
    assert_int_equal(tx(c, "802A049720" HASH "00"), 0x9000);
    assert_true(pss_fits(key, HASH));
    assert_int_equal(tx(c, "802A05970361626300"), 0x9000);
    assert_true(pss_fits(key, ABC_HASH));
    assert_int_equal(vcard_sign_count(c), 7);
    assert_int_equal(tx(c, "802A06970361626300"), 0x6A86);
    assert_int_equal(tx(c, "802A02970361626300"), 0x6985);
    assert_int_equal(tx(c, "802A009703616263"), 0x6700);
    assert_int_equal(tx(c, "802A00000361626300"), 0x6A88);
    EVP_PKEY_free(key);
    vcard_free(c);
}

static void text_application_signs_without_a_pin(void **state) {
    struct vcard *c = card_with("");

    (void)state;
    assert_int_equal(tx(c, SELECT_TEXT), 0x9000);
    assert_int_equal(tx(c, "802A00000361626300"), 0x9000);
    assert_int_equal(rx_len, 256);
    vcard_free(c);
}

int test_rules(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_any_file_there_is_no_current_ef),
        cmocka_unit_test(select_wants_the_whole_aid),
        cmocka_unit_test(certificate_reads_the_same_in_every_way),
        cmocka_unit_test(keys_and_unknown_files_do_not_read),
        cmocka_unit_test(token_tells_the_kinds_of_card_apart),
        cmocka_unit_test(child_has_no_signing_certificate),
        cmocka_unit_test(phone_wants_the_pin_before_the_certificate),
        cmocka_unit_test(foreign_card_knows_no_application),
        cmocka_unit_test(attributes_match_the_published_vector),
        cmocka_unit_test(record_and_spare_key_answer),
        cmocka_unit_test(wrong_pins_count_down_and_block),
        cmocka_unit_test(wrong_pin_takes_back_an_earlier_right_one),
        cmocka_unit_test(verified_pin_survives_reset_but_not_power_loss),
        cmocka_unit_test(counters_outlive_the_process),
        cmocka_unit_test(unwritable_state_is_a_memory_fault),
        cmocka_unit_test(each_scheme_signs_what_it_says),
        cmocka_unit_test(text_application_signs_without_a_pin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
