#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "db_stage.h"
#include "pg_server.h"
#include "thread.h"

static struct db_stage s;
static enum db_kind kind;

static int set_up(void **state) {
    (void)state;
    return db_stage_up(&s, kind) &&
                   db_stage_say(
                       &s, "CREATE TABLE IF NOT EXISTS item (id BIGINT PRIMARY KEY, word TEXT, "
                           "content BYTEA)") == SHK_OK
               ? 0
               : -1;
}

static int tear_down(void **state) {
    (void)state;
    db_stage_down(&s);
    return 0;
}

static int32_t add(void *db, int64_t id, struct db_value word, struct db_value content) {
    const struct db_value values[] = {db_int(id), word, content};
    return db_stage_run(&s, db, "INSERT INTO item (id, word, content) VALUES ($1, $2, $3)", values,
                        3);
}

static int32_t add_word(void *db, int64_t id, const char *word) {
    return add(db, id, db_stage_text(word), db_null());
}

struct expected {
    const struct db_value *values;
    size_t n, rows;
};

static int32_t compare(void *self, const struct db_value *values, size_t n, struct fault *why) {
    struct expected *e = self;
    (void)why;
    e->rows++;
    assert_int_equal(n, e->n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(values[i].type, e->values[i].type);
        assert_true(values[i].number == e->values[i].number);
        assert_int_equal(values[i].n, e->values[i].n);
        if (values[i].n > 0) {
            assert_memory_equal(values[i].p, e->values[i].p, values[i].n);
        }
    }
    return SHK_OK;
}

static void comes_back(int64_t id, struct db_value word, struct db_value content) {
    const struct db_value want[] = {db_int(id), word, content};
    struct expected e = {want, 3, 0};
    const struct db_rows rows = {compare, &e};
    assert_int_equal(add(NULL, id, word, content), SHK_OK);
    assert_int_equal(s.changed, 1);
    assert_int_equal(s.ops->run(s.db, "SELECT id, word, content FROM item WHERE id = $1", want, 1,
                                &rows, NULL, &s.why),
                     SHK_OK);
    assert_int_equal(e.rows, 1);
}

static void every_type_comes_back_as_it_was(void **state) {
    (void)state;
    uint8_t all[256];
    for (size_t i = 0; i < sizeof all; i++) {
        all[i] = (uint8_t)i;
    }
    comes_back(0, db_stage_text("見本 太郎"), db_bytes(all, sizeof all));
    comes_back(-1, db_stage_text(""), db_bytes(NULL, 0));
    comes_back(INT64_MAX, db_stage_text("𠮷𩸽"), db_bytes(all, 1));
    comes_back(INT64_MIN, db_null(), db_null());
    comes_back(2, db_stage_text("'; DROP TABLE item; --"), db_bytes((const uint8_t *)"text", 4));
}

static void a_large_blob_comes_back(void **state) {
    (void)state;
    const size_t n = 12000000;
    uint8_t *p = malloc(n);
    assert_non_null(p);
    for (size_t i = 0; i < n; i++) {
        p[i] = (uint8_t)(i * 2654435761u >> 13);
    }
    comes_back(1, db_stage_text("large"), db_bytes(p, n));
    free(p);
}

static void a_text_that_not_every_database_holds_is_refused(void **state) {
    (void)state;
    const struct db_value zero = {DB_TEXT, 0, (const uint8_t *)"a\0b", 3};
    assert_int_equal(add(NULL, 1, zero, db_null()), SHK_E_ARGUMENT);
    assert_int_equal(add(NULL, 1, db_stage_text("\xE3\x81"), db_null()), SHK_E_ARGUMENT);
    assert_true(db_stage_gives(&s, "SELECT count(*) FROM item", "0;"));
}

static int32_t add_once(int64_t id) {
    const struct db_value values[] = {db_int(id)};
    return db_stage_run(&s, NULL, "INSERT INTO item (id) VALUES ($1) ON CONFLICT DO NOTHING",
                        values, 1);
}

