/* The pieces of the folder route: names, the state's text, judging, scanning. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "folder_answer.h"
#include "folder_scan.h"
#include "folder_stage.h"

static void numbers_are_read_from_names_of_the_day(void **state) {
    (void)state;
    assert_int_equal(folder_name_number("OQSsiquc01req_202611220012.xml", "20261122"), 12);
    assert_int_equal(folder_name_number("YZKsiquc01res_202611220456.PDF", "20261122"), 456);
    assert_int_equal(folder_name_number("x_202611220012", "20261122"), 12);
    assert_int_equal(folder_name_number("OQSsiquc01req_202611210012.xml", "20261122"), 0);
    assert_int_equal(folder_name_number("OQSsiquc01req_20261122001.xml", "20261122"), 0);
    assert_int_equal(folder_name_number("OQSsiquc01req_20261122-012.xml", "20261122"), 0);
    assert_int_equal(folder_name_number("OQSsiquc01req_2026112200120000.xml", "20261122"), 0);
    assert_int_equal(folder_name_number("202611220012.xml", "20261122"), 0);
}

static void face_names(void **state) {
    (void)state;
    assert_true(folder_is_face("OQSsiquc01res_face_20261122101112.xml"));
    assert_true(folder_is_face("OQSsiquc01res_face_9919999999x_20261122101112.XML"));
    assert_true(folder_is_face("oqssiquc01RES_FACE_1.Xml"));
    assert_false(folder_is_face("OQSsiquc01res_face_.xml"));
    assert_false(folder_is_face("OQSsiquc01res_202611220001.xml"));
    assert_false(folder_is_face("OQSsiquc01res_face_1.xml.tmp"));
    assert_false(folder_is_face(""));
}

static struct folder_entry entry(enum folder_kind kind, char digit) {
    struct folder_entry e = {.kind = kind, .sent = true, .id = "202611220001", .made_s = 1000};
    memset(e.question, digit, FOLDER_HASH_MAX - 1);
    return e;
}

static void the_state_reads_back_what_it_wrote(void **state) {
    (void)state;
    struct folder_state s = {.salted = true, .day = "20261122", .number = 42};
    struct folder_state back = {0};
    struct bytes text = {0};
    struct folder_entry e = entry(FOLDER_BULK, 'a');
    memset(e.file_identifier, 'b', FOLDER_HASH_MAX - 1);
    text_copy(e.reception, sizeof e.reception, "R00000000000000001");
    s.salt[0] = 0xA5;
    assert_int_equal(folder_state_add(&s, &e), SHK_OK);
    e = entry(FOLDER_ASK, 'c');
    e.sent = false;
    assert_int_equal(folder_state_add(&s, &e), SHK_OK);
    assert_int_equal(folder_state_write(&s, &text), SHK_OK);
    assert_int_equal(folder_state_read(&back, bytes_text(&text), text.n), SHK_OK);
    assert_int_equal(back.number, 42);
    assert_string_equal(back.day, "20261122");
    assert_memory_equal(back.salt, s.salt, sizeof s.salt);
    assert_int_equal(back.n, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct folder_entry *a = &s.entry[i];
        const struct folder_entry *b = &back.entry[i];
        assert_int_equal(a->kind, b->kind);
        assert_int_equal(a->sent, b->sent);
        assert_int_equal(a->made_s, b->made_s);
        assert_string_equal(a->id, b->id);
        assert_string_equal(a->question, b->question);
        assert_string_equal(a->file_identifier, b->file_identifier);
        assert_string_equal(a->reception, b->reception);
    }
    /* Cut anywhere it gives what was whole and no more. */
    for (size_t n = 0; n < text.n; n++) {
        assert_int_equal(folder_state_read(&back, bytes_text(&text), n), SHK_OK);
        assert_true(back.n <= 2);
    }
    folder_state_clear(&s);
    folder_state_clear(&back);
    bytes_clear(&text);
}

