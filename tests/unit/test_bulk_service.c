#include <stdlib.h>

#include "bulk_stage.h"

static const char *const ten[] = {"same", "moved",  "lost", "same", "several",
                                  "same", "nobody", "same", "same", "same"};

static void run_ten(void) {
    bulk_people_are(ten, 10);
    assert_int_equal(bulk_stage_run(), SHK_OK);
    assert_int_equal(stage.last.done, 10);
}

/* What a smooth run gives; the stage is empty again after it. */
static char *results, *differences;

static int smooth_run(void **state) {
    bulk_stage_set_up(state);
    run_ten();
    results = text_dup(bulk_stage_file("results.jsonl"));
    differences = text_dup(bulk_stage_file("differences.csv"));
    bulk_stage_empty();
    return results != NULL && differences != NULL ? 0 : 1;
}

static int end(void **state) {
    free(results);
    free(differences);
    return bulk_stage_tear_down(state);
}

static void expect_the_same(void) {
    assert_string_equal(bulk_stage_file("results.jsonl"), results);
    assert_string_equal(bulk_stage_file("differences.csv"), differences);
}

static void a_service_that_works_long_is_asked_again(void **state) {
    (void)state;
    stage.service.pending = 40;
    run_ten();
    expect_the_same();
    assert_int_equal(stage.service.fetches, 43);
    assert_int_equal(route_fake_taken(&stage.service), 10);
    assert_in_range(stage.slept_ms, 40 * 5000, 40 * 5000 + 1000);
}

static void waits_are_neither_too_short_nor_too_long(void **state) {
    (void)state;
    stage.service.pending = 10;
    stage.service.wait_s = 1;
    run_ten();
    assert_in_range(stage.slept_ms, 10 * 2000, 10 * 2000 + 1000);
    bulk_stage_empty();
    stage.service.pending = 2;
    stage.service.wait_s = 3600;
    run_ten();
    assert_in_range(stage.slept_ms, 2 * 60000, 2 * 60000 + 1000);
    bulk_stage_empty();
    stage.service.pending = 1;
    stage.service.wait_s = 0;
    run_ten();
    assert_in_range(stage.slept_ms, 10000, 11000);
}

static void a_torn_result_is_fetched_again_and_nothing_is_doubled(void **state) {
    (void)state;
    stage.service.torn = 2;
    run_ten();
    expect_the_same();
    assert_int_equal(stage.service.sends, 3);
    assert_int_equal(stage.service.fetches, 5);
}

static void a_result_that_stays_torn_is_asked_for_anew(void **state) {
    (void)state;
    stage.service.torn = 3; /* then the same key is sent again, and the same result is whole */
    run_ten();
    expect_the_same();
    assert_int_equal(stage.service.sends, 4);
    assert_int_equal(route_fake_taken(&stage.service), 10);
}

static void a_lost_reception_number_is_asked_for_with_the_same_key_first(void **state) {
    (void)state;
    stage.service.lost = 1;
    run_ten();
    expect_the_same();
    assert_int_equal(stage.service.sends, 4);
    assert_int_equal(route_fake_taken(&stage.service), 10);
}

static void a_batch_lost_for_good_goes_out_under_a_new_key(void **state) {
    (void)state;
    stage.service.lost = 2;
    run_ten();
    expect_the_same();
    assert_int_equal(stage.service.sends, 5);
    assert_int_equal(route_fake_taken(&stage.service), 14);
}

static void a_result_of_another_request_is_asked_for_again(void **state) {
    (void)state;
    stage.service.foreign = 1;
    run_ten();
    expect_the_same();
    assert_int_equal(route_fake_taken(&stage.service), 10);
    assert_true(stage.service.used > 0);
    assert_int_equal(stage.service.unused, 1);
    bulk_stage_empty();
    stage.service.foreign = 1000000;
    bulk_people_are(ten, 10);
    assert_int_equal(bulk_stage_run(), SHK_E_ANSWER_FOREIGN);
    assert_int_equal(stage.last.done, 0);
}

