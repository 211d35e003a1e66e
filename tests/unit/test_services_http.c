/* HTTP and libraries as an adapter gets them, over real servers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http_curl_world.h"
#include "real_env.h"
#include "services.h"

static struct world world;

struct borrower {
    struct session *session;
    struct fault why;
    struct services lent;
    const shk_services *sv;
    shk_http_settings settings;
    shk_http_request rq;
    shk_http_reply rp;
    char url[256], server[256];
    void *http;
};

static int begin(void **state) {
    static const struct env_life life = {NULL, NULL};
    struct borrower *b = calloc(1, sizeof *b);
    struct env env;
    real_env_init(&env);
    if (b == NULL || session_new(config_new(), &env, &life, &b->session, &b->why) != SHK_OK) {
        return -1;
    }
    services_init(&b->lent, b->session, &b->why);
    b->sv = &b->lent.table;
    b->settings = (shk_http_settings){.struct_size = sizeof b->settings,
                                      .abi = SHK_ADAPTER_ABI,
                                      .connect_ms = 30000,
                                      .ca_file = world_file(&world, "pki/server-ca.pem")};
    b->rq = (shk_http_request){.struct_size = sizeof b->rq,
                               .abi = SHK_ADAPTER_ABI,
                               .method = "GET",
                               .timeout_ms = 60000,
                               .answer_max = 4096};
    b->rp = (shk_http_reply){.struct_size = sizeof b->rp, .abi = SHK_ADAPTER_ABI};
    *state = b;
    return 0;
}

static int end(void **state) {
    struct borrower *b = *state;
    b->sv->release(b->sv->self, b->rp.body);
    b->sv->http_close(b->sv->self, b->http);
    session_drop(b->session);
    free(b);
    return 0;
}

/* Opens for the server of that name unless open, and sends; the first fault stays in why. */
static int32_t ask(struct borrower *b, const char *server, const char *path) {
    fault_clear(&b->why);
    b->sv->release(b->sv->self, b->rp.body);
    b->rp.body = NULL;
    if (b->http == NULL) {
        world_url(&world, server, "", b->server);
        b->settings.url = b->server;
        int32_t rc = b->sv->http_open(b->sv->self, &b->settings, &b->http);
        if (rc != SHK_OK) {
            return rc;
        }
    }
    world_url(&world, server, path, b->url);
    b->rq.url = b->url;
    return b->sv->http_send(b->sv->self, b->http, &b->rq, &b->rp);
}

static int32_t ask_once(struct borrower *b, const char *server, const char *path) {
    int32_t rc = ask(b, server, path);
    b->sv->http_close(b->sv->self, b->http);
    b->http = NULL;
    return rc;
}

static void an_answer_comes_with_its_status_and_type(void **state) {
    struct borrower *b = *state;
    assert_int_equal(ask(b, "raw", "/ok"), SHK_OK);
    assert_int_equal(b->rp.status, 200);
    assert_string_equal(b->rp.content_type, "application/xml");
    assert_int_equal(b->rp.retry_after_s, 7);
    assert_int_equal(b->rp.body_len, 5);
    assert_string_equal((const char *)b->rp.body, "<ok/>");
    assert_int_equal(ask(b, "raw", "/redirect"), SHK_OK);
    assert_int_equal(b->rp.status, 302);
    assert_int_equal(b->why.code, 0);
}

static void what_is_sent_is_what_the_adapter_said(void **state) {
    struct borrower *b = *state;
    const shk_setting headers[] = {{"Idempotency-Key", "k-1"}, {"X-Kana", "ミホン"}};
    b->settings.user = "u";
    b->settings.password = "p";
    b->rq.method = "PUT";
    b->rq.content_type = "application/json; charset=utf-8";
    b->rq.headers = headers;
    b->rq.headers_n = 2;
    b->rq.body = (const uint8_t *)"{}";
    b->rq.body_len = 2;
    assert_int_equal(ask(b, "raw", "/echo"), SHK_OK);
    const char *seen = (const char *)b->rp.body;
    assert_non_null(strstr(seen, "PUT /echo HTTP/1.1\r\n"));
    assert_non_null(strstr(seen, "\r\nIdempotency-Key: k-1\r\n"));
    assert_non_null(strstr(seen, "\r\nX-Kana: ミホン\r\n"));
    assert_non_null(strstr(seen, "\r\nContent-Type: application/json; charset=utf-8\r\n"));
    assert_non_null(strstr(seen, "\r\nAuthorization: Basic dTpw\r\n"));
}

