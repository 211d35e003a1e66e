/* What cannot be played on real folders at will: faults between two steps, lost notices, clocks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "folder_stage.h"

static bool in_req(const struct folder_stage *s, int number) {
    return files_fake_find(&s->files, folder_stage_path("req", number, ".xml")) != NULL;
}

static void refused(const struct folder_stage *s, int32_t code, const char *where) {
    assert_int_equal(s->why.code, code);
    assert_string_equal(s->why.where, where);
    assert_int_equal(s->answer.n, 0);
}

static void the_answer_is_given_as_it_lies_there(void **state) {
    struct folder_stage *s = *state;
    assert_int_equal(folder_stage_ask(s), SHK_OK);
    assert_string_equal(bytes_text(&s->answer), folder_stage_document(s, "T-000123", "1001"));
    assert_string_equal(s->last, STAGE_DAY "0001");
    assert_non_null(files_fake_get(&s->files, folder_stage_path("res", 1, ".xml")));
    assert_null(strstr(files_fake_get(&s->files, STAGE_STATE), "ask"));
}

static void a_card_is_not_for_this_route(void **state) {
    struct folder_stage *s = *state;
    s->q.search = NULL;
    assert_int_equal(s->route.ops->prepare(s->route.self, &s->q, NULL, &s->why),
                     SHK_E_ROUTE_CANNOT);
    assert_int_equal(folder_stage_ask(s), SHK_E_ROUTE_CANNOT);
    assert_int_equal(s->files.puts, 0);
}

static void no_folder_is_set(void **state) {
    struct folder_stage *s = *state;
    struct lookup_route route;
    struct folder_settings settings = s->settings;
    settings.res = "";
    assert_int_equal(folder_route_new(&settings, &s->env, NULL, &route, &s->why),
                     SHK_E_TERMINAL_FOLDER);
    assert_string_equal(s->why.where, "res");
    assert_null(route.ops);
}

static void an_answer_counts_only_after_two_equal_readings(void **state) {
    struct folder_stage *s = *state;
    s->settings.stable_ms = 800;
    folder_stage_restart(s);
    int64_t begin = s->clock.mono_ms;
    assert_int_equal(folder_stage_ask(s), SHK_OK);
    assert_true(s->clock.mono_ms - begin >= 800);
}

/* Another program cuts the result short at its second reading and completes it later. */
static int32_t changes;
static void rewrite_result(struct files_fake *f, enum files_fake_call call, const char *path) {
    struct folder_stage *s = f->other_self;
    const char *result = folder_stage_path("res", 1, ".xml");
    char part[200];
    if (call == FILES_CALL_CHANGED && in_req(s, 1)) {
        files_fake_drop(f, folder_stage_path("req", 1, ".xml"));
        files_fake_set(f, result, "<XmlMsg>");
    } else if (call == FILES_CALL_CHANGED && changes < 5) {
        text_format(part, sizeof part, "<XmlMsg><!-- %d -->", (int)changes++);
        files_fake_set(f, result, part);
    } else if (call == FILES_CALL_CHANGED && changes == 5) {
        changes++;
        files_fake_set(f, result, folder_stage_document(s, "T-000123", "1001"));
    }
    (void)path;
}

static void a_file_that_keeps_changing_is_waited_for(void **state) {
    struct folder_stage *s = *state;
    changes = 0;
    s->files.other = rewrite_result;
    assert_int_equal(folder_stage_ask(s), SHK_OK);
    assert_int_equal(changes, 6);
}

static void lost_notices_are_made_up_by_looking(void **state) {
    struct folder_stage *s = *state;
    s->files.deaf = true;
    int64_t begin = s->clock.mono_ms;
    assert_int_equal(folder_stage_ask(s), SHK_OK);
    assert_true(s->clock.mono_ms - begin <= 2500);
}

