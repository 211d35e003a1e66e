/* Answers that the host has: of the official app or of the terminal, one person or many. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "charset.h"
#include "session_fakes.h"
#include "temp_folder.h"

static int32_t put(struct stage *f, const char *path, const char *text) {
    return session_put(f->session, path, (const uint8_t *)text, strlen(text));
}

static void import(struct stage *f, const void *p, size_t n) {
    assert_int_equal(session_put(f->session, "import.data", p, n), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_IMPORT), SHK_OK);
}

static void load_path(const char *path, struct bytes *out) {
    uint8_t piece[4096];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (size_t n = 1; n > 0;) {
        n = fread(piece, 1, sizeof piece, file);
        assert_int_equal(bytes_append(out, piece, n), SHK_OK);
    }
    fclose(file);
}

static void load(const char *name, struct bytes *out) {
    char path[512];
    snprintf(path, sizeof path, TEST_DATA "/%s", name);
    load_path(path, out);
}

/* With a terminator behind it. */
static void load_text(const char *name, struct bytes *out) {
    load(name, out);
    assert_int_equal(bytes_append_byte(out, 0), SHK_OK);
    out->n--;
}

static void import_data(struct stage *f, const char *first, const char *second) {
    struct bytes text = {0};
    load(first, &text);
    if (second != NULL) {
        load(second, &text);
    }
    import(f, text.p, text.n);
    bytes_clear(&text);
}

static void one_answer_of_the_terminal(void **state) {
    struct stage *f = *state;
    import_data(f, "demo/default.xml", NULL);
    stage_expect(f, SHK_EVENT_ANSWER);
    assert_string_equal(stage_read(f, "record.name").text, "見本　太郎");
    assert_string_equal(stage_read(f, "source").text, "oqs");
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
    assert_int_equal(stage_number(f, "outcome"), SHK_OUTCOME_ELIGIBLE);
    assert_int_equal(inputs_bytes(&f->session->inputs, "import.data")->n, 0);
}

static void one_text_of_the_app(void **state) {
    struct stage *f = *state;
    import_data(f, "app/t1.txt", NULL);
    stage_expect(f, SHK_EVENT_ANSWER);
    assert_string_equal(stage_read(f, "record.name").text, "見本　太郎");
    assert_string_equal(stage_read(f, "source").text, "app");
    assert_int_equal(stage_number(f, "outcome"), SHK_OUTCOME_UNSTATED);
    stage_expect(f, SHK_EVENT_DONE);
}

static void a_text_in_code_page_932(void **state) {
    struct stage *f = *state;
    struct bytes utf8 = {0};
    struct bytes cp932 = {0};
    load("app/t1.txt", &utf8);
    assert_int_equal(utf8_to_cp932(bytes_text(&utf8), utf8.n, &cp932, &(struct cp932_loss){0}),
                     SHK_OK);
    import(f, cp932.p, cp932.n);
    stage_expect(f, SHK_EVENT_ANSWER);
    assert_string_equal(stage_read(f, "record.name").text, "見本　太郎");
    stage_expect(f, SHK_EVENT_DONE);
    bytes_clear(&utf8);
    bytes_clear(&cp932);
}

static void several_texts_are_several_persons_one_after_the_other(void **state) {
    struct stage *f = *state;
    import_data(f, "app/t1.txt", "app/t4.txt");
    stage_expect(f, SHK_EVENT_ANSWER);
    assert_string_equal(stage_read(f, "record.name").text, "見本　太郎");
    stage_expect(f, SHK_EVENT_NEXT);
    assert_int_equal(stage_number(f, "job.running"), 1);
    thread_sleep(100);
    assert_string_equal(stage_read(f, "record.name").text, "見本　太郎");
    stage_expect(f, SHK_EVENT_ANSWER);
    assert_string_not_equal(stage_read(f, "record.name").text, "見本　太郎");
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
}

