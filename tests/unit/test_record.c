#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fields.h"
#include "oqs_help.h"
#include "text.h"

static const struct field *find(const char *path) {
    return field_find(path, strlen(path));
}

static void every_row_is_found_by_its_own_path(void **state) {
    (void)state;
    for (size_t i = 0; i < field_count(); i++) {
        assert_ptr_equal(find(field_at(i)->path), field_at(i));
        assert_int_equal(field_index(field_at(i)), i);
    }
    assert_null(field_at(field_count()));
}

static void every_row_has_both_labels_and_a_fitting_type(void **state) {
    (void)state;
    for (size_t i = 0; i < field_count(); i++) {
        const struct field *f = field_at(i);
        bool coded = f->type == FIELD_CODE || f->type == FIELD_FLAG || f->type == FIELD_SEX ||
                     f->type == FIELD_RELATION;
        assert_true(f->japanese[0] != '\0' && f->english[0] != '\0');
        assert_int_equal(f->element[0] == '\0' && f->app[0] == '\0', field_is_derived(f));
        assert_int_equal(text_starts(f->path, "derived.") || text_starts(f->path, "patient.") ||
                             text_starts(f->path, "card."),
                         field_is_derived(f));
        assert_true(utf8_valid(f->japanese, strlen(f->japanese)));
        assert_int_equal(coded, f->codes != NULL);
    }
}

static bool in_list(const struct field *f, const struct field *list) {
    return field_list_of(f) == list;
}

static void rows_of_a_list_stand_together(void **state) {
    size_t lists = 0;
    (void)state;
    for (size_t i = 0; i < field_count(); i++) {
        const struct field *list = field_list_of(field_at(i));
        if (list == field_at(i)) {
            lists++;
        } else if (list != NULL) {
            assert_true(in_list(field_at(i - 1), list));
        }
    }
    assert_int_equal(lists, 2);
}

/* Counts a name among those that stand between bars in a column. */
static size_t count_name(const char *column, const char *name, size_t n) {
    size_t found = 0;
    for (const char *p = column; *p != '\0';) {
        size_t len = strcspn(p, "|");
        found += len == n && memcmp(p, name, n) == 0 ? 1 : 0;
        p += len + (p[len] == '|' ? 1 : 0);
    }
    return found;
}

static const char *element_of(const struct field *field) {
    return field->element;
}

static const char *app_of(const struct field *field) {
    return field->app;
}

static void assert_names_differ(const char *column_of(const struct field *field)) {
    for (size_t i = 0; i < field_count(); i++) {
        const char *p = column_of(field_at(i));
        while (*p != '\0') {
            size_t n = strcspn(p, "|"), found = 0;
            for (size_t k = 0; k < field_count(); k++) {
                found += count_name(column_of(field_at(k)), p, n);
            }
            assert_int_equal(found, 1);
            p += n + (p[n] == '|' ? 1 : 0);
        }
    }
}

static void no_element_and_no_key_belongs_to_two_rows(void **state) {
    (void)state;
    assert_names_differ(element_of);
    assert_names_differ(app_of);
}

static void what_belongs_to_a_person_is_marked(void **state) {
    static const char *const personal[] = {"name",   "birth_date",     "insurer_number", "number",
                                           "symbol", "search.number",  "validity",       "address",
                                           "sex",    "result_message", "error_message"};
    (void)state;
    for (size_t i = 0; i < sizeof personal / sizeof personal[0]; i++) {
        assert_true(find(personal[i])->personal);
    }
    for (size_t i = 0; i < field_count(); i++) {
        bool common = text_starts(field_at(i)->element, "Message");
        assert_true(common || field_at(i)->personal);
    }
    assert_false(find("error_code")->personal);
}

static void paths_with_indexes_and_labels_are_found(void **state) {
    (void)state;
    const struct field *f = find("specific_diseases[].disease");
    assert_non_null(f);
    assert_ptr_equal(find("specific_diseases[1].disease"), f);
    assert_ptr_equal(find("specific_diseases[12].disease_label"), f);
    assert_ptr_equal(find("specific_diseases.disease"), f);
    assert_ptr_equal(find("sex_label"), find("sex"));
}

