/* Inputs through the exports: what is taken, when, and how long it stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "handles.h"
#include "session_stage.h"
#include "shikaku/shikaku.h"

/* The session's own handle; the stage's pointer stays valid beside it. */
static shk_session lend(struct stage *f) {
    session_hold(f->session);
    shk_session s = handle_add(f->session);
    assert_true(s > 0);
    return s;
}

static void give_back(shk_session s, struct stage *f) {
    assert_ptr_equal(handle_remove(s), f->session);
    session_drop(f->session);
}

static int32_t put(shk_session s, const char *path, const char *text, int32_t len) {
    return shk_put(s, path, -1, (const uint8_t *)text, len);
}

static const char *kept(const struct stage *f, const char *path) {
    return inputs_text(&f->session->inputs, path);
}

static void texts_come_in_padded_or_ended_by_zero(void **state) {
    struct stage *f = *state;
    shk_session s = lend(f);
    assert_int_equal(put(s, "query.number", "12345   ", 8), SHK_OK);
    assert_string_equal(kept(f, "query.number"), "12345");
    assert_int_equal(put(s, "query.symbol", "見本", -1), SHK_OK);
    assert_string_equal(kept(f, "query.symbol"), "見本");
    assert_int_equal(shk_put(s, "query.number      ", 18, NULL, 0), SHK_OK);
    assert_string_equal(kept(f, "query.number"), "");
    give_back(s, f);
}

static void code_page_932_comes_in_as_utf8(void **state) {
    struct stage *f = *state;
    shk_session s = lend(f);
    assert_int_equal(shk_set(s, "text_encoding", -1, "cp932", -1), SHK_OK);
    assert_int_equal(put(s, "query.symbol", "\x8C\xA9\x96\x7B", 4), SHK_OK);
    assert_string_equal(kept(f, "query.symbol"), "見本");
    assert_int_equal(put(s, "import.data", "\x8C\xA9 \0", 4), SHK_OK);
    assert_int_equal(inputs_bytes(&f->session->inputs, "import.data")->n, 4);
    assert_memory_equal(kept(f, "import.data"), "\x8C\xA9 \0", 4);
    give_back(s, f);
}

static void what_cannot_be_taken_is_named(void **state) {
    static char large[5000];
    struct stage *f = *state;
    shk_session s = lend(f);
    memset(large, '1', sizeof large);
    assert_int_equal(put(s, "query.nmuber", "1", -1), SHK_E_PATH);
    assert_int_equal(put(s, "query.number", large, 128), SHK_E_INPUT);
    assert_string_equal(stage_read(f, "fault.where").text, "query.number");
    assert_int_equal(put(s, "query.number", large, sizeof large), SHK_E_INPUT);
    assert_int_equal(put(s, "query.number", "\xFF", 1), SHK_E_ARGUMENT);
    assert_int_equal(put(s, "query.number", "1\0002", 3), SHK_E_ARGUMENT);
    assert_int_equal(shk_put(s, "query.number", -1, NULL, 3), SHK_E_ARGUMENT);
    assert_int_equal(shk_put(s, NULL, -1, (const uint8_t *)"1", 1), SHK_E_ARGUMENT);
    assert_int_equal(shk_put(s + 1024, "query.number", -1, (const uint8_t *)"1", 1), SHK_E_SESSION);
    assert_string_equal(kept(f, "query.number"), "");
    assert_int_equal(put(s, "secret", "x", -1), SHK_E_STATE);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_STATE);
    give_back(s, f);
}

static void nothing_is_taken_while_a_job_runs(void **state) {
    struct stage *f = *state;
    shk_session s = lend(f);
    stage_to_the_pin(f);
    assert_int_equal(put(s, "query.number", "1", -1), SHK_E_STATE);
    assert_int_equal(put(s, "no.such", "1", -1), SHK_E_PATH);
    assert_int_equal(put(s, "secret", "x", -1), SHK_E_STATE);
    give_back(s, f);
}

static void inputs_are_wiped_when_the_job_has_ended(void **state) {
    struct stage *f = *state;
    shk_session s = lend(f);
    assert_int_equal(put(s, "query.number", "12345", -1), SHK_OK);
    assert_int_equal(shk_start(s, 77), SHK_E_ARGUMENT);
    assert_string_equal(kept(f, "query.number"), "12345");
    assert_int_equal(shk_check(s, PIN, 4, 0, 5000), SHK_OUTCOME_ELIGIBLE);
    for (size_t i = 0; i < INPUTS_MAX; i++) {
        assert_null(f->session->inputs.at[i].p);
    }
    give_back(s, f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STAGE_CASE(texts_come_in_padded_or_ended_by_zero),
        STAGE_CASE(code_page_932_comes_in_as_utf8),
        STAGE_CASE(what_cannot_be_taken_is_named),
        STAGE_CASE(nothing_is_taken_while_a_job_runs),
        STAGE_CASE(inputs_are_wiped_when_the_job_has_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
