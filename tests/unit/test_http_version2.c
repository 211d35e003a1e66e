#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "http_curl_world.h"
#include "lookup.h"

#define BUSY_MS 3000 /* what a busy machine adds */

static struct world world;

static void begin(struct call *c) {
    call_begin(c, &world);
    c->settings.client_cert = world_file(&world, "pki/device.pem");
    c->settings.client_key = world_file(&world, "pki/device.key");
    c->rq.accept = "application/json";
}

static int32_t status_of_gateway(struct call *c, const char *control) {
    assert_true(world_write(&world, "control", control));
    return call(c, "http2", "/v1/status");
}

static void the_gateway_is_asked_over_http2(void **state) {
    (void)state;
    struct call c;
    begin(&c);
    assert_int_equal(status_of_gateway(&c, ""), SHK_OK);
    assert_int_equal(c.rp.status, 200);
    assert_string_equal(c.rp.content_type, "application/json");
    assert_true(c.rp.date_s > 0);
    assert_non_null(strstr(bytes_text(&c.rp.body), "\"institution_code\": \"9919999999\""));
    assert_int_equal(status_of_gateway(&c, ""), SHK_OK);
    assert_true(c.rp.reused);
    call_end(&c);
    assert_true(world_file_will_hold(&world, "http2.log", "h2 reused=. 200\nh2 reused=. 200"));
}

static void what_is_sent_arrives_over_http2(void **state) {
    (void)state;
    struct call c;
    static const char body[] = "<XmlMsg/>";
    const struct http_header headers[] = {
        {"Content-Type", "application/xml; charset=utf-8"},
        {"Idempotency-Key", "4d5f0000-0000-4000-8000-00000000000a"}};
    begin(&c);
    c.rq.method = "POST";
    c.rq.headers = headers;
    c.rq.headers_n = 2;
    c.rq.body = (const uint8_t *)body;
    c.rq.body_len = sizeof body - 1;
    assert_int_equal(call(&c, "http2", "/v1/checks"), SHK_OK);
    assert_int_equal(c.rp.status, 422);
    assert_non_null(strstr(bytes_text(&c.rp.body), "\"element\": \"MessageHeader\""));
    call_end(&c);
}

/* The front closes at once, and whether its alert is seen before that is chance. */
static void assert_refused(struct call *c) {
    int32_t rc = status_of_gateway(c, "");
    if (rc != SHK_E_DEVICE_REFUSED && rc != SHK_E_GATEWAY_UNREACHABLE &&
        rc != SHK_E_GATEWAY_ANSWER) {
        fail_msg("%d, native %d", (int)rc, (int)c->why.native);
    }
    call_end(c);
}

static void the_device_is_checked_over_http2(void **state) {
    (void)state;
    struct call c;
    begin(&c);
    c.settings.client_cert = "";
    assert_refused(&c);
    begin(&c);
    c.settings.client_cert = world_file(&world, "pki/stranger.pem");
    c.settings.client_key = world_file(&world, "pki/stranger.key");
    assert_refused(&c);
}

static void misbehaviour_over_http2_has_its_fault(void **state) {
    (void)state;
    static const struct {
        const char *control;
        int32_t code, status;
    } all[] = {
        {"status=redirect*1", SHK_OK, 302},
        {"status=wrong-type*1", SHK_OK, 200},
        {"status=rate-limited*1", SHK_OK, 429},
        {"status=bomb*1", SHK_E_ANSWER_TOO_LARGE, 0},
        {"status=huge*1", SHK_E_ANSWER_TOO_LARGE, 0},
        {"status=many-headers*1", SHK_E_ANSWER_TOO_LARGE, 0},
        {"status=long-headers*1", SHK_E_ANSWER_TOO_LARGE, 0},
        {"status=truncate*1", SHK_E_GATEWAY_ANSWER, 0},
        {"status=drop*9", SHK_OK, 502}, /* the front's own word for it */
    };
    struct call c;
    begin(&c);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        int32_t rc = status_of_gateway(&c, all[i].control);
        if (rc != all[i].code || c.rp.status != all[i].status) {
            fail_msg("%s: %d, status %d, native %d", all[i].control, (int)rc, (int)c.rp.status,
                     (int)c.why.native);
        }
        if (text_starts(all[i].control, "status=rate")) {
            assert_int_equal(c.rp.retry_after_s, 1);
        }
        assert_int_equal(status_of_gateway(&c, ""), SHK_OK);
        assert_int_equal(c.rp.status, 200);
    }
    call_end(&c);
}

static void silence_over_http2_ends_at_the_time_limit(void **state) {
    (void)state;
    struct call c;
    int64_t at = 0;
    begin(&c);
    c.rq.timeout_ms = 400;
    assert_int_equal(status_of_gateway(&c, "status=hang*1"), SHK_E_GATEWAY_TIMEOUT);
    assert_in_range(c.ms, 350, 400 + BUSY_MS);
    c.rq.timeout_ms = 60000;
    c.rq.stop = call_stop_at;
    c.rq.stop_self = &at;
    at = world_ms() + 400;
    assert_int_equal(status_of_gateway(&c, "status=hang*1"), SHK_E_CANCELLED);
    assert_in_range(c.ms, 300, 400 + BUSY_MS);
    c.rq.stop = NULL;
    assert_int_equal(status_of_gateway(&c, ""), SHK_OK);
    call_end(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_gateway_is_asked_over_http2),
        cmocka_unit_test(what_is_sent_arrives_over_http2),
        cmocka_unit_test(the_device_is_checked_over_http2),
        cmocka_unit_test(misbehaviour_over_http2_has_its_fault),
        cmocka_unit_test(silence_over_http2_ends_at_the_time_limit),
    };
    if (!world_start_with(&world, "http2")) {
        world_stop(&world);
        return 1;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    world_stop(&world);
    return failed;
}
