#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "gateway_stage.h"

#define JSON      "application/json"
#define CHALLENGE "{\"challenge\": \"" STAGE_CHALLENGE "\", \"expires_in\": 120}"
#define WALL      HTTP_FAKE_WALL_S /* 2026-06-02T00:00:00Z */

static int32_t prepare_with(struct stage *s, int32_t tolerance_s, int64_t date_s) {
    const struct http_fake_step step = {
        .status = 201, .content_type = JSON, .body = CHALLENGE, .date_s = date_s};
    s->route.ops->free(s->route.self);
    assert_int_equal(stage_open_tolerant(s, tolerance_s), SHK_OK);
    stage_script(s, &step, 1);
    int32_t rc = stage_prepare(s);
    assert_true((rc == SHK_OK) == (s->q.challenge[0] != '\0'));
    return rc;
}

static struct route_report report(const struct stage *s) {
    struct route_report out;
    gateway_route_report(&s->route, &out);
    return out;
}

static void a_clock_within_the_tolerance_is_reported_only(void **state) {
    struct stage *s = *state;
    const int64_t off_s[] = {0, 300, -300, 299, 1};
    for (size_t i = 0; i < sizeof off_s / sizeof off_s[0]; i++) {
        assert_int_equal(prepare_with(s, 300, WALL - off_s[i]), SHK_OK);
        assert_true(report(s).clock_known);
        assert_int_equal(report(s).clock_ahead_s, off_s[i]);
        assert_int_equal(s->http.seen_n, 1);
    }
}

static void a_clock_beyond_the_tolerance_stops_before_the_card_signs(void **state) {
    struct stage *s = *state;
    assert_int_equal(prepare_with(s, 300, WALL - 301), SHK_E_CLOCK);
    assert_string_equal(s->why.where, "301 s ahead");
    assert_int_equal(report(s).clock_ahead_s, 301);
    assert_int_equal(prepare_with(s, 300, WALL + 86400), SHK_E_CLOCK);
    assert_string_equal(s->why.where, "86400 s behind");
    assert_int_equal(report(s).clock_ahead_s, -86400);
}

static void without_a_tolerance_it_is_only_reported(void **state) {
    struct stage *s = *state;
    assert_int_equal(prepare_with(s, 0, WALL - 86400), SHK_OK);
    assert_int_equal(report(s).clock_ahead_s, 86400);
}

/* The time on the way is nobody's clock. */
static void a_slow_answer_is_no_difference(void **state) {
    struct stage *s = *state;
    s->route.ops->free(s->route.self);
    assert_int_equal(stage_open_tolerant(s, 5), SHK_OK);
    STAGE_SCRIPT(s, {.status = 201,
                     .content_type = JSON,
                     .body = CHALLENGE,
                     .date_s = WALL + 2,
                     .delay_ms = 12000});
    assert_int_equal(stage_prepare(s), SHK_OK);
    assert_int_equal(report(s).clock_ahead_s, 0);
}

static int32_t prepare_undated(struct stage *s, const char *status_body, int32_t status) {
    const struct http_fake_step steps[] = {
        {.status = 201, .content_type = JSON, .body = CHALLENGE},
        {.status = status, .content_type = JSON, .body = status_body}};
    s->route.ops->free(s->route.self);
    assert_int_equal(stage_open_tolerant(s, 300), SHK_OK);
    stage_script(s, steps, 2);
    return stage_prepare(s);
}

static void without_a_date_the_status_is_asked(void **state) {
    struct stage *s = *state;
    assert_int_equal(prepare_undated(s, "{\"time\": \"2026-06-02T00:00:00Z\"}", 200), SHK_OK);
    assert_int_equal(s->http.seen_n, 2);
    assert_string_equal(s->http.seen[1].method, "GET");
    assert_string_equal(s->http.seen[1].url, "https://gateway.example:8443/base/v1/status");
    assert_true(report(s).clock_known);
    assert_int_equal(report(s).clock_ahead_s, 0);
    assert_int_equal(prepare_undated(s, "{\"time\": \"2024-02-29T23:59:59Z\"}", 200), SHK_E_CLOCK);
    assert_int_equal(report(s).clock_ahead_s, WALL - 1709251199);
    assert_string_equal(s->q.challenge, "");
}

