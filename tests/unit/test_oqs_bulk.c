#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "oqs_bulk_help.h"

static struct crowd crowd;

static int start_empty(void **state) {
    (void)state;
    crowd = (struct crowd){0};
    return 0;
}

static int clear(void **state) {
    (void)state;
    crowd_clear(&crowd);
    return 0;
}

static void assert_bulk_result(const char *name) {
    assert_int_equal(crowd.rc, SHK_OK);
    assert_int_equal(crowd.n, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_non_null(crowd.sets[i]);
        assert_value(crowd.sets[i], 1, "confirmation_date", "2025-06-02");
        assert_value(crowd.sets[i], 1, "file_identifier", "B-20250602");
        assert_int_equal(record_drift_count(crowd.sets[i]), 0);
    }
    assert_value(crowd.sets[0], 1, "name", name);
    assert_value(crowd.sets[0], 1, "name_kana", "ﾐﾎﾝ ｼﾞﾛｳ");
    assert_value(crowd.sets[0], 1, "symbol", "７７");
    assert_value(crowd.sets[0], 1, "reference_number", "000123");
    assert_value(crowd.sets[0], 1, "search.arbitrary_identifier", "000123_1");
    assert_int_equal(record_outcome(crowd.sets[0]), OUTCOME_ELIGIBLE);
    assert_value(crowd.sets[1], 1, "search.insurer_number", "990010");
    assert_value(crowd.sets[1], 1, "result_message", "（見本）該当する資格がありません");
    assert_state(crowd.sets[1], 1, "reference_number", VALUE_ABSENT);
    assert_state(crowd.sets[1], 1, "name", VALUE_ABSENT);
    assert_int_equal(record_outcome(crowd.sets[1]), OUTCOME_NOT_ELIGIBLE);
    assert_int_equal(record_count(crowd.sets[2]), 2);
    assert_value(crowd.sets[2], 2, "insurer_number", "12990016");
    assert_value(crowd.sets[2], 2, "search.arbitrary_identifier", "000125_1");
    assert_int_equal(record_outcome(crowd.sets[2]), OUTCOME_ELIGIBLE);
}

static void value_behind_a_person_is_nobodys(void **state) {
    (void)state;
    crowd_read_text(
        &crowd, BULK(FOUND("<Name>見本　花子</Name>") "<ProcessingResultMessage>見本</"
                                                      "ProcessingResultMessage>" FOUND("<Name/>")));
    assert_int_equal(crowd.rc, SHK_OK);
    assert_int_equal(crowd.n, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_state(crowd.sets[i], 1, "result_message", VALUE_ABSENT);
        assert_int_equal(record_drift_count(crowd.sets[i]), i);
    }
}

static void every_person_is_a_set_with_the_headers_values(void **state) {
    (void)state;
    crowd_read_sample(&crowd, "bulk_result.xml", AT_ONCE);
    assert_bulk_result("見本　次郎");
    assert_string_equal(crowd.head.reception_number, "R00000000000000001");
    assert_string_equal(crowd.head.institution_code, "9919999999");
    assert_string_equal(crowd.head.file_identifier, "B-20250602");
    assert_string_equal(crowd.head.confirmation_date, "2025-06-02");
    assert_int_equal(crowd.head.segment, 1);
    assert_int_equal(crowd.head.processed, 3);
    assert_int_equal(crowd.head.normal, 2);
    assert_int_equal(crowd.head.errors, 1);
    assert_int_equal(crowd.head.strays, 0);
}

static void pieces_may_be_cut_anywhere(void **state) {
    static const char *const names[] = {"bulk_result.xml", "bulk_result_cp932.xml"};
    static const size_t pieces[] = {1, 2, 3, 5, 7, 64, 255, 1000, 1023, 4097};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; k < sizeof pieces / sizeof pieces[0]; k++) {
            crowd_read_sample(&crowd, names[i], pieces[k]);
            assert_bulk_result("見本　次郎");
            crowd_clear(&crowd);
        }
    }
}

/* The same paths and texts as oqs_read gives for the same person. */
static void one_person_is_read_as_unit_one_like_oqs_read_does(void **state) {
    static const char *const names[] = {"all_groups.xml", "elderly_face_cp932.xml",
                                        "insurance_and_aid.xml", "lost_newer.xml"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct record_set *one = read_sample(names[i], SHK_OK);
        crowd_read_sample(&crowd, names[i], 100);
        assert_int_equal(crowd.rc, SHK_OK);
        assert_int_equal(crowd.n, 1);
        assert_same_set(one, crowd.sets[0]);
        assert_int_equal(record_outcome(one), record_outcome(crowd.sets[0]));
        record_free(&one);
        crowd_clear(&crowd);
    }
}

