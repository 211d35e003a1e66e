/* Sessions over the gateway route, whose server is a script of answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "platform.h"
#include "session_stage.h"

static void a_gateway_that_is_down_costs_no_pin(void **state) {
    struct stage *f = *state;
    const struct http_fake_step steps[] = {{.fault = SHK_E_GATEWAY_UNREACHABLE}};
    stage_use_gateway(f, steps, 1);
    stage_to_the_pin(f);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_GATEWAY_UNREACHABLE);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(f->desk.card.verifies, 0);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_E_STATE);
}

static void a_challenge_that_would_die_on_the_way_is_fetched_anew(void **state) {
    struct stage *f = *state;
    struct http_fake_step old = stage_challenge;
    old.body = "{\"challenge\":\"BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB\",\"expires_in\":5}";
    const struct http_fake_step steps[] = {old, stage_challenge, {.fault = SHK_E_GATEWAY_TIMEOUT}};
    stage_use_gateway(f, steps, 3);
    stage_to_the_pin(f);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
    while (stage_next(f) != SHK_EVENT_DONE) {
    }
    assert_true(f->desk.http.seen_n >= 3);
    assert_non_null(strstr(bytes_text(&f->desk.http.seen[2].body), "AAAAAAAA"));
    assert_null(strstr(bytes_text(&f->desk.http.seen[2].body), "BBBBBBBB"));
}

#define HOUR_S INT64_C(3600)

/* Late in the evening of tomorrow, UTC: in Japan it is the day after that. The card is valid by then. */
static int64_t evening; /* one for the whole program, also when it runs over midnight */

static int64_t evening_s(void *self) {
    (void)self;
    return evening;
}

static int32_t fill_zero(void *self, uint8_t *p, size_t n) {
    (void)self;
    memset(p, 0, n);
    return SHK_OK;
}

#define OUR_NUMBER  "00000000-0000-4000-8000-000000000000"
#define INSTITUTION "9919999999"

/* The session asks with known numbers on a known day. */
static void know_the_question(struct stage *f) {
    static const struct random_ops zero = {fill_zero};
    static struct clock_ops clock;
    clock = (struct clock_ops){platform_clock.mono_ms, evening_s};
    f->desk.env.clock = &clock;
    f->desk.env.random = &zero;
    session_close(f->session);
    f->session = desk_session(&f->desk, TEST_DATA "/demo");
}

static void write_answer(char *body, size_t cap, const char *about, char segment,
                         const char *more) {
    snprintf(body, cap,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader>%s"
             "<SegmentOfResult>%c</SegmentOfResult><CharacterCodeIdentifier>0"
             "</CharacterCodeIdentifier></MessageHeader><MessageBody>%s</MessageBody></XmlMsg>",
             about, segment, segment == '1' ? more : "");
}

#define RESULT(birth)                                                                              \
    "<ProcessingResultStatus>1</ProcessingResultStatus><QualificationValidity>1"                   \
    "</QualificationValidity><ResultList><ResultOfQualificationConfirmation><Name>見本　次郎" \
    "</Name>" birth "</ResultOfQualificationConfirmation></ResultList>"

/* One check whose answer says these things about itself; empty: it does not say. */
static int32_t answered(struct stage *f, const char *institution, const char *number,
                        const char *date) {
    char about[400];
    char body[1200];
    know_the_question(f);
    snprintf(about, sizeof about, "%s%s%s", date, institution, number);
    write_answer(body, sizeof body, about, '1', RESULT(""));
    const struct http_fake_step steps[] = {
        stage_challenge, {.status = 200, .content_type = "application/xml", .body = body}};
    stage_use_gateway(f, steps, 2);
    return session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS);
}

static const char *day(char out[96], int64_t at_s) {
    char digits[16];
    struct tm utc;
    time_t t = (time_t)at_s;
    strftime(digits, sizeof digits, "%Y%m%d", gmtime_r(&t, &utc));
    snprintf(out, 96, "<QualificationConfirmationDate>%s</QualificationConfirmationDate>", digits);
    return out;
}

#define SAYS_INSTITUTION "<MedicalInstitutionCode>" INSTITUTION "</MedicalInstitutionCode>"
#define SAYS_NUMBER      "<ArbitraryFileIdentifier>" OUR_NUMBER "</ArbitraryFileIdentifier>"

static void an_answer_to_this_question_is_used(void **state) {
    struct stage *f = *state;
    char japan[96];
    int32_t rc =
        answered(f, SAYS_INSTITUTION, SAYS_NUMBER, day(japan, evening_s(NULL) + 9 * HOUR_S));
    assert_int_equal(rc, SHK_OUTCOME_ELIGIBLE);
    assert_string_equal(stage_read(f, "record.name").text, "見本　次郎");
}

