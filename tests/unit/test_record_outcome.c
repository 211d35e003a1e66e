#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record_help.h"

#define DAY                                                                                        \
    { "confirmation_date", "20250602" }

static enum record_outcome outcome_of_app(const struct pair *first, const struct pair *second) {
    struct record_set *set = record_set_new();
    assert_non_null(set);
    record_source_is_app(set);
    if (first != NULL) {
        add_record(set, first);
    }
    if (second != NULL) {
        add_record(set, second);
    }
    assert_int_equal(record_finish(set), SHK_OK);
    enum record_outcome outcome = record_outcome(set);
    record_free(&set);
    return outcome;
}

#define PAIRS(...) ((const struct pair[]){__VA_ARGS__, {NULL, NULL}})

static void apps_text_leaves_the_validity_unstated(void **state) {
    (void)state;
    assert_int_equal(outcome_of_app(PAIRS(DAY, {"name", "見本"}), NULL), OUTCOME_UNSTATED);
    assert_int_equal(outcome_of_app(PAIRS(DAY, {"valid_until", "20250602"}), NULL),
                     OUTCOME_UNSTATED);
}

static void apps_text_whose_dates_do_not_cover_the_day_is_not_eligible(void **state) {
    (void)state;
    assert_int_equal(outcome_of_app(PAIRS(DAY, {"valid_until", "20250601"}), NULL),
                     OUTCOME_NOT_ELIGIBLE);
    assert_int_equal(outcome_of_app(PAIRS(DAY, {"valid_from", "20250603"}), NULL),
                     OUTCOME_NOT_ELIGIBLE);
    assert_int_equal(outcome_of_app(PAIRS(DAY, {"qualification_date", "20250603"}), NULL),
                     OUTCOME_NOT_ELIGIBLE);
    assert_int_equal(outcome_of_app(PAIRS(DAY, {"disqualification_date", "20250602"}), NULL),
                     OUTCOME_NOT_ELIGIBLE);
}

static void one_of_two_entitlements_is_enough(void **state) {
    (void)state;
    assert_int_equal(
        outcome_of_app(PAIRS(DAY, {"valid_until", "20250601"}), PAIRS(DAY, {"card_class", "A1"})),
        OUTCOME_UNSTATED);
    assert_int_equal(outcome_of_app(PAIRS(DAY, {"valid_until", "20250601"}),
                                    PAIRS(DAY, {"valid_from", "20250603"})),
                     OUTCOME_NOT_ELIGIBLE);
}

static void word_for_the_validity_is_believed_when_there_is_one(void **state) {
    (void)state;
    assert_int_equal(outcome_of_app(PAIRS(DAY, {"validity", "1"}), NULL), OUTCOME_ELIGIBLE);
    assert_int_equal(outcome_of_app(PAIRS(DAY, {"validity", "2"}), NULL), OUTCOME_NOT_ELIGIBLE);
    assert_int_equal(
        outcome_of_app(PAIRS(DAY, {"validity", "1"}, {"valid_until", "20250601"}), NULL),
        OUTCOME_NOT_ELIGIBLE);
}

#define ENDED                                                                                      \
    { "valid_until", "20250601" }
#define AID                                                                                        \
    { "card_class", "A1" }

static void assert_outcomes(const struct pair *first, const struct pair *second,
                            enum record_outcome one, enum record_outcome two) {
    struct record_set *set = record_set_new();
    assert_non_null(set);
    record_source_is_app(set);
    add_record(set, first);
    add_record(set, second);
    assert_int_equal(record_finish(set), SHK_OK);
    assert_int_equal(record_outcome_at(set, 1), one);
    assert_int_equal(record_outcome_at(set, 2), two);
    record_free(&set);
}

static void validity_of_one_record_is_not_the_others(void **state) {
    (void)state;
    assert_outcomes(PAIRS(DAY, ENDED), PAIRS(DAY, AID, {"validity", "1"}), OUTCOME_NOT_ELIGIBLE,
                    OUTCOME_ELIGIBLE);
    assert_outcomes(PAIRS(DAY, {"validity", "1"}), PAIRS(DAY, AID), OUTCOME_ELIGIBLE,
                    OUTCOME_UNSTATED);
    assert_outcomes(PAIRS(DAY, AID), PAIRS(DAY, {"validity", "2"}), OUTCOME_UNSTATED,
                    OUTCOME_NOT_ELIGIBLE);
    /* 6 is a word of medical aid. */
    assert_outcomes(PAIRS(DAY, {"validity", "6"}), PAIRS(DAY, AID, {"validity", "6"}),
                    OUTCOME_UNSTATED, OUTCOME_ELIGIBLE);
    /* The whole says its best. */
    assert_int_equal(outcome_of_app(PAIRS(DAY, ENDED, {"validity", "1"}), PAIRS(DAY, AID)),
                     OUTCOME_UNSTATED);
    assert_int_equal(outcome_of_app(PAIRS(DAY), PAIRS(DAY, AID, {"validity", "1"})),
                     OUTCOME_ELIGIBLE);
    assert_int_equal(outcome_of_app(PAIRS(DAY, {"validity", "1"}), PAIRS(DAY, AID)),
                     OUTCOME_ELIGIBLE);
    assert_int_equal(outcome_of_app(PAIRS(DAY, {"validity", "2"}), PAIRS(DAY, AID)),
                     OUTCOME_UNSTATED);
    assert_int_equal(outcome_of_app(PAIRS(DAY), PAIRS(DAY, AID, {"validity", "2"})),
                     OUTCOME_UNSTATED);
}

static void apps_text_without_a_record_says_nothing(void **state) {
    (void)state;
    assert_int_equal(outcome_of_app(NULL, NULL), OUTCOME_NONE);
}

static void record_of_another_source_is_never_unstated(void **state) {
    struct record_set *set = SET(DAY, {"name", "見本"});
    (void)state;
    assert_int_equal(record_outcome(set), OUTCOME_NONE);
    record_free(&set);
}

/* The service decides; its dates are only flagged. */
static void service_that_says_valid_is_believed_whatever_its_dates_say(void **state) {
    struct record_set *set = SET(DAY, {"result_segment", "1"}, {"result_status", "1"},
                                 {"validity", "1"}, {"valid_until", "20250601"});
    (void)state;
    assert_int_equal(record_outcome(set), OUTCOME_ELIGIBLE);
    assert_int_equal(record_outcome_at(set, 1), OUTCOME_ELIGIBLE);
    assert_derived(set, "not_covering_date", "1");
    record_free(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(apps_text_leaves_the_validity_unstated),
        cmocka_unit_test(apps_text_whose_dates_do_not_cover_the_day_is_not_eligible),
        cmocka_unit_test(one_of_two_entitlements_is_enough),
        cmocka_unit_test(word_for_the_validity_is_believed_when_there_is_one),
        cmocka_unit_test(validity_of_one_record_is_not_the_others),
        cmocka_unit_test(apps_text_without_a_record_says_nothing),
        cmocka_unit_test(record_of_another_source_is_never_unstated),
        cmocka_unit_test(service_that_says_valid_is_believed_whatever_its_dates_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
