/* An answer is kept before anybody sees it; what it is due to is delivered once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "history.h"
#include "kept_stage.h"
#include "slurp.h"

static const struct kept_person taro = {0};

static void an_answer_is_kept_and_delivered(void **state) {
    struct stage *f = *state;
    kept_deliver(f, &taro);
    assert_int_equal(stage_number(f, "delivery[1].waiting"), 0);
    assert_int_equal(stage_number(f, "delivery[1].repeated"), 0);
    assert_int_equal(stage_number(f, "delivery[1].attempt"), 1);
    assert_string_equal(stage_read(f, "delivery[1].id").text, kept.got[0].id);
    assert_string_equal(stage_read(f, "delivery[1].file").text, "place 1");
    assert_int_equal(stage_number(f, "delivery[1].grade"), SHK_E_ABSENT);
    assert_true(temp_exists(kept_folder(), "shikaku.db"));
    kept_job(f, SHK_JOB_STORE, NULL, NULL);
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "store.waiting"), 0);
    assert_int_equal(stage_number(f, "store.delivered"), 1);
    assert_int_equal(stage_number(f, "store.history"), 2);
}

/* The chain is whole, and everybody whose answer was shown is either delivered or waits. */
static void assert_nothing_lost(struct stage *f, int32_t shown) {
    kept_job(f, SHK_JOB_DELIVER, NULL, NULL);
    (void)kept_drain(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), 0);
    assert_int_equal(stage_number(f, "outbox.waiting"), 0);
    assert_true(kept_got() >= (size_t)shown);
    for (size_t i = 0; i < kept_got(); i++) {
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(kept.got[i].body, kept.got[j].body);
        }
    }
    kept_job(f, SHK_JOB_HISTORY, "history.action", "verify");
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
}

/* Whether the answer was shown although the n-th call of the database fails. */
static bool is_shown(struct stage *f, int call) {
    char name[64];
    snprintf(name, sizeof name, "見本　%d郎", call);
    db_fault_set(DB_FAULT_STATEMENT, call);
    kept_import(f, &(struct kept_person){.name = name});
    int32_t event = kept_next(f);
    if (event == SHK_EVENT_ANSWER) {
        (void)kept_drain(f, 0);
        assert_string_equal(stage_read(f, "record.name").text, name);
        return true;
    }
    assert_int_equal(event, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_STORE_FAILED);
    assert_int_equal(stage_number(f, "records[1].name"), SHK_E_ABSENT);
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "record.name"), SHK_E_ABSENT);
    assert_int_equal(stage_number(f, "outcome"), 0);
    return false;
}

static void nothing_is_shown_that_the_store_could_not_take(void **state) {
    struct stage *f = *state;
    int32_t shown = 1, hidden = 0;
    kept_deliver(f, &taro);
    for (int call = 1; call < 60; call++) {
        bool is = is_shown(f, call);
        bool happened = db_fault_happened();
        shown += is ? 1 : 0;
        hidden += is ? 0 : 1;
        db_fault_set(DB_FAULT_NONE, 0);
        if (!happened) {
            break;
        }
        assert_int_not_equal(call, 59);
    }
    assert_true(shown > 2);
    assert_true(hidden > 2);
    assert_nothing_lost(f, shown);
}

static void a_store_that_cannot_be_opened_stops_before_the_answer(void **state) {
    struct stage *f = *state;
    temp_write(kept_folder(), "shikaku.db",
               "no database, but long enough to look like a file of it");
    kept_import(f, &taro);
    kept_expect(f, SHK_EVENT_FAULT);
    kept_expect(f, SHK_EVENT_DONE);
    assert_true(stage_number(f, "fault.code") <= -1701 && stage_number(f, "fault.code") > -1800);
    assert_int_equal(stage_number(f, "record.name"), SHK_E_ABSENT);
    assert_int_equal(kept_got(), 0);
}

