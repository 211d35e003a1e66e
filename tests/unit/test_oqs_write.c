#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "oqs_help.h"
#include "oqs_message.h"
#include "oqs_write.h"

static const struct card_data person = {.insurer_number = "990010",
                                        .symbol = "見・１２",
                                        .number = "３４５",
                                        .branch_number = "02",
                                        .birth_date = "19540105",
                                        .limit_consent = true,
                                        .identifier = "000123"};
static const struct oqs_head head = {"20250602", "9919999999", "T-000123"};

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

#define LINE(text) text "\r\n"
#define SEARCH_OF_PERSON                                                                           \
    LINE("        <QualificationConfirmSearchInfo>")                                               \
    LINE("            <InsurerNumber>  990010</InsurerNumber>")                                    \
    LINE("            <InsuredCardSymbol>見・１２</InsuredCardSymbol>")                            \
    LINE("            <InsuredIdentificationNumber>３４５</InsuredIdentificationNumber>")          \
    LINE("            <InsuredBranchNumber>02</InsuredBranchNumber>")                              \
    LINE("            <Birthdate>19540105</Birthdate>")                                            \
    LINE("            <LimitApplicationCertificateRelatedConsFlg>1"                                \
         "</LimitApplicationCertificateRelatedConsFlg>")                                           \
    LINE("            <ArbitraryIdentifier>000123</ArbitraryIdentifier>")                          \
    LINE("        </QualificationConfirmSearchInfo>")
#define HEAD_OF_QUESTION                                                                           \
    LINE("    <MessageHeader>")                                                                    \
    LINE("        <QualificationConfirmationDate>20250602</QualificationConfirmationDate>")        \
    LINE("        <MedicalInstitutionCode>9919999999</MedicalInstitutionCode>")                    \
    LINE("        <ArbitraryFileIdentifier>T-000123</ArbitraryFileIdentifier>")                    \
    LINE("    </MessageHeader>")

static const char question[] = LINE("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>")
    LINE("<XmlMsg>") HEAD_OF_QUESTION LINE("    <MessageBody>")
        SEARCH_OF_PERSON LINE("    </MessageBody>") LINE("</XmlMsg>");

static void question_is_written_to_the_byte(void **state) {
    (void)state;
    assert_int_equal(oqs_write_question(&head, &person, OQS_UTF8, &out, &why), SHK_OK);
    assert_string_equal(bytes_text(&out), question);
}

static void question_in_shift_jis_is_the_same_in_other_bytes(void **state) {
    static const char symbol[] = "<InsuredCardSymbol>\x8C\xA9\x81\x45\x82\x50\x82\x51<";
    struct oqs_message message;
    (void)state;
    assert_int_equal(oqs_write_question(&head, &person, OQS_CP932, &out, &why), SHK_OK);
    assert_true(text_starts(
        bytes_text(&out), "<?xml version=\"1.0\" encoding=\"Shift_JIS\" standalone=\"no\"?>\r\n"));
    assert_non_null(strstr(bytes_text(&out), symbol));
    assert_true(oqs_message_read(out.p, out.n, &message));
    assert_string_equal(message.symbol, "見・１２");
}

static void what_is_not_given_is_left_out(void **state) {
    static const struct card_data elderly = {
        .insurer_number = "39990015", .number = "01234567", .birth_date = "19260304"};
    static const struct oqs_head bare = {"", "9919999999", ""};
    (void)state;
    assert_int_equal(oqs_write_question(&bare, &elderly, OQS_UTF8, &out, &why), SHK_OK);
    assert_string_equal(
        bytes_text(&out),
        LINE("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>") LINE("<XmlMsg>")
            LINE("    <MessageHeader>")
                LINE("        <MedicalInstitutionCode>9919999999</MedicalInstitutionCode>")
                    LINE("    </MessageHeader>") LINE("    <MessageBody>") LINE(
                        "        <QualificationConfirmSearchInfo>")
                        LINE("            <InsurerNumber>39990015</InsurerNumber>") LINE(
                            "            "
                            "<InsuredIdentificationNumber>01234567</InsuredIdentificationNumber>")
                            LINE("            <Birthdate>19260304</Birthdate>")
                                LINE("            <LimitApplicationCertificateRelatedConsFlg>0"
                                     "</LimitApplicationCertificateRelatedConsFlg>")
                                    LINE("        </QualificationConfirmSearchInfo>")
                                        LINE("    </MessageBody>") LINE("</XmlMsg>"));
}

