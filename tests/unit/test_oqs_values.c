#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "oqs_help.h"

#define IN_RESULT "MessageBody/ResultList/ResultOfQualificationConfirmation/"

static void absent_empty_and_unknown_are_three_things(void **state) {
    struct record_set *set =
        read_text(ANSWER("<InsuredCardSymbol></InsuredCardSymbol><Birthdate> </Birthdate>"
                         "<Sex1>3</Sex1><Sex2/>"),
                  SHK_OK);
    (void)state;
    assert_state(set, 1, "name", VALUE_ABSENT);
    assert_state(set, 1, "symbol", VALUE_EMPTY);
    assert_state(set, 1, "birth_date", VALUE_EMPTY);
    assert_state(set, 1, "sex_other", VALUE_EMPTY);
    assert_state(set, 1, "sex_other_label", VALUE_EMPTY);
    assert_value(set, 1, "sex", "unknown");
    assert_value(set, 1, "sex_label", "未設定");
    assert_int_equal(record_drift_count(set), 0);
    record_free(&set);
}

static void sex_on_the_back_does_not_replace_the_front(void **state) {
    struct record_set *set = read_text(ANSWER("<Sex1>3</Sex1><Sex2>1</Sex2>"), SHK_OK);
    (void)state;
    assert_value(set, 1, "sex", "unknown");
    assert_value(set, 1, "sex_other", "male");
    record_free(&set);
}

static void codes_numbers_and_dates_are_trimmed_and_texts_are_not(void **state) {
    struct record_set *set =
        read_text(ANSWER("<InsurerNumber>  990010</InsurerNumber>"
                         "<InsuredCardClassification>\n 01 </InsuredCardClassification>"
                         "<Birthdate> 19540105\r\n</Birthdate><Sex1> 2 </Sex1>"
                         "<InsuredPartialContributionRatio> 030 </InsuredPartialContributionRatio>"
                         "<Name> 見本　一 郎 </Name>"
                         "<InsuredIdentificationNumber>０００３４５</InsuredIdentificationNumber>"
                         "<InsuredBranchNumber>01</InsuredBranchNumber>"),
                  SHK_OK);
    (void)state;
    assert_value(set, 1, "insurer_number", "990010");
    assert_value(set, 1, "card_class_label", "一般");
    assert_value(set, 1, "birth_date", "1954-01-05");
    assert_value(set, 1, "sex", "female");
    assert_value(set, 1, "burden_percent", "30");
    assert_value(set, 1, "name", " 見本　一 郎 ");
    assert_value(set, 1, "number", "０００３４５");
    assert_value(set, 1, "branch_number", "01");
    record_free(&set);
}

static void leading_zeros_of_insurer_numbers_stay(void **state) {
    struct record_set *set = read_text(ANSWER("<InsurerNumber>01990013</InsurerNumber>"), SHK_OK);
    (void)state;
    assert_value(set, 1, "insurer_number", "01990013");
    assert_false(value_at(set, 1, "insurer_number").is_number);
    record_free(&set);
}

#define DATE_ANSWER(date)                                                                          \
    "<XmlMsg>" HEADER "<MessageBody>" VALID                                                        \
    "<ResultList>\n" RESULT("<Name>見本</Name>\n<Birthdate>" date                                  \
                            "</Birthdate>") "</ResultList></MessageBody></XmlMsg>"

static void impossible_dates_name_the_element_and_the_line(void **state) {
    static const char *const wrong[] = {
        DATE_ANSWER("20250231"), DATE_ANSWER("20250229"),  DATE_ANSWER("20251301"),
        DATE_ANSWER("20250001"), DATE_ANSWER("20250100"),  DATE_ANSWER("1954/1/5"),
        DATE_ANSWER("1954010"),  DATE_ANSWER("195401055"), DATE_ANSWER("00000000"),
        DATE_ANSWER("99999999"), DATE_ANSWER("昭和29"),    DATE_ANSWER("1954010a"),
        DATE_ANSWER("19000229"), DATE_ANSWER("17991231"),
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_where(wrong[i], SHK_E_VALUE, "Birthdate", 4);
    }
}

static void dates_that_exist_are_taken(void **state) {
    struct record_set *set = read_text(ANSWER("<Birthdate>20000229</Birthdate>"
                                              "<QualificationDate>20240229</QualificationDate>"
                                              "<InsuredCardExpirationDate>99991231"
                                              "</InsuredCardExpirationDate>"),
                                       SHK_OK);
    (void)state;
    assert_value(set, 1, "birth_date", "2000-02-29");
    assert_value(set, 1, "qualification_date", "2024-02-29");
    assert_value(set, 1, "valid_until", "9999-12-31");
    record_free(&set);
}

#define TICKET(inside)                                                                             \
    "<PublicExpenseResultList><MedicalTicketInfo>" inside                                          \
    "</MedicalTicketInfo></PublicExpenseResultList>"

