/* A terminal that took a request and never answers must not keep a patient waiting for days. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "folder_stage.h"

#define MINUTES(n) (INT64_C(60000) * (n))

static bool in_req(const struct folder_stage *s, int number) {
    return files_fake_find(&s->files, folder_stage_path("req", number, ".xml")) != NULL;
}

static void what_was_taken_and_never_answered_is_asked_anew_in_time(void **state) {
    struct folder_stage *s = *state;
    s->ending = NULL;
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    clock_fake_advance(&s->clock, MINUTES(28));
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    assert_int_equal(s->taken, 1);
    folder_stage_restart(s);
    clock_fake_advance(&s->clock, MINUTES(2));
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    assert_int_equal(s->taken, 2);
    assert_string_equal(s->last, STAGE_DAY "0002");
    /* The new one counts from its own time. */
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    assert_int_equal(s->taken, 2);
}

static void the_time_is_the_one_that_is_set(void **state) {
    struct folder_stage *s = *state;
    s->settings.renew_min = 2;
    folder_stage_restart(s);
    s->ending = NULL;
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    assert_int_equal(s->taken, 1);
    clock_fake_advance(&s->clock, MINUTES(1));
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    assert_int_equal(s->taken, 2);
}

static void a_clock_that_was_put_back_keeps_nobody_waiting(void **state) {
    struct folder_stage *s = *state;
    s->ending = NULL;
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    s->clock.wall_ms -= MINUTES(525600);
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    assert_int_equal(s->taken, 2);
}

static void the_late_answer_of_a_request_that_was_given_up_is_nobodys(void **state) {
    struct folder_stage *s = *state;
    s->ending = NULL;
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    clock_fake_advance(&s->clock, MINUTES(31));
    text_copy(s->q.file_identifier, sizeof s->q.file_identifier, "T-000999");
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    files_fake_set(&s->files, folder_stage_path("res", 1, ".xml"),
                   folder_stage_document(s, "T-000123", "1001"));
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    /* Nor under the new one's name. */
    files_fake_set(&s->files, folder_stage_path("res", 2, ".xml"),
                   folder_stage_document(s, "T-000123", "1001"));
    assert_int_equal(folder_stage_ask(s), SHK_E_ANSWER_FOREIGN);
    s->ending = ".xml";
    assert_int_equal(folder_stage_ask(s), SHK_OK);
    assert_string_equal(s->last, STAGE_DAY "0003");
    assert_string_equal(bytes_text(&s->answer), folder_stage_document(s, "T-000999", "1001"));
}

static void an_answer_that_came_late_is_taken_and_nothing_asked_anew(void **state) {
    struct folder_stage *s = *state;
    s->ending = NULL;
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    clock_fake_advance(&s->clock, MINUTES(600));
    files_fake_set(&s->files, "/t/res/oqssiquc01RES_" STAGE_DAY "0001.XML",
                   folder_stage_document(s, "T-000123", "1001"));
    assert_int_equal(folder_stage_ask(s), SHK_OK);
    assert_int_equal(s->taken, 1);
}

static void a_request_that_nobody_took_is_taken_back_before_the_next(void **state) {
    struct folder_stage *s = *state;
    s->takes = false;
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    clock_fake_advance(&s->clock, MINUTES(31));
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    assert_string_equal(s->why.where, "req");
    assert_false(in_req(s, 1));
    assert_true(in_req(s, 2));
    clock_fake_advance(&s->clock, MINUTES(31));
    files_fake_fail(&s->files, FILES_FAKE_REMOVE, SHK_E_FOLDER_LOCKED, 0);
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    assert_true(in_req(s, 2));
    assert_false(in_req(s, 3));
}

/* Another machine gives the request up while this one still waits for it. */
static void renew_elsewhere(struct files_fake *f, enum files_fake_call call, const char *path) {
    struct folder_stage *s = f->other_self;
    char text[1000];
    (void)path;
    if (call != FILES_CALL_CHANGED || !in_req(s, 1)) {
        return;
    }
    files_fake_drop(f, folder_stage_path("req", 1, ".xml"));
    text_copy(text, sizeof text, files_fake_get(f, STAGE_STATE));
    strstr(text, "0001 ")[3] = '2';
    files_fake_set(f, STAGE_STATE, text);
    files_fake_set(f, folder_stage_path("res", 1, ".xml"),
                   folder_stage_document(s, "T-000123", "1001"));
}

static void what_another_machine_asked_anew_is_not_forgotten(void **state) {
    struct folder_stage *s = *state;
    s->files.other = renew_elsewhere;
    assert_int_equal(folder_stage_ask(s), SHK_OK);
    assert_non_null(strstr(files_fake_get(&s->files, STAGE_STATE), "ask 1 " STAGE_DAY "0002 "));
}

