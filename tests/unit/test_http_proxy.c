#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http_curl_world.h"
#include "lookup.h"

#define USER       "mihondesk"
#define WORD       "mihonword1"
#define SOCKS_WORD "mihon %41:@/word" /* taken as it is */

static struct world world;

/* "scheme://127.0.0.1:port" of one of the world's listeners. */
static const char *proxy_at(const char *scheme, const char *server, const char *user) {
    static char url[256];
    char whole[256];
    world_url(&world, server, "", whole);
    text_format(url, sizeof url, "%s%s127.0.0.1%s", scheme, user, strrchr(whole, ':'));
    return url;
}

struct proxy_case {
    const char *scheme, *server, *user, *word, *gateway;
    int32_t code, native_kind, native;
};

static void expect_one(const struct proxy_case *p) {
    struct call c;
    call_begin(&c, &world);
    c.settings.proxy = proxy_at(p->scheme, p->server, "");
    c.settings.proxy_user = p->user;
    c.settings.proxy_password = p->word;
    if (p->native == 28) {
        c.settings.connect_ms = 1500;
    }
    int32_t rc = call_once(&c, p->gateway, "/ok");
    if (rc != p->code || c.why.native_kind != p->native_kind ||
        (p->native != 0 && c.why.native != p->native)) {
        fail_msg("%s%s for %s: %d, native %d %d", p->scheme, p->server, p->gateway, (int)rc,
                 (int)c.why.native_kind, (int)c.why.native);
    }
}

static void expect(const struct proxy_case *all, size_t n) {
    for (size_t i = 0; i < n; i++) {
        expect_one(&all[i]);
    }
}
#define EXPECT(all) expect(all, sizeof(all) / sizeof(all)[0])

static void every_kind_of_proxy_leads_to_the_gateway(void **state) {
    (void)state;
    const struct proxy_case all[] = {
        {"http://", "proxy-http", USER, WORD, "raw", SHK_OK, 0, 0},
        {"", "proxy-http", USER, WORD, "raw", SHK_OK, 0, 0},
        {"socks5h://", "proxy-socks5", USER, SOCKS_WORD, "raw", SHK_OK, 0, 0},
        {"socks5://", "proxy-socks5", USER, SOCKS_WORD, "raw", SHK_OK, 0, 0},
        {"socks5h://", "proxy-socks4", NULL, NULL, "raw", SHK_OK, 0, 0},
        {"socks4://", "proxy-socks4", NULL, NULL, "raw", SHK_OK, 0, 0},
        {"socks4a://", "proxy-socks4a", USER, NULL, "raw", SHK_OK, 0, 0},
    };
    EXPECT(all);
    assert_true(world_file_will_hold(&world, "tinyproxy.log", "CONNECT localhost:"));
    assert_true(world_file_will_hold(&world, "microsocks.log", "connected to localhost:"));
}

static void a_user_that_is_not_let_in_is_the_proxys_fault(void **state) {
    (void)state;
    const struct proxy_case all[] = {
        {"http://", "proxy-http", NULL, NULL, "raw", SHK_E_PROXY, SHK_NATIVE_HTTP, 0},
        {"http://", "proxy-http", USER, "wrong", "raw", SHK_E_PROXY, SHK_NATIVE_HTTP, 0},
        {"http://", "proxy-http", USER, NULL, "raw", SHK_E_PROXY, SHK_NATIVE_HTTP, 0},
        {"socks5h://", "proxy-socks5", NULL, NULL, "raw", SHK_E_PROXY, SHK_NATIVE_CURL, 97},
        {"socks5h://", "proxy-socks5", USER, "wrong", "raw", SHK_E_PROXY, SHK_NATIVE_CURL, 97},
        {"socks5h://", "proxy-socks5", USER, NULL, "raw", SHK_E_PROXY, SHK_NATIVE_CURL, 97},
        {"socks4a://", "proxy-socks4a", "somebody", NULL, "raw", SHK_E_PROXY, SHK_NATIVE_CURL, 97},
    };
    EXPECT(all);
}

static void a_proxy_that_is_not_there_or_is_none_is_named(void **state) {
    (void)state;
    const struct proxy_case all[] = {
        {"http://", "refused", NULL, NULL, "raw", SHK_E_PROXY, SHK_NATIVE_CURL, 7},
        {"socks5h://", "refused", USER, WORD, "raw", SHK_E_PROXY, SHK_NATIVE_CURL, 7},
        {"http://", "reset", NULL, NULL, "raw", SHK_E_PROXY, SHK_NATIVE_CURL, 0},
        {"socks5h://", "reset", NULL, NULL, "raw", SHK_E_PROXY, SHK_NATIVE_CURL, 0},
        {"socks5h://", "clear-text", NULL, NULL, "raw", SHK_E_PROXY, SHK_NATIVE_CURL, 97},
        {"http://", "proxy-socks5", NULL, NULL, "raw", SHK_E_PROXY, SHK_NATIVE_CURL, 0},
    };
    EXPECT(all);
    struct call c;
    call_begin(&c, &world);
    c.settings.proxy = "http://proxy.invalid:8080";
    assert_int_equal(call_once(&c, "raw", "/ok"), SHK_E_PROXY);
    assert_int_equal(c.why.native, 5);
}

