#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store_stage.h"

#define ID "answer-1-1"

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

static int32_t ready(struct store_stage *s, const char *id) {
    fault_clear(&s->why);
    return outbox_ready(s->store, id, (const uint8_t *)STAGE_DOC, strlen(STAGE_DOC), &s->why);
}

static int32_t note(struct store_stage *s, const char *id, const char *text) {
    fault_clear(&s->why);
    return outbox_note(s->store, id, text, &s->why);
}

static int32_t failed(struct store_stage *s, const char *id, int32_t code) {
    fault_clear(&s->why);
    return outbox_failed(s->store, id, code, &s->why);
}

static int32_t drop(struct store_stage *s, struct store *store, const char *id) {
    const struct history_fact facts[] = {{"decision", "dropped"}};
    const struct history_entry entry = {.kind = HISTORY_DROPPED, .facts = facts, .n = 1};
    fault_clear(&s->why);
    return outbox_drop(store, id, &entry, &s->why);
}

static int32_t thaw(struct store_stage *s, const char *answer) {
    struct bytes out = {0};
    fault_clear(&s->why);
    int32_t rc = outbox_thaw(s->store, answer, &out, &s->why);
    bytes_clear(&out);
    return rc;
}

static void an_answer_goes_its_whole_way(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    struct outbox_row row;
    struct bytes document = {0};
    stage_taken(s, &a, 1, 1);
    assert_false(a.plan[0].known);
    assert_int_equal(a.plan[0].state, DELIVERY_PLANNED);
    assert_int_equal(outbox_claim(s->store, ID, &row, &document, &s->why), SHK_OK);
    assert_int_equal(document.n, 0);
    assert_int_equal(row.attempts, 1);
    assert_int_equal(row.record, 1);
    assert_int_equal(row.at_s, a.answer.at_s);
    assert_string_equal(row.answer, "answer-1");
    assert_string_equal(row.target, a.plan[0].target);
    assert_string_equal(row.source, "gateway");
    assert_int_equal(ready(s, ID), SHK_OK);
    assert_int_equal(note(s, ID, "staged x"), SHK_OK);
    assert_string_equal(stage_outbox(s, false), ID " 2 1 0 0 staged x;");
    assert_int_equal(stage_done(s, s->store, ID), SHK_OK);
    assert_string_equal(stage_outbox(s, false), "");
    assert_string_equal(stage_outbox(s, true), ID " 4 1 0 0 ;");
    assert_int_equal(thaw(s, "answer-1"), SHK_E_ABSENT);
    assert_string_equal(stage_history(s), "1 check answer-1 ;2 delivered answer-1 " ID ";");
    assert_int_equal(stage_broken(s, 2), 0);
    assert_int_equal(stage_number(s, "SELECT COUNT(*) FROM delivery WHERE document IS NULL"
                                     " AND note IS NULL"),
                     1);
}

static void a_document_waits_for_the_next_attempt(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    struct outbox_row row;
    struct bytes document = {0};
    stage_taken(s, &a, 1, 1);
    assert_int_equal(stage_claim(s, s->store, ID), SHK_OK);
    assert_int_equal(ready(s, ID), SHK_OK);
    assert_int_equal(failed(s, ID, SHK_E_FOLDER_MISSING), SHK_OK);
    stage_reopen(s);
    assert_int_equal(outbox_claim(s->store, ID, &row, &document, &s->why), SHK_OK);
    assert_string_equal(bytes_text(&document), STAGE_DOC);
    assert_int_equal(row.state, DELIVERY_READY);
    assert_int_equal(row.attempts, 2);
    assert_int_equal(row.last, SHK_E_FOLDER_MISSING);
    bytes_clear(&document);
}

