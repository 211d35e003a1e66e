/* What could not be delivered waits, and goes out by itself or when it is asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kept_stage.h"
#include "platform.h"

static const struct kept_person taro = {0};
static const struct kept_person jiro = {.name = "見本　次郎", .kana = "ﾐﾎﾝ ｼﾞﾛｳ", .number = "1002"};

/* One import whose delivery fails with that code. */
static void wait_for(struct stage *f, const struct kept_person *p, int32_t code) {
    kept_mood(code);
    kept_import(f, p);
    kept_expect(f, SHK_EVENT_ANSWER);
    kept_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), code);
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), code);
    assert_int_equal(stage_number(f, "delivery[1].waiting"), 1);
    kept_mood(0);
}

static void list(struct stage *f, int32_t waiting) {
    kept_job(f, SHK_JOB_DELIVER, "outbox.action", "list");
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
    assert_int_equal(stage_number(f, "outbox.waiting"), waiting);
    int32_t n = -1;
    mutex_lock(f->session->lock);
    assert_int_equal(values_count(f->session, "outbox", 6, &n), SHK_OK);
    mutex_unlock(f->session->lock);
    assert_int_equal(n, waiting);
}

static void what_failed_waits_and_is_delivered_with_its_number(void **state) {
    struct stage *f = *state;
    char id[64];
    wait_for(f, &taro, SHK_E_HOST_UNREACHABLE);
    snprintf(id, sizeof id, "%s", stage_read(f, "delivery[1].id").text);
    kept_job(f, SHK_JOB_DELIVER, NULL, NULL);
    kept_expect(f, SHK_EVENT_ANSWER);
    assert_string_equal(stage_read(f, "source").text, "outbox");
    assert_string_equal(stage_read(f, "record.name").text, "見本　太郎");
    kept_expect(f, SHK_EVENT_DELIVERED);
    assert_int_equal(stage_number(f, "delivery[1].waiting"), 0);
    assert_int_equal(stage_number(f, "delivery[1].attempt"), 2);
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "outbox.delivered"), 1);
    assert_int_equal(stage_number(f, "outbox.waiting"), 0);
    assert_string_equal(kept.got[0].id, id);
    assert_int_equal(kept_got(), 1);
}

static void the_next_job_takes_up_what_waits(void **state) {
    struct stage *f = *state;
    wait_for(f, &taro, SHK_E_HOST_UNREACHABLE);
    kept_import(f, &jiro);
    assert_int_equal(kept_drain(f, SHK_EVENT_DELIVERED), 1); /* of the other nothing is told */
    assert_int_equal(kept_got(), 2);
    list(f, 0);
}

static void pages_are_turned_between_persons(void **state) {
    struct stage *f = *state;
    kept_mood(SHK_E_HOST_REFUSED);
    kept_import(f, &taro);
    (void)kept_drain(f, 0);
    kept_import(f, &jiro);
    (void)kept_drain(f, 0);
    kept_mood(0);
    kept_job(f, SHK_JOB_DELIVER, "outbox.action", "deliver");
    kept_expect(f, SHK_EVENT_ANSWER);
    assert_string_equal(stage_read(f, "record.name").text, "見本　太郎");
    kept_expect(f, SHK_EVENT_DELIVERED);
    kept_expect(f, SHK_EVENT_NEXT);
    thread_sleep(200);
    assert_string_equal(stage_read(f, "record.name").text, "見本　太郎");
    assert_int_equal(kept_got(), 1);
    kept_expect(f, SHK_EVENT_ANSWER);
    assert_string_equal(stage_read(f, "record.name").text, "見本　次郎");
    kept_expect(f, SHK_EVENT_DELIVERED);
    assert_int_equal(stage_number(f, "delivery[2].attempt"), SHK_E_ABSENT);
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "outbox.delivered"), 2);
    assert_int_equal(kept_got(), 2);
}