static void without_a_store_it_is_delivered_as_before(void **state) {
    struct stage *f = *state;
    kept_set(f, "store.kind", "none");
    kept_deliver(f, &taro);
    assert_int_equal(stage_number(f, "delivery[1].attempt"), SHK_E_ABSENT);
    assert_false(temp_exists(kept_folder(), "shikaku.db"));
    kept_mood(SHK_E_HOST_UNREACHABLE);
    kept_import(f, &taro);
    kept_expect(f, SHK_EVENT_ANSWER);
    kept_expect(f, SHK_EVENT_FAULT);
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "delivery[1].waiting"), 0);
}

static void the_folder_of_the_store_is_made(void **state) {
    struct stage *f = *state;
    char folder[128], file[160];
    snprintf(folder, sizeof folder, "%s", kept_path("new"));
    kept_set(f, "store.folder", folder);
    kept_deliver(f, &taro);
    kept_set(f, "store.machine", "受付2"); /* closes it */
    static const char *const names[] = {"shikaku.db", "shikaku.db-wal", "shikaku.db-shm",
                                        "store.key"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(file, sizeof file, "%s/%s", folder, names[i]);
        (void)remove(file);
    }
    assert_int_equal(remove(folder), 0);
}

static void arrive(struct stage *f, int32_t job) {
    char text[4096];
    kept_answer(&taro, text, sizeof text);
    kept_set(f, "route", "folder");
    kept_set(f, "folder.face", "/terminal/face");
    fakes_arrive(ARRIVAL_OQS, text);
    assert_int_equal(session_start(f->session, job), SHK_OK);
    kept_expect(f, SHK_EVENT_WAITING);
}

static void what_is_kept_is_settled_although_its_delivery_failed(void **state) {
    struct stage *f = *state;
    int32_t good = 0;
    kept_mood(SHK_E_HOST_UNREACHABLE);
    arrive(f, SHK_JOB_CHECK);
    kept_expect(f, SHK_EVENT_ANSWER);
    assert_int_equal(kept_drain(f, SHK_EVENT_FAULT), 1);
    assert_int_equal(fakes_settled(&good), 1);
    assert_int_equal(good, 1);
}

static void what_could_not_be_kept_is_left_where_it_arrived(void **state) {
    struct stage *f = *state;
    int32_t good = 0;
    kept_set(f, "store.down_ms", "0");
    kept_job(f, SHK_JOB_STORE, NULL, NULL);
    kept_expect(f, SHK_EVENT_DONE);
    db_fault_set(DB_FAULT_KILLED, 2);
    arrive(f, SHK_JOB_CHECK);
    assert_int_equal(kept_drain(f, SHK_EVENT_ANSWER), 0);
    assert_int_equal(fakes_settled(&good), 1);
    assert_int_equal(good, 0);
}

static void of_two_texts_of_which_one_was_never_taken_none_is_settled(void **state) {
    struct stage *f = *state;
    int32_t good = 0;
    size_t n = 0;
    char *text = slurp(TEST_DATA "/app/t1.txt", &n), both[4096];
    snprintf(both, sizeof both, "%s%s", text, text);
    kept_set(f, "route", "app");
    fakes_arrive(ARRIVAL_APP, both);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    kept_expect(f, SHK_EVENT_WAITING);
    kept_expect(f, SHK_EVENT_ANSWER);
    kept_expect(f, SHK_EVENT_NEXT);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    (void)kept_drain(f, 0);
    assert_int_equal(fakes_settled(&good), 1);
    assert_int_equal(good, 0);
}

/* The result file of a question. */
static void query(struct stage *f) {
    kept_set(f, "route", "folder");
    kept_set(f, "folder.req", "/terminal/req");
    kept_set(f, "folder.res", "/terminal/res");
    fakes_answer(fakes.answer, sizeof fakes.answer, FAKES_INSTITUTION, "見本　太郎", "19850312",
                 "");
    fakes.result = NULL;
    kept_put(f, "query.insurer_number", "06990014");
    kept_put(f, "query.number", "1001");
    kept_put(f, "query.birth_date", "19850312");
    assert_int_equal(session_start(f->session, SHK_JOB_QUERY), SHK_OK);
}

