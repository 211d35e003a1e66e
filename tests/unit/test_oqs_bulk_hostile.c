#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "oqs_bulk_help.h"

#define MEBIBYTE ((size_t)1024 * 1024)

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

static void add(struct bytes *doc, const char *text) {
    assert_int_equal(bytes_append_text(doc, text), SHK_OK);
}

static void add_many(struct bytes *doc, const char *text, size_t n) {
    for (size_t i = 0; i < n; i++) {
        add(doc, text);
    }
}

static void add_filler(struct bytes *doc, char c, size_t n) {
    assert_int_equal(bytes_reserve(doc, doc->n + n), SHK_OK);
    memset(doc->p + doc->n, c, n);
    doc->n += n;
    doc->p[doc->n] = '\0';
}

static void read_and_drop(struct bytes *doc, int32_t code, const char *where) {
    crowd_read(&crowd, doc->p, doc->n, AT_ONCE, NULL);
    bytes_clear(doc);
    assert_int_equal(crowd.rc, code);
    assert_string_equal(crowd.why.where, where);
}

static void document_cut_short_is_never_whole(void **state) {
    static const char *const names[] = {"bulk_result.xml", "bulk_result_cp932.xml"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct sample s = sample_read(names[i]);
        while (s.p[s.n - 1] != '>') {
            s.n--;
        }
        for (size_t n = 0; n < s.n; n++) {
            crowd_read(&crowd, s.p, n, 512, NULL);
            assert_true(crowd.rc == SHK_E_XML || crowd.rc == SHK_E_XML_ENCODING);
            assert_in_range(crowd.n, 0, 3);
            crowd_clear(&crowd);
        }
        free(s.p);
    }
}

static void document_types_are_refused_in_any_pieces(void **state) {
    static const char attack[] =
        "<!DOCTYPE XmlMsg [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">"
        "<!ENTITY x SYSTEM \"file:///etc/hostname\">]>" BULK(FOUND("<Name>&b;&x;</Name>"));
    (void)state;
    for (size_t piece = 1; piece < sizeof attack; piece++) {
        crowd_read(&crowd, attack, sizeof attack - 1, piece, NULL);
        assert_int_equal(crowd.rc, SHK_E_XML);
        assert_string_equal(crowd.why.where, "DOCTYPE");
        assert_int_equal(crowd.n, 0);
        crowd_clear(&crowd);
    }
}

static void entity_that_nobody_declared_is_refused(void **state) {
    (void)state;
    crowd_read_text(&crowd, BULK(FOUND("<Name>見本</Name>") FOUND("<Name>&x;</Name>")));
    assert_int_equal(crowd.rc, SHK_E_XML);
    assert_int_equal(crowd.n, 1);
}

static void person_of_more_than_four_mebibytes_ends_the_reading(void **state) {
    struct bytes doc = {0};
    (void)state;
    add(&doc, "<XmlMsg>" BULK_HEADER "<MessageBody>");
    add(&doc, FOUND("") "<BulkConfirmUnit>" VALID "<Unheard>");
    add_filler(&doc, 'x', 3 * MEBIBYTE);
    add(&doc, "</Unheard></BulkConfirmUnit>" FOUND("") "<BulkConfirmUnit><Unheard>");
    add_filler(&doc, 'x', 5 * MEBIBYTE);
    read_and_drop(&doc, SHK_E_ANSWER_TOO_LARGE, "person");
    assert_int_equal(crowd.n, 3);
    assert_int_equal(strlen(drift_raw(crowd.sets[1], "MessageBody/Unheard")), 3 * MEBIBYTE);
}

static void endless_nothing_ends_the_reading(void **state) {
    struct bytes doc = {0};
    (void)state;
    add(&doc, "<XmlMsg>" BULK_HEADER "<MessageBody>");
    add_filler(&doc, ' ', 5 * MEBIBYTE);
    read_and_drop(&doc, SHK_E_ANSWER_TOO_LARGE, "person");
    add(&doc, "<XmlMsg>");
    add_filler(&doc, ' ', 5 * MEBIBYTE);
    read_and_drop(&doc, SHK_E_ANSWER_TOO_LARGE, "MessageHeader");
    add(&doc, "<XmlMsg><!--");
    add_filler(&doc, 'x', 2 * MEBIBYTE);
    read_and_drop(&doc, SHK_E_XML, "length");
    add(&doc, "<XmlMsg a=\"");
    add_filler(&doc, 'x', 2 * MEBIBYTE);
    read_and_drop(&doc, SHK_E_XML, "length");
}

