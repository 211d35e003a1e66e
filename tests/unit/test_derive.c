#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record_help.h"

static void insurer_numbers_get_their_other_forms(void **state) {
    static const struct {
        const char *number, *eight, *six, *check, *law, *label;
    } all[] = {
        {"06990014", "06990014", "", "ok", "06", "組合健保"},
        {"  990010", "00990010", "990010", "ok", "00", "国民健康保険"},
        {"00990010", "00990010", "990010", "ok", "00", "国民健康保険"},
        {"67990010", "67990010", "990010", "ok", "67", "退職者国保"},
        {"39990015", "39990015", "", "ok", "39", "後期高齢者医療"},
        {"06990015", "06990015", "", "wrong", "06", "組合健保"},
        {"990011", "00990011", "990011", "wrong", "00", "国民健康保険"},
        {"1990019", "", "", "wrong", "", ""},
        {"1234", "", "", "", "", ""},
        {"80990010", "80990010", "", "wrong", "80", ""},
        {"", "", "", "", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct record_set *set = SET({"insurer_number", all[i].number});
        assert_derived(set, "insurer_number_8", all[i].eight);
        assert_derived(set, "insurer_number_6", all[i].six);
        assert_derived(set, "insurer_check_digit", all[i].check);
        assert_derived(set, "law_number", all[i].law);
        assert_derived(set, "law_number_label", all[i].label);
        record_free(&set);
    }
}

static void source_values_stay_as_they_were(void **state) {
    struct record_set *set = SET({"insurer_number", "  990010"}, {"name", "見本　髙子"},
                                 {"name_kana", "ﾐﾎﾝ ﾀｶｺ"}, {"sex", "3"}, {"sex_other", "2"});
    (void)state;
    assert_is(set, "insurer_number", "990010");
    assert_is(set, "name", "見本　髙子");
    assert_is(set, "name_kana", "ﾐﾎﾝ ﾀｶｺ");
    assert_is(set, "sex", "unknown");
    assert_is(set, "derived.name_folded", "見本高子");
    assert_is(set, "derived.name_kana_folded", "ミホンタカコ");
    assert_is(set, "derived.sex", "female");
    assert_is(set, "derived.sex_label", "女");
    record_free(&set);
}

static void nothing_is_derived_from_nothing(void **state) {
    struct record_set *set = SET({"address", "見本町"});
    char path[FIELD_PATH_MAX];
    (void)state;
    assert_int_equal(record_path_count(set, 1), 1);
    assert_int_equal(record_path_at(set, 1, 0, path, sizeof path), SHK_OK);
    assert_string_equal(path, "address");
    record_free(&set);
    set = SET({"name", ""}, {"birth_date", ""}, {"confirmation_date", "20250602"},
              {"insurer_number", ""});
    for (size_t i = 0; i < record_path_count(set, 1); i++) {
        assert_int_equal(record_path_at(set, 1, i, path, sizeof path), SHK_OK);
        assert_false(text_starts(path, "derived."));
    }
    record_free(&set);
}

static void derived_values_stand_behind_the_others(void **state) {
    struct record_set *set = SET({"consents.operation", "0"}, {"insurer_number", "06990014"});
    static const char *const paths[] = {
        "insurer_number",
        "consents.operation",
        "consents.operation_label",
        "derived.insurer_number_8",
        "derived.insurer_check_digit",
        "derived.insurer_check_digit_label",
        "derived.law_number",
        "derived.law_number_label",
    };
    char path[FIELD_PATH_MAX];
    (void)state;
    assert_int_equal(record_path_count(set, 1), 8);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(record_path_at(set, 1, i, path, sizeof path), SHK_OK);
        assert_string_equal(path, paths[i]);
    }
    record_free(&set);
}

/* Dates of birth and of the question, then the expected age, band and percent of an insured of 組合健保. */
struct age_case {
    const char *birth, *date, *age, *band, *percent;
};

static void assert_ages(const struct age_case *all, size_t n) {
    for (size_t i = 0; i < n; i++) {
        struct record_set *set =
            SET({"birth_date", all[i].birth}, {"confirmation_date", all[i].date},
                {"insurer_number", "06990014"});
        assert_derived(set, "age", all[i].age);
        assert_derived(set, "burden_band", all[i].band);
        assert_derived(set, "burden_percent", all[i].percent);
        record_free(&set);
    }
}

#define ASSERT_AGES(all) assert_ages(all, sizeof(all) / sizeof((all)[0]))