static void a_fault_tells_whether_the_host_may_have_it(void **state) {
    struct borrower *b = *state;
    static const struct {
        const char *server, *path;
        int32_t code;
    } all[] = {
        {"refused", "/", SHK_E_HOST_UNREACHABLE},
        {"reset", "/", SHK_E_HOST_UNREACHABLE},
        {"rogue", "/ok", SHK_E_HOST_LOGIN},
        {"expired", "/ok", SHK_E_HOST_LOGIN},
        {"early", "/ok", SHK_E_HOST_LOGIN},
        {"wrong-host", "/ok", SHK_E_HOST_LOGIN},
        {"tls11", "/ok", SHK_E_HOST_LOGIN},
        {"mutual12", "/ok", SHK_E_HOST_LOGIN},
        {"mutual13", "/ok", SHK_E_HOST_LOGIN},
        {"raw", "/nothing", SHK_E_DELIVERY_UNSURE},
        {"raw", "/drop", SHK_E_DELIVERY_UNSURE},
        {"raw", "/truncated", SHK_E_DELIVERY_UNSURE},
        {"raw", "/truncated-chunk", SHK_E_DELIVERY_UNSURE},
        {"raw", "/truncated-head", SHK_E_DELIVERY_UNSURE},
        {"raw", "/garbage", SHK_E_DELIVERY_UNSURE},
        {"raw", "/bad-gzip", SHK_E_DELIVERY_UNSURE},
        {"raw", "/endless-body", SHK_E_HOST_ANSWER},
        {"raw", "/endless-headers", SHK_E_HOST_ANSWER},
        {"raw", "/bomb", SHK_E_HOST_ANSWER},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        int32_t rc = ask_once(b, all[i].server, all[i].path);
        if (rc != all[i].code || b->why.code != rc) {
            fail_msg("%s%s: %d", all[i].server, all[i].path, (int)rc);
        }
        assert_null(b->rp.body);
        assert_int_equal(b->rp.body_len, 0);
    }
}

static void the_time_limit_tells_it_too(void **state) {
    struct borrower *b = *state;
    b->rq.timeout_ms = 4000; /* to be sent in */
    assert_int_equal(ask_once(b, "raw", "/hang"), SHK_E_DELIVERY_UNSURE);
    assert_int_equal(ask_once(b, "raw", "/drip"), SHK_E_DELIVERY_UNSURE);
    b->rq.timeout_ms = 300;
    assert_int_equal(ask_once(b, "silent", "/"), SHK_E_HOST_UNREACHABLE);
}

static void wish(void *session) {
    struct session *s = session;
    thread_sleep(3000); /* by then it is sent */
    mutex_lock(s->lock);
    s->cancel = true;
    mutex_unlock(s->lock);
}

static void a_wish_to_stop_ends_it(void **state) {
    struct borrower *b = *state;
    struct thread *t = thread_start(wish, b->session);
    int64_t start = world_ms();
    assert_int_equal(ask_once(b, "raw", "/hang"), SHK_E_DELIVERY_UNSURE);
    assert_true(world_ms() - start < 20000);
    assert_true(thread_join(t, -1));
    assert_int_equal(b->sv->stopping(b->sv->self), 1);
    assert_int_equal(ask_once(b, "raw", "/ok"), SHK_E_CANCELLED);
}

static void keys_and_trust_that_cannot_be_used_are_named(void **state) {
    struct borrower *b = *state;
    b->settings.client_cert = "/nowhere/cert.pem";
    assert_int_equal(ask_once(b, "raw", "/ok"), SHK_E_HOST_LOGIN);
    assert_string_equal(b->why.where, "client_cert");
    b->settings.client_cert = world_file(&world, "pki/device.pem");
    b->settings.client_key = world_file(&world, "pki/device-locked.key");
    b->settings.client_secret = "wrong";
    assert_int_equal(ask_once(b, "raw", "/ok"), SHK_E_HOST_LOGIN);
    assert_string_equal(b->why.where, "client_secret");
    b->settings.client_secret = "mihon";
    assert_int_equal(ask_once(b, "mutual13", "/ok"), SHK_OK);
    b->settings.ca_file = "/nowhere/ca.pem";
    assert_int_equal(ask_once(b, "raw", "/ok"), SHK_E_ADAPTER_SETTINGS);
    assert_string_equal(b->why.where, "ca_file");
    b->settings.user = "a:b";
    assert_int_equal(ask_once(b, "raw", "/ok"), SHK_E_ADAPTER_SETTINGS);
    assert_string_equal(b->why.where, "user");
}

