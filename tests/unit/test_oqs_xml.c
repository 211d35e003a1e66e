#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "oqs_help.h"

static void every_group_is_read(void **state) {
    struct record_set *set = read_sample("all_groups.xml", SHK_OK);
    (void)state;
    assert_int_equal(record_count(set), 1);
    assert_value(set, 1, "processed_at", "2025-06-02T09:15:30");
    assert_value(set, 1, "reference_class_label", "被保険者証情報");
    assert_value(set, 1, "insurer_number", "990010");
    assert_value(set, 1, "symbol", "見・１２");
    assert_value(set, 1, "branch_number", "02");
    assert_value(set, 1, "relation", "family");
    assert_value(set, 1, "name", "見本　●子");
    assert_value(set, 1, "name_kana", "ﾐﾎﾝ ﾀｶｺ");
    assert_value(set, 1, "birth_date", "1954-01-05");
    assert_value(set, 1, "elderly.burden_percent", "20");
    assert_value(set, 1, "limit.category_label", "低所得Ⅱ");
    assert_value(set, 1, "limit.long_term_date", "2025-05-01");
    assert_value(set, 1, "specific_diseases[1].self_pay_yen", "10000");
    assert_value(set, 1, "consents.medicine_until", "2025-06-03T09:15:00");
    assert_value(set, 1, "reference_number", "000123");
    assert_value(set, 1, "result_message", "（見本）電子証明書の有効期限が近づいています");
    assert_int_equal(record_outcome(set), OUTCOME_ELIGIBLE);
    assert_int_equal(record_drift_count(set), 0);
    record_free(&set);
    assert_null(set);
}

static void pushed_answer_in_shift_jis_without_symbol_and_branch_is_read(void **state) {
    struct record_set *set = read_sample("elderly_face_cp932.xml", SHK_OK);
    (void)state;
    assert_value(set, 1, "name", "見本　花子");
    assert_value(set, 1, "name_kana", "ﾐﾎﾝ ﾊﾅｺ");
    assert_value(set, 1, "insurer_name", "見本県後期高齢者医療広域連合");
    assert_value(set, 1, "number", "01234567");
    assert_value(set, 1, "burden_percent", "10");
    assert_int_equal(value_at(set, 1, "burden_percent").number, 10);
    assert_state(set, 1, "symbol", VALUE_ABSENT);
    assert_state(set, 1, "branch_number", VALUE_ABSENT);
    assert_int_equal(record_outcome(set), OUTCOME_ELIGIBLE);
    assert_int_equal(record_drift_count(set), 0);
    record_free(&set);
}

static void insurance_and_medical_aid_are_two_records(void **state) {
    struct record_set *set = read_sample("insurance_and_aid.xml", SHK_OK);
    (void)state;
    assert_int_equal(record_count(set), 2);
    for (size_t i = 1; i <= 2; i++) {
        assert_value(set, i, "validity", "1");
        assert_value(set, i, "confirmation_date", "2025-06-02");
    }
    assert_value(set, 1, "insurer_number", "06990014");
    assert_value(set, 1, "branch_number", "00");
    assert_value(set, 2, "insurer_number", "12990016");
    assert_state(set, 2, "branch_number", VALUE_ABSENT);
    assert_state(set, 1, "medical_aid.tickets[1].injury_name_1", VALUE_ABSENT);
    assert_value(set, 2, "medical_aid.tickets[1].injury_name_1", "見本病");
    assert_value(set, 2, "medical_aid.tickets[1].treatment_month", "2025-06");
    assert_value(set, 2, "medical_aid.tickets[1].infection", "02");
    assert_int_equal(value_at(set, 2, "medical_aid.tickets.self_pay_yen").number, 0);
    assert_int_equal(record_outcome(set), OUTCOME_ELIGIBLE);
    record_free(&set);
}

static void lost_entitlement_is_an_answer(void **state) {
    struct record_set *set = read_sample("lost_newer.xml", SHK_OK);
    (void)state;
    assert_value(set, 1, "validity_label", "無効（新しい資格あり）");
    assert_value(set, 1, "disqualification_date", "2025-04-01");
    assert_value(set, 1, "loss_reason_label", "医療保険等の資格取得");
    assert_value(set, 1, "birth_date", "2000-02-29");
    assert_int_equal(record_outcome(set), OUTCOME_NOT_ELIGIBLE);
    record_free(&set);
}

static void refused_request_gives_the_services_own_words(void **state) {
    struct record_set *set = read_sample("refused.xml", SHK_E_ANSWER_REFUSED);
    (void)state;
    assert_int_equal(record_count(set), 1);
    assert_value(set, 1, "error_code", "X9999999");
    assert_value(set, 1, "error_message", "（見本）要求の形式が正しくありません");
    assert_int_equal(record_outcome(set), OUTCOME_NONE);
    record_free(&set);
}

