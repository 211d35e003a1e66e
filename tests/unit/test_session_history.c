/* What the history and the store tell, and what is done with them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kept_stage.h"
#include "platform.h"
#include "slurp.h"

static const struct kept_person taro = {0};
static const struct kept_person jiro = {.name = "見本　次郎", .kana = "ﾐﾎﾝ ｼﾞﾛｳ", .number = "1002"};

static void history(struct stage *f, const char *action, int32_t code) {
    kept_job(f, SHK_JOB_HISTORY, "history.action", action);
    (void)kept_drain(f, 0);
    assert_int_equal(stage_number(f, "fault.code"), code);
}

static void store(struct stage *f, const char *action, int32_t code) {
    kept_job(f, SHK_JOB_STORE, "store.action", action);
    (void)kept_drain(f, 0);
    assert_int_equal(stage_number(f, "fault.code"), code);
}

static int32_t listed(struct stage *f) {
    int32_t n = -1;
    mutex_lock(f->session->lock);
    assert_int_equal(values_count(f->session, "history", 7, &n), SHK_OK);
    mutex_unlock(f->session->lock);
    return n;
}

static void the_list_says_who_was_checked_and_what_was_delivered(void **state) {
    struct stage *f = *state;
    kept_set(f, "route", "folder");
    kept_deliver(f, &taro);
    history(f, "list", 0);
    assert_int_equal(listed(f), 2);
    assert_int_equal(stage_number(f, "history.entries"), 2);
    assert_int_equal(stage_number(f, "history.first"), 1);
    assert_int_equal(stage_number(f, "history.last"), 2);
    assert_int_equal(stage_number(f, "history.broken"), SHK_E_ABSENT);
    assert_int_equal(stage_number(f, "history.exported"), SHK_E_ABSENT);
    assert_int_equal(stage_number(f, "history[1].seq"), 1);
    assert_string_equal(stage_read(f, "history[1].kind").text, "check");
    assert_string_equal(stage_read(f, "history[1].outcome").text, "eligible");
    assert_string_equal(stage_read(f, "history[1].name").text, "見本　太郎");
    assert_string_equal(stage_read(f, "history[1].insurer_number").text, "06990014");
    assert_string_equal(stage_read(f, "history[1].day").text, "2026-06-02");
    assert_string_equal(stage_read(f, "history[1].machine").text, "受付1");
    assert_string_equal(stage_read(f, "history[1].route").text, "folder");
    assert_string_equal(stage_read(f, "history[1].version").text, stage_read(f, "version").text);
    assert_int_equal(stage_number(f, "history[1].place"), SHK_E_ABSENT);
    assert_string_equal(stage_read(f, "history[2].kind").text, "delivered");
    assert_string_equal(stage_read(f, "history[2].place").text, "place 1");
    assert_string_equal(stage_read(f, "history[2].script").text, "a.lua");
    assert_string_equal(stage_read(f, "history[2].adapter").text, "host/1");
    assert_true(strncmp(stage_read(f, "history[2].script_version").text, "sha256:", 7) == 0);
    assert_string_equal(stage_read(f, "history[2].delivery").text, kept.got[0].id);
    assert_int_equal(strlen(stage_read(f, "history[2].at").text), 19);
    assert_int_equal(stage_number(f, "history[3].seq"), SHK_E_ABSENT);
    assert_int_equal(stage_number(f, "history[3].kind"), SHK_E_ABSENT);
    assert_int_equal(stage_number(f, "history[0].seq"), SHK_E_PATH);
    assert_int_equal(stage_number(f, "history[1].nothing"), SHK_E_PATH);
}

static void limits_and_days_are_heeded(void **state) {
    struct stage *f = *state;
    kept_deliver(f, &taro);
    kept_skip(3 * INT64_C(86400000));
    kept_deliver(f, &jiro);
    kept_put(f, "history.limit", "3");
    history(f, "list", 0);
    assert_int_equal(listed(f), 3);
    assert_int_equal(stage_number(f, "history[1].seq"), 2);
    char day[16], last[16];
    snprintf(day, sizeof day, "%.10s", stage_read(f, "history[2].at").text);
    snprintf(last, sizeof last, "%.10s", stage_read(f, "history[3].at").text); /* behind midnight */
    kept_put(f, "history.from", day);
    history(f, "list", 0);
    assert_int_equal(listed(f), 2);
    assert_int_equal(stage_number(f, "history[1].seq"), 3);
    kept_put(f, "history.to", last);
    history(f, "list", 0);
    assert_int_equal(listed(f), 4);
    kept_put(f, "history.to", "1950-01-01");
    history(f, "list", 0);
    assert_int_equal(listed(f), 0);
}

