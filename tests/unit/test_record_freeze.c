/* A set as bytes and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app_stage.h"
#include "oqs_bulk_help.h"
#include "record_same.h"

static const char *const answers[] = {
    "all_groups.xml",        "bulk_accepted.xml", "bulk_pending.xml", "elderly_face_cp932.xml",
    "insurance_and_aid.xml", "lost_newer.xml",    "refused.xml",      "registered_one.xml",
};

static void every_answer_comes_back_as_it_was(void **state) {
    static const struct oqs_options ignore = {.ignore_character_code = true};
    size_t read = 0;
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct sample s = sample_read(answers[i]);
        struct record_set *set = NULL;
        struct fault why = {0};
        (void)oqs_read(s.p, s.n, &ignore, &set, &why);
        free(s.p);
        if (set != NULL) {
            assert_freezes(set);
            read++;
        }
        record_free(&set);
    }
    assert_true(read >= 6);
}

static void every_person_of_a_bulk_answer_comes_back(void **state) {
    static const char *const files[] = {"bulk_result.xml", "bulk_result_cp932.xml"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct sample s = sample_read(files[i]);
        struct crowd crowd = {0};
        crowd_read(&crowd, s.p, s.n, AT_ONCE, NULL);
        assert_true(crowd.n > 1);
        for (size_t k = 0; k < crowd.n; k++) {
            if (crowd.sets[k] != NULL) {
                assert_freezes(crowd.sets[k]);
            }
        }
        crowd_clear(&crowd);
        free(s.p);
    }
}

static void every_copied_text_comes_back_with_the_apps_mark(void **state) {
    char name[20];
    (void)state;
    for (int i = 1; i <= 8; i++) {
        snprintf(name, sizeof name, "t%d.txt", i);
        assert_int_equal(app_take_file(name), SHK_OK);
        assert_true(record_is_app(app_set));
        assert_freezes(app_set);
    }
}

static void burden_that_nobody_explained_stays_so(void **state) {
    (void)state;
    assert_int_equal(
        app_take_text(app_changed("t4.txt", "負担割合", "負担割合\t３割くらい\n負担割合")), SHK_OK);
    assert_true(record_is_burden_unread(app_set, 1));
    assert_freezes(app_set);
}

/* What has its own form in the record, what is empty, and what no table knows. */
static void forms_that_change_on_the_way_in_do_not_change_again(void **state) {
    struct record_set *set = read_text(
        ANSWER("<InsurerNumber>  990010</InsurerNumber><Sex1>male</Sex1><Sex2>2</Sex2>"
               "<InsuredCardClassification>Z9</InsuredCardClassification><Address/>"
               "<InsuredPartialContributionRatio>030</InsuredPartialContributionRatio>"
               "<Birthdate>19540105</Birthdate><Name>見本　●子</Name><Strange a=\"b\">x</Strange>"
               "<InsuredCardSymbol> 12 </InsuredCardSymbol>"
               "<PublicExpenseResultList><MedicalTicketInfo>"
               "<MedicalTreatmentMonth>202505</MedicalTreatmentMonth></MedicalTicketInfo>"
               "<MedicalTicketInfo/></PublicExpenseResultList>"
               "<PharmacistsInfoConsTime>20250602091530</PharmacistsInfoConsTime>"),
        SHK_OK);
    size_t tickets = 0;
    (void)state;
    assert_int_equal(record_list_count(set, 1, "medical_aid.tickets", 19, &tickets), SHK_OK);
    assert_int_equal(tickets, 2);
    assert_state(set, 1, "sex_label", VALUE_ABSENT);
    assert_true(record_drift_count(set) >= 3);
    assert_freezes(set);
    record_free(&set);
}

static void host_s_own_values_are_frozen_as_they_stand(void **state) {
    struct record_set *set = read_sample("all_groups.xml", SHK_OK);
    (void)state;
    assert_int_equal(record_replace(set, 1, "name", "見本　髙子"), SHK_OK);
    assert_int_equal(record_replace(set, 1, "birth_date", "昭和29年1月5日"), SHK_OK);
    assert_int_equal(record_replace(set, 1, "address", ""), SHK_OK);
    assert_int_equal(record_replace(set, 1, "sex", "女性"), SHK_OK);
    assert_int_equal(record_set_patient(set, 1, "00123", MATCH_SEVERAL), SHK_OK);
    assert_freezes(set);
    assert_value(set, 1, "patient.match", "confirmed");
    record_free(&set);
}

