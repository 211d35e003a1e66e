#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "http_curl_world.h"
#include "lookup.h"
#include "platform.h"

static struct world world;

/* One check by the whole lookup layer, against the simulator that was written from the paper alone. */
struct check {
    struct env env;
    struct lookup_route route;
    struct question q;
    struct bytes certificate, signature, answer;
    struct fault why;
};

static void write_day(char out[9]) {
    time_t now = time(NULL) + 32400; /* Japan */
    struct tm day;
    gmtime_r(&now, &day);
    strftime(out, 9, "%Y%m%d", &day);
}

static int set_up(void **state) {
    static struct check c;
    c = (struct check){0};
    c.env.http = &http_curl;
    c.env.clock = &platform_clock;
    char url[256];
    world_url(&world, "gateway", "", url);
    const struct gateway_settings settings = {
        .url = url,
        .http = {.ca_file = world_file(&world, "pki/server-ca.pem"),
                 .client_cert = world_file(&world, "pki/device.pem"),
                 .client_key = world_file(&world, "pki/device.key")}};
    *state = &c;
    text_copy(c.q.institution_code, sizeof c.q.institution_code, "9919999999");
    text_copy(c.q.file_identifier, sizeof c.q.file_identifier, "a<b>&c");
    write_day(c.q.date);
    c.q.algorithm = "RS256";
    int32_t rc =
        platform_files.read(NULL, world_file(&world, "card.der"), 8192, &c.certificate, &c.why);
    c.q.certificate = c.certificate.p;
    c.q.certificate_len = c.certificate.n;
    return rc != SHK_OK || gateway_route_new(&settings, &c.env, NULL, &c.route, &c.why) != SHK_OK;
}

static int tear_down(void **state) {
    struct check *c = *state;
    bytes_clear(&c->certificate);
    bytes_clear(&c->signature);
    bytes_clear(&c->answer);
    c->route.ops->free(c->route.self);
    return world_write(&world, "control", "") ? 0 : 1;
}

/* The card's part, by openssl in another process. */
static void sign(struct check *c) {
    struct bytes message = {0};
    char url[256];
    void *http = NULL;
    struct http_reply rp;
    const struct http_settings settings = {.ca_file = world_file(&world, "pki/server-ca.pem")};
    world_url(&world, "raw", "/sign", url);
    bytes_clear(&c->signature);
    assert_int_equal(question_message(&c->q, &message), SHK_OK);
    const struct http_request rq = {.method = "POST",
                                    .url = url,
                                    .body = message.p,
                                    .body_len = message.n,
                                    .timeout_ms = 60000,
                                    .answer_max = 1024};
    assert_int_equal(http_curl.open(NULL, &settings, &http, &c->why), SHK_OK);
    assert_int_equal(http_curl.perform(http, &rq, &rp, &c->why), SHK_OK);
    http_curl.close(http);
    bytes_clear(&message);
    c->signature = rp.body;
    c->q.signature = c->signature.p;
    c->q.signature_len = c->signature.n;
}

static void new_key(struct check *c) {
    assert_int_equal(question_uuid(&platform_random, NULL, c->q.idempotency_key), SHK_OK);
}

static int32_t ask(struct check *c) {
    fault_clear(&c->why);
    return c->route.ops->ask(c->route.self, &c->q, &c->answer, NULL, &c->why);
}

static void begin(struct check *c, const char *control) {
    assert_true(world_write(&world, "control", control));
    assert_int_equal(c->route.ops->prepare(c->route.self, &c->q, NULL, &c->why), SHK_OK);
    new_key(c);
    sign(c);
}

static void assert_taro(const struct check *c) {
    const char *xml = bytes_text(&c->answer);
    assert_non_null(strstr(xml, "<QualificationValidity>1</QualificationValidity>"));
    assert_non_null(strstr(xml, "a&lt;b&gt;&amp;c"));
    assert_non_null(strstr(xml, "見本　太郎"));
}

static void the_simulator_accepts_what_we_sign_and_send(void **state) {
    struct check *c = *state;
    begin(c, "");
    assert_int_equal(ask(c), SHK_OK);
    assert_taro(c);
}

/* The check was done and its answer lost: the repeat brings that answer, not a second check. */
static void a_lost_answer_is_fetched_by_the_repeat(void **state) {
    struct check *c = *state;
    begin(c, "checks=drop-after*1\n");
    assert_int_equal(ask(c), SHK_OK);
    assert_taro(c);
}

static void a_second_loss_is_given_up(void **state) {
    struct check *c = *state;
    begin(c, "checks=drop*2\n");
    assert_int_equal(ask(c), SHK_E_GATEWAY_ANSWER);
    assert_int_equal(ask(c), SHK_OK);
}

