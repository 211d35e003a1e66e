/* A large result in the terminal's folder, while another program changes it between two calls. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "folder_stage.h"

#define RESULT       "/OQSmuquc02res_"
#define ANSWER(text) ANSWER_OF("9919999999", text)
#define ANSWER_OF(institution, text)                                                               \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader>"                            \
    "<MedicalInstitutionCode>" institution "</MedicalInstitutionCode>"                             \
    "<SegmentOfResult>1</SegmentOfResult></MessageHeader><MessageBody><N>" text                    \
    "</N></MessageBody></XmlMsg>"

static struct {
    struct bytes got;
    char path[128];
    const char *first;  /* what the terminal lays; null: a good result */
    bool changes, read; /* once it was read, before it is opened again */
    const char *then;   /* to this; null: it is taken away */
    int32_t asked;
    int32_t stop_at; /* so many questions whether to stop; 0: never */
} now;

/* The terminal lays the result as soon as it is asked for, and somebody is at it later. */
static void others(struct files_fake *f, enum files_fake_call call, const char *path) {
    for (size_t i = 0; call == FILES_CALL_CHANGED && i < f->files_n; i++) {
        if (text_starts(f->file[i].path, STAGE_REQ "/OQSmuquc02req_")) {
            text_format(now.path, sizeof now.path, STAGE_RES RESULT "%s",
                        strrchr(f->file[i].path, '_') + 1);
            files_fake_drop(f, f->file[i].path);
            files_fake_set(f, now.path, now.first != NULL ? now.first : ANSWER("1"));
            now.asked++;
            return;
        }
    }
    now.read = now.read || (call == FILES_CALL_NEXT && now.path[0] != '\0');
    if (call == FILES_CALL_OPEN && text_equal(path, now.path) && now.read && now.changes) {
        now.changes = false;
        if (now.then != NULL) {
            files_fake_set(f, path, now.then);
        } else {
            files_fake_drop(f, path);
        }
    }
}

static int32_t take(void *self, const uint8_t *p, size_t n, struct fault *why) {
    (void)self, (void)why;
    return bytes_append(&now.got, p, n);
}

static bool stop(void *self) {
    int32_t *questions = self;
    return ++*questions >= now.stop_at && now.stop_at > 0;
}

static int32_t fetch(struct folder_stage *s) {
    const struct bulk_question q = {.institution_code = "9919999999", .date = STAGE_DAY};
    const struct byte_sink sink = {take, NULL};
    int32_t wait_s = 0, questions = 0;
    const struct watch watch = {stop, &questions};
    fault_clear(&s->why);
    bytes_clear(&now.got);
    int32_t rc =
        s->route.ops->bulk_fetch(s->route.self, &q, "R0000001", &sink, &wait_s, &watch, &s->why);
    assert_int_equal(s->why.code, rc);
    return rc;
}

static int set_up(void **state) {
    int rc = folder_stage_set_up(state);
    struct folder_stage *s = *state;
    s->files.other = others;
    memset(&now, 0, sizeof now);
    return rc;
}

static int tear_down(void **state) {
    bytes_clear(&now.got);
    return folder_stage_tear_down(state);
}

/* The same bytes that were judged are given; then it is looked for again without a second question. */
static void fetched_again(struct folder_stage *s, const char *document) {
    assert_int_equal(fetch(s), SHK_OK);
    assert_string_equal(bytes_text(&now.got), document);
    assert_int_equal(now.asked, 1);
}

static void an_untouched_result_is_given_whole(void **state) {
    struct folder_stage *s = *state;
    fetched_again(s, ANSWER("1"));
}

static void a_result_changed_behind_the_look_is_none(void **state) {
    struct folder_stage *s = *state;
    now.changes = true;
    now.then = ANSWER("2");
    assert_int_equal(fetch(s), SHK_E_TERMINAL_FOLDER);
    assert_string_equal(s->why.where, "02res changed");
    fetched_again(s, ANSWER("2"));
}

static void a_result_that_goes_behind_the_look_may_come_back(void **state) {
    struct folder_stage *s = *state;
    now.changes = true;
    assert_int_equal(fetch(s), SHK_E_TERMINAL_FOLDER);
    assert_string_equal(s->why.where, "res");
    files_fake_set(&s->files, now.path, ANSWER("1"));
    fetched_again(s, ANSWER("1"));
}

static void a_result_that_cannot_be_read_on_is_fetched_again(void **state) {
    struct folder_stage *s = *state;
    files_fake_fail(&s->files, FILES_FAKE_NEXT, SHK_E_MEMORY, 0);
    assert_int_equal(fetch(s), SHK_E_MEMORY);
    assert_int_equal(now.got.n, 0);
    files_fake_fail(&s->files, FILES_FAKE_NEVER, 0, 0);
    fetched_again(s, ANSWER("1"));
}

static void anothers_result_is_not_given(void **state) {
    struct folder_stage *s = *state;
    now.first = ANSWER_OF("9919999998", "1");
    assert_int_equal(fetch(s), SHK_E_ANSWER_FOREIGN);
    assert_int_equal(now.got.n, 0);
}

/* At any moment, from before the question to within the giving. */
static void a_cancel_leaves_the_result_for_later(void **state) {
    struct folder_stage *s = *state;
    int32_t cancelled = 0;
    for (now.stop_at = 1; fetch(s) == SHK_E_CANCELLED; now.stop_at++) {
        cancelled++;
        assert_true(now.got.n == 0 || strstr(bytes_text(&now.got), "</XmlMsg>") == NULL);
        assert_true(now.asked <= 1);
    }
    assert_true(cancelled > 3);
    assert_int_equal(s->why.code, SHK_OK);
    assert_string_equal(bytes_text(&now.got), ANSWER("1"));
    assert_int_equal(now.asked, 1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(an_untouched_result_is_given_whole),
        CASE(a_result_changed_behind_the_look_is_none),
        CASE(a_result_that_goes_behind_the_look_may_come_back),
        CASE(a_result_that_cannot_be_read_on_is_fetched_again),
        CASE(anothers_result_is_not_given),
        CASE(a_cancel_leaves_the_result_for_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
