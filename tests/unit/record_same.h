/* Two sets that cannot be told apart. Include cmocka first. */
#ifndef RECORD_SAME_H
#define RECORD_SAME_H

#include <string.h>

#include "match.h"
#include "outcome.h"

static inline void assert_same_value(const struct record_set *a, const struct record_set *b,
                                     size_t record, size_t index) {
    char left[FIELD_PATH_MAX], right[FIELD_PATH_MAX];
    struct value x, y;
    assert_int_equal(record_path_at(a, record, index, left, sizeof left), SHK_OK);
    assert_int_equal(record_path_at(b, record, index, right, sizeof right), SHK_OK);
    assert_string_equal(left, right);
    assert_int_equal(record_value(a, record, left, strlen(left), &x), SHK_OK);
    assert_int_equal(record_value(b, record, left, strlen(left), &y), SHK_OK);
    assert_int_equal(x.state, y.state);
    assert_int_equal(x.len, y.len);
    assert_memory_equal(x.text, y.text, x.len);
    assert_int_equal(x.is_number, y.is_number);
    assert_int_equal(x.number, y.number);
    assert_ptr_equal(x.field, y.field);
}

static inline void assert_same_lists(const struct record_set *a, const struct record_set *b,
                                     size_t record) {
    for (size_t i = 0; i < field_count(); i++) {
        const struct field *list = field_list_of(field_at(i));
        size_t n = list != NULL ? strcspn(list->path, "[") : 0, left = 0, right = 0;
        if (list != NULL) {
            assert_int_equal(record_list_count(a, record, list->path, n, &left), SHK_OK);
            assert_int_equal(record_list_count(b, record, list->path, n, &right), SHK_OK);
            assert_int_equal(left, right);
        }
    }
}

static inline void assert_same_drift(const struct record_set *a, const struct record_set *b) {
    assert_int_equal(record_drift_count(a), record_drift_count(b));
    for (size_t i = 0; i < record_drift_count(a); i++) {
        const char *left, *right;
        assert_string_equal(record_drift_at(a, i, &left), record_drift_at(b, i, &right));
        assert_string_equal(left, right);
        assert_int_equal(record_drift_line(a, i), record_drift_line(b, i));
    }
}

static inline void assert_frozen_same(const struct record_set *a, const struct record_set *b) {
    assert_int_equal(record_count(a), record_count(b));
    assert_int_equal(record_result_count(a), record_result_count(b));
    assert_int_equal(record_is_app(a), record_is_app(b));
    assert_int_equal(record_outcome(a), record_outcome(b));
    assert_int_equal(outcome_fault(a), outcome_fault(b));
    for (size_t r = 1; r <= record_count(a); r++) {
        assert_int_equal(record_outcome_at(a, r), record_outcome_at(b, r));
        assert_int_equal(record_is_burden_unread(a, r), record_is_burden_unread(b, r));
        assert_int_equal(record_path_count(a, r), record_path_count(b, r));
        for (size_t i = 0; i < record_path_count(a, r); i++) {
            assert_same_value(a, b, r, i);
        }
        assert_same_lists(a, b, r);
    }
    assert_same_drift(a, b);
}

/* Freezes and thaws; the set that comes back says the same and freezes to the same bytes. */
static inline void assert_freezes(const struct record_set *set) {
    struct bytes frozen = {0}, again = {0};
    struct record_set *thawed = NULL;
    assert_int_equal(record_freeze(set, &frozen), SHK_OK);
    assert_int_equal(record_thaw(frozen.p, frozen.n, &thawed), SHK_OK);
    assert_frozen_same(set, thawed);
    assert_int_equal(record_freeze(thawed, &again), SHK_OK);
    assert_int_equal(frozen.n, again.n);
    assert_memory_equal(frozen.p, again.p, again.n);
    record_free(&thawed);
    bytes_clear(&frozen);
    bytes_clear(&again);
}

#endif