static void flood_in_one_person_loses_that_person_alone(void **state) {
    struct bytes doc = {0};
    (void)state;
    add(&doc, "<XmlMsg>" BULK_HEADER "<MessageBody><BulkConfirmUnit>");
    add_many(&doc, "<a/>", 1001);
    add(&doc, "</BulkConfirmUnit><BulkConfirmUnit>");
    add_many(&doc, RESULT(""), 101);
    add(&doc, "</BulkConfirmUnit>");
    add(&doc, FOUND("<Name>見本</Name>") "</MessageBody></XmlMsg>");
    read_and_drop(&doc, SHK_OK, "");
    assert_int_equal(crowd.n, 3);
    assert_int_equal(crowd.faults[0].code, SHK_E_XML);
    assert_string_equal(crowd.faults[0].where, "too many unknown elements");
    assert_int_equal(crowd.faults[1].code, SHK_E_VALUE);
    assert_string_equal(crowd.faults[1].where, "ResultOfQualificationConfirmation");
    assert_value(crowd.sets[2], 1, "name", "見本");
    assert_int_equal(record_drift_count(crowd.sets[2]), 0);
}

static void flood_outside_of_the_persons_ends_the_reading(void **state) {
    struct bytes doc = {0};
    (void)state;
    add(&doc, "<XmlMsg>" BULK_HEADER "<MessageBody>");
    add_many(&doc, "<a/>", 1001);
    add(&doc, FOUND("") "</MessageBody></XmlMsg>");
    read_and_drop(&doc, SHK_E_XML, "too many unknown elements");
    assert_int_equal(crowd.n, 0);
}

static void deep_nesting_is_refused(void **state) {
    struct bytes doc = {0};
    (void)state;
    add(&doc, "<XmlMsg>" BULK_HEADER "<MessageBody>");
    add(&doc, FOUND(""));
    add_many(&doc, "<a>", 31);
    read_and_drop(&doc, SHK_E_XML, "depth");
}

#define SJIS       "<?xml version=\"1.0\" encoding=\"Shift_JIS\"?>"
#define NAME_CP932 "<Name>\x8C\xA9\x96\x7B</Name>" /* 見本 */
#define CODE(code) "<CharacterCodeIdentifier>" code "</CharacterCodeIdentifier>"
#define TOLD(code, inside)                                                                         \
    "<XmlMsg><MessageHeader>" CODE(code) "<SegmentOfResult>1</SegmentOfResult></MessageHeader>"    \
                                         "<MessageBody>" inside "</MessageBody></XmlMsg>"

static void read_in_pieces(const char *xml, size_t piece, int32_t code, const char *where,
                           size_t people) {
    crowd_clear(&crowd);
    crowd_read(&crowd, xml, strlen(xml), piece, NULL);
    assert_int_equal(crowd.rc, code);
    assert_string_equal(crowd.why.where, where);
    assert_int_equal(crowd.n, people);
}

static void encoding_is_told_by_mark_declaration_or_header(void **state) {
    static const char *const docs[] = {
        SJIS BULK(FOUND(NAME_CP932)),
        TOLD("1", FOUND(NAME_CP932)),
        TOLD(" 0", FOUND("<Name>見本</Name>")),
        "\xEF\xBB\xBF" BULK(FOUND("<Name>見本</Name>")),
        "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"utf-8\"?>" BULK(FOUND("<Name>見本</Name>")),
        BULK(FOUND("<Name>見本</Name>")),
    };
    (void)state;
    for (size_t i = 0; i < sizeof docs / sizeof docs[0]; i++) {
        for (size_t piece = 1; piece < 40; piece += 3) {
            read_in_pieces(docs[i], piece, SHK_OK, "", 1);
            assert_value(crowd.sets[0], 1, "name", "見本");
        }
    }
}

/* Nobody may be given in wrong characters before it is noticed. */
static void bytes_of_the_other_encoding_are_refused_before_anyone_is_given(void **state) {
    (void)state;
    for (size_t piece = 1; piece < 3000; piece = piece * 3 + 1) {
        read_in_pieces(SJIS BULK(FOUND("<Name>見本</Name>")), piece, SHK_E_XML_ENCODING,
                       "encoding declaration", 0);
        read_in_pieces(SJIS BULK(FOUND("<Name>見本太郎見本太郎見本太郎見本太郎見本太郎</Name>")),
                       piece, SHK_E_XML_ENCODING, "encoding declaration", 0);
        read_in_pieces(BULK("\n" FOUND(NAME_CP932)), piece, SHK_E_XML_ENCODING, "character", 0);
        assert_int_equal(crowd.why.native, 3);
        read_in_pieces(SJIS "\n" BULK(FOUND("<Name>\x8C\xA9\x85\x40</Name>")), piece,
                       SHK_E_XML_ENCODING, "character", 0);
        assert_int_equal(crowd.why.native, 3);
        read_in_pieces("\xEF\xBB\xBF" SJIS BULK(FOUND(NAME_CP932)), piece, SHK_E_XML_ENCODING,
                       "encoding declaration", 0);
        read_in_pieces("\xEF\xBB\xBF\xEF\xBB\xBF" BULK(FOUND("")), piece, SHK_E_XML_ENCODING,
                       "byte order mark", 0);
        read_in_pieces("<?xml version=\"1.0\" encoding=\"EUC-JP\"?>" BULK(FOUND("")), piece,
                       SHK_E_XML_ENCODING, "encoding declaration", 0);
        crowd_read(&crowd, "\xFF\xFE<\0X\0m\0", 8, piece, NULL);
        assert_int_equal(crowd.rc, SHK_E_XML_ENCODING);
        assert_string_equal(crowd.why.where, "UTF-16");
    }
}

