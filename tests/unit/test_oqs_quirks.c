#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "oqs_bulk_help.h"
#include "oqs_write.h"

/* The quirks of the service's documents; docs/oqs.md lists all of them with their tests. */

static void q2_padding_is_written_with_spaces_and_read_with_zeros_too(void **state) {
    static const struct oqs_head head = {"20250602", "9919999999", ""};
    static const struct card_data person = {
        .insurer_number = "990010", .number = "345", .birth_date = "19540105"};
    struct record_set *spaces =
        read_text(ANSWER("<InsurerNumber>  990010</InsurerNumber>"), SHK_OK);
    struct record_set *zeros = read_text(ANSWER("<InsurerNumber>00990010</InsurerNumber>"), SHK_OK);
    struct bytes out = {0};
    (void)state;
    assert_value(spaces, 1, "insurer_number", "990010");
    assert_value(zeros, 1, "insurer_number", "990010");
    assert_value(spaces, 1, "derived.insurer_number_6", "990010");
    assert_value(zeros, 1, "derived.insurer_number_6", "990010");
    assert_int_equal(oqs_write_question(&head, &person, OQS_UTF8, &out, NULL), SHK_OK);
    assert_non_null(strstr(bytes_text(&out), "<InsurerNumber>  990010</InsurerNumber>"));
    bytes_clear(&out);
    record_free(&spaces);
    record_free(&zeros);
}

static void q10_character_beyond_code_page_932_is_read_and_never_replaced(void **state) {
    struct record_set *set = read_text(ANSWER("<Name>𠮷本　髙子</Name>"), SHK_OK);
    struct bytes out = {0};
    struct fault why = {0};
    (void)state;
    assert_value(set, 1, "name", "𠮷本　髙子");
    assert_int_equal(oqs_write_face(set, NULL, 0, OQS_CP932, NULL, NULL, &out, &why),
                     SHK_E_CHARACTER_LOST);
    assert_int_equal(out.n, 0);
    assert_int_equal(oqs_write_face(set, NULL, 0, OQS_UTF8, NULL, NULL, &out, &why), SHK_OK);
    assert_non_null(strstr(bytes_text(&out), "<Name>𠮷本　髙子</Name>"));
    bytes_clear(&out);
    record_free(&set);
}

#define FOUND_NONE(validity, list)                                                                 \
    BODY("<ProcessingResultStatus>1</ProcessingResultStatus>" list                                 \
         "<QualificationValidity>" validity "</QualificationValidity>")

static void q12_none_and_several_found_come_with_an_empty_list_and_without(void **state) {
    static const char *const answers[] = {FOUND_NONE("4", ""),
                                          FOUND_NONE("4", "<ResultList/>"),
                                          FOUND_NONE("4", "<ResultList>\n</ResultList>"),
                                          FOUND_NONE("5", ""),
                                          FOUND_NONE("5", "<ResultList/>"),
                                          FOUND_NONE("5", "<ResultList>\n</ResultList>")};
    (void)state;
    for (size_t i = 0; i < 6; i++) {
        struct record_set *set = read_text(answers[i], SHK_OK);
        assert_int_equal(record_count(set), 1);
        assert_value(set, 1, "validity_label", i < 3 ? "該当資格なし" : "複数該当");
        assert_state(set, 1, "insurer_number", VALUE_ABSENT);
        assert_int_equal(record_outcome(set), OUTCOME_NOT_ELIGIBLE);
        assert_int_equal(record_drift_count(set), 0);
        record_free(&set);
    }
}

static void q13_item_of_a_lost_entitlement_is_the_old_one_and_never_eligible(void **state) {
    struct record_set *with = read_sample("lost_newer.xml", SHK_OK);
    struct record_set *without = read_text(BODY("<ProcessingResultStatus>1</ProcessingResultStatus>"
                                                "<QualificationValidity>3</QualificationValidity>"),
                                           SHK_OK);
    (void)state;
    assert_value(with, 1, "disqualification_date", "2025-04-01");
    assert_value(with, 1, "insurer_number", "06990014");
    assert_int_equal(record_outcome(with), OUTCOME_NOT_ELIGIBLE);
    assert_value(without, 1, "validity", "3");
    assert_int_equal(record_outcome(without), OUTCOME_NOT_ELIGIBLE);
    record_free(&with);
    record_free(&without);
}

