#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fields.h"

/* Written out a second time, so that a row that gets lost is noticed. */

static bool has_name(const char *column, const char *name) {
    size_t n = strlen(name);
    for (const char *p = column; *p != '\0';) {
        size_t len = strcspn(p, "|");
        if (len == n && memcmp(p, name, n) == 0) {
            return true;
        }
        p += len + (p[len] == '|' ? 1 : 0);
    }
    return false;
}

static const struct field *row_of_element(const char *element) {
    for (size_t i = 0; i < field_count(); i++) {
        if (has_name(field_at(i)->element, element)) {
            return field_at(i);
        }
    }
    print_error("no row for %s\n", element);
    return NULL;
}

struct expected {
    const char *element, *path;
    enum field_type type;
};

static void assert_elements(const struct expected *all, size_t n, const char *prefix) {
    for (size_t i = 0; i < n; i++) {
        char element[256];
        snprintf(element, sizeof element, "%s%s", prefix, all[i].element);
        const struct field *row = row_of_element(element);
        assert_non_null(row);
        assert_string_equal(row->path, all[i].path);
        assert_int_equal(row->type, all[i].type);
    }
}

#define ASSERT_ELEMENTS(all, prefix) assert_elements(all, sizeof(all) / sizeof((all)[0]), prefix)

static void header_of_every_message_has_its_rows(void **state) {
    static const struct expected all[] = {
        {"ProcessExecutionTime", "processed_at", FIELD_TIME},
        {"QualificationConfirmationDate", "confirmation_date", FIELD_DATE},
        {"MedicalInstitutionCode", "institution_code", FIELD_TEXT},
        {"ArbitraryFileIdentifier", "file_identifier", FIELD_TEXT},
        {"ReferenceClassification", "reference_class", FIELD_CODE},
        {"SegmentOfResult", "result_segment", FIELD_CODE},
        {"ErrorCode", "error_code", FIELD_TEXT},
        {"ErrorMessage", "error_message", FIELD_TEXT},
        {"CharacterCodeIdentifier", "character_code", FIELD_CODE},
        {"ReceptionNumber", "reception_number", FIELD_TEXT},
        {"NumberOfProcessingResult", "bulk.processed", FIELD_INT},
        {"NumberOfNormalProcessing", "bulk.normal", FIELD_INT},
        {"NumberOfError", "bulk.errors", FIELD_INT},
    };
    (void)state;
    ASSERT_ELEMENTS(all, "MessageHeader/");
}

static void body_and_unit_have_their_rows(void **state) {
    static const struct expected all[] = {
        {"ProcessingResultStatus", "result_status", FIELD_CODE},
        {"ProcessingResultCode", "result_code", FIELD_TEXT},
        {"ProcessingResultMessage", "result_message", FIELD_TEXT},
        {"QualificationValidity", "validity", FIELD_CODE},
        {"PrescriptionIssueSelect", "prescription_form", FIELD_CODE},
        {"ReceptionNumber", "reception_number", FIELD_TEXT},
        {"ReceptionDateTime", "received_at", FIELD_TIME},
        {"ReferenceNumber", "reference_number", FIELD_TEXT},
    };
    (void)state;
    ASSERT_ELEMENTS(all, "MessageBody/");
}

static void every_kind_of_question_has_its_rows(void **state) {
    static const struct expected all[] = {
        {"InsurerNumber", "search.insurer_number", FIELD_INSURER},
        {"InsuredCardSymbol", "search.symbol", FIELD_TEXT},
        {"InsuredIdentificationNumber", "search.number", FIELD_TEXT},
        {"InsuredBranchNumber", "search.branch_number", FIELD_TEXT},
        {"Birthdate", "search.birth_date", FIELD_DATE},
        {"LimitApplicationCertificateRelatedConsFlg", "search.limit_consent", FIELD_CODE},
        {"ArbitraryIdentifier", "search.arbitrary_identifier", FIELD_TEXT},
        {"MedicalTreatmentMonth", "search.treatment_month", FIELD_MONTH},
        {"ConsentDateFrom", "search.consent_from", FIELD_DATE},
        {"ConsentDateTo", "search.consent_until", FIELD_DATE},
        {"ExaminationDateFrom", "search.examination_from", FIELD_DATE},
        {"ExaminationDateTo", "search.examination_until", FIELD_DATE},
        {"MedicalTreatmentFlag", "search.treatment_class", FIELD_CODE},
    };
    (void)state;
    ASSERT_ELEMENTS(all, "MessageBody/QualificationConfirmSearchInfo/");
}