static int32_t drop_bytes(void *self, const uint8_t *p, size_t n, struct fault *why) {
    (void)self, (void)p, (void)n, (void)why;
    return SHK_OK;
}

static void a_batch_is_never_sent_anew_but_its_result_is_asked_for_again(void **state) {
    struct folder_stage *s = *state;
    const struct bulk_question q = {.institution_code = "9919999999",
                                    .date = STAGE_DAY,
                                    .idempotency_key = "00000000-0000-4000-8000-000000000001",
                                    .file_identifier = "T-000123",
                                    .people = &s->person,
                                    .people_n = 1};
    const struct byte_sink sink = {drop_bytes, NULL};
    char reception[RECEPTION_NUMBER_MAX];
    int32_t wait_s = 0;
    s->ending = NULL;
    text_copy(s->person.identifier, sizeof s->person.identifier, "000001");
    for (int32_t i = 1; i <= 2; i++) {
        assert_int_equal(s->route.ops->bulk_send(s->route.self, &q, reception, NULL, &s->why),
                         SHK_E_TERMINAL_TIMEOUT);
        assert_int_equal(s->route.ops->registration(s->route.self, &q, &s->answer, NULL, &s->why),
                         SHK_E_TERMINAL_TIMEOUT);
        assert_int_equal(s->taken, 2 + i - 1);
        assert_int_equal(
            s->route.ops->bulk_fetch(s->route.self, &q, "R1", &sink, &wait_s, NULL, &s->why),
            SHK_E_TERMINAL_TIMEOUT);
        assert_int_equal(s->taken, 2 + i);
        clock_fake_advance(&s->clock, MINUTES(45));
    }
}

static int32_t register_person(struct folder_stage *s, const char *key) {
    struct bulk_question q = {.institution_code = "9919999999",
                              .date = STAGE_DAY,
                              .people = &s->person,
                              .people_n = 1,
                              .single = true};
    text_copy(q.idempotency_key, sizeof q.idempotency_key, key);
    text_copy(q.file_identifier, sizeof q.file_identifier, key);
    text_copy(s->person.reference_number, sizeof s->person.reference_number, "C-1");
    text_copy(s->person.identifier, sizeof s->person.identifier, "1");
    fault_clear(&s->why);
    return s->route.ops->registration(s->route.self, &q, &s->answer, NULL, &s->why);
}

#define REGISTERED(segment)                                                                        \
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?><XmlMsg><MessageHeader>"          \
    "<MedicalInstitutionCode>9919999999</MedicalInstitutionCode><SegmentOfResult>" segment         \
    "</SegmentOfResult></MessageHeader><MessageBody><ProcessingResultStatus>1"                     \
    "</ProcessingResultStatus><ReferenceNumber>C-1</ReferenceNumber></MessageBody></XmlMsg>"

/* Its result, under the name of what the terminal took last. */
static void lay_registered(struct folder_stage *s, const char *document) {
    char path[128];
    text_format(path, sizeof path, STAGE_RES "/OQSsiimm01res_%s.xml", s->last);
    files_fake_set(&s->files, path, document);
}

/* A later call of the program has another key, and waits for the request of the first one. */
static void a_registration_is_waited_for_under_any_key(void **state) {
    struct folder_stage *s = *state;
    s->ending = NULL;
    assert_int_equal(register_person(s, "00000000-0000-4000-8000-000000000001"),
                     SHK_E_TERMINAL_TIMEOUT);
    folder_stage_restart(s);
    clock_fake_advance(&s->clock, MINUTES(600));
    lay_registered(s, REGISTERED("1"));
    assert_int_equal(register_person(s, "00000000-0000-4000-8000-000000000002"), SHK_OK);
    assert_int_equal(s->taken, 1);
    text_copy(s->person.number, sizeof s->person.number, "1002");
    assert_int_equal(register_person(s, "00000000-0000-4000-8000-000000000003"),
                     SHK_E_TERMINAL_TIMEOUT);
    assert_int_equal(s->taken, 2);
}

static void a_registration_that_is_worked_on_is_not_sent_anew(void **state) {
    struct folder_stage *s = *state;
    s->ending = NULL;
    assert_int_equal(register_person(s, "00000000-0000-4000-8000-000000000001"),
                     SHK_E_TERMINAL_TIMEOUT);
    lay_registered(s, REGISTERED("2"));
    assert_int_equal(register_person(s, "00000000-0000-4000-8000-000000000002"), SHK_OK);
    assert_int_equal(register_person(s, "00000000-0000-4000-8000-000000000003"), SHK_OK);
    assert_non_null(strstr(bytes_text(&s->answer), "<SegmentOfResult>2<"));
    lay_registered(s, REGISTERED("1"));
    assert_int_equal(register_person(s, "00000000-0000-4000-8000-000000000004"), SHK_OK);
    assert_non_null(strstr(bytes_text(&s->answer), "<SegmentOfResult>1<"));
    assert_int_equal(s->taken, 1);
}

