#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform.h"
#include "store_stage.h"

static struct store_stage stage;

static int set_up(void **state) {
    stage_init(&stage);
    *state = &stage;
    return 0;
}

static int set_up_open(void **state) {
    stage_up(&stage);
    *state = &stage;
    return 0;
}

static int tear_down(void **state) {
    stage_down(*state);
    return 0;
}

static bool there(const char *path) {
    struct stat st;
    return lstat(path, &st) == 0;
}

static int mode_of(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 ? (int)(st.st_mode & 07777) : -1;
}

static void an_empty_place_becomes_a_store(void **state) {
    struct store_stage *s = *state;
    struct store_report report;
    s->store = stage_open(s);
    assert_int_equal(mode_of(s->key_path), 0600);
    assert_int_equal(strlen(store_owner(s->store)), 32);
    assert_int_equal(store_report(s->store, &report, &s->why), SHK_OK);
    assert_int_equal(report.schema, STORE_SCHEMA);
    assert_int_equal(
        report.waiting + report.undecided + report.delivered + report.history + report.patients, 0);
    assert_int_equal(report.oldest_waiting_s, 0);
    assert_int_equal(report.key, 1);
    assert_int_equal(report.keys, 1);
    assert_int_equal(stage_broken(s, 0), 0);
}

static void folder_and_files_are_this_users_alone(void **state) {
    struct store_stage *s = *state;
    char folder[96];
    s->store = stage_open(s);
    text_format(folder, sizeof folder, "%s/data", s->folder.path);
    assert_int_equal(mode_of(folder), 0700);
    assert_int_equal(mode_of(s->db_path), 0600);
}

static void a_folder_two_levels_deep_is_not_made(void **state) {
    struct store_stage *s = *state;
    text_format(s->db_path, sizeof s->db_path, "%s/a/b/store.db", s->folder.path);
    assert_int_equal(stage_try_open(s), SHK_E_STORE_OPEN);
    assert_string_equal(s->why.where, "folder");
}

static void what_was_put_in_is_there_after_opening_again(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    struct bytes frozen = {0};
    stage_taken(s, &a, 1, 1);
    stage_reopen(s);
    assert_string_equal(stage_outbox(s, false), "answer-1-1 1 0 0 0 ;");
    assert_int_equal(outbox_thaw(s->store, "answer-1", &frozen, &s->why), SHK_OK);
    assert_int_equal(frozen.n, a.answer.frozen_n);
    assert_memory_equal(frozen.p, a.answer.frozen, frozen.n);
    bytes_clear(&frozen);
    assert_int_equal(stage_broken(s, 1), 0);
}

static void a_store_without_its_key_file_stays_as_it_is(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    char aside[160];
    stage_taken(s, &a, 1, 1);
    store_close(&s->store);
    text_format(aside, sizeof aside, "%s.aside", s->key_path);
    assert_int_equal(rename(s->key_path, aside), 0);
    assert_int_equal(stage_try_open(s), SHK_E_STORE_KEY);
    assert_string_equal(s->why.where, "missing");
    assert_false(there(s->key_path));
    assert_int_equal(rename(aside, s->key_path), 0);
    s->store = stage_open(s);
    assert_string_equal(stage_outbox(s, false), "answer-1-1 1 0 0 0 ;");
}

static void the_key_of_another_store_is_refused(void **state) {
    struct store_stage *s = *state;
    struct key_ring *other = NULL;
    store_close(&s->store);
    assert_int_equal(unlink(s->key_path), 0);
    assert_int_equal(key_ring_open(&s->env, s->key_path, true, &other, &s->why), SHK_OK);
    key_ring_close(&other);
    assert_int_equal(stage_try_open(s), SHK_E_STORE_KEY);
    assert_string_equal(s->why.where, "other store");
}

static void a_key_that_others_may_read_is_refused(void **state) {
    struct store_stage *s = *state;
    store_close(&s->store);
    assert_int_equal(chmod(s->key_path, 0640), 0);
    assert_int_equal(stage_try_open(s), SHK_E_STORE_KEY);
    assert_string_equal(s->why.where, "mode");
    assert_int_equal(chmod(s->key_path, 0600), 0);
    assert_int_equal(stage_try_open(s), SHK_OK);
}