static void without_notices_it_looks(void **state) {
    struct folder_stage *s = *state;
    files_fake_set(&s->files, STAGE_STATE, "");
    files_fake_fail(&s->files, FILES_FAKE_WATCH, SHK_E_FOLDER_MISSING, 0);
    s->clock.step_ms = 50;
    s->settings.poll_ms = 10; /* really slept */
    folder_stage_restart(s);
    s->takes = false;
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    refused(s, SHK_E_TERMINAL_TIMEOUT, "req");
}

static void it_never_waits_longer_than_it_may_and_asks_for_a_stop(void **state) {
    struct folder_stage *s = *state;
    s->ending = NULL;
    s->files.deaf = true;
    s->settings.poll_ms = 60000;
    folder_stage_restart(s);
    int64_t begin = s->clock.mono_ms;
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    assert_int_equal(s->clock.mono_ms - begin, 30000);
    refused(s, SHK_E_TERMINAL_TIMEOUT, "res");
    assert_true(s->stops > 30);
    assert_true(s->stop_gap_ms <= 1000);
    s->stop_after = 3;
    assert_int_equal(folder_stage_ask(s), SHK_E_CANCELLED);
    s->stop_after = 1;
    assert_int_equal(folder_stage_ask(s), SHK_E_CANCELLED);
    assert_int_equal(s->taken, 1);
}

/* Another machine was faster with the name. */
static void take_name(struct files_fake *f) {
    if (f->puts == 2) {
        files_fake_set(f, folder_stage_path("req", 1, ".xml"), "another machine's");
    }
}

static void a_name_that_was_taken_meanwhile_is_left_alone(void **state) {
    struct folder_stage *s = *state;
    s->takes = false;
    s->files.meanwhile = take_name;
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    assert_string_equal(files_fake_get(&s->files, folder_stage_path("req", 1, ".xml")),
                        "another machine's");
    assert_true(in_req(s, 2));
}

static void a_name_whose_result_lies_there_is_left_alone(void **state) {
    struct folder_stage *s = *state;
    files_fake_set(&s->files, "/t/res/OQSsiquc01res_" STAGE_DAY "0007.err", "");
    files_fake_set(&s->files, "/t/res/oqsmuquc02res_" STAGE_DAY "0009.ZIP", "");
    files_fake_set(&s->files, "/t/res/OQSsiquc01res_202611210500.xml", "");
    files_fake_set(&s->files, "/t/res/OQSsiquc01res_" STAGE_DAY "00100.xml", "");
    assert_int_equal(folder_stage_ask(s), SHK_OK);
    assert_string_equal(s->last, STAGE_DAY "0010");
}

/* Its result comes after the folder was listed: another machine's, taken and answered meanwhile. */
static void answer_other(struct files_fake *f, enum files_fake_call call, const char *path) {
    if (call == FILES_CALL_PUT && text_equal(path, STAGE_STATE) && f->puts == 0) {
        files_fake_set(f, folder_stage_path("res", 1, ".zip"), "another machine's");
    }
}

static void a_name_that_was_answered_meanwhile_is_left_alone(void **state) {
    struct folder_stage *s = *state;
    s->files.other = answer_other;
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    assert_false(in_req(s, 1));
    assert_true(in_req(s, 2));
}

static void the_day_is_japans(void **state) {
    struct folder_stage *s = *state;
    clock_fake_advance(&s->clock, INT64_C(5) * 3600 * 1000 - 2000);
    assert_int_equal(folder_stage_ask(s), SHK_OK);
    assert_string_equal(s->last, STAGE_DAY "0001");
    clock_fake_advance(&s->clock, 3000);
    assert_int_equal(folder_stage_ask(s), SHK_OK);
    assert_string_equal(s->last, "202611230001");
}

static void the_number_is_remembered_when_no_file_is_left(void **state) {
    struct folder_stage *s = *state;
    s->settings.remove_results = true;
    folder_stage_restart(s);
    assert_int_equal(folder_stage_ask(s), SHK_OK);
    assert_int_equal(files_fake_count(&s->files, STAGE_RES), 0);
    folder_stage_restart(s);
    assert_int_equal(folder_stage_ask(s), SHK_OK);
    assert_string_equal(s->last, STAGE_DAY "0002");
}

