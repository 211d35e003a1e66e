/* Whatever the instant at which a run ends, the next one brings the same files and asks nobody again
 * whose answer is written. */
#include <stdlib.h>

#include "bulk_stage.h"
#include "platform.h"

static const char *const seven[] = {"same", "moved", "missing", "several", "lost", "echo", "same"};
#define PEOPLE 7

static char *results, *differences;

/* What an uninterrupted run gives. */
static int set_up(void **state) {
    bulk_stage_set_up(state);
    stage.job.batch = 3;
    bulk_people_are(seven, PEOPLE);
    if (bulk_stage_run() != SHK_OK) {
        return 1;
    }
    results = text_dup(bulk_stage_file("results.jsonl"));
    differences = text_dup(bulk_stage_file("differences.csv"));
    return 0;
}

static int tear_down(void **state) {
    free(results);
    free(differences);
    return bulk_stage_tear_down(state);
}

static void expect_the_same(void) {
    assert_string_equal(bulk_stage_file("results.jsonl"), results);
    assert_string_equal(bulk_stage_file("differences.csv"), differences);
    assert_int_equal(route_fake_taken(&stage.service), PEOPLE);
}

static void alive_again(void) {
    stage.death = DIES_NEVER;
    stage.calls = 0;
    route_fake_clear(&stage.service);
}

/* Kills at each call in turn. Returns how many there were. */
static int32_t kill_everywhere(enum bulk_death death) {
    for (int32_t n = 1;; n++) {
        bulk_stage_empty();
        stage.death = death;
        stage.die_at = n;
        int how = bulk_stage_run_apart();
        if (how != BULK_DIED) {
            assert_int_equal(how, 0);
            stage.calls = stage.die_at = 0;
            /* A tear needs a call that writes; the others just go on. */
            if (death != DIES_TORN || n > 80) {
                return n - 1;
            }
        }
        alive_again();
        if (bulk_stage_run() != SHK_OK) {
            fail_msg("killed at call %d: %d %s", n, stage.why.code, stage.why.where);
        }
        expect_the_same();
    }
}

static void a_kill_before_any_call_loses_and_doubles_nothing(void **state) {
    (void)state;
    assert_in_range(kill_everywhere(DIES_BEFORE), 25, 80);
}

static void a_kill_after_any_call_loses_and_doubles_nothing(void **state) {
    (void)state;
    assert_in_range(kill_everywhere(DIES_AFTER), 25, 80);
}

static void a_kill_in_the_middle_of_any_writing_loses_and_doubles_nothing(void **state) {
    (void)state;
    (void)kill_everywhere(DIES_TORN);
}

static void two_kills_in_a_row_do_no_more_harm_than_one(void **state) {
    (void)state;
    for (int32_t n = 4; n <= 40; n += 3) {
        bulk_stage_empty();
        for (int32_t again = 0; again < 3; again++) {
            stage.death = again % 2 == 0 ? DIES_AFTER : DIES_TORN;
            stage.die_at = n;
            (void)bulk_stage_run_apart();
            alive_again();
        }
        assert_int_equal(bulk_stage_run(), SHK_OK);
        expect_the_same();
    }
}

/* A full disk, a network drive that goes away: any call of the files fails once. */
static void fail_everywhere(int32_t code) {
    for (int32_t n = 1; n < 200; n++) {
        bulk_stage_empty();
        stage.fail_at = n;
        stage.fail_code = code;
        int32_t rc = bulk_stage_run();
        if (stage.file_calls < n) {
            assert_int_equal(rc, SHK_OK);
            assert_in_range(n, 25, 199);
            return;
        }
        if (rc != SHK_OK) {
            assert_true(stage.why.where[0] != '\0');
        }
        stage.fail_at = 0;
        alive_again();
        rc = bulk_stage_run();
        if (rc != SHK_OK) {
            fail_msg("failed at call %d: %d %s", n, rc, stage.why.where);
        }
        expect_the_same();
    }
    fail();
}

static void a_full_disk_at_any_call_ends_the_run_which_goes_on_later(void **state) {
    (void)state;
    fail_everywhere(SHK_E_DISK_FULL);
}

static void a_drive_that_goes_away_ends_the_run_which_goes_on_later(void **state) {
    (void)state;
    fail_everywhere(SHK_E_FOLDER_WRITE);
}

