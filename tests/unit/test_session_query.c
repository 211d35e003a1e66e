/* Asking and registering by the data of an insurance card. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "session_fakes.h"

static int32_t put(struct stage *f, const char *path, const char *text) {
    return session_put(f->session, path, (const uint8_t *)text, strlen(text));
}

static void use_folder(struct stage *f) {
    assert_int_equal(session_set(f->session, "route", "folder"), SHK_OK);
    assert_int_equal(session_set(f->session, "folder.root", "/terminal"), SHK_OK);
    assert_int_equal(session_set(f->session, "institution_code", FAKES_INSTITUTION), SHK_OK);
}

static void put_taro(struct stage *f) {
    assert_int_equal(put(f, "query.insurer_number", "06990014"), SHK_OK);
    assert_int_equal(put(f, "query.symbol", "７７"), SHK_OK);
    assert_int_equal(put(f, "query.number", "88"), SHK_OK);
    assert_int_equal(put(f, "query.birth_date", "昭和55年1月2日"), SHK_OK);
}

static void answer_with(const char *name, const char *birth_date, const char *more) {
    fakes_answer(fakes.answer, sizeof fakes.answer, FAKES_INSTITUTION, name, birth_date, more);
}

static void a_query_asks_answers_and_ends(void **state) {
    struct stage *f = *state;
    use_folder(f);
    answer_with("見本　太郎", "19800102", "");
    put_taro(f);
    assert_int_equal(put(f, "query.date", "令和8年6月2日"), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_QUERY), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
    stage_expect(f, SHK_EVENT_ANSWER);
    assert_string_equal(stage_read(f, "record.name").text, "見本　太郎");
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
    assert_int_equal(stage_number(f, "outcome"), SHK_OUTCOME_ELIGIBLE);
    assert_string_equal(stage_read(f, "source").text, "folder");
    assert_string_equal(fakes.person.birth_date, "19800102");
    assert_string_equal(fakes.person.number, "88");
    assert_string_equal(fakes.asked.date, "20260602");
    assert_int_equal(f->desk.card.connects, 0);
    assert_string_equal(inputs_text(&f->session->inputs, "query.number"), "");
}

static void numbers_are_understood_as_people_write_them(void **state) {
    struct stage *f = *state;
    use_folder(f);
    answer_with("見本　太郎", "19800102", "");
    put_taro(f);
    assert_int_equal(put(f, "query.insurer_number", "　００９９００１０"), SHK_OK);
    assert_int_equal(put(f, "query.branch_number", "１"), SHK_OK);
    assert_int_equal(put(f, "query.limit_consent", "1"), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_QUERY), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
    stage_expect(f, SHK_EVENT_ANSWER);
    assert_string_equal(fakes.person.insurer_number, "990010");
    assert_string_equal(fakes.person.branch_number, "01");
    assert_true(fakes.person.limit_consent);
    assert_string_equal(fakes.person.reference_number, "");
    stage_expect(f, SHK_EVENT_DONE);
}

static void what_cannot_be_asked_is_refused_with_its_name(void **state) {
    static const struct {
        const char *path, *value;
        int32_t code;
    } bad[] = {
        {"query.insurer_number", "06990015", SHK_E_CHECK_DIGIT},
        {"query.insurer_number", "069-90014", SHK_E_INPUT},
        {"query.insurer_number", "", SHK_E_INPUT},
        {"query.insurer_number", "069900144", SHK_E_INPUT},
        {"query.number", "", SHK_E_INPUT},
        {"query.birth_date", "平成元年1月7日", SHK_E_INPUT},
        {"query.birth_date", "19800231", SHK_E_INPUT},
        {"query.birth_date", "20850312", SHK_E_INPUT},
        {"query.birth_date", "", SHK_E_INPUT},
        {"query.branch_number", "123", SHK_E_INPUT},
        {"query.limit_consent", "2", SHK_E_INPUT},
        {"query.date", "tomorrow", SHK_E_INPUT},
    };
    struct stage *f = *state;
    use_folder(f);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        put_taro(f);
        assert_int_equal(put(f, bad[i].path, bad[i].value), SHK_OK);
        assert_int_equal(session_start(f->session, SHK_JOB_QUERY), bad[i].code);
        assert_string_equal(stage_read(f, "fault.where").text, bad[i].path);
        assert_int_equal(put(f, bad[i].path, ""), SHK_OK);
    }
    assert_int_equal(fakes.asks, 0);
    put_taro(f);
    assert_int_equal(put(f, "query.insurer_number", "06990015"), SHK_OK);
    assert_int_equal(session_set(f->session, "query.check_digit", "ignore"), SHK_OK);
    answer_with("見本　太郎", "19800102", "");
    assert_int_equal(session_start(f->session, SHK_JOB_QUERY), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DONE);
}

static void one_query(struct stage *f, int32_t expected) {
    put_taro(f);
    assert_int_equal(session_start(f->session, SHK_JOB_QUERY), SHK_OK);
    for (int32_t event = 0; event != SHK_EVENT_DONE;) {
        event = stage_next(f);
        assert_true(event > 0);
        assert_true(expected == 0 || event != SHK_EVENT_ANSWER);
    }
    assert_int_equal(stage_number(f, "fault.code"), expected);
    assert_string_equal(stage_read(f, "record.name").text, expected == 0 ? "見本　太郎" : "(none)");
}

#define ECHO(fields) "<QualificationConfirmSearchInfo>" fields "</QualificationConfirmSearchInfo>"

#define NUMBERS(insurer, number, branch)                                                           \
    "<InsurerNumber>" insurer "</InsurerNumber><InsuredIdentificationNumber>" number               \
    "</InsuredIdentificationNumber><InsuredBranchNumber>" branch "</InsuredBranchNumber>"
#define AID                                                                                        \
    "</ResultOfQualificationConfirmation><ResultOfQualificationConfirmation><Name>見本</Name>"   \
    "<InsuredCardClassification>A1</InsuredCardClassification><Birthdate>19800102</Birthdate>"     \
    "<InsurerNumber>12990016</InsurerNumber>"

/* Whoever shares the day of birth: a twin, a neighbour in the file. */
static void another_entitlement_than_the_one_asked_for_is_not_used(void **state) {
    static const struct {
        const char *result;
        int32_t code;
    } cases[] = {
        {NUMBERS("06990014", "88", "01"), 0},
        {NUMBERS("06990014", "０８８", "1"), 0},
        {NUMBERS("06990014", "88", "01") AID, 0},
        {NUMBERS("06990014", "88", "02"), SHK_E_ANSWER_FOREIGN},
        {NUMBERS("06990014", "89", "01"), SHK_E_ANSWER_FOREIGN},
        {NUMBERS("01990019", "88", "01"), SHK_E_ANSWER_FOREIGN},
        {NUMBERS("01990019", "88", "01") AID, SHK_E_ANSWER_FOREIGN},
    };
    struct stage *f = *state;
    use_folder(f);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fakes.result = cases[i].result;
        answer_with("見本　太郎", "19800102", "");
        assert_int_equal(put(f, "query.branch_number", "01"), SHK_OK);
        one_query(f, cases[i].code);
    }
    assert_int_equal(fakes.settles, 7);
    assert_int_equal(fakes.used, 3);
}

