#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/evp.h>
#include <openssl/ssl.h>

#include "crypto.h"
#include "http_curl_world.h"
#include "lookup.h"
#include "stored_key.h"
#include "stored_key_fake.h"

static struct world world;

static void stage(const char *certificates, const char *key) {
    static char paths[2][160];
    text_copy(paths[0], sizeof paths[0], world_file(&world, certificates));
    text_copy(paths[1], sizeof paths[1], world_file(&world, key));
    stored_fake = (struct stored_fake){.certificates = paths[0], .key = paths[1]};
}

static void begin(struct call *c) {
    call_begin(c, &world);
    c->settings.client_cert = "store:my/00112233445566778899aabbccddeeff00112233";
    c->settings.client_key = "";
    c->settings.client_secret = "";
}

static size_t made(enum stored_form form) {
    return stored_fake.signatures[form];
}

static void an_rsa_key_signs_without_leaving_its_place(void **state) {
    (void)state;
    struct call c;
    stage("pki/device.pem", "pki/device.key");
    begin(&c);
    assert_int_equal(call(&c, "mutual13", "/ok"), SHK_OK);
    assert_string_equal(stored_fake.place, "my/00112233445566778899aabbccddeeff00112233");
    assert_int_equal(made(STORED_PSS), 1);
    assert_int_equal(call(&c, "mutual12", "/ok"), SHK_OK);
    assert_int_equal(made(STORED_PSS), 2);
    assert_int_equal(made(STORED_ECDSA) + made(STORED_PKCS1), 0);
    call_end(&c);
    assert_int_equal(stored_fake.open, 0);
}

static void a_key_on_a_curve_signs_too(void **state) {
    (void)state;
    struct call c;
    stage("pki/other-facility.pem", "pki/other-facility.key");
    begin(&c);
    assert_int_equal(call(&c, "mutual13", "/ok"), SHK_OK);
    assert_int_equal(call(&c, "mutual12", "/ok"), SHK_OK);
    assert_int_equal(made(STORED_ECDSA), 2);
    call_end(&c);
}

/* It cannot make what TLS 1.3 asks for; TLS 1.2 it can. */
static void a_key_of_the_older_interface_signs_in_tls_1_2(void **state) {
    (void)state;
    struct call c;
    stage("pki/device.pem", "pki/device.key");
    stored_fake.old = true;
    begin(&c);
    assert_int_equal(call(&c, "mutual12", "/ok"), SHK_OK);
    assert_int_equal(made(STORED_PKCS1), 1);
    assert_int_equal(call(&c, "mutual13", "/ok"), SHK_E_GATEWAY_UNTRUSTED);
    assert_int_equal(made(STORED_PSS), 0);
    call_end(&c);
}

static void the_chain_goes_along_and_no_part_of_the_key(void **state) {
    (void)state;
    struct device_key key;
    struct fault why = {0};
    BIGNUM *secret = NULL;
    stage("pki/chain.pem", "pki/device.key");
    assert_int_equal(device_key_load("store:my/x", "", "", &key, &why), SHK_OK);
    assert_non_null(key.held);
    assert_null(key.key);
    assert_int_equal(key.certificates.n, 0);
    SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
    STACK_OF(X509) *chain = NULL;
    assert_true(device_key_offer(&key, tls));
    assert_int_equal(SSL_CTX_get0_chain_certs(tls, &chain), 1);
    assert_int_equal(sk_X509_num(chain), 1);
    assert_int_equal(EVP_PKEY_get_bn_param(SSL_CTX_get0_privatekey(tls), "d", &secret), 0);
    assert_null(secret);
    SSL_CTX_free(tls);
    device_key_clear(&key);
    assert_int_equal(stored_fake.open, 0);
}

static void a_key_that_refuses_to_sign_is_not_a_server_that_cannot_be_trusted(void **state) {
    (void)state;
    struct call c;
    static const char *const servers[] = {"mutual13", "mutual12"};
    for (size_t i = 0; i < 2; i++) {
        stage("pki/device.pem", "pki/device.key");
        stored_fake.refuses = -2146434970;
        begin(&c);
        assert_int_equal(call(&c, servers[i], "/ok"), SHK_E_DEVICE_KEY);
        assert_int_equal(c.why.native_kind, SHK_NATIVE_OS);
        assert_int_equal(c.why.native, -2146434970);
        assert_string_equal(c.why.where, "client_key");
        assert_int_equal(call(&c, "refused", "/ok"), SHK_E_GATEWAY_UNREACHABLE);
        call_end(&c);
    }
}

static void a_certificate_of_another_key_is_refused_before_anything_is_sent(void **state) {
    (void)state;
    struct call c;
    stage("pki/device.pem", "pki/stranger.key");
    begin(&c);
    int32_t rc = call(&c, "mutual13", "/ok");
    assert_true(rc == SHK_E_DEVICE_REFUSED || rc == SHK_E_GATEWAY_UNTRUSTED);
    call_end(&c);
}

static void what_is_not_in_the_store_is_said_so(void **state) {
    (void)state;
    struct device_key key;
    struct fault why = {0};
    stage("pki/absent.pem", "pki/device.key");
    assert_int_equal(device_key_load("store:my/x", "", "", &key, &why), SHK_E_DEVICE_KEY);
    assert_string_equal(why.where, "client_cert");
    assert_null(key.held);
    device_key_clear(&key);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_rsa_key_signs_without_leaving_its_place),
        cmocka_unit_test(a_key_on_a_curve_signs_too),
        cmocka_unit_test(a_key_of_the_older_interface_signs_in_tls_1_2),
        cmocka_unit_test(the_chain_goes_along_and_no_part_of_the_key),
        cmocka_unit_test(a_key_that_refuses_to_sign_is_not_a_server_that_cannot_be_trusted),
        cmocka_unit_test(a_certificate_of_another_key_is_refused_before_anything_is_sent),
        cmocka_unit_test(what_is_not_in_the_store_is_said_so),
    };
    if (!world_start_with(&world, "keys")) {
        world_stop(&world);
        return 1;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    world_stop(&world);
    return failed;
}