static void registration_has_its_rows(void **state) {
    static const struct expected all[] = {
        {"ReferenceNumber", "registration.reference_number", FIELD_TEXT},
        {"InsurerNumber", "registration.insurer_number", FIELD_INSURER},
        {"InsuredCardSymbol", "registration.symbol", FIELD_TEXT},
        {"InsuredIdentificationNumber", "registration.number", FIELD_TEXT},
        {"InsuredBranchNumber", "registration.branch_number", FIELD_TEXT},
    };
    (void)state;
    ASSERT_ELEMENTS(all, "MessageBody/ReferenceNumberRegistrationInfo/");
}

static void result_has_its_rows(void **state) {
    static const struct expected all[] = {
        {"InsuredCardClassification", "card_class", FIELD_CODE},
        {"InsurerNumber", "insurer_number", FIELD_INSURER},
        {"InsuredCardSymbol", "symbol", FIELD_TEXT},
        {"InsuredIdentificationNumber", "number", FIELD_TEXT},
        {"InsuredBranchNumber", "branch_number", FIELD_TEXT},
        {"PersonalFamilyClassification", "relation", FIELD_RELATION},
        {"InsuredName", "insured_name", FIELD_TEXT},
        {"Name", "name", FIELD_TEXT},
        {"NameOfOther", "name_other", FIELD_TEXT},
        {"NameKana", "name_kana", FIELD_TEXT},
        {"NameOfOtherKana", "name_other_kana", FIELD_TEXT},
        {"Sex1", "sex", FIELD_SEX},
        {"Sex2", "sex_other", FIELD_SEX},
        {"Birthdate", "birth_date", FIELD_DATE},
        {"Address", "address", FIELD_TEXT},
        {"PostNumber", "postal_code", FIELD_TEXT},
        {"QualificationDate", "qualification_date", FIELD_DATE},
        {"DisqualificationDate", "disqualification_date", FIELD_DATE},
        {"InsuredCertificateIssuanceDate", "issued_on", FIELD_DATE},
        {"InsuredCardValidDate", "valid_from", FIELD_DATE},
        {"InsuredCardExpirationDate", "valid_until", FIELD_DATE},
        {"InsuredPartialContributionRatio", "burden_percent", FIELD_PERCENT},
        {"PreschoolClassification", "preschool", FIELD_FLAG},
        {"ReasonOfLoss", "loss_reason", FIELD_CODE},
        {"InsurerName", "insurer_name", FIELD_TEXT},
        {"PrescriptionIssueSelect", "prescription_form", FIELD_CODE},
        {"ArbitraryIdentifier", "arbitrary_identifier", FIELD_TEXT},
        {"ReferenceNumber", "reference_number", FIELD_TEXT},
        {"QualificationConfirmationKey", "confirmation_key", FIELD_TEXT},
        {"LimitApplicationCertificateChanged", "limit.changed", FIELD_CODE},
        {"PublicExpenseNumber", "medical_aid.payer_number", FIELD_INSURER},
        {"BeneficiaryNumber", "medical_aid.recipient_number", FIELD_TEXT},
        {"WelfareOfficeName", "medical_aid.office_name", FIELD_TEXT},
    };
    (void)state;
    ASSERT_ELEMENTS(all, "");
}