/* A status that fails must not keep a patient waiting. */
static void a_status_that_is_of_no_use_is_no_fault(void **state) {
    struct stage *s = *state;
    const char *const bad[] = {"",
                               "{}",
                               "{\"time\": 5}",
                               "{\"time\": \"2026-06-02 00:00:00\"}",
                               "{\"time\": \"2026-06-02T00:00:00+09:00\"}",
                               "{\"time\": \"2026-13-02T00:00:00Z\"}",
                               "{\"time\": \"2026-06-32T00:00:00Z\"}",
                               "{\"time\": \"2026-06-02T24:00:00Z\"}",
                               "{\"time\": \"1926-06-02T00:00:00Z\"}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(prepare_undated(s, bad[i], 200), SHK_OK);
        assert_int_equal(s->why.code, SHK_OK);
        assert_false(report(s).clock_known);
    }
    assert_int_equal(prepare_undated(s, "{\"time\": \"2020-06-02T00:00:00Z\"}", 404), SHK_OK);
    assert_false(report(s).clock_known);
}

static void nobody_asks_the_status_for_a_mere_report(void **state) {
    struct stage *s = *state;
    assert_int_equal(prepare_with(s, 0, 0), SHK_OK);
    assert_int_equal(s->http.seen_n, 1);
    assert_false(report(s).clock_known);
}

static void every_answer_is_looked_at(void **state) {
    struct stage *s = *state;
    STAGE_SCRIPT(
        s,
        {.status = 200, .content_type = "application/xml", .body = STAGE_XML, .date_s = WALL - 50});
    assert_int_equal(stage_ask(s), SHK_OK);
    assert_int_equal(report(s).clock_ahead_s, 50);
}

static struct card_data person(void) {
    struct card_data p = {0};
    text_copy(p.insurer_number, sizeof p.insurer_number, "06990014");
    text_copy(p.number, sizeof p.number, "1001");
    text_copy(p.birth_date, sizeof p.birth_date, "19850312");
    text_copy(p.identifier, sizeof p.identifier, "P-1");
    return p;
}

#define TIME     "{\"time\": \"2026-06-02T00:00:00Z\"}"
#define TIME_OFF "{\"time\": \"2026-06-03T00:00:00Z\"}"
#define STATUS(text, dated)                                                                        \
    { .status = 200, .content_type = JSON, .body = (text), .date_s = (dated) }
#define ANSWER(dated)                                                                              \
    { .status = 200, .content_type = "application/xml", .body = STAGE_XML, .date_s = (dated) }

static const struct card_data *tolerant_search(struct stage *s) {
    static struct card_data p;
    p = person();
    s->q.search = &p;
    s->route.ops->free(s->route.self);
    assert_int_equal(stage_open_tolerant(s, 600), SHK_OK);
    return &p;
}

/* No challenge shows the time before such a question. */
static void a_question_by_card_data_is_not_sent_with_a_wrong_clock(void **state) {
    struct stage *s = *state;
    const struct http_fake_step wrong[] = {STATUS(TIME, WALL - 86400), STATUS(TIME_OFF, 0)};
    for (size_t i = 0; i < 2; i++) {
        (void)tolerant_search(s);
        stage_script(s, &wrong[i], 1);
        assert_int_equal(stage_ask(s), SHK_E_CLOCK);
        assert_string_equal(s->why.where, i == 0 ? "86400 s ahead" : "86400 s behind");
        assert_int_equal(s->http.seen_n, 1);
        assert_string_equal(s->http.seen[0].url, "https://gateway.example:8443/base/v1/status");
    }
}

static void an_answer_with_another_clock_is_not_used(void **state) {
    struct stage *s = *state;
    (void)tolerant_search(s);
    STAGE_SCRIPT(s, {.status = 404}, ANSWER(WALL - 601));
    assert_int_equal(stage_ask(s), SHK_E_CLOCK);
    assert_int_equal(s->answer.n, 0);
    assert_int_equal(s->http.seen_n, 2);
}

static void the_time_is_not_asked_for_each_question(void **state) {
    struct stage *s = *state;
    (void)tolerant_search(s);
    STAGE_SCRIPT(s, STATUS(TIME, WALL), ANSWER(WALL), ANSWER(0), STATUS(TIME, WALL + 60),
                 ANSWER(0));
    assert_int_equal(stage_ask(s), SHK_OK);
    assert_int_equal(stage_ask(s), SHK_OK);
    assert_int_equal(s->http.seen_n, 3);
    s->http.now_ms += 60000;
    assert_int_equal(stage_ask(s), SHK_OK);
    assert_int_equal(s->http.seen_n, 5);
}

