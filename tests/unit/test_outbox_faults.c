#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store_stage.h"

/* Every call of the outbox fails once at each of its statements, in each way that a database can fail. */

static struct store_stage stage;
static int numbers; /* of answers, one for every try */

static int set_up(void **state) {
    stage_up(&stage);
    numbers = 0;
    *state = &stage;
    return 0;
}

static int tear_down(void **state) {
    stage_down(*state);
    return 0;
}

/* One answer with one delivery, and the call that is looked at. */
struct trial {
    struct store_stage *s;
    struct stage_answer a;
    const char *id;
};

static int32_t take(struct trial *t) {
    return stage_take(t->s, &t->a);
}

static int32_t claim(struct trial *t) {
    return stage_claim(t->s, t->s->store, t->id);
}

static int32_t ready(struct trial *t) {
    return outbox_ready(t->s->store, t->id, (const uint8_t *)STAGE_DOC, strlen(STAGE_DOC),
                        &t->s->why);
}

static int32_t note(struct trial *t) {
    return outbox_note(t->s->store, t->id, "staged", &t->s->why);
}

static int32_t done(struct trial *t) {
    return stage_done(t->s, t->s->store, t->id);
}

static int32_t failed(struct trial *t) {
    return outbox_failed(t->s->store, t->id, SHK_E_FOLDER_MISSING, &t->s->why);
}

static int32_t undecided(struct trial *t) {
    return outbox_undecided(t->s->store, t->id, &t->s->why);
}

static int32_t replan(struct trial *t) {
    return outbox_replan(t->s->store, t->id, &t->s->why);
}

static int32_t drop(struct trial *t) {
    const struct history_entry entry = {.kind = HISTORY_DROPPED};
    return outbox_drop(t->s->store, t->id, &entry, &t->s->why);
}

typedef int32_t (*step)(struct trial *t);

/* What leads to a call, the call, and how the delivery then stands: state, entries of the history. */
struct passage {
    step before[4], call;
    int64_t state, entries;
    bool document, note, answer;
};
static const struct passage passages[] = {
    {{NULL}, take, DELIVERY_PLANNED, 1, false, false, true},
    {{take}, claim, DELIVERY_PLANNED, 1, false, false, true},
    {{take, claim}, ready, DELIVERY_READY, 1, true, false, true},
    {{take, claim, ready}, note, DELIVERY_READY, 1, true, true, true},
    {{take, claim, ready, note}, done, DELIVERY_DONE, 2, false, false, false},
    {{take, claim, ready}, failed, DELIVERY_READY, 1, true, false, true},
    {{take, claim}, undecided, DELIVERY_UNDECIDED, 1, false, false, true},
    {{take, claim, ready}, replan, DELIVERY_PLANNED, 1, false, false, true},
    {{take, claim, ready}, drop, DELIVERY_DROPPED, 2, false, false, false},
};
#define PASSAGES (sizeof passages / sizeof passages[0])

static int64_t count(struct trial *t, const char *what) {
    char sql[256];
    text_format(sql, sizeof sql, what, t->a.answer.id);
    return stage_number(t->s, sql);
}

static void expect_end(struct trial *t, const struct passage *p) {
    struct outbox_row row = stage_row(t->s, t->id);
    assert_int_equal(row.state, p->state);
    assert_string_equal(row.note, p->note ? "staged" : "");
    assert_int_equal(count(t, "SELECT COUNT(*) FROM history WHERE answer = '%s'"), p->entries);
    assert_int_equal(count(t, "SELECT COUNT(*) FROM delivery WHERE answer = '%s'"), 1);
    assert_int_equal(count(t, "SELECT COUNT(document) FROM delivery WHERE answer = '%s'"),
                     p->document ? 1 : 0);
    assert_int_equal(count(t, "SELECT COUNT(*) FROM answer WHERE id = '%s'"), p->answer ? 1 : 0);
}