static void a_person_that_cannot_be_read_is_told_and_the_next_follows(void **state) {
    struct stage *f = *state;
    import_data(f, "app/t9c.txt", "app/t1.txt");
    stage_expect(f, SHK_EVENT_FAULT);
    int32_t first = stage_number(f, "fault.code");
    assert_true(first < 0);
    assert_string_equal(stage_read(f, "record.name").text, "(none)");
    stage_expect(f, SHK_EVENT_NEXT);
    stage_expect(f, SHK_EVENT_ANSWER);
    assert_string_equal(stage_read(f, "record.name").text, "見本　太郎");
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), first);
    assert_int_equal(stage_number(f, "outcome"), SHK_OUTCOME_UNSTATED);
}

/* Whose text is mended must find the line in the whole of it. */
static void lines_are_counted_through_all_texts(void **state) {
    struct stage *f = *state;
    import_data(f, "app/t1.txt", "app/t9c.txt");
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_NEXT);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_string_equal(stage_read(f, "fault.where").text, "line 24 資格情報/確認日");
    stage_expect(f, SHK_EVENT_DONE);
}

static void a_bulk_result_is_person_by_person(void **state) {
    struct stage *f = *state;
    char path[512];
    snprintf(path, sizeof path, TEST_DATA "/oqs/bulk_result.xml");
    assert_int_equal(put(f, "import.file", path), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_IMPORT), SHK_OK);
    stage_expect(f, SHK_EVENT_ANSWER);
    assert_string_equal(stage_read(f, "record.name").text, "見本　次郎");
    assert_int_equal(stage_number(f, "outcome"), SHK_OUTCOME_ELIGIBLE);
    stage_expect(f, SHK_EVENT_NEXT);
    stage_expect(f, SHK_EVENT_ANSWER);
    assert_string_equal(stage_read(f, "record.name").text, "(none)");
    assert_int_equal(stage_number(f, "outcome"), SHK_OUTCOME_NOT_ELIGIBLE);
    stage_expect(f, SHK_EVENT_NEXT);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
}

#define UNIT(inside) "<BulkConfirmUnit>" inside "</BulkConfirmUnit>"
#define BULK(head, units)                                                                          \
    "<XmlMsg><MessageHeader><SegmentOfResult>1</SegmentOfResult>" head "</MessageHeader>"          \
    "<MessageBody>" units "</MessageBody></XmlMsg>"
#define VALIDITY(code)                                                                             \
    "<ProcessingResultStatus>1</ProcessingResultStatus><QualificationValidity>" code               \
    "</QualificationValidity><ResultOfQualificationConfirmation><Name>見本</Name>"               \
    "</ResultOfQualificationConfirmation>"
#define COUNT(n) "<NumberOfProcessingResult>" n "</NumberOfProcessingResult>"

static void a_unit_that_does_not_tell_is_a_fault(void **state) {
    struct stage *f = *state;
    static const char text[] = BULK("", UNIT(VALIDITY("7")) UNIT(VALIDITY("1")));
    import(f, (const uint8_t *)text, sizeof text - 1);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_ANSWER_UNCLEAR);
    stage_expect(f, SHK_EVENT_NEXT);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DONE);
}

static void a_unit_that_cannot_be_read_is_told_and_the_next_follows(void **state) {
    struct stage *f = *state;
    static const char text[] =
        BULK("", UNIT("<ProcessingResultStatus>1</ProcessingResultStatus>"
                      "<QualificationValidity>1</QualificationValidity>"
                      "<ResultOfQualificationConfirmation><Birthdate>20250230</Birthdate>"
                      "</ResultOfQualificationConfirmation>") UNIT(VALIDITY("1")));
    import(f, (const uint8_t *)text, sizeof text - 1);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_VALUE);
    assert_string_equal(stage_read(f, "record.name").text, "(none)");
    stage_expect(f, SHK_EVENT_NEXT);
    stage_expect(f, SHK_EVENT_ANSWER);
    assert_string_equal(stage_read(f, "record.name").text, "見本");
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_VALUE);
}

