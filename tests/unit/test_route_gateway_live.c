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

/* Card data, many people, the clock and further misbehaviour, against the simulator. */
struct live {
    struct env env;
    struct lookup_route route;
    struct question q;
    struct card_data person;
    struct bytes answer;
    struct fault why;
};

static void write_day(char out[9]) {
    time_t now = time(NULL) + 32400; /* Japan */
    struct tm day;
    gmtime_r(&now, &day);
    strftime(out, 9, "%Y%m%d", &day);
}

static int32_t open_route(struct live *l, int32_t clock_tolerance_s) {
    char url[256];
    world_url(&world, "gateway", "", url);
    const struct gateway_settings settings = {
        .url = url,
        .clock_tolerance_s = clock_tolerance_s,
        .bulk_timeout_ms = 20000,
        .http = {.ca_file = world_file(&world, "pki/server-ca.pem"),
                 .client_cert = world_file(&world, "pki/device.pem"),
                 .client_key = world_file(&world, "pki/device.key")}};
    return gateway_route_new(&settings, &l->env, NULL, &l->route, &l->why);
}

static void new_key(char key[37]) {
    assert_int_equal(question_uuid(&platform_random, NULL, key), SHK_OK);
}

static void about(struct card_data *p, const char *number, const char *branch) {
    *p = (struct card_data){.limit_consent = true};
    text_copy(p->insurer_number, sizeof p->insurer_number, "06990014");
    text_copy(p->symbol, sizeof p->symbol, "見本77"); /* the register has 見本７７ */
    text_copy(p->number, sizeof p->number, number);
    text_copy(p->branch_number, sizeof p->branch_number, branch);
    text_copy(p->birth_date, sizeof p->birth_date, "19850312");
    text_copy(p->identifier, sizeof p->identifier, number);
}

static int set_up(void **state) {
    static struct live l;
    l = (struct live){0};
    l.env.http = &http_curl;
    l.env.clock = &platform_clock;
    *state = &l;
    text_copy(l.q.institution_code, sizeof l.q.institution_code, "9919999999");
    text_copy(l.q.file_identifier, sizeof l.q.file_identifier, "T-1");
    write_day(l.q.date);
    about(&l.person, "1001", "01");
    l.q.search = &l.person;
    new_key(l.q.idempotency_key);
    return open_route(&l, 0) != SHK_OK;
}

static int tear_down(void **state) {
    struct live *l = *state;
    bytes_clear(&l->answer);
    l->route.ops->free(l->route.self);
    return world_write(&world, "control", "") ? 0 : 1;
}

static int32_t ask(struct live *l, const char *control) {
    assert_true(world_write(&world, "control", control));
    fault_clear(&l->why);
    return l->route.ops->ask(l->route.self, &l->q, &l->answer, NULL, &l->why);
}

static bool answer_holds(const struct live *l, const char *text) {
    return strstr(bytes_text(&l->answer), text) != NULL;
}

static void a_person_is_found_by_card_data(void **state) {
    struct live *l = *state;
    assert_int_equal(ask(l, ""), SHK_OK);
    assert_true(answer_holds(l, "見本　太郎"));
    assert_true(answer_holds(l, "<ReferenceClassification>2</ReferenceClassification>"));
}

static void nobody_and_several_are_answers(void **state) {
    struct live *l = *state;
    about(&l->person, "9", "01");
    assert_int_equal(ask(l, ""), SHK_OK);
    assert_true(answer_holds(l, "<QualificationValidity>4</QualificationValidity>"));
    about(&l->person, "1001", "");
    new_key(l->q.idempotency_key);
    assert_int_equal(ask(l, ""), SHK_OK);
    assert_true(answer_holds(l, "<QualificationValidity>5</QualificationValidity>"));
}

static void a_lost_question_is_answered_once(void **state) {
    struct live *l = *state;
    assert_int_equal(ask(l, "checks=drop-after*1\n"), SHK_OK);
    assert_true(answer_holds(l, "見本　太郎"));
}