/* The units may name our people and still answer another question. */
static void a_result_whose_header_names_another_question_is_not_used(void **state) {
    (void)state;
    static const char *const others[][2] = {{"QualificationConfirmationDate", "20260602"},
                                            {"MedicalInstitutionCode", "9910000002"},
                                            {"ArbitraryFileIdentifier", "B-1"},
                                            {"ReceptionNumber", "R-other"}};
    int32_t used = stage.service.used;
    stage.service.filler = 20000;
    stage.job.batch = 1000;
    for (size_t i = 0; i < 4; i++) {
        bulk_stage_empty();
        memcpy(stage.service.header, others[i], sizeof others[i]);
        bulk_people_are(ten, 10);
        assert_int_equal(bulk_stage_run(), SHK_E_ANSWER_FOREIGN);
        assert_int_equal(stage.last.done, 0);
        assert_string_equal(bulk_stage_file("results.jsonl"), "");
        expect_not_in(bulk_stage_file("differences.csv"), "P001");
    }
    assert_int_equal(stage.service.used, used);
    assert_true(stage.service.unused >= 4);
}

static void a_header_that_says_less_is_good_enough(void **state) {
    (void)state;
    static const char *const names[] = {"QualificationConfirmationDate", "MedicalInstitutionCode",
                                        "ArbitraryFileIdentifier", "ReceptionNumber"};
    for (size_t i = 0; i < 4; i++) {
        bulk_stage_empty();
        stage.service.header[0] = names[i];
        stage.service.header[1] = "";
        run_ten();
    }
}

static void a_route_whose_results_name_no_file_of_ours_may_name_its_own(void **state) {
    (void)state;
    stage.service.header[0] = "ArbitraryFileIdentifier";
    stage.service.header[1] = "SERVICE-1";
    route_fake_own_names(&stage.service);
    run_ten();
    expect_the_same();
}

static void a_broken_line_is_waited_for(void **state) {
    (void)state;
    stage.service.unreachable = 5;
    stage.service.unreached = 1;
    run_ten();
    expect_the_same();
    assert_int_equal(route_fake_taken(&stage.service), 10);
    assert_in_range(stage.slept_ms, (2 + 5 + 15 + 30 + 60) * 1000, 200000);
}

static void a_busy_service_is_asked_again_when_it_says(void **state) {
    (void)state;
    static const int32_t waits[][2] = {{0, 2}, {40, 40}, {3600, 600}};
    for (size_t i = 0; i < 3; i++) {
        bulk_stage_empty();
        stage.service.busy = 1;
        stage.service.busy_s = waits[i][0];
        run_ten();
        expect_the_same();
        assert_in_range(stage.slept_ms, waits[i][1] * 1000, waits[i][1] * 1000 + 500);
    }
}

static int32_t wait_until_sent(void) {
    stage.service.pending = 1000000;
    stage.stop_after = 100;
    bulk_people_are(ten, 10);
    int32_t rc = bulk_stage_run();
    stage.stop = false;
    stage.service.pending = 0;
    stage.slept_ms = 0;
    return rc;
}

static void a_busy_result_is_fetched_again_when_it_says(void **state) {
    (void)state;
    assert_int_equal(wait_until_sent(), SHK_E_CANCELLED);
    stage.service.busy = 1;
    stage.service.busy_s = 25;
    run_ten();
    expect_the_same();
    assert_in_range(stage.slept_ms, 25000, 25500);
}

/* A redirect, a login page, a number of another form: waiting heals none of them. */
static void an_answer_that_is_no_answer_ends_the_run_soon(void **state) {
    (void)state;
    stage.service.fault = SHK_E_GATEWAY_ANSWER;
    bulk_people_are(ten, 10);
    assert_int_equal(bulk_stage_run(), SHK_E_GATEWAY_ANSWER);
    assert_int_equal(stage.service.sends, 3);
    assert_in_range(stage.slept_ms, 0, 20000);
    stage.service.fault = SHK_OK;
    stage.service.fetch_fault = SHK_E_GATEWAY_ANSWER;
    stage.service.fetch_http = 302;
    stage.slept_ms = 0;
    assert_int_equal(bulk_stage_run(), SHK_E_GATEWAY_ANSWER);
    assert_int_equal(stage.why.native, 302);
    assert_int_equal(stage.service.fetches, 3);
    assert_in_range(stage.slept_ms, 0, 20000);
    assert_int_equal(stage.last.done, 0);
    stage.service.fetch_fault = SHK_OK;
    run_ten();
    expect_the_same();
    assert_int_equal(route_fake_taken(&stage.service), 10);
}

