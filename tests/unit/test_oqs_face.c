#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "build.h"
#include "oqs_help.h"
#include "oqs_write.h"

static struct bytes out;
static struct fault why;

static int start_empty(void **state) {
    (void)state;
    why = (struct fault){0};
    return 0;
}

static int clear(void **state) {
    (void)state;
    bytes_clear(&out);
    return 0;
}

/* A face that says what the set says; the character code is its own. */
static void assert_round_trip(const struct record_set *set, enum oqs_encoding encoding,
                              int32_t expected) {
    bytes_clear(&out);
    assert_int_equal(oqs_write_face(set, NULL, 0, encoding, NULL, NULL, &out, &why), SHK_OK);
    struct record_set *again = read_bytes(out.p, out.n, expected, NULL);
    assert_non_null(again);
    assert_value(again, 1, "character_code", encoding == OQS_CP932 ? "1" : "0");
    assert_same_records(set, again, "character_code");
    assert_int_equal(record_drift_count(again), 0);
    assert_int_equal(record_outcome(set), record_outcome(again));
    record_free(&again);
}

static void every_sample_comes_back_the_same(void **state) {
    static const struct {
        const char *name;
        int32_t code;
    } samples[] = {{"all_groups.xml", SHK_OK},
                   {"elderly_face_cp932.xml", SHK_OK},
                   {"insurance_and_aid.xml", SHK_OK},
                   {"lost_newer.xml", SHK_OK},
                   {"refused.xml", SHK_E_ANSWER_REFUSED},
                   {"bulk_pending.xml", SHK_E_ANSWER_PENDING}};
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct record_set *set = read_sample(samples[i].name, samples[i].code);
        assert_round_trip(set, OQS_UTF8, samples[i].code);
        assert_round_trip(set, OQS_CP932, samples[i].code);
        record_free(&set);
    }
}

/* Every row of the table with every code of its table, all in one answer each. */
static struct bytes answer_with_everything(size_t turn) {
    struct record_set *set = record_set_new();
    assert_non_null(set);
    assert_int_equal(record_add(set), SHK_OK);
    const struct field *list = NULL;
    size_t entry = 0;
    for (size_t i = 0; i < field_count(); i++) {
        const struct field *field = field_at(i);
        if (field->element[0] == '\0') {
            continue;
        }
        if (field_list_of(field) != list && field_list_of(field) != NULL) {
            list = field_list_of(field);
            assert_int_equal(record_add_entry(set, list, &entry), SHK_OK);
        }
        size_t codes = 0;
        while (field->codes != NULL && field->codes[codes].code != NULL) {
            codes++;
        }
        const char *text = codes > 0                      ? field->codes[turn % codes].code
                           : field->type == FIELD_DATE    ? "20240229"
                           : field->type == FIELD_MONTH   ? "202506"
                           : field->type == FIELD_TIME    ? "20250602091500"
                           : field->type == FIELD_PERCENT ? "030"
                           : field->type == FIELD_INSURER ? "  990010"
                           : field->type == FIELD_INT     ? "10000"
                           : turn % 2 == 0                ? "見本 <&> 値"
                                                          : "";
        struct field_ref ref = {.field = field, .entry = field_list_of(field) != NULL ? entry : 0};
        bool common = text_starts(field->element, "Message"), unknown = false;
        assert_int_equal(record_put(set, common, &ref, text, strlen(text), &unknown), SHK_OK);
        assert_false(unknown);
    }
    assert_int_equal(record_finish(set), SHK_OK);
    struct bytes doc = {0};
    assert_int_equal(oqs_write_face(set, NULL, 0, OQS_UTF8, NULL, NULL, &doc, &why), SHK_OK);
    record_free(&set);
    return doc;
}

