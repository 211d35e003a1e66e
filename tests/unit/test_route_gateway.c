#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway_stage.h"
#include "log.h"

static void challenge_is_fetched(void **state) {
    struct stage *s = *state;
    STAGE_SCRIPT(s, {.status = 201,
                     .content_type = "application/json",
                     .body = "{\"challenge\": \"" STAGE_CHALLENGE
                             "\", \"expires_in\": 120, \"new\": [1.5]}"});
    s->q.challenge[0] = '\0';
    assert_int_equal(stage_prepare(s), SHK_OK);
    assert_string_equal(s->q.challenge, STAGE_CHALLENGE);
    assert_string_equal(s->http.seen[0].method, "POST");
    assert_string_equal(s->http.seen[0].url, "https://gateway.example:8443/base/v1/challenges");
    assert_string_equal(s->http.seen[0].accept, "application/json");
    assert_int_equal(s->http.seen[0].body.n, 0);
    assert_int_equal(s->http.seen[0].timeout_ms, 15000);
}

static int32_t challenge_from(struct stage *s, int32_t status, const char *type, const char *body) {
    const struct http_fake_step step = {.status = status, .content_type = type, .body = body};
    stage_script(s, &step, 1);
    text_copy(s->q.challenge, sizeof s->q.challenge, "left over");
    int32_t rc = stage_prepare(s);
    assert_true(rc == SHK_OK || s->q.challenge[0] == '\0');
    assert_int_equal(s->why.code, rc);
    return rc;
}

static void a_challenge_outside_the_protocol_is_refused(void **state) {
    struct stage *s = *state;
    char longest[256];
    char longer[256];
    const char *json = "application/json";
    const char *const bad[] = {
        "",
        "null",
        "[]",
        "{}",
        "{\"challenge\": \"" STAGE_CHALLENGE "\"}",
        "{\"challenge\": \"" STAGE_CHALLENGE "\", \"expires_in\": 0}",
        "{\"challenge\": \"" STAGE_CHALLENGE "\", \"expires_in\": \"120\"}",
        "{\"challenge\": \"" STAGE_CHALLENGE "\", \"expires_in\": 1.5}",
        "{\"challenge\": \"" STAGE_CHALLENGE "\", \"expires_in\": 120} x",
        "{\"challenge\": \"" STAGE_CHALLENGE "\", \"challenge\": \"" STAGE_CHALLENGE
        "\", \"expires_in\": 120}",
        "{\"challenge\": \"fifteen-letters\", \"expires_in\": 120}",
        "{\"challenge\": \"sixteen+letters!\", \"expires_in\": 120}",
        "{\"challenge\": \"sixteen-\\nletters\", \"expires_in\": 120}",
        "{\"challenge\": 1234567890123456, \"expires_in\": 120}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(challenge_from(s, 201, json, bad[i]), SHK_E_GATEWAY_ANSWER);
    }
    text_format(longest, sizeof longest, "{\"challenge\": \"%0128d\", \"expires_in\": 1}", 0);
    text_format(longer, sizeof longer, "{\"challenge\": \"%0129d\", \"expires_in\": 1}", 0);
    assert_int_equal(challenge_from(s, 201, json, longest), SHK_OK);
    assert_int_equal(strlen(s->q.challenge), 128);
    assert_int_equal(challenge_from(s, 201, json, longer), SHK_E_GATEWAY_ANSWER);
    const char *good = "{\"challenge\": \"" STAGE_CHALLENGE "\", \"expires_in\": 120}";
    assert_int_equal(challenge_from(s, 200, json, good), SHK_E_GATEWAY_ANSWER);
    assert_int_equal(challenge_from(s, 201, "text/html", good), SHK_E_GATEWAY_ANSWER);
    assert_int_equal(challenge_from(s, 201, json, good), SHK_OK);
}