static void certificates_have_their_rows(void **state) {
    static const struct expected elderly[] = {
        {"ElderlyRecipientCertificateDate", "elderly.issued_on", FIELD_DATE},
        {"ElderlyRecipientValidStartDate", "elderly.valid_from", FIELD_DATE},
        {"ElderlyRecipientValidEndDate", "elderly.valid_until", FIELD_DATE},
        {"ElderlyRecipientContributionRatio", "elderly.burden_percent", FIELD_PERCENT},
    };
    static const struct expected limit[] = {
        {"LimitApplicationCertificateClassification", "limit.certificate_class", FIELD_CODE},
        {"LimitApplicationCertificateClassificationFlag", "limit.category", FIELD_CODE},
        {"LimitApplicationCertificateDate", "limit.issued_on", FIELD_DATE},
        {"LimitApplicationCertificateValidStartDate", "limit.valid_from", FIELD_DATE},
        {"LimitApplicationCertificateValidEndDate", "limit.valid_until", FIELD_DATE},
        {"LimitApplicationCertificateLongTermDate", "limit.long_term_date", FIELD_DATE},
    };
    static const struct expected diseases[] = {
        {"SpecificDiseasesDiseaseCategory", "specific_diseases[].disease", FIELD_CODE},
        {"SpecificDiseasesCertificateDate", "specific_diseases[].issued_on", FIELD_DATE},
        {"SpecificDiseasesValidStartDate", "specific_diseases[].valid_from", FIELD_DATE},
        {"SpecificDiseasesValidEndDate", "specific_diseases[].valid_until", FIELD_DATE},
        {"SpecificDiseasesSelfPay", "specific_diseases[].self_pay_yen", FIELD_INT},
    };
    (void)state;
    ASSERT_ELEMENTS(elderly, "ElderlyRecipientCertificateInfo/");
    ASSERT_ELEMENTS(limit, "LimitApplicationCertificateRelatedInfo/");
    ASSERT_ELEMENTS(diseases, "SpecificDiseasesCertificateList/SpecificDiseasesCertificateInfo/");
}

#define TICKET "medical_aid.tickets[]."

static void ticket_has_its_rows(void **state) {
    static const struct expected all[] = {
        {"TicketType", TICKET "ticket_type", FIELD_CODE},
        {"MedicalTicketValidDate", TICKET "valid_from", FIELD_DATE},
        {"MedicalTicketExpirationDate", TICKET "valid_until", FIELD_DATE},
        {"IssueNumber", TICKET "issue_number", FIELD_TEXT},
        {"MedicalTreatmentMonth", TICKET "treatment_month", FIELD_MONTH},
        {"DesignatedMedicalInstitutionCode", TICKET "institution_code", FIELD_TEXT},
        {"DesignatedMedicalInstitutionFlag", TICKET "institution_check", FIELD_CODE},
        {"DesignatedMedicalInstitutionName", TICKET "institution_name", FIELD_TEXT},
        {"PrescriptionIssuerMedicalInstitutionCode", TICKET "prescriber_code", FIELD_TEXT},
        {"PrescriptionIssuerMedicalInstitutionName", TICKET "prescriber_name", FIELD_TEXT},
        {"InjuryName1", TICKET "injury_name_1", FIELD_TEXT},
        {"InjuryName2", TICKET "injury_name_2", FIELD_TEXT},
        {"InjuryName3", TICKET "injury_name_3", FIELD_TEXT},
        {"MedicalTreatmentType", TICKET "treatment_type", FIELD_CODE},
        {"SelfPayAmount", TICKET "self_pay_yen", FIELD_INT},
        {"DistrictContactName", TICKET "district_contact", FIELD_TEXT},
        {"HandlingContactName", TICKET "handling_contact", FIELD_TEXT},
        {"SingleOrCombinedUse", TICKET "combined_use", FIELD_CODE},
        {"StatusOfSocialInsurance", TICKET "social_insurance", FIELD_CODE},
        {"ConsistencyFlag", TICKET "social_insurance_mismatch", FIELD_FLAG},
        {"StatusOfInfecton", TICKET "infection", FIELD_CODE},
        {"StatusOfElderlyMedicalCare", TICKET "elderly_care", FIELD_CODE},
        {"StatusOfPrefecturalExpenses", TICKET "prefectural_expense", FIELD_CODE},
        {"Remarks1", TICKET "remarks_1", FIELD_TEXT},
        {"Remarks2", TICKET "remarks_2", FIELD_TEXT},
        {"Remarks3", TICKET "remarks_3", FIELD_TEXT},
    };
    (void)state;
    ASSERT_ELEMENTS(all, "PublicExpenseResultList/MedicalTicketInfo/");
}

