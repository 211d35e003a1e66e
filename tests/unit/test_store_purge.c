#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "store_stage.h"

#define DAY INT64_C(86400)

/* keep_days is 100. */
static struct store_stage stage;

static int set_up(void **state) {
    stage_up(&stage);
    *state = &stage;
    return 0;
}

static int tear_down(void **state) {
    stage_down(*state);
    return 0;
}

static int64_t purge(struct store_stage *s, bool now) {
    int64_t purged = -1;
    fault_clear(&s->why);
    assert_int_equal(store_purge(s->store, now, &purged, &s->why), SHK_OK);
    return purged;
}

/* Entries so many days ago, in this order. */
static void append_days(struct store_stage *s, const int *days, size_t n) {
    const int64_t now_s = stage_now(s);
    for (size_t i = 0; i < n; i++) {
        stage_append(s, now_s - days[i] * DAY, "old");
    }
}

static void old_entries_go_and_the_chain_stays_whole(void **state) {
    struct store_stage *s = *state;
    static const int days[] = {400, 200, 101, 99, 1};
    append_days(s, days, 5);
    assert_int_equal(purge(s, true), 3);
    assert_string_equal(stage_history(s), "4 decided  ;5 decided  ;6 purged  ;");
    assert_int_equal(stage_broken(s, 3), 0);
    stage_append(s, stage_now(s), "new");
    assert_int_equal(stage_broken(s, 4), 0);
    /* What was purged lawfully does not excuse what is taken away later. */
    stage_sql(s, "DELETE FROM history WHERE seq = 4");
    assert_int_equal(stage_broken(s, 3), 4);
}

static int32_t hear_until(void *self, const struct history_entry *entry, struct fault *why) {
    char *out = self;
    (void)why;
    for (size_t i = 0; i < entry->n; i++) {
        if (text_equal(entry->facts[i].name, "purged_until")) {
            text_copy(out, 24, entry->facts[i].value);
        }
    }
    return SHK_OK;
}

static void the_history_says_what_was_purged(void **state) {
    struct store_stage *s = *state;
    static const int days[] = {400, 200, 2};
    const struct history_filter newest = {.limit = 1};
    char until[24] = "";
    append_days(s, days, 3);
    assert_int_equal(purge(s, true), 2);
    assert_int_equal(history_list(s->store, &newest, hear_until, until, &s->why), SHK_OK);
    assert_string_equal(until, "2");
}

/* A server's clock is the real one: midnight must not come in the middle of a case. */
static void wait_out_the_day(struct store_stage *s) {
    while (stage_is_postgres() && stage_now(s) % DAY >= DAY - 60) {
        (void)sleep(1);
    }
}

static void a_purge_is_due_once_a_day(void **state) {
    struct store_stage *s = *state;
    static const int days[] = {200, 150, 2};
    wait_out_the_day(s);
    append_days(s, days, 3);
    s->settings.keep_days = 180;
    stage_reopen(s);
    assert_int_equal(purge(s, false), 1);
    s->settings.keep_days = 100;
    stage_reopen(s);
    assert_int_equal(purge(s, false), 0);
    stage_sql(s, "UPDATE meta SET value = (SELECT value FROM meta WHERE name = 'schema')"
                 " WHERE name = 'purged'"); /* as if another day had come */
    assert_int_equal(purge(s, false), 1);
    assert_int_equal(purge(s, true), 0);
    assert_int_equal(stage_broken(s, 3), 0);
}

static void an_old_entry_behind_younger_ones_waits_for_them(void **state) {
    struct store_stage *s = *state;
    static const int days[] = {200, 2, 300};
    append_days(s, days, 3);
    assert_int_equal(purge(s, true), 1);
    assert_int_equal(purge(s, true), 0);
    assert_int_equal(stage_broken(s, 3), 0);
}

static void zero_days_keep_for_ever(void **state) {
    struct store_stage *s = *state;
    static const int days[] = {4000, 2};
    append_days(s, days, 2);
    s->settings.keep_days = 0;
    stage_reopen(s);
    assert_int_equal(purge(s, true), 0);
    assert_int_equal(stage_broken(s, 2), 0);
}