static void header_behind_the_persons_counts_for_all_of_them(void **state) {
    (void)state;
    crowd_read_text(&crowd, "<XmlMsg><MessageBody>" FOUND("<Name>見本一</Name>") FOUND(
                                "<Name>見本二</Name>") "</MessageBody>" BULK_HEADER "</XmlMsg>");
    assert_int_equal(crowd.rc, SHK_OK);
    assert_int_equal(crowd.n, 2);
    assert_value(crowd.sets[0], 1, "name", "見本一");
    assert_value(crowd.sets[1], 1, "name", "見本二");
    assert_value(crowd.sets[1], 1, "confirmation_date", "2025-06-02");
    assert_int_equal(record_outcome(crowd.sets[0]), OUTCOME_ELIGIBLE);
    crowd_clear(&crowd);
    crowd_read_text(&crowd, "<XmlMsg><MessageBody><ResultList>" RESULT(
                                "<Name>見本</Name>") "</ResultList>" VALID "</MessageBody>" HEADER
                                                     "</XmlMsg>");
    assert_int_equal(crowd.n, 1);
    assert_int_equal(record_outcome(crowd.sets[0]), OUTCOME_ELIGIBLE);
}

static struct bytes repeated(const char *before, const char *unit, size_t n, const char *after) {
    struct bytes doc = {0};
    assert_int_equal(bytes_append_text(&doc, before), SHK_OK);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(bytes_append_text(&doc, unit), SHK_OK);
    }
    assert_int_equal(bytes_append_text(&doc, after), SHK_OK);
    return doc;
}

static void too_many_persons_before_the_header_are_refused(void **state) {
    static const size_t counts[] = {256, 257};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct bytes doc = repeated("<XmlMsg><MessageBody>", FOUND("<Name>見本</Name>"), counts[i],
                                    "</MessageBody>" BULK_HEADER "</XmlMsg>");
        crowd_read(&crowd, doc.p, doc.n, 1000, NULL);
        assert_int_equal(crowd.rc, i == 0 ? SHK_OK : SHK_E_XML);
        assert_int_equal(crowd.n, i == 0 ? 256 : 0);
        assert_string_equal(crowd.why.where, i == 0 ? "" : "MessageHeader");
        crowd_clear(&crowd);
        bytes_clear(&doc);
    }
}

static void impossible_value_loses_one_person_and_not_the_next(void **state) {
    (void)state;
    crowd_read_text(&crowd, BULK(FOUND("<Name>見本一</Name>")
                                     FOUND("<Birthdate>20250230</Birthdate>"
                                           "<Unheard>1</Unheard><Name>見本二</Name>")
                                         FOUND("<Name>見本三</Name>")));
    assert_int_equal(crowd.rc, SHK_OK);
    assert_int_equal(crowd.n, 3);
    assert_value(crowd.sets[0], 1, "name", "見本一");
    assert_null(crowd.sets[1]);
    assert_int_equal(crowd.faults[1].code, SHK_E_VALUE);
    assert_string_equal(crowd.faults[1].where, "Birthdate");
    assert_int_equal(crowd.faults[1].native_kind, SHK_NATIVE_XML_LINE);
    assert_int_equal(crowd.faults[1].native, 3);
    assert_value(crowd.sets[2], 1, "name", "見本三");
    assert_int_equal(record_drift_count(crowd.sets[2]), 0);
}

static void two_people_in_one_unit_are_not_one(void **state) {
    (void)state;
    crowd_read_text(&crowd, BULK(UNIT(VALID RESULT("<Birthdate>19500101</Birthdate>") RESULT(
                                "<Birthdate>19600101</Birthdate>")) FOUND("<Name>見本</Name>")));
    assert_int_equal(crowd.n, 2);
    assert_null(crowd.sets[0]);
    assert_int_equal(crowd.faults[0].code, SHK_E_VALUE);
    assert_string_equal(crowd.faults[0].where, "Birthdate");
    assert_non_null(crowd.sets[1]);
}

