#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store_stage.h"

static struct store_stage stage;

/* Three answers, one delivered, and a decision: entries 1 to 5. */
static int set_up(void **state) {
    struct stage_answer a;
    stage_up(&stage);
    for (int i = 1; i <= 3; i++) {
        stage_taken(&stage, &a, i, 1);
    }
    assert_int_equal(stage_claim(&stage, stage.store, "answer-2-1"), SHK_OK);
    assert_int_equal(stage_done(&stage, stage.store, "answer-2-1"), SHK_OK);
    stage_append(&stage, stage_now(&stage), "same");
    assert_int_equal(stage_broken(&stage, 5), 0);
    *state = &stage;
    return 0;
}

static int tear_down(void **state) {
    stage_down(*state);
    return 0;
}

static void an_altered_column_breaks_its_entry(void **state) {
    struct store_stage *s = *state;
    static const struct {
        const char *break_it, *mend_it;
        int64_t at;
    } cases[] = {
        {"UPDATE history SET at_s = at_s + 1 WHERE seq = 3",
         "UPDATE history SET at_s = at_s - 1 WHERE seq = 3", 3},
        {"UPDATE history SET kind = 3 WHERE seq = 4", "UPDATE history SET kind = 2 WHERE seq = 4",
         4},
        {"UPDATE history SET kind = 77 WHERE seq = 1", "UPDATE history SET kind = 1 WHERE seq = 1",
         1},
        {"UPDATE history SET answer = 'answer-3' WHERE seq = 2",
         "UPDATE history SET answer = 'answer-2' WHERE seq = 2", 2},
        {"UPDATE history SET answer = answer || ' and much more than there is room for'"
         " WHERE seq = 2",
         "UPDATE history SET answer = 'answer-2' WHERE seq = 2", 2},
        {"UPDATE history SET delivery = '' WHERE seq = 4",
         "UPDATE history SET delivery = 'answer-2-1' WHERE seq = 4", 4},
        {"UPDATE history SET person = 'person2-0' WHERE seq = 3",
         "UPDATE history SET person = 'person3-0' WHERE seq = 3", 3},
        {"UPDATE history SET token = 'x' WHERE seq = 1",
         "UPDATE history SET token = '1:answer-1' WHERE seq = 1", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        stage_sql(s, cases[i].break_it);
        assert_int_equal(stage_broken(s, 5), cases[i].at);
        stage_sql(s, cases[i].mend_it);
        assert_int_equal(stage_broken(s, 5), 0);
    }
}

static void a_hash_or_content_of_another_entry_breaks_it(void **state) {
    struct store_stage *s = *state;
    stage_sql(s, "UPDATE history SET sealed = (SELECT sealed FROM history WHERE seq = 1)"
                 " WHERE seq = 2");
    assert_int_equal(stage_broken(s, 5), 2);
    stage_sql(s, "UPDATE history SET hash = (SELECT hash FROM history WHERE seq = 5)"
                 " WHERE seq = 1");
    assert_int_equal(stage_broken(s, 5), 1);
}

static void swapped_entries_break_at_the_first(void **state) {
    struct store_stage *s = *state;
    stage_sql(s, "UPDATE history SET seq = 99 WHERE seq = 2");
    stage_sql(s, "UPDATE history SET seq = 2 WHERE seq = 3");
    stage_sql(s, "UPDATE history SET seq = 3 WHERE seq = 99");
    assert_int_equal(stage_broken(s, 5), 2);
}

static void an_entry_taken_out_of_the_middle_is_named(void **state) {
    struct store_stage *s = *state;
    stage_sql(s, "DELETE FROM history WHERE seq = 3");
    assert_int_equal(stage_broken(s, 4), 3);
}

static void numbers_moved_up_behind_a_gap_do_not_hide_it(void **state) {
    struct store_stage *s = *state;
    stage_sql(s, "DELETE FROM history WHERE seq = 3");
    stage_sql(s, "UPDATE history SET seq = 3 WHERE seq = 4");
    stage_sql(s, "UPDATE history SET seq = 4 WHERE seq = 5");
    assert_int_equal(stage_broken(s, 4), 3);
}

static void the_first_entry_taken_out_is_named(void **state) {
    struct store_stage *s = *state;
    stage_sql(s, "DELETE FROM history WHERE seq = 1");
    assert_int_equal(stage_broken(s, 4), 1);
}

static void an_end_that_was_cut_off_is_noticed(void **state) {
    struct store_stage *s = *state;
    stage_sql(s, "DELETE FROM history WHERE seq >= 4");
    assert_int_equal(stage_broken(s, 3), 4);
    /* What is added later does not hide it. */
    stage_append(s, stage_now(s), "later");
    assert_int_equal(stage_broken(s, 4), 4);
}

static void a_history_without_entries_is_noticed(void **state) {
    struct store_stage *s = *state;
    stage_sql(s, "DELETE FROM history");
    assert_int_equal(stage_broken(s, 0), 1);
}

static void a_head_of_somebody_else_is_noticed(void **state) {
    struct store_stage *s = *state;
    stage_sql(s, "DELETE FROM history WHERE seq = 5");
    stage_sql(s, "UPDATE meta SET value = (SELECT value FROM meta WHERE name = 'start')"
                 " WHERE name = 'head'");
    assert_int_equal(stage_broken(s, 4), 5);
    /* Nothing is chained to what is not ours. */
    const struct history_entry entry = {.kind = HISTORY_DECIDED};
    fault_clear(&s->why);
    assert_int_equal(history_append(s->store, &entry, &s->why), SHK_E_HISTORY_BROKEN);
}

static void a_start_of_somebody_else_is_noticed(void **state) {
    struct store_stage *s = *state;
    stage_sql(s, "DELETE FROM history WHERE seq = 1");
    stage_sql(s, "UPDATE meta SET value = (SELECT value FROM meta WHERE name = 'head')"
                 " WHERE name = 'start'");
    assert_int_equal(stage_broken(s, 4), 2);
}

static void an_entry_that_was_added_by_hand_is_noticed(void **state) {
    struct store_stage *s = *state;
    stage_sql(s, "INSERT INTO history (seq, at_s, kind, answer, delivery, person, token, sealed,"
                 " hash) SELECT 6, at_s, kind, answer, delivery, person, 'x', sealed, hash FROM"
                 " history WHERE seq = 5");
    assert_int_equal(stage_broken(s, 6), 6);
}

static void a_long_chain_names_its_broken_entry_too(void **state) {
    struct store_stage *s = *state;
    for (int i = 6; i <= 300; i++) {
        stage_append(s, stage_now(s), "more");
    }
    assert_int_equal(stage_broken(s, 300), 0);
    stage_sql(s, "UPDATE history SET at_s = at_s + 1 WHERE seq = 257");
    assert_int_equal(stage_broken(s, 300), 257);
}

/* Everything that one entry says, as text. */
struct heard {
    char text[1024];
    size_t n, entries;
};

static int32_t hear(void *self, const struct history_entry *entry, struct fault *why) {
    struct heard *heard = self;
    (void)why;
    heard->entries++;
    heard->n += text_format(heard->text + heard->n, sizeof heard->text - heard->n,
                            "%lld %d %s:", (long long)entry->seq, (int)entry->kind, entry->person);
    for (size_t i = 0; i < entry->n; i++) {
        heard->n += text_format(heard->text + heard->n, sizeof heard->text - heard->n, " %s=%s",
                                entry->facts[i].name, entry->facts[i].value);
    }
    heard->n += text_format(heard->text + heard->n, sizeof heard->text - heard->n, "\n");
    return SHK_OK;
}

static struct heard list(struct store_stage *s, struct history_filter filter) {
    struct heard heard = {.n = 0};
    fault_clear(&s->why);
    assert_int_equal(history_list(s->store, &filter, hear, &heard, &s->why), SHK_OK);
    return heard;
}

static void facts_come_back_as_they_went_in(void **state) {
    struct store_stage *s = *state;
    struct heard heard = list(s, (struct history_filter){.limit = 2});
    assert_string_equal(heard.text, "4 2 : adapter=folder patient_id=99010001 machine=受付1\n"
                                    "5 4 person-of-decision: decision=same name=" STAGE_NAME
                                    " machine=受付1\n");
}

static void a_filter_finds_person_time_and_the_newest(void **state) {
    struct store_stage *s = *state;
    const int64_t year_ago = stage_now(s) - INT64_C(31536000);
    stage_append(s, year_ago, "old");
    assert_int_equal(list(s, (struct history_filter){0}).entries, 6);
    assert_int_equal(list(s, (struct history_filter){.limit = 4}).entries, 4);
    assert_int_equal(list(s, (struct history_filter){.limit = 40}).entries, 6);
    assert_int_equal(list(s, (struct history_filter){.to_s = year_ago + 10}).entries, 1);
    assert_int_equal(list(s, (struct history_filter){.from_s = year_ago + 10}).entries, 5);
    assert_int_equal(list(s, (struct history_filter){.from_s = year_ago, .to_s = year_ago}).entries,
                     1);
    assert_int_equal(list(s, (struct history_filter){.person = "person2-0"}).entries, 1);
    assert_int_equal(list(s, (struct history_filter){.person = "person-of-decision"}).entries, 2);
    struct heard newest =
        list(s, (struct history_filter){.person = "person-of-decision", .limit = 1});
    assert_int_equal(newest.entries, 1);
    assert_non_null(strstr(newest.text, "decision=old"));
    assert_int_equal(list(s, (struct history_filter){.person = "nobody"}).entries, 0);
}

static void an_entry_that_cannot_be_unsealed_ends_the_list(void **state) {
    struct store_stage *s = *state;
    const struct history_filter all = {0};
    struct heard heard = {.n = 0};
    stage_sql(s, "UPDATE history SET sealed = (SELECT sealed FROM history WHERE seq = 1)"
                 " WHERE seq = 3");
    assert_int_equal(history_list(s->store, &all, hear, &heard, &s->why), SHK_E_STORE_SEALED);
    assert_string_equal(s->why.where, "3");
    assert_int_equal(heard.entries, 2);
}

static void a_fact_without_a_value_is_left_out(void **state) {
    struct store_stage *s = *state;
    const struct history_fact facts[] = {{"decision", NULL}, {"machine", "受付2"}, {"fault", ""}};
    const struct history_entry entry = {.kind = HISTORY_DECIDED, .facts = facts, .n = 3};
    assert_int_equal(history_append(s->store, &entry, &s->why), SHK_OK);
    struct heard heard = list(s, (struct history_filter){.limit = 1});
    assert_string_equal(heard.text, "6 4 : machine=受付2 fault=\n");
}

static void what_is_no_kind_or_fact_is_refused(void **state) {
    struct store_stage *s = *state;
    const struct history_fact facts[] = {{"weight", "60"}};
    struct history_entry entry = {.kind = HISTORY_DECIDED, .facts = facts, .n = 1};
    assert_int_equal(history_append(s->store, &entry, NULL), SHK_E_ARGUMENT);
    entry.n = 0;
    entry.kind = HISTORY_PURGED + 1;
    assert_int_equal(history_append(s->store, &entry, NULL), SHK_E_ARGUMENT);
    assert_int_equal(stage_broken(s, 5), 0);
}

static void every_fact_and_kind_has_its_words(void **state) {
    (void)state;
    for (size_t i = 0; i < history_fact_count(); i++) {
        const struct history_fact_row *row = history_fact_at(i);
        assert_true(row->name[0] != '\0' && row->japanese[0] != '\0' && row->english[0] != '\0');
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(row->name, history_fact_at(j)->name);
            assert_string_not_equal(row->japanese, history_fact_at(j)->japanese);
        }
    }
    assert_null(history_fact_at(history_fact_count()));
    assert_string_equal(history_kind_name(HISTORY_DELIVERED), "delivered");
    for (int kind = HISTORY_CHECK; kind <= HISTORY_PURGED; kind++) {
        assert_true(history_kind_name((enum history_kind)kind)[0] != '\0');
        assert_true(history_kind_japanese((enum history_kind)kind)[0] != '\0');
    }
}