static void the_same_key_is_taken_once(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a, b;
    stage_taken(s, &a, 1, 2);
    stage_answer(s, &b, 2, 2);
    memcpy(b.plan[1].key, a.plan[0].key, TAG_LEN);
    assert_int_equal(stage_take(s, &b), SHK_OK);
    assert_false(b.plan[0].known);
    assert_string_equal(b.plan[0].id, "answer-2-1");
    assert_true(b.plan[1].known);
    assert_string_equal(b.plan[1].id, ID);
    assert_int_equal(b.plan[1].state, DELIVERY_PLANNED);
    assert_string_equal(b.plan[1].place, "");
    assert_string_equal(stage_outbox(s, false),
                        ID " 1 0 0 0 ;answer-1-2 1 0 0 0 ;answer-2-1 1 0 0 0 ;");
}

static void a_known_delivery_says_where_it_was_put(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a, b;
    stage_taken(s, &a, 1, 1);
    assert_int_equal(stage_claim(s, s->store, ID), SHK_OK);
    assert_int_equal(stage_done(s, s->store, ID), SHK_OK);
    stage_answer(s, &b, 2, 1);
    memcpy(b.plan[0].key, a.plan[0].key, TAG_LEN);
    assert_int_equal(stage_take(s, &b), SHK_OK);
    assert_true(b.plan[0].known);
    assert_int_equal(b.plan[0].state, DELIVERY_DONE);
    assert_string_equal(b.plan[0].place, "見本.csv");
    /* Nothing new is due: the answer is not kept, that it came is. */
    assert_int_equal(thaw(s, "answer-2"), SHK_E_ABSENT);
    assert_string_equal(stage_history(s),
                        "1 check answer-1 ;2 delivered answer-1 " ID ";3 check answer-2 ;");
}

static void one_key_twice_in_one_answer_is_one_delivery(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    stage_answer(s, &a, 1, 2);
    memcpy(a.plan[1].key, a.plan[0].key, TAG_LEN);
    assert_int_equal(stage_take(s, &a), SHK_OK);
    assert_false(a.plan[0].known);
    assert_true(a.plan[1].known);
    assert_string_equal(a.plan[1].id, ID);
    assert_string_equal(stage_outbox(s, false), ID " 1 0 0 0 ;");
}

static void taking_the_same_answer_again_changes_nothing(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    stage_taken(s, &a, 1, 2);
    stage_taken(s, &a, 1, 2);
    assert_false(a.plan[0].known);
    assert_false(a.plan[1].known);
    assert_string_equal(stage_outbox(s, false), ID " 1 0 0 0 ;answer-1-2 1 0 0 0 ;");
    assert_int_equal(stage_broken(s, 1), 0);
    assert_int_equal(stage_claim(s, s->store, ID), SHK_OK);
    assert_int_equal(stage_done(s, s->store, ID), SHK_OK);
    assert_int_equal(stage_claim(s, s->store, "answer-1-2"), SHK_OK);
    assert_int_equal(stage_done(s, s->store, "answer-1-2"), SHK_OK);
    stage_taken(s, &a, 1, 2);
    assert_int_equal(a.plan[0].state, DELIVERY_DONE);
    assert_int_equal(thaw(s, "answer-1"), SHK_E_ABSENT);
    /* A further plan of an answer that is there has its place behind the others. */
    stage_taken(s, &a, 1, 3);
    assert_string_equal(stage_outbox(s, false), "answer-1-3 1 0 0 0 ;");
    assert_int_equal(stage_broken(s, 3), 0);
}

static void an_answer_without_deliveries_leaves_its_entry_alone(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    stage_taken(s, &a, 1, 0);
    assert_string_equal(stage_outbox(s, true), "");
    assert_int_equal(thaw(s, "answer-1"), SHK_E_ABSENT);
    assert_string_equal(stage_history(s), "1 check answer-1 ;");
}