static void a_line_that_stays_broken_ends_the_run_which_goes_on_later(void **state) {
    (void)state;
    stage.service.unreachable = 1000;
    bulk_people_are(ten, 10);
    assert_int_equal(bulk_stage_run(), SHK_E_GATEWAY_UNREACHABLE);
    assert_int_equal(stage.service.sends, 8);
    assert_int_equal(stage.last.done, 0);
    stage.service.unreachable = 0;
    assert_int_equal(bulk_stage_run(), SHK_OK);
    assert_true(stage.last.resumed);
    expect_the_same();
}

static void a_service_that_never_ends_is_given_up_after_a_day(void **state) {
    (void)state;
    stage.service.pending = 1000000;
    stage.service.wait_s = 60;
    bulk_people_are(ten, 10);
    assert_int_equal(bulk_stage_run(), SHK_E_ANSWER_PENDING);
    assert_in_range(stage.slept_ms, INT64_C(86400) * 1000, INT64_C(86500) * 1000);
    stage.service.pending = 0;
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_the_same();
    assert_int_equal(route_fake_taken(&stage.service), 10);
}

static void one_row_that_is_refused_does_not_stop_the_others(void **state) {
    (void)state;
    static const char *const symbols[] = {"same", "same", "poison", "same", "moved",
                                          "same", "same", "same",   "same", "same"};
    for (int32_t batch = 1; batch <= 10; batch += 3) {
        bulk_stage_empty();
        stage.job.batch = batch;
        bulk_people_are(symbols, 10);
        assert_int_equal(bulk_stage_run(), SHK_OK);
        assert_int_equal(stage.last.count[DIFFERENCE_UNCHANGED], 8);
        assert_int_equal(stage.last.count[DIFFERENCE_CHANGED], 1);
        assert_int_equal(stage.last.count[DIFFERENCE_FAULT], 1);
        assert_non_null(strstr(bulk_stage_line(3), "\"name\":\"REQUEST_INVALID\""));
        assert_int_equal(route_fake_taken(&stage.service), 9);
    }
}

static void many_refused_rows_with_answers_between_them_do_not_stop_the_others(void **state) {
    (void)state;
    static const char *const symbols[] = {"poison", "same", "poison", "same",   "poison", "same",
                                          "poison", "same", "poison", "poison", "same",   "same"};
    bulk_people_are(symbols, 12);
    assert_int_equal(bulk_stage_run(), SHK_OK);
    assert_int_equal(stage.last.count[DIFFERENCE_UNCHANGED], 6);
    assert_int_equal(stage.last.count[DIFFERENCE_FAULT], 6);
}

static void a_service_that_refuses_everybody_ends_the_run_and_counts_nothing(void **state) {
    (void)state;
    stage.service.fault = SHK_E_REQUEST_INVALID;
    bulk_people_are(ten, 10);
    assert_int_equal(bulk_stage_run(), SHK_E_REQUEST_INVALID);
    assert_int_equal(stage.last.done, 0);
    assert_in_range(stage.service.sends, 4, 8);
    assert_string_equal(bulk_stage_file("results.jsonl"), "");
    expect_not_in(bulk_stage_file("differences.csv"), "P001");
    stage.service.fault = SHK_OK;
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_the_same();
}

static void a_service_that_begins_to_refuse_everybody_keeps_what_is_done(void **state) {
    (void)state;
    bulk_people_are(ten, 10);
    stage.stop_after = 12;
    assert_int_equal(bulk_stage_run(), SHK_E_CANCELLED);
    uint64_t done = stage.last.done;
    assert_in_range(done, 4, 8);
    stage.stop = false;
    stage.service.fault = stage.service.fetch_fault = SHK_E_ANSWER_REFUSED;
    assert_int_equal(bulk_stage_run(), SHK_E_ANSWER_REFUSED);
    assert_int_equal(stage.last.done, done);
    stage.service.fault = stage.service.fetch_fault = SHK_OK;
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_the_same();
}