static void every_field_and_every_code_come_back_the_same(void **state) {
    (void)state;
    for (size_t turn = 0; turn < 24; turn++) {
        struct bytes doc = answer_with_everything(turn);
        struct record_set *set = NULL;
        (void)oqs_read(doc.p, doc.n, NULL, &set, NULL);
        assert_non_null(set);
        size_t seen = 0;
        for (size_t i = 0; i < field_count(); i++) {
            if (field_at(i)->element[0] != '\0') {
                struct value value = value_at(set, 1, field_at(i)->path);
                assert_true(value.state != VALUE_ABSENT);
                seen++;
            }
        }
        assert_in_range(seen, 100, 200);
        assert_int_equal(record_drift_count(set), 0);
        struct bytes again = {0};
        assert_int_equal(oqs_write_face(set, NULL, 0, OQS_UTF8, NULL, NULL, &again, &why), SHK_OK);
        assert_string_equal(bytes_text(&doc), bytes_text(&again));
        bytes_clear(&again);
        bytes_clear(&doc);
        record_free(&set);
    }
}

#define HEAD_WITH(inside)                                                                          \
    "<XmlMsg><MessageHeader><SegmentOfResult>1</SegmentOfResult>"                                  \
    "<CharacterCodeIdentifier>0</CharacterCodeIdentifier></MessageHeader><MessageBody>"            \
    "<ProcessingResultStatus>1</ProcessingResultStatus>"                                           \
    "<QualificationValidity>1</QualificationValidity>" inside "</MessageBody></XmlMsg>"

static void absent_and_empty_and_unknown_stay_what_they_are(void **state) {
    struct record_set *set = read_text(
        HEAD_WITH("<ResultList>" RESULT("<Name/><Sex1>7</Sex1><InsurerNumber/>"
                                        "<SpecificDiseasesCertificateList>"
                                        "<SpecificDiseasesCertificateInfo/>"
                                        "<SpecificDiseasesCertificateInfo>"
                                        "<SpecificDiseasesSelfPay>10000</SpecificDiseasesSelfPay>"
                                        "</SpecificDiseasesCertificateInfo>"
                                        "<SpecificDiseasesCertificateInfo>"
                                        "<SpecificDiseasesSelfPay>0</SpecificDiseasesSelfPay>"
                                        "</SpecificDiseasesCertificateInfo>"
                                        "</SpecificDiseasesCertificateList>"
                                        "<Address>一\n二\t三</Address>") "</ResultList>"),
        SHK_OK);
    size_t n = 0;
    (void)state;
    assert_int_equal(oqs_write_face(set, NULL, 0, OQS_UTF8, NULL, NULL, &out, &why), SHK_OK);
    struct record_set *again = read_bytes(out.p, out.n, SHK_OK, NULL);
    assert_state(again, 1, "name", VALUE_EMPTY);
    assert_state(again, 1, "insurer_number", VALUE_EMPTY);
    assert_state(again, 1, "name_kana", VALUE_ABSENT);
    assert_state(again, 1, "confirmation_date", VALUE_ABSENT);
    assert_value(again, 1, "sex", "7");
    assert_value(again, 1, "address", "一\n二\t三");
    assert_int_equal(
        record_list_count(again, 1, "specific_diseases", strlen("specific_diseases"), &n), SHK_OK);
    assert_int_equal(n, 3);
    assert_value(again, 1, "specific_diseases[2].self_pay_yen", "10000");
    assert_value(again, 1, "specific_diseases[3].self_pay_yen", "0");
    assert_int_equal(record_drift_count(again), 1); /* the code */
    assert_state(again, 1, "specific_diseases[1].self_pay_yen", VALUE_ABSENT);
    record_free(&again);
    record_free(&set);
}

static void form_of_prescription_that_differs_stays_with_its_result(void **state) {
    struct record_set *set = read_text(
        HEAD_WITH("<ResultList>" RESULT(
            "<Sex1>1</Sex1><PrescriptionIssueSelect>1</PrescriptionIssueSelect>")
                      RESULT("<PrescriptionIssueSelect>2</PrescriptionIssueSelect>") "</"
                                                                                     "ResultList>"),
        SHK_OK);
    (void)state;
    assert_round_trip(set, OQS_UTF8, SHK_OK);
    record_free(&set);
}