static void cancelling_between_two_pages_leaves_the_rest_waiting(void **state) {
    struct stage *f = *state;
    kept_mood(SHK_E_HOST_REFUSED);
    kept_import(f, &taro);
    (void)kept_drain(f, 0);
    kept_import(f, &jiro);
    (void)kept_drain(f, 0);
    kept_mood(0);
    kept_job(f, SHK_JOB_DELIVER, NULL, NULL);
    kept_expect(f, SHK_EVENT_ANSWER);
    kept_expect(f, SHK_EVENT_DELIVERED);
    kept_expect(f, SHK_EVENT_NEXT);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    (void)kept_drain(f, 0);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_CANCELLED);
    list(f, 1);
}

static void the_list_says_what_waits_and_why(void **state) {
    struct stage *f = *state;
    wait_for(f, &taro, SHK_E_HOST_LOGIN);
    list(f, 1);
    assert_string_equal(stage_read(f, "outbox[1].state").text, "ready");
    assert_string_equal(stage_read(f, "outbox[1].state_text").text, "送信待ち");
    assert_string_equal(stage_read(f, "outbox[1].name").text, "見本　太郎");
    assert_string_equal(stage_read(f, "outbox[1].birth_date").text, "1985-03-12");
    assert_string_equal(stage_read(f, "outbox[1].source").text, "oqs");
    assert_string_equal(stage_read(f, "outbox[1].target").text, "host");
    assert_int_equal(stage_number(f, "outbox[1].delivery"), 1);
    assert_int_equal(stage_number(f, "outbox[1].attempts"), 1);
    assert_int_equal(stage_number(f, "outbox[1].fault.code"), SHK_E_HOST_LOGIN);
    assert_true(strlen(stage_read(f, "outbox[1].fault.message").text) > 0);
    assert_int_equal(strlen(stage_read(f, "outbox[1].at").text), 19);
    assert_int_equal(stage_number(f, "outbox[2].attempts"), SHK_E_ABSENT);
    assert_int_equal(stage_number(f, "outbox[2].delivery"), SHK_E_ABSENT);
    assert_int_equal(stage_number(f, "outbox[2].name"), SHK_E_ABSENT);
    assert_int_equal(stage_number(f, "outbox[2].fault.code"), SHK_E_ABSENT);
    assert_int_equal(stage_number(f, "outbox[0].name"), SHK_E_PATH);
    assert_int_equal(stage_number(f, "outbox[1].nothing"), SHK_E_PATH);
    assert_int_equal(stage_number(f, "outbox.nothing"), SHK_E_PATH);
    assert_int_equal(stage_number(f, "outbox.undecided"), 0);
}

static void wrong_inputs_are_refused(void **state) {
    static const struct {
        const char *action, *id, *where;
        bool starts;
    } rows[] = {{"throw", NULL, "outbox.action", false},
                {"drop", NULL, "outbox.id", false},
                {"drop", "no-such-one", "outbox.id", true},
                {"deliver", "no-such-one", "outbox.id", true}};
    struct stage *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(kept_put(f, "outbox.action", rows[i].action), SHK_OK);
        assert_int_equal(kept_put(f, "outbox.id", rows[i].id != NULL ? rows[i].id : ""), SHK_OK);
        int32_t rc = session_start(f->session, SHK_JOB_DELIVER);
        assert_int_equal(rc, rows[i].starts ? SHK_OK : SHK_E_INPUT);
        if (rows[i].starts) {
            (void)kept_drain(f, 0);
            assert_int_equal(stage_number(f, "fault.code"), SHK_E_INPUT);
        }
        assert_string_equal(stage_read(f, "fault.where").text, rows[i].where);
    }
    kept_set(f, "store.kind", "none");
    kept_put(f, "outbox.action", "list");
    kept_put(f, "outbox.id", "");
    assert_int_equal(session_start(f->session, SHK_JOB_DELIVER), SHK_OK);
    (void)kept_drain(f, 0);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_STORE_OFF);
}