static void what_has_no_shape_is_refused(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    stage_answer(s, &a, 1, 1);
    text_copy(a.plan[0].id, sizeof a.plan[0].id, "a/b");
    assert_int_equal(stage_take(s, &a), SHK_E_ARGUMENT);
    stage_answer(s, &a, 1, 1);
    a.plan[0].key[0] = '\0';
    assert_int_equal(stage_take(s, &a), SHK_E_ARGUMENT);
    stage_answer(s, &a, 1, 1);
    a.plan[0].record = 0;
    assert_int_equal(stage_take(s, &a), SHK_E_ARGUMENT);
    stage_answer(s, &a, 1, 1);
    a.answer.source = "a source of 16 B";
    assert_int_equal(stage_take(s, &a), SHK_E_ARGUMENT);
    stage_answer(s, &a, 1, 1);
    a.answer.id[0] = '\0';
    assert_int_equal(stage_take(s, &a), SHK_E_ARGUMENT);
    stage_answer(s, &a, 1, 1);
    a.facts[0].name = "weight";
    assert_int_equal(stage_take(s, &a), SHK_E_ARGUMENT);
    stage_answer(s, &a, 1, 1);
    a.facts[0].value = "\xff";
    assert_int_equal(stage_take(s, &a), SHK_E_ARGUMENT);
    assert_string_equal(s->why.where, "name");
    assert_string_equal(stage_outbox(s, true), "");
    assert_int_equal(stage_broken(s, 0), 0);
}

static void an_answer_stays_until_its_last_delivery(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    stage_taken(s, &a, 1, 3);
    assert_int_equal(stage_claim(s, s->store, "answer-1-2"), SHK_OK);
    assert_int_equal(stage_done(s, s->store, "answer-1-2"), SHK_OK);
    assert_int_equal(drop(s, s->store, "answer-1-3"), SHK_OK);
    assert_int_equal(thaw(s, "answer-1"), SHK_OK);
    assert_int_equal(stage_claim(s, s->store, ID), SHK_OK);
    assert_int_equal(outbox_undecided(s->store, ID, &s->why), SHK_OK);
    assert_int_equal(thaw(s, "answer-1"), SHK_OK);
    assert_int_equal(drop(s, s->store, ID), SHK_OK);
    assert_int_equal(thaw(s, "answer-1"), SHK_E_ABSENT);
}

static void one_opening_alone_has_a_delivery(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    struct store *other = stage_open(s);
    stage_taken(s, &a, 1, 1);
    assert_int_equal(stage_claim(s, s->store, ID), SHK_OK);
    assert_int_equal(stage_claim(s, other, ID), SHK_E_DELIVERY_TAKEN);
    assert_int_equal(stage_claim(s, s->store, ID), SHK_OK); /* its own */
    struct store *first = s->store;
    s->store = other;
    assert_true(stage_row(s, ID).claimed);
    assert_int_equal(drop(s, other, ID), SHK_E_DELIVERY_TAKEN);
    assert_int_equal(ready(s, ID), SHK_E_DELIVERY_TAKEN);
    assert_int_equal(note(s, ID, "x"), SHK_E_DELIVERY_TAKEN);
    assert_int_equal(failed(s, ID, -1), SHK_E_DELIVERY_TAKEN);
    assert_int_equal(stage_done(s, other, ID), SHK_E_DELIVERY_TAKEN);
    assert_int_equal(outbox_undecided(other, ID, NULL), SHK_E_DELIVERY_TAKEN);
    assert_int_equal(outbox_replan(other, ID, NULL), SHK_E_DELIVERY_TAKEN);
    s->store = first;
    assert_false(stage_row(s, ID).claimed);
    assert_int_equal(stage_row(s, ID).state, DELIVERY_PLANNED);
    assert_int_equal(stage_row(s, ID).attempts, 2);
    assert_int_equal(stage_broken(s, 1), 0);
    store_close(&other);
}