static void values_of_one_person_never_reach_the_next(void **state) {
    (void)state;
    crowd_read_text(&crowd,
                    BULK(UNIT(VALID "<ReferenceNumber>1</ReferenceNumber>" RESULT(
                        "<Name>見本一</Name><Address>見本町</Address>"))
                             UNIT("<QualificationConfirmSearchInfo/>") UNIT(
                                 "<ProcessingResultStatus>1</ProcessingResultStatus>" RESULT(""))));
    assert_int_equal(crowd.n, 3);
    for (size_t i = 1; i < 3; i++) {
        static const char *const paths[] = {"name", "address", "reference_number", "validity",
                                            "search.insurer_number"};
        for (size_t k = 0; k < 5; k++) {
            assert_state(crowd.sets[i], 1, paths[k], VALUE_ABSENT);
        }
        assert_int_equal(record_outcome(crowd.sets[i]), OUTCOME_NONE);
        assert_int_equal(record_drift_count(crowd.sets[i]), 0);
    }
}

static void unknown_elements_are_drift_of_their_person(void **state) {
    (void)state;
    crowd_read_text(
        &crowd, "<XmlMsg><MessageHeader><SegmentOfResult>1</SegmentOfResult><HeaderNew>h"
                "</HeaderNew></MessageHeader><MessageBody>" UNIT(VALID RESULT(
                    "<Sex1>7</Sex1><New>a</New>") "<UnitNew>b</UnitNew>"
                                                  "<ReferenceNumber>1</ReferenceNumber>"
                                                  "<ReferenceNumber>2</ReferenceNumber>")
                    FOUND("") "<Between>c</Between>" FOUND("") "<Behind>d</Behind></MessageBody>"
                                                               "</XmlMsg>");
    assert_int_equal(crowd.n, 3);
    assert_string_equal(drift_raw(crowd.sets[0], "MessageHeader/HeaderNew"), "h");
    assert_string_equal(drift_raw(crowd.sets[0], "MessageBody/UnitNew"), "b");
    assert_string_equal(drift_raw(crowd.sets[0], "MessageBody/ReferenceNumber=duplicate"), "2");
    assert_string_equal(
        drift_raw(crowd.sets[0], "MessageBody/ResultOfQualificationConfirmation/New"), "a");
    assert_int_equal(record_drift_count(crowd.sets[0]), 5);
    assert_int_equal(record_drift_count(crowd.sets[1]), 0);
    assert_string_equal(drift_raw(crowd.sets[2], "MessageBody/Between"), "c");
    assert_int_equal(crowd.head.strays, 1);
}

static void unknown_code_of_the_header_is_told_once(void **state) {
    (void)state;
    crowd_read_text(&crowd, "<XmlMsg><MessageHeader><SegmentOfResult>1</SegmentOfResult>"
                            "<ReferenceClassification>Z</ReferenceClassification></MessageHeader>"
                            "<MessageBody>" FOUND("") FOUND("") "</MessageBody></XmlMsg>");
    assert_int_equal(crowd.n, 2);
    assert_string_equal(
        drift_raw(crowd.sets[0], "MessageHeader/ReferenceClassification=unknown code"), "Z");
    assert_int_equal(record_drift_count(crowd.sets[1]), 0);
    assert_value(crowd.sets[1], 1, "reference_class", "Z");
}

static void unit_in_a_unit_is_no_other_person(void **state) {
    (void)state;
    crowd_read_text(&crowd, BULK(UNIT(VALID FOUND("<Name>見本</Name>") RESULT(""))));
    assert_int_equal(crowd.rc, SHK_OK);
    assert_int_equal(crowd.n, 1);
    assert_state(crowd.sets[0], 1, "name", VALUE_ABSENT);
    assert_non_null(strstr(drift_raw(crowd.sets[0], "MessageBody/BulkConfirmUnit"), "見本"));
}

/* Only a unit may leave the list out. */
static void result_without_its_list_is_drift_in_one_persons_answer(void **state) {
    struct record_set *set =
        read_text(BODY(VALID RESULT("<Name>見本</Name>")), SHK_E_ANSWER_UNCLEAR);
    (void)state;
    assert_state(set, 1, "name", VALUE_ABSENT);
    assert_int_equal(record_outcome(set), OUTCOME_NONE);
    assert_int_equal(record_drift_count(set), 1);
    record_free(&set);
}

/* A status of the whole body must not make anyone eligible. */
static void values_of_the_body_are_no_persons(void **state) {
    (void)state;
    crowd_read_text(&crowd, BULK(VALID UNIT(RESULT("<Name>見本</Name>")) VALID UNIT(RESULT(""))));
    assert_int_equal(crowd.n, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_state(crowd.sets[i], 1, "validity", VALUE_ABSENT);
        assert_int_equal(record_outcome(crowd.sets[i]), OUTCOME_NONE);
        assert_string_equal(
            drift_raw(crowd.sets[i], i == 0 ? "MessageBody/QualificationValidity"
                                            : "MessageBody/QualificationValidity=duplicate"),
            "1");
    }
}

