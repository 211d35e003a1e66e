#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "gateway_stage.h"

#define XML "application/xml"
#define RECEIVED(number, institution, file)                                                        \
    "<XmlMsg><MessageHeader><MedicalInstitutionCode>" institution                                  \
    "</MedicalInstitutionCode><ArbitraryFileIdentifier>" file                                      \
    "</ArbitraryFileIdentifier></MessageHeader><MessageBody><ReceptionNumber>" number              \
    "</ReceptionNumber></MessageBody></XmlMsg>"
#define GOOD_RECEPTION                                                                             \
    { .status = 202, .content_type = XML, .body = RECEIVED("R-1_a", "9919999999", "B-1") }
#define TEN   "0123456789"
#define SIXTY TEN TEN TEN TEN TEN TEN

struct bulk {
    struct card_data people[2];
    struct bulk_question q;
    char reception[RECEPTION_NUMBER_MAX];
    char taken[256];
    size_t taken_n;
    int32_t end_with, wait_s;
};

static struct bulk *begin(void) {
    static struct bulk b;
    b = (struct bulk){.q = {.people = b.people, .people_n = 2}, .wait_s = -1};
    for (size_t i = 0; i < 2; i++) {
        struct card_data *p = &b.people[i];
        text_copy(p->insurer_number, sizeof p->insurer_number, "06990014");
        text_copy(p->number, sizeof p->number, i == 0 ? "1001" : "1002");
        text_copy(p->birth_date, sizeof p->birth_date, "19850312");
        text_copy(p->identifier, sizeof p->identifier, i == 0 ? "P-1" : "P-2");
    }
    text_copy(b.q.institution_code, sizeof b.q.institution_code, "9919999999");
    text_copy(b.q.date, sizeof b.q.date, "20260602");
    text_copy(b.q.idempotency_key, sizeof b.q.idempotency_key, STAGE_KEY);
    text_copy(b.q.file_identifier, sizeof b.q.file_identifier, "B-1");
    text_copy(b.reception, sizeof b.reception, "left over");
    return &b;
}

static int32_t send(struct stage *s, struct bulk *b) {
    fault_clear(&s->why);
    int32_t rc = s->route.ops->bulk_send(s->route.self, &b->q, b->reception, NULL, &s->why);
    assert_int_equal(s->why.code, rc);
    assert_true((rc == SHK_OK) == (b->reception[0] != '\0'));
    return rc;
}

static int32_t take(void *self, const uint8_t *p, size_t n, struct fault *why) {
    struct bulk *b = self;
    assert_true(b->taken_n + n < sizeof b->taken);
    memcpy(b->taken + b->taken_n, p, n);
    b->taken_n += n;
    return b->end_with != 0 ? fault_raise(why, b->end_with) : SHK_OK;
}

static int32_t fetch(struct stage *s, struct bulk *b, const char *reception) {
    const struct byte_sink sink = {take, b};
    memset(b->taken, 0, sizeof b->taken);
    b->taken_n = 0;
    fault_clear(&s->why);
    int32_t rc =
        s->route.ops->bulk_fetch(s->route.self, &b->q, reception, &sink, &b->wait_s, NULL, &s->why);
    assert_int_equal(s->why.code, rc);
    return rc;
}

static void a_batch_is_sent_and_received(void **state) {
    struct stage *s = *state;
    struct bulk *b = begin();
    STAGE_SCRIPT(s, GOOD_RECEPTION);
    assert_int_equal(send(s, b), SHK_OK);
    assert_string_equal(b->reception, "R-1_a");
    const struct http_fake_seen *seen = &s->http.seen[0];
    assert_string_equal(seen->method, "POST");
    assert_string_equal(seen->url, "https://gateway.example:8443/base/v1/bulk");
    assert_string_equal(seen->idempotency_key, STAGE_KEY);
    assert_string_equal(seen->content_type, "application/xml; charset=utf-8");
    const char *first = strstr(bytes_text(&seen->body), ">1001<");
    assert_non_null(first);
    assert_non_null(strstr(first, ">1002<"));
    assert_null(s->route.ops->registration);
}

/* After a kill the same batch goes out again: only the same bytes are known under its key. */
static void the_same_batch_is_the_same_bytes(void **state) {
    struct stage *s = *state;
    struct bulk *b = begin();
    STAGE_SCRIPT(s, {.fault = SHK_E_GATEWAY_ANSWER}, GOOD_RECEPTION, GOOD_RECEPTION);
    assert_int_equal(send(s, b), SHK_OK);
    assert_int_equal(send(s, b), SHK_OK);
    assert_int_equal(s->http.seen_n, 3);
    for (size_t i = 1; i < 3; i++) {
        assert_string_equal(s->http.seen[i].idempotency_key, STAGE_KEY);
        assert_string_equal(bytes_text(&s->http.seen[i].body), bytes_text(&s->http.seen[0].body));
    }
}