static void a_device_that_is_refused_ends_the_run_at_once(void **state) {
    (void)state;
    stage.service.fault = SHK_E_DEVICE_REFUSED;
    bulk_people_are(ten, 10);
    assert_int_equal(bulk_stage_run(), SHK_E_DEVICE_REFUSED);
    assert_int_equal(stage.service.sends, 1);
}

static void a_reception_number_that_is_no_word_is_not_kept(void **state) {
    (void)state;
    static const char *const bad[] = {"R\n1", "-", "R 1"};
    bulk_people_are(ten, 10);
    for (size_t i = 0; i < 3; i++) {
        stage.service.bad_reception = bad[i];
        assert_int_equal(bulk_stage_run(), SHK_E_GATEWAY_ANSWER);
        expect_in(bulk_stage_file("state"), "reception -\n");
    }
    stage.service.bad_reception = NULL;
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_the_same();
}

static void expect_stopped_in_the_middle(void) {
    stage.service.pending = 1000000;
    stage.stop_after = 100;
    bulk_people_are(ten, 10);
    assert_int_equal(bulk_stage_run(), SHK_E_CANCELLED);
    stage.stop = false;
    stage.service.pending = 0;
}

static void a_run_that_goes_on_later_keeps_its_first_day(void **state) {
    (void)state;
    expect_stopped_in_the_middle();
    stage.job.date = "20260602";
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_the_same();
    assert_int_equal(route_fake_taken(&stage.service), 10);
    assert_int_equal(stage.service.sends, 3); /* the batch that was out is not sent again */
    expect_in(bulk_stage_line(10), "\"confirmation_date\":\"2026-06-01\"");
}

/* The day of a wrong clock must not stay when the clock is right. */
static void a_run_that_a_wrong_clock_stopped_takes_the_right_day(void **state) {
    (void)state;
    stage.service.fault = SHK_E_CLOCK;
    stage.job.date = "20260531";
    bulk_people_are(ten, 10);
    assert_int_equal(bulk_stage_run(), SHK_E_CLOCK);
    assert_int_equal(stage.service.sends, 1);
    stage.service.fault = SHK_OK;
    stage.service.fetch_fault = SHK_E_CLOCK;
    assert_int_equal(bulk_stage_run(), SHK_E_CLOCK);
    stage.service.fetch_fault = SHK_OK;
    stage.job.date = "20260601";
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_the_same();
    expect_in(bulk_stage_line(1), "\"confirmation_date\":\"2026-06-01\"");
}

static void another_day_and_institution_are_another_question(void **state) {
    (void)state;
    expect_stopped_in_the_middle();
    stage.job.date_given = true;
    stage.job.date = "20260602";
    assert_int_equal(bulk_stage_run(), SHK_E_RESUME);
    assert_int_equal(stage.service.sends, 1);
    stage.job.date = "20260601";
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_the_same();
    stage.job.institution_code = "9910000002";
    assert_int_equal(bulk_stage_run(), SHK_E_RESUME);
}

static void stopping_is_noticed_within_a_second(void **state) {
    (void)state;
    stage.service.pending = 1000000;
    stage.service.wait_s = 60;
    stage.stop_after = 30;
    bulk_people_are(ten, 10);
    assert_int_equal(bulk_stage_run(), SHK_E_CANCELLED);
    assert_in_range(stage.slept_ms, 100, 30 * 1000);
}

static void progress_is_told_a_few_times_a_second(void **state) {
    (void)state;
    stage.service.pending = 4;
    run_ten();
    assert_in_range(stage.told, 20, 24 * 4);
    for (uint32_t i = 1; i + 1 < stage.told && i < 64; i++) {
        assert_true(stage.told_ms[i] - stage.told_ms[i - 1] >= 250);
    }
}

static struct bulk_progress seen;

static void look(void *self, const struct bulk_progress *now) {
    (void)self;
    if (now->done == 4 && seen.left_s == -2) {
        seen = *now;
    }
}

static void takes_ten_seconds(void *self, bool after) {
    (void)self;
    clock_fake_advance(&stage.clock, after ? 0 : 10000);
}