static void bulk_question_names_one_after_the_other(void **state) {
    struct card_data two[2] = {person, person};
    (void)state;
    assert_int_equal(oqs_write_bulk_question(&head, two, 2, OQS_UTF8, &out, &why), SHK_OK);
    assert_string_equal(bytes_text(&out),
                        LINE("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>")
                            LINE("<XmlMsg>") HEAD_OF_QUESTION LINE("    <MessageBody>")
                                SEARCH_OF_PERSON SEARCH_OF_PERSON LINE("    </MessageBody>")
                                    LINE("</XmlMsg>"));
    bytes_clear(&out);
    assert_int_equal(oqs_write_bulk_question(&head, two, 0, OQS_UTF8, &out, &why), SHK_E_INPUT);
    assert_int_equal(out.n, 0);
}

static void fetch_names_the_reception_number(void **state) {
    (void)state;
    assert_int_equal(oqs_write_bulk_fetch("9919999999", "R00000000000000001", OQS_UTF8, &out, &why),
                     SHK_OK);
    assert_string_equal(
        bytes_text(&out),
        LINE("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>") LINE("<XmlMsg>")
            LINE("    <MessageHeader>")
                LINE("        <MedicalInstitutionCode>9919999999</MedicalInstitutionCode>")
                    LINE("    </MessageHeader>") LINE("    <MessageBody>")
                        LINE("        <ReceptionNumber>R00000000000000001</ReceptionNumber>")
                            LINE("    </MessageBody>") LINE("</XmlMsg>"));
}

static void registration_names_number_and_card(void **state) {
    struct card_data one = person;
    (void)state;
    text_copy(one.reference_number, sizeof one.reference_number, "000123");
    assert_int_equal(oqs_write_registration(&head, &one, 1, OQS_UTF8, &out, &why), SHK_OK);
    assert_string_equal(
        bytes_text(&out),
        LINE("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>") LINE("<XmlMsg>")
            HEAD_OF_QUESTION LINE("    <MessageBody>")
                LINE("        <ReferenceNumberRegistrationInfo>")
                    LINE("            <ReferenceNumber>000123</ReferenceNumber>") LINE(
                        "            <InsurerNumber>  990010</InsurerNumber>")
                        LINE("            <InsuredCardSymbol>見・１２</InsuredCardSymbol>") LINE(
                            "            "
                            "<InsuredIdentificationNumber>３４５</InsuredIdentificationNumber>")
                            LINE("            <InsuredBranchNumber>02</InsuredBranchNumber>")
                                LINE("        </ReferenceNumberRegistrationInfo>")
                                    LINE("    </MessageBody>") LINE("</XmlMsg>"));
}

static void branch_number_of_one_digit_gets_its_zero(void **state) {
    struct card_data one = person;
    (void)state;
    text_copy(one.branch_number, sizeof one.branch_number, "2");
    assert_int_equal(oqs_write_question(&head, &one, OQS_UTF8, &out, &why), SHK_OK);
    assert_string_equal(bytes_text(&out), question);
}

static void marks_of_xml_are_escaped(void **state) {
    struct card_data one = person;
    struct oqs_message message;
    (void)state;
    text_copy(one.symbol, sizeof one.symbol, "<&>\"'");
    assert_int_equal(oqs_write_question(&head, &one, OQS_CP932, &out, &why), SHK_OK);
    assert_non_null(
        strstr(bytes_text(&out), "<InsuredCardSymbol>&lt;&amp;&gt;\"'</InsuredCardSymbol>"));
    assert_true(oqs_message_read(out.p, out.n, &message));
    assert_string_equal(message.symbol, "<&>\"'");
}

/* What stood in the buffer before stays; of the document nothing comes. */
static void assert_lost(const struct card_data *data, enum oqs_encoding encoding) {
    struct fault lost = {0};
    bytes_clear(&out);
    assert_int_equal(bytes_append_text(&out, "before"), SHK_OK);
    assert_int_equal(oqs_write_question(&head, data, encoding, &out, &lost), SHK_E_CHARACTER_LOST);
    assert_string_equal(lost.where, "InsuredCardSymbol");
    assert_string_equal(bytes_text(&out), "before");
}