static void misbehaviour_has_its_fault(void **state) {
    struct live *l = *state;
    static const struct {
        const char *control;
        int32_t code;
    } all[] = {
        {"checks=foreign*1", SHK_E_ANSWER_FOREIGN},
        {"checks=wrong-type*1", SHK_E_GATEWAY_ANSWER},
        {"checks=endless-headers*1", SHK_E_ANSWER_TOO_LARGE},
        {"checks=bomb*1", SHK_E_ANSWER_TOO_LARGE},
        {"checks=truncate*2", SHK_E_GATEWAY_ANSWER},
        {"checks=redirect*1", SHK_E_GATEWAY_ANSWER},
        {"checks=rate-limited*1", SHK_E_RATE_LIMITED},
        {"checks=close*1", SHK_OK},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        new_key(l->q.idempotency_key);
        int32_t rc = ask(l, all[i].control);
        if (rc != all[i].code) {
            fail_msg("%s: %d", all[i].control, (int)rc);
        }
        assert_true((rc == SHK_OK) == (l->answer.n > 0));
        assert_int_equal(l->why.retry_after_s, rc == SHK_E_RATE_LIMITED ? 1 : 0);
    }
}

/* --- the clock --- */

static int32_t prepare(struct live *l, const char *control) {
    assert_true(world_write(&world, "control", control));
    fault_clear(&l->why);
    return l->route.ops->prepare(l->route.self, &l->q, NULL, &l->why);
}

static void a_clock_that_differs_is_named(void **state) {
    struct live *l = *state;
    struct route_report report;
    l->q.search = NULL;
    l->route.ops->free(l->route.self);
    assert_int_equal(open_route(l, 120), SHK_OK);
    assert_int_equal(prepare(l, ""), SHK_OK);
    assert_int_equal(prepare(l, "challenges=behind-600*1\n"), SHK_E_CLOCK);
    gateway_route_report(&l->route, &report);
    assert_in_range(report.clock_ahead_s, 595, 605);
    assert_int_equal(prepare(l, "challenges=ahead-600*1\n"), SHK_E_CLOCK);
    assert_int_equal(prepare(l, "challenges=no-date*1\nstatus=no-date*1\n"), SHK_OK);
    assert_true(world_file_will_hold(&world, "gateway.log", "GET /v1/status 200"));
    assert_int_equal(prepare(l, "challenges=no-date*1\nstatus=ahead-600*1\n"), SHK_E_CLOCK);
}

/* --- many people --- */

struct received {
    size_t n;
    char head[4096];
    char tail[64];
};

static int32_t take(void *self, const uint8_t *p, size_t n, struct fault *why) {
    struct received *r = self;
    (void)why;
    for (size_t i = 0; i < n; i++, r->n++) {
        if (r->n < sizeof r->head - 1) {
            r->head[r->n] = (char)p[i];
        }
        memmove(r->tail, r->tail + 1, sizeof r->tail - 2);
        r->tail[sizeof r->tail - 2] = (char)p[i];
    }
    return SHK_OK;
}

struct bulk {
    struct card_data people[200];
    struct bulk_question q;
    struct received received;
    char reception[RECEPTION_NUMBER_MAX];
    int32_t wait_s;
};

static struct bulk *begin_bulk(void) {
    static struct bulk b;
    b = (struct bulk){.q = {.people = b.people, .people_n = 200}};
    for (size_t i = 0; i < 200; i++) {
        about(&b.people[i], i % 2 == 0 ? "1001" : "9", "01");
    }
    text_copy(b.q.institution_code, sizeof b.q.institution_code, "9919999999");
    text_copy(b.q.file_identifier, sizeof b.q.file_identifier, "B-1");
    write_day(b.q.date);
    new_key(b.q.idempotency_key);
    return &b;
}

static int32_t send(struct live *l, struct bulk *b, const char *control) {
    assert_true(world_write(&world, "control", control));
    fault_clear(&l->why);
    return l->route.ops->bulk_send(l->route.self, &b->q, b->reception, NULL, &l->why);
}

