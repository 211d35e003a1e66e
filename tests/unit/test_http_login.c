/* What the gateway route never does and adapters need: plain HTTP, Basic authentication, PUT. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http_curl_world.h"
#include "lookup.h"

static struct world world;

static void plain_url(const char *server, const char *path, char out[256]) {
    char url[256];
    world_url(&world, server, path, url);
    text_format(out, 256, "http%s", strstr(url, "://"));
}

static void plain_http_goes_only_where_it_is_allowed(void **state) {
    (void)state;
    struct call c;
    call_begin(&c, &world);
    plain_url("plain", "/ok", c.url);
    assert_int_equal(call_url(&c), SHK_E_ARGUMENT);
    assert_false(c.rp.sent);
    call_end(&c);
    c.settings.plain = true;
    assert_int_equal(call_url(&c), SHK_OK);
    assert_int_equal(c.rp.status, 200);
    assert_string_equal(bytes_text(&c.rp.body), "<ok/>");
    assert_true(c.rp.sent);
    /* Https stays open to the same handle, and keeps its checks. */
    assert_int_equal(call(&c, "raw", "/ok"), SHK_OK);
    assert_int_equal(call(&c, "rogue", "/ok"), SHK_E_GATEWAY_UNTRUSTED);
    assert_false(c.rp.sent);
    call_end(&c);
}

static void other_schemes_stay_shut(void **state) {
    (void)state;
    const char *const urls[] = {"ftp://localhost/", "file:///etc/hostname", "HTTP://localhost/",
                                ""};
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct call c;
        call_begin(&c, &world);
        c.settings.plain = true;
        text_copy(c.url, sizeof c.url, urls[i]);
        assert_int_equal(call_url(&c), SHK_E_ARGUMENT);
        call_end(&c);
    }
}

static void user_and_word_go_with_the_first_request(void **state) {
    (void)state;
    struct call c;
    call_begin(&c, &world);
    c.settings.user = "uketsuke";
    c.settings.password = "mi:hon";
    assert_int_equal(call(&c, "raw", "/echo"), SHK_OK);
    /* "uketsuke:mi:hon" */
    assert_non_null(
        strstr(bytes_text(&c.rp.body), "\r\nAuthorization: Basic dWtldHN1a2U6bWk6aG9u\r\n"));
    call_end(&c);
    c.settings.user = "";
    assert_int_equal(call_once(&c, "raw", "/echo"), SHK_OK);
    assert_int_equal(call(&c, "raw", "/echo"), SHK_OK);
    assert_null(strstr(bytes_text(&c.rp.body), "Authorization"));
    call_end(&c);
}

static void a_user_that_would_shift_the_border_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *user, *password, *where;
    } bad[] = {{"a:b", "c", "user"}, {"a\r\nX: y", "c", "user"}, {"a", "c\n", "password"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct call c;
        call_begin(&c, &world);
        c.settings.user = bad[i].user;
        c.settings.password = bad[i].password;
        assert_int_equal(call_once(&c, "raw", "/ok"), SHK_E_CONFIG_VALUE);
        assert_string_equal(c.why.where, bad[i].where);
    }
}

static void put_is_put_and_the_next_is_not(void **state) {
    (void)state;
    struct call c;
    call_begin(&c, &world);
    c.rq.method = "PUT";
    c.rq.body = (const uint8_t *)"{}";
    c.rq.body_len = 2;
    assert_int_equal(call(&c, "raw", "/echo"), SHK_OK);
    assert_non_null(strstr(bytes_text(&c.rp.body), "PUT /echo HTTP/1.1\r\n"));
    assert_non_null(strstr(bytes_text(&c.rp.body), "\r\nContent-Length: 2\r\n"));
    c.rq.method = "POST";
    assert_int_equal(call(&c, "raw", "/echo"), SHK_OK);
    assert_non_null(strstr(bytes_text(&c.rp.body), "POST /echo HTTP/1.1\r\n"));
    c.rq.method = "GET";
    c.rq.body_len = 0;
    assert_int_equal(call(&c, "raw", "/echo"), SHK_OK);
    assert_non_null(strstr(bytes_text(&c.rp.body), "GET /echo HTTP/1.1\r\n"));
    c.rq.method = "DELETE";
    assert_int_equal(call(&c, "raw", "/echo"), SHK_E_ARGUMENT);
    call_end(&c);
}

static void whether_it_was_sent_is_told(void **state) {
    (void)state;
    static const struct {
        const char *server, *path;
        bool sent;
    } all[] = {{"refused", "/", false},       {"reset", "/", false}, {"rogue", "/ok", false},
               {"raw", "/nothing", true},     {"raw", "/ok", true},  {"raw", "/truncated", true},
               {"raw", "/endless-body", true}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct call c;
        call_begin(&c, &world);
        (void)call(&c, all[i].server, all[i].path);
        assert_int_equal(c.rp.sent, all[i].sent);
        call_end(&c);
    }
    struct call c;
    call_begin(&c, &world);
    c.rq.timeout_ms = 4000; /* to be sent in */
    assert_int_equal(call(&c, "raw", "/hang"), SHK_E_GATEWAY_TIMEOUT);
    assert_true(c.rp.sent);
    call_end(&c);
    c.rq.timeout_ms = 300;
    assert_int_equal(call(&c, "silent", "/"), SHK_E_GATEWAY_TIMEOUT);
    assert_false(c.rp.sent);
    call_end(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_http_goes_only_where_it_is_allowed),
        cmocka_unit_test(other_schemes_stay_shut),
        cmocka_unit_test(user_and_word_go_with_the_first_request),
        cmocka_unit_test(a_user_that_would_shift_the_border_is_refused),
        cmocka_unit_test(put_is_put_and_the_next_is_not),
        cmocka_unit_test(whether_it_was_sent_is_told),
    };
    int failed = world_start(&world) ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
    world_stop(&world);
    return failed;
}