static void consents_have_their_rows(void **state) {
    static const struct expected all[] = {
        {"LimitApplicationCertificateRelatedConsFlg", "consents.limit", FIELD_CODE},
        {"LimitApplicationCertificateRelatedConsTime", "consents.limit_at", FIELD_TIME},
        {"SpecificDiseasesCertificateRelatedConsFlg", "consents.specific_diseases", FIELD_CODE},
        {"SpecificDiseasesCertificateRelatedConsTime", "consents.specific_diseases_at", FIELD_TIME},
        {"SpecificHealthCheckupsInfoConsFlg", "consents.checkup", FIELD_CODE},
        {"SpecificHealthCheckupsInfoConsTime", "consents.checkup_at", FIELD_TIME},
        {"SpecificHealthCheckupsInfoAvailableTime", "consents.checkup_until", FIELD_TIME},
        {"SpecificHealthCheckupsInfoAcquisitionTime", "consents.checkup_until", FIELD_TIME},
        {"PharmacistsInfoConsFlg", "consents.medicine", FIELD_CODE},
        {"PharmacistsInfoConsTime", "consents.medicine_at", FIELD_TIME},
        {"PharmacistsInfoAvailableTime", "consents.medicine_until", FIELD_TIME},
        {"PharmacistsInfoAcquisitionTime", "consents.medicine_until", FIELD_TIME},
        {"PharmaceuticalInfoConsFlg", "consents.medicine", FIELD_CODE},
        {"PharmaceuticalInfoConsTime", "consents.medicine_at", FIELD_TIME},
        {"PharmaceuticalInfoAvailableTime", "consents.medicine_until", FIELD_TIME},
        {"PharmaceuticalInfoAcquisitionTime", "consents.medicine_until", FIELD_TIME},
        {"DiagnosisInfoConsFlg", "consents.diagnosis", FIELD_CODE},
        {"DiagnosisInfoConsTime", "consents.diagnosis_at", FIELD_TIME},
        {"DiagnosisInfoAvailableTime", "consents.diagnosis_until", FIELD_TIME},
        {"DiagnosisInfoAcquisitionTime", "consents.diagnosis_until", FIELD_TIME},
        {"OperationInfoConsFlg", "consents.operation", FIELD_CODE},
        {"OperationInfoConsTime", "consents.operation_at", FIELD_TIME},
        {"OperationInfoAvailableTime", "consents.operation_until", FIELD_TIME},
        {"OperationInfoAcquisitionTime", "consents.operation_until", FIELD_TIME},
    };
    (void)state;
    ASSERT_ELEMENTS(all, "");
}