static void a_server_that_is_none_is_refused(void **state) {
    struct borrower *b = *state;
    static const char *const bad[] = {"",
                                      "http://localhost",
                                      "ftp://localhost",
                                      "https://",
                                      "https:///x",
                                      "https://:8443",
                                      "https://user:word@localhost",
                                      "https://localhost\\@elsewhere",
                                      "https://local host",
                                      "https://localhost?x",
                                      "https://localhost\r\nX: y"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        fault_clear(&b->why);
        b->settings.url = bad[i];
        assert_int_equal(b->sv->http_open(b->sv->self, &b->settings, &b->http),
                         SHK_E_ADAPTER_SETTINGS);
        assert_string_equal(b->why.where, "url");
        assert_null(b->http);
    }
    b->settings.url = NULL;
    assert_int_equal(b->sv->http_open(b->sv->self, &b->settings, &b->http), SHK_E_ADAPTER_SETTINGS);
    b->settings.url = "http://localhost:1";
    b->settings.plain = 1;
    assert_int_equal(b->sv->http_open(b->sv->self, &b->settings, &b->http), SHK_OK);
}

static void structures_of_another_day_are_refused(void **state) {
    struct borrower *b = *state;
    b->settings.url = "https://localhost:1";
    b->settings.struct_size--;
    assert_int_equal(b->sv->http_open(b->sv->self, &b->settings, &b->http), SHK_E_ARGUMENT);
    b->settings.struct_size++;
    b->settings.abi = 2;
    assert_int_equal(b->sv->http_open(b->sv->self, &b->settings, &b->http), SHK_E_ARGUMENT);
    assert_int_equal(b->sv->http_open(b->sv->self, NULL, &b->http), SHK_E_ARGUMENT);
    b->settings.abi = SHK_ADAPTER_ABI;
    b->rq.struct_size--;
    assert_int_equal(ask(b, "raw", "/ok"), SHK_E_ARGUMENT);
    b->rq.struct_size++;
    b->rp.struct_size = 8;
    assert_int_equal(ask(b, "raw", "/ok"), SHK_E_ARGUMENT);
    b->rp.struct_size = sizeof b->rp;
    b->rp.abi = 7;
    assert_int_equal(ask(b, "raw", "/ok"), SHK_E_ARGUMENT);
    b->rp.abi = SHK_ADAPTER_ABI;
    assert_int_equal(ask(b, "raw", "/ok"), SHK_OK);
}

static void requests_stay_below_their_server(void **state) {
    struct borrower *b = *state;
    static const char *const behind[] = {"0/x", "@elsewhere/", ".example/", "#x", "/a b", "/\r\n"};
    assert_int_equal(ask(b, "raw", "/ok"), SHK_OK);
    for (size_t i = 0; i < sizeof behind / sizeof behind[0]; i++) {
        assert_int_equal(ask(b, "raw", behind[i]), SHK_E_ARGUMENT);
    }
    assert_int_equal(ask(b, "tls12", "/ok"), SHK_E_ARGUMENT);
    assert_int_equal(ask(b, "raw", "/ok"), SHK_OK);
}

static void a_header_that_is_none_is_refused(void **state) {
    struct borrower *b = *state;
    char long_value[2049];
    memset(long_value, 'x', 2048);
    long_value[2048] = '\0';
    const shk_setting bad[] = {{"X-A", "a\r\nX-B: c"},
                               {"X-A", "a\nb"},
                               {"X-A", ""},
                               {"X-A", long_value},
                               {"X A", "b"},
                               {"X-A:", "b"},
                               {"", "b"},
                               {"X\r\nY", "b"},
                               {"Host", "elsewhere"},
                               {"content-LENGTH", "0"},
                               {NULL, "b"},
                               {"X-A", NULL},
                               {"Content-Type", "text/plain"}};
    b->rq.headers_n = 1;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        b->rq.headers = &bad[i];
        assert_int_equal(ask(b, "raw", "/ok"), SHK_E_ARGUMENT);
    }
    b->rq.headers = NULL;
    assert_int_equal(ask(b, "raw", "/ok"), SHK_E_ARGUMENT);
    b->rq.headers = bad;
    b->rq.headers_n = UINT32_MAX;
    assert_int_equal(ask(b, "raw", "/ok"), SHK_E_ARGUMENT);
    b->rq.headers_n = 0;
    b->rq.content_type = "a\r\nb";
    assert_int_equal(ask(b, "raw", "/ok"), SHK_E_ARGUMENT);
}