static void age_is_of_the_confirmation_date(void **state) {
    static const struct age_case all[] = {
        {"20000615", "20250614", "24", "general", "30"},
        {"20000615", "20250615", "25", "general", "30"},
        {"20250602", "20250602", "0", "preschool", "20"},
        {"20000229", "20250228", "24", "general", "30"},
        {"20000229", "20250301", "25", "general", "30"},
        {"20000229", "20240228", "23", "general", "30"},
        {"20000229", "20240229", "24", "general", "30"},
        {"20250603", "20250602", "", "", ""},
        {"", "20250602", "", "", ""},
        {"20000615", "", "", "", ""},
    };
    (void)state;
    ASSERT_AGES(all);
}

static void school_begins_in_april_after_the_sixth_birthday(void **state) {
    static const struct age_case all[] = {
        {"20200401", "20260331", "5", "preschool", "20"},
        {"20200401", "20260401", "6", "general", "30"},
        {"20200402", "20260401", "5", "preschool", "20"},
        {"20200402", "20270331", "6", "preschool", "20"},
        {"20200402", "20270401", "6", "general", "30"},
        {"20191231", "20260331", "6", "preschool", "20"},
        {"20191231", "20260401", "6", "general", "30"},
        {"20200101", "20260331", "6", "preschool", "20"},
        {"20200101", "20260401", "6", "general", "30"},
        {"20200229", "20260331", "6", "preschool", "20"},
    };
    (void)state;
    ASSERT_AGES(all);
}

/* From 70 on two ratios are possible: no percent. */
static void elderly_count_from_the_month_after_the_birthday(void **state) {
    static const struct age_case all[] = {
        {"19560301", "20260401", "70", "elderly", ""},
        {"19560331", "20260331", "70", "general", "30"},
        {"19560331", "20260401", "70", "elderly", ""},
        {"19560401", "20260331", "69", "general", "30"},
        {"19560401", "20260401", "70", "elderly", ""},
        {"19560402", "20260401", "69", "general", "30"},
        {"19560402", "20260430", "70", "general", "30"},
        {"19560402", "20260501", "70", "elderly", ""},
        {"19551231", "20251231", "70", "general", "30"},
        {"19551231", "20260101", "70", "elderly", ""},
        {"19560229", "20260228", "69", "general", "30"},
        {"19560229", "20260301", "70", "elderly", ""},
        {"19510401", "20260331", "74", "elderly", ""},
        {"19510401", "20260401", "75", "late_elderly", ""},
        {"19510402", "20260401", "74", "elderly", ""},
        {"19510402", "20260402", "75", "late_elderly", ""},
    };
    (void)state;
    ASSERT_AGES(all);
}

#define ADULT                                                                                      \
    {"birth_date", "19890107"}, {                                                                  \
        "confirmation_date", "20250602"                                                            \
    }

static const char *burden(struct record_set *set) {
    static char kept[8];
    struct value value = look(set, 1, "derived.burden_percent");
    text_copy(kept, sizeof kept, value.text);
    record_free(&set);
    return kept;
}

static void burden_is_derived_only_where_the_answer_is_silent(void **state) {
    (void)state;
    assert_string_equal(burden(SET(ADULT, {"insurer_number", "990010"})), "30");
    assert_string_equal(burden(SET(ADULT, {"insurer_number", "990010"}, {"burden_percent", "020"})),
                        "");
    assert_string_equal(
        burden(SET(ADULT, {"insurer_number", "990010"}, {"elderly.burden_percent", "020"})), "");
    assert_string_equal(burden(SET(ADULT, {"insurer_number", "990010"}, {"burden_percent", ""})),
                        "30");
    assert_string_equal(burden(SET(ADULT, {"insurer_number", "990010"}, {"preschool", "1"})), "20");
}

/* A class that is not in the table may be one whose patients pay all. */
static void burden_is_not_derived_beside_what_nobody_has_explained(void **state) {
    (void)state;
    assert_string_equal(burden(SET(ADULT, {"insurer_number", "990010"}, {"card_class", "Z9"})), "");
    assert_string_equal(burden(SET(ADULT, {"insurer_number", "990010"}, {"card_class", "01"})),
                        "30");
    for (size_t unread = 1; unread <= 2; unread++) {
        const struct pair pairs[] = {ADULT, {"insurer_number", "990010"}, {NULL, NULL}};
        struct record_set *set = record_set_new();
        assert_non_null(set);
        for (size_t i = 1; i <= 2; i++) {
            add_record(set, pairs);
            if (i == unread) {
                record_burden_is_unread(set);
            }
        }
        assert_int_equal(record_finish(set), SHK_OK);
        assert_int_equal(look(set, unread, "derived.burden_percent").state, VALUE_ABSENT);
        assert_int_equal(look(set, 3 - unread, "derived.burden_percent").number, 30);
        record_free(&set);
    }
}

static void put_common(struct record_set *set, const char *path, const char *value) {
    struct field_ref ref;
    bool unknown_code;
    assert_true(field_resolve(path, strlen(path), &ref));
    assert_int_equal(record_put(set, true, &ref, value, strlen(value), &unknown_code), SHK_OK);
}