static const char *request_in(struct folder_stage *s, const char *message) {
    for (size_t i = 0; i < s->files.files_n; i++) {
        if (strstr(s->files.file[i].path, message) != NULL) {
            return s->files.file[i].path;
        }
    }
    return "";
}

static void one_person_of_a_table_goes_as_a_batch(void **state) {
    struct folder_stage *s = *state;
    const struct bulk_question q = {.institution_code = "9919999999",
                                    .date = STAGE_DAY,
                                    .idempotency_key = "00000000-0000-4000-8000-000000000001",
                                    .people = &s->person,
                                    .people_n = 1};
    s->takes = false;
    text_copy(s->person.reference_number, sizeof s->person.reference_number, "C-1");
    text_copy(s->person.identifier, sizeof s->person.identifier, "1");
    assert_int_equal(s->route.ops->registration(s->route.self, &q, &s->answer, NULL, &s->why),
                     SHK_E_TERMINAL_TIMEOUT);
    assert_non_null(strstr(request_in(s, STAGE_REQ), "OQSmuimm01req_"));
}

static int32_t fetch_batch(struct folder_stage *s, const char *reception) {
    const struct bulk_question q = {.institution_code = "9919999999"};
    const struct byte_sink sink = {drop_bytes, NULL};
    int32_t wait_s = 0;
    fault_clear(&s->why);
    return s->route.ops->bulk_fetch(s->route.self, &q, reception, &sink, &wait_s, NULL, &s->why);
}

static void what_cannot_be_asked_for_is_refused_before_anything_is_sent(void **state) {
    struct folder_stage *s = *state;
    struct bulk_question q = {.institution_code = "9919999999",
                              .date = STAGE_DAY,
                              .idempotency_key = "00000000-0000-4000-8000-000000000001",
                              .people = &s->person};
    char reception[RECEPTION_NUMBER_MAX];
    assert_int_equal(s->route.ops->bulk_send(s->route.self, &q, reception, NULL, &s->why),
                     SHK_E_ARGUMENT);
    assert_int_equal(s->route.ops->registration(s->route.self, &q, &s->answer, NULL, &s->why),
                     SHK_E_ARGUMENT);
    q.people_n = 2;
    q.single = true;
    assert_int_equal(s->route.ops->registration(s->route.self, &q, &s->answer, NULL, &s->why),
                     SHK_E_ARGUMENT);
    assert_int_equal(register_person(s, ""), SHK_E_ARGUMENT);
    assert_int_equal(fetch_batch(s, ""), SHK_E_ARGUMENT);
    assert_int_equal(s->files.puts, 0);
}

static void what_nobody_asked_for_again_is_forgotten(void **state) {
    struct folder_stage *s = *state;
    s->ending = NULL;
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    clock_fake_advance(&s->clock, MINUTES(4320));
    text_copy(s->person.number, sizeof s->person.number, "2002");
    assert_int_equal(folder_stage_ask(s), SHK_E_TERMINAL_TIMEOUT);
    const char *first = strstr(files_fake_get(&s->files, STAGE_STATE), "ask ");
    assert_non_null(first);
    assert_null(strstr(first + 1, "ask "));
}

#define CASE(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, folder_stage_set_up, folder_stage_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(what_was_taken_and_never_answered_is_asked_anew_in_time),
        CASE(the_time_is_the_one_that_is_set),
        CASE(a_clock_that_was_put_back_keeps_nobody_waiting),
        CASE(the_late_answer_of_a_request_that_was_given_up_is_nobodys),
        CASE(an_answer_that_came_late_is_taken_and_nothing_asked_anew),
        CASE(a_request_that_nobody_took_is_taken_back_before_the_next),
        CASE(what_another_machine_asked_anew_is_not_forgotten),
        CASE(a_batch_is_never_sent_anew_but_its_result_is_asked_for_again),
        CASE(a_registration_is_waited_for_under_any_key),
        CASE(a_registration_that_is_worked_on_is_not_sent_anew),
        CASE(one_person_of_a_table_goes_as_a_batch),
        CASE(what_cannot_be_asked_for_is_refused_before_anything_is_sent),
        CASE(what_nobody_asked_for_again_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
