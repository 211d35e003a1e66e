/* The http adapter against a service that counts and misbehaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapter_stage.h"
#include "http_curl_world.h"
#include "platform.h"
#include "registry.h"

#define SETTINGS_MAX 12
#define ROOM         4096

static struct world world;

/* One adapter with these settings, for one or more deliveries. */
struct client {
    shk_setting settings[SETTINGS_MAX];
    uint32_t n;
    char url[256], find_url[256];
    struct adapter_call *call;
    shk_delivery d;
    shk_receipt receipt;
    struct fault why;
    char id[37];
};

static void set(struct client *c, const char *key, const char *value) {
    c->settings[c->n++] = (shk_setting){key, value};
}

static void begin(struct client *c, const char *server, const char *path) {
    static int32_t number;
    memset(c, 0, sizeof *c);
    world_url(&world, server, path, c->url);
    if (strcmp(server, "plain") == 0) {
        char plain[256];
        text_format(plain, sizeof plain, "http%s", strstr(c->url, "://"));
        text_copy(c->url, sizeof c->url, plain);
    }
    set(c, "url", c->url);
    set(c, "ca_file", world_file(&world, "pki/server-ca.pem"));
    c->d = actor_delivery();
    c->d.format = "json";
    c->d.head_len = 0;
    c->d.body = (const uint8_t *)"{\"a\":1}";
    c->d.body_len = 7;
    text_format(c->id, sizeof c->id, "00000000-0000-4000-8000-%012d", (int)++number);
    c->d.id = c->id;
}

static int32_t open_client(struct client *c) {
    fault_clear(&c->why);
    return adapter_call_open(actor.session, 1, adapter_find("http"), c->settings, c->n, &c->call,
                             &c->why);
}

static int32_t deliver(struct client *c) {
    if (c->call == NULL) {
        assert_int_equal(open_client(c), SHK_OK);
    }
    fault_clear(&c->why);
    int32_t rc = adapter_call_deliver(c->call, &c->d, &c->receipt, &c->why);
    assert_int_equal(rc, c->why.code);
    return rc;
}

static int32_t deliver_once(struct client *c) {
    int32_t rc = deliver(c);
    adapter_call_close(&c->call);
    return rc;
}

/* The number in a line "KEY=NUMBER" of what the service counted. */
static int32_t tries_of(const char *id) {
    for (int32_t n = 9; n > 0; n--) {
        char line[64];
        text_format(line, sizeof line, "%s=%d\n", id, (int)n);
        if (world_file_holds(&world, "tries", line)) {
            return n;
        }
    }
    return 0;
}

static bool is_done(const char *id) {
    return world_file_holds(&world, "done", id);
}

static void a_document_arrives_whole_with_its_key(void **state) {
    (void)state;
    struct client c;
    char line[512];
    begin(&c, "tls", "/documents?secret=1");
    set(&c, "user", "uketsuke");
    set(&c, "password", "mihon");
    set(&c, "header", "X-Clinic: 9919999999");
    assert_int_equal(deliver(&c), SHK_OK);
    text_format(line, sizeof line,
                "[\"POST\", \"/documents?secret=1\", \"%s\", \"application/json\", \"Basic "
                "dWtldHN1a2U6bWlob24=\", \"9919999999\", \"{\\\"a\\\":1}\"]",
                c.id);
    assert_true(world_file_holds(&world, "done", line));
    assert_null(strchr(c.receipt.place, '?'));
    assert_non_null(strstr(c.receipt.place, "/documents"));
    /* Again: the service knows the key. */
    assert_int_equal(deliver(&c), SHK_OK);
    assert_int_equal(tries_of(c.id), 2);
    adapter_call_close(&c.call);
}

static void heading_and_row_go_as_one_document_of_their_type(void **state) {
    (void)state;
    static const char *const all[][4] = {
        {"csv", "cp932", "PUT", "text/csv; charset=windows-31j"},
        {"tsv", "utf-8", "POST", "text/tab-separated-values; charset=utf-8"},
        {"fixed", "euc-jp", "POST", "text/plain; charset=euc-jp"},
        {"xml", "utf-8-bom", "PUT", "application/xml; charset=utf-8"},
        {"face", "utf-8", "POST", "application/xml; charset=utf-8"},
        {"hl7", "iso-2022-jp", "POST", "x-application/hl7-v2+er7; charset=iso-2022-jp"},
        {"text", "utf-8", "POST", "text/plain; charset=utf-8"}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct client c;
        char line[512];
        begin(&c, "plain", "/d");
        set(&c, "method", all[i][2]);
        c.d.format = all[i][0];
        c.d.encoding = all[i][1];
        c.d.head_len = 5;
        assert_int_equal(deliver_once(&c), SHK_OK);
        text_format(line, sizeof line,
                    "[\"%s\", \"/d\", \"%s\", \"%s\", null, null, \"a,b\\r\\n{\\\"a\\\":1}\"]",
                    all[i][2], c.id, all[i][3]);
        assert_true(world_file_holds(&world, "done", line));
    }
    struct client c;
    begin(&c, "plain", "/d");
    c.d.format = "sql";
    assert_int_equal(deliver_once(&c), SHK_E_ADAPTER_SETTINGS);
    assert_int_equal(tries_of(c.id), 0);
}

