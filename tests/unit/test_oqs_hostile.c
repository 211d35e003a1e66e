#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <unistd.h>

#include "oqs_help.h"

#define MEBIBYTE ((size_t)1024 * 1024)

static void assert_refused(const void *p, size_t n, int32_t code, const char *where) {
    struct fault why;
    assert_null(read_bytes(p, n, code, &why));
    assert_string_equal(why.where, where);
}

static const char laughs[] =
    "<?xml version=\"1.0\"?><!DOCTYPE XmlMsg [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">"
    "<!ENTITY c \"&b;&b;&b;&b;\">]><XmlMsg>&c;</XmlMsg>";

static void document_types_are_refused_before_they_are_read(void **state) {
    static const char *const attacks[] = {
        laughs,
        "<!DOCTYPE XmlMsg [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><XmlMsg>&x;</XmlMsg>",
        "<!-- c --><!DOCTYPE XmlMsg SYSTEM \"http://127.0.0.1:1/x.dtd\"><XmlMsg/>",
        "<!DOCTYPE XmlMsg [<!ENTITY % p SYSTEM \"file:///etc/hostname\"> %p;]><XmlMsg/>",
        "<!DOCTYPE XmlMsg><XmlMsg/>",
    };
    (void)state;
    for (size_t i = 0; i < sizeof attacks / sizeof attacks[0]; i++) {
        assert_refused(attacks[i], strlen(attacks[i]), SHK_E_XML, "DOCTYPE");
    }
}

static void entity_that_nobody_declared_is_refused(void **state) {
    (void)state;
    assert_null(read_text(ANSWER("<Name>&x;</Name>"), SHK_E_XML));
}

static void document_cut_short_is_refused_at_every_length(void **state) {
    struct sample s = sample_read("elderly_face_cp932.xml");
    (void)state;
    while (s.n > 0 && s.p[s.n - 1] != '>') {
        s.n--;
    }
    for (size_t n = 0; n < s.n; n++) {
        struct record_set *set = NULL;
        struct fault why = {0};
        int32_t rc = oqs_read(s.p, n, NULL, &set, &why);
        if (rc != SHK_E_XML && rc != SHK_E_XML_ENCODING) {
            fail_msg("%d after %u bytes", (int)rc, (unsigned)n);
        }
        assert_null(set);
    }
    free(s.p);
}

static void garbage_is_refused(void **state) {
    (void)state;
    assert_refused("", 0, SHK_E_XML, "");
    assert_null(read_text("資格確認", SHK_E_XML));
    assert_null(read_text("{\"status\":1}", SHK_E_XML));
    assert_null(read_text("<XmlMsg><a></b></XmlMsg>", SHK_E_XML));
    assert_null(read_text(BODY("") "<XmlMsg/>", SHK_E_XML));
    assert_null(read_text(ANSWER("<Name>\x01</Name>"), SHK_E_XML));
    assert_null(read_bytes("<XmlMsg>\0</XmlMsg>", 18, SHK_E_XML, NULL));
}

static void second_byte_order_mark_cannot_choose_the_encoding(void **state) {
    static const char twice[] =
        "\xEF\xBB\xBF\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"EUC-JP\"?>" ANSWER(
            "<Name>山田山</Name>");
    (void)state;
    assert_refused(twice, sizeof twice - 1, SHK_E_XML_ENCODING, "byte order mark");
}

#define TOLD(encoding, code, name)                                                                 \
    "<?xml version=\"1.0\" encoding=\"" encoding "\"?><XmlMsg><MessageHeader><SegmentOfResult>1"   \
    "</SegmentOfResult><CharacterCodeIdentifier>" code                                             \
    "</CharacterCodeIdentifier></MessageHeader>"                                                   \
    "<MessageBody>" VALID                                                                          \
    "<ResultList>" RESULT("<NameKana>" name "</NameKana>") "</ResultList>"                         \
                                                           "</MessageBody></XmlMsg>"

/* Half-width kana of code page 932 that happen to be UTF-8. */
static void header_that_contradicts_the_declaration_is_refused(void **state) {
    static const char *const answers[] = {TOLD("UTF-8", "1", "\xD0\xB1\xD1\xB2"),
                                          TOLD("Shift_JIS", "0", "\xD0\xB1\xD1\xB2")};
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        assert_refused(answers[i], strlen(answers[i]), SHK_E_XML_ENCODING,
                       "CharacterCodeIdentifier");
    }
    struct record_set *set = read_text(TOLD("Shift_JIS", "1", "\xD0\xB1\xD1\xB2"), SHK_OK);
    record_free(&set);
}

