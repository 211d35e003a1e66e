/* The long job: news for the host, one at a time, and a cancel that reaches it. The engine itself is
 * replaced by the linker's --wrap. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "session_stage.h"

static struct {
    struct bulk_job job;
    char table[64], columns[64], folder[64], date[9];
    int32_t news, rc;
    const char *finished_on;
    bool until_stopped;
    struct mutex *lock;
    bool finished;
} engine;

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker gives the name */
int32_t __wrap_bulk_run(const struct bulk_job *job, const struct bulk_world *world,
                        struct bulk_progress *last, struct fault *why);
int32_t __wrap_bulk_run(const struct bulk_job *job, const struct bulk_world *world,
                        struct bulk_progress *last, struct fault *why) {
    engine.job = *job;
    text_copy(engine.table, sizeof engine.table, job->table);
    text_copy(engine.columns, sizeof engine.columns, job->columns);
    text_copy(engine.folder, sizeof engine.folder, job->folder);
    text_copy(engine.date, sizeof engine.date, job->date);
    *last = (struct bulk_progress){.total = 5000000000u, .left_s = -1, .resumed = true};
    text_copy(last->finished_on, sizeof last->finished_on,
              engine.finished_on != NULL ? engine.finished_on : "");
    for (int32_t i = 1; i <= engine.news; i++) {
        last->done = (uint64_t)i;
        last->left_s = 60;
        last->count[DIFFERENCE_LOST] = 2;
        world->progress(world->self, last);
    }
    while (engine.until_stopped && !world->stop(world->self)) {
        thread_sleep(5);
    }
    mutex_lock(engine.lock);
    engine.finished = true;
    mutex_unlock(engine.lock);
    return engine.until_stopped ? fault_raise(why, SHK_E_CANCELLED)
                                : (engine.rc != 0 ? fault_raise(why, engine.rc) : SHK_OK);
}
/* NOLINTEND(bugprone-reserved-identifier) */

static int open_stage(void **state) {
    memset(&engine, 0, sizeof engine);
    engine.lock = mutex_new();
    int rc = stage_open(state);
    if (rc == 0) {
        stage_use_gateway(*state, NULL, 0);
    }
    return rc;
}

static int close_stage(void **state) {
    int rc = stage_close(state);
    mutex_free(engine.lock);
    return rc;
}

static int32_t put(struct stage *f, const char *path, const char *text) {
    return session_put(f->session, path, (const uint8_t *)text, strlen(text));
}

static void put_all(struct stage *f) {
    assert_int_equal(put(f, "bulk.table", "/patients.csv"), SHK_OK);
    assert_int_equal(put(f, "bulk.columns", "/columns.lua"), SHK_OK);
    assert_int_equal(put(f, "bulk.folder", "/results"), SHK_OK);
}

static void await_engine(void) {
    for (bool finished = false; !finished; thread_sleep(5)) {
        mutex_lock(engine.lock);
        finished = engine.finished;
        mutex_unlock(engine.lock);
    }
}

static void the_engine_gets_the_inputs_and_the_settings(void **state) {
    struct stage *f = *state;
    put_all(f);
    assert_int_equal(put(f, "bulk.date", "2026-06-02"), SHK_OK);
    assert_int_equal(put(f, "bulk.kind", "check"), SHK_OK);
    assert_int_equal(session_set(f->session, "bulk.batch", "17"), SHK_OK);
    assert_int_equal(session_set(f->session, "oqs.character_code", "ignore"), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_BULK), SHK_OK);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
    assert_string_equal(engine.table, "/patients.csv");
    assert_string_equal(engine.columns, "/columns.lua");
    assert_string_equal(engine.folder, "/results");
    assert_string_equal(engine.date, "20260602");
    assert_true(engine.job.date_given);
    assert_int_equal(engine.job.batch, 17);
    assert_int_equal(engine.job.kind, BULK_CHECK);
    assert_true(engine.job.check_digit);
    assert_true(engine.job.oqs.ignore_character_code);
    assert_int_equal(f->desk.http.closed, f->desk.http.opened);
}

static void news_that_nobody_took_do_not_pile_up(void **state) {
    struct stage *f = *state;
    engine.news = 500;
    put_all(f);
    assert_int_equal(session_start(f->session, SHK_JOB_BULK), SHK_OK);
    await_engine();
    stage_expect(f, SHK_EVENT_PROGRESS);
    assert_int_equal(stage_number(f, "progress.done"), 500);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_read(f, "progress.total").number, 5000000000);
    assert_int_equal(stage_number(f, "progress.left_s"), 60);
    assert_int_equal(stage_number(f, "progress.lost"), 2);
    assert_int_equal(stage_number(f, "progress.unchanged"), 0);
    assert_int_equal(stage_number(f, "progress.resumed"), 1);
}