/* Written from docs/adapters.md, not from the code. */
static int32_t expected(int32_t status) {
    static const int32_t busy[] = {409, 423, 425, 429, 503};
    static const int32_t away[] = {408, 500, 502, 504};
    if (status < 300) {
        return SHK_OK;
    }
    if (status < 400) {
        return SHK_E_HOST_ANSWER;
    }
    if (status == 401 || status == 403) {
        return SHK_E_HOST_LOGIN;
    }
    for (size_t i = 0; i < 5; i++) {
        if (status == busy[i]) {
            return SHK_E_HOST_BUSY;
        }
    }
    for (size_t i = 0; i < 4; i++) {
        if (status == away[i]) {
            return SHK_E_HOST_UNREACHABLE;
        }
    }
    return status < 500 || status == 501 || status == 505 ? SHK_E_HOST_REFUSED
                                                          : SHK_E_HOST_UNREACHABLE;
}

static void every_status_means_something(void **state) {
    (void)state;
    for (int32_t status = 200; status < 600; status += status < 520 ? 1 : 7) {
        struct client c;
        char path[64];
        text_format(path, sizeof path, "/status?code=%d&after=60", (int)status);
        begin(&c, "plain", path);
        int32_t rc = deliver_once(&c);
        if (rc != expected(status)) {
            fail_msg("status %d gives %d", (int)status, (int)rc);
        }
        if (rc != SHK_OK) {
            assert_int_equal(c.why.native, status);
            assert_int_equal(c.why.native_kind, SHK_NATIVE_HTTP);
            assert_string_equal(c.why.where, "deliveries[1].url");
        }
        assert_int_equal(tries_of(c.id), 1);
    }
}

static void a_lost_answer_is_asked_for_once_more(void **state) {
    (void)state;
    struct client c;
    begin(&c, "tls", "/lost");
    assert_int_equal(deliver_once(&c), SHK_OK);
    assert_int_equal(tries_of(c.id), 2);
    assert_true(is_done(c.id));
    begin(&c, "tls", "/always-lost");
    assert_int_equal(deliver_once(&c), SHK_E_DELIVERY_UNSURE);
    assert_int_equal(tries_of(c.id), 2);
    assert_true(is_done(c.id));
    /* The second try was turned away, but the first may have arrived. */
    begin(&c, "tls", "/lost-then-gone");
    assert_int_equal(deliver_once(&c), SHK_E_DELIVERY_UNSURE);
    assert_int_equal(tries_of(c.id), 2);
}

static void a_busy_service_is_waited_for_within_bounds(void **state) {
    (void)state;
    struct client c;
    struct fault why = {0};
    assert_int_equal(config_set(actor.session->config, "deliver.timeout_ms", "20000", &why),
                     SHK_OK);
    begin(&c, "plain", "/busy-once");
    int64_t start = actor_ms();
    assert_int_equal(deliver_once(&c), SHK_OK);
    assert_true(actor_ms() - start >= 1000);
    assert_int_equal(tries_of(c.id), 2);
    begin(&c, "plain", "/busy-silent");
    assert_int_equal(deliver_once(&c), SHK_OK);
    assert_int_equal(tries_of(c.id), 2);
    begin(&c, "plain", "/status?code=503&after=1");
    start = actor_ms();
    assert_int_equal(deliver_once(&c), SHK_E_HOST_BUSY);
    assert_int_equal(tries_of(c.id), 4);
    assert_true(actor_ms() - start < 15000);
}

static void only_the_service_says_that_a_key_was_done_before(void **state) {
    (void)state;
    struct client c;
    begin(&c, "plain", "/done-before");
    assert_int_equal(deliver_once(&c), SHK_OK);
    begin(&c, "plain", "/done-other");
    assert_int_equal(deliver_once(&c), SHK_E_HOST_BUSY);
}