#define BORN(date)   RESULT("<Birthdate>" date "</Birthdate>")
#define LIST(inside) BODY(VALID "<ResultList>" inside "</ResultList>")

static void answer_about_two_people_is_refused(void **state) {
    static const char *const mixed[] = {
        LIST(BORN("19500101") BORN("19600101")),
        LIST(BORN("19500101") RESULT("") BORN("19500102")),
        BODY(VALID "<ResultList>" BORN("19500101") "</ResultList><ResultList>" BORN(
            "19600101") "</ResultList>"),
    };
    (void)state;
    for (size_t i = 0; i < sizeof mixed / sizeof mixed[0]; i++) {
        assert_refused(mixed[i], strlen(mixed[i]), SHK_E_VALUE, "Birthdate");
    }
    struct record_set *one = read_text(LIST(BORN("19500101") RESULT("") BORN("19500101")), SHK_OK);
    assert_int_equal(record_count(one), 3);
    record_free(&one);
}

static void broken_document_names_its_line(void **state) {
    (void)state;
    assert_where("<XmlMsg>\n<a></b>\n\n\n</XmlMsg>\n\n", SHK_E_XML, "", 2);
}

static void deep_nesting_is_refused(void **state) {
    struct bytes doc = {0};
    (void)state;
    assert_int_equal(bytes_append_text(&doc, "<XmlMsg>"), SHK_OK);
    for (size_t i = 0; i < 31; i++) {
        assert_int_equal(bytes_append_text(&doc, "<a>"), SHK_OK);
    }
    struct bytes deeper = {0};
    assert_int_equal(bytes_append(&deeper, doc.p, doc.n), SHK_OK);
    assert_int_equal(bytes_append_text(&deeper, "<a>"), SHK_OK);
    assert_refused(deeper.p, deeper.n, SHK_E_XML, "depth");
    assert_refused(doc.p, doc.n, SHK_E_XML, "");
    bytes_clear(&doc);
    bytes_clear(&deeper);
}

/* A whole answer, filled up with white space behind it to that size. */
static struct bytes padded(size_t size) {
    struct bytes doc = {0};
    assert_int_equal(bytes_append_text(&doc, ANSWER("<Name>見本</Name>")), SHK_OK);
    assert_int_equal(bytes_reserve(&doc, size), SHK_OK);
    memset(doc.p + doc.n, ' ', size - doc.n);
    doc.n = size;
    return doc;
}

static void four_mebibytes_are_read_and_one_byte_more_is_not(void **state) {
    struct bytes doc = padded(4 * MEBIBYTE);
    struct record_set *set = read_bytes(doc.p, doc.n, SHK_OK, NULL);
    (void)state;
    assert_value(set, 1, "name", "見本");
    record_free(&set);
    bytes_clear(&doc);
    doc = padded(4 * MEBIBYTE + 1);
    assert_refused(doc.p, doc.n, SHK_E_ANSWER_TOO_LARGE, "");
    bytes_clear(&doc);
}

static void flood(const char *before, const char *many, size_t n, const char *after, int32_t code,
                  const char *where) {
    struct bytes doc = {0};
    assert_int_equal(bytes_append_text(&doc, before), SHK_OK);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(bytes_append_text(&doc, many), SHK_OK);
    }
    assert_int_equal(bytes_append_text(&doc, after), SHK_OK);
    assert_refused(doc.p, doc.n, code, where);
    bytes_clear(&doc);
}

static void floods_end_early(void **state) {
    (void)state;
    flood("<XmlMsg>", "<a/>", 1001, "</XmlMsg>", SHK_E_XML, "too many unknown elements");
    flood("<XmlMsg>" HEADER "<MessageBody><ResultList>", RESULT(""), 101,
          "</ResultList></MessageBody></XmlMsg>", SHK_E_VALUE, "ResultOfQualificationConfirmation");
    flood("<XmlMsg>" HEADER "<MessageBody><ResultList><ResultOfQualificationConfirmation>"
          "<PublicExpenseResultList>",
          "<MedicalTicketInfo/>", 101,
          "</PublicExpenseResultList></ResultOfQualificationConfirmation></ResultList>"
          "</MessageBody></XmlMsg>",
          SHK_E_VALUE, "MedicalTicketInfo");
}

#define SJIS_DECLARATION "<?xml version=\"1.0\" encoding='Shift_JIS'?>\n"
#define NAME_CP932       "<Name>\x8C\xA9\x96\x7B</Name>"
#define WITH_CODE(code, inside)                                                                    \
    "<XmlMsg><MessageHeader><SegmentOfResult>1</SegmentOfResult><CharacterCodeIdentifier> " code   \
    "</CharacterCodeIdentifier></MessageHeader><MessageBody>" VALID                                \
    "<ResultList>" RESULT(inside) "</ResultList></MessageBody></XmlMsg>"

