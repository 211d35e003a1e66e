#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http_curl_world.h"
#include "lookup.h"
#include "platform.h"

static struct world world;

static void use_device(struct call *c, const char *cert, const char *key) {
    c->settings.client_cert = world_file(&world, cert);
    c->settings.client_key = key != NULL ? world_file(&world, key) : "";
}

static void a_good_answer_is_read(void **state) {
    (void)state;
    struct call c;
    call_begin(&c, &world);
    assert_int_equal(call(&c, "raw", "/ok"), SHK_OK);
    assert_int_equal(c.rp.status, 200);
    assert_string_equal(c.rp.content_type, "application/xml");
    assert_string_equal(bytes_text(&c.rp.body), "<ok/>");
    assert_int_equal(c.rp.retry_after_s, 7);
    assert_int_equal(c.rp.date_s, 1780358400);
    assert_false(c.rp.reused);
    assert_int_equal(call(&c, "raw", "/plain"), SHK_OK);
    assert_string_equal(c.rp.content_type, "");
    assert_int_equal(c.rp.retry_after_s, -1);
    assert_int_equal(c.rp.date_s, -1);
    assert_true(c.rp.reused);
    call_end(&c);
}

static void what_is_sent_is_what_was_given(void **state) {
    (void)state;
    struct call c;
    const struct http_header headers[] = {{"Idempotency-Key", "k-1"},
                                          {"Content-Type", "application/xml"}};
    call_begin(&c, &world);
    c.rq.method = "POST";
    c.rq.accept = "application/xml";
    c.rq.headers = headers;
    c.rq.headers_n = 2;
    c.rq.body = (const uint8_t *)"<a>\0</a>";
    c.rq.body_len = 8;
    assert_int_equal(call(&c, "raw", "/echo"), SHK_OK);
    const char *seen = bytes_text(&c.rp.body);
    assert_non_null(strstr(seen, "POST /echo HTTP/1.1\r\n"));
    assert_non_null(strstr(seen, "\r\nIdempotency-Key: k-1\r\n"));
    assert_non_null(strstr(seen, "\r\nContent-Type: application/xml\r\n"));
    assert_non_null(strstr(seen, "\r\nAccept: application/xml\r\n"));
    assert_non_null(strstr(seen, "\r\nAccept-Encoding: gzip\r\n"));
    assert_non_null(strstr(seen, "\r\nContent-Length: 8\r\n"));
    assert_null(strstr(seen, "Expect:"));
    assert_memory_equal(c.rp.body.p + c.rp.body.n - 8, "<a>\0</a>", 8);
    c.rq =
        (struct http_request){.method = "POST", .timeout_ms = 60000, .answer_max = CALL_ANSWER_MAX};
    assert_int_equal(call(&c, "raw", "/echo"), SHK_OK);
    seen = bytes_text(&c.rp.body);
    assert_non_null(strstr(seen, "\r\nContent-Length: 0\r\n"));
    assert_null(strstr(seen, "Content-Type"));
    assert_null(strstr(seen, "Idempotency-Key"));
    call_end(&c);
}

static void a_header_cannot_smuggle_another(void **state) {
    (void)state;
    const char *const bad[] = {"a\r\nX-B: c", "a\nb", "", "\x7F"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct call c;
        const struct http_header header = {"X-A", bad[i]};
        call_begin(&c, &world);
        c.rq.headers = &header;
        c.rq.headers_n = 1;
        assert_int_equal(call_once(&c, "raw", "/ok"), SHK_E_ARGUMENT);
    }
}

static void times_and_types_of_the_final_answer_count(void **state) {
    (void)state;
    struct call c;
    call_begin(&c, &world);
    assert_int_equal(call(&c, "raw", "/retry-date"), SHK_OK);
    assert_int_equal(c.rp.retry_after_s, 90);
    assert_int_equal(call(&c, "raw", "/interim"), SHK_OK);
    assert_string_equal(c.rp.content_type, "");
    assert_int_equal(c.rp.retry_after_s, -1);
    assert_string_equal(bytes_text(&c.rp.body), "<ok/>");
    assert_int_equal(call(&c, "raw", "/trailer"), SHK_OK);
    assert_string_equal(c.rp.content_type, "");
    assert_int_equal(c.rp.retry_after_s, -1);
    assert_int_equal(call(&c, "raw", "/gzip"), SHK_OK);
    assert_string_equal(bytes_text(&c.rp.body), "<packed/>");
    call_end(&c);
}

static void a_redirect_is_not_followed(void **state) {
    (void)state;
    struct call c;
    call_begin(&c, &world);
    assert_int_equal(call(&c, "raw", "/redirect"), SHK_OK);
    assert_int_equal(c.rp.status, 302);
    assert_int_equal(c.rp.body.n, 0);
    call_end(&c);
}