/* Where the tag stands in the document. */
static size_t place_of(const char *tag) {
    const char *at = strstr(bytes_text(&out), tag);
    assert_non_null(at);
    return (size_t)(at - bytes_text(&out));
}

static void header_and_body_are_in_the_order_of_pushed_files(void **state) {
    static const char *const order[] = {
        "<?xml version=\"1.0\" encoding=\"Shift_JIS\" standalone=\"no\"?>\r\n<XmlMsg>\r\n",
        "<MessageHeader>",
        "<ProcessExecutionTime>",
        "<CharacterCodeIdentifier>1<",
        "<SegmentOfResult>",
        "<QualificationConfirmationDate>",
        "<ReferenceClassification>",
        "<ArbitraryFileIdentifier>",
        "<MedicalInstitutionCode>",
        "</MessageHeader>",
        "<MessageBody>",
        "<ResultList>",
        "<InsurerNumber>  990010<",
        "<ElderlyRecipientContributionRatio>020<",
        "</ResultList>",
        "<ProcessingResultStatus>",
        "<QualificationValidity>",
        "</MessageBody>"};
    struct record_set *set = read_sample("all_groups.xml", SHK_OK);
    (void)state;
    assert_int_equal(oqs_write_face(set, NULL, 0, OQS_CP932, NULL, NULL, &out, &why), SHK_OK);
    for (size_t i = 1; i < sizeof order / sizeof order[0]; i++) {
        assert_true(place_of(order[i - 1]) < place_of(order[i]));
    }
    assert_null(strstr(bytes_text(&out), "&#"));
    record_free(&set);
}

static void what_the_caller_adds_fills_gaps_only(void **state) {
    static const struct oqs_extra extra[] = {{"reference_class", "1"},
                                             {"confirmation_date", "20990101"},
                                             {"card_class", "01"},
                                             {"elderly.burden_percent", "020"},
                                             {"search.symbol", "見本"}};
    static const struct oqs_extra wrong[] = {{"no.such.path", "1"}};
    struct record_set *set =
        read_text("<XmlMsg>" HEADER "<MessageBody>" VALID
                  "<ResultList>" RESULT("<InsuredCardClassification>02</InsuredCardClassification>")
                      RESULT("") "</ResultList></MessageBody></XmlMsg>",
                  SHK_OK);
    (void)state;
    assert_int_equal(oqs_write_face(set, extra, 5, OQS_UTF8, NULL, NULL, &out, &why), SHK_OK);
    struct record_set *again = read_bytes(out.p, out.n, SHK_OK, NULL);
    assert_value(again, 1, "reference_class", "1");
    assert_value(again, 1, "confirmation_date", "2025-06-02");
    assert_value(again, 1, "card_class", "02");
    assert_value(again, 2, "card_class", "01");
    assert_value(again, 2, "elderly.burden_percent", "20");
    assert_value(again, 1, "search.symbol", "見本");
    record_free(&again);
    bytes_clear(&out);
    assert_int_equal(oqs_write_face(set, wrong, 1, OQS_UTF8, NULL, NULL, &out, &why), SHK_E_PATH);
    assert_string_equal(why.where, "no.such.path");
    assert_int_equal(out.n, 0);
    record_free(&set);
}

static void drift_and_derived_values_are_not_written(void **state) {
    struct record_set *set = read_text(
        ANSWER("<New>見本</New><Name>見本●子</Name><InsurerNumber>06990014</InsurerNumber>"
               "<Birthdate>19540105</Birthdate>"),
        SHK_OK);
    (void)state;
    assert_int_equal(record_drift_count(set), 1);
    assert_int_equal(oqs_write_face(set, NULL, 0, OQS_UTF8, NULL, NULL, &out, &why), SHK_OK);
    assert_null(strstr(bytes_text(&out), "New"));
    struct record_set *again = read_bytes(out.p, out.n, SHK_OK, NULL);
    assert_int_equal(record_drift_count(again), 0);
    record_free(&again);
    record_free(&set);
}