static void q16_several_items_are_several_records_in_every_reader(void **state) {
    static struct crowd crowd;
    struct record_set *set = read_sample("insurance_and_aid.xml", SHK_OK);
    (void)state;
    assert_int_equal(record_count(set), 2);
    assert_value(set, 1, "card_class", "01");
    assert_value(set, 2, "card_class", "A1");
    assert_state(set, 1, "medical_aid.tickets[1].issue_number", VALUE_ABSENT);
    crowd_read_sample(&crowd, "insurance_and_aid.xml", 64);
    assert_int_equal(crowd.n, 1);
    assert_int_equal(record_count(crowd.sets[0]), 2);
    crowd_clear(&crowd);
    record_free(&set);
}

static void q17_missing_result_list_is_no_accident(void **state) {
    static const char answer[] =
        "<XmlMsg><MessageHeader><SegmentOfResult>1</SegmentOfResult></MessageHeader><MessageBody>"
        "<ProcessingResultStatus>2</ProcessingResultStatus>"
        "<ProcessingResultMessage>（見本）エラー</ProcessingResultMessage></MessageBody></XmlMsg>";
    struct record_set *set = read_text(answer, SHK_E_ANSWER_ERROR);
    struct record_set *file = read_sample("refused.xml", SHK_E_ANSWER_REFUSED);
    size_t n = 1;
    (void)state;
    assert_value(set, 1, "result_message", "（見本）エラー");
    assert_state(set, 1, "name", VALUE_ABSENT);
    assert_int_equal(
        record_list_count(set, 1, "specific_diseases", strlen("specific_diseases"), &n), SHK_OK);
    assert_int_equal(n, 0);
    assert_value(file, 1, "error_message", "（見本）要求の形式が正しくありません");
    record_free(&set);
    record_free(&file);
}

static void q18_diagnosis_time_householder_and_percent_are_read_right(void **state) {
    struct record_set *set =
        read_text(ANSWER("<InsuredName>見本　一郎</InsuredName>"
                         "<DiagnosisInfoConsTime>20250602091500</DiagnosisInfoConsTime>"
                         "<InsuredPartialContributionRatio>030</InsuredPartialContributionRatio>"
                         "<ElderlyRecipientCertificateInfo><ElderlyRecipientContributionRatio>020"
                         "</ElderlyRecipientContributionRatio></ElderlyRecipientCertificateInfo>"),
                  SHK_OK);
    (void)state;
    assert_value(set, 1, "insured_name", "見本　一郎");
    assert_value(set, 1, "consents.diagnosis_at", "2025-06-02T09:15:00");
    assert_value(set, 1, "burden_percent", "30");
    assert_int_equal(value_at(set, 1, "burden_percent").number, 30);
    assert_int_equal(value_at(set, 1, "elderly.burden_percent").number, 20);
    assert_int_equal(record_drift_count(set), 0);
    record_free(&set);
}

static void q19_limit_category_is_not_made_up_from_the_ratio(void **state) {
    static const char *const answers[] = {
        ANSWER("<InsurerNumber>39990015</InsurerNumber><Birthdate>19260304</Birthdate>"
               "<InsuredPartialContributionRatio>030</InsuredPartialContributionRatio>"),
        ANSWER("<InsurerNumber>39990015</InsurerNumber><Birthdate>19260304</Birthdate>"
               "<InsuredPartialContributionRatio>010</InsuredPartialContributionRatio>"),
        ANSWER("<InsurerNumber>  990010</InsurerNumber><Birthdate>19540105</Birthdate>"
               "<ElderlyRecipientCertificateInfo><ElderlyRecipientContributionRatio>020"
               "</ElderlyRecipientContributionRatio></ElderlyRecipientCertificateInfo>")};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct record_set *set = read_text(answers[i], SHK_OK);
        assert_state(set, 1, "limit.category", VALUE_ABSENT);
        for (size_t k = 0; k < record_path_count(set, 1); k++) {
            char path[128];
            assert_int_equal(record_path_at(set, 1, k, path, sizeof path), SHK_OK);
            assert_null(strstr(path, "limit"));
        }
        record_free(&set);
    }
}