static void a_bulk_result_that_lacks_persons_is_told(void **state) {
    static const char *const texts[] = {BULK(COUNT("2"), UNIT(VALIDITY("1"))),
                                        BULK(COUNT("2"), "")};
    struct stage *f = *state;
    for (size_t i = 0; i < 2; i++) {
        import(f, (const uint8_t *)texts[i], strlen(texts[i]));
        if (i == 0) {
            stage_expect(f, SHK_EVENT_ANSWER);
        }
        stage_expect(f, SHK_EVENT_FAULT);
        assert_int_equal(stage_number(f, "fault.code"), SHK_E_ANSWER_COUNT);
        assert_string_equal(stage_read(f, "fault.where").text, "NumberOfProcessingResult");
        stage_expect(f, SHK_EVENT_DONE);
    }
}

static void a_bulk_result_that_breaks_off_is_told_behind_its_persons(void **state) {
    struct stage *f = *state;
    struct bytes text = {0};
    load("oqs/bulk_result.xml", &text);
    import(f, text.p, text.n - 20);
    bytes_clear(&text);
    int32_t answers = 0;
    int32_t faults = 0;
    for (int32_t event = 0; event != SHK_EVENT_DONE;) {
        event = stage_next(f);
        answers += event == SHK_EVENT_ANSWER ? 1 : 0;
        faults += event == SHK_EVENT_FAULT ? 1 : 0;
    }
    assert_int_equal(answers, 3);
    assert_int_equal(faults, 1);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_XML);
}

static const uint8_t packed[] = {
    0x50, 0x4B, 0x03, 0x04, 0x14, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0xC2, 0x5C, 0xDB, 0x67,
    0x39, 0x38, 0xCC, 0x00, 0x00, 0x00, 0x73, 0x01, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x61, 0x2E,
    0x78, 0x6D, 0x6C, 0xB3, 0xB1, 0xAF, 0xC8, 0xCD, 0x51, 0x28, 0x4B, 0x2D, 0x2A, 0xCE, 0xCC, 0xCF,
    0xB3, 0x55, 0x32, 0xD4, 0x33, 0x50, 0x52, 0x48, 0xCD, 0x4B, 0xCE, 0x4F, 0xC9, 0xCC, 0x4B, 0xB7,
    0x55, 0x0A, 0x0D, 0x71, 0xD3, 0xB5, 0x50, 0xB2, 0xB7, 0xB3, 0x89, 0xC8, 0xCD, 0xF1, 0x2D, 0x4E,
    0xB7, 0xB3, 0xF1, 0x4D, 0x2D, 0x2E, 0x4E, 0x4C, 0x4F, 0xF5, 0x48, 0x4D, 0x4C, 0x49, 0x2D, 0xB2,
    0xB3, 0x09, 0x4E, 0x4D, 0xCF, 0x4D, 0xCD, 0x2B, 0xF1, 0x4F, 0x0B, 0x4A, 0x2D, 0x2E, 0xCD, 0x29,
    0xB1, 0x33, 0xB4, 0xD1, 0x47, 0x17, 0xB2, 0xD1, 0x47, 0xD3, 0x03, 0xE5, 0x3A, 0xE5, 0xA7, 0x54,
    0xDA, 0xD9, 0x04, 0x14, 0xE5, 0x27, 0x03, 0xF9, 0x40, 0xCB, 0x20, 0xCA, 0x83, 0x4B, 0x12, 0x4B,
    0x4A, 0x8B, 0x41, 0xE6, 0xE0, 0x90, 0xB1, 0x09, 0x2C, 0x4D, 0xCC, 0xC9, 0x4C, 0xCB, 0x4C, 0x4E,
    0x2C, 0x01, 0x3A, 0x38, 0x0C, 0xC8, 0x4E, 0xC9, 0x2C, 0xA9, 0x04, 0x69, 0xC0, 0x2E, 0x61, 0x03,
    0xD1, 0xED, 0x93, 0x59, 0x5C, 0x02, 0x63, 0xFB, 0xA7, 0xA1, 0x28, 0x75, 0xCE, 0xCF, 0x4B, 0xCB,
    0x2C, 0xCA, 0x05, 0xB3, 0xED, 0x6C, 0xFC, 0x12, 0x73, 0x53, 0xED, 0x5E, 0x2C, 0xEB, 0x7E, 0x36,
    0x67, 0xCD, 0xE3, 0x86, 0x86, 0xA7, 0x4B, 0x56, 0xBD, 0x6C, 0xEE, 0xB3, 0xD1, 0x07, 0x8B, 0xDA,
    0xE8, 0x13, 0xA1, 0x5F, 0x1F, 0xD9, 0x3E, 0x7D, 0x14, 0xBF, 0xEA, 0x43, 0x03, 0x11, 0x00, 0x50,
    0x4B, 0x01, 0x02, 0x14, 0x03, 0x14, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0xC2, 0x5C, 0xDB,
    0x67, 0x39, 0x38, 0xCC, 0x00, 0x00, 0x00, 0x73, 0x01, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0x01, 0x00, 0x00, 0x00, 0x00, 0x61, 0x2E, 0x78,
    0x6D, 0x6C, 0x50, 0x4B, 0x05, 0x06, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x01, 0x00, 0x33, 0x00,
    0x00, 0x00, 0xEF, 0x00, 0x00, 0x00, 0x00, 0x00,
};