static void paths_that_do_not_exist_are_not_found(void **state) {
    static const char *const wrong[] = {
        "",
        "nam",
        "namee",
        "name_label",
        "birth_date_label",
        "name[1]",
        "elderly",
        "elderly.",
        "elderly.x",
        "specific_diseases",
        "_label",
        "Name",
        "name ",
        ".name",
        "specific_diseases[1]",
        "specific_diseases[0].disease",
        "specific_diseases[-1].disease",
        "specific_diseases[1.disease",
        "specific_diseases[1]disease",
        "specific_diseases[1234567].disease",
        "specific_diseases[1][1].disease",
        "specific_diseases[a].disease",
        "specific_diseases[1].disease_label_label",
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_null(find(wrong[i]));
    }
}

static void lists_and_groups_are_told_apart(void **state) {
    (void)state;
    assert_true(field_is_list("specific_diseases", 17));
    assert_true(field_is_list("medical_aid.tickets", 19));
    assert_false(field_is_list("medical_aid", 11));
    assert_false(field_is_list("name", 4));
    assert_false(field_is_list("specific_diseases[1]", 20));
    assert_true(field_is_group("elderly", 7));
    assert_true(field_is_group("medical_aid", 11));
    assert_true(field_is_group("medical_aid.tickets[2]", 22));
    assert_false(field_is_group("medical_aid.tickets", 19));
    assert_false(field_is_group("name", 4));
    assert_false(field_is_group("", 0));
    assert_false(field_is_group("elder", 5));
}

static void requests_for_paths_that_are_not_there_say_so(void **state) {
    struct record_set *set = read_text(ANSWER("<Name>見本</Name>"), SHK_OK);
    struct value value;
    size_t n = 9;
    (void)state;
    assert_int_equal(record_value(set, 1, "nam", 3, &value), SHK_E_PATH);
    assert_int_equal(record_value(set, 1, "name_label", 10, &value), SHK_E_PATH);
    assert_int_equal(record_value(set, 0, "name", 4, &value), SHK_E_ABSENT);
    assert_int_equal(record_value(set, 2, "name", 4, &value), SHK_E_ABSENT);
    assert_string_equal(value.text, "");
    assert_int_equal(record_list_count(set, 1, "name", 4, &n), SHK_E_PATH);
    assert_int_equal(n, 0);
    assert_int_equal(record_list_count(set, 2, "specific_diseases", 17, &n), SHK_E_ABSENT);
    assert_int_equal(record_list_count(set, 1, "specific_diseases", 17, &n), SHK_OK);
    assert_int_equal(n, 0);
    assert_state(set, 1, "specific_diseases[7].disease", VALUE_ABSENT);
    record_free(&set);
    record_free(&set);
    record_free(NULL);
    assert_int_equal(record_count(NULL), 0);
    assert_int_equal(record_drift_count(NULL), 0);
}

static void values_carry_their_row_even_when_absent(void **state) {
    struct record_set *set = read_text(ANSWER("<Name>見本</Name>"), SHK_OK);
    (void)state;
    assert_ptr_equal(value_at(set, 1, "name").field, find("name"));
    assert_ptr_equal(value_at(set, 1, "limit.category_label").field, find("limit.category"));
    assert_false(value_at(set, 1, "name").is_number);
    record_free(&set);
}

/* The paths of the first record, one a line. */
static void list_paths(const struct record_set *set, struct bytes *out) {
    char path[FIELD_PATH_MAX];
    size_t n = record_path_count(set, 1);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(record_path_at(set, 1, i, path, sizeof path), SHK_OK);
        assert_int_equal(bytes_append_text(out, path), SHK_OK);
        assert_int_equal(bytes_append_byte(out, '\n'), SHK_OK);
    }
    assert_int_equal(record_path_at(set, 1, n, path, sizeof path), SHK_E_ABSENT);
    assert_string_equal(path, "");
}