static void bodies_and_limits_are_bounded(void **state) {
    struct borrower *b = *state;
    b->rq.body_len = 1;
    assert_int_equal(ask(b, "raw", "/ok"), SHK_E_ARGUMENT);
    b->rq.body = (const uint8_t *)"x";
    assert_int_equal(ask(b, "raw", "/ok"), SHK_E_ARGUMENT); /* GET with a body */
    b->rq.method = "POST";
    assert_int_equal(ask(b, "raw", "/ok"), SHK_OK);
    b->rq.timeout_ms = 0;
    assert_int_equal(ask(b, "raw", "/ok"), SHK_E_ARGUMENT);
    b->rq.timeout_ms = 60000;
    b->rq.answer_max = SHK_FILE_MAX + 1;
    assert_int_equal(ask(b, "raw", "/ok"), SHK_E_ARGUMENT);
    b->rq.answer_max = 1000;
    assert_int_equal(ask(b, "raw", "/1000"), SHK_OK);
    assert_int_equal(ask(b, "raw", "/1001"), SHK_E_HOST_ANSWER);
    assert_int_equal(b->sv->http_send(b->sv->self, NULL, &b->rq, &b->rp), SHK_E_ARGUMENT);
}

static void a_library_is_named_whole_or_bare(void **state) {
    struct borrower *b = *state;
    static const char *const bad[] = {"", "./libm.so.6", "lib/libm.so.6", "../x", "C:x", "."};
    double (*cosine)(double) = NULL;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_null(b->sv->library_open(b->sv->self, bad[i]));
    }
    assert_null(b->sv->library_open(b->sv->self, NULL));
    assert_null(b->sv->library_open(b->sv->self, "no-such-library.so"));
    void *library = b->sv->library_open(b->sv->self, "libm.so.6");
    assert_non_null(library);
    assert_int_equal(b->sv->library_find(b->sv->self, library, "no_such_symbol", (void *)&cosine),
                     0);
    assert_null(cosine);
    assert_int_equal(b->sv->library_find(b->sv->self, library, "cos", (void *)&cosine), 1);
    assert_true(cosine(0) > 0.99);
    assert_int_equal(b->sv->library_find(b->sv->self, NULL, "cos", (void *)&cosine), 0);
}

static int32_t keyed(void *self, const uint8_t *p, size_t n, char out[33]) {
    text_format(out, 33, "%s %u %c", (const char *)self, (unsigned)n, (char)p[0]);
    return SHK_OK;
}

static void a_digest_is_the_stores_or_of_the_bytes_alone(void **state) {
    struct borrower *b = *state;
    char out[33];
    assert_int_equal(b->sv->digest(b->sv->self, (const uint8_t *)"abc", 3, out), SHK_OK);
    assert_string_equal(out, "ba7816bf8f01cfea414140de5dae2223");
    assert_int_equal(b->sv->digest(b->sv->self, NULL, 3, out), SHK_E_ARGUMENT);
    char name[] = "keyed";
    b->lent.digest = keyed;
    b->lent.digest_self = name;
    assert_int_equal(b->sv->digest(b->sv->self, (const uint8_t *)"abc", 3, out), SHK_OK);
    assert_string_equal(out, "keyed 3 a");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(an_answer_comes_with_its_status_and_type),
        CASE(what_is_sent_is_what_the_adapter_said),
        CASE(a_fault_tells_whether_the_host_may_have_it),
        CASE(the_time_limit_tells_it_too),
        CASE(a_wish_to_stop_ends_it),
        CASE(keys_and_trust_that_cannot_be_used_are_named),
        CASE(a_server_that_is_none_is_refused),
        CASE(structures_of_another_day_are_refused),
        CASE(requests_stay_below_their_server),
        CASE(a_header_that_is_none_is_refused),
        CASE(bodies_and_limits_are_bounded),
        CASE(a_library_is_named_whole_or_bare),
        CASE(a_digest_is_the_stores_or_of_the_bytes_alone),
    };
    int failed = world_start(&world) ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
    world_stop(&world);
    return failed;
}