static void a_packed_answer_is_unpacked(void **state) {
    struct stage *f = *state;
    import(f, packed, sizeof packed);
    stage_expect(f, SHK_EVENT_ANSWER);
    assert_string_equal(stage_read(f, "record.name").text, "見本　太郎");
    stage_expect(f, SHK_EVENT_DONE);
    import(f, packed, sizeof packed - 30);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_ARCHIVE);
    stage_expect(f, SHK_EVENT_DONE);
}

static void ends_with(struct stage *f, int32_t code) {
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), code);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), code);
    assert_int_equal(stage_number(f, "outcome"), 0);
}

static void what_it_is_said_to_be_decides(void **state) {
    struct stage *f = *state;
    assert_int_equal(put(f, "import.from", "app"), SHK_OK);
    import_data(f, "demo/default.xml", NULL);
    ends_with(f, SHK_E_APP_TEXT);
    assert_int_equal(put(f, "import.from", "oqs"), SHK_OK);
    import_data(f, "app/t1.txt", NULL);
    stage_expect(f, SHK_EVENT_FAULT);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(put(f, "import.from", "pdf"), SHK_OK);
    assert_int_equal(put(f, "import.data", "x"), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_IMPORT), SHK_E_INPUT);
    assert_string_equal(stage_read(f, "fault.where").text, "import.from");
}

static void a_file_that_is_not_there_or_too_large_is_told(void **state) {
    struct temp_folder folder;
    struct stage *f = *state;
    assert_true(temp_folder_make(&folder));
    assert_int_equal(put(f, "import.file", temp_path(&folder, "none")), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_IMPORT), SHK_OK);
    ends_with(f, SHK_E_FILE_READ);
    size_t n = (size_t)5 * 1024 * 1024;
    char *large = malloc(n + 1);
    assert_non_null(large);
    memset(large, 'x', n);
    large[n] = '\0';
    temp_write(&folder, "large", large);
    free(large);
    assert_int_equal(put(f, "import.file", temp_path(&folder, "large")), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_IMPORT), SHK_OK);
    ends_with(f, SHK_E_FILE_TOO_LARGE);
    temp_write(&folder, "empty", "");
    assert_int_equal(put(f, "import.file", temp_path(&folder, "empty")), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_IMPORT), SHK_OK);
    ends_with(f, SHK_E_EMPTY);
    temp_folder_remove(&folder);
}

static void a_file_and_bytes_are_not_given_both(void **state) {
    struct stage *f = *state;
    assert_int_equal(put(f, "import.data", "x"), SHK_OK);
    assert_int_equal(put(f, "import.file", "/x"), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_IMPORT), SHK_E_INPUT);
    assert_string_equal(stage_read(f, "fault.where").text, "import.file");
}

static void cancelling_between_two_persons_ends_the_import(void **state) {
    struct stage *f = *state;
    import_data(f, "app/t1.txt", "app/t4.txt");
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_NEXT);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    ends_with(f, SHK_E_CANCELLED);
    assert_int_equal(stage_number(f, "job.running"), 0);
}