static void a_key_that_was_made_before_a_crash_is_taken(void **state) {
    struct store_stage *s = *state;
    struct key_ring *ring = NULL;
    char folder[96];
    text_format(folder, sizeof folder, "%s/data", s->folder.path);
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_int_equal(key_ring_open(&s->env, s->key_path, true, &ring, &s->why), SHK_OK);
    key_ring_close(&ring);
    s->store = stage_open(s);
    assert_int_equal(stage_broken(s, 0), 0);
}

/* Every call of opening fails once; the next opening finds a store all the same. */
static void opening_may_break_off_anywhere(void **state) {
    struct store_stage *s = *state;
    static const enum db_fault_kind kinds[] = {DB_FAULT_STATEMENT, DB_FAULT_KILLED,
                                               DB_FAULT_ANSWER_LOST};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        for (int64_t at = 1; at < 100; at++) {
            struct store_stage each;
            stage_init(&each);
            each.settings.down_ms = 0;
            db_fault_set(kinds[k], at);
            int32_t rc = stage_try_open(&each);
            bool happened = db_fault_happened();
            assert_true((rc != SHK_OK) == happened);
            db_fault_set(DB_FAULT_NONE, 0);
            each.store = stage_open(&each);
            assert_int_equal(stage_broken(&each, 0), 0);
            stage_down(&each);
            if (!happened) {
                assert_true(at > 8);
                break;
            }
        }
    }
    (void)s;
}

static void set_schema(struct store_stage *s, const char *schema) {
    char sql[128];
    text_format(sql, sizeof sql, "UPDATE meta SET value = %s('%s'%s) WHERE name = 'schema'",
                stage_is_postgres() ? "convert_to" : "CAST", schema,
                stage_is_postgres() ? ", 'UTF8'" : " AS BLOB");
    stage_sql(s, sql);
}

static void expect_schema(struct store_stage *s, const char *expected) {
    struct bytes schema = stage_value(s, "SELECT value FROM meta WHERE name = 'schema'");
    assert_string_equal(bytes_text(&schema), expected);
    bytes_clear(&schema);
}

static void a_newer_schema_is_refused_and_left_alone(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    stage_taken(s, &a, 1, 1);
    store_close(&s->store);
    set_schema(s, "3");
    assert_int_equal(stage_try_open(s), SHK_E_STORE_NEWER);
    assert_int_equal(stage_number(s, "SELECT COUNT(*) FROM delivery"), 1);
    assert_int_equal(stage_number(s, "SELECT COUNT(*) FROM history"), 1);
}

static void a_schema_that_is_no_number_is_damage(void **state) {
    struct store_stage *s = *state;
    store_close(&s->store);
    set_schema(s, "x");
    assert_int_equal(stage_try_open(s), SHK_E_STORE_BROKEN);
}

/* What a store of schema 1 lacks; what it has must never change any more. */
static void make_schema_1(struct store_stage *s) {
    store_close(&s->store);
    stage_sql(s, "DROP TABLE patient");
    set_schema(s, "1");
}

static void an_older_schema_is_brought_forward_with_its_content(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    struct store_report report;
    stage_taken(s, &a, 1, 2);
    make_schema_1(s);
    s->store = stage_open(s);
    assert_int_equal(store_report(s->store, &report, &s->why), SHK_OK);
    assert_int_equal(report.schema, 2);
    assert_int_equal(report.waiting, 2);
    assert_int_equal(report.patients, 0);
    assert_int_equal(stage_broken(s, 1), 0);
    assert_string_equal(stage_outbox(s, false), "answer-1-1 1 0 0 0 ;answer-1-2 1 0 0 0 ;");
    store_close(&s->store);
    expect_schema(s, "2");
}

static void a_wrong_key_moves_no_schema(void **state) {
    struct store_stage *s = *state;
    make_schema_1(s);
    assert_int_equal(unlink(s->key_path), 0);
    assert_int_equal(stage_try_open(s), SHK_E_STORE_KEY);
    expect_schema(s, "1");
}