/* Zeros fill up a number as spaces do. */
static void a_padded_echo_is_the_same_number(void **state) {
    struct stage *f = *state;
    use_folder(f);
    fakes.result = NUMBERS("00990010", "88", "");
    answer_with("見本　太郎", "19800102", ECHO("<InsurerNumber>00990010</InsurerNumber>"));
    put_taro(f);
    assert_int_equal(put(f, "query.insurer_number", "990010"), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_QUERY), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
    stage_expect(f, SHK_EVENT_ANSWER);
    assert_string_equal(stage_read(f, "record.insurer_number").text, "990010");
    stage_expect(f, SHK_EVENT_DONE);
}

static void another_persons_answer_is_not_used(void **state) {
    struct stage *f = *state;
    use_folder(f);
    answer_with("見本　太郎", "19800103", "");
    one_query(f, SHK_E_ANSWER_FOREIGN);
    answer_with("見本　太郎", "", "");
    one_query(f, SHK_E_ANSWER_FOREIGN);
    answer_with("見本　太郎", "19800102", ECHO("<Birthdate>19800103</Birthdate>"));
    one_query(f, SHK_E_ANSWER_FOREIGN);
    answer_with("見本　太郎", "19800102",
                ECHO("<InsuredIdentificationNumber>89</InsuredIdentificationNumber>"));
    one_query(f, SHK_E_ANSWER_FOREIGN);
    answer_with("見本　太郎", "19800102", ECHO("<InsurerNumber>06990022</InsurerNumber>"));
    one_query(f, SHK_E_ANSWER_FOREIGN);
    answer_with("見本　太郎", "19800102",
                ECHO("<InsurerNumber>06990014</InsurerNumber><InsuredIdentificationNumber>８８"
                     "</InsuredIdentificationNumber><Birthdate>19800102</Birthdate>"));
    one_query(f, 0);
    fakes_answer(fakes.answer, sizeof fakes.answer, "9919999998", "見本　太郎", "19800102", "");
    one_query(f, SHK_E_ANSWER_FOREIGN);
}

static void a_fault_of_the_route_is_told(void **state) {
    struct stage *f = *state;
    use_folder(f);
    fakes.ask_fault = SHK_E_TERMINAL_TIMEOUT;
    one_query(f, SHK_E_TERMINAL_TIMEOUT);
    assert_int_equal(fakes.asks, 1);
    assert_int_equal(fakes.routes_opened, 1);
    one_query(f, SHK_E_TERMINAL_TIMEOUT);
    assert_int_equal(fakes.routes_opened, 1);
}

static void a_terminals_pending_answer_is_final(void **state) {
    struct stage *f = *state;
    use_folder(f);
    answer_with("見本　太郎", "19800102", "");
    char *segment = strstr(fakes.answer, "<SegmentOfResult>1");
    segment[strlen("<SegmentOfResult>")] = '2';
    put_taro(f);
    assert_int_equal(session_start(f->session, SHK_JOB_QUERY), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_ANSWER_PENDING);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(fakes.asks, 1);
}