static void one_patient_has_the_newest_of_their_own(void **state) {
    struct stage *f = *state;
    kept.gives = "11";
    kept_deliver(f, &taro);
    kept_deliver(f, &(struct kept_person){.day = "20260603"});
    kept_deliver(f, &(struct kept_person){.day = "20260604"});
    kept.gives = "12";
    kept_deliver(f, &jiro);
    kept_put(f, "history.patient", "11");
    history(f, "list", 0);
    assert_int_equal(listed(f), 3);
    kept_put(f, "history.patient", "11");
    kept_put(f, "history.limit", "2");
    history(f, "list", 0);
    assert_int_equal(listed(f), 2);
    assert_int_equal(stage_number(f, "history[1].seq"), 4);
    assert_int_equal(stage_number(f, "history[2].seq"), 6);
    kept_put(f, "history.patient", "99");
    history(f, "list", 0);
    assert_int_equal(listed(f), 0);
}

static void wrong_inputs_are_refused_with_their_name(void **state) {
    static const char *const wrong[][2] = {
        {"history.action", "burn"}, {"history.limit", "0"},    {"history.limit", "100001"},
        {"history.limit", "x"},     {"history.from", "never"}, {"history.to", "2026-13-01"}};
    struct stage *f = *state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        kept_put(f, wrong[i][0], wrong[i][1]);
        assert_int_equal(session_start(f->session, SHK_JOB_HISTORY), SHK_E_INPUT);
        assert_string_equal(stage_read(f, "fault.where").text, wrong[i][0]);
        kept_put(f, wrong[i][0], "");
    }
    kept_put(f, "history.action", "export");
    assert_int_equal(session_start(f->session, SHK_JOB_HISTORY), SHK_E_INPUT);
    assert_string_equal(stage_read(f, "fault.where").text, "history.out");
    kept_put(f, "store.action", "burn");
    assert_int_equal(session_start(f->session, SHK_JOB_STORE), SHK_E_INPUT);
    assert_string_equal(stage_read(f, "fault.where").text, "store.action");
    kept_put(f, "store.action", "export-key");
    assert_int_equal(session_start(f->session, SHK_JOB_STORE), SHK_E_INPUT);
    assert_string_equal(stage_read(f, "fault.where").text, "store.file");
}

static void without_a_store_there_is_none_to_look_at(void **state) {
    struct stage *f = *state;
    kept_set(f, "store.kind", "none");
    history(f, "list", SHK_E_STORE_OFF);
    store(f, "show", SHK_E_STORE_OFF);
    kept_put(f, "store.file", kept_path("key"));
    store(f, "import-key", SHK_E_STORE_OFF);
}

static void an_export_is_a_table_that_calculates_nothing(void **state) {
    struct stage *f = *state;
    kept_deliver(f, &(struct kept_person){.name = "=見本\"太郎\"", .number = "0011"});
    kept_put(f, "history.out", kept_path("out.csv"));
    history(f, "export", 0);
    assert_int_equal(stage_number(f, "history.exported"), 2);
    const char *csv = slurp(kept_path("out.csv"), NULL);
    assert_true(strncmp(csv, "\xEF\xBB\xBF\"番号\",\"日時\"", 10) == 0);
    assert_non_null(strstr(csv, "\"'=見本\"\"太郎\"\"\""));
    assert_non_null(strstr(csv, "\"=\"\"06990014\"\"\""));
    assert_non_null(strstr(csv, "\"place 1\""));
    assert_int_equal(temp_mode(kept_folder(), "out.csv"), 0600);
    size_t lines = 0;
    for (const char *p = csv; (p = strstr(p, "\r\n")) != NULL; p += 2) {
        lines++;
    }
    assert_int_equal(lines, 3);
    kept_put(f, "history.out", kept_path("out.csv"));
    history(f, "export", SHK_E_FILE_EXISTS);
    assert_string_equal(stage_read(f, "fault.where").text, "out.csv");
    assert_int_equal(stage_number(f, "history.exported"), SHK_E_ABSENT);
    kept_put(f, "history.out", kept_path("none/out.csv"));
    kept_job(f, SHK_JOB_HISTORY, "history.action", "export");
    (void)kept_drain(f, 0);
    assert_true(stage_number(f, "fault.code") < 0);
    assert_string_equal(stage_read(f, "fault.where").text, "out.csv");
}

static void an_export_of_one_patient_has_no_other(void **state) {
    struct stage *f = *state;
    kept.gives = "11";
    kept_deliver(f, &taro);
    kept.gives = "12";
    kept_deliver(f, &jiro);
    kept_put(f, "history.out", kept_path("out.csv"));
    kept_put(f, "history.patient", "12");
    history(f, "export", 0);
    assert_int_equal(stage_number(f, "history.exported"), 1);
    const char *csv = slurp(kept_path("out.csv"), NULL);
    assert_non_null(strstr(csv, "12"));
    assert_null(strstr(csv, "\"11\""));
}

/* Changes the store as a stranger would. */
static void tamper(const char *sql) {
    struct fault why = {0};
    void *db = NULL;
    char path[128];
    snprintf(path, sizeof path, "%s", kept_path("shikaku.db"));
    const struct db_settings settings = {.path = path, .busy_ms = 5000};
    assert_int_equal(db_sqlite.open(NULL, &settings, &db, &why), SHK_OK);
    assert_int_equal(db_sqlite.run(db, sql, NULL, 0, NULL, NULL, &why), SHK_OK);
    db_sqlite.close(db);
}