static void what_is_dropped_waits_no_more_and_is_due_with_a_new_check(void **state) {
    struct stage *f = *state;
    char id[64];
    wait_for(f, &taro, SHK_E_HOST_REFUSED);
    snprintf(id, sizeof id, "%s", stage_read(f, "delivery[1].id").text);
    kept_put(f, "outbox.id", id);
    kept_job(f, SHK_JOB_DELIVER, "outbox.action", "drop");
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
    list(f, 0);
    kept_import(f, &taro);
    kept_expect(f, SHK_EVENT_ANSWER);
    kept_expect(f, SHK_EVENT_DELIVERED);
    assert_int_equal(stage_number(f, "delivery[1].repeated"), 0);
    assert_string_not_equal(stage_read(f, "delivery[1].id").text, id);
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(kept_got(), 1);
    kept_job(f, SHK_JOB_HISTORY, NULL, NULL);
    kept_expect(f, SHK_EVENT_DONE);
    assert_string_equal(stage_read(f, "history[2].kind").text, "dropped");
    assert_string_equal(stage_read(f, "history[2].delivery").text, id);
    assert_string_equal(stage_read(f, "history[2].decision").text, "drop");
}

static void a_watch_delivers_what_waits_by_itself(void **state) {
    struct stage *f = *state;
    wait_for(f, &taro, SHK_E_HOST_UNREACHABLE);
    kept_mood(SHK_E_HOST_UNREACHABLE);
    kept_set(f, "route", "folder");
    kept_set(f, "folder.face", "/terminal/face");
    kept_set(f, "outbox.retry_s", "60");
    assert_int_equal(session_start(f->session, SHK_JOB_WATCH), SHK_OK);
    kept_expect(f, SHK_EVENT_WAITING);
    kept_mood(0);
    kept_skip(
        90000); /* it failed once in this job: twice the time, of which the real clock takes its part */
    assert_int_equal(session_next_event(f->session, 900), SHK_EVENT_NONE);
    assert_int_equal(kept_got(), 0);
    kept_skip(40000);
    int32_t event = session_next_event(f->session, STAGE_PATIENCE_MS);
    assert_int_equal(event, SHK_EVENT_OUTBOX);
    assert_int_equal(stage_number(f, "outbox.waiting"), 0);
    assert_int_equal(stage_number(f, "outbox.delivered"), 1);
    assert_int_equal(kept_got(), 1);
    assert_int_equal(stage_number(f, "match.candidate[1].id"), SHK_E_ABSENT);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    (void)kept_drain(f, 0);
}

/* A host that is away is tried at the first jobs and then left alone for a while, whoever comes. */
static void a_host_that_is_away_holds_up_nobody_for_long(void **state) {
    struct stage *f = *state;
    wait_for(f, &taro, SHK_E_HOST_UNREACHABLE);
    kept_mood(SHK_E_HOST_UNREACHABLE);
    char number[12];
    for (int i = 0; i < 4; i++) {
        snprintf(number, sizeof number, "%d", i + 1);
        kept_import(f, &(struct kept_person){.number = number});
        (void)kept_drain(f, 0);
    }
    assert_int_equal(kept.tried, 1 + 4 + 2);
    kept_skip(INT64_C(3600000));
    kept_stop_clock(); /* a turn before a patient has its limit */
    kept_mood(0);
    kept_import(f, &jiro);
    (void)kept_drain(f, 0);
    assert_int_equal(kept_got(), 6);
}

static void one_that_is_refused_holds_up_no_other(void **state) {
    struct stage *f = *state;
    kept_script(f, "deliveries[1]", "c",
                "{ to = \"n\", from = \"number\", with = function(v)"
                " if v == \"1001\" then return v.x.y end return v end }");
    kept_import(f, &taro);
    assert_int_equal(kept_drain(f, SHK_EVENT_FAULT), 1);
    wait_for(f, &jiro, SHK_E_HOST_REFUSED);
    kept_import(f, &(struct kept_person){.number = "9"});
    (void)kept_drain(f, 0);
    assert_int_equal(kept_got(), 2); /* the turn has passed the first by */
    list(f, 1);
    assert_string_equal(stage_read(f, "outbox[1].state").text, "planned");
    kept_script(f, "deliveries[1]", "c", "{ to = \"name\", from = \"name\" }");
    kept_job(f, SHK_JOB_DELIVER, "outbox.action", "deliver");
    assert_int_equal(kept_drain(f, SHK_EVENT_DELIVERED), 1);
    assert_int_equal(kept_got(), 3);
}

