#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "gateway_stage.h"

static struct card_data person(void) {
    struct card_data p = {.limit_consent = true};
    text_copy(p.insurer_number, sizeof p.insurer_number, "990010");
    text_copy(p.symbol, sizeof p.symbol, "見・１２");
    text_copy(p.number, sizeof p.number, "３４５");
    text_copy(p.branch_number, sizeof p.branch_number, "02");
    text_copy(p.birth_date, sizeof p.birth_date, "19900520");
    text_copy(p.identifier, sizeof p.identifier, "P-1");
    return p;
}

/* A question by card data has nothing of a card's. */
static void ask_about(struct stage *s, const struct card_data *p) {
    s->q.search = p;
    s->q.challenge[0] = '\0';
    s->q.certificate = NULL;
    s->q.certificate_len = 0;
    s->q.signature = NULL;
    s->q.signature_len = 0;
    s->q.algorithm = NULL;
}

static void card_data_goes_out_without_a_challenge(void **state) {
    struct stage *s = *state;
    const struct card_data p = person();
    ask_about(s, &p);
    STAGE_SCRIPT(s, STAGE_GOOD);
    assert_int_equal(stage_prepare(s), SHK_OK);
    assert_int_equal(s->http.seen_n, 0);
    assert_int_equal(stage_ask(s), SHK_OK);
    const struct http_fake_seen *seen = &s->http.seen[0];
    assert_string_equal(seen->url, "https://gateway.example:8443/base/v1/checks");
    assert_string_equal(seen->idempotency_key, STAGE_KEY);
    const char *xml = bytes_text(&seen->body);
    assert_non_null(strstr(xml, "<MedicalInstitutionCode>9919999999</MedicalInstitutionCode>"));
    assert_non_null(strstr(xml, "<InsurerNumber>  990010</InsurerNumber>"));
    assert_non_null(
        strstr(xml, "<InsuredIdentificationNumber>３４５</InsuredIdentificationNumber>"));
    assert_non_null(strstr(xml, "<Birthdate>19900520</Birthdate>"));
    assert_null(strstr(xml, "CardAuthentication"));
}

static void impossible_card_data_is_not_sent(void **state) {
    struct stage *s = *state;
    struct card_data p = person();
    ask_about(s, &p);
    STAGE_SCRIPT(s, STAGE_GOOD);
    text_copy(p.birth_date, sizeof p.birth_date, "19900231");
    assert_int_equal(stage_ask(s), SHK_E_INPUT);
    p = person();
    p.insurer_number[0] = '\0';
    assert_int_equal(stage_ask(s), SHK_E_INPUT);
    p = person();
    text_copy(s->q.date, sizeof s->q.date, "2026");
    assert_int_equal(stage_ask(s), SHK_E_ARGUMENT);
    assert_string_equal(s->why.where, "date");
    assert_int_equal(s->http.seen_n, 0);
}

#define ECHO(insurer, number, birth, identifier)                                                   \
    "<XmlMsg><MessageHeader/><MessageBody><QualificationConfirmSearchInfo><InsurerNumber>" insurer \
    "</InsurerNumber><InsuredIdentificationNumber>" number                                         \
    "</InsuredIdentificationNumber><Birthdate>" birth                                              \
    "</Birthdate><ArbitraryIdentifier>" identifier                                                 \
    "</ArbitraryIdentifier></QualificationConfirmSearchInfo></MessageBody></XmlMsg>"

/* The wrong patient's answer would be worse than none. */
static void an_answer_about_somebody_else_is_not_used(void **state) {
    struct stage *s = *state;
    static const struct {
        const char *body;
        int32_t code;
    } all[] = {
        {ECHO("  990010", "３４５", "19900520", "P-1"), SHK_OK},
        {ECHO("990010", "345", "19900520", "P-1"), SHK_OK},
        {ECHO("  990028", "３４５", "19900520", "P-1"), SHK_E_ANSWER_FOREIGN},
        {ECHO("  990010", "３４６", "19900520", "P-1"), SHK_E_ANSWER_FOREIGN},
        {ECHO("  990010", "３４５", "19900521", "P-1"), SHK_E_ANSWER_FOREIGN},
        {ECHO("  990010", "３４５", "19900520", "P-2"), SHK_E_ANSWER_FOREIGN},
        {ECHO("", "", "", ""), SHK_E_ANSWER_FOREIGN},
        {"<XmlMsg/>", SHK_OK},
    };
    const struct card_data p = person();
    ask_about(s, &p);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        const struct http_fake_step step = {
            .status = 200, .content_type = "application/xml", .body = all[i].body};
        stage_script(s, &step, 1);
        int32_t rc = stage_ask(s);
        if (rc != all[i].code) {
            fail_msg("%zu: %d", i, (int)rc);
        }
        assert_true((rc == SHK_OK) == (s->answer.n > 0));
    }
}

static void a_lost_question_is_repeated_under_its_key(void **state) {
    struct stage *s = *state;
    const struct card_data p = person();
    ask_about(s, &p);
    STAGE_SCRIPT(s, {.fault = SHK_E_GATEWAY_ANSWER}, STAGE_GOOD);
    assert_int_equal(stage_ask(s), SHK_OK);
    assert_int_equal(s->http.seen_n, 2);
    assert_string_equal(s->http.seen[1].idempotency_key, STAGE_KEY);
    assert_string_equal(bytes_text(&s->http.seen[0].body), bytes_text(&s->http.seen[1].body));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, stage_set_up, stage_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(card_data_goes_out_without_a_challenge),
        CASE(impossible_card_data_is_not_sent),
        CASE(an_answer_about_somebody_else_is_not_used),
        CASE(a_lost_question_is_repeated_under_its_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