static void a_status_that_hangs_leaves_time_for_the_question(void **state) {
    struct stage *s = *state;
    (void)tolerant_search(s);
    STAGE_SCRIPT(s, {.until_stop = true}, ANSWER(0));
    assert_int_equal(stage_ask(s), SHK_OK);
    assert_in_range(s->http.seen[1].timeout_ms, 10000, 13000);
}

struct bulk {
    struct card_data person;
    struct bulk_question q;
    char reception[RECEPTION_NUMBER_MAX];
};

static struct bulk bulk_of(const struct stage *s) {
    struct bulk b = {.person = person(), .q = {.people_n = 1}};
    text_copy(b.q.institution_code, sizeof b.q.institution_code, s->q.institution_code);
    text_copy(b.q.date, sizeof b.q.date, s->q.date);
    text_copy(b.q.idempotency_key, sizeof b.q.idempotency_key, STAGE_KEY);
    return b;
}

static int32_t bulk_send(struct stage *s, struct bulk *b) {
    b->q.people = &b->person;
    fault_clear(&s->why);
    return s->route.ops->bulk_send(s->route.self, &b->q, b->reception, NULL, &s->why);
}

static void a_batch_is_not_sent_with_a_wrong_clock(void **state) {
    struct stage *s = *state;
    struct bulk b = bulk_of(s);
    (void)tolerant_search(s);
    STAGE_SCRIPT(s, STATUS(TIME, WALL + 86400));
    assert_int_equal(bulk_send(s, &b), SHK_E_CLOCK);
    assert_int_equal(s->http.seen_n, 1);
    const struct http_fake_step late[] = {
        {.status = 404},
        {.status = 202,
         .content_type = "application/xml",
         .body = "<XmlMsg><MessageHeader/><MessageBody><ReceptionNumber>R1</ReceptionNumber>"
                 "</MessageBody></XmlMsg>",
         .date_s = WALL + 86400}};
    (void)tolerant_search(s);
    stage_script(s, late, 2);
    assert_int_equal(bulk_send(s, &b), SHK_E_CLOCK);
    assert_string_equal(b.reception, "");
    assert_int_equal(s->http.seen_n, 2);
}

static int32_t pass_over(void *self, const uint8_t *p, size_t n, struct fault *why) {
    (void)self, (void)p, (void)n, (void)why;
    return SHK_OK;
}

static void a_bulk_result_with_another_clock_is_not_used(void **state) {
    struct stage *s = *state;
    struct bulk b = bulk_of(s);
    const struct byte_sink sink = {pass_over, NULL};
    const struct http_fake_step off[] = {{.status = 202, .date_s = WALL - 86400},
                                         ANSWER(WALL - 86400)};
    int32_t wait_s = 0;
    for (size_t i = 0; i < 2; i++) {
        (void)tolerant_search(s);
        stage_script(s, &off[i], 1);
        assert_int_equal(
            s->route.ops->bulk_fetch(s->route.self, &b.q, "R1", &sink, &wait_s, NULL, &s->why),
            SHK_E_CLOCK);
        fault_clear(&s->why);
    }
}

static void another_route_has_no_report(void **state) {
    struct stage *s = *state;
    const struct route_ops other = {.free = NULL};
    const struct lookup_route route = {&other, s};
    struct route_report out = {.clock_known = true};
    gateway_route_report(&route, &out);
    assert_false(out.clock_known);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, stage_set_up, stage_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_clock_within_the_tolerance_is_reported_only),
        CASE(a_clock_beyond_the_tolerance_stops_before_the_card_signs),
        CASE(without_a_tolerance_it_is_only_reported),
        CASE(a_slow_answer_is_no_difference),
        CASE(without_a_date_the_status_is_asked),
        CASE(a_status_that_is_of_no_use_is_no_fault),
        CASE(nobody_asks_the_status_for_a_mere_report),
        CASE(every_answer_is_looked_at),
        CASE(a_question_by_card_data_is_not_sent_with_a_wrong_clock),
        CASE(an_answer_with_another_clock_is_not_used),
        CASE(the_time_is_not_asked_for_each_question),
        CASE(a_status_that_hangs_leaves_time_for_the_question),
        CASE(a_batch_is_not_sent_with_a_wrong_clock),
        CASE(a_bulk_result_with_another_clock_is_not_used),
        CASE(another_route_has_no_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