/* The released words of schema 1. */
static void schema_1_is_what_was_released(void **state) {
    struct store_stage *s = *state;
    struct bytes sql = stage_value(
        s, "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_master WHERE sql IS NOT"
           " NULL AND tbl_name IN ('answer', 'delivery', 'history', 'meta') ORDER BY name)");
    assert_string_equal(
        bytes_text(&sql),
        "CREATE TABLE answer (id TEXT PRIMARY KEY, at_s BIGINT NOT NULL, source TEXT NOT NULL,"
        " person TEXT NOT NULL, sealed BYTEA NOT NULL);"
        "CREATE TABLE delivery (id TEXT PRIMARY KEY, came BIGINT NOT NULL UNIQUE, answer TEXT NOT"
        " NULL, record BIGINT NOT NULL, target TEXT NOT NULL, key TEXT NOT NULL UNIQUE, state"
        " BIGINT NOT NULL, at_s BIGINT NOT NULL, source TEXT NOT NULL, attempts BIGINT NOT NULL,"
        " last BIGINT NOT NULL, owner TEXT NOT NULL, lease_until BIGINT NOT NULL, lease_s BIGINT"
        " NOT NULL, note BYTEA, place BYTEA, document BYTEA, changed_s BIGINT NOT NULL);"
        "CREATE INDEX delivery_answer ON delivery (answer);"
        "CREATE INDEX delivery_waits ON delivery (state, came);"
        "CREATE TABLE history (seq BIGINT PRIMARY KEY, at_s BIGINT NOT NULL, kind BIGINT NOT NULL,"
        " answer TEXT NOT NULL, delivery TEXT NOT NULL, person TEXT NOT NULL, token TEXT NOT NULL"
        " UNIQUE, sealed BYTEA NOT NULL, hash BYTEA NOT NULL);"
        "CREATE INDEX history_person ON history (person, seq);"
        "CREATE INDEX history_time ON history (at_s);"
        "CREATE TABLE meta (name TEXT PRIMARY KEY, value BYTEA NOT NULL)");
    bytes_clear(&sql);
}

static void write_file(const char *path, const char *content, size_t n) {
    struct fault why = {0};
    assert_int_equal(platform_files.put(NULL, path, (const uint8_t *)content, n, true, &why),
                     SHK_OK);
}

static void a_file_that_is_no_database_is_left_alone(void **state) {
    struct store_stage *s = *state;
    static const char text[] =
        "これはデータベースではありません。これはデータベースではありません。";
    struct bytes back = {0};
    store_close(&s->store);
    write_file(s->db_path, text, sizeof text);
    assert_int_equal(stage_try_open(s), SHK_E_STORE_BROKEN);
    assert_int_equal(platform_files.read(NULL, s->db_path, 4096, &back, &s->why), SHK_OK);
    assert_int_equal(back.n, sizeof text);
    assert_memory_equal(back.p, text, sizeof text);
    bytes_clear(&back);
}

static void the_database_of_another_program_is_refused(void **state) {
    struct store_stage *s = *state;
    char folder[96];
    text_format(folder, sizeof folder, "%s/data", s->folder.path);
    assert_int_equal(mkdir(folder, 0700), 0);
    stage_sql(s, "CREATE TABLE karte (id INTEGER)");
    assert_int_equal(stage_try_open(s), SHK_E_STORE_BROKEN);
    assert_false(there(s->key_path));
    assert_int_equal(stage_number(s, "SELECT COUNT(*) FROM sqlite_master"), 1);
}

static void two_openings_share_one_store(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    struct store *first = s->store, *second = stage_open(s);
    assert_string_not_equal(store_owner(first), store_owner(second));
    for (int i = 1; i <= 10; i++) {
        s->store = i % 2 == 0 ? first : second;
        stage_taken(s, &a, i, 1);
    }
    s->store = first;
    assert_int_equal(stage_broken(s, 10), 0);
    store_close(&second);
}

/* Another process: what it opens is its own. Ends with the number of calls that failed. */
static int clerk(struct store_stage *s, int from) {
    int bad = 0;
    struct store *store = NULL;
    if (store_open(&s->env, &s->settings, &store, &s->why) != SHK_OK) {
        return 100;
    }
    for (int i = from; i < from + 15; i++) {
        struct stage_answer a;
        struct store_stage mine = *s;
        mine.store = store;
        stage_answer(&mine, &a, i, 1);
        bad += outbox_take(store, &a.answer, a.plan, a.n, &a.entry, &mine.why) != SHK_OK;
        bad += stage_claim(&mine, store, a.plan[0].id) != SHK_OK;
        bad += stage_done(&mine, store, a.plan[0].id) != SHK_OK;
    }
    store_close(&store);
    return bad;
}