static void character_that_cannot_be_written_stops_everything(void **state) {
    static const char *const never[] = {"\x01", "a\x1F",       "\x7F",         "\xC2\x85",
                                        "\t",   "a\r\nb",      "\xEF\xBF\xBE", "\xE8\xA6",
                                        "\xFF", "\xED\xA0\x80"};
    struct card_data one = person;
    (void)state;
    text_copy(one.symbol, sizeof one.symbol, "𠮷");
    assert_lost(&one, OQS_CP932);
    assert_int_equal(oqs_write_question(&head, &one, OQS_UTF8, &out, &why), SHK_OK);
    text_copy(one.symbol, sizeof one.symbol, "髙①～－");
    bytes_clear(&out);
    assert_int_equal(oqs_write_question(&head, &one, OQS_CP932, &out, &why), SHK_OK);
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
        memcpy(one.symbol, never[i], strlen(never[i]) + 1);
        assert_lost(&one, OQS_UTF8);
        assert_lost(&one, OQS_CP932);
    }
}

static void head_that_is_no_head_is_refused(void **state) {
    static const struct oqs_head bad[] = {{"2025062", "9919999999", ""},
                                          {"20250602", "991999999", ""},
                                          {"20250602", "99199999990", ""},
                                          {"20250602", "", ""}};
    static const char *const where[] = {"date", "institution_code", "institution_code",
                                        "institution_code"};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        why = (struct fault){0};
        assert_int_equal(oqs_write_question(&bad[i], &person, OQS_UTF8, &out, &why), SHK_E_INPUT);
        assert_string_equal(why.where, where[i]);
        assert_int_equal(out.n, 0);
    }
}

static void assert_unusable(const struct card_data *data, const char *member) {
    struct fault said = {0};
    assert_int_equal(card_data_check(data, true, &said), SHK_E_INPUT);
    assert_string_equal(said.where, member);
}

#define WITH(member, value)                                                                        \
    do {                                                                                           \
        struct card_data changed = person;                                                         \
        text_copy(changed.member, sizeof changed.member, value);                                   \
        assert_unusable(&changed, #member);                                                        \
    } while (0)
#define TEN "一二三四五六七八九十"
#define FINE(member, value)                                                                        \
    do {                                                                                           \
        struct card_data changed = person;                                                         \
        text_copy(changed.member, sizeof changed.member, value);                                   \
        assert_int_equal(card_data_check(&changed, true, NULL), SHK_OK);                           \
    } while (0)

static void card_data_has_shapes_and_lengths(void **state) {
    (void)state;
    assert_int_equal(card_data_check(&person, true, &why), SHK_OK);
    WITH(insurer_number, "");
    WITH(insurer_number, "99001");
    WITH(insurer_number, "9900101");
    WITH(insurer_number, "  990010");
    WITH(insurer_number, "99001O");
    FINE(symbol, "");
    FINE(symbol, TEN TEN);
    WITH(symbol, TEN TEN "一");
    WITH(symbol, "\x01");
    WITH(number, "");
    FINE(number, TEN TEN);
    WITH(number, TEN TEN "一");
    FINE(branch_number, "");
    WITH(branch_number, "0a");
    WITH(branch_number, "012");
    WITH(birth_date, "");
    WITH(birth_date, "20250229");
    WITH(birth_date, "1954-1-5");
    WITH(identifier, "a\nb");
    FINE(reference_number, TEN TEN TEN TEN TEN);
    WITH(reference_number, TEN TEN TEN TEN TEN "一");
    WITH(reference_number, "\x7F");
}

static void registration_needs_no_date_of_birth(void **state) {
    struct card_data one = person;
    (void)state;
    one.birth_date[0] = '\0';
    assert_unusable(&one, "birth_date");
    text_copy(one.reference_number, sizeof one.reference_number, "000123");
    assert_int_equal(card_data_check(&one, true, &why), SHK_OK);
}

static void check_digit_is_looked_at_when_asked(void **state) {
    struct card_data one = person;
    (void)state;
    FINE(insurer_number, "06990014");
    text_copy(one.insurer_number, sizeof one.insurer_number, "06990015");
    assert_int_equal(card_data_check(&one, false, &why), SHK_OK);
    assert_int_equal(card_data_check(&one, true, &why), SHK_E_CHECK_DIGIT);
    assert_string_equal(why.where, "insurer_number");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start_empty, clear)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(question_is_written_to_the_byte),
        TEST(question_in_shift_jis_is_the_same_in_other_bytes),
        TEST(what_is_not_given_is_left_out),
        TEST(bulk_question_names_one_after_the_other),
        TEST(fetch_names_the_reception_number),
        TEST(registration_names_number_and_card),
        TEST(branch_number_of_one_digit_gets_its_zero),
        TEST(marks_of_xml_are_escaped),
        TEST(character_that_cannot_be_written_stops_everything),
        TEST(head_that_is_no_head_is_refused),
        TEST(card_data_has_shapes_and_lengths),
        TEST(registration_needs_no_date_of_birth),
        TEST(check_digit_is_looked_at_when_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