/* Another PC hears of a claim, and would wait for its end. */
static void a_host_that_speaks_for_the_store_fails(void **state) {
    struct stage *f = *state;
    kept_mood(SHK_E_DELIVERY_TAKEN);
    kept_import(f, &taro);
    kept_expect(f, SHK_EVENT_ANSWER);
    kept_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_ADAPTER_BROKEN);
    kept_expect(f, SHK_EVENT_DONE);
    list(f, 1);
    assert_int_equal(stage_number(f, "outbox[1].fault.code"), SHK_E_ADAPTER_BROKEN);
}

static void the_one_that_is_named_is_delivered_alone(void **state) {
    struct stage *f = *state;
    char id[64];
    kept_mood(SHK_E_HOST_REFUSED);
    kept_import(f, &taro);
    (void)kept_drain(f, 0);
    kept_import(f, &jiro);
    (void)kept_drain(f, 0);
    kept_mood(0);
    list(f, 2);
    assert_string_equal(stage_read(f, "outbox[2].name").text, "見本　次郎");
    snprintf(id, sizeof id, "%s", stage_read(f, "outbox[2].id").text);
    kept_put(f, "outbox.id", id);
    kept_job(f, SHK_JOB_DELIVER, "outbox.action", "deliver");
    kept_expect(f, SHK_EVENT_ANSWER);
    assert_string_equal(stage_read(f, "record.name").text, "見本　次郎");
    assert_int_equal(kept_drain(f, SHK_EVENT_DELIVERED), 1);
    assert_int_equal(kept_got(), 1);
    assert_string_equal(kept.got[0].id, id);
    list(f, 1);
    assert_string_equal(stage_read(f, "outbox[1].name").text, "見本　太郎");
}

static void what_the_host_refused_is_made_anew_when_asked_for(void **state) {
    struct stage *f = *state;
    wait_for(f, &taro, SHK_E_HOST_REFUSED);
    kept_script(f, "deliveries[1]", "a", "{ to = \"number\", from = \"number\" }");
    kept_job(f, SHK_JOB_DELIVER, "outbox.action", "deliver");
    assert_int_equal(kept_drain(f, SHK_EVENT_DELIVERED), 1);
    assert_non_null(strstr(kept.got[0].body, "1001"));
    assert_null(strstr(kept.got[0].body, "見本"));
}

static void another_folder_is_another_destination(void **state) {
    struct stage *f = *state;
    kept_set(f, "deliveries[1].folder", "/one");
    wait_for(f, &taro, SHK_E_HOST_REFUSED);
    kept_set(f, "deliveries[1].folder", "/two");
    kept_job(f, SHK_JOB_DELIVER, NULL, NULL);
    kept_expect(f, SHK_EVENT_ANSWER);
    kept_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_TARGET_GONE);
    assert_int_equal(stage_number(f, "delivery[1].waiting"), 1);
    kept_expect(f, SHK_EVENT_DONE);
    list(f, 1);
    assert_int_equal(stage_number(f, "outbox[1].delivery"), SHK_E_ABSENT);
    assert_int_equal(stage_number(f, "outbox[1].target"), SHK_E_ABSENT);
    kept_set(f, "deliveries[1].folder", "/one");
    kept_set(f, "deliveries[1].password", "another");
    kept_job(f, SHK_JOB_DELIVER, "outbox.action", "deliver");
    assert_int_equal(kept_drain(f, SHK_EVENT_DELIVERED), 1);
}

static void a_host_that_hangs_is_left_and_the_delivery_waits(void **state) {
    struct stage *f = *state;
    kept_set(f, "deliver.timeout_ms", "1000");
    kept_hang(true);
    kept_import(f, &taro);
    kept_expect(f, SHK_EVENT_ANSWER);
    kept_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_ADAPTER_TIMEOUT);
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "delivery[1].waiting"), 1);
    kept_hang(false);
    kept_set(f, "deliver.timeout_ms", "60000");
    kept_job(f, SHK_JOB_DELIVER, NULL, NULL);
    assert_int_equal(kept_drain(f, SHK_EVENT_DELIVERED), 1);
    assert_int_equal(kept_got(), 1);
}