static void freeze_is_empty_after_nothing(void **state) {
    struct record_set *set = NULL;
    (void)state;
    assert_int_equal(record_thaw(NULL, 0, &set), SHK_E_STORE_BROKEN);
    assert_null(set);
}

/* A frozen set written by hand. */
static struct bytes made;

static void number(uint32_t n) {
    const uint8_t four[] = {(uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n};
    assert_int_equal(bytes_append(&made, four, 4), SHK_OK);
}

static void text(const char *p) {
    number((uint32_t)strlen(p));
    assert_int_equal(bytes_append_text(&made, p), SHK_OK);
}

static void head(uint8_t version, uint32_t results, uint32_t records) {
    bytes_clear(&made);
    assert_int_equal(bytes_append_text(&made, "SHKR"), SHK_OK);
    assert_int_equal(bytes_append_byte(&made, version), SHK_OK);
    assert_int_equal(bytes_append_byte(&made, 0), SHK_OK);
    number(results);
    number(records);
}

static void record_of_lists(uint32_t lists) {
    assert_int_equal(bytes_append_byte(&made, 0), SHK_OK);
    number(lists);
}

static void assert_thaws(int32_t expected, struct record_set **out) {
    struct record_set *set = NULL;
    assert_int_equal(record_thaw(made.p, made.n, &set), expected);
    assert_int_equal(set != NULL, expected == SHK_OK);
    if (out != NULL) {
        *out = set;
    } else {
        record_free(&set);
    }
    bytes_clear(&made);
}

static void path_of_another_table_becomes_drift(void **state) {
    struct record_set *set = NULL;
    (void)state;
    head(1, 1, 1);
    record_of_lists(1);
    text("of_tomorrow");
    number(3);
    number(3);
    text("name");
    text("見本");
    text("of_tomorrow[2].value");
    text("x");
    text("sex_label");
    text("男");
    number(1);
    number(7);
    text("A/B");
    text("raw");
    assert_thaws(SHK_OK, &set);
    assert_value(set, 1, "name", "見本");
    assert_int_equal(record_drift_count(set), 3);
    assert_string_equal(drift_raw(set, "of_tomorrow[2].value"), "x");
    assert_string_equal(drift_raw(set, "sex_label"), "男");
    assert_string_equal(drift_raw(set, "A/B"), "raw");
    assert_int_equal(record_drift_line(set, 2), 7);
    record_free(&set);
}

static void what_a_card_says_comes_back_with_its_mark(void **state) {
    struct record_set *set = record_set_new(), *again = NULL;
    struct field_ref ref;
    bool unknown;
    (void)state;
    assert_int_equal(record_add(set), SHK_OK);
    assert_true(field_resolve("name", 4, &ref));
    assert_int_equal(record_put(set, false, &ref, "見本", strlen("見本"), &unknown), SHK_OK);
    record_source_is_card(set);
    assert_int_equal(record_finish(set), SHK_OK);
    assert_int_equal(record_outcome(set), OUTCOME_UNSTATED);
    assert_int_equal(record_freeze(set, &made), SHK_OK);
    assert_thaws(SHK_OK, &again);
    assert_true(record_is_card(again) && !record_is_app(again));
    assert_int_equal(record_outcome(again), OUTCOME_UNSTATED);
    assert_int_equal(record_outcome_at(again, 1), OUTCOME_UNSTATED);
    record_free(&again);
    assert_int_equal(record_freeze(set, &made), SHK_OK);
    made.p[5] = 3; /* of no source that is known */
    assert_thaws(SHK_E_STORE_BROKEN, NULL);
    record_free(&set);
}

static void newer_version_is_told_from_damage(void **state) {
    (void)state;
    head(2, 1, 1);
    assert_thaws(SHK_E_STORE_NEWER, NULL);
    head(0, 1, 1);
    assert_thaws(SHK_E_STORE_BROKEN, NULL);
    head(1, 1, 0);
    assert_thaws(SHK_E_STORE_BROKEN, NULL);
    head(1, 1, 101);
    assert_thaws(SHK_E_STORE_BROKEN, NULL);
}

static void one_value(const char *path, const char *value, uint32_t times) {
    head(1, 1, 1);
    record_of_lists(0);
    number(times);
    for (uint32_t i = 0; i < times; i++) {
        text(path);
        text(value);
    }
    number(0);
}

static void what_no_set_can_hold_is_damage(void **state) {
    (void)state;
    one_value("name", "見本", 1);
    assert_thaws(SHK_OK, NULL);
    one_value("name", "見本", 2);
    assert_thaws(SHK_E_STORE_BROKEN, NULL);
    one_value("birth_date", "19541301", 1);
    assert_thaws(SHK_E_STORE_BROKEN, NULL);
    one_value("derived.age", "70", 1);
    assert_thaws(SHK_E_STORE_BROKEN, NULL);
    one_value("specific_diseases[1].disease", "1", 1); /* no entry was opened */
    assert_thaws(SHK_E_STORE_BROKEN, NULL);
    one_value("name", "見本", 1);
    number(0); /* bytes behind the end */
    assert_thaws(SHK_E_STORE_BROKEN, NULL);
}

static void marks_and_lines_have_bounds(void **state) {
    (void)state;
    for (uint8_t mark = 1; mark <= 2; mark++) {
        head(1, 1, 1);
        assert_int_equal(bytes_append_byte(&made, mark), SHK_OK);
        number(0);
        number(0);
        number(0);
        assert_thaws(mark == 1 ? SHK_OK : SHK_E_STORE_BROKEN, NULL);
    }
    for (uint32_t line = INT32_MAX; line <= (uint32_t)INT32_MAX + 1; line++) {
        head(1, 1, 1);
        record_of_lists(0);
        number(0);
        number(1);
        number(line);
        text("A/B");
        text("raw");
        assert_thaws(line == INT32_MAX ? SHK_OK : SHK_E_STORE_BROKEN, NULL);
    }
}

static void results_that_are_not_the_records_are_damage(void **state) {
    (void)state;
    for (uint32_t results = 0; results <= 2; results++) {
        head(1, results, 1);
        record_of_lists(0);
        number(0);
        number(0);
        assert_thaws(results <= 1 ? SHK_OK : SHK_E_STORE_BROKEN, NULL);
    }
}

static void lists_have_bounds(void **state) {
    (void)state;
    for (uint32_t entries = 100; entries <= 101; entries++) {
        head(1, 1, 1);
        record_of_lists(1);
        text("specific_diseases");
        number(entries);
        number(0);
        number(0);
        assert_thaws(entries == 100 ? SHK_OK : SHK_E_STORE_BROKEN, NULL);
    }
    head(1, 1, 1);
    record_of_lists(2);
    text("specific_diseases");
    number(1);
    text("specific_diseases");
    number(1);
    number(0);
    number(0);
    assert_thaws(SHK_E_STORE_BROKEN, NULL);
}

static void every_cut_is_damage(void **state) {
    struct record_set *set = read_sample("all_groups.xml", SHK_OK);
    struct bytes frozen = {0};
    (void)state;
    assert_int_equal(record_freeze(set, &frozen), SHK_OK);
    for (size_t n = 0; n < frozen.n; n++) {
        struct record_set *cut = NULL;
        uint8_t *exact = malloc(n > 0 ? n : 1);
        assert_non_null(exact);
        memcpy(exact, frozen.p, n);
        assert_int_equal(record_thaw(exact, n, &cut), SHK_E_STORE_BROKEN);
        assert_null(cut);
        free(exact);
    }
    bytes_clear(&frozen);
    record_free(&set);
}

#define APP(name) cmocka_unit_test_setup_teardown(name, app_set_up, app_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_answer_comes_back_as_it_was),
        cmocka_unit_test(every_person_of_a_bulk_answer_comes_back),
        APP(every_copied_text_comes_back_with_the_apps_mark),
        APP(burden_that_nobody_explained_stays_so),
        cmocka_unit_test(forms_that_change_on_the_way_in_do_not_change_again),
        cmocka_unit_test(host_s_own_values_are_frozen_as_they_stand),
        cmocka_unit_test(freeze_is_empty_after_nothing),
        cmocka_unit_test(path_of_another_table_becomes_drift),
        cmocka_unit_test(what_a_card_says_comes_back_with_its_mark),
        cmocka_unit_test(newer_version_is_told_from_damage),
        cmocka_unit_test(what_no_set_can_hold_is_damage),
        cmocka_unit_test(marks_and_lines_have_bounds),
        cmocka_unit_test(results_that_are_not_the_records_are_damage),
        cmocka_unit_test(lists_have_bounds),
        cmocka_unit_test(every_cut_is_damage),
    };
    return cmocka_run_group_tests_name("record_freeze", tests, NULL, NULL);
}
