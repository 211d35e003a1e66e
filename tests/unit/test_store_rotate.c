#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "platform.h"
#include "store_stage.h"

static struct store_stage stage;

static int32_t ready(struct store_stage *s, const char *id) {
    return outbox_ready(s->store, id, (const uint8_t *)STAGE_DOC, strlen(STAGE_DOC), &s->why);
}

/* Something in every table and column that is sealed. */
static void fill(struct store_stage *s) {
    static const struct known_value values[] = {{"record.name", "髙橋", "高橋"}};
    const struct known_patient patient = {.id = "99010001", .values = values, .n = 1};
    struct stage_answer a;
    for (int i = 1; i <= 40; i++) {
        stage_taken(s, &a, i, 1);
    }
    assert_int_equal(stage_claim(s, s->store, "answer-1-1"), SHK_OK);
    assert_int_equal(ready(s, "answer-1-1"), SHK_OK);
    assert_int_equal(outbox_note(s->store, "answer-1-1", "staged", &s->why), SHK_OK);
    assert_int_equal(outbox_failed(s->store, "answer-1-1", -1, &s->why), SHK_OK);
    assert_int_equal(stage_claim(s, s->store, "answer-2-1"), SHK_OK);
    assert_int_equal(stage_done(s, s->store, "answer-2-1"), SHK_OK);
    assert_int_equal(patients_remember(s->store, "host", "person", "card", &patient, &s->why),
                     SHK_OK);
}

static int set_up(void **state) {
    stage_up(&stage);
    fill(&stage);
    *state = &stage;
    return 0;
}

static int tear_down(void **state) {
    stage_down(*state);
    return 0;
}

static int32_t rotate(struct store_stage *s) {
    fault_clear(&s->why);
    return store_rotate(s->store, NULL, NULL, &s->why);
}

static int32_t keep_id(void *self, const struct known_patient *patient, bool by_card,
                       struct fault *why) {
    (void)by_card;
    (void)why;
    text_copy(self, 64, patient->id);
    return SHK_OK;
}

/* All that was filled in is there and readable. */
static void expect_whole(struct store_stage *s, int64_t entries) {
    struct outbox_row row;
    struct bytes document = {0}, frozen = {0};
    char id[64] = "";
    assert_int_equal(stage_broken(s, entries), 0);
    assert_int_equal(outbox_claim(s->store, "answer-1-1", &row, &document, &s->why), SHK_OK);
    assert_string_equal(bytes_text(&document), STAGE_DOC);
    assert_string_equal(row.note, "staged");
    assert_int_equal(outbox_failed(s->store, "answer-1-1", -1, &s->why), SHK_OK);
    assert_int_equal(outbox_thaw(s->store, "answer-40", &frozen, &s->why), SHK_OK);
    assert_int_equal(patients_recall(s->store, "host", "person", "", keep_id, id, &s->why), SHK_OK);
    assert_string_equal(id, "99010001");
    struct stage_answer a;
    stage_answer(s, &a, 99, 1);
    memcpy(a.plan[0].key, "key2-0", 7);
    assert_int_equal(stage_take(s, &a), SHK_OK);
    assert_string_equal(a.plan[0].place, "見本.csv");
    bytes_clear(&document);
    bytes_clear(&frozen);
}

/* Version 1 and the key's number stand in front of every sealed value. */
static int64_t sealed_with(struct store_stage *s, int key) {
    static const struct {
        const char *table, *column;
    } places[] = {{"answer", "sealed"},     {"delivery", "note"},  {"delivery", "place"},
                  {"delivery", "document"}, {"history", "sealed"}, {"patient", "sealed"}};
    int64_t n = 0;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        char sql[160];
        text_format(sql, sizeof sql,
                    stage_is_postgres()
                        ? "SELECT COUNT(*) FROM %s WHERE substr(%s, 1, 5) = '\\x01%08x'"
                        : "SELECT COUNT(*) FROM %s WHERE substr(%s, 1, 5) = x'01%08x'",
                    places[i].table, places[i].column, (unsigned)key);
        n += stage_number(s, sql);
    }
    return n;
}

