/* SHK_JOB_MAP over many persons: the worker is ahead of the host, and the host does not notice. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): F_SETPIPE_SZ */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "ahead.h"
#include "bytes.h"
#include "platform.h"
#include "session_stage.h"
#include "temp_folder.h"
#include "thread.h"

#define SCRIPT                                                                                     \
    "return { contract = 1, id = \"a\", format = \"csv\", encoding = \"utf-8\", file = \"a.csv\"," \
    "  fields = { { to = \"n\", from = \"number\" } } }"
#define MANY (3 * AHEAD_MAX)

#define PAGES_BYTES                                                                                \
    ((size_t)200000) /* nothing else of a job asks for so much at once with calloc */

static struct temp_folder folder;
static struct bytes answer;
static atomic_bool pages_fail;

/* NOLINTBEGIN(bugprone-reserved-identifier) */
void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size) {
    bool fails = pages_fail && n * size > PAGES_BYTES;
    return fails ? NULL : __real_calloc(n, size);
}
/* NOLINTEND(bugprone-reserved-identifier) */

static int enter(void **state) {
    if (!temp_folder_make(&folder)) {
        return -1;
    }
    temp_write(&folder, "a.lua", SCRIPT);
    return stage_open(state);
}

static int leave(void **state) {
    int rc = stage_close(state);
    pages_fail = false;
    bytes_clear(&answer);
    temp_folder_remove(&folder);
    return rc;
}
#define CASE(name) cmocka_unit_test_setup_teardown(name, enter, leave)

static void add(const char *text) {
    assert_int_equal(bytes_append(&answer, text, strlen(text)), SHK_OK);
}

static void begin_answer(int persons) {
    char count[96];
    add("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<XmlMsg><MessageHeader>"
        "<ProcessExecutionTime>20250602061500</ProcessExecutionTime>"
        "<QualificationConfirmationDate>20250602</QualificationConfirmationDate>"
        "<MedicalInstitutionCode>9919999999</MedicalInstitutionCode>"
        "<ArbitraryFileIdentifier>B-20250602</ArbitraryFileIdentifier>"
        "<ReceptionNumber>R00000000000000001</ReceptionNumber><SegmentOfResult>1</"
        "SegmentOfResult>");
    snprintf(count, sizeof count, "<NumberOfProcessingResult>%d</NumberOfProcessingResult>",
             persons);
    add(count);
    add("<CharacterCodeIdentifier>0</CharacterCodeIdentifier></MessageHeader><MessageBody>\n");
}

/* Of several records each has its own branch number. */
static void add_person(int number, int records) {
    char text[256];
    add("<BulkConfirmUnit><ProcessingResultStatus>1</ProcessingResultStatus>"
        "<QualificationValidity>1</QualificationValidity><ResultList>");
    for (int i = 0; i < records; i++) {
        snprintf(text, sizeof text,
                 "<ResultOfQualificationConfirmation><InsurerNumber>06990014</InsurerNumber>"
                 "<InsuredIdentificationNumber>%d</InsuredIdentificationNumber>"
                 "<InsuredBranchNumber>%02d</InsuredBranchNumber>",
                 number, i);
        add(text);
        add("<Name>見本　次郎</Name><Sex1>1</Sex1><Birthdate>19890107</Birthdate>"
            "</ResultOfQualificationConfirmation>");
    }
    add("</ResultList></BulkConfirmUnit>\n");
}

static void end_answer(void) {
    add("</MessageBody></XmlMsg>\n");
}

static void put(struct stage *f, const char *path, const void *p, size_t n) {
    assert_int_equal(session_put(f->session, path, p, n), SHK_OK);
}

static void put_text(struct stage *f, const char *path, const char *text) {
    put(f, path, text, strlen(text));
}

static void start(struct stage *f) {
    put_text(f, "map.script", temp_path(&folder, "a.lua"));
    assert_int_equal(session_start(f->session, SHK_JOB_MAP), SHK_OK);
}

