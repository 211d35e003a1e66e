#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "oqs_help.h"
#include "oqs_message.h"

static struct oqs_message read_message(const char *name) {
    struct oqs_message message;
    struct sample s = sample_read(name);
    assert_true(oqs_message_read(s.p, s.n, &message));
    free(s.p);
    return message;
}

static void question_names_its_person(void **state) {
    struct oqs_message m = read_message("request.xml");
    (void)state;
    assert_string_equal(m.institution_code, "9919999999");
    assert_string_equal(m.file_identifier, "T-000123");
    assert_string_equal(m.date, "20250602");
    assert_true(m.has_search);
    assert_string_equal(m.insurer_number, "  990010");
    assert_string_equal(m.symbol, "見・１２");
    assert_string_equal(m.number, "３４５");
    assert_string_equal(m.branch_number, "02");
    assert_string_equal(m.birth_date, "19540105");
    assert_string_equal(m.arbitrary_identifier, "000123");
    assert_int_equal(m.segment, 0);
    assert_int_equal(m.status, 0);
    assert_string_equal(m.error_code, "");
}

static void answer_tells_its_segment_and_echo(void **state) {
    struct oqs_message m = read_message("all_groups.xml");
    (void)state;
    assert_int_equal(m.segment, 1);
    assert_true(m.has_search);
    assert_string_equal(m.arbitrary_identifier, "000123");
    assert_int_equal(m.status, 0);
    m = read_message("elderly_face_cp932.xml");
    assert_false(m.has_search);
    assert_string_equal(m.birth_date, "");
    m = read_message("refused.xml");
    assert_int_equal(m.segment, 9);
    assert_string_equal(m.error_code, "X9999999");
}

static void bulk_messages_tell_their_reception_number(void **state) {
    struct oqs_message m = read_message("bulk_accepted.xml");
    (void)state;
    assert_string_equal(m.reception_number, "R00000000000000001");
    assert_string_equal(m.file_identifier, "B-20250602");
    assert_int_equal(m.segment, 0);
    m = read_message("bulk_pending.xml");
    assert_string_equal(m.reception_number, "R00000000000000001");
    assert_int_equal(m.segment, 2);
    m = read_message("bulk_result_cp932.xml");
    assert_string_equal(m.reception_number, "R00000000000000001");
    assert_false(m.has_search);
    assert_string_equal(m.insurer_number, "");
    assert_string_equal(m.arbitrary_identifier, "");
    assert_int_equal(m.status, 0);
}

static void registration_tells_its_status(void **state) {
    struct oqs_message m = read_message("registered_one.xml");
    (void)state;
    assert_int_equal(m.segment, 1);
    assert_int_equal(m.status, 1);
    assert_int_equal(read_message("registered_bulk_cp932.xml").status, 0);
}

static bool is_message(const char *text) {
    struct oqs_message m;
    bool is = oqs_message_read((const uint8_t *)text, strlen(text), &m);
    static const struct oqs_message none;
    if (!is) {
        assert_memory_equal(&m, &none, sizeof m);
    }
    return is;
}

static void only_whole_messages_are_messages(void **state) {
    (void)state;
    assert_true(is_message("<XmlMsg/>"));
    assert_true(is_message("<XmlMsg><New><a>1</a></New></XmlMsg>"));
    assert_false(is_message(""));
    assert_false(is_message("<XmlMsg><MessageHeader>"
                            "<MedicalInstitutionCode>9919999999</MedicalInstitutionCode>"));
    assert_false(is_message("<XmlMsg><a></b></XmlMsg>"));
    assert_false(is_message("<Other/>"));
    assert_false(is_message("<!DOCTYPE XmlMsg><XmlMsg/>"));
    assert_false(is_message("<?xml version=\"1.0\" encoding=\"EUC-JP\"?><XmlMsg/>"));
    struct sample s = sample_read("request.xml");
    while (s.p[s.n - 1] != '>') {
        s.n--;
    }
    for (size_t n = 0; n < s.n; n++) {
        struct oqs_message m;
        assert_false(oqs_message_read(s.p, n, &m));
    }
    free(s.p);
}

static void message_of_more_than_four_mebibytes_is_none(void **state) {
    static const size_t most = (size_t)4 * 1024 * 1024;
    struct oqs_message m;
    uint8_t *doc = malloc(most + 1);
    (void)state;
    assert_non_null(doc);
    memset(doc, ' ', most + 1);
    static const char message[] = {'<', 'X', 'm', 'l', 'M', 's', 'g', '/', '>'};
    memcpy(doc, message, sizeof message);
    assert_true(oqs_message_read(doc, most, &m));
    assert_false(oqs_message_read(doc, most + 1, &m));
    free(doc);
}

static void long_words_are_cut_between_characters(void **state) {
    struct oqs_message m;
    char doc[1024] = "<XmlMsg><MessageBody><QualificationConfirmSearchInfo><InsuredCardSymbol>";
    (void)state;
    for (size_t i = 0; i < 60; i++) {
        text_format(doc + strlen(doc), 8, "見");
    }
    text_format(doc + strlen(doc), 200,
                "</InsuredCardSymbol><InsuredCardSymbol>二</InsuredCardSymbol>"
                "</QualificationConfirmSearchInfo></MessageBody></XmlMsg>");
    assert_true(oqs_message_read((const uint8_t *)doc, strlen(doc), &m));
    assert_int_equal(strlen(m.symbol), 126);
}