static void a_clock_more_than_a_year_ahead_empties_nothing(void **state) {
    struct store_stage *s = *state;
    static const int days[] = {900, 800, 400};
    append_days(s, days, 3);
    assert_int_equal(purge(s, true), 0);
    /* Nor does what was entered since the jump make it believed. */
    stage_append(s, stage_now(s), "new");
    assert_int_equal(purge(s, true), 0);
    assert_int_equal(stage_broken(s, 4), 0);
}

static void a_year_without_a_patient_is_believed_after_a_day(void **state) {
    struct store_stage *s = *state;
    static const int days[] = {900, 800, 400, 2};
    append_days(s, days, 4);
    assert_int_equal(purge(s, true), 3);
    assert_int_equal(stage_broken(s, 2), 0);
}

static void an_entry_dated_into_the_future_goes_with_its_neighbours(void **state) {
    struct store_stage *s = *state;
    static const int days[] = {400, -900, 300, 3, -20};
    append_days(s, days, 5);
    assert_int_equal(purge(s, true), 3);
    assert_int_equal(stage_broken(s, 3), 0);
}

static void a_clock_that_went_back_empties_nothing(void **state) {
    struct store_stage *s = *state;
    /* What was entered before it went back seems to lie years ahead. */
    static const int days[] = {-3000, -2999, -2998, 2};
    append_days(s, days, 4);
    assert_int_equal(purge(s, true), 0);
    assert_int_equal(stage_broken(s, 4), 0);
    assert_string_equal(stage_history(s), "1 decided  ;2 decided  ;3 decided  ;4 decided  ;");
}

static void an_entry_dated_into_the_past_takes_nobody_with_it(void **state) {
    struct store_stage *s = *state;
    static const int days[] = {5, 20000, 4};
    append_days(s, days, 3);
    assert_int_equal(purge(s, true), 0);
    assert_int_equal(stage_broken(s, 3), 0);
}

static void age_delivery(struct store_stage *s, const char *id, int days) {
    char sql[160];
    text_format(sql, sizeof sql,
                "UPDATE delivery SET at_s = at_s - %d, changed_s = changed_s - %d WHERE id = '%s'",
                days * (int)DAY, days * (int)DAY, id);
    stage_sql(s, sql);
}

static void what_is_done_goes_what_waits_never(void **state) {
    struct store_stage *s = *state;
    static const int days[] = {2};
    struct stage_answer a;
    const struct history_entry dropped = {.kind = HISTORY_DROPPED};
    stage_taken(s, &a, 1, 4);
    append_days(s, days, 1);
    assert_int_equal(stage_claim(s, s->store, "answer-1-1"), SHK_OK);
    assert_int_equal(stage_done(s, s->store, "answer-1-1"), SHK_OK);
    assert_int_equal(outbox_drop(s->store, "answer-1-2", &dropped, &s->why), SHK_OK);
    assert_int_equal(stage_claim(s, s->store, "answer-1-3"), SHK_OK);
    assert_int_equal(outbox_undecided(s->store, "answer-1-3", &s->why), SHK_OK);
    for (int i = 1; i <= 4; i++) {
        char id[32];
        text_format(id, sizeof id, "answer-1-%d", i);
        age_delivery(s, id, 99);
    }
    assert_int_equal(purge(s, true), 0);
    for (int i = 1; i <= 4; i++) {
        char id[32];
        text_format(id, sizeof id, "answer-1-%d", i);
        age_delivery(s, id, 2);
    }
    assert_int_equal(purge(s, true), 2);
    assert_string_equal(stage_outbox(s, true), "answer-1-3 3 1 0 0 ;answer-1-4 1 0 0 0 ;");
    assert_int_equal(stage_number(s, "SELECT COUNT(*) FROM answer"), 1);
}