static void a_lease_that_is_over_is_taken_over_and_fenced(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    struct store *other = stage_open(s);
    stage_taken(s, &a, 1, 1);
    assert_int_equal(stage_claim(s, s->store, ID), SHK_OK);
    stage_sql(s, "UPDATE delivery SET lease_until = lease_until - 290");
    assert_int_equal(stage_claim(s, other, ID), SHK_E_DELIVERY_TAKEN);
    stage_sql(s, "UPDATE delivery SET lease_until = lease_until - 20");
    assert_int_equal(stage_claim(s, other, ID), SHK_OK);
    assert_int_equal(ready(s, ID), SHK_E_DELIVERY_TAKEN);
    assert_int_equal(note(s, ID, "x"), SHK_E_DELIVERY_TAKEN);
    assert_int_equal(failed(s, ID, -1), SHK_E_DELIVERY_TAKEN);
    assert_int_equal(stage_done(s, s->store, ID), SHK_E_DELIVERY_TAKEN);
    assert_int_equal(stage_done(s, other, ID), SHK_OK);
    assert_int_equal(stage_done(s, s->store, ID), SHK_E_DELIVERY_TAKEN);
    assert_int_equal(stage_broken(s, 2), 0);
    store_close(&other);
}

static void what_goes_on_has_its_whole_lease_again(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    struct store *other = stage_open(s);
    stage_taken(s, &a, 1, 1);
    assert_int_equal(stage_claim(s, s->store, ID), SHK_OK);
    for (int i = 0; i < 3; i++) {
        stage_sql(s, "UPDATE delivery SET lease_until = lease_until - 290");
        assert_int_equal(i == 0 ? ready(s, ID) : note(s, ID, "x"), SHK_OK);
    }
    stage_sql(s, "UPDATE delivery SET lease_until = lease_until - 290");
    assert_int_equal(stage_claim(s, other, ID), SHK_E_DELIVERY_TAKEN);
    store_close(&other);
}

static void a_clock_that_jumped_back_locks_nothing_for_ever(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    struct store *other = stage_open(s);
    stage_taken(s, &a, 1, 1);
    assert_int_equal(stage_claim(s, s->store, ID), SHK_OK);
    /* As if it had been claimed when the clock stood a little, then far ahead. */
    stage_sql(s, "UPDATE delivery SET lease_until = lease_until + 20");
    assert_int_equal(stage_claim(s, other, ID), SHK_OK);
    stage_sql(s, "UPDATE delivery SET lease_until = lease_until + 1000000000");
    assert_false(stage_row(s, ID).claimed);
    assert_int_equal(stage_claim(s, s->store, ID), SHK_OK);
    store_close(&other);
}

static void a_clock_set_right_by_a_second_takes_no_claim_away(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    struct store *other = stage_open(s), *first = s->store;
    stage_taken(s, &a, 1, 1);
    assert_int_equal(stage_claim(s, first, ID), SHK_OK);
    stage_sql(s, "UPDATE delivery SET lease_until = lease_until + 1"); /* claimed a second later */
    assert_int_equal(stage_claim(s, other, ID), SHK_E_DELIVERY_TAKEN);
    s->store = other;
    assert_true(stage_row(s, ID).claimed);
    s->store = first;
    assert_int_equal(ready(s, ID), SHK_OK);
    store_close(&other);
}

static void leases_of_other_lengths_are_honoured(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    s->settings.lease_s = 30;
    struct store *other = stage_open(s);
    stage_taken(s, &a, 1, 1);
    assert_int_equal(stage_claim(s, s->store, ID), SHK_OK); /* for 300 s */
    assert_int_equal(stage_claim(s, other, ID), SHK_E_DELIVERY_TAKEN);
    store_close(&other);
}

static void what_was_given_back_is_anybodys(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    struct store *other = stage_open(s);
    stage_taken(s, &a, 1, 1);
    assert_int_equal(stage_claim(s, s->store, ID), SHK_OK);
    assert_int_equal(failed(s, ID, SHK_E_FOLDER_WRITE), SHK_OK);
    assert_int_equal(failed(s, ID, SHK_E_FOLDER_WRITE), SHK_OK); /* once more is harmless */
    assert_string_equal(stage_outbox(s, false), ID " 1 1 -1604 0 ;");
    assert_int_equal(note(s, ID, "x"), SHK_E_DELIVERY_TAKEN);
    assert_int_equal(ready(s, ID), SHK_E_DELIVERY_TAKEN);
    assert_int_equal(stage_done(s, s->store, ID), SHK_E_DELIVERY_TAKEN);
    assert_int_equal(stage_claim(s, other, ID), SHK_OK);
    assert_int_equal(failed(s, ID, -1), SHK_E_DELIVERY_TAKEN);
    assert_int_equal(outbox_undecided(other, ID, &s->why), SHK_OK);
    assert_int_equal(stage_row(s, ID).state, DELIVERY_UNDECIDED);
    assert_int_equal(stage_claim(s, s->store, ID), SHK_OK);
    store_close(&other);
}