static void start_many(struct stage *f, int persons) {
    begin_answer(persons);
    for (int i = 1; i <= persons; i++) {
        add_person(i, 1);
    }
    end_answer();
    put(f, "import.data", answer.p, answer.n);
    start(f);
}

static void await_worker(struct stage *f) {
    bool ahead = false;
    for (int32_t ms = 0; !ahead && ms < STAGE_PATIENCE_MS; ms++) {
        mutex_lock(f->session->lock);
        ahead = ahead_waits(f->session);
        mutex_unlock(f->session->lock);
        thread_sleep(1);
    }
    assert_true(ahead);
}

static void assert_is(struct stage *f, int number) {
    char expected[16];
    snprintf(expected, sizeof expected, "%d\r\n", number);
    struct reading r = stage_read(f, "delivery[1].document");
    assert_int_equal(r.len, strlen(expected));
    assert_memory_equal(r.text, expected, r.len);
    assert_int_equal(strtol(stage_read(f, "record.number").text, NULL, 10), number);
}

static void expect_person(struct stage *f, int number) {
    stage_expect(f, SHK_EVENT_ANSWER);
    assert_int_equal(stage_number(f, "outcome"), SHK_OUTCOME_ELIGIBLE);
    stage_expect(f, SHK_EVENT_DELIVERED);
    assert_int_equal(stage_number(f, "delivery.last"), 1);
    assert_is(f, number);
}

static void expect_end(struct stage *f, int32_t code) {
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), code);
    assert_null(f->session->ahead);
}

static void each_person_is_shown_once_and_in_turn(void **state) {
    struct stage *f = *state;
    start_many(f, MANY);
    for (int i = 1; i <= MANY; i++) {
        expect_person(f, i);
        if (i < MANY) {
            stage_expect(f, SHK_EVENT_NEXT);
            assert_is(f, i);
        }
    }
    expect_end(f, 0);
    assert_is(f, MANY);
}

static void a_person_stays_while_the_worker_is_ahead(void **state) {
    struct stage *f = *state;
    start_many(f, 3);
    stage_expect(f, SHK_EVENT_ANSWER);
    await_worker(f);
    assert_is(f, 1);
    assert_int_equal(stage_number(f, "job.running"), 1);
    stage_expect(f, SHK_EVENT_DELIVERED);
    stage_expect(f, SHK_EVENT_NEXT);
    assert_is(f, 1);
    expect_person(f, 2);
    stage_expect(f, SHK_EVENT_NEXT);
    expect_person(f, 3);
    expect_end(f, 0);
}

/* More events than a page has room for. */
static void a_person_of_many_records_is_whole(void **state) {
    enum { RECORDS = 20 };
    struct stage *f = *state;
    begin_answer(3);
    add_person(1, 1);
    add_person(2, RECORDS);
    add_person(3, 1);
    end_answer();
    put(f, "import.data", answer.p, answer.n);
    start(f);
    expect_person(f, 1);
    await_worker(f);
    stage_expect(f, SHK_EVENT_NEXT);
    expect_person(f, 2);
    for (int i = 2; i <= RECORDS; i++) {
        stage_expect(f, SHK_EVENT_DELIVERED);
        assert_int_equal(stage_number(f, "delivery.last"), i);
    }
    stage_expect(f, SHK_EVENT_NEXT);
    assert_string_equal(stage_read(f, "records[20].branch_number").text, "19");
    expect_person(f, 3);
    expect_end(f, 0);
}

static void a_cancel_drops_the_persons_that_were_not_begun(void **state) {
    struct stage *f = *state;
    start_many(f, MANY);
    stage_expect(f, SHK_EVENT_ANSWER);
    await_worker(f);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    stage_expect(f, SHK_EVENT_DELIVERED);
    stage_expect(f, SHK_EVENT_NEXT);
    assert_is(f, 1);
    expect_end(f, SHK_E_CANCELLED);
    assert_is(f, 1);
}