static void the_check_is_sent_as_the_protocol_says(void **state) {
    struct stage *s = *state;
    STAGE_SCRIPT(s, STAGE_GOOD);
    assert_int_equal(stage_ask(s), SHK_OK);
    assert_string_equal(bytes_text(&s->answer), STAGE_XML);
    const struct http_fake_seen *seen = &s->http.seen[0];
    assert_string_equal(seen->method, "POST");
    assert_string_equal(seen->url, "https://gateway.example:8443/base/v1/checks");
    assert_string_equal(seen->idempotency_key, STAGE_KEY);
    assert_string_equal(seen->content_type, "application/xml; charset=utf-8");
    assert_string_equal(seen->accept, "application/xml");
    assert_int_equal(seen->headers_n, 2);
    assert_int_equal(seen->answer_max, 4 * 1024 * 1024);
    assert_string_equal(
        bytes_text(&seen->body),
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<XmlMsg><MessageHeader>"
        "<QualificationConfirmationDate>20260602</QualificationConfirmationDate>"
        "<MedicalInstitutionCode>9919999999</MedicalInstitutionCode>"
        "<ArbitraryFileIdentifier>T-000123</ArbitraryFileIdentifier></MessageHeader>"
        "<MessageBody><CardAuthentication><Challenge>" STAGE_CHALLENGE "</Challenge>"
        "<Certificate>MIIB+/8=</Certificate><SignatureAlgorithm>RS256</SignatureAlgorithm>"
        "<Signature>AQIDBA==</Signature></CardAuthentication></MessageBody></XmlMsg>\n");
}

static void what_is_special_in_xml_is_escaped(void **state) {
    struct stage *s = *state;
    STAGE_SCRIPT(s, STAGE_GOOD, STAGE_GOOD);
    text_copy(s->q.file_identifier, sizeof s->q.file_identifier, "<a>&\"'\xE8\xA6\x8B]]>");
    assert_int_equal(stage_ask(s), SHK_OK);
    assert_non_null(strstr(bytes_text(&s->http.seen[0].body),
                           "<ArbitraryFileIdentifier>&lt;a&gt;&amp;\"'\xE8\xA6\x8B]]&gt;"
                           "</ArbitraryFileIdentifier>"));
    s->q.file_identifier[0] = '\0';
    assert_int_equal(stage_ask(s), SHK_OK);
    assert_null(strstr(bytes_text(&s->http.seen[1].body), "ArbitraryFileIdentifier"));
}

static void assert_unusable(struct stage *s, const char *member) {
    assert_int_equal(stage_ask(s), SHK_E_ARGUMENT);
    assert_string_equal(s->why.where, member);
    assert_int_equal(s->http.seen_n, 0);
    s->q = stage_question();
}

static void a_question_that_cannot_be_asked_is_not_sent(void **state) {
    struct stage *s = *state;
    text_copy(s->q.institution_code, sizeof s->q.institution_code, "991999999");
    assert_unusable(s, "institution_code");
    text_copy(s->q.date, sizeof s->q.date, "2026060x");
    assert_unusable(s, "date");
    text_copy(s->q.idempotency_key, sizeof s->q.idempotency_key, "short");
    assert_unusable(s, "idempotency_key");
    text_copy(s->q.file_identifier, sizeof s->q.file_identifier, "line\nbreak");
    assert_unusable(s, "file_identifier");
    memcpy(s->q.file_identifier, "\xE8\xA6", 3);
    assert_unusable(s, "file_identifier");
    s->q.challenge[0] = '\0';
    assert_unusable(s, "challenge");
    s->q.certificate_len = 8193;
    assert_unusable(s, "certificate");
    s->q.signature_len = 0;
    assert_unusable(s, "signature");
    s->q.algorithm = "none";
    assert_unusable(s, "algorithm");
}

struct expectation {
    int32_t status, code;
    const char *type; /* of the problem; null: an HTML page */
};

