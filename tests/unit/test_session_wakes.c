/* A host that sleeps until an event comes, while persons are only mapped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pack_disk.h"
#include "session_stage.h"
#include "thread.h"

#define SCRIPT                                                                                     \
    "return { contract = 1, id = \"a\", format = \"csv\", encoding = \"utf-8\", file = \"a.csv\"," \
    "  fields = { { to = \"a\", from = \"%s\", required = true } } }"
#define RECORDS 100 /* of one answer: more than the queue has room for */

static struct pack_disk disk;

struct sleeper {
    struct session *session;
    int answers, documents, persons, faults;
};

static int enter(void **state) {
    return pack_disk_make(&disk) ? stage_open(state) : -1;
}

static int leave(void **state) {
    int rc = stage_close(state);
    pack_disk_remove(&disk);
    return rc;
}
#define CASE(name) cmocka_unit_test_setup_teardown(name, enter, leave)

static void sleep_until_done(void *self) {
    struct sleeper *host = self;
    for (int32_t event = 0; event >= 0 && event != SHK_EVENT_DONE;) {
        event = session_next_event(host->session, -1);
        host->answers += event == SHK_EVENT_ANSWER;
        host->documents += event == SHK_EVENT_DELIVERED;
        host->persons += event == SHK_EVENT_NEXT;
        host->faults += event == SHK_EVENT_FAULT;
    }
}

/* The host sleeps before the job begins. */
static struct sleeper map(struct stage *f, const char *script, const char *file) {
    struct sleeper host = {.session = f->session};
    pack_disk_set(&disk, "../a.lua", script);
    const char *path = temp_path(&disk.folder, "a.lua");
    assert_int_equal(session_put(f->session, "map.script", (const uint8_t *)path, strlen(path)),
                     SHK_OK);
    assert_int_equal(session_put(f->session, "import.file", (const uint8_t *)file, strlen(file)),
                     SHK_OK);
    struct thread *thread = thread_start(sleep_until_done, &host);
    assert_non_null(thread);
    assert_int_equal(session_start(f->session, SHK_JOB_MAP), SHK_OK);
    assert_true(thread_join(thread, STAGE_PATIENCE_MS));
    return host;
}

static void it_is_woken_for_every_person(void **state) {
    char script[512];
    snprintf(script, sizeof script, SCRIPT, "name");
    struct sleeper host = map(*state, script, TEST_DATA "/oqs/bulk_result.xml");
    assert_true(host.persons > 0);
    assert_true(host.answers > host.persons);
}

/* The second record has no symbol. */
static void it_is_woken_for_a_record_that_fails(void **state) {
    char script[512];
    snprintf(script, sizeof script, SCRIPT, "symbol");
    struct sleeper host = map(*state, script, TEST_DATA "/oqs/insurance_and_aid.xml");
    assert_int_equal(host.documents, 1);
    assert_int_equal(host.faults, 1);
}

static void it_is_woken_when_the_queue_is_full(void **state) {
    static const char head[] =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader>"
        "<QualificationConfirmationDate>20250602</QualificationConfirmationDate>"
        "<MedicalInstitutionCode>9919999999</MedicalInstitutionCode><SegmentOfResult>1"
        "</SegmentOfResult></MessageHeader><MessageBody><ProcessingResultStatus>1"
        "</ProcessingResultStatus><QualificationValidity>1</QualificationValidity><ResultList>";
    static const char one[] = "<ResultOfQualificationConfirmation><InsurerNumber>06990014"
                              "</InsurerNumber><Name>見本　次郎</Name><Birthdate>19890107"
                              "</Birthdate></ResultOfQualificationConfirmation>";
    static char xml[sizeof head + RECORDS * sizeof one + 64];
    char script[512];
    size_t n = (size_t)snprintf(xml, sizeof xml, "%s", head);
    for (int i = 0; i < RECORDS; i++) {
        n += (size_t)snprintf(xml + n, sizeof xml - n, "%s", one);
    }
    snprintf(xml + n, sizeof xml - n, "</ResultList></MessageBody></XmlMsg>");
    pack_disk_set(&disk, "../many.xml", xml);
    snprintf(script, sizeof script, SCRIPT, "name");
    char file[512];
    snprintf(file, sizeof file, "%s", temp_path(&disk.folder, "many.xml"));
    struct sleeper host = map(*state, script, file);
    assert_int_equal(host.documents, RECORDS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(it_is_woken_for_every_person),
        CASE(it_is_woken_for_a_record_that_fails),
        CASE(it_is_woken_when_the_queue_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
