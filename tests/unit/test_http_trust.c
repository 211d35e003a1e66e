#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): for RTLD_NEXT */
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <curl/curl.h>

#include "crypto.h"
#include "http_curl_world.h"
#include "lookup.h"
#include "platform.h"

static struct world world;
static char private_store[160]; /* stands in for the system's file while it is set */

/* The system's own list of CAs, as an administrator would have changed it: OpenSSL opens it here. */
static FILE *open_store(const char *symbol, const char *path, const char *mode) {
    FILE *(*real)(const char *, const char *) = NULL;
    void *found = dlsym(RTLD_NEXT, symbol);
    const char *store = curl_version_info(CURLVERSION_NOW)->cainfo;
    memcpy(&real, &found, sizeof found);
    bool is_store = private_store[0] != '\0' && store != NULL && strcmp(path, store) == 0;
    return real(is_store ? private_store : path, mode);
}

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
__attribute__((visibility("default"))) FILE *fopen(const char *path, const char *mode) {
    return open_store("fopen", path, mode);
}

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
__attribute__((visibility("default"))) FILE *fopen64(const char *path, const char *mode) {
    return open_store("fopen64", path, mode);
}

static void without_a_ca_file_the_systems_own_list_counts(void **state) {
    (void)state;
    struct call c;
    call_begin(&c, &world);
    c.settings.ca_file = "";
    assert_int_equal(call_once(&c, "raw", "/ok"), SHK_E_GATEWAY_UNTRUSTED);
    text_copy(private_store, sizeof private_store, world_file(&world, "pki/server-ca.pem"));
    call_begin(&c, &world);
    c.settings.ca_file = "";
    assert_int_equal(call_once(&c, "raw", "/ok"), SHK_OK);
    call_begin(&c, &world);
    c.settings.ca_file = "";
    assert_int_equal(call_once(&c, "rogue", "/ok"), SHK_E_GATEWAY_UNTRUSTED);
    private_store[0] = '\0';
}

/* A CA of the system must not vouch for a gateway whose own CA is configured. */
static void a_ca_file_counts_alone(void **state) {
    (void)state;
    struct call c;
    text_copy(private_store, sizeof private_store, world_file(&world, "pki/server-ca.pem"));
    call_begin(&c, &world);
    c.settings.ca_file = world_file(&world, "pki/rogue-ca.pem");
    assert_int_equal(call_once(&c, "raw", "/ok"), SHK_E_GATEWAY_UNTRUSTED);
    private_store[0] = '\0';
}

/* Whom to trust is not for a variable to say that any program can leave behind. */
static void the_environment_vouches_for_nobody(void **state) {
    (void)state;
    struct call c;
    setenv("SSL_CERT_FILE", world_file(&world, "pki/server-ca.pem"), 1);
    setenv("CURL_CA_BUNDLE", world_file(&world, "pki/server-ca.pem"), 1);
    call_begin(&c, &world);
    c.settings.ca_file = "";
    assert_int_equal(call_once(&c, "raw", "/ok"), SHK_E_GATEWAY_UNTRUSTED);
    unsetenv("SSL_CERT_FILE");
    unsetenv("CURL_CA_BUNDLE");
}

/* "sha256//…" of a server's key, made by openssl. */
static const char *pin_of(const char *server) {
    static char pin[128];
    char command[512];
    text_format(command, sizeof command,
                "openssl x509 -in %s/pki/%s.pem -pubkey -noout | openssl pkey -pubin -outform DER |"
                " openssl dgst -sha256 -binary | openssl base64 -A",
                world.folder, server);
    text_copy(pin, sizeof pin, "sha256//");
    FILE *out = popen(command, "r"); /* NOLINT(cert-env33-c) */
    assert_non_null(out);
    size_t n = fread(pin + 8, 1, sizeof pin - 9, out);
    pin[8 + n] = '\0';
    pclose(out);
    assert_int_equal(n, 44);
    return pin;
}

static int32_t call_pinned(struct call *c, const char *server, const char *pin) {
    call_begin(c, &world);
    c->settings.pin = pin;
    return call_once(c, server, "/ok");
}

static void only_the_pinned_key_is_spoken_to(void **state) {
    (void)state;
    struct call c;
    char two[256];
    assert_int_equal(call_pinned(&c, "raw", pin_of("server")), SHK_OK);
    text_format(two, sizeof two, "%s;%s",
                "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", pin_of("server"));
    assert_int_equal(call_pinned(&c, "raw", two), SHK_OK);
    assert_int_equal(call_pinned(&c, "raw", pin_of("rogue-server")), SHK_E_GATEWAY_UNTRUSTED);
    assert_int_equal(c.why.native_kind, SHK_NATIVE_CURL);
    assert_int_equal(c.why.native, 90);
    /* A pin does not replace the chain. */
    assert_int_equal(call_pinned(&c, "rogue", pin_of("rogue-server")), SHK_E_GATEWAY_UNTRUSTED);
}

static void a_pin_that_is_none_is_refused_when_opened(void **state) {
    (void)state;
    const char *const bad[] = {
        "sha256//",
        "sha256//AAAA",
        "/etc/ssl/certs/ca-certificates.crt",
        "sha1//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=x",
        "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=;",
        "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=;file",
        "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAA=",
    };
    struct call c;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(call_pinned(&c, "raw", bad[i]), SHK_E_CONFIG_VALUE);
        assert_string_equal(c.why.where, "gateway.pin");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_ca_file_the_systems_own_list_counts),
        cmocka_unit_test(a_ca_file_counts_alone),
        cmocka_unit_test(the_environment_vouches_for_nobody),
        cmocka_unit_test(only_the_pinned_key_is_spoken_to),
        cmocka_unit_test(a_pin_that_is_none_is_refused_when_opened),
    };
    if (!world_start(&world)) {
        world_stop(&world);
        return 1;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    world_stop(&world);
    return failed;
}