static void results_outside_of_the_units_are_foreign(void **state) {
    static const char *const mixed[] = {
        BULK(VALID "<ResultList>" RESULT("<Name>見本</Name>") "</ResultList>" FOUND("")),
        BULK(FOUND("") "<ResultList>" RESULT("<Name>見本</Name>") "</ResultList>"),
        BULK(FOUND("") "<ResultList>" RESULT("") "</ResultList>" FOUND("")),
    };
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        crowd_read_text(&crowd, mixed[i]);
        assert_int_equal(crowd.rc, SHK_E_XML_FOREIGN);
        assert_string_equal(crowd.why.where, "ResultList");
        crowd_clear(&crowd);
    }
}

static void nobody_is_given_from_a_file_that_did_not_end_normally(void **state) {
    static const int32_t codes[] = {SHK_E_ANSWER_PENDING, SHK_E_ANSWER_REFUSED,
                                    SHK_E_ANSWER_REFUSED, SHK_E_XML_FOREIGN};
    static const char *const headers[] = {"<SegmentOfResult>2</SegmentOfResult>",
                                          "<SegmentOfResult>9</SegmentOfResult>",
                                          "<SegmentOfResult>3</SegmentOfResult>", ""};
    (void)state;
    for (size_t i = 0; i < 8; i++) {
        char doc[1024];
        text_format(doc, sizeof doc, "<XmlMsg>%s%s%s<MessageBody>%s</MessageBody>%s%s%s</XmlMsg>",
                    i < 4 ? "<MessageHeader>" : "", i < 4 ? headers[i] : "",
                    i < 4 ? "</MessageHeader>" : "", FOUND("<Name>見本</Name>"),
                    i < 4 ? "" : "<MessageHeader>", i < 4 ? "" : headers[i % 4],
                    i < 4 ? "" : "</MessageHeader>");
        crowd_read_text(&crowd, doc);
        assert_int_equal(crowd.rc, codes[i % 4]);
        assert_int_equal(crowd.n, 0);
        crowd_clear(&crowd);
    }
    crowd_read_sample(&crowd, "bulk_pending.xml", 100);
    assert_int_equal(crowd.rc, SHK_E_ANSWER_PENDING);
    assert_string_equal(crowd.head.reception_number, "R00000000000000001");
    assert_int_equal(crowd.head.segment, 2);
    assert_int_equal(crowd.head.processed, -1);
}

static void documents_without_persons_are_foreign(void **state) {
    static const char *const docs[] = {"<html/>", "<XmlMsg/>", "<XmlMsg>" HEADER "</XmlMsg>",
                                       "<XmlMsg>" HEADER "<MessageBody/></XmlMsg>"};
    (void)state;
    for (size_t i = 0; i < sizeof docs / sizeof docs[0]; i++) {
        crowd_read_text(&crowd, docs[i]);
        assert_int_equal(crowd.rc, SHK_E_XML_FOREIGN);
    }
    crowd_read_sample(&crowd, "request.xml", 100);
    assert_int_equal(crowd.rc, SHK_E_XML_FOREIGN);
    crowd_read_sample(&crowd, "bulk_accepted.xml", 100);
    assert_int_equal(crowd.rc, SHK_E_XML_FOREIGN);
    /* Nobody asked for, nobody found: an answer. */
    crowd_read_text(&crowd, BULK(""));
    assert_int_equal(crowd.rc, SHK_OK);
    assert_int_equal(crowd.n, 0);
}

static void receivers_code_ends_the_reading(void **state) {
    (void)state;
    crowd.stop_at = 2;
    crowd_read_sample(&crowd, "bulk_result.xml", 50);
    assert_int_equal(crowd.rc, SHK_E_CANCELLED);
    assert_int_equal(crowd.n, 2);
    crowd_clear(&crowd);
    crowd.stop_at = 1; /* while those that waited for the header are given */
    crowd_read_text(&crowd, "<XmlMsg><MessageBody>" FOUND("<Name>見本一</Name>") FOUND(
                                "<Name>見本二</Name>") "</MessageBody>" BULK_HEADER "</XmlMsg>");
    assert_int_equal(crowd.rc, SHK_E_CANCELLED);
    assert_int_equal(crowd.n, 1);
}