static void a_gateway_behind_the_proxy_that_is_not_there_is_not_the_proxys_fault(void **state) {
    (void)state;
    const struct proxy_case all[] = {
        {"http://", "proxy-http", USER, WORD, "refused", SHK_E_GATEWAY_UNREACHABLE, SHK_NATIVE_HTTP,
         500},
        {"socks5h://", "proxy-socks5", USER, SOCKS_WORD, "refused", SHK_E_GATEWAY_UNREACHABLE,
         SHK_NATIVE_CURL, 97},
        /* It takes the line and says nothing: the time limit cannot tell why. */
        {"http://", "silent", NULL, NULL, "raw", SHK_E_GATEWAY_UNREACHABLE, SHK_NATIVE_CURL, 28},
        {"socks5h://", "proxy-http", NULL, NULL, "raw", SHK_E_GATEWAY_UNREACHABLE, SHK_NATIVE_CURL,
         28},
    };
    EXPECT(all);
}

static void the_proxy_is_not_believed_to_be_the_gateway(void **state) {
    (void)state;
    const struct proxy_case all[] = {
        {"socks5h://", "proxy-socks5", USER, SOCKS_WORD, "rogue", SHK_E_GATEWAY_UNTRUSTED,
         SHK_NATIVE_TLS, 20},
        {"http://", "proxy-http", USER, WORD, "expired", SHK_E_GATEWAY_UNTRUSTED, SHK_NATIVE_TLS,
         10},
        /* Says "200" to everything and goes on in clear text. */
        {"http://", "clear-text", NULL, NULL, "raw", SHK_E_GATEWAY_UNTRUSTED, SHK_NATIVE_CURL, 35},
    };
    EXPECT(all);
}

static void faults_behind_the_proxy_keep_their_meaning(void **state) {
    (void)state;
    struct call c;
    call_begin(&c, &world);
    c.settings.proxy = proxy_at("socks5h://", "proxy-socks5", "");
    c.settings.proxy_user = USER;
    c.settings.proxy_password = SOCKS_WORD;
    assert_int_equal(call(&c, "raw", "/truncated"), SHK_E_GATEWAY_ANSWER);
    assert_int_equal(call(&c, "raw", "/ok"), SHK_OK);
    assert_int_equal(call(&c, "raw", "/ok"), SHK_OK);
    assert_true(c.rp.reused);
    c.rq.timeout_ms = 300;
    assert_int_equal(call(&c, "raw", "/hang"), SHK_E_GATEWAY_TIMEOUT);
    call_end(&c);
}

static void refused_with(const char *proxy, const char *user, const char *word, const char *where) {
    struct call c;
    call_begin(&c, &world);
    c.settings.proxy = proxy;
    c.settings.proxy_user = user;
    c.settings.proxy_password = word;
    int32_t rc = call_once(&c, "raw", "/ok");
    if (rc != SHK_E_CONFIG_VALUE || !text_equal(c.why.where, where)) {
        fail_msg("%.60s: %d %s", proxy, (int)rc, c.why.where);
    }
}

static void a_proxy_that_cannot_be_meant_is_refused_when_opened(void **state) {
    (void)state;
    char name[2048];
    const char *const bad[] = {"http://user:word@127.0.0.1:8080",
                               "socks5h://user@127.0.0.1:1080",
                               "https://127.0.0.1:8080",
                               "ftp://127.0.0.1:8080",
                               "http://:8080",
                               "http://127.0.0.1",
                               "http://127.0.0.1:",
                               "127.0.0.1",
                               "http://127.0.0.1:80 80",
                               "http://127.0.0.1:8080\n",
                               "http://",
                               "http://\xE8\xA6\x8B:8080"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        refused_with(bad[i], NULL, NULL, "gateway.proxy");
    }
    for (size_t n = 254; n < 2000; n += 436) {
        memset(name, 'a', sizeof name);
        text_copy(name + n, sizeof name - n, ":8080");
        refused_with(name, NULL, NULL, "gateway.proxy");
    }
    memset(name, 'a', 256);
    name[256] = '\0';
    refused_with("socks5h://127.0.0.1:1080", name, "", "gateway.proxy_user");
    refused_with("socks5h://127.0.0.1:1080", USER, name, "gateway.proxy_password");
    refused_with("http://127.0.0.1:8080", "user\r\nX: y", "", "gateway.proxy_user");
}