static void character_beyond_code_page_932_is_told_and_nothing_written(void **state) {
    struct record_set *set =
        read_text(HEAD_WITH("<ResultList>" RESULT("<Name>𠮷田</Name>") "</ResultList>"), SHK_OK);
    (void)state;
    assert_int_equal(oqs_write_face(set, NULL, 0, OQS_CP932, NULL, NULL, &out, &why),
                     SHK_E_CHARACTER_LOST);
    assert_string_equal(why.where, "Name");
    assert_int_equal(out.n, 0);
    assert_round_trip(set, OQS_UTF8, SHK_OK);
    record_free(&set);
}

static int32_t put_text(void *self, const char *element, size_t n, uint32_t code,
                        struct bytes *to) {
    const char *text = *(const char **)self;
    (void)element, (void)n;
    assert_int_equal(code, 0x20BB7);
    return text[0] != '\0' ? bytes_append(to, text, strlen(text)) : SHK_E_SCRIPT_RUN;
}

static void what_is_put_for_a_lacking_character_must_be_there_itself(void **state) {
    static const struct {
        const char *text;
        int32_t rc;
    } all[] = {{"吉", SHK_OK}, {"𠮟", SHK_E_CHARACTER_LOST}, {"", SHK_E_SCRIPT_RUN}};
    struct record_set *set =
        read_text(HEAD_WITH("<ResultList>" RESULT("<Name>𠮷田</Name>") "</ResultList>"), SHK_OK);
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        const char *text = all[i].text;
        const struct oqs_instead instead = {put_text, &text};
        bytes_clear(&out);
        why = (struct fault){0};
        assert_int_equal(oqs_write_face(set, NULL, 0, OQS_CP932, &instead, NULL, &out, &why),
                         all[i].rc);
        assert_int_equal(why.code, all[i].rc);
        assert_int_equal(out.n > 0, all[i].rc == SHK_OK);
    }
    record_free(&set);
}

static void control_character_is_told_and_nothing_written(void **state) {
    struct record_set *set = read_text(ANSWER("<Name>a&#13;b</Name>"), SHK_OK);
    (void)state;
    assert_int_equal(oqs_write_face(set, NULL, 0, OQS_UTF8, NULL, NULL, &out, &why),
                     SHK_E_CHARACTER_LOST);
    assert_int_equal(out.n, 0);
    record_free(&set);
}

static void face_file_name_has_the_middle_part(void **state) {
    static const uint8_t random[10] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0x01, 0x23};
    char name[80];
    (void)state;
    assert_int_equal(oqs_face_file_name("9919999999", random, "20250602101112", name), SHK_OK);
    assert_string_equal(name,
                        "OQSsiquc01res_face_99199999990123456789abcdef0123_20250602101112.xml");
    assert_int_equal(oqs_face_file_name("991999999", random, "20250602101112", name),
                     SHK_E_ARGUMENT);
    assert_string_equal(name, "");
    assert_int_equal(oqs_face_file_name("9919999999", random, "2025060210111", name),
                     SHK_E_ARGUMENT);
    assert_int_equal(oqs_face_file_name("../9999999", random, "20250602101112", name),
                     SHK_E_ARGUMENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start_empty, clear)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(every_sample_comes_back_the_same),
        TEST(every_field_and_every_code_come_back_the_same),
        TEST(absent_and_empty_and_unknown_stay_what_they_are),
        TEST(form_of_prescription_that_differs_stays_with_its_result),
        TEST(header_and_body_are_in_the_order_of_pushed_files),
        TEST(what_the_caller_adds_fills_gaps_only),
        TEST(drift_and_derived_values_are_not_written),
        TEST(character_beyond_code_page_932_is_told_and_nothing_written),
        TEST(what_is_put_for_a_lacking_character_must_be_there_itself),
        TEST(control_character_is_told_and_nothing_written),
        TEST(face_file_name_has_the_middle_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