static void refused(struct stage *f, const char *institution, const char *number,
                    const char *date) {
    assert_int_equal(answered(f, institution, number, date), SHK_E_ANSWER_FOREIGN);
    assert_string_equal(stage_read(f, "record.name").text, "(none)");
    assert_int_equal(stage_number(f, "outcome"), 0);
}

static void an_answer_to_somebody_elses_question_is_not_used(void **state) {
    struct stage *f = *state;
    char japan[96];
    char other[96];
    day(japan, evening_s(NULL) + 9 * HOUR_S);
    day(other, evening_s(NULL));
    refused(f, "<MedicalInstitutionCode>9919999998</MedicalInstitutionCode>", SAYS_NUMBER, japan);
    refused(f, SAYS_INSTITUTION, "<ArbitraryFileIdentifier>X</ArbitraryFileIdentifier>", japan);
    refused(f, SAYS_INSTITUTION, SAYS_NUMBER, other);
}

static void an_answer_that_does_not_say_to_what_is_not_used(void **state) {
    struct stage *f = *state;
    char japan[96];
    day(japan, evening_s(NULL) + 9 * HOUR_S);
    refused(f, "", SAYS_NUMBER, japan);
    refused(f, SAYS_INSTITUTION, "", japan);
    refused(f, SAYS_INSTITUTION, SAYS_NUMBER, "");
}

#define XML(text)                                                                                  \
    { .status = 200, .content_type = "application/xml", .body = (text) }

static char ours[1200], pending[1200];

static void write_both(const char *birth_date) {
    char about[400];
    char japan[96];
    day(japan, evening_s(NULL) + 9 * HOUR_S);
    snprintf(about, sizeof about, "%s%s%s", japan, SAYS_INSTITUTION, SAYS_NUMBER);
    write_answer(ours, sizeof ours, about, '1', birth_date);
    write_answer(pending, sizeof pending, about, '2', "");
}

/* On the worker's thread, before the last answer. */
static void see_the_card(void *self, int32_t ms) {
    struct stage *f = self;
    (void)ms;
    f->card_was_free = !f->desk.card.in_transaction && f->desk.card.power_downs > 0;
}

static void a_server_that_is_still_at_work_is_asked_the_same_again(void **state) {
    struct stage *f = *state;
    know_the_question(f);
    write_both(RESULT(""));
    struct http_fake_step steps[] = {stage_challenge, XML(pending), XML(ours)};
    steps[2].delay_ms = 1;
    stage_use_gateway(f, steps, 3);
    f->desk.http.pass = see_the_card;
    f->desk.http.pass_self = f;
    int64_t started = platform_clock.mono_ms(NULL);
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                     SHK_OUTCOME_ELIGIBLE);
    assert_true(platform_clock.mono_ms(NULL) - started >= 2000);
    assert_true(f->card_was_free);
    const struct http_fake_seen *seen = f->desk.http.seen;
    assert_int_equal(f->desk.http.seen_n, 3);
    assert_string_equal(seen[1].idempotency_key, seen[2].idempotency_key);
    assert_int_equal(seen[1].body.n, seen[2].body.n);
    assert_memory_equal(seen[1].body.p, seen[2].body.p, seen[1].body.n);
    assert_int_equal(f->desk.card.verifies, 1);
}

static void a_server_that_never_ends_its_work_is_asked_within_its_time_only(void **state) {
    struct stage *f = *state;
    know_the_question(f);
    write_both(RESULT(""));
    struct http_fake_step steps[] = {stage_challenge, XML(pending), XML(pending), XML(ours)};
    steps[1].retry_after = true;
    steps[1].retry_after_s = 4;
    steps[2].retry_after = true;
    steps[2].retry_after_s = 6; /* more than is left, and less than the whole time */
    stage_use_gateway(f, steps, 4);
    assert_int_equal(session_set(f->session, "gateway.timeout_ms", "9000"), SHK_OK);
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                     SHK_E_ANSWER_PENDING);
    assert_int_equal(f->desk.http.seen_n, 3);
}

static void a_server_is_asked_again_when_it_says(void **state) {
    struct stage *f = *state;
    know_the_question(f);
    write_both(RESULT(""));
    struct http_fake_step steps[] = {stage_challenge, XML(pending), XML(ours)};
    steps[1].retry_after = true;
    steps[1].retry_after_s = 4;
    stage_use_gateway(f, steps, 3);
    int64_t started = platform_clock.mono_ms(NULL);
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                     SHK_OUTCOME_ELIGIBLE);
    assert_in_range(platform_clock.mono_ms(NULL) - started, 4000, 12000);
}