static void done_is_said_once(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    stage_taken(s, &a, 1, 1);
    assert_int_equal(stage_done(s, s->store, ID), SHK_E_DELIVERY_TAKEN); /* not claimed */
    assert_int_equal(stage_claim(s, s->store, ID), SHK_OK);
    assert_int_equal(stage_done(s, s->store, ID), SHK_OK);
    assert_int_equal(stage_done(s, s->store, ID), SHK_OK);
    assert_string_equal(stage_history(s), "1 check answer-1 ;2 delivered answer-1 " ID ";");
    assert_int_equal(stage_claim(s, s->store, ID), SHK_E_ABSENT);
    assert_int_equal(drop(s, s->store, ID), SHK_E_ABSENT);
    assert_int_equal(failed(s, ID, -1), SHK_E_DELIVERY_TAKEN);
    assert_int_equal(stage_row(s, ID).state, DELIVERY_DONE);
}

static void what_a_person_drops_waits_no_more(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    stage_taken(s, &a, 1, 2);
    assert_int_equal(stage_claim(s, s->store, ID), SHK_OK);
    assert_int_equal(ready(s, ID), SHK_OK);
    assert_int_equal(failed(s, ID, -1), SHK_OK);
    assert_int_equal(drop(s, s->store, ID), SHK_OK);
    assert_int_equal(drop(s, s->store, ID), SHK_OK);
    assert_int_equal(stage_claim(s, s->store, ID), SHK_E_ABSENT);
    assert_int_equal(stage_row(s, ID).state, DELIVERY_DROPPED);
    assert_string_equal(stage_history(s), "1 check answer-1 ;2 dropped answer-1 " ID ";");
    assert_int_equal(stage_number(s, "SELECT COUNT(*) FROM delivery WHERE document IS NOT NULL"),
                     0);
    /* Its key is still known: it does not come back by itself. */
    stage_taken(s, &a, 1, 2);
    assert_int_equal(a.plan[0].state, DELIVERY_DROPPED);
    assert_string_equal(stage_outbox(s, false), "answer-1-2 1 0 0 0 ;");
}

static void a_document_is_planned_anew_unless_it_may_be_written(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    stage_taken(s, &a, 1, 1);
    assert_int_equal(stage_claim(s, s->store, ID), SHK_OK);
    assert_int_equal(ready(s, ID), SHK_OK);
    assert_int_equal(outbox_replan(s->store, ID, &s->why), SHK_OK);
    assert_int_equal(stage_row(s, ID).state, DELIVERY_PLANNED);
    assert_int_equal(stage_number(s, "SELECT COUNT(*) FROM delivery WHERE document IS NOT NULL"),
                     0);
    assert_int_equal(ready(s, ID), SHK_OK);
    assert_int_equal(note(s, ID, "staged x"), SHK_OK);
    assert_int_equal(outbox_replan(s->store, ID, &s->why), SHK_E_STATE);
    assert_int_equal(stage_row(s, ID).state, DELIVERY_READY);
    assert_string_equal(stage_row(s, ID).note, "staged x");
}