/* A libcurl of 2023 wrote behind its buffer for a name of more than 255 bytes. */
static void an_overlong_host_never_reaches_the_proxy(void **state) {
    (void)state;
    char url[600] = "https://";
    struct call c;
    call_begin(&c, &world);
    memset(url + 8, 'a', 300);
    text_copy(url + 308, sizeof url - 308, "/ok");
    c.settings.proxy = proxy_at("socks5h://", "proxy-socks5", "");
    assert_int_equal(http_curl.open(NULL, &c.settings, &c.http, &c.why), SHK_OK);
    c.rq.url = url;
    assert_int_equal(http_curl.perform(c.http, &c.rq, &c.rp, &c.why), SHK_E_ARGUMENT);
    call_end(&c);
}

static int32_t call_with_environment(const char *name, const char *value, const char *except) {
    struct call c;
    setenv(name, value, 1);
    setenv("no_proxy", except, 1);
    call_begin(&c, &world);
    c.settings.proxy_from_environment = true;
    int32_t rc = call_once(&c, "raw", "/ok");
    unsetenv(name);
    unsetenv("no_proxy");
    return rc;
}

static void the_environment_counts_when_it_is_asked_for(void **state) {
    (void)state;
    const char *const dead = "http://127.0.0.1:1";
    const char *const names[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(call_with_environment(names[i], dead, ""), SHK_E_PROXY);
    }
    assert_int_equal(call_with_environment("HTTPS_PROXY", "", ""), SHK_OK);
    const char *with_user = proxy_at("http://", "proxy-http", USER ":" WORD "@");
    assert_int_equal(call_with_environment("HTTPS_PROXY", with_user, ""), SHK_OK);
    with_user = proxy_at("socks5h://", "proxy-socks5", USER ":wrong@");
    assert_int_equal(call_with_environment("ALL_PROXY", with_user, ""), SHK_E_PROXY);
    assert_int_equal(call_with_environment("HTTPS_PROXY", "gopher://x:1", ""), SHK_E_CONFIG_VALUE);
}

static void names_in_no_proxy_are_reached_directly(void **state) {
    (void)state;
    const char *const dead = "http://127.0.0.1:1";
    const char *const spared[] = {"localhost", "*", "example.jp, localhost", ".localhost",
                                  "LOCALHOST"};
    const char *const others[] = {"example.jp", "host", "ocalhost", "localhost.example.jp"};
    for (size_t i = 0; i < sizeof spared / sizeof spared[0]; i++) {
        assert_int_equal(call_with_environment("HTTPS_PROXY", dead, spared[i]), SHK_OK);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_int_equal(call_with_environment("HTTPS_PROXY", dead, others[i]), SHK_E_PROXY);
    }
}

/* Where no proxy is in the way, a dead line is the gateway's. */
static void a_spared_gateway_that_is_not_there_is_unreachable(void **state) {
    (void)state;
    struct call c;
    setenv("HTTPS_PROXY", "http://127.0.0.1:1", 1);
    setenv("NO_PROXY", "localhost", 1);
    call_begin(&c, &world);
    c.settings.proxy_from_environment = true;
    assert_int_equal(call_once(&c, "refused", "/ok"), SHK_E_GATEWAY_UNREACHABLE);
    unsetenv("NO_PROXY");
    call_begin(&c, &world);
    c.settings.proxy_from_environment = true;
    c.settings.proxy = proxy_at("socks5h://", "proxy-socks4", ""); /* goes before the environment */
    assert_int_equal(call_once(&c, "raw", "/ok"), SHK_OK);
    unsetenv("HTTPS_PROXY");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_proxy_leads_to_the_gateway),
        cmocka_unit_test(a_user_that_is_not_let_in_is_the_proxys_fault),
        cmocka_unit_test(a_proxy_that_is_not_there_or_is_none_is_named),
        cmocka_unit_test(a_gateway_behind_the_proxy_that_is_not_there_is_not_the_proxys_fault),
        cmocka_unit_test(the_proxy_is_not_believed_to_be_the_gateway),
        cmocka_unit_test(faults_behind_the_proxy_keep_their_meaning),
        cmocka_unit_test(a_proxy_that_cannot_be_meant_is_refused_when_opened),
        cmocka_unit_test(an_overlong_host_never_reaches_the_proxy),
        cmocka_unit_test(the_environment_counts_when_it_is_asked_for),
        cmocka_unit_test(names_in_no_proxy_are_reached_directly),
        cmocka_unit_test(a_spared_gateway_that_is_not_there_is_unreachable),
    };
    if (!world_start_with(&world, "proxies")) {
        world_stop(&world);
        return 1;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    world_stop(&world);
    return failed;
}