/* Twenty seconds for four people of ten, and ten more have passed: 20 / 4 * 6 - 10. */
static void time_that_is_left_comes_from_the_pace(void **state) {
    (void)state;
    stage.world.progress = look;
    stage.service.hook = takes_ten_seconds;
    seen.left_s = -2;
    run_ten();
    assert_int_equal(seen.left_s, 20);
    assert_int_equal(stage.last.left_s, 0);
}

static int64_t left_after[11];

static void note_left(void *self, const struct bulk_progress *now) {
    (void)self;
    assert_in_range(now->total, 1, 10);
    if (left_after[now->done] == -2) {
        left_after[now->done] = now->left_s;
    }
}

/* What an earlier process has sent is fetched at once; only the next batch shows how long one takes. */
static void a_run_that_goes_on_learns_its_pace_anew(void **state) {
    (void)state;
    stage.job.batch = 2;
    expect_stopped_in_the_middle();
    for (size_t i = 0; i < 11; i++) {
        left_after[i] = -2;
    }
    stage.world.progress = note_left;
    stage.service.hook = takes_ten_seconds;
    assert_int_equal(bulk_stage_run(), SHK_OK);
    assert_int_equal(left_after[0], -1);
    assert_int_equal(left_after[2], -1);
    assert_int_equal(left_after[4], 50); /* 20 / 2 * 6, and ten have passed */
    assert_int_equal(left_after[10], 0);
}

static void nothing_is_told_before_the_table_is_counted(void **state) {
    (void)state;
    bulk_table_is(HEADING "P1,\"open");
    assert_int_equal(bulk_stage_run(), SHK_E_TABLE);
    assert_int_equal(stage.told, 0);
    assert_int_equal(stage.last.left_s, -1);
    assert_int_equal(stage.last.total, 0);
    bulk_people_are(ten, 10);
    stage.stop_after = 1;
    assert_int_equal(bulk_stage_run(), SHK_E_CANCELLED);
    assert_int_equal(stage.told, 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, smooth_run, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_service_that_works_long_is_asked_again),
        CASE(waits_are_neither_too_short_nor_too_long),
        CASE(a_torn_result_is_fetched_again_and_nothing_is_doubled),
        CASE(a_result_that_stays_torn_is_asked_for_anew),
        CASE(a_lost_reception_number_is_asked_for_with_the_same_key_first),
        CASE(a_batch_lost_for_good_goes_out_under_a_new_key),
        CASE(a_result_of_another_request_is_asked_for_again),
        CASE(a_result_whose_header_names_another_question_is_not_used),
        CASE(a_header_that_says_less_is_good_enough),
        CASE(a_route_whose_results_name_no_file_of_ours_may_name_its_own),
        CASE(a_broken_line_is_waited_for),
        CASE(a_busy_service_is_asked_again_when_it_says),
        CASE(a_busy_result_is_fetched_again_when_it_says),
        CASE(an_answer_that_is_no_answer_ends_the_run_soon),
        CASE(a_line_that_stays_broken_ends_the_run_which_goes_on_later),
        CASE(a_service_that_never_ends_is_given_up_after_a_day),
        CASE(one_row_that_is_refused_does_not_stop_the_others),
        CASE(many_refused_rows_with_answers_between_them_do_not_stop_the_others),
        CASE(a_service_that_refuses_everybody_ends_the_run_and_counts_nothing),
        CASE(a_service_that_begins_to_refuse_everybody_keeps_what_is_done),
        CASE(a_device_that_is_refused_ends_the_run_at_once),
        CASE(a_reception_number_that_is_no_word_is_not_kept),
        CASE(a_run_that_goes_on_later_keeps_its_first_day),
        CASE(a_run_that_a_wrong_clock_stopped_takes_the_right_day),
        CASE(another_day_and_institution_are_another_question),
        CASE(stopping_is_noticed_within_a_second),
        CASE(progress_is_told_a_few_times_a_second),
        CASE(time_that_is_left_comes_from_the_pace),
        CASE(a_run_that_goes_on_learns_its_pace_anew),
        CASE(nothing_is_told_before_the_table_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