static const struct expectation expectations[] = {
    {409, SHK_E_CHALLENGE_EXPIRED, "urn:shikaku:gateway:1:challenge-expired"},
    {409, SHK_E_CHALLENGE_USED, "https://errors.example/challenge-used"},
    {409, SHK_E_REQUEST_CONFLICT, "https://errors.example/all#idempotency-conflict"},
    {401, SHK_E_SIGNATURE_INVALID, "signature-invalid"},
    {403, SHK_E_CARD_CERT_EXPIRED, "urn:x:certificate-expired"},
    {403, SHK_E_CARD_CERT_REVOKED, "urn:x:certificate-revoked"},
    {403, SHK_E_CARD_CERT_UNKNOWN, "urn:x:certificate-unknown"},
    {403, SHK_E_DEVICE_REFUSED, "urn:x:device-unknown"},
    {403, SHK_E_FACILITY_MISMATCH, "urn:x:facility-mismatch"},
    {422, SHK_E_REQUEST_INVALID, "urn:x:request-invalid"},
    {429, SHK_E_RATE_LIMITED, "urn:x:rate-limited"},
    {503, SHK_E_UPSTREAM_UNAVAILABLE, "urn:x:upstream-unavailable"},
    {404, SHK_E_REQUEST_INVALID, "urn:x:not-found"},
    {405, SHK_E_REQUEST_INVALID, "urn:x:method-not-allowed"},
    {413, SHK_E_REQUEST_INVALID, "urn:x:request-too-large"},
    {415, SHK_E_REQUEST_INVALID, "urn:x:media-type-unsupported"},
    {431, SHK_E_REQUEST_INVALID, "urn:x:headers-too-large"},
    {403, SHK_E_DEVICE_REFUSED, "urn:x:something-new"},
    {409, SHK_E_REQUEST_CONFLICT, "urn:x:something-new"},
    {429, SHK_E_RATE_LIMITED, "about:blank"},
    {503, SHK_E_UPSTREAM_UNAVAILABLE, "urn:x:something-new"},
    {401, SHK_E_DEVICE_REFUSED, NULL},
    {400, SHK_E_REQUEST_INVALID, NULL},
    {503, SHK_E_UPSTREAM_UNAVAILABLE, NULL},
    {204, SHK_E_GATEWAY_ANSWER, NULL},
    {302, SHK_E_GATEWAY_ANSWER, NULL},
    {200, SHK_E_GATEWAY_ANSWER, NULL},
    {200, SHK_E_GATEWAY_ANSWER, "urn:x:certificate-expired"},
    {201, SHK_E_GATEWAY_ANSWER, "urn:x:certificate-expired"},
};

static void every_refusal_has_its_fault_and_is_final(void **state) {
    struct stage *s = *state;
    for (size_t i = 0; i < sizeof expectations / sizeof expectations[0]; i++) {
        const struct expectation *e = &expectations[i];
        char body[256] = "<html>";
        if (e->type != NULL) {
            text_format(body, sizeof body, "{\"type\": \"%s\", \"status\": 1}", e->type);
        }
        const struct http_fake_step steps[] = {
            {.status = e->status,
             .content_type = e->type != NULL ? STAGE_PROBLEM : "text/html",
             .body = body},
            STAGE_GOOD};
        stage_script(s, steps, 2);
        assert_int_equal(stage_ask(s), e->code);
        assert_int_equal(s->why.code, e->code);
        assert_int_equal(s->why.native_kind, SHK_NATIVE_HTTP);
        assert_int_equal(s->why.native, e->status);
        assert_int_equal(s->answer.n, 0);
        /* A definite answer is never asked for again. */
        assert_int_equal(s->http.seen_n, 1);
    }
}

static void a_broken_problem_document_goes_by_its_status(void **state) {
    struct stage *s = *state;
    const char *const bodies[] = {"", "{\"type\": 1}", "{\"type\": \"urn:\"}", "[", "{}"};
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        const struct http_fake_step step = {
            .status = 429, .content_type = STAGE_PROBLEM, .body = bodies[i]};
        stage_script(s, &step, 1);
        assert_int_equal(stage_ask(s), SHK_E_RATE_LIMITED);
    }
}

static void where_names_the_element_or_the_wait(void **state) {
    struct stage *s = *state;
    STAGE_SCRIPT(s,
                 {.status = 422,
                  .content_type = STAGE_PROBLEM,
                  .body = "{\"type\": \"urn:x:request-invalid\", \"element\": \"Signature\"}"},
                 {.status = 422,
                  .content_type = STAGE_PROBLEM,
                  .body = "{\"type\": \"urn:x:request-invalid\", \"element\": \"\xE8\xA6\x8B\"}"},
                 {.status = 503,
                  .content_type = STAGE_PROBLEM,
                  .body = "{\"type\": \"urn:x:upstream-unavailable\"}",
                  .retry_after = true,
                  .retry_after_s = 30});
    assert_int_equal(stage_ask(s), SHK_E_REQUEST_INVALID);
    assert_string_equal(s->why.where, "Signature");
    assert_int_equal(stage_ask(s), SHK_E_REQUEST_INVALID);
    assert_string_equal(s->why.where, "");
    assert_int_equal(stage_ask(s), SHK_E_UPSTREAM_UNAVAILABLE);
    assert_string_equal(s->why.where, "Retry-After: 30");
    assert_int_equal(s->why.retry_after_s, 30);
}