/* A delivery made under a clock that stood years behind: an answer that comes again is known by it. */
static void what_a_clock_in_the_past_has_dated_is_not_old(void **state) {
    struct store_stage *s = *state;
    static const int days[] = {3650, 2};
    struct stage_answer a;
    append_days(s, days, 2);
    stage_taken(s, &a, 1, 2);
    for (int i = 1; i <= 2; i++) {
        char id[32];
        text_format(id, sizeof id, "answer-1-%d", i);
        assert_int_equal(stage_claim(s, s->store, id), SHK_OK);
        assert_int_equal(stage_done(s, s->store, id), SHK_OK);
    }
    age_delivery(s, "answer-1-2", 3650); /* behind one of today */
    assert_int_equal(purge(s, true), 0);
    age_delivery(s, "answer-1-1", 3650); /* the first ones of all */
    assert_int_equal(purge(s, true), 0);
    age_delivery(s, "answer-1-2", -3500); /* those do get old after whom time went on */
    assert_int_equal(purge(s, true), 2);
}

static int32_t count_patient(void *self, const struct known_patient *patient, bool by_card,
                             struct fault *why) {
    int *n = self;
    (void)patient;
    (void)by_card;
    (void)why;
    (*n)++;
    return SHK_OK;
}

static int recalled(struct store_stage *s) {
    int n = 0;
    assert_int_equal(
        patients_recall(s->store, "host", "person", "card", count_patient, &n, &s->why), SHK_OK);
    return n;
}

static void a_patient_not_seen_for_long_is_forgotten(void **state) {
    struct store_stage *s = *state;
    static const int days[] = {2};
    const struct known_patient patient = {.id = "99010001"};
    append_days(s, days, 1);
    assert_int_equal(patients_remember(s->store, "host", "person", "card", &patient, &s->why),
                     SHK_OK);
    stage_sql(s, "UPDATE patient SET seen_s = seen_s - 99 * 86400");
    assert_int_equal(purge(s, true), 0);
    assert_int_equal(recalled(s), 1); /* seen again */
    stage_sql(s, "UPDATE patient SET seen_s = seen_s - 99 * 86400");
    assert_int_equal(purge(s, true), 0);
    stage_sql(s, "UPDATE patient SET seen_s = seen_s - 2 * 86400");
    assert_int_equal(purge(s, true), 1);
    assert_int_equal(recalled(s), 0);
}

static void a_purge_that_breaks_off_is_done_again(void **state) {
    struct store_stage *s = *state;
    static const enum db_fault_kind kinds[] = {DB_FAULT_STATEMENT, DB_FAULT_AWAY,
                                               DB_FAULT_ANSWER_LOST};
    static const int days[] = {400, 200, 150, 2};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        bool happened = true;
        for (int64_t at = 1; happened; at++) {
            int64_t purged = 0;
            stage_down(s);
            stage_up(s);
            append_days(s, days, 4);
            db_fault_set(kinds[k], at);
            fault_clear(&s->why);
            int32_t rc = store_purge(s->store, true, &purged, &s->why);
            happened = db_fault_happened();
            db_fault_set(DB_FAULT_NONE, 0);
            if (rc != SHK_OK) {
                assert_int_equal(purged, 0);
                assert_int_equal(purge(s, true), 3);
            }
            assert_int_equal(stage_broken(s, 2), 0);
            assert_string_equal(stage_history(s), "4 decided  ;5 purged  ;");
        }
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(old_entries_go_and_the_chain_stays_whole),
        CASE(the_history_says_what_was_purged),
        CASE(a_purge_is_due_once_a_day),
        CASE(an_old_entry_behind_younger_ones_waits_for_them),
        CASE(zero_days_keep_for_ever),
        CASE(a_clock_more_than_a_year_ahead_empties_nothing),
        CASE(a_year_without_a_patient_is_believed_after_a_day),
        CASE(an_entry_dated_into_the_future_goes_with_its_neighbours),
        CASE(a_clock_that_went_back_empties_nothing),
        CASE(an_entry_dated_into_the_past_takes_nobody_with_it),
        CASE(what_is_done_goes_what_waits_never),
        CASE(what_a_clock_in_the_past_has_dated_is_not_old),
        CASE(a_patient_not_seen_for_long_is_forgotten),
        CASE(a_purge_that_breaks_off_is_done_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