static void a_slow_service_may_have_it(void **state) {
    (void)state;
    struct client c;
    struct fault why = {0};
    assert_int_equal(config_set(actor.session->config, "deliver.timeout_ms", "20000", &why),
                     SHK_OK);
    begin(&c, "plain", "/slow");
    set(&c, "timeout_ms", "2000");
    assert_int_equal(deliver_once(&c), SHK_E_DELIVERY_UNSURE);
    for (int i = 0; tries_of(c.id) < 2 && i < 6000; i++) {
        thread_sleep(10);
    }
    assert_true(tries_of(c.id) >= 2);
    begin(&c, "refused", "/d");
    assert_int_equal(deliver_once(&c), SHK_E_HOST_UNREACHABLE);
}

static void the_services_words_are_passed_on(void **state) {
    (void)state;
    struct client c;
    begin(&c, "plain", "/words");
    assert_int_equal(deliver_once(&c), SHK_OK);
    assert_string_equal(c.receipt.warning, "K0");
    assert_string_equal(c.receipt.patient, "00001");
    begin(&c, "plain", "/empty");
    assert_int_equal(deliver_once(&c), SHK_OK);
    assert_string_equal(c.receipt.patient, "");
}

static void certificates_are_shown_and_looked_at(void **state) {
    (void)state;
    struct client c;
    begin(&c, "mutual", "/d");
    assert_int_equal(deliver_once(&c), SHK_E_HOST_LOGIN);
    begin(&c, "mutual", "/d");
    set(&c, "client_cert", world_file(&world, "pki/device.pem"));
    set(&c, "client_key", world_file(&world, "pki/device.key"));
    assert_int_equal(deliver_once(&c), SHK_OK);
    begin(&c, "tls", "/d");
    c.settings[1].value = world_file(&world, "pki/device-ca.pem");
    assert_int_equal(deliver_once(&c), SHK_E_HOST_LOGIN);
    assert_int_equal(tries_of(c.id), 0);
}

static int32_t note_rc;

static int32_t SHK_CALL take_note(void *self, const char *note) {
    (void)self;
    assert_string_equal(note, "sent");
    return note_rc;
}

static void nothing_is_sent_that_another_machine_sends(void **state) {
    (void)state;
    struct client c;
    begin(&c, "plain", "/d");
    assert_int_equal(open_client(&c), SHK_OK);
    adapter_call_services(c.call)->table.note = take_note;
    note_rc = SHK_E_DELIVERY_TAKEN;
    assert_int_equal(deliver(&c), SHK_E_DELIVERY_TAKEN);
    assert_int_equal(tries_of(c.id), 0);
    note_rc = SHK_OK;
    assert_int_equal(deliver_once(&c), SHK_OK);
}

struct heard {
    char text[ROOM];
};

static int32_t SHK_CALL hear(void *who, const char *id, const shk_field *values, uint32_t n) {
    struct heard *h = who;
    size_t at = strlen(h->text);
    at += text_format(h->text + at, ROOM - at, "[%s", id);
    for (uint32_t i = 0; i < n; i++) {
        at += text_format(h->text + at, ROOM - at, " %s=%s", values[i].to, values[i].value);
    }
    text_format(h->text + at, ROOM - at, "]");
    return SHK_OK;
}

static int32_t find_at(const char *path, struct heard *h) {
    const shk_field asked[] = {{"name", "見本 \"太郎\""}, {"birth_date", "1980-01-02"}};
    struct client c;
    h->text[0] = '\0';
    begin(&c, "plain", "/d");
    if (path != NULL) {
        text_format(c.find_url, sizeof c.find_url, "%.*s%s", (int)(strlen(c.url) - strlen("/d")),
                    c.url, path);
        set(&c, "find_url", c.find_url);
    }
    assert_int_equal(open_client(&c), SHK_OK);
    int32_t rc = adapter_call_find(c.call, asked, 2, hear, h, &c.why);
    assert_int_equal(rc, c.why.code);
    assert_true(rc == SHK_OK || rc == SHK_E_ABSENT ||
                strcmp(c.why.where, "deliveries[1].find_url") == 0);
    adapter_call_close(&c.call);
    return rc;
}

static void patients_are_asked_for_and_told(void **state) {
    (void)state;
    struct heard h;
    assert_int_equal(find_at("/find", &h), SHK_OK);
    assert_string_equal(h.text, "[00001 name=見本 太郎 name_kana=ミホン タロウ "
                                "birth_date=1980-01-02][2 name=見本 花子]");
    assert_true(world_file_holds(&world, "asked",
                                 "{\"name\":\"見本 \\\"太郎\\\"\",\"birth_date\":\"1980-01-02\"}"));
    assert_int_equal(find_at("/find-nobody", &h), SHK_OK);
    assert_string_equal(h.text, "");
}