static void cancelling_while_the_terminal_works_ends_the_job(void **state) {
    struct stage *f = *state;
    use_folder(f);
    fakes.hang = true;
    put_taro(f);
    assert_int_equal(session_start(f->session, SHK_JOB_QUERY), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_CANCELLED);
    stage_expect(f, SHK_EVENT_DONE);
    assert_string_equal(inputs_text(&f->session->inputs, "query.number"), "");
}

static void the_demo_route_answers_any_question(void **state) {
    struct stage *f = *state;
    put_taro(f);
    assert_int_equal(session_start(f->session, SHK_JOB_QUERY), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
    stage_expect(f, SHK_EVENT_ANSWER);
    assert_string_equal(stage_read(f, "source").text, "demo");
    stage_expect(f, SHK_EVENT_DONE);
}

static void registered(struct stage *f, const char *institution, const char *number,
                       const char *status) {
    snprintf(fakes.answer, sizeof fakes.answer,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader>"
             "<MedicalInstitutionCode>%s</MedicalInstitutionCode><SegmentOfResult>1"
             "</SegmentOfResult><CharacterCodeIdentifier>0</CharacterCodeIdentifier>"
             "</MessageHeader><MessageBody><ProcessingResultStatus>%s</ProcessingResultStatus>"
             "<ProcessingResultCode>X0000001</ProcessingResultCode><ReferenceNumber>%s"
             "</ReferenceNumber></MessageBody></XmlMsg>",
             institution, status, number);
    put_taro(f);
    assert_int_equal(put(f, "query.reference_number", "000123"), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_REGISTER), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
}

static void a_registration_tells_its_status_and_code(void **state) {
    struct stage *f = *state;
    use_folder(f);
    registered(f, FAKES_INSTITUTION, "000123", "1");
    stage_expect(f, SHK_EVENT_ANSWER);
    assert_int_equal(stage_number(f, "registered.status"), 1);
    assert_string_equal(stage_read(f, "registered.code").text, "X0000001");
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
    assert_int_equal(fakes.registrations, 1);
    assert_int_equal(fakes.used, 1);
    assert_string_equal(fakes.person.reference_number, "000123");
    assert_string_not_equal(fakes.person.identifier, "");
}

static void a_refused_registration_is_a_fault_with_its_code(void **state) {
    struct stage *f = *state;
    use_folder(f);
    registered(f, FAKES_INSTITUTION, "000123", "2");
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_ANSWER_ERROR);
    assert_int_equal(stage_number(f, "registered.status"), 2);
    assert_string_equal(stage_read(f, "registered.code").text, "X0000001");
    stage_expect(f, SHK_EVENT_DONE);
}

static void a_registration_of_another_number_is_not_ours(void **state) {
    struct stage *f = *state;
    use_folder(f);
    registered(f, FAKES_INSTITUTION, "000124", "1");
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_ANSWER_FOREIGN);
    assert_int_equal(stage_number(f, "registered.status"), SHK_E_ABSENT);
    stage_expect(f, SHK_EVENT_DONE);
    registered(f, "9919999998", "000123", "1");
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_ANSWER_FOREIGN);
    stage_expect(f, SHK_EVENT_DONE);
}

static void a_gateway_cannot_register(void **state) {
    struct stage *f = *state;
    stage_use_gateway(f, NULL, 0);
    put_taro(f);
    assert_int_equal(put(f, "query.reference_number", "000123"), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_REGISTER), SHK_OK);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_ROUTE_CANNOT);
    assert_string_equal(stage_read(f, "fault.where").text, "route");
    stage_expect(f, SHK_EVENT_DONE);
}

static void a_registration_needs_its_number(void **state) {
    struct stage *f = *state;
    use_folder(f);
    put_taro(f);
    assert_int_equal(session_start(f->session, SHK_JOB_REGISTER), SHK_E_INPUT);
    assert_string_equal(stage_read(f, "fault.where").text, "query.reference_number");
    assert_int_equal(fakes.registrations, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        FAKES_CASE(a_query_asks_answers_and_ends),
        FAKES_CASE(numbers_are_understood_as_people_write_them),
        FAKES_CASE(what_cannot_be_asked_is_refused_with_its_name),
        FAKES_CASE(another_persons_answer_is_not_used),
        FAKES_CASE(another_entitlement_than_the_one_asked_for_is_not_used),
        FAKES_CASE(a_padded_echo_is_the_same_number),
        FAKES_CASE(a_fault_of_the_route_is_told),
        FAKES_CASE(a_terminals_pending_answer_is_final),
        FAKES_CASE(cancelling_while_the_terminal_works_ends_the_job),
        FAKES_CASE(the_demo_route_answers_any_question),
        FAKES_CASE(a_registration_tells_its_status_and_code),
        FAKES_CASE(a_refused_registration_is_a_fault_with_its_code),
        FAKES_CASE(a_registration_of_another_number_is_not_ours),
        FAKES_CASE(a_gateway_cannot_register),
        FAKES_CASE(a_registration_needs_its_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