static void assert_name(const char *xml, const char *name, size_t drifts) {
    struct record_set *set = read_text(xml, SHK_OK);
    assert_value(set, 1, "name", name);
    assert_int_equal(record_drift_count(set), drifts);
    record_free(&set);
}

static void declaration_decides_then_the_identifier(void **state) {
    (void)state;
    assert_name(SJIS_DECLARATION ANSWER(NAME_CP932), "見本", 0);
    assert_name("<?xml version=\"1.0\" encoding=\"Windows-31J\"?>" ANSWER(NAME_CP932), "見本", 0);
    assert_name("<?xml version=\"1.0\" encoding = \"utf-8\"?>" ANSWER("<Name>見本</Name>"), "見本",
                0);
    assert_name("\xEF\xBB\xBF" UTF8_DECLARATION ANSWER("<Name>見本</Name>"), "見本", 0);
    assert_name("\xEF\xBB\xBF" ANSWER("<Name>見本</Name>"), "見本", 0);
    assert_name(ANSWER("<Name>見本</Name>"), "見本", 0);
    assert_name(WITH_CODE("1", NAME_CP932), "見本", 0);
    assert_name(WITH_CODE("0", "<Name>見本</Name>"), "見本", 0);
    assert_name("<?xml version='1.0'?>" WITH_CODE("1", NAME_CP932), "見本", 0);
}

static void bytes_of_the_other_encoding_are_refused(void **state) {
    (void)state;
    assert_where("<?xml version=\"1.0\" encoding=\"Shift_JIS\"?>\n" ANSWER("<Name>見本</Name>"),
                 SHK_E_XML_ENCODING, "encoding declaration", 1);
    assert_where(UTF8_DECLARATION ANSWER("\n" NAME_CP932), SHK_E_XML_ENCODING, "character", 4);
    assert_where(ANSWER("\n" NAME_CP932), SHK_E_XML_ENCODING, "character", 3);
    assert_where(WITH_CODE("1", "<Name>見本</Name>"), SHK_E_XML_ENCODING, "encoding declaration",
                 1);
    assert_where("\xEF\xBB\xBF" SJIS_DECLARATION ANSWER(NAME_CP932), SHK_E_XML_ENCODING,
                 "encoding declaration", 1);
}

static void half_width_kana_alone_is_not_taken_for_utf8(void **state) {
    (void)state;
    assert_name(SJIS_DECLARATION ANSWER("<Name>\xC3\xB1</Name>"), "ﾃｱ", 0);
}

static void wrong_and_unknown_encodings_are_refused(void **state) {
    (void)state;
    assert_where(SJIS_DECLARATION ANSWER("\n<Name>\x8C\xA9\x85\x40</Name>"), SHK_E_XML_ENCODING,
                 "character", 4);
    assert_where("<?xml version=\"1.0\" encoding=\"EUC-JP\"?><XmlMsg/>", SHK_E_XML_ENCODING,
                 "encoding declaration", 1);
    assert_where("<?xml version=\"1.0\" encoding=\"UTF-8?><XmlMsg/>", SHK_E_XML_ENCODING,
                 "encoding declaration", 1);
    assert_refused("\xFF\xFE<\0X\0", 6, SHK_E_XML_ENCODING, "UTF-16");
    assert_refused("\xFE\xFF\0<\0X", 6, SHK_E_XML_ENCODING, "UTF-16");
    assert_refused("<\0?\0x\0", 6, SHK_E_XML_ENCODING, "UTF-16");
    assert_refused("\0<\0?", 4, SHK_E_XML_ENCODING, "UTF-16");
}

static void characters_beyond_code_page_932_come_through_utf8(void **state) {
    (void)state;
    assert_name(UTF8_DECLARATION ANSWER("<Name>𠮷田&#x20BB7;</Name>"), "𠮷田𠮷", 0);
    assert_name(SJIS_DECLARATION ANSWER("<Name>\xFB\xFC\x87\x40&#x20BB7;</Name>"), "髙①𠮷", 0);
}