/* What was not understood stays for a person to look at, and is settled once. */
static void an_answer_that_was_not_used_is_not_deleted(void **state) {
    struct folder_stage *s = *state;
    s->settings.remove_results = true;
    s->unread = true;
    folder_stage_restart(s);
    assert_int_equal(folder_stage_ask(s), SHK_OK);
    route_settle(&s->route, true);
    assert_int_equal(files_fake_count(&s->files, STAGE_RES), 1);
}

/* However long the files may be on their way, one call tells whole from broken. */
static void a_broken_answer_ends_a_short_call_too(void **state) {
    struct folder_stage *s = *state;
    s->document = "<XmlMsg><MessageHeader>";
    s->settings.timeout_ms = 4000;
    s->settings.stable_ms = 1000;
    folder_stage_restart(s);
    assert_int_equal(folder_stage_ask(s), SHK_E_XML);
    s->document = "";
    assert_int_equal(folder_stage_ask(s), SHK_OK);
    assert_string_equal(s->last, STAGE_DAY "0002");
}

static void without_a_state_file_the_open_route_remembers(void **state) {
    struct folder_stage *s = *state;
    s->settings.state = "";
    s->ending = NULL;
    folder_stage_restart(s);
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    s->ending = ".xml";
    files_fake_set(&s->files, folder_stage_path("res", 1, ".xml"),
                   folder_stage_document(s, "T-000123", "1001"));
    assert_int_equal(folder_stage_ask(s), SHK_OK);
    assert_int_equal(s->taken, 1);
    assert_int_equal(s->files.locks, 0);
}

static void a_request_goes_on_after_a_restart_with_its_own_identifier(void **state) {
    struct folder_stage *s = *state;
    s->ending = NULL;
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    folder_stage_restart(s);
    text_copy(s->q.file_identifier, sizeof s->q.file_identifier, "T-000999");
    files_fake_set(&s->files, folder_stage_path("res", 1, ".xml"),
                   folder_stage_document(s, "T-000123", "1001"));
    assert_int_equal(folder_stage_ask(s), SHK_OK);
    assert_int_equal(s->taken, 1);
}

static void the_newer_identifier_does_not_answer_the_older_request(void **state) {
    struct folder_stage *s = *state;
    s->ending = NULL;
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    text_copy(s->q.file_identifier, sizeof s->q.file_identifier, "T-000999");
    files_fake_set(&s->files, folder_stage_path("res", 1, ".xml"),
                   folder_stage_document(s, "T-000999", "1001"));
    assert_int_equal(folder_stage_ask(s), SHK_E_ANSWER_FOREIGN);
}

static void the_state_names_nobody(void **state) {
    struct folder_stage *s = *state;
    s->ending = NULL;
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    const char *text = files_fake_get(&s->files, STAGE_STATE);
    assert_non_null(strstr(text, "ask 1 " STAGE_DAY "0001 "));
    assert_null(strstr(text, "06990014"));
    assert_null(strstr(text, "1001"));
    assert_null(strstr(text, "19850312"));
    assert_null(strstr(text, "T-000123"));
}

static void each_difference_makes_another_question(void **state) {
    struct folder_stage *s = *state;
    s->ending = NULL;
    struct card_data first = s->person;
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    text_copy(s->person.branch_number, sizeof s->person.branch_number, "02");
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    s->person = first;
    s->person.limit_consent = true;
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    s->person = first;
    text_copy(s->q.date, sizeof s->q.date, "20261121");
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    assert_int_equal(s->taken, 4);
}

/* The program is killed after it wrote the request down and before it put it: both ways it may have
 * gone. */
static void written_down_and_never_put_is_waited_for_once(void **state) {
    struct folder_stage *s = *state;
    s->ending = NULL;
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    char text[1000];
    text_copy(text, sizeof text, files_fake_get(&s->files, STAGE_STATE));
    *(strstr(text, "ask 1") + 4) = '0';
    files_fake_set(&s->files, STAGE_STATE, text);
    folder_stage_restart(s);
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    assert_int_equal(s->taken, 1);
    s->ending = ".xml";
    assert_int_equal(folder_stage_ask(s), SHK_OK);
    assert_int_equal(s->taken, 2);
}