static struct oqs_registered *people;
static size_t people_n;
static struct fault why;

static int32_t read_registered(const void *p, size_t n) {
    why = (struct fault){0};
    int32_t rc = oqs_registered_read(p, n, &people, &people_n, &why);
    assert_int_equal(rc, why.code);
    if (rc != SHK_OK) {
        assert_null(people);
        assert_int_equal(people_n, 0);
    }
    return rc;
}

static int32_t registered_sample(const char *name) {
    struct sample s = sample_read(name);
    int32_t rc = read_registered(s.p, s.n);
    free(s.p);
    return rc;
}

static int32_t registered_text(const char *text) {
    return read_registered(text, strlen(text));
}

static void registered_persons_are_told_one_by_one(void **state) {
    (void)state;
    assert_int_equal(registered_sample("registered_one.xml"), SHK_OK);
    assert_int_equal(people_n, 1);
    assert_string_equal(people[0].reference_number, "000123");
    assert_int_equal(people[0].status, 1);
    free(people);
    assert_int_equal(registered_sample("registered_bulk_cp932.xml"), SHK_OK);
    assert_int_equal(people_n, 2);
    assert_string_equal(people[0].reference_number, "000123");
    assert_int_equal(people[0].status, 1);
    assert_string_equal(people[0].code, "");
    assert_string_equal(people[1].reference_number, "見本－１２４");
    assert_int_equal(people[1].status, 2);
    assert_string_equal(people[1].code, "X0000003");
    free(people);
}

#define UNIT_OF(n)                                                                                 \
    "<BulkRegistrationUnit><ReferenceNumber>" n "</ReferenceNumber></BulkRegistrationUnit>"
#define SAID(segment, body)                                                                        \
    "<XmlMsg><MessageHeader><SegmentOfResult>" segment                                             \
    "</SegmentOfResult></MessageHeader><MessageBody>" body "</MessageBody></XmlMsg>"

static void status_of_one_is_not_that_of_the_next(void **state) {
    (void)state;
    assert_int_equal(
        registered_text(SAID("1", "<BulkRegistrationUnit><ProcessingResultStatus>1"
                                  "</ProcessingResultStatus></BulkRegistrationUnit>" UNIT_OF("2"))),
        SHK_OK);
    assert_int_equal(people_n, 2);
    assert_int_equal(people[0].status, 1);
    assert_string_equal(people[0].reference_number, "");
    assert_int_equal(people[1].status, 0);
    assert_string_equal(people[1].reference_number, "2");
    free(people);
}

static void registration_that_is_none_is_refused(void **state) {
    (void)state;
    assert_int_equal(registered_text(SAID("2", "")), SHK_E_ANSWER_PENDING);
    assert_int_equal(registered_text(SAID("9", UNIT_OF("1"))), SHK_E_ANSWER_REFUSED);
    assert_int_equal(registered_text(SAID("", UNIT_OF("1"))), SHK_E_XML_FOREIGN);
    assert_int_equal(registered_text(SAID("1", "")), SHK_E_XML_FOREIGN);
    assert_int_equal(registered_text("<XmlMsg/>"), SHK_E_XML_FOREIGN);
    assert_int_equal(registered_text("<Other/>"), SHK_E_XML_FOREIGN);
    assert_int_equal(registered_text("<XmlMsg>"), SHK_E_XML);
    assert_int_equal(registered_text(""), SHK_E_XML);
    assert_int_equal(registered_text("<!DOCTYPE XmlMsg><XmlMsg/>"), SHK_E_XML);
    assert_int_equal(registered_text("<XmlMsg>\xFF</XmlMsg>"), SHK_E_XML_ENCODING);
}

static void many_registered_persons_are_all_there(void **state) {
    struct bytes doc = {0};
    (void)state;
    assert_int_equal(bytes_append_text(&doc, "<XmlMsg><MessageHeader><SegmentOfResult>1"
                                             "</SegmentOfResult></MessageHeader><MessageBody>"),
                     SHK_OK);
    for (unsigned i = 0; i < 1000; i++) {
        char unit[256];
        text_format(unit, sizeof unit, UNIT_OF("%u"), i);
        assert_int_equal(bytes_append_text(&doc, unit), SHK_OK);
    }
    assert_int_equal(bytes_append_text(&doc, "</MessageBody></XmlMsg>"), SHK_OK);
    assert_int_equal(read_registered(doc.p, doc.n), SHK_OK);
    assert_int_equal(people_n, 1000);
    assert_string_equal(people[999].reference_number, "999");
    free(people);
    bytes_clear(&doc);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(question_names_its_person),
        cmocka_unit_test(answer_tells_its_segment_and_echo),
        cmocka_unit_test(bulk_messages_tell_their_reception_number),
        cmocka_unit_test(registration_tells_its_status),
        cmocka_unit_test(only_whole_messages_are_messages),
        cmocka_unit_test(message_of_more_than_four_mebibytes_is_none),
        cmocka_unit_test(long_words_are_cut_between_characters),
        cmocka_unit_test(registered_persons_are_told_one_by_one),
        cmocka_unit_test(status_of_one_is_not_that_of_the_next),
        cmocka_unit_test(registration_that_is_none_is_refused),
        cmocka_unit_test(many_registered_persons_are_all_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