static void every_key_of_the_apps_text_has_its_row(void **state) {
    static const struct {
        const char *key, *path;
    } all[] = {
        {"照会番号", "reference_number"},
        {"未就学区分", "preschool"},
        {"資格情報/確認日", "confirmation_date"},
        {"資格情報/保険者番号", "insurer_number"},
        {"資格情報/保険者名", "insurer_name"},
        {"資格情報/記号", "symbol"},
        {"資格情報/番号", "number"},
        {"資格情報/枝番", "branch_number"},
        {"資格情報/フリガナ", "name_kana"},
        {"資格情報/氏名", "name"},
        {"資格情報/生年月日", "birth_date"},
        {"資格情報/性別", "sex"},
        {"資格情報/証区分", "card_class"},
        {"資格情報/区分", "card_class"},
        {"資格情報/有効開始日", "valid_from"},
        {"資格情報/有効終了日", "valid_until"},
        {"資格情報/資格取得年月日", "qualification_date"},
        {"資格情報/負担割合", "burden_percent"},
        {"資格情報/本人・家族の別", "relation"},
        {"資格情報/被保険者氏名", "insured_name"},
        {"資格情報/住所", "address"},
        {"裏面記載情報/氏名", "name_other"},
        {"裏面記載情報/氏名カナ", "name_other_kana"},
        {"裏面記載情報/性別", "sex_other"},
        {"高齢受給者証/有効開始日", "elderly.valid_from"},
        {"高齢受給者証/有効終了日", "elderly.valid_until"},
        {"高齢受給者証/負担割合", "elderly.burden_percent"},
        {"限度額適用認定証/有効開始年月日", "limit.valid_from"},
        {"限度額適用認定証/有効終了年月日", "limit.valid_until"},
        {"限度額適用認定証/適用区分", "limit.category"},
        {"限度額適用認定証/証区分", "limit.certificate_class"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        const struct field *row = field_find(all[i].path, strlen(all[i].path));
        assert_non_null(row);
        if (!has_name(row->app, all[i].key)) {
            fail_msg("%s is not at %s", all[i].key, all[i].path);
        }
    }
}

/* What hosts and scripts are promised. */
static void promised_paths_are_there(void **state) {
    static const char *const all[] = {
        "confirmation_date",
        "validity",
        "card_class",
        "insurer_number",
        "insurer_name",
        "symbol",
        "number",
        "branch_number",
        "relation",
        "insured_name",
        "name",
        "name_kana",
        "name_other",
        "name_other_kana",
        "sex",
        "sex_other",
        "birth_date",
        "address",
        "postal_code",
        "qualification_date",
        "disqualification_date",
        "loss_reason",
        "valid_from",
        "valid_until",
        "issued_on",
        "burden_percent",
        "preschool",
        "reference_number",
        "elderly.burden_percent",
        "limit.category",
        "specific_diseases[1].disease",
        "medical_aid.tickets[1].issue_number",
        "consents.medicine",
        "patient.id",
        "patient.match",
        "patient.match_label",
        "derived.insurer_number_8",
        "derived.insurer_number_6",
        "derived.insurer_check_digit",
        "derived.law_number",
        "derived.law_number_label",
        "derived.is_medical_aid",
        "derived.age",
        "derived.burden_band",
        "derived.burden_percent",
        "derived.name_has_missing_character",
        "derived.name_other_has_missing_character",
        "derived.insured_name_has_missing_character",
        "derived.name_folded",
        "derived.name_kana_folded",
        "derived.name_other_folded",
        "derived.name_other_kana_folded",
        "derived.insured_name_folded",
        "derived.sex",
        "derived.loss_in_future",
        "derived.not_covering_date",
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        assert_non_null(field_find(all[i], strlen(all[i])));
    }
}

static const struct code_table *table_named(const char *name) {
    for (size_t i = 0; i < code_table_count(); i++) {
        if (strcmp(code_table_at(i)->name, name) == 0) {
            return code_table_at(i);
        }
    }
    return NULL;
}

static void every_code_table_of_the_service_is_there(void **state) {
    char name[20];
    (void)state;
    for (int i = 1; i <= 44; i++) {
        snprintf(name, sizeof name, "OQSCD%03d", i);
        const struct code_table *table = table_named(i == 42 ? "OQSCD042_1" : name);
        assert_non_null(table);
        assert_true(table->title[0] != '\0' && table->rows[0].code != NULL);
    }
    assert_non_null(table_named("OQSCD042_2"));
    assert_non_null(table_named("OQSCD042_3"));
    assert_null(code_table_at(code_table_count()));
}

static void no_table_has_a_code_twice_or_without_a_label(void **state) {
    (void)state;
    for (size_t i = 0; i < code_table_count(); i++) {
        const struct code_row *rows = code_table_at(i)->rows;
        for (size_t k = 0; rows[k].code != NULL; k++) {
            assert_true(rows[k].label[0] != '\0');
            for (size_t m = 0; m < k; m++) {
                assert_string_not_equal(rows[k].code, rows[m].code);
            }
        }
    }
}

static const char *label_of(const char *table, const char *code) {
    const struct code_row *row = table_named(table)->rows;
    while (row->code != NULL && strcmp(row->code, code) != 0) {
        row++;
    }
    return row->code != NULL ? row->label : "";
}

static void codes_mean_what_the_service_says(void **state) {
    (void)state;
    assert_string_equal(label_of("OQSCD014", "1"), "変更あり、または判定不能");
    assert_string_equal(label_of("OQSCD028", "2"), "訪問診療等");
    assert_string_equal(label_of("OQSCD036", "SHJ"), "手術");
    assert_string_equal(label_of("OQSCD038", "3"), "紙のみ");
    assert_string_equal(label_of("OQSCD042_2", "05"), "虹彩");
    assert_string_equal(label_of("OQSCD044", "8"), "介護保険");
    assert_string_equal(label_of("LAW_NUMBER", "06"), "組合健保");
    assert_string_equal(label_of("LAW_NUMBER", "39"), "後期高齢者医療");
    assert_string_equal(label_of("LAW_NUMBER", "12"), "生活保護");
    assert_string_equal(label_of("LAW_NUMBER", "00"), "国民健康保険");
    assert_string_equal(label_of("LAW_NUMBER", "99"), "");
}

/* A row's path with this in each of its brackets. */
static void with_entry(const struct field *row, const char *entry, char *out) {
    for (const char *p = row->path; *p != '\0'; p++) {
        if (*p == '[') {
            p++;
            out += sprintf(out, "%s", entry);
        } else {
            *out++ = *p;
        }
    }
    *out = '\0';
}

static void every_way_to_write_a_path_finds_its_row(void **state) {
    static const struct {
        const char *entry;
        size_t n;
    } ways[] = {{"[]", 1}, {"[2]", 2}, {"", 1}};
    (void)state;
    for (size_t i = 0; i < field_count() * 3; i++) {
        const struct field *row = field_at(i / 3);
        struct field_ref ref;
        char path[2 * FIELD_PATH_MAX];
        with_entry(row, ways[i % 3].entry, path);
        assert_true(field_resolve(path, strlen(path), &ref));
        assert_ptr_equal(ref.field, row);
        assert_int_equal(ref.entry, strchr(row->path, '[') != NULL ? ways[i % 3].n : 0);
        strcat(path, "x");
        assert_null(field_find(path, strlen(path)));
    }
    assert_null(field_find("", 0));
    assert_null(field_find("[", 1));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header_of_every_message_has_its_rows),
        cmocka_unit_test(body_and_unit_have_their_rows),
        cmocka_unit_test(every_kind_of_question_has_its_rows),
        cmocka_unit_test(registration_has_its_rows),
        cmocka_unit_test(result_has_its_rows),
        cmocka_unit_test(certificates_have_their_rows),
        cmocka_unit_test(ticket_has_its_rows),
        cmocka_unit_test(consents_have_their_rows),
        cmocka_unit_test(every_key_of_the_apps_text_has_its_row),
        cmocka_unit_test(promised_paths_are_there),
        cmocka_unit_test(every_code_table_of_the_service_is_there),
        cmocka_unit_test(no_table_has_a_code_twice_or_without_a_label),
        cmocka_unit_test(codes_mean_what_the_service_says),
        cmocka_unit_test(every_way_to_write_a_path_finds_its_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
