/* Signatures of packs: the numbers of RFC 8032, and keys that do not fit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/err.h>

#include "crypto.h"
#include "pack_keys.h"

/* RFC 8032, section 7.1, test 2: one byte, 0x72. */
static const char secret_hex[] = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
static const char public_hex[] = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
static const char signature_hex[] =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
static const uint8_t message[] = {0x72};

static size_t unhex(const char *hex, uint8_t *out) {
    static const char digits[] = "0123456789abcdef";
    size_t n = strlen(hex) / 2;
    for (size_t i = 0; i < n; i++) {
        const char *high = strchr(digits, hex[2 * i]);
        const char *low = strchr(digits, hex[2 * i + 1]);
        out[i] = (uint8_t)((high - digits) << 4 | (low - digits));
    }
    return n;
}

/* The DER form is a fixed beginning and the 32 bytes. */
static void write_pem(struct bytes *out, const char *label, const char *begin_hex,
                      const char *key_hex) {
    uint8_t der[64];
    char line[64];
    size_t n = unhex(begin_hex, der);
    n += unhex(key_hex, der + n);
    snprintf(line, sizeof line, "-----BEGIN %s-----\n", label);
    assert_int_equal(bytes_append_text(out, line), SHK_OK);
    assert_int_equal(base64_append(out, der, n), SHK_OK);
    snprintf(line, sizeof line, "\n-----END %s-----\n", label);
    assert_int_equal(bytes_append_text(out, line), SHK_OK);
}

static void the_numbers_of_the_rfc(void **state) {
    struct bytes secret = {0}, open = {0};
    uint8_t expected[64], made[ED25519_SIGNATURE];
    bool fits = false;
    (void)state;
    write_pem(&secret, "PRIVATE KEY", "302e020100300506032b657004220420", secret_hex);
    write_pem(&open, "PUBLIC KEY", "302a300506032b6570032100", public_hex);
    assert_int_equal(unhex(signature_hex, expected), 64);
    assert_int_equal(ed25519_sign(secret.p, secret.n, "", message, 1, made), SHK_OK);
    assert_memory_equal(made, expected, 64);
    assert_int_equal(ed25519_verify(open.p, open.n, message, 1, expected, &fits), SHK_OK);
    assert_true(fits);
    expected[40] ^= 1;
    assert_int_equal(ed25519_verify(open.p, open.n, message, 1, expected, &fits), SHK_OK);
    assert_false(fits);
    bytes_clear(&secret);
    bytes_clear(&open);
}

static void one_of_several_keys_is_enough(void **state) {
    struct pack_keys a, b, other;
    struct bytes both = {0};
    uint8_t signature[ED25519_SIGNATURE];
    bool fits = false;
    (void)state;
    assert_true(pack_keys_make(&a, "ED25519", NULL));
    assert_true(pack_keys_make(&b, "ED25519", NULL));
    assert_true(pack_keys_make(&other, "X25519", NULL));
    assert_int_equal(bytes_append(&both, a.open.p, a.open.n), SHK_OK);
    assert_int_equal(bytes_append_text(&both, "the second seller's\n"), SHK_OK);
    assert_int_equal(bytes_append(&both, b.open.p, b.open.n), SHK_OK);
    assert_int_equal(ed25519_sign(b.secret.p, b.secret.n, "", message, 1, signature), SHK_OK);
    assert_int_equal(ed25519_verify(both.p, both.n, message, 1, signature, &fits), SHK_OK);
    assert_true(fits);
    assert_int_equal(ed25519_verify(a.open.p, a.open.n, message, 1, signature, &fits), SHK_OK);
    assert_false(fits);
    assert_int_equal(ed25519_verify(both.p, both.n, message, 0, signature, &fits), SHK_OK);
    assert_false(fits);
    assert_int_equal(bytes_append(&both, other.open.p, other.open.n), SHK_OK);
    assert_int_equal(ed25519_verify(both.p, both.n, message, 1, signature, &fits), SHK_E_ARGUMENT);
    assert_false(fits);
    bytes_clear(&both);
    pack_keys_clear(&a);
    pack_keys_clear(&b);
    pack_keys_clear(&other);
}

static void what_is_no_key_is_refused(void **state) {
    static const char *const texts[] = {
        "", "no key\n", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA", "-----BEGIN PRIVATE KEY-----\nAAAA\n"};
    uint8_t signature[ED25519_SIGNATURE] = {0};
    bool fits = true;
    struct pack_keys good;
    struct bytes torn = {0};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const uint8_t *p = (const uint8_t *)texts[i];
        size_t n = strlen(texts[i]);
        assert_int_equal(ed25519_verify(p, n, message, 1, signature, &fits), SHK_E_ARGUMENT);
        assert_false(fits);
        assert_int_equal(ed25519_sign(p, n, "", message, 1, signature), SHK_E_ARGUMENT);
    }
    assert_true(pack_keys_make(&good, "ED25519", NULL));
    assert_int_equal(ed25519_sign(good.open.p, good.open.n, "", message, 1, signature),
                     SHK_E_ARGUMENT);
    /* A block behind a good key that cannot be read is not passed over. */
    assert_int_equal(bytes_append(&torn, good.open.p, good.open.n), SHK_OK);
    assert_int_equal(bytes_append_text(&torn, texts[2]), SHK_OK);
    assert_int_equal(ed25519_verify(torn.p, torn.n, message, 1, signature, &fits), SHK_E_ARGUMENT);
    bytes_clear(&torn);
    assert_int_equal(bytes_append(&torn, good.open.p, good.open.n), SHK_OK);
    assert_int_equal(bytes_append_text(&torn, texts[3]), SHK_OK);
    assert_int_equal(ed25519_verify(torn.p, torn.n, message, 1, signature, &fits), SHK_E_ARGUMENT);
    bytes_clear(&torn);
    pack_keys_clear(&good);
    assert_true(pack_keys_make(&good, "X25519", NULL));
    assert_int_equal(ed25519_sign(good.secret.p, good.secret.n, "", message, 1, signature),
                     SHK_E_ARGUMENT);
    assert_int_equal(ERR_peek_error(), 0);
    pack_keys_clear(&good);
}

static void a_locked_key_needs_its_passphrase(void **state) {
    uint8_t signature[ED25519_SIGNATURE];
    struct pack_keys locked;
    bool fits = false;
    (void)state;
    assert_true(pack_keys_make(&locked, "ED25519", "mihon"));
    const struct bytes *key = &locked.secret;
    assert_int_equal(ed25519_sign(key->p, key->n, "", message, 1, signature), SHK_E_PASSPHRASE);
    assert_int_equal(ed25519_sign(key->p, key->n, "other", message, 1, signature),
                     SHK_E_PASSPHRASE);
    assert_int_equal(ed25519_sign(key->p, key->n, "mihon", message, 1, signature), SHK_OK);
    assert_int_equal(ed25519_verify(locked.open.p, locked.open.n, message, 1, signature, &fits),
                     SHK_OK);
    assert_true(fits);
    assert_int_equal(ERR_peek_error(), 0);
    pack_keys_clear(&locked);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_numbers_of_the_rfc),
        cmocka_unit_test(one_of_several_keys_is_enough),
        cmocka_unit_test(what_is_no_key_is_refused),
        cmocka_unit_test(a_locked_key_needs_its_passphrase),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