/* Hosts that keep the fields in columns with the Japanese names find those names in the table. */
static void q22_fields_carry_the_japanese_names_that_hosts_use_as_columns(void **state) {
    static const char *const names[][2] = {{"confirmation_date", "資格確認日"},
                                           {"validity", "資格有効性"},
                                           {"insurer_number", "保険者番号"},
                                           {"symbol", "被保険者証記号"},
                                           {"number", "被保険者証番号"},
                                           {"branch_number", "被保険者証枝番"},
                                           {"name", "氏名"},
                                           {"name_kana", "氏名カナ"},
                                           {"birth_date", "生年月日"},
                                           {"reference_number", "照会番号"}};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct field *field = field_find(names[i][0], strlen(names[i][0]));
        assert_non_null(field);
        assert_string_equal(field->japanese, names[i][1]);
    }
}

#define ASKED_BY(class)                                                                            \
    "<XmlMsg><MessageHeader><SegmentOfResult>1</SegmentOfResult><ReferenceClassification>" class   \
        "</ReferenceClassification></MessageHeader><MessageBody>" VALID                            \
        "<ResultList>" RESULT("<Name>見本　次郎</Name>") "</ResultList></MessageBody></XmlMsg>"

static void q23_answers_by_card_and_by_card_data_are_read_alike(void **state) {
    struct record_set *card = read_text(ASKED_BY("1"), SHK_OK);
    struct record_set *data = read_text(ASKED_BY("2"), SHK_OK);
    (void)state;
    assert_value(card, 1, "reference_class_label", "マイナンバーカード");
    assert_value(data, 1, "reference_class_label", "被保険者証情報");
    assert_same_records(card, data, "reference_class");
    assert_int_equal(record_outcome(card), OUTCOME_ELIGIBLE);
    assert_int_equal(record_outcome(data), OUTCOME_ELIGIBLE);
    record_free(&card);
    record_free(&data);
}

/* ---- the form of the documents ---- */

static void declaration_may_be_written_in_every_way(void **state) {
    static const char *const declarations[] = {
        "",
        "<?xml version=\"1.0\"?>",
        "<?xml version='1.0' encoding='utf-8'?>",
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\r\n",
        "<?xml version=\"1.0\" encoding = \"UTF-8\" standalone='yes' ?>\n\t",
        "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\r\n",
        "\xEF\xBB\xBF"};
    (void)state;
    for (size_t i = 0; i < sizeof declarations / sizeof declarations[0]; i++) {
        char doc[1024];
        text_format(doc, sizeof doc, "%s%s", declarations[i], ANSWER("<Name>見本</Name>"));
        struct record_set *set = read_text(doc, SHK_OK);
        assert_value(set, 1, "name", "見本");
        record_free(&set);
    }
}

#define ELEMENTS_N 6

/* Each rotation of the elements, of header and body, and of what is in the body. */
static void elements_may_come_in_any_order(void **state) {
    static const char *const elements[ELEMENTS_N] = {
        "<Name>見本</Name>\r\n",
        "<LimitApplicationCertificateRelatedInfo>\t<LimitApplicationCertificateClassification>02"
        "</LimitApplicationCertificateClassification></LimitApplicationCertificateRelatedInfo>",
        "<Sex1>2</Sex1>",
        "<SpecificDiseasesCertificateList><SpecificDiseasesCertificateInfo>"
        "<SpecificDiseasesSelfPay>10000</SpecificDiseasesSelfPay>"
        "</SpecificDiseasesCertificateInfo></SpecificDiseasesCertificateList>",
        "    <InsurerNumber>  990010</InsurerNumber>",
        "<Birthdate>19540105</Birthdate>"};
    struct record_set *first = NULL;
    (void)state;
    for (size_t turn = 0; turn < (size_t)ELEMENTS_N * 4; turn++) {
        char result[2048] = "", doc[4096];
        for (size_t i = 0; i < ELEMENTS_N; i++) {
            text_format(result + strlen(result), sizeof result - strlen(result), "%s",
                        elements[(i + turn) % ELEMENTS_N]);
        }
        bool list_first = turn / ELEMENTS_N % 2 == 0, header_first = turn / ELEMENTS_N < 2;
        text_format(doc, sizeof doc,
                    "<XmlMsg>%s<MessageBody>%s<ResultList><ResultOfQualificationConfirmation>%s"
                    "</ResultOfQualificationConfirmation></ResultList>%s</MessageBody>%s</XmlMsg>",
                    header_first ? HEADER : "", list_first ? "" : VALID, result,
                    list_first ? VALID : "", header_first ? "" : HEADER);
        struct record_set *set = read_text(doc, SHK_OK);
        assert_int_equal(record_outcome(set), OUTCOME_ELIGIBLE);
        if (first == NULL) {
            first = set;
            assert_value(first, 1, "specific_diseases[1].self_pay_yen", "10000");
        } else {
            assert_same_set(first, set);
            record_free(&set);
        }
    }
    record_free(&first);
}