static void a_result_is_settled_when_it_is_kept(void **state) {
    struct stage *f = *state;
    kept_job(f, SHK_JOB_STORE, NULL, NULL);
    kept_expect(f, SHK_EVENT_DONE);
    query(f);
    assert_int_equal(kept_drain(f, SHK_EVENT_ANSWER), 1);
    assert_int_equal(fakes.settles, 1);
    assert_int_equal(fakes.used, 1);
    kept_set(f, "store.down_ms", "0");
    kept_job(f, SHK_JOB_STORE, NULL, NULL);
    kept_expect(f, SHK_EVENT_DONE);
    db_fault_set(DB_FAULT_KILLED, 2);
    query(f);
    assert_int_equal(kept_drain(f, SHK_EVENT_ANSWER), 0);
    assert_int_equal(fakes.settles, 2);
    assert_int_equal(fakes.used, 1);
}

static void the_same_answer_is_delivered_once(void **state) {
    struct stage *f = *state;
    char id[37];
    kept_deliver(f, &taro);
    snprintf(id, sizeof id, "%s", kept.got[0].id);
    kept_import(f, &taro);
    kept_expect(f, SHK_EVENT_ANSWER);
    kept_expect(f, SHK_EVENT_DELIVERED);
    assert_int_equal(stage_number(f, "delivery[1].repeated"), 1);
    assert_int_equal(stage_number(f, "delivery[1].waiting"), 0);
    assert_string_equal(stage_read(f, "delivery[1].id").text, id);
    assert_string_equal(stage_read(f, "delivery[1].file").text, "place 1");
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(kept_got(), 1);
}

static void another_day_or_content_is_delivered_again(void **state) {
    struct stage *f = *state;
    kept_deliver(f, &taro);
    kept_deliver(f, &(struct kept_person){.day = "20260603"});
    kept_deliver(f, &(struct kept_person){.address = "見本県見本市別町９"});
    kept_deliver(f, &(struct kept_person){.number = "1002"});
}

static void always_is_always(void **state) {
    struct stage *f = *state;
    kept_set(f, "deliveries[1].repeat", "always");
    kept_deliver(f, &taro);
    kept_deliver(f, &taro);
    assert_string_not_equal(kept.got[0].id, kept.got[1].id);
}

static void answers_that_name_nobody_are_each_one_of_their_own(void **state) {
    static const char text[] =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader>"
        "<QualificationConfirmationDate>20260602</QualificationConfirmationDate>"
        "<MedicalInstitutionCode>" FAKES_INSTITUTION "</MedicalInstitutionCode>"
        "<SegmentOfResult>1</SegmentOfResult><CharacterCodeIdentifier>0</CharacterCodeIdentifier>"
        "</MessageHeader><MessageBody><ProcessingResultStatus>1</ProcessingResultStatus>"
        "<QualificationValidity>1</QualificationValidity><ResultList>"
        "<ResultOfQualificationConfirmation><Name>見本</Name></ResultOfQualificationConfirmation>"
        "</ResultList></MessageBody></XmlMsg>";
    struct stage *f = *state;
    for (int i = 1; i <= 2; i++) {
        kept_put(f, "import.data", text);
        assert_int_equal(session_start(f->session, SHK_JOB_IMPORT), SHK_OK);
        assert_int_equal(kept_drain(f, SHK_EVENT_DELIVERED), 1);
        assert_int_equal(kept_got(), i);
    }
}