static void expect_state_says_done(uint64_t rows) {
    char line[32];
    text_format(line, sizeof line, "\ndone %u\n", (unsigned)rows);
    assert_true(!temp_exists(&stage.out, "state") ||
                strstr(bulk_stage_file("state"), line) != NULL);
}

static void stopping_at_any_question_loses_and_doubles_nothing(void **state) {
    (void)state;
    for (int32_t n = 1; n < 200; n++) {
        bulk_stage_empty();
        stage.stop_after = n;
        int32_t rc = bulk_stage_run();
        if (rc == SHK_OK) {
            assert_in_range(n, 10, 199);
            return;
        }
        assert_int_equal(rc, SHK_E_CANCELLED);
        expect_state_says_done(stage.last.done);
        stage.stop = false;
        stage.stop_after = 0;
        alive_again();
        assert_int_equal(bulk_stage_run(), SHK_OK);
        expect_the_same();
    }
    fail();
}

static void a_finished_run_is_told_at_once_and_left_alone(void **state) {
    (void)state;
    stage.service.sends = stage.calls = 0;
    temp_write(&stage.out, "results.jsonl", "the host's note");
    assert_int_equal(bulk_stage_run(), SHK_OK);
    assert_int_equal(stage.service.sends, 0);
    assert_int_equal(stage.last.done, PEOPLE);
    assert_int_equal(stage.last.total, PEOPLE);
    assert_int_equal(stage.last.left_s, 0);
    assert_int_equal(stage.last.count[DIFFERENCE_CHANGED], 1);
    assert_true(stage.last.resumed);
    assert_string_equal(stage.last.finished_on, "20261122");
    assert_string_equal(bulk_stage_file("results.jsonl"), "the host's note");
}

static void another_table_or_other_columns_are_another_run(void **state) {
    (void)state;
    bulk_people_are(seven, PEOPLE - 1);
    assert_int_equal(bulk_stage_run(), SHK_E_RESUME);
    bulk_people_are(seven, PEOPLE);
    bulk_columns_are("-- other\n" COLUMNS);
    assert_int_equal(bulk_stage_run(), SHK_E_RESUME);
    bulk_columns_are(COLUMNS);
    stage.job.kind = BULK_REGISTER;
    assert_int_equal(bulk_stage_run(), SHK_E_RESUME);
    stage.job.kind = BULK_CHECK;
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_the_same();
}

static void a_finished_run_stays_finished_on_a_later_day(void **state) {
    (void)state;
    char before[4096];
    text_copy(before, sizeof before, bulk_stage_file("state"));
    clock_fake_advance(&stage.clock, INT64_C(86400000) * 30);
    stage.job.date = "20261222";
    stage.service.fault = SHK_E_GATEWAY_UNREACHABLE;
    assert_int_equal(bulk_stage_run(), SHK_OK);
    assert_string_equal(stage.last.finished_on, "20261122");
    assert_string_equal(bulk_stage_file("state"), before);
    stage.job.date_given = true; /* somebody wants the answers of that day */
    assert_int_equal(bulk_stage_run(), SHK_E_RESUME);
    assert_string_equal(stage.last.finished_on, "");
    stage.job.date = "20260601";
    assert_int_equal(bulk_stage_run(), SHK_OK);
    assert_string_equal(stage.last.finished_on, "20261122");
    assert_string_equal(bulk_stage_file("state"), before);
}

static void the_run_that_does_the_work_is_no_finished_one(void **state) {
    (void)state;
    bulk_stage_empty();
    stage.stop_after = 12;
    assert_int_equal(bulk_stage_run(), SHK_E_CANCELLED);
    assert_string_equal(stage.last.finished_on, "");
    stage.stop = false;
    clock_fake_advance(&stage.clock, INT64_C(86400000));
    assert_int_equal(bulk_stage_run(), SHK_OK);
    assert_true(stage.last.resumed);
    assert_string_equal(stage.last.finished_on, "");
    expect_in(bulk_stage_file("state"), "finished 20261123\n");
}

static void one_changed_byte_of_the_table_is_noticed(void **state) {
    (void)state;
    static const char *const last[] = {"same", "moved", "missing", "several",
                                       "lost", "echo",  "sam3"};
    bulk_people_are(last, PEOPLE);
    assert_int_equal(bulk_stage_run(), SHK_E_RESUME);
}