static void empty_value_of_a_record_does_not_hide_the_common_one(void **state) {
    const struct pair empty[] = {{"name", "見本"}, {"reference_number", ""}, {NULL, NULL}};
    const struct pair own[] = {{"name", "見本"}, {"reference_number", "7"}, {NULL, NULL}};
    (void)state;
    struct record_set *set = record_set_new();
    assert_non_null(set);
    put_common(set, "reference_number", "41");
    put_common(set, "preschool", "");
    add_record(set, empty);
    add_record(set, own);
    assert_int_equal(record_finish(set), SHK_OK);
    assert_string_equal(look(set, 1, "reference_number").text, "41");
    assert_string_equal(look(set, 2, "reference_number").text, "7");
    assert_int_equal(look(set, 1, "preschool").state, VALUE_EMPTY);
    assert_int_equal(record_drift_count(set), 1); /* that the second one differs */
    record_free(&set);
}

/* More values than are put in order one by one, the last entry first. */
static void many_values_out_of_order_are_found(void **state) {
    enum { ENTRIES = 150 };
    struct record_set *set = record_set_new();
    char path[64], value[16];
    (void)state;
    assert_int_equal(record_add(set), SHK_OK);
    for (int i = ENTRIES; i > 0; i--) {
        struct field_ref ref;
        bool unknown_code;
        text_format(path, sizeof path, "specific_diseases[%d].self_pay_yen", i);
        text_format(value, sizeof value, "%d", i);
        assert_true(field_resolve(path, strlen(path), &ref));
        assert_int_equal(record_put(set, false, &ref, value, strlen(value), &unknown_code), SHK_OK);
    }
    assert_int_equal(record_finish(set), SHK_OK);
    for (int i = 1; i <= ENTRIES; i++) {
        text_format(path, sizeof path, "specific_diseases[%d].self_pay_yen", i);
        assert_int_equal(look(set, 1, path).number, i);
    }
    record_free(&set);
}

static void burden_is_not_derived_where_age_does_not_decide(void **state) {
    (void)state;
    assert_string_equal(burden(SET(ADULT, {"insurer_number", "39990015"})), "");
    assert_string_equal(burden(SET(ADULT, {"insurer_number", "12990016"})), "");
    assert_string_equal(burden(SET(ADULT, {"insurer_number", "54991013"})), "");
    assert_string_equal(burden(SET(ADULT, {"insurer_number", "1234"})), "");
    assert_string_equal(burden(SET(ADULT)), "");
    assert_string_equal(burden(SET(ADULT, {"insurer_number", "990010"}, {"card_class", "A1"})), "");
    /* 特別療養費: all is paid first. */
    assert_string_equal(burden(SET(ADULT, {"insurer_number", "990010"}, {"card_class", "05"})), "");
}

static void burden_is_not_derived_for_an_entitlement_that_does_not_hold(void **state) {
    (void)state;
    assert_string_equal(burden(SET(ADULT, {"insurer_number", "990010"}, {"validity", "1"})), "30");
    assert_string_equal(burden(SET(ADULT, {"insurer_number", "990010"}, {"validity", "2"})), "");
    assert_string_equal(
        burden(SET(ADULT, {"insurer_number", "990010"}, {"valid_until", "20250601"})), "");
}

static void disabled_person_of_39_is_late_elderly_at_any_age(void **state) {
    struct record_set *set = SET({"birth_date", "19590107"}, {"confirmation_date", "20250602"},
                                 {"insurer_number", "39990015"});
    (void)state;
    assert_derived(set, "age", "66");
    assert_derived(set, "burden_band", "late_elderly");
    assert_derived(set, "burden_band_label", "後期高齢者");
    record_free(&set);
}