static void a_broken_chain_is_named_and_still_listed(void **state) {
    struct stage *f = *state;
    kept_deliver(f, &taro);
    kept_deliver(f, &jiro);
    history(f, "verify", 0);
    assert_int_equal(stage_number(f, "history.entries"), 4);
    assert_int_equal(listed(f), 0);
    tamper("UPDATE history SET at_s = at_s + 1 WHERE seq = 3");
    history(f, "verify", SHK_E_HISTORY_BROKEN);
    assert_int_equal(stage_number(f, "history.broken"), 3);
    history(f, "list", 0);
    assert_int_equal(stage_number(f, "history.broken"), 3);
    assert_int_equal(listed(f), 4);
}

static void the_store_is_shown(void **state) {
    struct stage *f = *state;
    kept_mood(SHK_E_HOST_REFUSED);
    kept_import(f, &taro);
    (void)kept_drain(f, 0);
    assert_int_equal(stage_number(f, "store.schema"), SHK_E_ABSENT);
    store(f, "show", 0);
    assert_true(stage_number(f, "store.schema") > 0);
    assert_int_equal(stage_number(f, "store.waiting"), 1);
    assert_int_equal(stage_number(f, "store.undecided"), 0);
    assert_int_equal(stage_number(f, "store.history"), 1);
    assert_int_equal(stage_number(f, "store.key"), 1);
    assert_int_equal(stage_number(f, "store.keys"), 1);
    assert_int_equal(strlen(stage_read(f, "store.oldest_waiting").text), 19);
    assert_int_equal(stage_number(f, "store.nothing"), SHK_E_PATH);
}

static void what_is_old_is_purged(void **state) {
    struct stage *f = *state;
    kept_set(f, "store.keep_days", "10");
    kept_deliver(f, &taro);
    kept_skip(20 * INT64_C(86400000));
    store(f, "purge", 0);
    assert_true(stage_number(f, "store.purged") > 0);
    assert_int_equal(stage_number(f, "store.delivered"), 0);
    history(f, "verify", 0);
}

static void a_rotation_tells_how_far_it_is(void **state) {
    struct stage *f = *state;
    int32_t progress = 0;
    kept_mood(SHK_E_HOST_REFUSED);
    kept_import(f, &taro);
    (void)kept_drain(f, 0);
    kept_job(f, SHK_JOB_STORE, "store.action", "rotate");
    for (int32_t event = 0; event != SHK_EVENT_DONE;) {
        event = session_next_event(f->session, STAGE_PATIENCE_MS);
        assert_int_not_equal(event, SHK_EVENT_NONE);
        progress += event == SHK_EVENT_PROGRESS ? 1 : 0;
    }
    assert_int_equal(stage_number(f, "fault.code"), 0);
    assert_true(progress > 0);
    assert_int_equal(stage_number(f, "progress.done"), stage_number(f, "progress.total"));
    assert_int_equal(stage_number(f, "store.key"), 2);
    assert_int_equal(stage_number(f, "store.keys"), 1);
    kept_mood(0);
    kept_job(f, SHK_JOB_DELIVER, NULL, NULL);
    assert_int_equal(kept_drain(f, SHK_EVENT_DELIVERED), 1);
    history(f, "verify", 0);
}

static void a_key_goes_to_another_pc_and_back(void **state) {
    struct stage *f = *state;
    char key[128];
    kept_deliver(f, &taro);
    snprintf(key, sizeof key, "%s", kept_path("carried"));
    kept_put(f, "store.file", key);
    store(f, "export-key", 0);
    assert_int_equal(temp_mode(kept_folder(), "carried"), 0600);
    kept_put(f, "store.file", key);
    store(f, "export-key", SHK_E_FILE_EXISTS);
    /* The other PC has the store, and no key yet. */
    kept_set(f, "store.machine", "受付2");
    assert_int_equal(remove(kept_path("store.key")), 0);
    history(f, "list", SHK_E_STORE_KEY);
    kept_put(f, "store.file", key);
    store(f, "import-key", 0);
    assert_int_equal(stage_number(f, "store.history"), 2);
    history(f, "verify", 0);
    kept_put(f, "store.file", kept_path("none"));
    store(f, "import-key", SHK_E_STORE_KEY);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        KEPT_CASE(the_list_says_who_was_checked_and_what_was_delivered),
        KEPT_CASE(limits_and_days_are_heeded),
        KEPT_CASE(one_patient_has_the_newest_of_their_own),
        KEPT_CASE(wrong_inputs_are_refused_with_their_name),
        KEPT_CASE(without_a_store_there_is_none_to_look_at),
        KEPT_CASE(an_export_is_a_table_that_calculates_nothing),
        KEPT_CASE(an_export_of_one_patient_has_no_other),
        KEPT_CASE(a_broken_chain_is_named_and_still_listed),
        KEPT_CASE(the_store_is_shown),
        KEPT_CASE(what_is_old_is_purged),
        KEPT_CASE(a_rotation_tells_how_far_it_is),
        KEPT_CASE(a_key_goes_to_another_pc_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