/* What the host refused was given back; it is made anew before it is claimed again. */
static void a_document_that_was_given_back_is_planned_anew(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    struct store *other = stage_open(s);
    stage_taken(s, &a, 1, 1);
    assert_int_equal(stage_claim(s, s->store, ID), SHK_OK);
    assert_int_equal(ready(s, ID), SHK_OK);
    assert_int_equal(failed(s, ID, SHK_E_HOST_REFUSED), SHK_OK);
    assert_int_equal(outbox_replan(other, ID, &s->why), SHK_OK);
    assert_int_equal(stage_row(s, ID).state, DELIVERY_PLANNED);
    assert_int_equal(stage_number(s, "SELECT COUNT(*) FROM delivery WHERE document IS NOT NULL"),
                     0);
    assert_int_equal(stage_claim(s, s->store, ID), SHK_OK);
    assert_int_equal(ready(s, ID), SHK_OK);
    assert_int_equal(outbox_replan(other, ID, NULL), SHK_E_DELIVERY_TAKEN);
    assert_int_equal(stage_row(s, ID).state, DELIVERY_READY);
    store_close(&other);
}

static void an_id_that_nobody_gave_is_absent(void **state) {
    struct store_stage *s = *state;
    assert_int_equal(stage_claim(s, s->store, "nobody"), SHK_E_ABSENT);
    assert_int_equal(stage_claim(s, s->store, ""), SHK_E_ABSENT);
    assert_int_equal(stage_claim(s, s->store, "no/body"), SHK_E_ABSENT);
    assert_int_equal(drop(s, s->store, "nobody"), SHK_E_ABSENT);
    assert_int_equal(ready(s, "nobody"), SHK_E_DELIVERY_TAKEN);
    assert_int_equal(thaw(s, "nobody"), SHK_E_ABSENT);
    assert_int_equal(stage_broken(s, 0), 0);
}

static void a_note_has_room_for_511_bytes(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    char text[513];
    memset(text, 'n', sizeof text);
    text[512] = '\0';
    stage_taken(s, &a, 1, 1);
    assert_int_equal(stage_claim(s, s->store, ID), SHK_OK);
    assert_int_equal(note(s, ID, text), SHK_E_ARGUMENT);
    assert_int_equal(note(s, ID, text + 1), SHK_OK);
    assert_string_equal(stage_row(s, ID).note, text + 1);
}

static void many_rows_come_in_their_order(void **state) {
    struct store_stage *s = *state;
    char expected[8192] = "";
    size_t n = 0;
    for (int i = 1; i <= 70; i++) {
        struct stage_answer a;
        stage_taken(s, &a, i, 2);
        n += text_format(expected + n, sizeof expected - n,
                         "answer-%d-1 1 0 0 0 ;answer-%d-2 1 0 0 0 ;", i, i);
    }
    assert_string_equal(stage_outbox(s, false), expected);
}

static int32_t stop(void *self, const struct outbox_row *row, struct fault *why) {
    int *told = self;
    (void)row;
    (*told)++;
    return fault_raise(why, SHK_E_CANCELLED);
}

static void whoever_is_told_may_end_the_list(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    int told = 0;
    stage_taken(s, &a, 1, 3);
    assert_int_equal(outbox_list(s->store, false, stop, &told, &s->why), SHK_E_CANCELLED);
    assert_int_equal(told, 1);
}

/* A sealed value is at home in its own row and column alone. */
static void a_document_moved_to_another_row_is_refused(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    stage_taken(s, &a, 1, 2);
    for (int i = 1; i <= 2; i++) {
        const char *id = i == 1 ? ID : "answer-1-2";
        assert_int_equal(stage_claim(s, s->store, id), SHK_OK);
        assert_int_equal(ready(s, id), SHK_OK);
    }
    stage_sql(s, "UPDATE delivery SET document = (SELECT document FROM delivery WHERE id ="
                 " 'answer-1-2') WHERE id = '" ID "'");
    assert_int_equal(stage_claim(s, s->store, ID), SHK_E_STORE_SEALED);
    assert_int_equal(stage_claim(s, s->store, "answer-1-2"), SHK_OK);
    stage_sql(s, "UPDATE answer SET sealed = (SELECT document FROM delivery WHERE id ="
                 " 'answer-1-2')");
    assert_int_equal(thaw(s, "answer-1"), SHK_E_STORE_SEALED);
}