static void an_answer_that_is_no_xml_is_refused(void **state) {
    struct stage *s = *state;
    STAGE_SCRIPT(s, {.status = 200, .content_type = "text/html", .body = "<html>"},
                 {.status = 200, .content_type = "application/xml", .body = ""});
    assert_int_equal(stage_ask(s), SHK_E_GATEWAY_ANSWER);
    assert_int_equal(stage_ask(s), SHK_E_GATEWAY_ANSWER);
    assert_int_equal(s->http.seen_n, 2);
}

static void only_a_plain_https_address_is_taken(void **state) {
    struct stage *s = *state;
    const char *const bad[] = {"",
                               "http://gateway.example",
                               "HTTPS://gateway.example",
                               "https://",
                               "https:///path",
                               "https://:8443",
                               "https://user@gateway.example",
                               "https://gateway.example/?a=b",
                               "https://gateway.example/#x",
                               "https://gateway.example/a b",
                               "https://gateway.example/\n",
                               "https://gateway.example/\xE8\xA6\x8B",
                               NULL};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const struct gateway_settings settings = {.url = bad[i]};
        struct lookup_route route;
        fault_clear(&s->why);
        assert_int_equal(gateway_route_new(&settings, &s->env, NULL, &route, &s->why),
                         SHK_E_CONFIG_VALUE);
        assert_string_equal(s->why.where, "gateway.url");
        assert_null(route.ops);
    }
    assert_int_equal(s->http.opened, 1);
}

static void the_handle_is_closed_with_the_route(void **state) {
    struct stage *s = *state;
    s->route.ops->free(s->route.self);
    s->route = (struct lookup_route){0};
    assert_int_equal(s->http.opened, 1);
    assert_int_equal(s->http.closed, 1);
}

static void a_failed_opening_is_passed_on(void **state) {
    struct stage *s = *state;
    const struct gateway_settings settings = {.url = "https://gateway.example"};
    struct lookup_route route;
    s->http.open_fault = SHK_E_DEVICE_KEY;
    assert_int_equal(gateway_route_new(&settings, &s->env, NULL, &route, &s->why),
                     SHK_E_DEVICE_KEY);
    assert_null(route.ops);
}

static void read_back(const char *path, char *out, size_t cap) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t n = fread(out, 1, cap - 1, file);
    out[n] = '\0';
    fclose(file);
}

static void the_log_holds_numbers_only(void **state) {
    struct stage *s = *state;
    char path[] = "/tmp/shikaku-route-log-XXXXXX";
    char text[8192];
    struct log *log = NULL;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(log_open(path, SHK_LOG_DEBUG, &s->env, &log, &s->why), SHK_OK);
    s->route.ops->free(s->route.self);
    assert_int_equal(stage_open(s, "https://gateway.example", log), SHK_OK);
    STAGE_SCRIPT(s,
                 {.status = 201,
                  .content_type = "application/json",
                  .body = "{\"challenge\": \"" STAGE_CHALLENGE "\", \"expires_in\": 120}",
                  .date_s = HTTP_FAKE_WALL_S - 600},
                 {.status = 502}, STAGE_GOOD);
    assert_int_equal(stage_prepare(s), SHK_OK);
    assert_int_equal(stage_ask(s), SHK_OK);
    log_close(&log);
    read_back(path, text, sizeof text);
    unlink(path);
    assert_non_null(strstr(text, "gateway.challenge"));
    assert_non_null(strstr(text, "gateway.repeat"));
    assert_non_null(strstr(text, "gateway.answer"));
    assert_non_null(strstr(text, "ahead_s=600"));
    assert_non_null(strstr(text, "status=502"));
    const char *const never[] = {STAGE_CHALLENGE, STAGE_KEY,  "MIIB",  "XmlMsg",
                                 "999999SAMPLE",  "T-000123", "AQIDBA"};
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
        assert_null(strstr(text, never[i]));
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, stage_set_up, stage_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(challenge_is_fetched),
        CASE(a_challenge_outside_the_protocol_is_refused),
        CASE(the_check_is_sent_as_the_protocol_says),
        CASE(what_is_special_in_xml_is_escaped),
        CASE(a_question_that_cannot_be_asked_is_not_sent),
        CASE(every_refusal_has_its_fault_and_is_final),
        CASE(a_broken_problem_document_goes_by_its_status),
        CASE(where_names_the_element_or_the_wait),
        CASE(an_answer_that_is_no_xml_is_refused),
        CASE(only_a_plain_https_address_is_taken),
        CASE(the_handle_is_closed_with_the_route),
        CASE(a_failed_opening_is_passed_on),
        CASE(the_log_holds_numbers_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