static void two_openings_append_to_one_chain(void **state) {
    struct store_stage *s = *state;
    struct store *first = s->store, *second = stage_open(s);
    for (int i = 0; i < 20; i++) {
        s->store = i % 3 == 0 ? second : first;
        stage_append(s, stage_now(s), "more");
    }
    s->store = first;
    assert_int_equal(stage_broken(s, 25), 0);
    store_close(&second);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(an_altered_column_breaks_its_entry),
        CASE(a_hash_or_content_of_another_entry_breaks_it),
        CASE(swapped_entries_break_at_the_first),
        CASE(an_entry_taken_out_of_the_middle_is_named),
        CASE(numbers_moved_up_behind_a_gap_do_not_hide_it),
        CASE(the_first_entry_taken_out_is_named),
        CASE(an_end_that_was_cut_off_is_noticed),
        CASE(a_history_without_entries_is_noticed),
        CASE(a_head_of_somebody_else_is_noticed),
        CASE(a_start_of_somebody_else_is_noticed),
        CASE(an_entry_that_was_added_by_hand_is_noticed),
        CASE(a_long_chain_names_its_broken_entry_too),
        CASE(facts_come_back_as_they_went_in),
        CASE(a_filter_finds_person_time_and_the_newest),
        CASE(an_entry_that_cannot_be_unsealed_ends_the_list),
        CASE(a_fact_without_a_value_is_left_out),
        CASE(what_is_no_kind_or_fact_is_refused),
        cmocka_unit_test(every_fact_and_kind_has_its_words),
        CASE(two_openings_append_to_one_chain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