static void the_state_stays_small_and_forgets(void **state) {
    (void)state;
    struct folder_state s = {0};
    for (int i = 0; i < FOLDER_OPEN_MAX + 5; i++) {
        struct folder_entry e = entry(FOLDER_BULK, 'a');
        text_format(e.question, sizeof e.question, "%064d", i);
        e.made_s = i;
        assert_int_equal(folder_state_add(&s, &e), SHK_OK);
    }
    assert_int_equal(s.n, FOLDER_OPEN_MAX);
    assert_int_equal(s.entry[0].made_s, 5);
    struct folder_entry e = entry(FOLDER_ASK, 'b');
    assert_int_equal(folder_state_add(&s, &e), SHK_OK);
    assert_int_equal(folder_state_add(&s, &e), SHK_OK);
    assert_int_equal(s.n, FOLDER_OPEN_MAX);
    folder_state_prune(&s, INT64_C(10) * 86400);
    assert_null(folder_state_find(&s, FOLDER_ASK, e.question));
    assert_int_equal(s.n, FOLDER_OPEN_MAX - 1);
    folder_state_prune(&s, INT64_C(100) * 86400);
    assert_int_equal(s.n, 0);
    folder_state_clear(&s);
}

/* What is expected of the stage's question with that identifier. */
struct judging {
    struct folder_stage *stage;
    struct posted posted;
    struct folder_expected expected;
    struct oqs_message message;
};

static struct judging judging(struct folder_stage *s, const char *file_identifier) {
    static struct posted posted;
    struct judging j = {.stage = s};
    struct folder_state salt = {.salted = true};
    posted = (struct posted){0};
    assert_int_equal(
        folder_hash(&salt, file_identifier, strlen(file_identifier), posted.entry.file_identifier),
        SHK_OK);
    j.expected = (struct folder_expected){.step = FOLDER_RESULT,
                                          .institution_code = "9919999999",
                                          .posted = &posted,
                                          .search = &s->person};
    return j;
}

static enum folder_verdict judge(struct judging *j, const char *document) {
    return folder_judge(&j->expected, (const uint8_t *)document, strlen(document), &j->message);
}

static const char *replaced(const char *document, const char *from, const char *to) {
    static char out[4000];
    const char *at = strstr(document, from);
    assert_non_null(at);
    text_format(out, sizeof out, "%.*s%s%s", (int)(at - document), document, to, at + strlen(from));
    return out;
}

static void an_answer_must_be_tied_to_its_question(void **state) {
    struct folder_stage *s = *state;
    struct judging j = judging(s, "T-000123");
    const char *good = folder_stage_document(s, "T-000123", "1001");
    assert_int_equal(judge(&j, good), FOLDER_OURS);
    assert_int_equal(judge(&j, replaced(good, "9919999999", "9918888888")), FOLDER_FOREIGN);
    assert_int_equal(judge(&j, replaced(good, "9919999999", "")), FOLDER_FOREIGN);
    assert_int_equal(judge(&j, replaced(good, "T-000123", "T-000124")), FOLDER_FOREIGN);
    assert_int_equal(judge(&j, replaced(good, ">06990014<", ">06990015<")), FOLDER_FOREIGN);
    assert_int_equal(judge(&j, replaced(good, ">77<", ">78<")), FOLDER_FOREIGN);
    assert_int_equal(judge(&j, replaced(good, ">1001<", ">1002<")), FOLDER_FOREIGN);
    assert_int_equal(judge(&j, replaced(good, ">01<", ">02<")), FOLDER_FOREIGN);
    assert_int_equal(judge(&j, replaced(good, ">01<", "><")), FOLDER_FOREIGN);
    assert_int_equal(judge(&j, replaced(good, ">19850312<", ">19850313<")), FOLDER_FOREIGN);
    assert_int_equal(judge(&j, folder_stage_document(s, NULL, "")), FOLDER_FOREIGN);
    assert_int_equal(judge(&j, ""), FOLDER_TORN);
    assert_int_equal(judge(&j, "<XmlMsg>"), FOLDER_TORN);
}

static void width_and_padding_do_not_make_it_foreign(void **state) {
    struct folder_stage *s = *state;
    struct judging j = judging(s, "T-000123");
    const char *good = folder_stage_document(s, "T-000123", "1001");
    assert_int_equal(judge(&j, replaced(good, ">1001<", ">１００１<")), FOLDER_OURS);
    assert_int_equal(judge(&j, replaced(good, ">77<", ">７７<")), FOLDER_OURS);
    text_copy(s->person.insurer_number, sizeof s->person.insurer_number, "990010");
    good = folder_stage_document(s, "T-000123", "1001");
    assert_int_equal(judge(&j, replaced(good, ">990010<", ">  990010<")), FOLDER_OURS);
    assert_int_equal(judge(&j, replaced(good, ">990010<", ">00990010<")), FOLDER_OURS);
    assert_int_equal(judge(&j, replaced(good, ">990010<", ">06990010<")), FOLDER_FOREIGN);
}