static void impossible_header_ends_the_reading(void **state) {
    (void)state;
    crowd_read_text(&crowd, "<XmlMsg><MessageHeader><SegmentOfResult>1</SegmentOfResult>\n"
                            "<QualificationConfirmationDate>20250631"
                            "</QualificationConfirmationDate></MessageHeader>"
                            "<MessageBody>" FOUND("") "</MessageBody></XmlMsg>");
    assert_int_equal(crowd.rc, SHK_E_VALUE);
    assert_string_equal(crowd.why.where, "QualificationConfirmationDate");
    assert_int_equal(crowd.why.native, 2);
    assert_int_equal(crowd.n, 0);
}

static void oqs_read_does_not_take_a_bulk_answer_for_one_person(void **state) {
    (void)state;
    struct fault why;
    struct sample s = sample_read("bulk_result.xml");
    assert_null(read_bytes(s.p, s.n, SHK_E_XML_FOREIGN, &why));
    assert_string_equal(why.where, "BulkConfirmUnit");
    free(s.p);
    assert_where(BULK("\n" VALID UNIT("")), SHK_E_XML_FOREIGN, "BulkConfirmUnit", 3);
}

static enum oqs_document kind_of(const char *text) {
    return oqs_document_kind((const uint8_t *)text, strlen(text));
}

static void kind_is_guessed_from_the_first_bytes(void **state) {
    static const char *const bulk[] = {"bulk_result.xml", "bulk_result_cp932.xml"};
    static const char *const one[] = {"all_groups.xml", "elderly_face_cp932.xml"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct sample s = sample_read(bulk[i]);
        assert_int_equal(oqs_document_kind(s.p, s.n), OQS_DOCUMENT_BULK);
        assert_int_equal(oqs_document_kind(s.p, 1200), OQS_DOCUMENT_BULK);
        free(s.p);
        s = sample_read(one[i]);
        assert_int_equal(oqs_document_kind(s.p, s.n), OQS_DOCUMENT_RESULT);
        free(s.p);
    }
    assert_int_equal(kind_of("\xEF\xBB\xBF\r\n<!-- <a> --><XmlMsg >"), OQS_DOCUMENT_RESULT);
    assert_int_equal(kind_of("<XmlMsg/>"), OQS_DOCUMENT_RESULT);
    assert_int_equal(kind_of("<XmlMsg><MessageBody><BulkConfirmUnit>"), OQS_DOCUMENT_BULK);
    assert_int_equal(kind_of("<XmlMsgs>"), OQS_DOCUMENT_OTHER);
    assert_int_equal(kind_of("<a><XmlMsg>"), OQS_DOCUMENT_OTHER);
    assert_int_equal(kind_of("<!-- <XmlMsg>"), OQS_DOCUMENT_OTHER);
    assert_int_equal(kind_of("■資格情報"), OQS_DOCUMENT_OTHER);
    assert_int_equal(kind_of("<XmlMsg"), OQS_DOCUMENT_OTHER);
    assert_int_equal(kind_of(""), OQS_DOCUMENT_OTHER);
    assert_int_equal(oqs_document_kind(NULL, 0), OQS_DOCUMENT_OTHER);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start_empty, clear)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(every_person_is_a_set_with_the_headers_values),
        TEST(value_behind_a_person_is_nobodys),
        TEST(pieces_may_be_cut_anywhere),
        TEST(one_person_is_read_as_unit_one_like_oqs_read_does),
        TEST(header_behind_the_persons_counts_for_all_of_them),
        TEST(too_many_persons_before_the_header_are_refused),
        TEST(impossible_value_loses_one_person_and_not_the_next),
        TEST(two_people_in_one_unit_are_not_one),
        TEST(values_of_one_person_never_reach_the_next),
        TEST(unknown_elements_are_drift_of_their_person),
        TEST(unknown_code_of_the_header_is_told_once),
        TEST(unit_in_a_unit_is_no_other_person),
        TEST(result_without_its_list_is_drift_in_one_persons_answer),
        TEST(values_of_the_body_are_no_persons),
        TEST(results_outside_of_the_units_are_foreign),
        TEST(nobody_is_given_from_a_file_that_did_not_end_normally),
        TEST(documents_without_persons_are_foreign),
        TEST(receivers_code_ends_the_reading),
        TEST(impossible_header_ends_the_reading),
        TEST(oqs_read_does_not_take_a_bulk_answer_for_one_person),
        TEST(kind_is_guessed_from_the_first_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