static void everything_is_sealed_anew(void **state) {
    struct store_stage *s = *state;
    struct store_report report;
    int64_t sealed = sealed_with(s, 1);
    assert_int_equal(sealed, 39 + 3 + 41 + 1); /* answers, delivery columns, history, patient */
    assert_int_equal(rotate(s), SHK_OK);
    assert_int_equal(sealed_with(s, 1), 0);
    assert_int_equal(sealed_with(s, 2), sealed + 1); /* and the entry that says so */
    assert_int_equal(store_report(s->store, &report, &s->why), SHK_OK);
    assert_int_equal(report.key, 2);
    assert_int_equal(report.keys, 1);
    stage_reopen(s);
    expect_whole(s, 42);
    assert_int_equal(rotate(s), SHK_OK);
    assert_int_equal(sealed_with(s, 2), 0);
    assert_int_equal(stage_broken(s, 44), 0);
}

static void progress(void *self, int64_t done, int64_t total) {
    int64_t *last = self;
    assert_true(done >= last[0] && done <= total);
    last[0] = done;
    last[1] = total;
    last[2]++;
}

static void progress_comes_to_its_end(void **state) {
    struct store_stage *s = *state;
    int64_t last[3] = {0};
    assert_int_equal(store_rotate(s->store, progress, last, &s->why), SHK_OK);
    assert_int_equal(last[0], last[1]);
    assert_int_equal(last[1], 39 + 40 + 41 + 1);
    assert_true(last[2] > 5); /* in steps */
}

static void try_breaking_off(enum db_fault_kind kind, int32_t down_ms, bool comes_through) {
    bool happened = true;
    int64_t at = 1;
    for (; happened; at++) {
        struct store_stage s;
        stage_init(&s);
        s.settings.down_ms = down_ms;
        s.store = stage_open(&s);
        struct stage_answer a;
        stage_taken(&s, &a, 1, 2);
        assert_int_equal(stage_claim(&s, s.store, "answer-1-1"), SHK_OK);
        assert_int_equal(ready(&s, "answer-1-1"), SHK_OK);
        db_fault_set(kind, at);
        int32_t rc = rotate(&s);
        happened = db_fault_happened();
        assert_true((rc == SHK_OK) == (comes_through || !happened));
        db_fault_set(DB_FAULT_NONE, 0);
        /* Broken off like by a kill: what was in memory is gone. */
        stage_reopen(&s);
        stage_append(&s, stage_now(&s), "meanwhile");
        if (rc != SHK_OK) {
            assert_int_equal(rotate(&s), SHK_OK);
        }
        struct store_report report;
        assert_int_equal(store_report(s.store, &report, &s.why), SHK_OK);
        assert_int_equal(report.keys, 1);
        assert_int_equal(sealed_with(&s, 1), 0);
        stage_reopen(&s);
        assert_int_equal(stage_claim(&s, s.store, "answer-1-2"), SHK_OK);
        assert_int_equal(stage_broken(&s, stage_number(&s, "SELECT COUNT(*) FROM history")), 0);
        assert_int_equal(stage_number(&s, "SELECT COUNT(*) FROM history WHERE kind = 5"),
                         report.key - 1);
        stage_down(&s);
    }
    assert_true(at > 30);
}

static void a_rotation_broken_off_anywhere_is_taken_up(void **state) {
    (void)state;
    try_breaking_off(DB_FAULT_STATEMENT, 1000, false);
}

static void a_rotation_whose_server_goes_away_is_taken_up(void **state) {
    (void)state;
    try_breaking_off(DB_FAULT_ANSWER_LOST, 0, false);
}