static void request_and_other_documents_are_foreign(void **state) {
    (void)state;
    assert_null(read_sample("request.xml", SHK_E_XML_FOREIGN));
    assert_where("<html><body/></html>", SHK_E_XML_FOREIGN, "root element", 1);
    assert_null(read_text("<XmlMsg/>", SHK_E_XML_FOREIGN));
    assert_null(read_text(BODY("<ProcessingResultStatus>1</ProcessingResultStatus>"
                               "<ReferenceNumber>1</ReferenceNumber>"),
                          SHK_E_XML_FOREIGN));
}

static void work_in_progress_is_pending(void **state) {
    struct record_set *set =
        read_text("<XmlMsg><MessageHeader><SegmentOfResult>2</SegmentOfResult></MessageHeader>"
                  "</XmlMsg>",
                  SHK_E_ANSWER_PENDING);
    (void)state;
    assert_value(set, 1, "result_segment_label", "処理中");
    assert_int_equal(record_outcome(set), OUTCOME_NONE);
    record_free(&set);
}

static void unknown_segment_counts_as_refused(void **state) {
    struct record_set *set =
        read_text("<XmlMsg><MessageHeader><SegmentOfResult>3</SegmentOfResult></MessageHeader>"
                  "</XmlMsg>",
                  SHK_E_ANSWER_REFUSED);
    (void)state;
    assert_value(set, 1, "result_segment", "3");
    record_free(&set);
}

static void error_without_validity_is_a_fault_with_the_message(void **state) {
    struct record_set *set =
        read_text(BODY("<ProcessingResultStatus>2</ProcessingResultStatus>"
                       "<ProcessingResultCode>X0000002</ProcessingResultCode>"
                       "<ProcessingResultMessage>見本</ProcessingResultMessage>"),
                  SHK_E_ANSWER_ERROR);
    (void)state;
    assert_value(set, 1, "result_message", "見本");
    assert_int_equal(record_outcome(set), OUTCOME_NONE);
    record_free(&set);
}

static void error_that_claims_to_be_valid_is_a_fault(void **state) {
    struct record_set *set =
        read_text(BODY("<ProcessingResultStatus>2</ProcessingResultStatus>"
                       "<QualificationValidity>1</QualificationValidity>"
                       "<ResultList>" RESULT("<Name>見本</Name>") "</ResultList>"),
                  SHK_E_ANSWER_ERROR);
    (void)state;
    assert_int_equal(record_outcome(set), OUTCOME_NONE);
    record_free(&set);
}

/* No entitlement and several ones come with an empty list or with none. */
static void no_and_several_entitlements_are_answers_without_a_result(void **state) {
    static const char *const answers[] = {
        BODY("<ProcessingResultStatus>2</ProcessingResultStatus>"
             "<QualificationValidity>4</QualificationValidity>"),
        BODY("<ProcessingResultStatus>1</ProcessingResultStatus><ResultList/>"
             "<QualificationValidity>5</QualificationValidity>"),
    };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct record_set *set = read_text(answers[i], SHK_OK);
        assert_int_equal(record_count(set), 1);
        assert_state(set, 1, "name", VALUE_ABSENT);
        assert_int_equal(record_outcome(set), OUTCOME_NOT_ELIGIBLE);
        record_free(&set);
    }
}

/* An answer that does not tell is a fault; what it says can be shown. */
static enum record_outcome outcome_of(const char *xml) {
    struct record_set *set = NULL;
    int32_t rc = oqs_read((const uint8_t *)xml, strlen(xml), NULL, &set, NULL);
    assert_non_null(set);
    assert_int_equal(rc, record_outcome(set) == OUTCOME_NONE ? SHK_E_ANSWER_UNCLEAR : SHK_OK);
    enum record_outcome outcome = record_outcome(set);
    record_free(&set);
    return outcome;
}

#define OUTCOME_DOC(validity, result)                                                              \
    BODY("<ProcessingResultStatus>1</ProcessingResultStatus><QualificationValidity>" validity      \
         "</QualificationValidity><ResultList>" result "</ResultList>")
#define AID   RESULT("<InsuredCardClassification>A1</InsuredCardClassification>")
#define AID12 RESULT("<InsurerNumber>12990016</InsurerNumber>")
#define PLAIN RESULT("<InsuredCardClassification>01</InsuredCardClassification>")

static void only_a_valid_entitlement_is_eligible(void **state) {
    (void)state;
    assert_int_equal(outcome_of(OUTCOME_DOC("1", PLAIN)), OUTCOME_ELIGIBLE);
    assert_int_equal(outcome_of(OUTCOME_DOC("2", PLAIN)), OUTCOME_NOT_ELIGIBLE);
    assert_int_equal(outcome_of(OUTCOME_DOC("6", AID)), OUTCOME_ELIGIBLE);
    assert_int_equal(outcome_of(OUTCOME_DOC("6", AID12)), OUTCOME_ELIGIBLE);
    assert_int_equal(outcome_of(OUTCOME_DOC("6", AID PLAIN)), OUTCOME_NONE);
    assert_int_equal(outcome_of(OUTCOME_DOC("7", PLAIN)), OUTCOME_NONE);
    assert_int_equal(outcome_of(OUTCOME_DOC("1", "")), OUTCOME_NONE);
    assert_int_equal(outcome_of(OUTCOME_DOC("1", RESULT(""))), OUTCOME_NONE);
    assert_int_equal(outcome_of(OUTCOME_DOC("1", RESULT("<Name/>"))), OUTCOME_NONE);
    assert_int_equal(outcome_of(BODY("<ResultList>" PLAIN "</ResultList>")), OUTCOME_NONE);
    assert_int_equal(outcome_of(BODY("<QualificationValidity>1</QualificationValidity>"
                                     "<ResultList>" PLAIN "</ResultList>")),
                     OUTCOME_NONE);
    assert_int_equal(record_outcome(NULL), OUTCOME_NONE);
}

