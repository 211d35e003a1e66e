#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gateway_stage.h"

static void assert_same_request_twice(const struct stage *s) {
    const struct http_fake_seen *a = &s->http.seen[0];
    const struct http_fake_seen *b = &s->http.seen[1];
    assert_int_equal(s->http.seen_n, 2);
    assert_string_equal(a->url, b->url);
    assert_string_equal(a->idempotency_key, STAGE_KEY);
    assert_string_equal(b->idempotency_key, STAGE_KEY);
    assert_true(a->body.n > 0);
    assert_int_equal(a->body.n, b->body.n);
    assert_memory_equal(a->body.p, b->body.p, a->body.n);
}

static void a_request_that_may_be_lost_is_repeated_once(void **state) {
    struct stage *s = *state;
    const struct http_fake_step lost[] = {
        {.fault = SHK_E_GATEWAY_ANSWER, .native_kind = SHK_NATIVE_CURL, .native = 56},
        {.status = 500,
         .content_type = STAGE_PROBLEM,
         .body = "{\"type\": \"urn:x:internal-error\"}"},
        {.status = 502, .content_type = "text/html", .body = "<html>"},
        {.status = 504, .content_type = "text/html", .body = "<html>"}};
    for (size_t i = 0; i < sizeof lost / sizeof lost[0]; i++) {
        const struct http_fake_step steps[] = {lost[i], STAGE_GOOD, STAGE_GOOD};
        stage_script(s, steps, 3);
        assert_int_equal(stage_ask(s), SHK_OK);
        assert_string_equal(bytes_text(&s->answer), STAGE_XML);
        assert_int_equal(s->why.code, SHK_OK);
        assert_same_request_twice(s);
    }
}

static void a_request_lost_twice_is_given_up(void **state) {
    struct stage *s = *state;
    STAGE_SCRIPT(s, {.status = 502}, {.fault = SHK_E_GATEWAY_ANSWER, .native = 52}, STAGE_GOOD);
    assert_int_equal(stage_ask(s), SHK_E_GATEWAY_ANSWER);
    assert_int_equal(s->why.native, 52);
    assert_same_request_twice(s);
}

static void both_attempts_share_one_time_limit(void **state) {
    struct stage *s = *state;
    STAGE_SCRIPT(s, {.fault = SHK_E_GATEWAY_ANSWER, .delay_ms = 9000},
                 {.status = 200, .delay_ms = 9000}, STAGE_GOOD);
    assert_int_equal(stage_ask(s), SHK_E_GATEWAY_TIMEOUT);
    assert_int_equal(s->http.seen[0].timeout_ms, 15000);
    assert_int_equal(s->http.seen[1].timeout_ms, 6000);
    assert_int_equal(s->http.seen_n, 2);
    assert_int_equal(s->http.now_ms, 15000);
}

static void no_time_left_means_no_repeat(void **state) {
    struct stage *s = *state;
    STAGE_SCRIPT(s, {.fault = SHK_E_GATEWAY_ANSWER, .delay_ms = 15000}, STAGE_GOOD);
    assert_int_equal(stage_ask(s), SHK_E_GATEWAY_ANSWER);
    assert_int_equal(s->http.seen_n, 1);
}

static void faults_that_leave_no_doubt_are_not_repeated(void **state) {
    struct stage *s = *state;
    const int32_t definite[] = {
        SHK_E_GATEWAY_UNREACHABLE, SHK_E_GATEWAY_UNTRUSTED, SHK_E_DEVICE_REFUSED, SHK_E_DEVICE_KEY,
        SHK_E_ANSWER_TOO_LARGE,    SHK_E_GATEWAY_TIMEOUT,   SHK_E_CANCELLED,      SHK_E_MEMORY};
    for (size_t i = 0; i < sizeof definite / sizeof definite[0]; i++) {
        const struct http_fake_step steps[] = {
            {.fault = definite[i], .native_kind = SHK_NATIVE_TLS, .native = 7}, STAGE_GOOD};
        stage_script(s, steps, 2);
        assert_int_equal(stage_ask(s), definite[i]);
        assert_int_equal(s->why.native_kind, SHK_NATIVE_TLS);
        assert_int_equal(s->why.native, 7);
        assert_int_equal(s->http.seen_n, 1);
        stage_script(s, steps, 2);
        assert_int_equal(stage_prepare(s), definite[i]);
        assert_int_equal(s->http.seen_n, 1);
        s->q = stage_question();
    }
}

static bool stop_at(void *self) {
    const struct stage *s = self;
    return s->http.now_ms >= 700;
}

static void stop_ends_the_call(void **state) {
    struct stage *s = *state;
    const struct watch watch = {stop_at, s};
    STAGE_SCRIPT(s, {.until_stop = true}, {.until_stop = true}, {.fault = SHK_E_GATEWAY_ANSWER},
                 STAGE_GOOD);
    assert_int_equal(s->route.ops->prepare(s->route.self, &s->q, &watch, &s->why), SHK_E_CANCELLED);
    assert_int_equal(s->http.now_ms, 700);
    s->q = stage_question();
    fault_clear(&s->why);
    assert_int_equal(s->route.ops->ask(s->route.self, &s->q, &s->answer, &watch, &s->why),
                     SHK_E_CANCELLED);
    fault_clear(&s->why);
    /* Nor does a repeat begin after the wish to stop. */
    assert_int_equal(s->route.ops->ask(s->route.self, &s->q, &s->answer, &watch, &s->why),
                     SHK_E_GATEWAY_ANSWER);
    assert_int_equal(s->http.seen_n, 3);
}

static void an_answer_beyond_the_limit_is_refused(void **state) {
    struct stage *s = *state;
    size_t n = 4 * 1024 * 1024 + 1;
    char *big = calloc(1, n);
    assert_non_null(big);
    STAGE_SCRIPT(
        s, {.status = 200, .content_type = "application/xml", .body = big, .body_len = n},
        {.status = 200, .content_type = "application/xml", .body = big, .body_len = n - 1});
    assert_int_equal(stage_ask(s), SHK_E_ANSWER_TOO_LARGE);
    assert_int_equal(s->answer.n, 0);
    assert_int_equal(stage_ask(s), SHK_OK);
    assert_int_equal(s->answer.n, n - 1);
    free(big);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, stage_set_up, stage_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_request_that_may_be_lost_is_repeated_once), CASE(a_request_lost_twice_is_given_up),
        CASE(both_attempts_share_one_time_limit),          CASE(no_time_left_means_no_repeat),
        CASE(faults_that_leave_no_doubt_are_not_repeated), CASE(stop_ends_the_call),
        CASE(an_answer_beyond_the_limit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