static void a_server_that_says_more_than_there_is_time_is_not_waited_for(void **state) {
    struct stage *f = *state;
    know_the_question(f);
    write_both(RESULT(""));
    struct http_fake_step steps[] = {stage_challenge, XML(pending), XML(ours)};
    steps[1].retry_after = true;
    steps[1].retry_after_s = 30;
    stage_use_gateway(f, steps, 3);
    int64_t started = platform_clock.mono_ms(NULL);
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                     SHK_E_ANSWER_PENDING);
    assert_true(platform_clock.mono_ms(NULL) - started < 8000);
    assert_int_equal(stage_number(f, "fault.retry_after_s"), 30);
    assert_int_equal(f->desk.http.seen_n, 2);
}

/* The repetition does not begin the time anew. */
static void the_time_limit_is_that_of_the_whole_question(void **state) {
    struct stage *f = *state;
    know_the_question(f);
    write_both(RESULT(""));
    struct http_fake_step steps[] = {stage_challenge, XML(pending), XML(ours)};
    steps[1].retry_after = true;
    steps[1].retry_after_s = 4;
    stage_use_gateway(f, steps, 3);
    assert_int_equal(session_set(f->session, "gateway.timeout_ms", "9000"), SHK_OK);
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                     SHK_OUTCOME_ELIGIBLE);
    assert_in_range(f->desk.http.seen[2].timeout_ms, 1, 5000);
}

static atomic_int answers;

static void count_answers(void *self, int32_t ms) {
    (void)self, (void)ms;
    atomic_fetch_add(&answers, 1);
}

static void a_cancel_ends_the_wait_for_such_a_server(void **state) {
    struct stage *f = *state;
    know_the_question(f);
    write_both(RESULT(""));
    const struct http_fake_step steps[] = {stage_challenge, XML(pending), XML(ours)};
    answers = 0;
    f->desk.http.pass = count_answers;
    stage_use_gateway(f, steps, 3);
    stage_to_the_pin(f);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
    for (int i = 0; answers < 2 && i < STAGE_PATIENCE_MS / 10; i++) {
        thread_sleep(10);
    }
    thread_sleep(300);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_CANCELLED);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(f->desk.http.seen_n, 2);
}

static void query(struct stage *f, int32_t expected) {
    static const char *const inputs[][2] = {{"query.insurer_number", "06990014"},
                                            {"query.number", "88"},
                                            {"query.birth_date", "19800102"}};
    const struct http_fake_step steps[] = {XML(ours)};
    f->desk.http.seen_n = 0;
    stage_use_gateway(f, steps, 1);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(session_put(f->session, inputs[i][0], (const uint8_t *)inputs[i][1],
                                     strlen(inputs[i][1])),
                         SHK_OK);
    }
    assert_int_equal(session_start(f->session, SHK_JOB_QUERY), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
    stage_expect(f, expected == 0 ? SHK_EVENT_ANSWER : SHK_EVENT_FAULT);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), expected);
    assert_int_equal(f->desk.http.seen_n, 1);
}

static void a_query_needs_no_challenge_and_its_own_number_back(void **state) {
    struct stage *f = *state;
    know_the_question(f);
    write_both(RESULT("<Birthdate>19800102</Birthdate>"));
    query(f, 0);
    assert_non_null(strstr(bytes_text(&f->desk.http.seen[0].body), "06990014"));
    assert_string_equal(stage_read(f, "source").text, "gateway");
    write_both(RESULT("<Birthdate>19800103</Birthdate>"));
    query(f, SHK_E_ANSWER_FOREIGN);
    write_both(RESULT("<Birthdate>19800102</Birthdate>"));
    strstr(ours, OUR_NUMBER)[0] = '1';
    query(f, SHK_E_ANSWER_FOREIGN);
}

int main(void) {
    evening = (platform_clock.wall_s(NULL) / 86400 + 1) * 86400 + 20 * HOUR_S;
    const struct CMUnitTest tests[] = {
        STAGE_CASE(a_gateway_that_is_down_costs_no_pin),
        STAGE_CASE(a_challenge_that_would_die_on_the_way_is_fetched_anew),
        STAGE_CASE(an_answer_to_this_question_is_used),
        STAGE_CASE(an_answer_to_somebody_elses_question_is_not_used),
        STAGE_CASE(an_answer_that_does_not_say_to_what_is_not_used),
        STAGE_CASE(a_server_that_is_still_at_work_is_asked_the_same_again),
        STAGE_CASE(a_server_that_never_ends_its_work_is_asked_within_its_time_only),
        STAGE_CASE(a_server_is_asked_again_when_it_says),
        STAGE_CASE(a_server_that_says_more_than_there_is_time_is_not_waited_for),
        STAGE_CASE(the_time_limit_is_that_of_the_whole_question),
        STAGE_CASE(a_cancel_ends_the_wait_for_such_a_server),
        STAGE_CASE(a_query_needs_no_challenge_and_its_own_number_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
