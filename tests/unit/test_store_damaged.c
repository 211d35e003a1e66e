/* Rows as a damaged or hostile database gives them: told as what they are, and nothing goes on for ever. */
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
    struct stage_answer a;
    stage_up(&stage);
    stage_taken(&stage, &a, 1, 2);
    *state = &stage;
    return 0;
}

static int tear_down(void **state) {
    stage_down(*state);
    return 0;
}

static int32_t count_row(void *self, const struct outbox_row *row, struct fault *why) {
    (void)row, (void)why;
    return ++*(int *)self < 1000 ? SHK_OK : SHK_E_CANCELLED;
}

static int32_t list(struct store_stage *s, int *told) {
    *told = 0;
    fault_clear(&s->why);
    return outbox_list(s->store, true, count_row, told, &s->why);
}

/* To an adapter a first attempt has no note: what may have been published would be published again. */
static void numbers_that_cannot_be_stop_their_own_delivery_alone(void **state) {
    static const char *const numbers[] = {
        "attempts = -5", "attempts = 2147483647", "attempts = 9223372036854775807",
        "record = 0",    "record = 4294967297",   "record = 'x'"};
    struct store_stage *s = *state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char sql[160];
        stage_sql(s, "UPDATE delivery SET attempts = 0, record = 1");
        text_format(sql, sizeof sql, "UPDATE delivery SET %s WHERE id = '" ID "'", numbers[i]);
        stage_sql(s, sql);
        assert_int_equal(stage_claim(s, s->store, ID), SHK_E_STORE_BROKEN);
        assert_int_equal(stage_row(s, ID).last, SHK_E_STORE_BROKEN);
        assert_int_equal(stage_row(s, "answer-1-2").last, 0);
    }
    assert_int_equal(stage_claim(s, s->store, "answer-1-2"), SHK_OK);
}

static void a_list_whose_line_has_no_numbers_ends(void **state) {
    struct store_stage *s = *state;
    int told = 0;
    stage_sql(s, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 70)"
                 " INSERT INTO delivery SELECT 'more-' || i, 1000.5 + i, answer, record, target, "
                 "'key' || i, state,"
                 " at_s, source, attempts, last, owner, lease_until, lease_s, note, place, "
                 "document, changed_s"
                 " FROM delivery, n WHERE id = '" ID "'");
    assert_int_equal(list(s, &told), SHK_E_STORE_BROKEN);
    assert_true(told >= 2 && told < 10);
}

static void what_stands_before_the_first_in_line_is_told_too(void **state) {
    struct store_stage *s = *state;
    int told = 0;
    stage_sql(s, "UPDATE delivery SET came = -7 WHERE id = '" ID "'");
    assert_int_equal(list(s, &told), SHK_OK);
    assert_int_equal(told, 2);
}

static void a_line_at_its_end_takes_nothing_more(void **state) {
    struct store_stage *s = *state;
    struct stage_answer a;
    stage_sql(s, "UPDATE delivery SET came = 9223372036854775807 WHERE id = '" ID "'");
    stage_answer(s, &a, 2, 1);
    assert_int_equal(stage_take(s, &a), SHK_E_STORE_BROKEN);
}

static void changing_the_key_ends_at_an_entry_without_number(void **state) {
    struct store_stage *s = *state;
    stage_sql(s, "INSERT INTO history SELECT 1.5, at_s, kind, answer, delivery, person, 'token',"
                 " X'0100000002' || zeroblob(64), hash FROM history WHERE seq = 1");
    stage_sql(s, "UPDATE history SET sealed = CAST(sealed AS BLOB)");
    fault_clear(&s->why);
    assert_int_equal(store_rotate(s->store, NULL, NULL, &s->why), SHK_E_STORE_BROKEN);
}

static void a_delivery_waits_until_it_is_done(void **state) {
    struct store_stage *s = *state;
    bool waits = false;
    assert_int_equal(outbox_waits(s->store, ID, &waits, &s->why), SHK_OK);
    assert_true(waits);
    assert_int_equal(stage_claim(s, s->store, ID), SHK_OK);
    assert_int_equal(stage_done(s, s->store, ID), SHK_OK);
    assert_int_equal(outbox_waits(s->store, ID, &waits, &s->why), SHK_OK);
    assert_false(waits);
    assert_int_equal(outbox_waits(s->store, "nobody", &waits, &s->why), SHK_OK);
    assert_false(waits);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(numbers_that_cannot_be_stop_their_own_delivery_alone),
        CASE(a_list_whose_line_has_no_numbers_ends),
        CASE(what_stands_before_the_first_in_line_is_told_too),
        CASE(a_line_at_its_end_takes_nothing_more),
        CASE(changing_the_key_ends_at_an_entry_without_number),
        CASE(a_delivery_waits_until_it_is_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