/* They also make the store, all at once. */
static void four_processes_at_once_keep_one_chain(void **state) {
    struct store_stage *s = *state;
    pid_t child[4];
    s->settings.db.busy_ms = 60000;
    for (int i = 0; i < 4; i++) {
        child[i] = fork();
        if (child[i] == 0) {
            _exit(clerk(s, i * 100));
        }
    }
    for (int i = 0; i < 4; i++) {
        int status = -1;
        assert_int_equal(waitpid(child[i], &status, 0), child[i]);
        assert_int_equal(status, 0);
    }
    s->store = stage_open(s);
    assert_int_equal(stage_broken(s, 120), 0);
    assert_string_equal(stage_outbox(s, false), "");
    assert_int_equal(stage_number(s, "SELECT COUNT(*) FROM delivery WHERE state = 4"), 60);
    assert_int_equal(stage_number(s, "SELECT COUNT(*) FROM answer"), 0);
}

static void a_store_that_another_holds_is_locked(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    void *db = NULL;
    store_close(&s->store);
    s->settings.db.busy_ms = 100;
    s->store = stage_open(s);
    stage_answer(s, &a, 1, 1);
    assert_int_equal(db_sqlite.open(NULL, &s->settings.db, &db, &s->why), SHK_OK);
    assert_int_equal(db_sqlite.begin(db, &s->why), SHK_OK);
    assert_int_equal(stage_take(s, &a), SHK_E_STORE_LOCKED);
    db_sqlite.rollback(db);
    db_sqlite.close(db);
    assert_int_equal(stage_take(s, &a), SHK_OK);
    assert_int_equal(stage_broken(s, 1), 0);
}

static void a_server_that_stays_away_ends_the_wait(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    stage_answer(s, &a, 1, 1);
    int64_t before = s->clock.mono_ms;
    db_fault_set(DB_FAULT_KILLED, 1);
    assert_int_equal(stage_take(s, &a), SHK_E_STORE_DOWN);
    assert_true(s->clock.mono_ms - before >= s->settings.down_ms);
    db_fault_set(DB_FAULT_NONE, 0);
    assert_int_equal(stage_take(s, &a), SHK_OK);
    assert_int_equal(stage_broken(s, 1), 0);
}

static void without_a_database_of_that_kind_there_is_no_store(void **state) {
    struct store_stage *s = *state;
    s->env.sqlite = s->env.postgres = NULL;
    assert_int_equal(stage_try_open(s), SHK_E_STORE_LIBRARY);
}

#define CASE(name)      cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define CASE_OPEN(name) cmocka_unit_test_setup_teardown(name, set_up_open, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(an_empty_place_becomes_a_store),
        CASE_OPEN(what_was_put_in_is_there_after_opening_again),
        CASE_OPEN(a_store_without_its_key_file_stays_as_it_is),
        CASE_OPEN(the_key_of_another_store_is_refused),
        CASE_OPEN(a_key_that_others_may_read_is_refused),
        CASE(a_key_that_was_made_before_a_crash_is_taken),
        CASE(opening_may_break_off_anywhere),
        CASE_OPEN(a_newer_schema_is_refused_and_left_alone),
        CASE_OPEN(a_schema_that_is_no_number_is_damage),
        CASE_OPEN(an_older_schema_is_brought_forward_with_its_content),
        CASE_OPEN(a_wrong_key_moves_no_schema),
        CASE_OPEN(two_openings_share_one_store),
        CASE(four_processes_at_once_keep_one_chain),
        CASE_OPEN(a_server_that_stays_away_ends_the_wait),
        CASE(without_a_database_of_that_kind_there_is_no_store),
    };
    const struct CMUnitTest of_sqlite[] = {
        CASE(folder_and_files_are_this_users_alone),
        CASE(a_folder_two_levels_deep_is_not_made),
        CASE_OPEN(schema_1_is_what_was_released),
        CASE_OPEN(a_file_that_is_no_database_is_left_alone),
        CASE(the_database_of_another_program_is_refused),
        CASE_OPEN(a_store_that_another_holds_is_locked),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return stage_is_postgres() ? failed : failed + cmocka_run_group_tests(of_sqlite, NULL, NULL);
}