static void medical_aid_is_told_by_class_or_number(void **state) {
    static const struct {
        const char *class, *number, *is;
    } all[] = {
        {"A1", "12990016", "1"}, {"A1", "", "1"},        {"", "12990016", "1"},
        {"01", "12990016", ""},  {"01", "06990014", ""}, {"", "129900", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct record_set *set =
            SET({"card_class", all[i].class}, {"insurer_number", all[i].number}, ADULT);
        assert_derived(set, "is_medical_aid", all[i].is);
        assert_derived(set, "burden_band", all[i].is[0] != '\0' ? "" : "general");
        record_free(&set);
    }
}

static void dates_that_do_not_cover_the_day_are_flagged(void **state) {
    static const struct {
        const char *path, *date, *not_covering, *future_loss;
    } all[] = {
        {"qualification_date", "20250602", "", ""},
        {"qualification_date", "20250603", "1", ""},
        {"valid_from", "20250602", "", ""},
        {"valid_from", "20250603", "1", ""},
        {"valid_until", "20250602", "", ""},
        {"valid_until", "20250601", "1", ""},
        {"disqualification_date", "20250601", "1", ""},
        {"disqualification_date", "20250602", "1", ""},
        {"disqualification_date", "20250603", "", "1"},
        {"elderly.valid_until", "20240101", "", ""},
        {"limit.valid_until", "20240101", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct record_set *set = SET({"confirmation_date", "20250602"}, {all[i].path, all[i].date});
        assert_derived(set, "not_covering_date", all[i].not_covering);
        assert_derived(set, "loss_in_future", all[i].future_loss);
        record_free(&set);
        set = SET({"confirmation_date", ""}, {all[i].path, all[i].date});
        assert_derived(set, "not_covering_date", "");
        assert_derived(set, "loss_in_future", "");
        record_free(&set);
    }
}

static void each_record_gets_its_own(void **state) {
    static const struct pair insurance[] = {
        {"insurer_number", "06990014"}, {"name", "見本　次郎"}, {NULL, NULL}};
    static const struct pair aid[] = {
        {"insurer_number", "12990016"}, {"name", "見本　●郎"}, {NULL, NULL}};
    struct record_set *set = record_set_new();
    (void)state;
    add_record(set, insurance);
    add_record(set, aid);
    assert_int_equal(record_finish(set), SHK_OK);
    assert_string_equal(look(set, 1, "derived.law_number").text, "06");
    assert_string_equal(look(set, 2, "derived.law_number").text, "12");
    assert_int_equal(look(set, 1, "derived.is_medical_aid").state, VALUE_ABSENT);
    assert_string_equal(look(set, 2, "derived.is_medical_aid").text, "1");
    assert_int_equal(look(set, 1, "derived.name_has_missing_character").state, VALUE_ABSENT);
    assert_string_equal(look(set, 2, "derived.name_has_missing_character").text, "1");
    record_free(&set);
}

static void every_derived_row_is_found_where_it_is_due(void **state) {
    struct record_set *sets[] = {
        SET({"confirmation_date", "20250602"}, {"insurer_number", "  990010"},
            {"birth_date", "19890107"}, {"name", "見本　●子"}, {"name_kana", "ﾐﾎﾝ"},
            {"name_other", "見●"}, {"name_other_kana", "ﾐﾎﾝ"}, {"insured_name", "見本　■"},
            {"sex", "1"}, {"disqualification_date", "20250701"}),
        SET({"confirmation_date", "20250602"}, {"valid_until", "20250601"}, {"card_class", "A1"}),
    };
    (void)state;
    for (size_t i = 0; i < field_count(); i++) {
        const struct field *field = field_at(i);
        bool found = look(sets[0], 1, field->path).state == VALUE_PRESENT ||
                     look(sets[1], 1, field->path).state == VALUE_PRESENT;
        if (text_starts(field->path, FIELD_DERIVED) && !found) {
            fail_msg("%s", field->path);
        }
    }
    record_free(&sets[0]);
    record_free(&sets[1]);
}

static void numbers_among_them_are_numbers(void **state) {
    struct record_set *set = SET(ADULT, {"insurer_number", "06990014"});
    (void)state;
    assert_true(look(set, 1, "derived.age").is_number);
    assert_int_equal(look(set, 1, "derived.age").number, 36);
    assert_int_equal(look(set, 1, "derived.burden_percent").number, 30);
    assert_false(look(set, 1, "derived.insurer_number_8").is_number);
    record_free(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(insurer_numbers_get_their_other_forms),
        cmocka_unit_test(source_values_stay_as_they_were),
        cmocka_unit_test(nothing_is_derived_from_nothing),
        cmocka_unit_test(derived_values_stand_behind_the_others),
        cmocka_unit_test(age_is_of_the_confirmation_date),
        cmocka_unit_test(school_begins_in_april_after_the_sixth_birthday),
        cmocka_unit_test(elderly_count_from_the_month_after_the_birthday),
        cmocka_unit_test(burden_is_derived_only_where_the_answer_is_silent),
        cmocka_unit_test(burden_is_not_derived_beside_what_nobody_has_explained),
        cmocka_unit_test(empty_value_of_a_record_does_not_hide_the_common_one),
        cmocka_unit_test(many_values_out_of_order_are_found),
        cmocka_unit_test(burden_is_not_derived_where_age_does_not_decide),
        cmocka_unit_test(burden_is_not_derived_for_an_entitlement_that_does_not_hold),
        cmocka_unit_test(disabled_person_of_39_is_late_elderly_at_any_age),
        cmocka_unit_test(medical_aid_is_told_by_class_or_number),
        cmocka_unit_test(dates_that_do_not_cover_the_day_are_flagged),
        cmocka_unit_test(each_record_gets_its_own),
        cmocka_unit_test(every_derived_row_is_found_where_it_is_due),
        cmocka_unit_test(numbers_among_them_are_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