static void a_spent_challenge_is_told_apart(void **state) {
    struct check *c = *state;
    begin(c, "");
    assert_int_equal(ask(c), SHK_OK);
    new_key(c);
    sign(c);
    assert_int_equal(ask(c), SHK_E_CHALLENGE_USED);
    assert_int_equal(c->answer.n, 0);
}

/* The first request was refused and not processed: it takes a new challenge, a new key and a new
 * signature, and nothing stands in their way. */
static void an_expired_challenge_is_signed_anew(void **state) {
    struct check *c = *state;
    char expired[129];
    begin(c, "");
    text_copy(expired, sizeof expired, c->q.challenge);
    assert_true(world_write(&world, "control", "checks=challenge-expired*1\n"));
    assert_int_equal(ask(c), SHK_E_CHALLENGE_EXPIRED);
    begin(c, "");
    assert_string_not_equal(c->q.challenge, expired);
    assert_int_equal(ask(c), SHK_OK);
    assert_taro(c);
}

/* A key names one request: under it the answer of the first would come, or a conflict. */
static void a_key_that_was_answered_takes_no_other_signature(void **state) {
    struct check *c = *state;
    begin(c, "");
    assert_int_equal(ask(c), SHK_OK);
    assert_int_equal(c->route.ops->prepare(c->route.self, &c->q, NULL, &c->why), SHK_OK);
    sign(c);
    assert_int_equal(ask(c), SHK_E_REQUEST_CONFLICT);
}

static void a_signature_for_another_key_is_not_accepted(void **state) {
    struct check *c = *state;
    begin(c, "");
    new_key(c);
    assert_int_equal(ask(c), SHK_E_SIGNATURE_INVALID);
}

static void another_facility_is_not_accepted(void **state) {
    struct check *c = *state;
    begin(c, "");
    text_copy(c->q.institution_code, sizeof c->q.institution_code, "9919999998");
    sign(c);
    assert_int_equal(ask(c), SHK_E_FACILITY_MISMATCH);
}

static void misbehaviour_of_the_server_has_its_fault(void **state) {
    struct check *c = *state;
    static const struct {
        const char *control;
        int32_t code;
    } all[] = {
        {"checks=bomb", SHK_E_ANSWER_TOO_LARGE},
        {"checks=huge", SHK_E_ANSWER_TOO_LARGE},
        {"checks=many-headers", SHK_E_ANSWER_TOO_LARGE},
        {"checks=long-headers", SHK_E_ANSWER_TOO_LARGE},
        {"checks=html", SHK_E_GATEWAY_ANSWER},
        {"checks=empty", SHK_E_GATEWAY_ANSWER},
        {"checks=redirect", SHK_E_GATEWAY_ANSWER},
        {"checks=truncate", SHK_E_GATEWAY_ANSWER},
        {"checks=challenge-expired", SHK_E_CHALLENGE_EXPIRED},
        {"checks=idempotency-conflict", SHK_E_REQUEST_CONFLICT},
        {"checks=certificate-revoked", SHK_E_CARD_CERT_REVOKED},
        {"checks=certificate-unknown", SHK_E_CARD_CERT_UNKNOWN},
        {"checks=certificate-expired", SHK_E_CARD_CERT_EXPIRED},
        {"checks=device-unknown", SHK_E_DEVICE_REFUSED},
        {"checks=rate-limited", SHK_E_RATE_LIMITED},
        {"checks=500", SHK_E_UPSTREAM_UNAVAILABLE},
        {"checks=upstream-unavailable", SHK_E_UPSTREAM_UNAVAILABLE},
    };
    begin(c, "");
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        assert_true(world_write(&world, "control", all[i].control));
        int32_t rc = ask(c);
        if (rc != all[i].code) {
            fail_msg("%s: %d", all[i].control, (int)rc);
        }
        assert_int_equal(c->answer.n, 0);
    }
    assert_true(text_starts(c->why.where, "Retry-After: "));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(the_simulator_accepts_what_we_sign_and_send),
        CASE(a_lost_answer_is_fetched_by_the_repeat),
        CASE(a_second_loss_is_given_up),
        CASE(a_spent_challenge_is_told_apart),
        CASE(an_expired_challenge_is_signed_anew),
        CASE(a_key_that_was_answered_takes_no_other_signature),
        CASE(a_signature_for_another_key_is_not_accepted),
        CASE(another_facility_is_not_accepted),
        CASE(misbehaviour_of_the_server_has_its_fault),
    };
    if (!world_start(&world)) {
        world_stop(&world);
        return 1;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    world_stop(&world);
    return failed;
}