static void a_damaged_note_stops_its_own_delivery_alone(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    stage_taken(s, &a, 1, 2);
    assert_int_equal(stage_claim(s, s->store, ID), SHK_OK);
    assert_int_equal(ready(s, ID), SHK_OK);
    assert_int_equal(note(s, ID, "staged x"), SHK_OK);
    assert_int_equal(failed(s, ID, -1), SHK_OK);
    stage_sql(s, "UPDATE delivery SET note = document WHERE id = '" ID "'");
    assert_string_equal(stage_outbox(s, false), ID " 2 1 -1710 0 ;answer-1-2 1 0 0 0 ;");
    assert_int_equal(stage_claim(s, s->store, ID), SHK_E_STORE_SEALED);
    assert_int_equal(stage_row(s, ID).attempts, 1);
    assert_int_equal(stage_claim(s, s->store, "answer-1-2"), SHK_OK);
    assert_int_equal(drop(s, s->store, ID), SHK_OK);
    assert_string_equal(stage_outbox(s, false), "answer-1-2 1 1 0 0 ;");
}

static void the_report_counts_what_there_is(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    struct store_report report;
    stage_answer(s, &a, 1, 4);
    a.answer.at_s -= 5000;
    assert_int_equal(stage_take(s, &a), SHK_OK);
    int64_t oldest = a.answer.at_s;
    stage_taken(s, &a, 2, 1);
    assert_int_equal(stage_claim(s, s->store, "answer-2-1"), SHK_OK);
    assert_int_equal(stage_done(s, s->store, "answer-2-1"), SHK_OK);
    assert_int_equal(drop(s, s->store, "answer-1-1"), SHK_OK);
    assert_int_equal(stage_claim(s, s->store, "answer-1-2"), SHK_OK);
    assert_int_equal(outbox_undecided(s->store, "answer-1-2", &s->why), SHK_OK);
    assert_int_equal(store_report(s->store, &report, &s->why), SHK_OK);
    assert_int_equal(report.waiting, 2);
    assert_int_equal(report.undecided, 1);
    assert_int_equal(report.delivered, 1);
    assert_int_equal(report.history, 4);
    assert_int_equal(report.oldest_waiting_s, oldest);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(an_answer_goes_its_whole_way),
        CASE(a_document_waits_for_the_next_attempt),
        CASE(the_same_key_is_taken_once),
        CASE(a_known_delivery_says_where_it_was_put),
        CASE(one_key_twice_in_one_answer_is_one_delivery),
        CASE(taking_the_same_answer_again_changes_nothing),
        CASE(an_answer_without_deliveries_leaves_its_entry_alone),
        CASE(what_has_no_shape_is_refused),
        CASE(an_answer_stays_until_its_last_delivery),
        CASE(one_opening_alone_has_a_delivery),
        CASE(a_lease_that_is_over_is_taken_over_and_fenced),
        CASE(what_goes_on_has_its_whole_lease_again),
        CASE(a_clock_that_jumped_back_locks_nothing_for_ever),
        CASE(a_clock_set_right_by_a_second_takes_no_claim_away),
        CASE(leases_of_other_lengths_are_honoured),
        CASE(what_was_given_back_is_anybodys),
        CASE(done_is_said_once),
        CASE(what_a_person_drops_waits_no_more),
        CASE(a_document_is_planned_anew_unless_it_may_be_written),
        CASE(a_document_that_was_given_back_is_planned_anew),
        CASE(an_id_that_nobody_gave_is_absent),
        CASE(a_note_has_room_for_511_bytes),
        CASE(many_rows_come_in_their_order),
        CASE(whoever_is_told_may_end_the_list),
        CASE(a_document_moved_to_another_row_is_refused),
        CASE(a_damaged_note_stops_its_own_delivery_alone),
        CASE(the_report_counts_what_there_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
