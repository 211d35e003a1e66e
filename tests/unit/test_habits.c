#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "habits.h"

static struct habits *habits;
static struct reader_traits traits;
static struct habit_key key;

static int begin(void **state) {
    (void)state;
    traits = (struct reader_traits){
        .driver_version = "1.5.2", .usb_vendor = 0x054C, .usb_product = 0x0DC8};
    traits.atr[0] = 0x3B;
    traits.atr_len = 2;
    key = (struct habit_key){"Reader 0", &traits};
    return habits_new(&habits) == SHK_OK ? 0 : -1;
}

static int end(void **state) {
    (void)state;
    habits_free(&habits);
    return habits == NULL ? 0 : -1;
}

static struct habit now(void) {
    return habits_of(habits, &key);
}

static void nothing_is_known_at_first(void **state) {
    (void)state;
    struct habit h = now();
    assert_false(h.no_extended || h.no_short_ids || h.no_short_verify || h.no_short_sign ||
                 h.extended_works);
}

static void each_feature_is_remembered_by_itself(void **state) {
    (void)state;
    habits_learn(habits, &key, HABIT_EXTENDED, false);
    assert_true(now().no_extended);
    assert_false(now().no_short_ids || now().no_short_verify || now().no_short_sign);
    habits_learn(habits, &key, HABIT_SHORT_SIGN, false);
    assert_true(now().no_extended && now().no_short_sign);
    habits_learn(habits, &key, HABIT_SHORT_IDS, false);
    habits_learn(habits, &key, HABIT_SHORT_VERIFY, false);
    assert_true(now().no_short_ids && now().no_short_verify);
}

static void what_turns_out_wrong_is_turned_round(void **state) {
    (void)state;
    habits_learn(habits, &key, HABIT_EXTENDED, true);
    assert_true(now().extended_works);
    habits_learn(habits, &key, HABIT_EXTENDED, false);
    assert_true(now().no_extended);
    assert_false(now().extended_works);
    habits_learn(habits, &key, HABIT_EXTENDED, true);
    assert_false(now().no_extended);
    habits_doubt(habits, &key, HABIT_EXTENDED);
    assert_false(now().no_extended || now().extended_works);
}

static void other_reader_and_other_card_know_nothing_of_it(void **state) {
    (void)state;
    habits_learn(habits, &key, HABIT_EXTENDED, false);
    key.reader = "Reader 1";
    assert_false(now().no_extended);
    key.reader = "Reader 0";
    traits.atr[1] = 0x05;
    assert_false(now().no_extended);
    traits.atr[1] = 0;
    assert_true(now().no_extended);
}

static void change_forgets(void (*change)(void)) {
    habits_learn(habits, &key, HABIT_EXTENDED, false);
    assert_true(now().no_extended);
    change();
    assert_false(now().no_extended);
}

static void other_version(void) {
    text_copy(traits.driver_version, sizeof traits.driver_version, "1.6.0");
}

static void other_vendor(void) {
    traits.usb_vendor++;
}

static void other_product(void) {
    traits.usb_product++;
}

static void other_driver_or_device_is_tried_anew(void **state) {
    (void)state;
    change_forgets(other_version);
    change_forgets(other_vendor);
    change_forgets(other_product);
}

static void reader_that_says_nothing_this_time_is_no_other_one(void **state) {
    (void)state;
    struct reader_traits said = traits;
    habits_learn(habits, &key, HABIT_EXTENDED, false);
    text_copy(traits.driver_version, sizeof traits.driver_version, "");
    traits.usb_vendor = traits.usb_product = 0;
    assert_true(now().no_extended);
    traits = said;
    assert_true(now().no_extended);
}

static void rest_ends_after_many_uses(void **state) {
    (void)state;
    habits_learn(habits, &key, HABIT_EXTENDED, false);
    for (int i = 0; i < HABIT_RETRIES; i++) {
        assert_true(now().no_extended);
    }
    assert_false(now().no_extended);
    assert_false(now().no_extended); /* until the attempt has told */
    habits_learn(habits, &key, HABIT_EXTENDED, false);
    assert_true(now().no_extended);
}

static void oldest_goes_when_the_table_is_full(void **state) {
    (void)state;
    char name[32];
    key.reader = name;
    for (int i = 0; i < HABITS_MAX; i++) {
        (void)snprintf(name, sizeof name, "Reader %d", i);
        habits_learn(habits, &key, HABIT_EXTENDED, false);
    }
    (void)snprintf(name, sizeof name, "Reader 0");
    assert_true(now().no_extended); /* used again */
    (void)snprintf(name, sizeof name, "One more");
    habits_learn(habits, &key, HABIT_EXTENDED, false);
    assert_true(now().no_extended);
    (void)snprintf(name, sizeof name, "Reader 0");
    assert_true(now().no_extended);
    (void)snprintf(name, sizeof name, "Reader 1");
    assert_false(now().no_extended);
}

static void no_habits_remember_nothing(void **state) {
    (void)state;
    habits_learn(NULL, &key, HABIT_EXTENDED, false);
    habits_doubt(NULL, &key, HABIT_EXTENDED);
    assert_false(habits_of(NULL, &key).no_extended);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(nothing_is_known_at_first),
        CASE(each_feature_is_remembered_by_itself),
        CASE(what_turns_out_wrong_is_turned_round),
        CASE(other_reader_and_other_card_know_nothing_of_it),
        CASE(other_driver_or_device_is_tried_anew),
        CASE(reader_that_says_nothing_this_time_is_no_other_one),
        CASE(rest_ends_after_many_uses),
        CASE(oldest_goes_when_the_table_is_full),
        CASE(no_habits_remember_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