static void no_route_is_needed(void **state) {
    struct stage *f = *state;
    assert_int_equal(session_set(f->session, "route", "gateway"), SHK_OK);
    import_data(f, "app/t1.txt", NULL);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(f->desk.http.opened, 0);
}

#define SCRIPT                                                                                     \
    "return { contract = 1, id = \"a\", format = \"csv\", encoding = \"utf-8\", file = \"a.csv\"," \
    "  fields = { { to = \"name\", from = \"name\" } } }"

static void deliver(struct stage *f, struct temp_folder *folder, const char *when) {
    temp_write(folder, "a.lua", SCRIPT);
    const char *script = temp_path(folder, "a.lua");
    assert_int_equal(session_set(f->session, "deliveries[1].script", script), SHK_OK);
    assert_int_equal(session_set(f->session, "deliveries[1].folder", folder->path), SHK_OK);
    assert_int_equal(session_set(f->session, "deliveries[1].when", when), SHK_OK);
    import_data(f, "app/t1.txt", NULL);
    stage_expect(f, SHK_EVENT_ANSWER);
}

static void what_was_not_understood_is_told_with_its_line(void **state) {
    static const char marker[] = "証区分";
    struct stage *f = *state;
    struct bytes text = {0};
    load("app/t1.txt", &text);
    char *key = strstr((char *)text.p, marker);
    assert_non_null(key);
    memcpy(key, "見分区", strlen(marker));
    import(f, text.p, text.n);
    bytes_clear(&text);
    stage_expect(f, SHK_EVENT_ANSWER);
    assert_int_equal(stage_number(f, "drift[1].line"), 12);
    assert_non_null(strstr(stage_read(f, "drift[1].element").text, "見分区"));
    assert_int_equal(stage_number(f, "drift[99].line"), SHK_E_ABSENT);
    stage_expect(f, SHK_EVENT_DONE);
}

/* The app's text has no word on validity: only who asks for it gets it. */
static void an_unstated_record_is_delivered_when_found_is_enough(void **state) {
    struct stage *f = *state;
    struct temp_folder folder;
    assert_true(temp_folder_make(&folder));
    deliver(f, &folder, "eligible");
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "delivery.not_due"), 1);
    assert_false(temp_exists(&folder, "a.csv"));
    deliver(f, &folder, "found");
    stage_expect(f, SHK_EVENT_DELIVERED);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "delivery.not_due"), 0);
    assert_true(temp_exists(&folder, "a.csv"));
    temp_folder_remove(&folder);
}

#define NUMBERS                                                                                    \
    "return { contract = 1, id = \"b\", format = \"csv\", encoding = \"utf-8\", file = \"b.csv\"," \
    "  fields = { { to = \"number\", from = \"insurer_number\" } } }"
#define INSURANCE "06990014"
#define AID       "12990016"

/* Replaces one text by another of the same length. */
static void change(struct bytes *text, const char *from, const char *to) {
    char *at = strstr((char *)text->p, from);
    size_t n = strlen(to);
    assert_int_equal(strlen(from), n);
    assert_non_null(at);
    for (size_t i = 0; i < n; i++) {
        at[i] = to[i];
    }
}

/* Which of the two records of an answer are handed over. */
static void assert_handed_over(struct stage *f, const struct bytes *text, const char *when,
                               bool insurance, bool aid) {
    struct temp_folder folder;
    struct bytes got = {0};
    assert_true(temp_folder_make(&folder));
    temp_write(&folder, "b.lua", NUMBERS);
    const char *script = temp_path(&folder, "b.lua");
    assert_int_equal(session_set(f->session, "deliveries[1].script", script), SHK_OK);
    assert_int_equal(session_set(f->session, "deliveries[1].folder", folder.path), SHK_OK);
    assert_int_equal(session_set(f->session, "deliveries[1].when", when), SHK_OK);
    import(f, text->p, text->n);
    stage_expect(f, SHK_EVENT_ANSWER);
    for (int i = 0; i < (insurance ? 1 : 0) + (aid ? 1 : 0); i++) {
        stage_expect(f, SHK_EVENT_DELIVERED);
    }
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
    if (insurance || aid) {
        load_path(temp_path(&folder, "b.csv"), &got);
    }
    assert_int_equal(bytes_append_byte(&got, 0), SHK_OK);
    assert_true((strstr((char *)got.p, INSURANCE) != NULL) == insurance);
    assert_true((strstr((char *)got.p, AID) != NULL) == aid);
    bytes_clear(&got);
    temp_folder_remove(&folder);
}