static void the_own_identifier_is_echoed_or_absent(void **state) {
    struct folder_stage *s = *state;
    struct judging j = judging(s, "");
    assert_int_equal(judge(&j, folder_stage_document(s, "service's own", "1001")), FOLDER_OURS);
    assert_int_equal(judge(&j, folder_stage_document(s, "service's own", "1002")), FOLDER_FOREIGN);
    assert_int_equal(judge(&j, folder_stage_document(s, NULL, "")), FOLDER_FOREIGN);
    text_copy(s->person.identifier, sizeof s->person.identifier, "000123");
    j = judging(s, "T-000123");
    const char *good = folder_stage_document(s, "T-000123", "1001");
    const char *other = "</Birthdate><ArbitraryIdentifier>000124</ArbitraryIdentifier>";
    const char *same = "</Birthdate><ArbitraryIdentifier>000123</ArbitraryIdentifier>";
    assert_int_equal(judge(&j, replaced(good, "</Birthdate>", same)), FOLDER_OURS);
    assert_int_equal(judge(&j, replaced(good, "</Birthdate>", other)), FOLDER_FOREIGN);
}

static void a_refusal_needs_no_echo_and_a_question_is_no_answer(void **state) {
    struct folder_stage *s = *state;
    struct judging j = judging(s, "T-000123");
    const char *bare = folder_stage_document(s, NULL, "");
    assert_int_equal(judge(&j, replaced(bare, "Result>1<", "Result>9<")), FOLDER_OURS);
    assert_int_equal(judge(&j, replaced(bare, "Status>1<", "Status>2<")), FOLDER_OURS);
    struct bytes question = {0};
    const struct oqs_head head = {"20261122", "9919999999", "T-000123"};
    assert_int_equal(oqs_write_question(&head, &s->person, OQS_UTF8, &question, NULL), SHK_OK);
    assert_int_equal(judge(&j, bytes_text(&question)), FOLDER_NO_ANSWER);
    bytes_clear(&question);
}

static const char result[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<XmlMsg><MessageBody>"
    "<A>&lt;MessageHeader></A></MessageBody><MessageHead/><MessageHeader>"
    "<ReceptionNumber>R7</ReceptionNumber><SegmentOfResult>1</SegmentOfResult>"
    "</MessageHeader></XmlMsg>\r\n \t\n";

static void each_piece_size_gives_the_same(void **state) {
    (void)state;
    uint64_t hash = 0;
    for (size_t piece = 1; piece <= 200; piece++) {
        struct folder_scan scan = {0};
        struct oqs_message m;
        for (size_t at = 0; at < sizeof result - 1; at += piece) {
            size_t left = sizeof result - 1 - at;
            size_t n = left < piece ? left : piece;
            assert_int_equal(folder_scan_take(&scan, (const uint8_t *)result + at, n), SHK_OK);
        }
        assert_true(folder_scan_whole(&scan));
        assert_true(folder_scan_header(&scan, &m));
        assert_string_equal(m.reception_number, "R7");
        assert_true(hash == 0 || hash == scan.hash);
        hash = scan.hash;
        folder_scan_clear(&scan);
    }
}

static void an_endless_header_takes_no_memory(void **state) {
    (void)state;
    struct folder_scan scan = {0};
    struct oqs_message m;
    uint8_t block[4096];
    memset(block, 'x', sizeof block);
    assert_int_equal(folder_scan_take(&scan, (const uint8_t *)"<MessageHeader>", 15), SHK_OK);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(folder_scan_take(&scan, block, sizeof block), SHK_OK);
    }
    assert_true(scan.header.cap <= 2 * FOLDER_SCAN_HEAD);
    assert_false(folder_scan_header(&scan, &m));
    assert_false(folder_scan_whole(&scan));
    folder_scan_clear(&scan);
}

#define CASE(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, folder_stage_set_up, folder_stage_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_from_names_of_the_day),
        cmocka_unit_test(face_names),
        cmocka_unit_test(the_state_reads_back_what_it_wrote),
        cmocka_unit_test(the_state_stays_small_and_forgets),
        CASE(an_answer_must_be_tied_to_its_question),
        CASE(width_and_padding_do_not_make_it_foreign),
        CASE(the_own_identifier_is_echoed_or_absent),
        CASE(a_refusal_needs_no_echo_and_a_question_is_no_answer),
        cmocka_unit_test(each_piece_size_gives_the_same),
        cmocka_unit_test(an_endless_header_takes_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