static void only_https_is_spoken(void **state) {
    (void)state;
    const char *const bad[] = {"http://localhost/", "file:///etc/passwd", "localhost", "",
                               "https://localhost/\r\nX: y"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct call c;
        call_begin(&c, &world);
        c.rq.url = bad[i];
        assert_int_equal(http_curl.open(NULL, &c.settings, &c.http, &c.why), SHK_OK);
        assert_int_equal(http_curl.perform(c.http, &c.rq, &c.rp, &c.why), SHK_E_ARGUMENT);
        call_end(&c);
    }
}

static void a_server_that_is_not_the_right_one_is_not_trusted(void **state) {
    (void)state;
    const struct expectation all[] = {
        {"rogue", "/ok", SHK_E_GATEWAY_UNTRUSTED, SHK_NATIVE_TLS, 20}, /* issuer not found */
        {"expired", "/ok", SHK_E_GATEWAY_UNTRUSTED, SHK_NATIVE_TLS, 10},
        {"wrong-host", "/ok", SHK_E_GATEWAY_UNTRUSTED, SHK_NATIVE_CURL, 60},
        {"early", "/ok", SHK_E_CLOCK, SHK_NATIVE_TLS, 9},
        {"no-begin", "/ok", SHK_E_GATEWAY_UNTRUSTED, SHK_NATIVE_TLS, 13}, /* a thirteenth month */
        {"no-end", "/ok", SHK_E_GATEWAY_UNTRUSTED, SHK_NATIVE_TLS, 14},
        {"tls11", "/ok", SHK_E_GATEWAY_UNTRUSTED, SHK_NATIVE_CURL, 35},
        {"clear-text", "/ok", SHK_E_GATEWAY_UNTRUSTED, SHK_NATIVE_CURL, 35},
    };
    CALL_EXPECT(&world, all);
}

static void tls_1_2_is_good_enough(void **state) {
    (void)state;
    struct call c;
    call_begin(&c, &world);
    assert_int_equal(call_once(&c, "tls12", "/ok"), SHK_OK);
}

static void the_system_does_not_vouch_for_a_private_ca(void **state) {
    (void)state;
    struct call c;
    call_begin(&c, &world);
    c.settings.ca_file = "";
    assert_int_equal(call_once(&c, "raw", "/ok"), SHK_E_GATEWAY_UNTRUSTED);
    call_begin(&c, &world);
    c.settings.ca_file = world_file(&world, "absent.pem");
    assert_int_equal(call_once(&c, "raw", "/ok"), SHK_E_CONFIG_VALUE);
    assert_int_equal(c.why.native, 77);
    assert_string_equal(c.why.where, "gateway.ca_file");
}

static void a_server_that_is_not_there_is_unreachable(void **state) {
    (void)state;
    const struct expectation all[] = {
        {"refused", "/ok", SHK_E_GATEWAY_UNREACHABLE, SHK_NATIVE_CURL, 7},
        {"reset", "/ok", SHK_E_GATEWAY_UNREACHABLE, SHK_NATIVE_CURL, 35},
    };
    CALL_EXPECT(&world, all);
}

/* How the device is presented, and what becomes of it. */
struct device_case {
    const char *server, *cert, *key, *secret;
    int32_t code;
};

static void expect_device(const struct device_case *d) {
    struct call c;
    call_begin(&c, &world);
    if (d->cert != NULL) {
        use_device(&c, d->cert, d->key);
    }
    c.settings.client_secret = d->secret;
    const char *path = text_equal(d->server, "gateway") ? "/v1/status" : "/ok";
    int32_t rc = call_once(&c, d->server, path);
    if (rc != d->code) {
        fail_msg("%s %s: %d, native %d %d", d->server, d->cert != NULL ? d->cert : "-", (int)rc,
                 (int)c.why.native_kind, (int)c.why.native);
    }
}

static void the_device_is_known_or_refused(void **state) {
    (void)state;
    const struct device_case all[] = {
        {"gateway", "pki/device.pem", "pki/device.key", NULL, SHK_OK},
        {"gateway", NULL, NULL, NULL, SHK_E_DEVICE_REFUSED},
        {"gateway", "pki/stranger.pem", "pki/stranger.key", NULL, SHK_E_DEVICE_REFUSED},
        {"mutual13", "pki/device.pem", "pki/device.key", NULL, SHK_OK},
        {"mutual13", NULL, NULL, NULL, SHK_E_DEVICE_REFUSED},
        {"mutual13", "pki/stranger.pem", "pki/stranger.key", NULL, SHK_E_DEVICE_REFUSED},
        {"mutual12", "pki/device.pem", "pki/device.key", NULL, SHK_OK},
        {"mutual12", NULL, NULL, NULL, SHK_E_DEVICE_REFUSED},
        {"mutual12", "pki/stranger.pem", "pki/stranger.key", NULL, SHK_E_DEVICE_REFUSED},
        {"mutual12", "pki/device.pem", "pki/device-locked.key", "mihon", SHK_OK},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        expect_device(&all[i]);
    }
}