/* Of the app's text each record has its own dates and word. */
static void a_record_that_has_ended_is_not_taken_along(void **state) {
    struct stage *f = *state;
    struct bytes text = {0};
    load_text("app/t7.txt", &text);
    assert_handed_over(f, &text, "eligible", false, false);
    assert_handed_over(f, &text, "found", true, true);
    change(&text, "令和2年4月1日", "令和8年4月1日");
    assert_handed_over(f, &text, "found", false, true);
    assert_handed_over(f, &text, "eligible", false, false);
    assert_handed_over(f, &text, "always", true, true);
    bytes_clear(&text);
}

static void a_word_of_the_one_record_delivers_not_the_other(void **state) {
    struct stage *f = *state;
    struct bytes text = {0};
    load_text("app/t7.txt", &text);
    change(&text, "1234567\r\nフリガナ\tミホン　シロウ", "1234567\r\n資格有効性\t有効            ");
    assert_handed_over(f, &text, "eligible", false, true);
    assert_handed_over(f, &text, "found", true, true);
    change(&text, "資格有効性\t有効", "資格有効性\t無効");
    assert_handed_over(f, &text, "eligible", false, false);
    assert_handed_over(f, &text, "found", true, false);
    bytes_clear(&text);
}

/* The service judges all of an answer at once; its dates are only flagged. */
static void the_service_s_word_holds_for_all_records(void **state) {
    struct stage *f = *state;
    struct bytes text = {0};
    load_text("oqs/insurance_and_aid.xml", &text);
    change(&text, ">20200401<", ">20270401<");
    assert_handed_over(f, &text, "eligible", true, true);
    change(&text, "<QualificationValidity>1", "<QualificationValidity>2");
    assert_handed_over(f, &text, "found", false, false);
    assert_handed_over(f, &text, "always", true, true);
    bytes_clear(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        FAKES_CASE(one_answer_of_the_terminal),
        FAKES_CASE(one_text_of_the_app),
        FAKES_CASE(a_text_in_code_page_932),
        FAKES_CASE(several_texts_are_several_persons_one_after_the_other),
        FAKES_CASE(lines_are_counted_through_all_texts),
        FAKES_CASE(a_person_that_cannot_be_read_is_told_and_the_next_follows),
        FAKES_CASE(a_bulk_result_is_person_by_person),
        FAKES_CASE(a_unit_that_does_not_tell_is_a_fault),
        FAKES_CASE(a_unit_that_cannot_be_read_is_told_and_the_next_follows),
        FAKES_CASE(a_bulk_result_that_lacks_persons_is_told),
        FAKES_CASE(a_bulk_result_that_breaks_off_is_told_behind_its_persons),
        FAKES_CASE(a_packed_answer_is_unpacked),
        FAKES_CASE(what_it_is_said_to_be_decides),
        FAKES_CASE(a_file_that_is_not_there_or_too_large_is_told),
        FAKES_CASE(a_file_and_bytes_are_not_given_both),
        FAKES_CASE(cancelling_between_two_persons_ends_the_import),
        FAKES_CASE(no_route_is_needed),
        FAKES_CASE(what_was_not_understood_is_told_with_its_line),
        FAKES_CASE(an_unstated_record_is_delivered_when_found_is_enough),
        FAKES_CASE(a_record_that_has_ended_is_not_taken_along),
        FAKES_CASE(a_word_of_the_one_record_delivers_not_the_other),
        FAKES_CASE(the_service_s_word_holds_for_all_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