static void a_request_that_has_its_name_is_sent_whatever_the_disk_says(void **state) {
    struct folder_stage *s = *state;
    files_fake_fail(&s->files, FILES_FAKE_LATE, SHK_E_FOLDER_WRITE, 1);
    assert_int_equal(folder_stage_ask(s), SHK_OK);
    assert_int_equal(s->taken, 1);
}

/* The disk is full for the second put only: the state goes before and after it. */
static void fill_disk(struct files_fake *f, enum files_fake_call call, const char *path) {
    if (call == FILES_CALL_PUT) {
        files_fake_fail(f, text_starts(path, STAGE_REQ) ? FILES_FAKE_WRITE : FILES_FAKE_NEVER,
                        SHK_E_DISK_FULL, 0);
    }
}

static void a_request_that_cannot_be_written_is_not_remembered(void **state) {
    struct folder_stage *s = *state;
    s->files.other = fill_disk;
    assert_int_equal(folder_stage_ask(s), SHK_E_DISK_FULL);
    refused(s, SHK_E_DISK_FULL, "req");
    assert_false(in_req(s, 1));
    assert_null(strstr(files_fake_get(&s->files, STAGE_STATE), "ask"));
    files_fake_fail(&s->files, FILES_FAKE_NEVER, 0, 0);
    s->files.other = NULL;
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    refused(s, SHK_E_TERMINAL_TIMEOUT, "req");
}

static void nothing_is_sent_that_cannot_be_remembered(void **state) {
    struct folder_stage *s = *state;
    files_fake_fail(&s->files, FILES_FAKE_RENAME, SHK_E_FOLDER_WRITE, 0);
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_FOLDER);
    refused(s, SHK_E_TERMINAL_FOLDER, "state");
    assert_int_equal(s->why.native_kind, SHK_NATIVE_OS);
    assert_int_equal(files_fake_count(&s->files, STAGE_REQ), 0);
}

static void a_state_that_another_program_holds_for_ever(void **state) {
    struct folder_stage *s = *state;
    files_fake_fail(&s->files, FILES_FAKE_LOCK, SHK_E_FOLDER_LOCKED, 0);
    s->clock.step_ms = 500;
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_FOLDER);
    refused(s, SHK_E_TERMINAL_FOLDER, "state");
    s->stop_after = 2;
    assert_int_equal(folder_stage_ask(s), SHK_E_CANCELLED);
    assert_int_equal(files_fake_count(&s->files, STAGE_REQ), 0);
}

static void a_result_that_is_held_for_a_moment_is_read_later(void **state) {
    struct folder_stage *s = *state;
    s->files.piece = 7;
    files_fake_fail(&s->files, FILES_FAKE_NEXT, SHK_E_FOLDER_LOCKED, 30);
    s->clock.step_ms = 1;
    s->ending = ".xml";
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    refused(s, SHK_E_TERMINAL_TIMEOUT, "res");
    files_fake_fail(&s->files, FILES_FAKE_NEVER, 0, 0);
    assert_int_equal(folder_stage_ask(s), SHK_OK);
    assert_int_equal(s->taken, 1);
}

static void drop_res(struct files_fake *f, enum files_fake_call call, const char *path) {
    struct folder_stage *s = f->other_self;
    (void)path;
    if (call == FILES_CALL_CHANGED) {
        files_fake_drop_folder(f, STAGE_RES);
        s->files.other = NULL;
    }
}

static void a_share_that_does_not_come_back(void **state) {
    struct folder_stage *s = *state;
    s->files.other = drop_res;
    s->clock.step_ms = 100;
    s->settings.poll_ms = 10; /* really slept */
    folder_stage_restart(s);
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_FOLDER);
    refused(s, SHK_E_TERMINAL_FOLDER, "res");
    assert_non_null(strstr(files_fake_get(&s->files, STAGE_STATE), "ask 1"));
}