static void empty_elements_are_empty_and_not_absent(void **state) {
    struct record_set *set = read_text(
        ANSWER("<Name/><NameKana></NameKana><Birthdate>  </Birthdate><InsuredBranchNumber/>"
               "<InsurerNumber>  990010</InsurerNumber>"
               "<ElderlyRecipientCertificateInfo/><SpecificDiseasesCertificateList/>"),
        SHK_OK);
    (void)state;
    assert_state(set, 1, "name", VALUE_EMPTY);
    assert_state(set, 1, "name_kana", VALUE_EMPTY);
    assert_state(set, 1, "birth_date", VALUE_EMPTY);
    assert_state(set, 1, "branch_number", VALUE_EMPTY);
    assert_state(set, 1, "address", VALUE_ABSENT);
    assert_state(set, 1, "elderly.issued_on", VALUE_ABSENT);
    assert_int_equal(record_drift_count(set), 0);
    record_free(&set);
}

static void shift_jis_means_code_page_932(void **state) {
    /* NEC and IBM characters, and the wave dash as Windows writes it. */
    struct record_set *set =
        read_text("<?xml version=\"1.0\" encoding=\"Shift_JIS\" standalone=\"no\"?>" ANSWER(
                      "<Name>\xFB\xFC\x87\x40\x81\x60\xED\x95</Name><NameKana>\xD0\xCE\xDD"
                      "</NameKana>"),
                  SHK_OK);
    (void)state;
    assert_value(set, 1, "name", "髙①～﨑");
    assert_value(set, 1, "name_kana", "ﾐﾎﾝ");
    record_free(&set);
}

/* In one table 1 is Shift_JIS, in another one UTF-8. */
static void character_code_of_the_other_table_can_be_passed_over(void **state) {
    static const struct oqs_options ignore = {.ignore_character_code = true};
    static const char answer[] = UTF8_DECLARATION
        "<XmlMsg><MessageHeader><SegmentOfResult>1</SegmentOfResult>"
        "<CharacterCodeIdentifier>1</CharacterCodeIdentifier></MessageHeader>"
        "<MessageBody>" VALID
        "<ResultList>" RESULT("<Name>見本</Name>") "</ResultList></MessageBody></XmlMsg>";
    struct record_set *set = NULL;
    struct fault why = {0};
    (void)state;
    assert_null(read_text(answer, SHK_E_XML_ENCODING));
    assert_int_equal(oqs_read((const uint8_t *)answer, sizeof answer - 1, &ignore, &set, &why),
                     SHK_OK);
    assert_value(set, 1, "name", "見本");
    assert_string_equal(drift_raw(set, "MessageHeader/CharacterCodeIdentifier=differs"), "1");
    assert_int_equal(record_drift_count(set), 1);
    record_free(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(q2_padding_is_written_with_spaces_and_read_with_zeros_too),
        cmocka_unit_test(q10_character_beyond_code_page_932_is_read_and_never_replaced),
        cmocka_unit_test(q12_none_and_several_found_come_with_an_empty_list_and_without),
        cmocka_unit_test(q13_item_of_a_lost_entitlement_is_the_old_one_and_never_eligible),
        cmocka_unit_test(q16_several_items_are_several_records_in_every_reader),
        cmocka_unit_test(q17_missing_result_list_is_no_accident),
        cmocka_unit_test(q18_diagnosis_time_householder_and_percent_are_read_right),
        cmocka_unit_test(q19_limit_category_is_not_made_up_from_the_ratio),
        cmocka_unit_test(q22_fields_carry_the_japanese_names_that_hosts_use_as_columns),
        cmocka_unit_test(q23_answers_by_card_and_by_card_data_are_read_alike),
        cmocka_unit_test(declaration_may_be_written_in_every_way),
        cmocka_unit_test(elements_may_come_in_any_order),
        cmocka_unit_test(empty_elements_are_empty_and_not_absent),
        cmocka_unit_test(shift_jis_means_code_page_932),
        cmocka_unit_test(character_code_of_the_other_table_can_be_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