static void nothing_is_written_to_the_hosts_output(void **state) {
    char path[] = "/tmp/shikaku-stderr-XXXXXX";
    int file = mkstemp(path), saved = dup(STDERR_FILENO);
    (void)state;
    assert_true(file >= 0 && saved >= 0 && dup2(file, STDERR_FILENO) >= 0);
    struct record_set *set = NULL;
    static const char *const noisy[] = {
        "<XmlMsg>&x;<", "<?xml version='1.0' encoding='Shift_JIS'<a>\x8C\xA9\x96\x7B</a>",
        "<x:XmlMsg/>", "<XmlMsg><Name>\x01</Name></XmlMsg>"};
    int32_t rc = SHK_E_XML;
    for (size_t i = 0; rc == SHK_E_XML && i < sizeof noisy / sizeof noisy[0]; i++) {
        struct fault why = {0};
        rc = oqs_read((const uint8_t *)noisy[i], strlen(noisy[i]), NULL, &set, &why);
        rc = rc == SHK_E_XML_FOREIGN ? SHK_E_XML : rc;
    }
    fflush(stderr);
    assert_true(dup2(saved, STDERR_FILENO) >= 0);
    assert_int_equal(rc, SHK_E_XML);
    assert_int_equal(lseek(file, 0, SEEK_END), 0);
    close(file);
    close(saved);
    unlink(path);
}

static uint32_t next_random(uint32_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static void mutate(struct sample *s, uint32_t *random) {
    size_t changes = next_random(random) % 3 + 1;
    for (size_t i = 0; i < changes; i++) {
        size_t at = next_random(random) % s->n, from = next_random(random) % s->n;
        size_t len = next_random(random) % 40;
        switch (next_random(random) % 4) {
        case 0:
            s->p[at] = (uint8_t)next_random(random);
            break;
        case 1:
            s->p[at] ^= (uint8_t)(1u << next_random(random) % 8);
            break;
        case 2:
            memmove(s->p + at, s->p + from, len < s->n - (at > from ? at : from) ? len : 0);
            break;
        default:
            s->n = next_random(random) % 4 == 0 ? at + 1 : s->n;
        }
    }
}

/* Whatever is read can also be walked through. */
static void walk(const struct record_set *set) {
    for (size_t record = 1; record <= record_count(set); record++) {
        for (size_t i = 0; i < record_path_count(set, record); i++) {
            char path[128];
            assert_int_equal(record_path_at(set, record, i, path, sizeof path), SHK_OK);
            struct value value = value_at(set, record, path);
            assert_int_equal(strlen(value.text), value.len);
            assert_true(value.state != VALUE_ABSENT);
        }
    }
    for (size_t i = 0; i < record_drift_count(set); i++) {
        const char *raw = NULL;
        assert_non_null(record_drift_at(set, i, &raw));
        assert_non_null(raw);
    }
}

static size_t try_mutations(const char *name, size_t rounds) {
    struct sample original = sample_read(name);
    uint32_t random = 0x20250602;
    size_t read = 0;
    for (size_t i = 0; i < rounds; i++) {
        struct sample s = {malloc(original.n), original.n};
        struct record_set *set = NULL;
        struct fault why = {0};
        assert_non_null(s.p);
        memcpy(s.p, original.p, s.n);
        mutate(&s, &random);
        int32_t rc = oqs_read(s.p, s.n, NULL, &set, &why);
        assert_int_equal(rc, why.code);
        walk(set);
        (void)record_outcome(set);
        read += set != NULL ? 1 : 0;
        record_free(&set);
        free(s.p);
    }
    free(original.p);
    return read;
}

static void damaged_answers_never_bring_the_reader_down(void **state) {
    static const char *const names[] = {"all_groups.xml",        "elderly_face_cp932.xml",
                                        "insurance_and_aid.xml", "lost_newer.xml",
                                        "refused.xml",           "request.xml"};
    size_t read = 0;
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        read += try_mutations(names[i], 2000);
    }
    /* Some must get through, or the loop tests only the first check. */
    assert_in_range(read, 500, 11000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(document_types_are_refused_before_they_are_read),
        cmocka_unit_test(entity_that_nobody_declared_is_refused),
        cmocka_unit_test(document_cut_short_is_refused_at_every_length),
        cmocka_unit_test(garbage_is_refused),
        cmocka_unit_test(second_byte_order_mark_cannot_choose_the_encoding),
        cmocka_unit_test(header_that_contradicts_the_declaration_is_refused),
        cmocka_unit_test(answer_about_two_people_is_refused),
        cmocka_unit_test(broken_document_names_its_line),
        cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(four_mebibytes_are_read_and_one_byte_more_is_not),
        cmocka_unit_test(floods_end_early),
        cmocka_unit_test(declaration_decides_then_the_identifier),
        cmocka_unit_test(bytes_of_the_other_encoding_are_refused),
        cmocka_unit_test(half_width_kana_alone_is_not_taken_for_utf8),
        cmocka_unit_test(wrong_and_unknown_encodings_are_refused),
        cmocka_unit_test(characters_beyond_code_page_932_come_through_utf8),
        cmocka_unit_test(nothing_is_written_to_the_hosts_output),
        cmocka_unit_test(damaged_answers_never_bring_the_reader_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