static void character_torn_by_the_end_is_refused(void **state) {
    (void)state;
    read_in_pieces("<XmlMsg>\xE8\xA6", 1, SHK_E_XML_ENCODING, "character", 0);
    read_in_pieces(SJIS "<XmlMsg>\x8C", 1, SHK_E_XML_ENCODING, "character", 0);
}

static void declaration_without_an_end_is_refused(void **state) {
    struct bytes doc = {0};
    (void)state;
    add(&doc, "<?xml version=\"1.0\"");
    add_filler(&doc, ' ', 1000);
    read_and_drop(&doc, SHK_E_XML, "declaration");
    read_in_pieces("<?xml ", 2, SHK_E_XML, "declaration", 0);
}

static void header_that_contradicts_the_bytes_is_refused_or_reported(void **state) {
    static const struct oqs_options ignore = {.ignore_character_code = true};
    static const char *const docs[] = {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" TOLD("1", FOUND("<Name>見本</Name>")),
        SJIS TOLD("0", FOUND(NAME_CP932))};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        read_in_pieces(docs[i], 50, SHK_E_XML_ENCODING, "CharacterCodeIdentifier", 0);
        crowd_read(&crowd, docs[i], strlen(docs[i]), 50, &ignore);
        assert_int_equal(crowd.rc, SHK_OK);
        assert_value(crowd.sets[0], 1, "name", "見本");
        assert_string_equal(
            drift_raw(crowd.sets[0], "MessageHeader/CharacterCodeIdentifier=differs"),
            i == 0 ? "1" : "0");
    }
}

static uint32_t next_random(uint32_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static void mutate(struct sample *s, uint32_t *random) {
    size_t changes = next_random(random) % 3;
    for (size_t i = 0; i < changes; i++) {
        size_t at = next_random(random) % s->n;
        s->p[at] = next_random(random) % 2 == 0 ? (uint8_t)next_random(random)
                                                : s->p[next_random(random) % s->n];
    }
    if (next_random(random) % 8 == 0) {
        s->n = next_random(random) % s->n + 1;
    }
}

/* Of two things that are wrong in one place either may be noticed first. */
static int32_t kind_of_fault(int32_t rc) {
    return rc == SHK_E_XML_ENCODING ? SHK_E_XML : rc;
}

/* How a document is cut changes neither who is given nor what is said nor whether it is whole. */
static void cuts_change_nothing_even_in_damaged_documents(void **state) {
    static const char *const names[] = {"bulk_result.xml", "bulk_result_cp932.xml",
                                        "elderly_face_cp932.xml", "all_groups.xml"};
    static struct crowd whole;
    uint32_t random = 0x20250602;
    size_t good = 0;
    (void)state;
    for (size_t i = 0; i < 1200; i++) {
        struct sample s = sample_read(names[i % 4]);
        mutate(&s, &random);
        crowd_read(&whole, s.p, s.n, s.n, NULL);
        crowd_read(&crowd, s.p, s.n, next_random(&random) % 200 + 1, NULL);
        assert_int_equal(kind_of_fault(whole.rc), kind_of_fault(crowd.rc));
        assert_int_equal(whole.n, crowd.n);
        for (size_t k = 0; k < whole.n; k++) {
            assert_int_equal(whole.faults[k].code, crowd.faults[k].code);
            if (whole.sets[k] != NULL) {
                assert_same_set(whole.sets[k], crowd.sets[k]);
            }
        }
        good += whole.rc == SHK_OK ? 1 : 0;
        crowd_clear(&whole);
        crowd_clear(&crowd);
        free(s.p);
    }
    assert_in_range(good, 200, 1000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start_empty, clear)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(document_cut_short_is_never_whole),
        TEST(document_types_are_refused_in_any_pieces),
        TEST(entity_that_nobody_declared_is_refused),
        TEST(person_of_more_than_four_mebibytes_ends_the_reading),
        TEST(endless_nothing_ends_the_reading),
        TEST(flood_in_one_person_loses_that_person_alone),
        TEST(flood_outside_of_the_persons_ends_the_reading),
        TEST(deep_nesting_is_refused),
        TEST(encoding_is_told_by_mark_declaration_or_header),
        TEST(bytes_of_the_other_encoding_are_refused_before_anyone_is_given),
        TEST(character_torn_by_the_end_is_refused),
        TEST(declaration_without_an_end_is_refused),
        TEST(header_that_contradicts_the_bytes_is_refused_or_reported),
        TEST(cuts_change_nothing_even_in_damaged_documents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