static void drop_res_once(struct files_fake *f, enum files_fake_call call, const char *path) {
    (void)path;
    if (call == FILES_CALL_CHANGED && f->watches == 1) {
        files_fake_drop_folder(f, STAGE_RES);
    }
}

/* The share is back some looks later. */
static bool bring_back(void *self) {
    struct folder_stage *s = self;
    if (s->stops++ == 6) {
        files_fake_add_folder(&s->files, STAGE_RES);
    }
    return false;
}

static void a_share_that_comes_back_is_watched_anew(void **state) {
    struct folder_stage *s = *state;
    const struct watch watch = {bring_back, s};
    s->files.other = drop_res_once;
    s->clock.step_ms = 100;
    s->settings.poll_ms = 10;
    folder_stage_restart(s);
    s->stops = 0;
    assert_int_equal(s->route.ops->ask(s->route.self, &s->q, &s->answer, &watch, &s->why),
                     SHK_E_TERMINAL_TIMEOUT);
    assert_int_equal(s->files.watches, 2);
}

static void a_result_of_more_than_one_form_is_taken_once_whole(void **state) {
    struct folder_stage *s = *state;
    s->ending = ".zip";
    s->document = "PK\003\004 nothing more";
    assert_int_equal(folder_stage_ask(s), SHK_E_ARCHIVE);
    refused(s, SHK_E_ARCHIVE, "res");
    s->ending = ".xml";
    s->document = "";
    assert_int_equal(folder_stage_ask(s), SHK_OK);
}

static void a_refusal_is_over_at_once(void **state) {
    struct folder_stage *s = *state;
    s->ending = ".err";
    s->document = "\x82\xa0\x00 anything";
    int64_t begin = s->clock.mono_ms;
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_REFUSED);
    assert_true(s->clock.mono_ms - begin < 3000);
    refused(s, SHK_E_TERMINAL_REFUSED, "res");
}

#define CASE(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, folder_stage_set_up, folder_stage_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(the_answer_is_given_as_it_lies_there),
        CASE(a_card_is_not_for_this_route),
        CASE(no_folder_is_set),
        CASE(an_answer_counts_only_after_two_equal_readings),
        CASE(a_file_that_keeps_changing_is_waited_for),
        CASE(lost_notices_are_made_up_by_looking),
        CASE(without_notices_it_looks),
        CASE(it_never_waits_longer_than_it_may_and_asks_for_a_stop),
        CASE(a_name_that_was_taken_meanwhile_is_left_alone),
        CASE(a_name_whose_result_lies_there_is_left_alone),
        CASE(a_name_that_was_answered_meanwhile_is_left_alone),
        CASE(the_day_is_japans),
        CASE(the_number_is_remembered_when_no_file_is_left),
        CASE(an_answer_that_was_not_used_is_not_deleted),
        CASE(a_broken_answer_ends_a_short_call_too),
        CASE(without_a_state_file_the_open_route_remembers),
        CASE(a_request_goes_on_after_a_restart_with_its_own_identifier),
        CASE(the_newer_identifier_does_not_answer_the_older_request),
        CASE(the_state_names_nobody),
        CASE(each_difference_makes_another_question),
        CASE(written_down_and_never_put_is_waited_for_once),
        CASE(a_request_that_has_its_name_is_sent_whatever_the_disk_says),
        CASE(a_request_that_cannot_be_written_is_not_remembered),
        CASE(nothing_is_sent_that_cannot_be_remembered),
        CASE(a_state_that_another_program_holds_for_ever),
        CASE(a_result_that_is_held_for_a_moment_is_read_later),
        CASE(a_share_that_does_not_come_back),
        CASE(a_share_that_comes_back_is_watched_anew),
        CASE(a_result_of_more_than_one_form_is_taken_once_whole),
        CASE(a_refusal_is_over_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