/* Once with a fault at that call of the database. False: there are not so many. */
static bool try_once(struct store_stage *s, const struct passage *p, enum db_fault_kind kind,
                     int64_t at, bool comes_through) {
    struct trial t = {.s = s};
    char id[64];
    text_format(id, sizeof id, "answer-%d-1", ++numbers);
    t.id = id;
    stage_answer(s, &t.a, numbers, 1);
    for (size_t i = 0; i < 4 && p->before[i] != NULL; i++) {
        assert_int_equal(p->before[i](&t), SHK_OK);
    }
    fault_clear(&s->why);
    db_fault_set(kind, at);
    int32_t rc = p->call(&t);
    bool happened = db_fault_happened();
    db_fault_set(DB_FAULT_NONE, 0);
    assert_int_equal(rc, s->why.code);
    assert_true((rc == SHK_OK) == (comes_through || !happened));
    fault_clear(&s->why);
    if (rc != SHK_OK) {
        assert_int_equal(p->call(&t), SHK_OK);
    }
    expect_end(&t, p);
    return happened;
}

static void try_all(struct store_stage *s, enum db_fault_kind kind, bool comes_through) {
    int64_t tries = 0;
    for (size_t i = 0; i < PASSAGES; i++) {
        int64_t at = 1;
        while (try_once(s, &passages[i], kind, at, comes_through)) {
            at++;
            tries++;
        }
        assert_true(at > 4); /* begin, key, statement, commit */
    }
    assert_true(tries > 50);
    assert_int_equal(stage_broken(s, stage_number(s, "SELECT COUNT(*) FROM history")), 0);
}

static void a_failed_statement_leaves_all_as_it_was(void **state) {
    try_all(*state, DB_FAULT_STATEMENT, false);
}

static void a_server_that_is_back_soon_is_not_noticed(void **state) {
    try_all(*state, DB_FAULT_AWAY, true);
}

/* Among them the commit that took place although nobody was told. */
static void what_took_place_unsaid_does_not_take_place_twice(void **state) {
    try_all(*state, DB_FAULT_ANSWER_LOST, true);
}

static void after_a_server_that_stayed_away_the_call_is_made_again(void **state) {
    struct store_stage *s = *state;
    s->settings.down_ms = 0;
    stage_reopen(s);
    try_all(s, DB_FAULT_KILLED, false);
}

static void a_lost_answer_and_a_server_that_stays_away(void **state) {
    struct store_stage *s = *state;
    s->settings.down_ms = 0;
    stage_reopen(s);
    try_all(s, DB_FAULT_ANSWER_LOST, false);
}

static void an_entry_whose_commit_is_unknown_is_added_once(void **state) {
    struct store_stage *s = *state;
    static const enum db_fault_kind kinds[] = {DB_FAULT_AWAY, DB_FAULT_ANSWER_LOST};
    int64_t entries = 0;
    for (size_t k = 0; k < 2; k++) {
        bool happened = true;
        for (int64_t at = 1; happened; at++) {
            db_fault_set(kinds[k], at);
            stage_append(s, stage.clock.wall_ms / 1000, "later");
            happened = db_fault_happened();
            db_fault_set(DB_FAULT_NONE, 0);
            assert_int_equal(stage_broken(s, ++entries), 0);
        }
    }
    assert_true(entries > 10);
}

/* A list that breaks off is begun again where it was, not from the start. */
static void a_list_goes_on_behind_a_fault(void **state) {
    struct store_stage *s = *state;
    char whole[16384];
    for (int i = 1; i <= 150; i++) {
        struct stage_answer a;
        stage_taken(s, &a, i, 1);
    }
    text_copy(whole, sizeof whole, stage_history(s));
    for (int64_t at = 1; at <= 2; at++) {
        db_fault_set(DB_FAULT_AWAY, at);
        assert_string_equal(stage_history(s), whole);
        assert_true(db_fault_happened());
    }
    text_copy(whole, sizeof whole, stage_outbox(s, false));
    for (int64_t at = 1; at <= 3; at++) {
        db_fault_set(DB_FAULT_AWAY, at);
        assert_string_equal(stage_outbox(s, false), whole);
        assert_true(db_fault_happened());
    }
    for (int64_t at = 1; at <= 4; at++) {
        db_fault_set(DB_FAULT_AWAY, at);
        assert_int_equal(stage_broken(s, 150), 0);
        assert_true(db_fault_happened());
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_failed_statement_leaves_all_as_it_was),
        CASE(a_server_that_is_back_soon_is_not_noticed),
        CASE(what_took_place_unsaid_does_not_take_place_twice),
        CASE(after_a_server_that_stayed_away_the_call_is_made_again),
        CASE(a_lost_answer_and_a_server_that_stays_away),
        CASE(an_entry_whose_commit_is_unknown_is_added_once),
        CASE(a_list_goes_on_behind_a_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