static void a_state_that_is_not_ours_is_left_alone(void **state) {
    (void)state;
    temp_write(&stage.out, "state", "a file of that name\n");
    assert_int_equal(bulk_stage_run(), SHK_E_RESUME);
    assert_true(temp_holds(&stage.out, "state", "a file of that name\n"));
}

static void results_of_somebody_else_are_not_written_over(void **state) {
    (void)state;
    static const char *const names[] = {"differences.csv", "results.jsonl"};
    for (size_t i = 0; i < 2; i++) {
        bulk_stage_empty();
        temp_write(&stage.out, names[i], "mine");
        assert_int_equal(bulk_stage_run(), SHK_E_RESUME);
        assert_string_equal(stage.why.where, names[i]);
        assert_true(temp_holds(&stage.out, names[i], "mine"));
        assert_false(temp_exists(&stage.out, "state"));
        assert_int_equal(stage.told, 0);
    }
}

static void results_that_were_cut_are_noticed(void **state) {
    (void)state;
    bulk_stage_empty();
    stage.stop_after = 12;
    assert_int_equal(bulk_stage_run(), SHK_E_CANCELLED);
    assert_in_range(stage.last.done, 3, 6);
    stage.stop = false;
    temp_write(&stage.out, "results.jsonl", "x");
    assert_int_equal(bulk_stage_run(), SHK_E_RESUME);
    assert_string_equal(stage.why.where, "results.jsonl");
}

static void two_runs_in_one_folder_are_one_too_many(void **state) {
    (void)state;
    void *lock = NULL;
    bulk_stage_empty();
    assert_int_equal(platform_files.lock(NULL, temp_path(&stage.out, "lock"), 0, &lock, NULL),
                     SHK_OK);
    assert_int_equal(bulk_stage_run(), SHK_E_BULK_RUNNING);
    assert_int_equal(stage.service.sends, 0);
    assert_false(temp_exists(&stage.out, "state"));
    platform_files.unlock(NULL, lock);
    assert_int_equal(bulk_stage_run(), SHK_OK);
}

static void change_the_table(void *self, bool after) {
    (void)self;
    if (!after && stage.service.sends == 1) {
        bulk_people_are(seven, PEOPLE - 2);
    }
}

static void a_table_that_changes_under_the_run_is_noticed(void **state) {
    (void)state;
    struct bytes text = {0};
    bulk_stage_empty();
    bytes_append_text(&text, HEADING);
    for (int i = 0; i < 2000; i++) { /* more than is read ahead */
        bytes_append_text(&text, "P1,見本太郎,19800401,06990014,same,1,\n");
    }
    bulk_table_is(bytes_text(&text));
    bytes_clear(&text);
    stage.job.batch = 100;
    stage.service.sends = 0;
    stage.service.hook = change_the_table;
    assert_int_equal(bulk_stage_run(), SHK_E_TABLE);
    assert_string_equal(stage.why.where, "patients.csv 途中で書きかわりました");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_kill_before_any_call_loses_and_doubles_nothing),
        CASE(a_kill_after_any_call_loses_and_doubles_nothing),
        CASE(a_kill_in_the_middle_of_any_writing_loses_and_doubles_nothing),
        CASE(two_kills_in_a_row_do_no_more_harm_than_one),
        CASE(a_full_disk_at_any_call_ends_the_run_which_goes_on_later),
        CASE(a_drive_that_goes_away_ends_the_run_which_goes_on_later),
        CASE(stopping_at_any_question_loses_and_doubles_nothing),
        CASE(a_finished_run_is_told_at_once_and_left_alone),
        CASE(another_table_or_other_columns_are_another_run),
        CASE(a_finished_run_stays_finished_on_a_later_day),
        CASE(the_run_that_does_the_work_is_no_finished_one),
        CASE(one_changed_byte_of_the_table_is_noticed),
        CASE(a_state_that_is_not_ours_is_left_alone),
        CASE(results_of_somebody_else_are_not_written_over),
        CASE(results_that_were_cut_are_noticed),
        CASE(two_runs_in_one_folder_are_one_too_many),
        CASE(a_table_that_changes_under_the_run_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