static void what_changed_is_counted(void **state) {
    (void)state;
    assert_int_equal(add_once(1), SHK_OK);
    assert_int_equal(s.changed, 1);
    assert_int_equal(add_once(1), SHK_OK);
    assert_int_equal(s.changed, 0);
    assert_int_equal(add_once(2), SHK_OK);
    assert_int_equal(db_stage_say(&s, "UPDATE item SET word = 'x' WHERE id < 5"), SHK_OK);
    assert_int_equal(s.changed, 2);
    assert_int_equal(db_stage_say(&s, "SELECT id FROM item"), SHK_OK);
    assert_int_equal(s.changed, 0);
    assert_int_equal(db_stage_say(&s, "CREATE TABLE IF NOT EXISTS other (id BIGINT)"), SHK_OK);
    assert_int_equal(s.changed, 0);
    assert_int_equal(db_stage_say(&s, "UPDATE item SET word = 'x' WHERE id = 7"), SHK_OK);
    assert_int_equal(s.changed, 0);
    assert_int_equal(db_stage_say(&s, "DELETE FROM item WHERE word = 'x'"), SHK_OK);
    assert_int_equal(s.changed, 2);
}

static void a_key_that_exists_is_told_apart(void **state) {
    (void)state;
    assert_int_equal(db_stage_say(&s, "CREATE UNIQUE INDEX item_word ON item (word)"), SHK_OK);
    assert_int_equal(add_word(NULL, 1, "見本"), SHK_OK);
    assert_int_equal(add_word(NULL, 1, "other"), SHK_E_FILE_EXISTS);
    assert_int_equal(s.why.native_kind, SHK_NATIVE_SQL);
    assert_int_not_equal(s.why.native, 0);
    assert_int_equal(add_word(NULL, 2, "見本"), SHK_E_FILE_EXISTS);
    assert_null(strstr(s.why.where, "見本"));
    assert_int_equal(s.changed, 0);
    assert_true(db_stage_gives(&s, "SELECT id, word FROM item", "1|見本;"));
}

static void rows_come_in_order_and_within_a_limit(void **state) {
    (void)state;
    const struct db_value values[] = {db_int(2), db_int(3)};
    for (int64_t i = 6; i > 0; i--) {
        assert_int_equal(add_word(NULL, i, "w"), SHK_OK);
    }
    assert_int_equal(
        db_stage_run(&s, NULL,
                     "SELECT id FROM item WHERE id > $1 AND id <> $1 + 1 ORDER BY id LIMIT $2",
                     values, 2),
        SHK_OK);
    assert_string_equal(bytes_text(&s.said), "4;5;6;");
}

static void counts_sums_and_comparisons_are_whole_numbers(void **state) {
    (void)state;
    assert_int_equal(add_word(NULL, 123456789012, "a"), SHK_OK);
    assert_int_equal(add_word(NULL, 88000, "b"), SHK_OK);
    assert_int_equal(add_word(NULL, -1, "b"), SHK_OK);
    assert_true(db_stage_gives(&s, "SELECT count(*), sum(id), min(id), max(word) FROM item",
                               "3|123456877011|-1|b;"));
    assert_true(db_stage_gives(&s,
                               "SELECT sum(id), word = 'b' FROM item GROUP BY word ORDER BY word",
                               "123456789012|0;87999|1;"));
    assert_true(db_stage_gives(&s, "SELECT sum(id) FROM item WHERE id < 0", "-1;"));
    assert_true(db_stage_gives(&s, "SELECT sum(id) FROM item WHERE id = 5", "null;"));
    assert_true(db_stage_gives(&s, "SELECT CAST(7 AS SMALLINT), CAST(-7 AS INTEGER), 'word', NULL",
                               "7|-7|word|null;"));
}

static void a_commit_keeps_and_a_rollback_forgets(void **state) {
    (void)state;
    s.ops->rollback(s.db);
    assert_int_equal(s.ops->begin(s.db, &s.why), SHK_OK);
    assert_int_equal(add_word(NULL, 1, "a"), SHK_OK);
    s.ops->rollback(s.db);
    assert_int_equal(s.ops->begin(s.db, &s.why), SHK_OK);
    assert_int_equal(add_word(NULL, 2, "b"), SHK_OK);
    assert_int_equal(s.ops->commit(s.db, &s.why), SHK_OK);
    s.ops->rollback(s.db);
    assert_true(db_stage_gives(&s, "SELECT id FROM item", "2;"));
}