static void future_loss_stays_eligible(void **state) {
    struct record_set *set =
        read_text(ANSWER("<DisqualificationDate>20990401</DisqualificationDate>"
                         "<ReasonOfLoss>99</ReasonOfLoss>"),
                  SHK_OK);
    (void)state;
    assert_value(set, 1, "disqualification_date", "2099-04-01");
    assert_int_equal(record_outcome(set), OUTCOME_ELIGIBLE);
    record_free(&set);
}

static void order_of_elements_does_not_matter(void **state) {
    struct record_set *set = read_text(
        "<XmlMsg><MessageBody><ResultList>" RESULT(
            "<Sex1>1</Sex1><Name>見本</Name>") "</ResultList>"
                                               "<QualificationValidity>1</QualificationValidity>"
                                               "<ProcessingResultStatus>1</"
                                               "ProcessingResultStatus></MessageBody>" HEADER
                                               "</XmlMsg>",
        SHK_OK);
    (void)state;
    assert_value(set, 1, "name", "見本");
    assert_value(set, 1, "validity", "1");
    assert_value(set, 1, "confirmation_date", "2025-06-02");
    assert_int_equal(record_outcome(set), OUTCOME_ELIGIBLE);
    record_free(&set);
}

static void echoed_question_never_fills_the_result(void **state) {
    struct record_set *set = read_text(
        BODY(VALID "<QualificationConfirmSearchInfo><InsurerNumber>06990014</InsurerNumber>"
                   "<InsuredCardSymbol>77</InsuredCardSymbol><Birthdate>19890107</Birthdate>"
                   "</QualificationConfirmSearchInfo><ResultList>" RESULT(
                       "<Name>見本</Name>") "</ResultList>"),
        SHK_OK);
    (void)state;
    assert_value(set, 1, "search.insurer_number", "06990014");
    assert_value(set, 1, "search.birth_date", "1989-01-07");
    assert_state(set, 1, "insurer_number", VALUE_ABSENT);
    assert_state(set, 1, "symbol", VALUE_ABSENT);
    assert_state(set, 1, "birth_date", VALUE_ABSENT);
    assert_int_equal(record_drift_count(set), 0);
    record_free(&set);
}

static void several_result_lists_are_read_as_one(void **state) {
    struct record_set *set = read_text(
        BODY(VALID "<ResultList>" RESULT(
            "<Address>一</Address>") "</ResultList><ResultList>" RESULT("<Address>二</Address>")
                 RESULT("<Address>三</Address>") "</ResultList>"),
        SHK_OK);
    (void)state;
    assert_int_equal(record_count(set), 3);
    assert_value(set, 1, "address", "一");
    assert_value(set, 3, "address", "三");
    assert_int_equal(record_drift_count(set), 0);
    record_free(&set);
}

static void prefixes_are_ignored(void **state) {
    struct record_set *set = read_text(
        "<q:XmlMsg xmlns:q='urn:x'><q:MessageHeader><q:SegmentOfResult>1</q:SegmentOfResult>"
        "</q:MessageHeader><q:MessageBody>"
        "<q:QualificationValidity>4</q:QualificationValidity></q:MessageBody></q:XmlMsg>",
        SHK_OK);
    (void)state;
    assert_value(set, 1, "validity", "4");
    record_free(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_group_is_read),
        cmocka_unit_test(pushed_answer_in_shift_jis_without_symbol_and_branch_is_read),
        cmocka_unit_test(insurance_and_medical_aid_are_two_records),
        cmocka_unit_test(lost_entitlement_is_an_answer),
        cmocka_unit_test(refused_request_gives_the_services_own_words),
        cmocka_unit_test(request_and_other_documents_are_foreign),
        cmocka_unit_test(work_in_progress_is_pending),
        cmocka_unit_test(unknown_segment_counts_as_refused),
        cmocka_unit_test(error_without_validity_is_a_fault_with_the_message),
        cmocka_unit_test(error_that_claims_to_be_valid_is_a_fault),
        cmocka_unit_test(no_and_several_entitlements_are_answers_without_a_result),
        cmocka_unit_test(only_a_valid_entitlement_is_eligible),
        cmocka_unit_test(future_loss_stays_eligible),
        cmocka_unit_test(order_of_elements_does_not_matter),
        cmocka_unit_test(echoed_question_never_fills_the_result),
        cmocka_unit_test(several_result_lists_are_read_as_one),
        cmocka_unit_test(prefixes_are_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