static void who_cannot_be_asked_is_no_empty_list(void **state) {
    (void)state;
    static const char *const bad[] = {"/find-garbage", "/find-other", "/find-no-id", "/find-array",
                                      "/find-twice"};
    struct heard h;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(find_at(bad[i], &h), SHK_E_HOST_ANSWER);
        assert_string_equal(h.text, "");
    }
    assert_int_equal(find_at("/find-away", &h), SHK_E_HOST_REFUSED);
    assert_int_equal(find_at("/always-lost", &h), SHK_E_HOST_UNREACHABLE);
    assert_int_equal(find_at(NULL, &h), SHK_E_ABSENT);
}

static void settings_are_checked_by_name(void **state) {
    (void)state;
    static const char *const bad[][2] = {{"folder", "/x"},
                                         {"method", "GET"},
                                         {"method", ""},
                                         {"plain", "1"},
                                         {"timeout_ms", "99"},
                                         {"timeout_ms", "600001"},
                                         {"timeout_ms", "99999999999999"},
                                         {"timeout_ms", "1s"},
                                         {"timeout_ms", ""},
                                         {"header", "X-Key"},
                                         {"header", ": x"},
                                         {"header", "X-Key:"},
                                         {"header", "Idempotency-Key: x"},
                                         {"find_url", "ftp://localhost"},
                                         {"find_url", "http://elsewhere.example"},
                                         {"user", "a:b"},
                                         {"client_cert", "/nowhere.pem"},
                                         {"url", "https://localhost"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct client c;
        char where[64];
        begin(&c, "tls", "/d");
        set(&c, bad[i][0], bad[i][1]);
        int32_t rc = open_client(&c);
        text_format(where, sizeof where, "deliveries[1].%s", bad[i][0]);
        if (strcmp(c.why.where, where) != 0 || c.call != NULL) {
            fail_msg("%s = %s: %s", bad[i][0], bad[i][1], c.why.where);
        }
        assert_int_equal(rc, strcmp(bad[i][0], "client_cert") == 0 ? SHK_E_HOST_LOGIN
                                                                   : SHK_E_ADAPTER_SETTINGS);
    }
    struct client c;
    begin(&c, "tls", "/d");
    c.settings[0] = (shk_setting){"method", "PUT"};
    assert_int_equal(open_client(&c), SHK_E_ADAPTER_SETTINGS);
    assert_string_equal(c.why.where, "deliveries[1].url");
}

static void plain_http_stays_on_this_machine(void **state) {
    (void)state;
    static const struct {
        const char *url;
        bool local;
    } all[] = {{"http://localhost/x", true},
               {"http://localhost:8000", true},
               {"http://127.0.0.1/", true},
               {"http://127.255.0.9:80/", true},
               {"http://[::1]:8000/x", true},
               {"http://[::1]", true},
               {"http://localhost.example/", false},
               {"http://127.0.0.1.example/", false},
               {"http://127.example/", false},
               {"http://127.0.0.256/", false},
               {"http://127.0.0/", false},
               {"http://127.0.0.1./", false},
               {"http://[::1].example/", false},
               {"http://[::2]/", false},
               {"http://192.0.2.1/", false},
               {"http://localhost@elsewhere/", false},
               {"http://127.00000000001.0.1/", false}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct client c;
        begin(&c, "tls", "/d");
        c.settings[0].value = all[i].url;
        int32_t rc = open_client(&c);
        if ((rc == SHK_OK) != all[i].local) {
            fail_msg("%s: %d", all[i].url, (int)rc);
        }
        adapter_call_close(&c.call);
    }
    struct client c;
    begin(&c, "tls", "/d");
    c.settings[0].value = "http://192.0.2.1/";
    set(&c, "plain", "yes");
    assert_int_equal(open_client(&c), SHK_OK);
    adapter_call_close(&c.call);
}

static int actor_with_time(void **state) {
    struct fault why = {0};
    int failed = actor_begin(state);
    return failed != 0 ? failed
                       : config_set(actor.session->config, "deliver.timeout_ms", "10000", &why);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, actor_with_time, actor_end)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_document_arrives_whole_with_its_key),
        CASE(heading_and_row_go_as_one_document_of_their_type),
        CASE(every_status_means_something),
        CASE(a_lost_answer_is_asked_for_once_more),
        CASE(a_busy_service_is_waited_for_within_bounds),
        CASE(only_the_service_says_that_a_key_was_done_before),
        CASE(a_slow_service_may_have_it),
        CASE(the_services_words_are_passed_on),
        CASE(certificates_are_shown_and_looked_at),
        CASE(nothing_is_sent_that_another_machine_sends),
        CASE(patients_are_asked_for_and_told),
        CASE(who_cannot_be_asked_is_no_empty_list),
        CASE(settings_are_checked_by_name),
        CASE(plain_http_stays_on_this_machine),
    };
    int failed = world_start(&world) ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
    world_stop(&world);
    return failed;
}