static void a_rotation_outlives_a_server_that_is_back_soon(void **state) {
    (void)state;
    try_breaking_off(DB_FAULT_ANSWER_LOST, 1000, true);
}

static int writes_left; /* of the key file, until one fails */

static int32_t put_or_fail(void *self, const char *path, const uint8_t *p, size_t n, bool replace,
                           struct fault *why) {
    return writes_left-- > 0 ? platform_files.put(self, path, p, n, replace, why)
                             : fault_raise(why, SHK_E_DISK_FULL);
}

static void a_key_file_that_cannot_be_written_breaks_off_too(void **state) {
    struct store_stage *s = *state;
    struct file_ops files = platform_files;
    struct store_report report;
    files.put = put_or_fail;
    s->env.files = &files;
    stage_reopen(s);
    writes_left = 0; /* the new key */
    assert_int_equal(rotate(s), SHK_E_STORE_FULL);
    assert_int_equal(sealed_with(s, 2), 0);
    expect_whole(s, 41);
    writes_left = 1; /* the old key's going */
    assert_int_equal(rotate(s), SHK_E_STORE_FULL);
    assert_int_equal(sealed_with(s, 1), 0);
    writes_left = 9;
    assert_int_equal(rotate(s), SHK_OK);
    assert_int_equal(store_report(s->store, &report, &s->why), SHK_OK);
    assert_int_equal(report.keys, 1);
    s->env.files = &platform_files;
    stage_reopen(s);
    assert_int_equal(stage_broken(s, 44), 0);
}

static struct store *meanwhile;

/* Another program of this PC begins to rotate just before the old key is taken out of the file. */
static int32_t put_late(void *self, const char *path, const uint8_t *p, size_t n, bool replace,
                        struct fault *why) {
    if (writes_left-- == 0) {
        (void)store_rotate(meanwhile, NULL, NULL, NULL);
    }
    return platform_files.put(self, path, p, n, replace, why);
}

static void two_rotations_at_once_lose_no_key(void **state) {
    struct store_stage *s = *state;
    struct file_ops files = platform_files;
    /* It has to give up, but on a server this is the time to connect, too. */
    s->settings.db.busy_ms = stage_is_postgres() ? 5000 : 100;
    meanwhile = stage_open(s);
    s->settings.db.busy_ms = STAGE_BUSY_MS;
    files.put = put_late;
    s->env.files = &files;
    stage_reopen(s);
    writes_left = 1;
    assert_int_equal(rotate(s), SHK_OK);
    store_close(&meanwhile);
    s->env.files = &platform_files;
    stage_reopen(s);
    expect_whole(s, stage_number(s, "SELECT COUNT(*) FROM history"));
}

/* Both have the same key file, as two programs of one PC do. */
static void another_opening_goes_on_with_the_new_key(void **state) {
    struct store_stage *s = *state;
    struct store *first = s->store, *other = stage_open(s);
    assert_int_equal(rotate(s), SHK_OK);
    s->store = other;
    expect_whole(s, 42);
    assert_int_equal(sealed_with(s, 1), 0);
    s->store = first;
    store_close(&other);
}

