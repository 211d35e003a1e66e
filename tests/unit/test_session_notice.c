/* A certificate that ends soon is told of before the PIN is asked for, and stands in the record. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "japan.h"
#include "match.h"
#include "plan.h"
#include "platform.h"
#include "session_stage.h"

#define DAY_S INT64_C(86400)

static int64_t wall;

static int64_t wall_s(void *self) {
    (void)self;
    return wall;
}

static int64_t mono_ms(void *self) {
    return platform_clock.mono_ms(self);
}

static const struct clock_ops clock_then = {mono_ms, wall_s};

static int64_t end_of_certificate(struct stage *f) {
    struct identity_source source;
    struct identity id = {0};
    struct fault why = {0};
    assert_int_equal(mynumber_new(&f->desk.env, NULL, NULL, NULL, &source), SHK_OK);
    assert_int_equal(source.ops->read(source.self, CARD_VIRTUAL_READER, &id, &why), SHK_OK);
    int64_t end = id.info.not_after_s;
    source.ops->finish(source.self);
    source.ops->free(source.self);
    identity_clear(&id);
    return end;
}

/* So many days before the last one; the session reads that clock. */
static void be_days_before(struct stage *f, int64_t days) {
    wall = end_of_certificate(f) - days * DAY_S;
    f->desk.env.clock = &clock_then;
    session_close(f->session);
    f->session = desk_session(&f->desk, TEST_DATA "/demo");
    assert_non_null(f->session);
}

static void read_to(struct stage *f, int32_t event) {
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_CARD);
    stage_expect(f, event);
}

static void last_day(struct stage *f, int64_t days, char out[11]) {
    char day[9];
    (void)f;
    japan_day_of(wall + days * DAY_S, day);
    text_format(out, 11, "%.4s-%.2s-%.2s", day, day + 4, day + 6);
}

/* The sentences are made as they are read. */
static void expect_said(struct stage *f, const char *path, const char *words) {
    struct reading said = stage_read(f, path);
    assert_non_null(strstr(said.scratch, words));
}

static void an_end_within_ninety_days_is_told_before_the_pin(void **state) {
    struct stage *f = *state;
    char day[11];
    be_days_before(f, 90);
    last_day(f, 90, day);
    read_to(f, SHK_EVENT_NOTICE);
    assert_int_equal(stage_number(f, "notice"), SHK_NOTICE_EXPIRES);
    assert_string_equal(stage_read(f, "card.expires_on").text, day);
    assert_int_equal(stage_number(f, "card.days_left"), 90);
    expect_said(f, "notice.message", "(あと90日)");
    expect_said(f, "notice.message", "市区町村");
    expect_said(f, "notice.message_en", day);
    stage_expect(f, SHK_EVENT_PIN);
    assert_int_equal(session_answer_pin(f->session, PIN, 4, false), SHK_OK);
    stage_expect(f, SHK_EVENT_ASKING);
    stage_expect(f, SHK_EVENT_ANSWER);
    assert_string_equal(stage_read(f, "record.card.expires_on").text, day);
    stage_expect(f, SHK_EVENT_DONE);
}

static void the_whole_sentence_fits_on_the_last_day(void **state) {
    struct stage *f = *state;
    be_days_before(f, 0);
    wall -= 60;
    read_to(f, SHK_EVENT_NOTICE);
    assert_int_equal(stage_number(f, "card.days_left"), 0);
    struct reading said = stage_read(f, "notice.message");
    const char *end = "伝えてください。";
    assert_true(said.len > strlen(end) && said.len < sizeof said.scratch);
    assert_string_equal(said.scratch + said.len - strlen(end), end);
    assert_non_null(strstr(said.scratch, "(今日まで)"));
}

static void a_later_end_is_readable_and_no_news(void **state) {
    struct stage *f = *state;
    be_days_before(f, 91);
    read_to(f, SHK_EVENT_PIN);
    assert_string_equal(stage_read(f, "notice").text, "(none)");
    assert_string_equal(stage_read(f, "notice.message").text, "(none)");
    assert_int_equal(stage_number(f, "card.days_left"), 91);
}

static void the_days_can_be_set(void **state) {
    struct stage *f = *state;
    be_days_before(f, 10);
    assert_int_equal(session_set(f->session, "token.warn_days", "0"), SHK_OK);
    read_to(f, SHK_EVENT_PIN);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    while (stage_next(f) != SHK_EVENT_DONE) {
    }
    assert_int_equal(session_set(f->session, "token.warn_days", "10"), SHK_OK);
    read_to(f, SHK_EVENT_NOTICE);
}

static void a_kept_record_still_knows_the_day(void **state) {
    struct stage *f = *state;
    struct bytes frozen = {0};
    struct record_set *thawed = NULL;
    struct value day;
    be_days_before(f, 30);
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                     SHK_OUTCOME_ELIGIBLE);
    struct record_set *set = f->session->values.records;
    assert_int_equal(record_freeze(set, &frozen), SHK_OK);
    assert_int_equal(record_thaw(frozen.p, frozen.n, &thawed), SHK_OK);
    assert_int_equal(record_value(thawed, 1, "card.expires_on", 15, &day), SHK_OK);
    assert_string_equal(day.text, stage_read(f, "card.expires_on").text);
    bytes_clear(&frozen);
    record_free(&thawed);
}

static void key_of_delivery(struct stage *f, char out[TAG_LEN]) {
    struct plans plans;
    struct fault why = {0};
    assert_int_equal(plans_make(f->session, f->session->values.records, &plans, &why), SHK_OK);
    assert_int_equal(plans.n, 1);
    text_copy(out, TAG_LEN, plans.plan[0].key);
    plans_clear(&plans);
}

static void deliver_with_a_script(struct stage *f) {
    assert_int_equal(session_set(f->session, "store.kind", "none"), SHK_OK);
    assert_int_equal(session_set(f->session, "deliveries[1].folder", "out"), SHK_OK);
    assert_int_equal(
        session_set(f->session, "deliveries[1].script", SOURCE_ROOT "/scripts/uketsuke_csv.lua"),
        SHK_OK);
}

/* What the script says of itself is known while the patient types, not asked for behind the last digit. */
static void the_script_is_looked_at_before_the_pin(void **state) {
    struct stage *f = *state;
    deliver_with_a_script(f);
    stage_to_the_pin(f);
    assert_true(f->session->facts[0].known);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    while (stage_next(f) != SHK_EVENT_DONE) {
    }
}

static void another_day_on_the_card_is_no_other_answer(void **state) {
    struct stage *f = *state;
    char key[TAG_LEN], again[TAG_LEN];
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                     SHK_OUTCOME_ELIGIBLE);
    struct record_set *set = f->session->values.records;
    deliver_with_a_script(f);
    key_of_delivery(f, key);
    assert_int_equal(record_set_card(set, 1, "2031-02-03"), SHK_OK);
    key_of_delivery(f, again);
    assert_string_equal(again, key);
    assert_int_equal(record_replace(set, 1, "name", "見本　次郎"), SHK_OK);
    key_of_delivery(f, again);
    assert_string_not_equal(again, key);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STAGE_CASE(an_end_within_ninety_days_is_told_before_the_pin),
        STAGE_CASE(the_whole_sentence_fits_on_the_last_day),
        STAGE_CASE(a_later_end_is_readable_and_no_news),
        STAGE_CASE(the_days_can_be_set),
        STAGE_CASE(a_kept_record_still_knows_the_day),
        STAGE_CASE(the_script_is_looked_at_before_the_pin),
        STAGE_CASE(another_day_on_the_card_is_no_other_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