static void begin_and_commit_belong_together(void **state) {
    (void)state;
    assert_int_equal(s.ops->commit(s.db, NULL), SHK_E_INTERNAL);
    assert_int_equal(s.ops->begin(s.db, NULL), SHK_OK);
    assert_int_equal(s.ops->begin(s.db, NULL), SHK_E_INTERNAL);
    assert_int_equal(add_word(NULL, 1, "a"), SHK_OK);
    assert_int_equal(s.ops->commit(s.db, NULL), SHK_OK);
    assert_true(db_stage_gives(&s, "SELECT id FROM item", "1;"));
}

static void a_fault_spoils_its_transaction(void **state) {
    (void)state;
    assert_int_equal(add_word(NULL, 1, "a"), SHK_OK);
    assert_int_equal(s.ops->begin(s.db, &s.why), SHK_OK);
    assert_int_equal(add_word(NULL, 2, "b"), SHK_OK);
    assert_int_equal(add_word(NULL, 1, "twice"), SHK_E_FILE_EXISTS);
    assert_int_equal(add_word(NULL, 3, "c"), SHK_E_STORE_FAILED);
    assert_int_equal(s.ops->commit(s.db, &s.why), SHK_E_STORE_FAILED);
    assert_true(db_stage_gives(&s, "SELECT id FROM item", "1;"));
    assert_int_equal(s.ops->begin(s.db, &s.why), SHK_OK);
    assert_int_equal(add_word(NULL, 3, "c"), SHK_OK);
    assert_int_equal(s.ops->commit(s.db, &s.why), SHK_OK);
    assert_true(db_stage_gives(&s, "SELECT id FROM item ORDER BY id", "1;3;"));
}

static int32_t stop_at_second(void *self, const struct db_value *values, size_t n,
                              struct fault *why) {
    (void)values, (void)n;
    int *seen = self;
    return ++*seen == 2 ? fault_raise(why, SHK_E_CANCELLED) : SHK_OK;
}

static void the_taker_of_rows_may_break_off(void **state) {
    (void)state;
    int seen = 0;
    const struct db_rows rows = {stop_at_second, &seen};
    for (int64_t i = 1; i <= 4; i++) {
        assert_int_equal(add_word(NULL, i, "w"), SHK_OK);
    }
    assert_int_equal(s.ops->begin(s.db, &s.why), SHK_OK);
    assert_int_equal(add_word(NULL, 5, "w"), SHK_OK);
    assert_int_equal(s.ops->run(s.db, "SELECT id FROM item", NULL, 0, &rows, NULL, &s.why),
                     SHK_E_CANCELLED);
    assert_int_equal(s.why.code, SHK_E_CANCELLED);
    assert_int_equal(seen, 2);
    assert_int_equal(s.ops->commit(s.db, NULL), SHK_OK);
    assert_true(db_stage_gives(&s, "SELECT count(*) FROM item", "5;"));
}

static int32_t ask_again(void *self, const struct db_value *values, size_t n, struct fault *why) {
    int64_t *depth = self;
    (void)n;
    const struct db_value next[] = {db_int(values[0].number - 1)};
    const struct db_rows rows = {ask_again, depth};
    ++*depth;
    return s.ops->run(s.db, "SELECT id FROM item WHERE id = $1", next, 1, &rows, NULL, why);
}

static void a_statement_may_be_run_within_itself(void **state) {
    (void)state;
    int64_t depth = 0;
    const struct db_rows rows = {ask_again, &depth};
    const struct db_value first[] = {db_int(9)};
    for (int64_t i = 1; i <= 9; i++) {
        assert_int_equal(add_word(NULL, i, "w"), SHK_OK);
    }
    assert_int_equal(
        s.ops->run(s.db, "SELECT id FROM item WHERE id = $1", first, 1, &rows, NULL, &s.why),
        SHK_OK);
    assert_int_equal(depth, 9);
}

