/* The host's own values in place of the answer's, and whose answer it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "match.h"
#include "record_help.h"

#define ANSWER                                                                                     \
    {"confirmation_date", "20250602"}, {"name", "見本　●子"}, {"sex", "3"}, {"sex_other", "2"},    \
        {"birth_date", "19540105"}, {"insurer_number", "  990010"}, {"burden_percent", "030"}, {   \
        "relation", "2"                                                                            \
    }

static void replace(struct record_set *set, const char *path, const char *text) {
    assert_int_equal(record_replace(set, 1, path, text), SHK_OK);
}

static void host_s_text_takes_the_form_of_the_record(void **state) {
    struct record_set *set = SET(ANSWER);
    (void)state;
    replace(set, "name", "見本　髙子");
    assert_is(set, "name", "見本　髙子");
    replace(set, "birth_date", "昭和29年1月6日");
    assert_is(set, "birth_date", "1954-01-06");
    replace(set, "relation", "本人");
    assert_is(set, "relation", "self");
    assert_is(set, "relation_label", "本人");
    replace(set, "insurer_number", "００９９００２８");
    assert_is(set, "insurer_number", "990028");
    replace(set, "burden_percent", "２０");
    assert_is(set, "burden_percent", "20");
    assert_int_equal(look(set, 1, "burden_percent").number, 20);
    replace(set, "processed_at", "2025-06-02T09:00:00");
    assert_is(set, "processed_at", "2025-06-02T09:00:00");
    replace(set, "card_class", "9X");
    assert_is(set, "card_class", "9X");
    record_free(&set);
}

static void what_was_not_there_is_added_in_its_place(void **state) {
    struct record_set *set = SET(ANSWER);
    char path[FIELD_PATH_MAX];
    (void)state;
    replace(set, "address", "見本県見本市1-2-3");
    assert_is(set, "address", "見本県見本市1-2-3");
    replace(set, "address", "");
    assert_int_equal(look(set, 1, "address").state, VALUE_EMPTY);
    assert_is(set, "name", "見本　●子");
    assert_int_equal(record_path_at(set, 1, 0, path, sizeof path), SHK_OK);
    assert_string_equal(path, "confirmation_date");
    record_free(&set);
}

static void derived_values_follow(void **state) {
    struct record_set *set = SET(ANSWER);
    (void)state;
    assert_derived(set, "name_has_missing_character", "1");
    assert_derived(set, "sex", "female");
    replace(set, "name", "見本　髙子");
    assert_derived(set, "name_has_missing_character", "");
    assert_derived(set, "name_folded", "見本高子");
    replace(set, "insurer_number", "06990014");
    assert_derived(set, "insurer_number_8", "06990014");
    assert_derived(set, "insurer_number_6", "");
    replace(set, "sex", "M");
    assert_derived(set, "sex", "male");
    replace(set, "sex", ""); /* the host has none: the back of the card must not fill it */
    assert_derived(set, "sex", "");
    assert_absent(set, "sex_other");
    record_free(&set);
}

static void what_cannot_be_read_changes_nothing(void **state) {
    static const struct {
        const char *path, *text;
        int32_t rc;
    } all[] = {
        {"birth_date", "いつか", SHK_E_VALUE},   {"sex", "X", SHK_E_VALUE},
        {"relation", "9", SHK_E_VALUE},          {"insurer_number", "1234567890", SHK_E_VALUE},
        {"burden_percent", "三割", SHK_E_VALUE}, {"no.such", "1", SHK_E_PATH},
        {"derived.age", "1", SHK_E_PATH},        {"patient.id", "1", SHK_E_PATH},
        {"sex_label", "男", SHK_E_PATH},         {"specific_diseases[1].disease", "1", SHK_E_PATH},
    };
    struct record_set *set = SET(ANSWER);
    size_t paths = record_path_count(set, 1);
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        assert_int_equal(record_replace(set, 1, all[i].path, all[i].text), all[i].rc);
    }
    assert_int_equal(record_replace(set, 2, "name", "見本"), SHK_E_PATH);
    assert_int_equal(record_replace(set, 0, "name", "見本"), SHK_E_PATH);
    assert_int_equal(record_path_count(set, 1), paths);
    assert_is(set, "birth_date", "1954-01-05");
    record_free(&set);
}

static void entry_of_a_list_is_replaced_where_it_is(void **state) {
    struct record_set *set = SET(ANSWER, {"specific_diseases[1].disease", "1"});
    (void)state;
    replace(set, "specific_diseases[1].issued_on", "R7.4.1");
    assert_is(set, "specific_diseases[1].issued_on", "2025-04-01");
    assert_is(set, "specific_diseases[1].disease", "1");
    assert_int_equal(record_replace(set, 1, "specific_diseases[2].disease", "1"), SHK_E_PATH);
    record_free(&set);
}

static void patient_is_told_and_taken_back(void **state) {
    struct record_set *set = SET(ANSWER);
    (void)state;
    assert_absent(set, "patient.id");
    assert_int_equal(record_set_patient(set, 1, "00123", MATCH_SAME), SHK_OK);
    assert_is(set, "patient.id", "00123");
    assert_is(set, "patient.match", "same");
    assert_is(set, "patient.match_label", "本人・保険とも一致");
    assert_derived(set, "sex", "female");
    assert_int_equal(record_set_patient(set, 1, "00123", MATCH_PROBABLY), SHK_OK);
    assert_is(set, "patient.match", "confirmed");
    replace(set, "name", "見本"); /* stays */
    assert_is(set, "patient.id", "00123");
    assert_int_equal(record_set_patient(set, 1, NULL, MATCH_NEW), SHK_OK);
    assert_absent(set, "patient.id");
    assert_is(set, "patient.match", "new");
    assert_int_equal(record_set_patient(set, 1, "", MATCH_NONE), SHK_OK);
    assert_absent(set, "patient.match");
    assert_int_equal(record_set_patient(set, 2, "1", MATCH_SAME), SHK_E_ABSENT);
    record_free(&set);
}

static void every_word_of_a_grade_is_in_the_table(void **state) {
    static const enum match_grade grades[] = {MATCH_SAME, MATCH_CHANGED, MATCH_PROBABLY,
                                              MATCH_SEVERAL, MATCH_NEW};
    struct record_set *set = SET(ANSWER);
    (void)state;
    for (size_t i = 0; i < sizeof grades / sizeof grades[0]; i++) {
        assert_int_equal(record_set_patient(set, 1, "1", grades[i]), SHK_OK);
        assert_int_equal(look(set, 1, "patient.match_label").state, VALUE_PRESENT);
        assert_true(match_grade_japanese(grades[i])[0] != '\0');
    }
    record_free(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(host_s_text_takes_the_form_of_the_record),
        cmocka_unit_test(what_was_not_there_is_added_in_its_place),
        cmocka_unit_test(derived_values_follow),
        cmocka_unit_test(what_cannot_be_read_changes_nothing),
        cmocka_unit_test(entry_of_a_list_is_replaced_where_it_is),
        cmocka_unit_test(patient_is_told_and_taken_back),
        cmocka_unit_test(every_word_of_a_grade_is_in_the_table),
    };
    return cmocka_run_group_tests_name("record_replace", tests, NULL, NULL);
}