static void a_number_that_leads_elsewhere_is_not_taken(void **state) {
    struct stage *s = *state;
    struct bulk *b = begin();
    static const struct {
        const char *body;
        int32_t code;
    } all[] = {
        {RECEIVED(SIXTY, "9919999999", "B-1"), SHK_OK},
        {RECEIVED(SIXTY "0", "9919999999", "B-1"), SHK_E_GATEWAY_ANSWER},
        {RECEIVED(SIXTY TEN, "9919999999", "B-1"), SHK_E_GATEWAY_ANSWER},
        {RECEIVED("-", "9919999999", "B-1"), SHK_E_GATEWAY_ANSWER},
        {RECEIVED("../status", "9919999999", "B-1"), SHK_E_GATEWAY_ANSWER},
        {RECEIVED("a/b", "9919999999", "B-1"), SHK_E_GATEWAY_ANSWER},
        {RECEIVED("a?b", "9919999999", "B-1"), SHK_E_GATEWAY_ANSWER},
        {RECEIVED("a%2Fb", "9919999999", "B-1"), SHK_E_GATEWAY_ANSWER},
        {RECEIVED("a b", "9919999999", "B-1"), SHK_E_GATEWAY_ANSWER},
        {RECEIVED("", "9919999999", "B-1"), SHK_E_GATEWAY_ANSWER},
        {"<XmlMsg/>", SHK_E_GATEWAY_ANSWER},
        {"<XmlMsg>", SHK_E_GATEWAY_ANSWER},
        {"", SHK_E_GATEWAY_ANSWER},
        {RECEIVED("R1", "9919999998", "B-1"), SHK_E_ANSWER_FOREIGN},
        {RECEIVED("R1", "9919999999", "B-2"), SHK_E_ANSWER_FOREIGN},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        const struct http_fake_step step = {
            .status = 202, .content_type = XML, .body = all[i].body};
        stage_script(s, &step, 1);
        int32_t rc = send(s, b);
        if (rc != all[i].code) {
            fail_msg("%s: %d", all[i].body, (int)rc);
        }
    }
    const struct http_fake_step wrong[] = {
        {.status = 202, .content_type = "text/html", .body = RECEIVED("R1", "9919999999", "B-1")},
        {.status = 200, .content_type = XML, .body = RECEIVED("R1", "9919999999", "B-1")}};
    stage_script(s, wrong, 2);
    assert_int_equal(send(s, b), SHK_E_GATEWAY_ANSWER);
    assert_int_equal(send(s, b), SHK_E_GATEWAY_ANSWER);
}

static void a_batch_that_cannot_be_asked_is_not_sent(void **state) {
    struct stage *s = *state;
    struct bulk *b = begin();
    STAGE_SCRIPT(s, GOOD_RECEPTION);
    b->q.people_n = 0;
    assert_int_equal(send(s, b), SHK_E_ARGUMENT);
    assert_string_equal(s->why.where, "people");
    b = begin();
    b->q.idempotency_key[0] = '\0';
    assert_int_equal(send(s, b), SHK_E_ARGUMENT);
    assert_string_equal(s->why.where, "idempotency_key");
    assert_int_equal(s->http.seen_n, 0);
}

static void a_result_that_is_not_ready_says_when_to_come_again(void **state) {
    struct stage *s = *state;
    struct bulk *b = begin();
    static const struct {
        bool sent;
        int32_t said, wait_s;
    } all[] = {{true, 7, 7}, {true, 0, 1}, {false, 0, 10}, {true, 86400, 3600}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        STAGE_SCRIPT(s, {.status = 202, .retry_after = all[i].sent, .retry_after_s = all[i].said});
        assert_int_equal(fetch(s, b, "R-1_a"), SHK_E_ANSWER_PENDING);
        assert_int_equal(b->wait_s, all[i].wait_s);
        assert_int_equal(s->why.retry_after_s, all[i].wait_s);
        assert_int_equal(b->taken_n, 0);
    }
}