static void more_statements_than_are_kept_work(void **state) {
    (void)state;
    char sql[64], want[16];
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 100; i++) {
            text_format(sql, sizeof sql, "SELECT %d, id FROM item", i);
            assert_true(db_stage_gives(&s, sql, ""));
        }
        assert_int_equal(add_word(NULL, round, "w"), SHK_OK);
        assert_int_equal(db_stage_say(&s, "DELETE FROM item"), SHK_OK);
    }
    text_format(want, sizeof want, "%d;", 0);
    assert_true(db_stage_gives(&s, "SELECT count(*) FROM item", want));
}

static void a_wrong_statement_is_a_fault_without_values(void **state) {
    (void)state;
    const struct db_value values[] = {db_stage_text("見本花子"), db_int(1)};
    assert_int_equal(db_stage_run(&s, NULL, "SELECT word FROM nowhere WHERE word = $1", values, 1),
                     SHK_E_STORE_FAILED);
    assert_int_equal(s.why.native_kind, SHK_NATIVE_SQL);
    assert_non_null(strstr(s.why.where, "SELECT word FROM nowhere"));
    assert_null(strstr(s.why.where, "見本"));
    assert_int_not_equal(db_stage_run(&s, NULL, "SELECT word FROM item WHERE word = $1", values, 0),
                         SHK_OK);
    assert_int_not_equal(db_stage_say(&s, ""), SHK_OK);
    assert_int_not_equal(db_stage_say(&s, "DELETE FROM item; SELECT 1"), SHK_OK);
    assert_int_not_equal(db_stage_say(&s, "SELEKT"), SHK_OK);
    assert_true(db_stage_gives(&s, "SELECT count(*) FROM item", "0;"));
}

static void closing_forgets_what_was_not_committed(void **state) {
    (void)state;
    void *other = db_stage_open(&s);
    assert_non_null(other);
    assert_int_equal(s.ops->begin(other, &s.why), SHK_OK);
    assert_int_equal(add_word(other, 1, "a"), SHK_OK);
    s.ops->close(other);
    s.ops->close(NULL);
    assert_true(db_stage_gives(&s, "SELECT count(*) FROM item", "0;"));
    assert_int_equal(add_word(NULL, 1, "a"), SHK_OK);
}

/* Wants to write the row that another holds. */
static int32_t write_row(void *db) {
    int32_t rc = s.ops->begin(db, NULL);
    rc = rc == SHK_OK ? s.ops->run(db, "UPDATE item SET word = 'second' WHERE id = 1", NULL, 0,
                                   NULL, NULL, NULL)
                      : rc;
    return rc == SHK_OK ? s.ops->commit(db, NULL) : rc;
}

static void hold_row(void) {
    assert_int_equal(add_word(NULL, 1, "a"), SHK_OK);
    assert_int_equal(s.ops->begin(s.db, &s.why), SHK_OK);
    assert_int_equal(db_stage_say(&s, "UPDATE item SET word = 'first' WHERE id = 1"), SHK_OK);
}

static void a_second_writer_gives_up_in_time(void **state) {
    (void)state;
    s.busy_ms = 5000; /* to connect, too */
    void *other = db_stage_open(&s);
    assert_non_null(other);
    hold_row();
    int64_t begun = db_stage_now();
    assert_int_equal(write_row(other), SHK_E_STORE_LOCKED);
    int64_t took = db_stage_now() - begun;
    assert_in_range(took, 4000, 20000);
    s.ops->rollback(other);
    assert_int_equal(s.ops->commit(s.db, &s.why), SHK_OK);
    assert_int_equal(write_row(other), SHK_OK);
    assert_true(db_stage_gives(&s, "SELECT word FROM item", "second;"));
    s.ops->close(other);
}

static void write_in_thread(void *self) {
    int32_t *rc = self;
    void *other = db_stage_open(&s);
    *rc = other != NULL ? write_row(other) : SHK_E_INTERNAL;
    s.ops->close(other);
}