static int32_t fetch(struct live *l, struct bulk *b, const char *control) {
    const struct byte_sink sink = {take, &b->received};
    b->received = (struct received){0};
    assert_true(world_write(&world, "control", control));
    fault_clear(&l->why);
    return l->route.ops->bulk_fetch(l->route.self, &b->q, b->reception, &sink, &b->wait_s, NULL,
                                    &l->why);
}

static int32_t fetch_when_ready(struct live *l, struct bulk *b, const char *control) {
    int32_t rc = fetch(l, b, control);
    while (rc == SHK_E_ANSWER_PENDING) {
        const struct timespec pause = {.tv_nsec = 100000000};
        assert_int_equal(b->received.n, 0);
        assert_int_equal(b->wait_s, 1);
        nanosleep(&pause, NULL);
        rc = fetch(l, b, control);
    }
    return rc;
}

static void a_batch_is_sent_once_and_its_result_fetched(void **state) {
    struct live *l = *state;
    struct bulk *b = begin_bulk();
    char again[RECEPTION_NUMBER_MAX];
    assert_int_equal(send(l, b, "bulk=drop-after*1\n"), SHK_OK);
    text_copy(again, sizeof again, b->reception);
    assert_int_equal(send(l, b, ""), SHK_OK); /* as after a kill */
    assert_string_equal(b->reception, again);
    assert_int_equal(fetch(l, b, ""), SHK_E_ANSWER_PENDING);
    assert_int_equal(fetch_when_ready(l, b, ""), SHK_OK);
    assert_true(b->received.n > 60000);
    assert_non_null(
        strstr(b->received.head, "<NumberOfProcessingResult>200</NumberOfProcessingResult>"));
    assert_non_null(strstr(b->received.tail + 20, "</XmlMsg>"));
}

static void a_result_that_breaks_off_is_fetched_anew(void **state) {
    struct live *l = *state;
    struct bulk *b = begin_bulk();
    assert_int_equal(send(l, b, ""), SHK_OK);
    assert_int_equal(fetch_when_ready(l, b, ""), SHK_OK);
    size_t whole = b->received.n;
    assert_int_equal(fetch(l, b, "results=truncate*1\n"), SHK_E_GATEWAY_ANSWER);
    assert_true(b->received.n < whole);
    /* Nothing was given yet: the call asks again by itself. */
    assert_int_equal(fetch(l, b, "results=drop*1\n"), SHK_OK);
    assert_int_equal(b->received.n, whole);
    assert_int_equal(fetch(l, b, "results=wrong-type*1\n"), SHK_E_GATEWAY_ANSWER);
    assert_int_equal(b->received.n, 0);
    assert_int_equal(fetch(l, b, "results=503*1\n"), SHK_E_UPSTREAM_UNAVAILABLE);
    assert_int_equal(l->why.retry_after_s, 1);
    assert_int_equal(fetch(l, b, ""), SHK_OK);
    assert_int_equal(b->received.n, whole);
}

static void a_reception_that_cannot_be_is_not_believed(void **state) {
    struct live *l = *state;
    struct bulk *b = begin_bulk();
    assert_int_equal(send(l, b, "bulk=bad-number*1\n"), SHK_E_GATEWAY_ANSWER);
    assert_string_equal(b->reception, "");
    assert_int_equal(send(l, b, "bulk=foreign*1\n"), SHK_E_ANSWER_FOREIGN);
    text_copy(b->reception, sizeof b->reception, "Runknown");
    assert_int_equal(fetch(l, b, ""), SHK_E_REQUEST_INVALID);
    assert_int_equal(l->why.native, 404);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_person_is_found_by_card_data),
        CASE(nobody_and_several_are_answers),
        CASE(a_lost_question_is_answered_once),
        CASE(misbehaviour_has_its_fault),
        CASE(a_clock_that_differs_is_named),
        CASE(a_batch_is_sent_once_and_its_result_fetched),
        CASE(a_result_that_breaks_off_is_fetched_anew),
        CASE(a_reception_that_cannot_be_is_not_believed),
    };
    if (!world_start(&world)) {
        world_stop(&world);
        return 1;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    world_stop(&world);
    return failed;
}