static void a_run_that_was_finished_before_says_when(void **state) {
    struct stage *f = *state;
    put_all(f);
    assert_int_equal(session_start(f->session, SHK_JOB_BULK), SHK_OK);
    stage_expect(f, SHK_EVENT_DONE);
    assert_false(engine.job.date_given);
    assert_int_equal(stage_number(f, "progress.finished_on"), SHK_E_ABSENT);
    engine.finished_on = "20261122";
    put_all(f);
    assert_int_equal(session_start(f->session, SHK_JOB_BULK), SHK_OK);
    stage_expect(f, SHK_EVENT_DONE);
    assert_string_equal(stage_read(f, "progress.finished_on").text, "2026-11-22");
}

static void without_a_long_job_there_is_no_progress(void **state) {
    struct stage *f = *state;
    assert_int_equal(stage_number(f, "progress.done"), SHK_E_ABSENT);
    assert_int_equal(stage_number(f, "progress.left_s"), SHK_E_ABSENT);
    assert_int_equal(stage_number(f, "progress.nothing"), SHK_E_PATH);
}

static void a_cancel_reaches_the_engine(void **state) {
    struct stage *f = *state;
    engine.until_stopped = true;
    engine.news = 1;
    put_all(f);
    assert_int_equal(session_start(f->session, SHK_JOB_BULK), SHK_OK);
    stage_expect(f, SHK_EVENT_PROGRESS);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    stage_expect(f, SHK_EVENT_FAULT);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_CANCELLED);
    assert_int_equal(stage_number(f, "progress.done"), 1);
}

static void a_fault_of_the_engine_ends_the_job(void **state) {
    struct stage *f = *state;
    engine.rc = SHK_E_RESUME;
    put_all(f);
    assert_int_equal(session_start(f->session, SHK_JOB_BULK), SHK_OK);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_RESUME);
    stage_expect(f, SHK_EVENT_DONE);
}

static void what_is_missing_is_named(void **state) {
    static const char *const paths[] = {"bulk.table", "bulk.columns", "bulk.folder"};
    struct stage *f = *state;
    for (size_t i = 0; i < 3; i++) {
        put_all(f);
        assert_int_equal(put(f, paths[i], ""), SHK_OK);
        assert_int_equal(session_start(f->session, SHK_JOB_BULK), SHK_E_INPUT);
        assert_string_equal(stage_read(f, "fault.where").text, paths[i]);
    }
    put_all(f);
    assert_int_equal(put(f, "bulk.kind", "ask"), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_BULK), SHK_E_INPUT);
    assert_string_equal(stage_read(f, "fault.where").text, "bulk.kind");
    assert_int_equal(put(f, "bulk.kind", ""), SHK_OK);
    assert_int_equal(put(f, "bulk.date", "2026-13-01"), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_BULK), SHK_E_INPUT);
    assert_string_equal(stage_read(f, "fault.where").text, "bulk.date");
}

static void a_close_ends_it(void **state) {
    struct stage *f = *state;
    engine.until_stopped = true;
    engine.news = 1;
    put_all(f);
    assert_int_equal(session_start(f->session, SHK_JOB_BULK), SHK_OK);
    stage_expect(f, SHK_EVENT_PROGRESS);
    session_close(f->session);
    f->session = NULL;
    desk_end_hang(&f->desk);
    assert_true(engine.finished);
}

static void news_are_read_while_they_change(void **state) {
    struct stage *f = *state;
    engine.news = 20000;
    put_all(f);
    assert_int_equal(session_start(f->session, SHK_JOB_BULK), SHK_OK);
    int64_t before = 0;
    for (int32_t event = 0; event != SHK_EVENT_DONE;) {
        event = stage_next(f);
        int32_t rc = put(f, "bulk.table", "x");
        assert_true(rc == SHK_OK || (rc == SHK_E_STATE && event != SHK_EVENT_DONE));
        int64_t now = stage_read(f, "progress.done").number;
        assert_true(now >= before);
        before = now;
    }
    assert_int_equal(before, 20000);
}

#define BULK_CASE(name) cmocka_unit_test_setup_teardown(name, open_stage, close_stage)

int main(void) {
    const struct CMUnitTest tests[] = {
        BULK_CASE(the_engine_gets_the_inputs_and_the_settings),
        BULK_CASE(news_that_nobody_took_do_not_pile_up),
        BULK_CASE(a_run_that_was_finished_before_says_when),
        BULK_CASE(without_a_long_job_there_is_no_progress),
        BULK_CASE(a_cancel_reaches_the_engine),
        BULK_CASE(a_fault_of_the_engine_ends_the_job),
        BULK_CASE(what_is_missing_is_named),
        BULK_CASE(a_close_ends_it),
        BULK_CASE(news_are_read_while_they_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