/* Through the store and its seals, the list of what waits, the mapping and the delivery. */
static void a_name_that_reads_like_sql_is_a_name(void **state) {
    static const struct kept_person hostile = {.name = "x'); DROP TABLE delivery;--\"",
                                               .number = "1' OR '1'='1"};
    struct stage *f = *state;
    wait_for(f, &hostile, SHK_E_HOST_UNREACHABLE);
    list(f, 1);
    assert_string_equal(stage_read(f, "outbox[1].name").text, hostile.name);
    kept_job(f, SHK_JOB_DELIVER, NULL, NULL);
    assert_int_equal(kept_drain(f, SHK_EVENT_DELIVERED), 1);
    assert_int_equal(kept_got(), 1);
    assert_non_null(strstr(kept.got[0].body, "x'); DROP TABLE delivery;--"));
    kept_deliver(f, &jiro);
    list(f, 0);
}

static void forget_answers(void) {
    const struct db_settings settings = {.path = kept_path("shikaku.db"),
                                         .busy_ms = STAGE_PATIENCE_MS};
    struct fault why = {0};
    void *db = NULL;
    assert_int_equal(db_sqlite.open(NULL, &settings, &db, &why), SHK_OK);
    assert_int_equal(db_sqlite.run(db, "DELETE FROM answer", NULL, 0, NULL, NULL, &why), SHK_OK);
    db_sqlite.close(db);
}

static void a_delivery_whose_answer_was_lost_is_told(void **state) {
    struct stage *f = *state;
    wait_for(f, &taro, SHK_E_HOST_UNREACHABLE);
    forget_answers();
    kept_job(f, SHK_JOB_DELIVER, NULL, NULL);
    kept_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_STORE_BROKEN);
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_STORE_BROKEN);
    list(f, 1);
}

static void closing_does_not_wait_for_a_host_that_hangs(void **state) {
    struct stage *f = *state;
    kept_hang(true);
    kept_import(f, &taro);
    kept_expect(f, SHK_EVENT_ANSWER);
    kept_await_hanging();
    int64_t started = f->session->env.clock->mono_ms(NULL);
    const struct clock_ops *clock = f->session->env.clock;
    session_close(f->session);
    f->session = NULL;
    assert_true(clock->mono_ms(NULL) - started < STAGE_CLOSE_MS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        KEPT_CASE(what_failed_waits_and_is_delivered_with_its_number),
        KEPT_CASE(the_next_job_takes_up_what_waits),
        KEPT_CASE(pages_are_turned_between_persons),
        KEPT_CASE(cancelling_between_two_pages_leaves_the_rest_waiting),
        KEPT_CASE(the_list_says_what_waits_and_why),
        KEPT_CASE(wrong_inputs_are_refused),
        KEPT_CASE(what_is_dropped_waits_no_more_and_is_due_with_a_new_check),
        KEPT_CASE(a_watch_delivers_what_waits_by_itself),
        KEPT_CASE(a_host_that_is_away_holds_up_nobody_for_long),
        KEPT_CASE(one_that_is_refused_holds_up_no_other),
        KEPT_CASE(a_host_that_speaks_for_the_store_fails),
        KEPT_CASE(the_one_that_is_named_is_delivered_alone),
        KEPT_CASE(what_the_host_refused_is_made_anew_when_asked_for),
        KEPT_CASE(another_folder_is_another_destination),
        KEPT_CASE(a_host_that_hangs_is_left_and_the_delivery_waits),
        KEPT_CASE(a_name_that_reads_like_sql_is_a_name),
        KEPT_CASE(a_delivery_whose_answer_was_lost_is_told),
        KEPT_CASE(closing_does_not_wait_for_a_host_that_hangs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