static void impossible_times_months_and_numbers_are_refused(void **state) {
    static const struct {
        const char *xml, *element;
    } wrong[] = {
        {ANSWER("<PharmacistsInfoConsTime>20250602246000</PharmacistsInfoConsTime>"),
         "PharmacistsInfoConsTime"},
        {ANSWER("<PharmacistsInfoConsTime>20250602126000</PharmacistsInfoConsTime>"),
         "PharmacistsInfoConsTime"},
        {ANSWER("<PharmacistsInfoConsTime>20250602120060</PharmacistsInfoConsTime>"),
         "PharmacistsInfoConsTime"},
        {ANSWER("<PharmacistsInfoConsTime>20250602</PharmacistsInfoConsTime>"),
         "PharmacistsInfoConsTime"},
        {ANSWER(TICKET("<MedicalTreatmentMonth>202513</MedicalTreatmentMonth>")),
         "MedicalTreatmentMonth"},
        {ANSWER(TICKET("<SelfPayAmount>1,000</SelfPayAmount>")), "SelfPayAmount"},
        {ANSWER(TICKET("<SelfPayAmount>-1</SelfPayAmount>")), "SelfPayAmount"},
        {ANSWER("<InsuredPartialContributionRatio>300</InsuredPartialContributionRatio>"),
         "InsuredPartialContributionRatio"},
        {ANSWER("<InsurerNumber>069900145</InsurerNumber>"), "InsurerNumber"},
        {ANSWER("<InsurerNumber>０６９９００１４</InsurerNumber>"), "InsurerNumber"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_where(wrong[i].xml, SHK_E_VALUE, wrong[i].element, 2);
    }
}

static void wrong_date_in_the_echo_is_refused_too(void **state) {
    (void)state;
    assert_where(BODY("<QualificationConfirmSearchInfo><Birthdate>x</Birthdate>"
                      "</QualificationConfirmSearchInfo>"),
                 SHK_E_VALUE, "Birthdate", 2);
}

static void unknown_codes_are_kept_without_a_label_and_reported(void **state) {
    struct record_set *set =
        read_text(ANSWER("<InsuredCardClassification>Z9"
                         "</InsuredCardClassification><Sex1>9</Sex1>"
                         "<PreschoolClassification>2</PreschoolClassification>"),
                  SHK_OK);
    (void)state;
    assert_value(set, 1, "card_class", "Z9");
    assert_state(set, 1, "card_class_label", VALUE_ABSENT);
    assert_value(set, 1, "sex", "9");
    assert_value(set, 1, "preschool", "2");
    assert_string_equal(drift_raw(set, IN_RESULT "InsuredCardClassification=unknown code"), "Z9");
    assert_string_equal(drift_raw(set, IN_RESULT "Sex1=unknown code"), "9");
    assert_int_equal(record_drift_count(set), 3);
    record_free(&set);
}

static void unknown_elements_are_kept_raw(void **state) {
    struct record_set *set =
        read_text("<XmlMsg><Foot>f</Foot>" HEADER "<MessageBody>" VALID
                  "<ResultList>" RESULT("<Sex1>1</Sex1><NewElement> 新　しい "
                                        "</NewElement><NewGroup><A>1</A><B><C/></B></"
                                        "NewGroup>") "</ResultList><New/></"
                                                     "MessageBody></XmlMsg>",
                  SHK_OK);
    (void)state;
    assert_string_equal(drift_raw(set, IN_RESULT "NewElement"), " 新　しい ");
    assert_string_equal(drift_raw(set, IN_RESULT "NewGroup"), "<A>1</A><B><C></C></B>");
    assert_string_equal(drift_raw(set, "MessageBody/New"), "");
    assert_string_equal(drift_raw(set, "Foot"), "f");
    assert_int_equal(record_drift_count(set), 4);
    record_free(&set);
}

static void element_in_the_wrong_place_is_unknown(void **state) {
    struct record_set *set = read_text(BODY(VALID "<Name>迷子</Name><ResultList>" RESULT(
                                           "<Name>見本</Name>"
                                           "<ElderlyRecipientCertificateInfo><Name>x</Name></"
                                           "ElderlyRecipientCertificateInfo>") "</ResultList>"),
                                       SHK_OK);
    (void)state;
    assert_value(set, 1, "name", "見本");
    assert_string_equal(drift_raw(set, "MessageBody/Name"), "迷子");
    assert_string_equal(drift_raw(set, IN_RESULT "ElderlyRecipientCertificateInfo/Name"), "x");
    record_free(&set);
}

static void header_and_body_names_are_nothing_special_inside_a_result(void **state) {
    struct record_set *set = read_text(
        "<XmlMsg>" HEADER "<Name>迷子</Name><MessageBody>" VALID "<ResultList>" RESULT(
            "<Sex1>1</Sex1><MessageBody><QualificationValidity>2</QualificationValidity></"
            "MessageBody>") "</ResultList></MessageBody></XmlMsg>",
        SHK_OK);
    (void)state;
    assert_value(set, 1, "validity", "1");
    assert_state(set, 1, "name", VALUE_ABSENT);
    assert_string_equal(drift_raw(set, "Name"), "迷子");
    assert_non_null(drift_raw(set, IN_RESULT "MessageBody"));
    record_free(&set);
}

#define SAID(element, text) "<" element ">" text "</" element ">"
#define LIMIT(text)                                                                                \
    SAID("LimitApplicationCertificateRelatedInfo",                                                 \
         SAID("LimitApplicationCertificateClassificationFlag", text))

static void what_is_said_twice_is_drift(void **state) {
    struct record_set *set =
        read_text(BODY(VALID SAID("QualificationValidity", "1") "<ResultList>" RESULT(SAID(
                      "Name", "一") SAID("Name", "一") LIMIT("A01") LIMIT("A02")) "</ResultList>"),
                  SHK_OK);
    (void)state;
    assert_value(set, 1, "name", "一");
    assert_value(set, 1, "limit.category", "A01");
    assert_string_equal(drift_raw(set, IN_RESULT "Name=duplicate"), "一");
    assert_string_equal(drift_raw(set, "MessageBody/QualificationValidity=duplicate"), "1");
    assert_non_null(strstr(
        drift_raw(set, IN_RESULT "LimitApplicationCertificateRelatedInfo=duplicate"), "A02"));
    record_free(&set);
}

/* Which of the two is true, nobody knows. */
static void who_says_two_things_is_not_read(void **state) {
    static const struct {
        const char *xml, *where;
    } cases[] = {
        {BODY(VALID SAID("QualificationValidity",
                         "3") "<ResultList>" RESULT(SAID("Name", "一")) "</ResultList>"),
         "QualificationValidity"},
        {BODY(VALID "<ResultList>" RESULT(SAID("Name", "一") SAID("Birthdate", "19890203")
                                              SAID("Birthdate", "19890204")) "</ResultList>"),
         "Birthdate"},
        {BODY(VALID
              "<ResultList>" RESULT(SAID("Name", "一") SAID("Name", "<b>一</b>")) "</ResultList>"),
         "Name"},
        {"<XmlMsg>" HEADER SAID("MessageHeader",
                                SAID("SegmentOfResult", "9")) "<MessageBody>" VALID
                                                              "</MessageBody></XmlMsg>",
         "MessageHeader"},
        {"<XmlMsg>" HEADER "<MessageBody>" VALID
         "</MessageBody>" SAID("MessageBody", SAID("QualificationValidity", "2")) "</XmlMsg>",
         "MessageBody"},
        {BODY(VALID SAID("QualificationConfirmSearchInfo", SAID("Birthdate", "19890203"))
                  SAID("QualificationConfirmSearchInfo", SAID("Birthdate", "19890204"))),
         "QualificationConfirmSearchInfo"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fault why;
        assert_null(read_bytes(cases[i].xml, strlen(cases[i].xml), SHK_E_VALUE, &why));
        assert_string_equal(why.where, cases[i].where);
    }
}

static void two_names_of_one_kind_of_record_are_two_persons(void **state) {
    static const char *const numbers[] = {"06990014", "01990019", "12990016"};
    char xml[1024];
    (void)state;
    for (size_t i = 1; i < 3; i++) {
        text_format(
            xml, sizeof xml,
            BODY(VALID "<ResultList>" RESULT(SAID("InsurerNumber", "%s") SAID("Name", "%s"))
                     RESULT(SAID("InsurerNumber", "%s") SAID("Name", "%s")) "</ResultList>"),
            numbers[0], "見本　花子", numbers[i], "見本　月子");
        struct record_set *set = read_text(xml, i == 1 ? SHK_E_VALUE : SHK_OK);
        assert_int_equal(set != NULL, i == 2);
        record_free(&set);
    }
}

static void same_element_in_the_next_result_is_no_duplicate(void **state) {
    struct record_set *set = read_text(BODY(VALID "<ResultList>" RESULT("<Address>一</Address>")
                                                RESULT("<Address>二</Address>") "</ResultList>"),
                                       SHK_OK);
    (void)state;
    assert_value(set, 2, "address", "二");
    assert_int_equal(record_drift_count(set), 0);
    record_free(&set);
}

#define DISEASE(code, yen)                                                                         \
    "<SpecificDiseasesCertificateInfo><SpecificDiseasesSelfPay>" yen "</SpecificDiseasesSelfPay>"  \
    "<SpecificDiseasesDiseaseCategory>" code "</SpecificDiseasesDiseaseCategory>"                  \
    "</SpecificDiseasesCertificateInfo>"

static void lists_keep_their_entries_apart(void **state) {
    struct record_set *set = read_text(
        ANSWER("<SpecificDiseasesCertificateList>" DISEASE(
            "3", "10000") "<SpecificDiseasesCertificateInfo/>" DISEASE("1",
                                                                       "20000") "</"
                                                                                "SpecificDiseasesCe"
                                                                                "rtificateList>"),
        SHK_OK);
    size_t n = 0;
    (void)state;
    assert_int_equal(record_list_count(set, 1, "specific_diseases", 17, &n), SHK_OK);
    assert_int_equal(n, 3);
    assert_value(set, 1, "specific_diseases[1].disease", "3");
    assert_state(set, 1, "specific_diseases[2].disease", VALUE_ABSENT);
    assert_value(set, 1, "specific_diseases[3].disease", "1");
    assert_int_equal(value_at(set, 1, "specific_diseases[3].self_pay_yen").number, 20000);
    assert_int_equal(record_drift_count(set), 0);
    record_free(&set);
}

static void other_names_of_an_element_are_accepted(void **state) {
    struct record_set *set = read_text(
        ANSWER("<PharmaceuticalInfoConsFlg>1</PharmaceuticalInfoConsFlg>"
               "<PharmacistsInfoAcquisitionTime>20250603091500</PharmacistsInfoAcquisitionTime>"
               "<DiagnosisInfoAcquisitionTime>20250604091500</DiagnosisInfoAcquisitionTime>"),
        SHK_OK);
    (void)state;
    assert_value(set, 1, "consents.medicine", "1");
    assert_value(set, 1, "consents.medicine_until", "2025-06-03T09:15:00");
    assert_value(set, 1, "consents.diagnosis_until", "2025-06-04T09:15:00");
    assert_int_equal(record_drift_count(set), 0);
    record_free(&set);
}

static void results_own_prescription_form_is_nearer_than_the_bodys(void **state) {
    struct record_set *set = read_text(
        BODY(VALID "<PrescriptionIssueSelect>1</PrescriptionIssueSelect><ResultList>" RESULT(
            "<Sex1>1</Sex1><PrescriptionIssueSelect>2</PrescriptionIssueSelect>")
                 RESULT("") "</ResultList>"),
        SHK_OK);
    (void)state;
    assert_value(set, 1, "prescription_form", "2");
    assert_value(set, 2, "prescription_form", "1");
    assert_string_equal(drift_raw(set, "MessageBody/PrescriptionIssueSelect=differs"), "1");
    record_free(&set);
}

static void text_and_attributes_outside_fields_are_reported(void **state) {
    struct record_set *set = read_text(
        ANSWER(
            "迷子<Name lang='ja'>見<b>本</b></Name><Address><![CDATA[見本<町>]]>&amp;</Address>"),
        SHK_OK);
    (void)state;
    assert_value(set, 1, "name", "見");
    assert_value(set, 1, "address", "見本<町>&");
    assert_string_equal(
        drift_raw(set, "MessageBody/ResultList/ResultOfQualificationConfirmation=text"), "迷子");
    assert_string_equal(drift_raw(set, IN_RESULT "Name@lang=attribute"), "ja");
    assert_string_equal(drift_raw(set, IN_RESULT "Name/b"), "本");
    record_free(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(absent_empty_and_unknown_are_three_things),
        cmocka_unit_test(sex_on_the_back_does_not_replace_the_front),
        cmocka_unit_test(codes_numbers_and_dates_are_trimmed_and_texts_are_not),
        cmocka_unit_test(leading_zeros_of_insurer_numbers_stay),
        cmocka_unit_test(impossible_dates_name_the_element_and_the_line),
        cmocka_unit_test(dates_that_exist_are_taken),
        cmocka_unit_test(impossible_times_months_and_numbers_are_refused),
        cmocka_unit_test(wrong_date_in_the_echo_is_refused_too),
        cmocka_unit_test(unknown_codes_are_kept_without_a_label_and_reported),
        cmocka_unit_test(unknown_elements_are_kept_raw),
        cmocka_unit_test(element_in_the_wrong_place_is_unknown),
        cmocka_unit_test(header_and_body_names_are_nothing_special_inside_a_result),
        cmocka_unit_test(what_is_said_twice_is_drift),
        cmocka_unit_test(who_says_two_things_is_not_read),
        cmocka_unit_test(two_names_of_one_kind_of_record_are_two_persons),
        cmocka_unit_test(same_element_in_the_next_result_is_no_duplicate),
        cmocka_unit_test(lists_keep_their_entries_apart),
        cmocka_unit_test(other_names_of_an_element_are_accepted),
        cmocka_unit_test(results_own_prescription_form_is_nearer_than_the_bodys),
        cmocka_unit_test(text_and_attributes_outside_fields_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