static void a_second_writer_waits_for_the_first(void **state) {
    (void)state;
    int32_t rc = SHK_E_INTERNAL;
    hold_row();
    struct thread *t = thread_start(write_in_thread, &rc);
    assert_non_null(t);
    assert_false(thread_join(t, 400));
    assert_int_equal(s.ops->commit(s.db, NULL), SHK_OK);
    assert_true(thread_join(t, 60000));
    assert_int_equal(rc, SHK_OK);
    assert_true(db_stage_gives(&s, "SELECT word FROM item", "second;"));
}

static void a_reader_does_not_wait_for_a_writer(void **state) {
    (void)state;
    void *other = db_stage_open(&s);
    assert_non_null(other);
    hold_row();
    assert_int_equal(db_stage_run(&s, other, "SELECT word FROM item", NULL, 0), SHK_OK);
    assert_string_equal(bytes_text(&s.said), "a;");
    assert_int_equal(s.ops->commit(s.db, NULL), SHK_OK);
    assert_int_equal(db_stage_run(&s, other, "SELECT word FROM item", NULL, 0), SHK_OK);
    assert_string_equal(bytes_text(&s.said), "first;");
    s.ops->close(other);
}

#define WRITERS 4
#define ROWS    25

static void insert_many(void *self) {
    const int64_t *first = self;
    struct fault own = {0};
    void *db = NULL;
    const struct db_settings settings = {.path = temp_path(&s.folder, "store.db"),
                                         .connection = pg_server_connection(),
                                         .busy_ms = 60000};
    int32_t rc = s.ops->open(NULL, &settings, &db, &own);
    for (int64_t i = 0; i < ROWS && rc == SHK_OK; i++) {
        const struct db_value values[] = {db_int(*first + i)};
        rc = s.ops->begin(db, &own);
        rc = rc == SHK_OK
                 ? s.ops->run(db, "INSERT INTO item (id) VALUES ($1)", values, 1, NULL, NULL, &own)
                 : rc;
        rc = rc == SHK_OK ? s.ops->commit(db, &own) : rc;
    }
    s.ops->close(db);
}

static void many_writers_lose_nothing(void **state) {
    (void)state;
    struct thread *threads[WRITERS];
    int64_t first[WRITERS];
    for (int64_t i = 0; i < WRITERS; i++) {
        first[i] = i * 1000;
        threads[i] = thread_start(insert_many, &first[i]);
        assert_non_null(threads[i]);
    }
    for (size_t i = 0; i < WRITERS; i++) {
        assert_true(thread_join(threads[i], 120000));
    }
    assert_true(db_stage_gives(&s, "SELECT count(*) FROM item", "100;"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static int run_all(const char *name) {
    const struct CMUnitTest tests[] = {
        CASE(every_type_comes_back_as_it_was),
        CASE(a_large_blob_comes_back),
        CASE(a_text_that_not_every_database_holds_is_refused),
        CASE(what_changed_is_counted),
        CASE(a_key_that_exists_is_told_apart),
        CASE(rows_come_in_order_and_within_a_limit),
        CASE(counts_sums_and_comparisons_are_whole_numbers),
        CASE(a_commit_keeps_and_a_rollback_forgets),
        CASE(begin_and_commit_belong_together),
        CASE(a_fault_spoils_its_transaction),
        CASE(the_taker_of_rows_may_break_off),
        CASE(a_statement_may_be_run_within_itself),
        CASE(more_statements_than_are_kept_work),
        CASE(a_wrong_statement_is_a_fault_without_values),
        CASE(closing_forgets_what_was_not_committed),
        CASE(a_second_writer_gives_up_in_time),
        CASE(a_second_writer_waits_for_the_first),
        CASE(a_reader_does_not_wait_for_a_writer),
        CASE(many_writers_lose_nothing),
    };
    return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}

int main(int argc, char **argv) {
    (void)argc;
    pg_server_enter(argv);
    kind = DB_SQLITE;
    int failed = run_all("sqlite");
    kind = DB_POSTGRES;
    return failed + run_all("postgres");
}
