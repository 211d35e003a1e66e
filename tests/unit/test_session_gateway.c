/* Sessions over the gateway route, whose server is a script of answers. */
#include <setjmp.h>
#include <stdarg.h>
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
static int64_t evening_s(void *self) {
    int64_t today = platform_clock.wall_s(self) / 86400;
    return (today + 1) * 86400 + 20 * HOUR_S;
}

static int32_t fill_zero(void *self, uint8_t *p, size_t n) {
    (void)self;
    memset(p, 0, n);
    return SHK_OK;
}

#define OUR_NUMBER  "00000000-0000-4000-8000-000000000000"
#define INSTITUTION "9919999999"

/* One check whose answer says these things about itself; empty: it does not say. */
static int32_t answered(struct stage *f, const char *institution, const char *number,
                        const char *date) {
    static const struct random_ops zero = {fill_zero};
    static struct clock_ops evening;
    char body[1200];
    evening = (struct clock_ops){platform_clock.mono_ms, evening_s};
    f->desk.env.clock = &evening;
    f->desk.env.random = &zero;
    session_close(f->session);
    f->session = desk_session(&f->desk, TEST_DATA "/demo");
    snprintf(body, sizeof body,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader>%s%s%s"
             "<SegmentOfResult>1</SegmentOfResult><CharacterCodeIdentifier>0"
             "</CharacterCodeIdentifier></MessageHeader><MessageBody><ProcessingResultStatus>1"
             "</ProcessingResultStatus><QualificationValidity>1</QualificationValidity><ResultList>"
             "<ResultOfQualificationConfirmation><Name>見本　次郎</Name>"
             "</ResultOfQualificationConfirmation></ResultList></MessageBody></XmlMsg>",
             date, institution, number);
    const struct http_fake_step steps[] = {
        stage_challenge, {.status = 200, .content_type = "application/xml", .body = body}};
    stage_use_gateway(f, steps, 2);
    return session_check(f->session, PIN, 4, false, 5000);
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

int main(void) {
    const struct CMUnitTest tests[] = {
        STAGE_CASE(a_gateway_that_is_down_costs_no_pin),
        STAGE_CASE(a_challenge_that_would_die_on_the_way_is_fetched_anew),
        STAGE_CASE(an_answer_to_this_question_is_used),
        STAGE_CASE(an_answer_to_somebody_elses_question_is_not_used),
        STAGE_CASE(an_answer_that_does_not_say_to_what_is_not_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