static void two_scripts_of_one_place_are_two_deliveries(void **state) {
    struct stage *f = *state;
    kept_set(f, "deliveries[2].adapter", "host");
    kept_script(f, "deliveries[2]", "b", "{ to = \"number\", from = \"number\" }");
    kept_import(f, &taro);
    assert_int_equal(kept_drain(f, SHK_EVENT_DELIVERED), 2);
    assert_int_equal(kept_got(), 2);
    assert_string_equal(kept.got[0].script, "a");
    assert_string_equal(kept.got[1].script, "b");
    kept_mood(SHK_E_HOST_UNREACHABLE);
    kept_import(f, &(struct kept_person){.number = "7"});
    assert_int_equal(kept_drain(f, SHK_EVENT_FAULT), 2);
    kept_mood(0);
    kept_job(f, SHK_JOB_DELIVER, NULL, NULL);
    assert_int_equal(kept_drain(f, SHK_EVENT_DELIVERED), 2);
    assert_string_equal(kept.got[2].script, "a");
    assert_string_equal(kept.got[3].script, "b");
}

/* Both records of the answer are due, one document is made of them. */
static void one_document_for_the_answer_is_one_plan(void **state) {
    struct stage *f = *state;
    temp_write(kept_folder(), "w.lua",
               "return { contract = 1, id = \"w\", format = \"csv\", encoding = \"utf-8\","
               " file = \"w.csv\", per = \"answer\", fields = { { to = \"n\","
               " from = \"insurer_number\" } } }");
    for (int i = 0; i < 2; i++) {
        char *text = slurp(TEST_DATA "/oqs/insurance_and_aid.xml", NULL);
        kept_put(f, "import.data", text);
        assert_int_equal(session_start(f->session, SHK_JOB_IMPORT), SHK_OK);
        assert_int_equal(kept_drain(f, SHK_EVENT_DELIVERED), i == 0 ? 2 : 1);
        assert_int_equal(kept_got(), i == 0 ? 2 : 3);
        kept_set(f, "deliveries[1].folder", "/another"); /* another place: nothing is repeated */
        kept_set(f, "deliveries[1].script", kept_path("w.lua"));
    }
}

/* With the store's key, also when the store was away as the job began: no tag in the open shows a person. */
static void plans_are_made_with_the_store_open(void **state) {
    struct stage *f = *state;
    char text[4096];
    kept_answer(&taro, text, sizeof text);
    kept_set(f, "store.down_ms", "0");
    kept_set(f, "route", "folder");
    kept_set(f, "folder.face", "/terminal/face");
    fakes_arrive(ARRIVAL_OQS, text);
    db_fault_set(DB_FAULT_AWAY, 1); /* opening */
    assert_int_equal(session_check(f->session, "", 0, false, STAGE_PATIENCE_MS),
                     SHK_OUTCOME_ELIGIBLE);
    assert_true(db_fault_happened());
    db_fault_set(DB_FAULT_NONE, 0);
    assert_int_equal(kept_got(), 1);
    assert_int_equal(stage_number(f, "delivery[1].attempt"), 1);
    kept_import(f, &taro);
    (void)kept_drain(f, 0);
    assert_int_equal(stage_number(f, "delivery[1].repeated"), 1);
    assert_int_equal(kept_got(), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        KEPT_CASE(an_answer_is_kept_and_delivered),
        KEPT_CASE(nothing_is_shown_that_the_store_could_not_take),
        KEPT_CASE(a_store_that_cannot_be_opened_stops_before_the_answer),
        KEPT_CASE(without_a_store_it_is_delivered_as_before),
        KEPT_CASE(the_folder_of_the_store_is_made),
        KEPT_CASE(what_is_kept_is_settled_although_its_delivery_failed),
        KEPT_CASE(what_could_not_be_kept_is_left_where_it_arrived),
        KEPT_CASE(of_two_texts_of_which_one_was_never_taken_none_is_settled),
        KEPT_CASE(a_result_is_settled_when_it_is_kept),
        KEPT_CASE(the_same_answer_is_delivered_once),
        KEPT_CASE(another_day_or_content_is_delivered_again),
        KEPT_CASE(always_is_always),
        KEPT_CASE(answers_that_name_nobody_are_each_one_of_their_own),
        KEPT_CASE(two_scripts_of_one_place_are_two_deliveries),
        KEPT_CASE(one_document_for_the_answer_is_one_plan),
        KEPT_CASE(plans_are_made_with_the_store_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
