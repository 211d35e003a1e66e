/* Sessions over the gateway route, whose server is a script of answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

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

static void an_answer_for_somebody_else_is_not_used(void **state) {
    struct stage *f = *state;
    const struct http_fake_step steps[] = {
        stage_challenge,
        {.status = 200,
         .content_type = "application/xml",
         .body =
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader>"
             "<QualificationConfirmationDate>20250602</QualificationConfirmationDate>"
             "<MedicalInstitutionCode>9919999999</MedicalInstitutionCode>"
             "<SegmentOfResult>1</SegmentOfResult><CharacterCodeIdentifier>0"
             "</CharacterCodeIdentifier></MessageHeader><MessageBody><ProcessingResultStatus>1"
             "</ProcessingResultStatus><QualificationValidity>1</QualificationValidity><ResultList>"
             "<ResultOfQualificationConfirmation><Name>見本　次郎</Name>"
             "</ResultOfQualificationConfirmation></ResultList></MessageBody></XmlMsg>"}};
    stage_use_gateway(f, steps, 2);
    assert_int_equal(session_check(f->session, PIN, 4, false, 5000), SHK_E_ANSWER_FOREIGN);
    assert_string_equal(stage_read(f, "record.name").text, "(none)");
    assert_int_equal(stage_number(f, "outcome"), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STAGE_CASE(a_gateway_that_is_down_costs_no_pin),
        STAGE_CASE(a_challenge_that_would_die_on_the_way_is_fetched_anew),
        STAGE_CASE(an_answer_for_somebody_else_is_not_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