/* With a terminal at hand OpenSSL would ask there for the missing passphrase, and wait. */
static void a_device_key_that_cannot_be_read_is_named(void **state) {
    (void)state;
    const struct device_case all[] = {
        {"mutual12", "pki/device.pem", "pki/device-locked.key", NULL, SHK_E_PASSPHRASE},
        {"mutual12", "pki/device.pem", "pki/device-locked.key", "wrong", SHK_E_PASSPHRASE},
        {"mutual12", "pki/device.pem", "pki/stranger.key", NULL, SHK_E_DEVICE_KEY},
        {"mutual12", "pki/device.pem", "absent.key", NULL, SHK_E_DEVICE_KEY},
        {"mutual12", "absent.pem", "pki/device.key", NULL, SHK_E_DEVICE_KEY},
        {"mutual12", "ports", "pki/device.key", NULL, SHK_E_DEVICE_KEY},
        {"mutual12", "pki/device.p12", NULL, "wrong", SHK_E_PASSPHRASE},
        {"mutual12", "absent.p12", NULL, "", SHK_E_DEVICE_KEY},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        expect_device(&all[i]);
    }
}

static void pkcs12_is_taken(void **state) {
    (void)state;
    struct bytes secret = {0};
    struct fault why = {0};
    const char *path = world_file(&world, "pki/device.p12.pass");
    assert_int_equal(platform_files.read(NULL, path, 100, &secret, &why), SHK_OK);
    while (secret.n > 0 && char_is_space((char)secret.p[secret.n - 1])) {
        secret.p[--secret.n] = 0;
    }
    const struct device_case d = {"gateway", "pki/device.p12", NULL, bytes_text(&secret), SHK_OK};
    expect_device(&d);
    bytes_clear(&secret);
}

static void a_handle_works_on_after_a_fault(void **state) {
    (void)state;
    struct call c;
    int64_t at = 0;
    call_begin(&c, &world);
    assert_int_equal(call(&c, "raw", "/truncated"), SHK_E_GATEWAY_ANSWER);
    assert_int_equal(call(&c, "raw", "/ok"), SHK_OK);
    c.rq.stop = call_stop_at;
    c.rq.stop_self = &at;
    assert_int_equal(call(&c, "raw", "/ok"), SHK_E_CANCELLED);
    c.rq.stop = NULL;
    assert_int_equal(call(&c, "raw", "/ok"), SHK_OK);
    assert_string_equal(bytes_text(&c.rp.body), "<ok/>");
    call_end(&c);
}

/* libcurl would send it again by itself when a kept connection dies; that is not its decision. */
static void a_request_leaves_once_a_call(void **state) {
    (void)state;
    struct call c;
    call_begin(&c, &world);
    assert_int_equal(call(&c, "raw", "/ok"), SHK_OK);
    c.rq.method = "POST";
    assert_int_equal(call(&c, "raw", "/drop"), SHK_E_GATEWAY_ANSWER);
    c.rq.method = "GET";
    assert_int_equal(call(&c, "raw", "/drops"), SHK_OK);
    assert_string_equal(bytes_text(&c.rp.body), "1");
    call_end(&c);
}

static void the_environment_names_no_proxy(void **state) {
    (void)state;
    struct call c;
    setenv("https_proxy", "http://127.0.0.1:1", 1);
    setenv("all_proxy", "http://127.0.0.1:1", 1);
    call_begin(&c, &world);
    assert_int_equal(call_once(&c, "raw", "/ok"), SHK_OK);
    unsetenv("https_proxy");
    unsetenv("all_proxy");
    call_begin(&c, &world);
    c.settings.proxy = "http://127.0.0.1:1";
    assert_int_equal(call_once(&c, "raw", "/ok"), SHK_E_PROXY);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_answer_is_read),
        cmocka_unit_test(what_is_sent_is_what_was_given),
        cmocka_unit_test(a_header_cannot_smuggle_another),
        cmocka_unit_test(times_and_types_of_the_final_answer_count),
        cmocka_unit_test(a_redirect_is_not_followed),
        cmocka_unit_test(only_https_is_spoken),
        cmocka_unit_test(a_server_that_is_not_the_right_one_is_not_trusted),
        cmocka_unit_test(tls_1_2_is_good_enough),
        cmocka_unit_test(the_system_does_not_vouch_for_a_private_ca),
        cmocka_unit_test(a_server_that_is_not_there_is_unreachable),
        cmocka_unit_test(the_device_is_known_or_refused),
        cmocka_unit_test(a_device_key_that_cannot_be_read_is_named),
        cmocka_unit_test(pkcs12_is_taken),
        cmocka_unit_test(a_handle_works_on_after_a_fault),
        cmocka_unit_test(a_request_leaves_once_a_call),
        cmocka_unit_test(the_environment_names_no_proxy),
    };
    if (!world_start(&world)) {
        world_stop(&world);
        return 1;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    world_stop(&world);
    return failed;
}