/* Another PC, whose key file is its own. */
static void a_pc_without_the_new_key_writes_nothing(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    char carried[160], there[160], here[128];
    text_copy(here, sizeof here, s->key_path);
    text_format(carried, sizeof carried, "%s/carried", s->folder.path);
    text_format(there, sizeof there, "%s/there.key", s->folder.path);
    assert_int_equal(key_ring_export(store_ring(s->store), &s->env, carried, &s->why), SHK_OK);
    assert_int_equal(key_ring_import(&s->env, carried, there, &s->why), SHK_OK);
    assert_int_equal(remove(carried), 0);
    s->settings.key_file = there;
    struct store *first = s->store, *other = stage_open(s);
    assert_int_equal(rotate(s), SHK_OK);
    s->store = other;
    stage_answer(s, &a, 50, 1);
    assert_int_equal(stage_take(s, &a), SHK_E_STORE_KEY);
    assert_string_equal(s->why.where, "older");
    /* Nor does it take for altered what it cannot open. */
    struct history_state history;
    fault_clear(&s->why);
    assert_int_equal(history_verify(s->store, &history, &s->why), SHK_E_STORE_KEY);
    assert_string_equal(s->why.where, "older");
    assert_int_equal(history.broken, 0);
    assert_int_equal(stage_try_open(s), SHK_E_STORE_KEY);
    fault_clear(&s->why);
    /* The new key is carried there: it goes on, without being opened again. */
    assert_int_equal(key_ring_export(store_ring(first), &s->env, carried, &s->why), SHK_OK);
    assert_int_equal(key_ring_import(&s->env, carried, there, &s->why), SHK_OK);
    assert_int_equal(stage_take(s, &a), SHK_OK);
    assert_int_equal(sealed_with(s, 1), 0);
    assert_int_equal(stage_broken(s, 43), 0);
    s->store = first;
    s->settings.key_file = s->key_path;
    assert_int_equal(stage_broken(s, 43), 0);
    store_close(&other);
}

/* A PC that never changes the key itself is carried every one that others make. */
static void many_changes_leave_no_pc_behind(void **state) {
    struct store_stage *s = *state;
    char carried[160], there[160];
    struct store *first = s->store;
    text_format(carried, sizeof carried, "%s/carried", s->folder.path);
    text_format(there, sizeof there, "%s/there.key", s->folder.path);
    for (int i = 1; i <= 10; i++) {
        assert_int_equal(key_ring_export(store_ring(first), &s->env, carried, &s->why), SHK_OK);
        assert_int_equal(key_ring_import(&s->env, carried, there, &s->why), SHK_OK);
        assert_int_equal(remove(carried), 0);
        if (i < 10) {
            assert_int_equal(rotate(s), SHK_OK);
        }
    }
    s->settings.key_file = there;
    s->store = stage_open(s);
    expect_whole(s, 41 + 9);
    assert_int_equal(rotate(s), SHK_OK);
    struct store_report report;
    assert_int_equal(store_report(s->store, &report, &s->why), SHK_OK);
    assert_int_equal(report.key, 11);
    assert_int_equal(report.keys, 1);
    store_close(&s->store);
    s->store = first;
}

static void a_row_that_was_altered_keeps_the_old_keys(void **state) {
    struct store_stage *s = *state;
    struct store_report report;
    stage_sql(s, "UPDATE delivery SET note = document WHERE id = 'answer-1-1'");
    assert_int_equal(rotate(s), SHK_E_STORE_SEALED);
    assert_string_equal(s->why.where, "delivery answer-1-1");
    assert_int_equal(store_report(s->store, &report, &s->why), SHK_OK);
    assert_int_equal(report.keys, 2);
    stage_sql(s, "UPDATE delivery SET note = NULL WHERE id = 'answer-1-1'");
    assert_int_equal(rotate(s), SHK_OK);
    assert_int_equal(store_report(s->store, &report, &s->why), SHK_OK);
    assert_int_equal(report.key, 2);
    assert_int_equal(report.keys, 1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(everything_is_sealed_anew),
        CASE(progress_comes_to_its_end),
        cmocka_unit_test(a_rotation_broken_off_anywhere_is_taken_up),
        cmocka_unit_test(a_rotation_whose_server_goes_away_is_taken_up),
        cmocka_unit_test(a_rotation_outlives_a_server_that_is_back_soon),
        CASE(a_key_file_that_cannot_be_written_breaks_off_too),
        CASE(two_rotations_at_once_lose_no_key),
        CASE(another_opening_goes_on_with_the_new_key),
        CASE(a_pc_without_the_new_key_writes_nothing),
        CASE(many_changes_leave_no_pc_behind),
        CASE(a_row_that_was_altered_keeps_the_old_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