static void a_cancel_within_a_person_of_many_records_shows_no_other(void **state) {
    struct stage *f = *state;
    begin_answer(2);
    add_person(1, 1);
    add_person(2, 20);
    end_answer();
    put(f, "import.data", answer.p, answer.n);
    start(f);
    stage_expect(f, SHK_EVENT_ANSWER);
    await_worker(f);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    stage_expect(f, SHK_EVENT_DELIVERED);
    stage_expect(f, SHK_EVENT_NEXT);
    assert_is(f, 1);
    stage_expect(f, SHK_EVENT_DONE);
    assert_is(f, 1);
    assert_int_equal(stage_number(f, "delivery[2].head"), SHK_E_ABSENT);
}

static void without_memory_for_pages_the_same_comes_one_by_one(void **state) {
    struct stage *f = *state;
    pages_fail = true;
    start_many(f, 3);
    for (int i = 1; i <= 3; i++) {
        expect_person(f, i);
        assert_null(f->session->ahead);
        if (i < 3) {
            stage_expect(f, SHK_EVENT_NEXT);
            assert_is(f, i);
        }
    }
    expect_end(f, 0);
}

static void a_close_frees_what_waits(void **state) {
    struct stage *f = *state;
    start_many(f, MANY);
    stage_expect(f, SHK_EVENT_ANSWER);
    await_worker(f);
    session_close(f->session);
    f->session = NULL;
}

static void a_host_that_looks_away_finds_a_wake(void **state) {
    struct stage *f = *state;
    int ends[2];
    uint8_t wakes[64];
    assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
    assert_int_equal(session_wake(f->session, ends[1], 0), SHK_OK);
    start_many(f, 3);
    await_worker(f);
    assert_true(read(ends[0], wakes, sizeof wakes) > 0);
    for (int i = 1; i <= 3; i++) {
        expect_person(f, i);
        stage_expect(f, i < 3 ? SHK_EVENT_NEXT : SHK_EVENT_DONE);
    }
    assert_int_equal(session_wake(f->session, -1, 0), SHK_OK);
    close(ends[0]);
    close(ends[1]);
}

/* The host sees whoever was read, although the next one does not come. */
static void a_pipe_that_falls_silent_holds_nobody_back(void **state) {
    struct stage *f = *state;
    const char *path = temp_path(&folder, "pipe");
    assert_int_equal(mkfifo(path, 0600), 0);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0 && fcntl(fd, F_SETPIPE_SZ, 1 << 20) > 0);
    enum { PERSONS = 400 }; /* enough to be told from one person's answer */
    begin_answer(PERSONS);
    for (int i = 1; i <= PERSONS; i++) {
        add_person(i, 1);
    }
    add("\n\n");
    assert_int_equal(write(fd, answer.p, answer.n), (ssize_t)answer.n);
    put_text(f, "import.file", path);
    start(f);
    for (int i = 1; i <= PERSONS; i++) {
        expect_person(f, i);
        if (i < PERSONS) {
            stage_expect(f, SHK_EVENT_NEXT);
        }
    }
    bytes_clear(&answer);
    end_answer();
    assert_int_equal(write(fd, answer.p, answer.n), (ssize_t)answer.n);
    assert_int_equal(close(fd), 0);
    expect_end(f, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(each_person_is_shown_once_and_in_turn),
        CASE(a_person_stays_while_the_worker_is_ahead),
        CASE(a_person_of_many_records_is_whole),
        CASE(a_cancel_drops_the_persons_that_were_not_begun),
        CASE(a_cancel_within_a_person_of_many_records_shows_no_other),
        CASE(without_memory_for_pages_the_same_comes_one_by_one),
        CASE(a_close_frees_what_waits),
        CASE(a_host_that_looks_away_finds_a_wake),
        CASE(a_pipe_that_falls_silent_holds_nobody_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