static void the_result_is_streamed(void **state) {
    struct stage *s = *state;
    struct bulk *b = begin();
    STAGE_SCRIPT(s, {.status = 200, .content_type = XML, .body = "<XmlMsg>long enough</XmlMsg>"});
    assert_int_equal(fetch(s, b, "R-1_a"), SHK_OK);
    assert_string_equal(b->taken, "<XmlMsg>long enough</XmlMsg>");
    assert_int_equal(b->wait_s, 0);
    const struct http_fake_seen *seen = &s->http.seen[0];
    assert_string_equal(seen->method, "GET");
    assert_string_equal(seen->url, "https://gateway.example:8443/base/v1/bulk/R-1_a");
    assert_string_equal(seen->accept, XML);
    assert_true(seen->answer_max >= (size_t)300 * 1024 * 1024);
    assert_int_equal(seen->timeout_ms, 600000);
    assert_int_equal(seen->headers_n, 0);
}

static void nothing_is_given_twice(void **state) {
    struct stage *s = *state;
    struct bulk *b = begin();
    const struct http_fake_step good = {.status = 200, .content_type = XML, .body = "<XmlMsg/>"};
    const struct http_fake_step half[] = {{.status = 200,
                                           .content_type = XML,
                                           .body = "<XmlMsg>",
                                           .broken_fault = SHK_E_GATEWAY_ANSWER},
                                          good};
    stage_script(s, half, 2);
    assert_int_equal(fetch(s, b, "R1"), SHK_E_GATEWAY_ANSWER);
    assert_int_equal(s->http.seen_n, 1);
    assert_string_equal(b->taken, "<XmlMsg>");
    /* Where nothing was given yet, the rule of every call holds. */
    const struct http_fake_step lost[] = {{.fault = SHK_E_GATEWAY_ANSWER}, good};
    stage_script(s, lost, 2);
    assert_int_equal(fetch(s, b, "R1"), SHK_OK);
    assert_int_equal(s->http.seen_n, 2);
    assert_string_equal(b->taken, "<XmlMsg/>");
}

static void other_answers_have_their_faults(void **state) {
    struct stage *s = *state;
    struct bulk *b = begin();
    static const struct {
        struct http_fake_step step;
        int32_t code;
    } all[] = {
        {{.status = 200, .content_type = "text/html", .body = "<html>"}, SHK_E_GATEWAY_ANSWER},
        {{.status = 200, .content_type = XML, .body = ""}, SHK_E_GATEWAY_ANSWER},
        {{.status = 404, .content_type = STAGE_PROBLEM, .body = "{\"type\": \"urn:x:not-found\"}"},
         SHK_E_REQUEST_INVALID},
        {{.status = 429, .retry_after = true, .retry_after_s = 9}, SHK_E_RATE_LIMITED},
        {{.status = 302}, SHK_E_GATEWAY_ANSWER},
        {{.fault = SHK_E_GATEWAY_TIMEOUT}, SHK_E_GATEWAY_TIMEOUT},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        stage_script(s, &all[i].step, 1);
        assert_int_equal(fetch(s, b, "R1"), all[i].code);
        assert_int_equal(b->taken_n, 0);
        assert_int_equal(b->wait_s, 0);
    }
    b->end_with = SHK_E_XML;
    STAGE_SCRIPT(s, {.status = 200, .content_type = XML, .body = "<XmlMsg>long"});
    assert_int_equal(fetch(s, b, "R1"), SHK_E_XML);
    assert_int_equal(b->taken_n, 7);
}

static void a_number_of_another_form_never_becomes_an_address(void **state) {
    struct stage *s = *state;
    struct bulk *b = begin();
    const char *const bad[] = {"", "../status", "a/b", "a b", "a?b", "a#b", SIXTY "0", "見本"};
    STAGE_SCRIPT(s, {.status = 200, .content_type = XML, .body = "<XmlMsg/>"});
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(fetch(s, b, bad[i]), SHK_E_ARGUMENT);
        assert_string_equal(s->why.where, "reception");
    }
    assert_int_equal(s->http.seen_n, 0);
    assert_int_equal(fetch(s, b, SIXTY), SHK_OK);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, stage_set_up, stage_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_batch_is_sent_and_received),
        CASE(the_same_batch_is_the_same_bytes),
        CASE(a_number_that_leads_elsewhere_is_not_taken),
        CASE(a_batch_that_cannot_be_asked_is_not_sent),
        CASE(a_result_that_is_not_ready_says_when_to_come_again),
        CASE(the_result_is_streamed),
        CASE(nothing_is_given_twice),
        CASE(other_answers_have_their_faults),
        CASE(a_number_of_another_form_never_becomes_an_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