static void present_paths_come_in_table_order_and_entry_by_entry(void **state) {
    struct record_set *set =
        read_text(ANSWER("<ReasonOfLoss>88</ReasonOfLoss><SpecificDiseasesCertificateList>"
                         "<SpecificDiseasesCertificateInfo>"
                         "<SpecificDiseasesSelfPay>1</SpecificDiseasesSelfPay>"
                         "<SpecificDiseasesDiseaseCategory>1</SpecificDiseasesDiseaseCategory>"
                         "</SpecificDiseasesCertificateInfo><SpecificDiseasesCertificateInfo>"
                         "<SpecificDiseasesSelfPay>2</SpecificDiseasesSelfPay>"
                         "</SpecificDiseasesCertificateInfo></SpecificDiseasesCertificateList>"
                         "<Sex1>1</Sex1><Address/>"),
                  SHK_OK);
    struct bytes paths = {0};
    (void)state;
    list_paths(set, &paths);
    assert_string_equal(bytes_text(&paths),
                        "confirmation_date\nresult_segment\nresult_segment_label\n"
                        "result_status\nresult_status_label\nvalidity\nvalidity_label\n"
                        "sex\nsex_label\naddress\nloss_reason\n"
                        "specific_diseases[1].disease\nspecific_diseases[1].disease_label\n"
                        "specific_diseases[1].self_pay_yen\nspecific_diseases[2].self_pay_yen\n"
                        "derived.sex\nderived.sex_label\n");
    bytes_clear(&paths);
    record_free(&set);
}

static void own_value_stays_beside_a_common_one_that_differs(void **state) {
    struct record_set *set =
        read_text(BODY(VALID "<ReferenceNumber>000124</ReferenceNumber><ResultList>" RESULT(
                      "<ReferenceNumber>000123</ReferenceNumber>")
                           RESULT("<Name>見本</Name>") "</ResultList>"),
                  SHK_OK);
    (void)state;
    assert_value(set, 1, "reference_number", "000123");
    assert_value(set, 2, "reference_number", "000124");
    assert_string_equal(drift_raw(set, "MessageBody/ReferenceNumber=differs"), "000124");
    assert_int_equal(record_drift_count(set), 1);
    record_free(&set);
}

static void path_that_does_not_fit_is_refused(void **state) {
    struct record_set *set = read_text(ANSWER("<Name>見本</Name>"), SHK_OK);
    char path[6];
    (void)state;
    assert_int_equal(record_path_at(set, 1, 0, path, sizeof path), SHK_E_ARGUMENT);
    assert_int_equal(record_path_at(set, 2, 0, path, sizeof path), SHK_E_ABSENT);
    assert_int_equal(record_path_count(set, 2), 0);
    record_free(&set);
}

static void every_path_of_the_table_fits_its_room(void **state) {
    char path[FIELD_PATH_MAX];
    (void)state;
    for (size_t i = 0; i < field_count(); i++) {
        struct field_ref ref = {field_at(i), 999999, true};
        assert_true(field_path(&ref, path, sizeof path));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_found_by_its_own_path),
        cmocka_unit_test(every_row_has_both_labels_and_a_fitting_type),
        cmocka_unit_test(rows_of_a_list_stand_together),
        cmocka_unit_test(no_element_and_no_key_belongs_to_two_rows),
        cmocka_unit_test(what_belongs_to_a_person_is_marked),
        cmocka_unit_test(paths_with_indexes_and_labels_are_found),
        cmocka_unit_test(paths_that_do_not_exist_are_not_found),
        cmocka_unit_test(lists_and_groups_are_told_apart),
        cmocka_unit_test(requests_for_paths_that_are_not_there_say_so),
        cmocka_unit_test(values_carry_their_row_even_when_absent),
        cmocka_unit_test(present_paths_come_in_table_order_and_entry_by_entry),
        cmocka_unit_test(own_value_stays_beside_a_common_one_that_differs),
        cmocka_unit_test(path_that_does_not_fit_is_refused),
        cmocka_unit_test(every_path_of_the_table_fits_its_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
