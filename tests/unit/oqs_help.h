/* Small helpers for tests that read OQS XML. Include cmocka first. */
#ifndef OQS_HELP_H
#define OQS_HELP_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"

#define UTF8_DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\r\n"
#define HEADER                                                                                     \
    "<MessageHeader><SegmentOfResult>1</SegmentOfResult>"                                          \
    "<QualificationConfirmationDate>20250602</QualificationConfirmationDate></MessageHeader>\n"
#define VALID                                                                                      \
    "<ProcessingResultStatus>1</ProcessingResultStatus>"                                           \
    "<QualificationValidity>1</QualificationValidity>"
#define BODY(inside) "<XmlMsg>" HEADER "<MessageBody>" inside "</MessageBody></XmlMsg>"
#define RESULT(inside)                                                                             \
    "<ResultOfQualificationConfirmation>" inside "</ResultOfQualificationConfirmation>"
#define ANSWER(inside) BODY(VALID "<ResultList>" RESULT(inside) "</ResultList>")

struct sample {
    uint8_t *p;
    size_t n;
};

static inline struct sample sample_read(const char *name) {
    char path[512];
    struct sample s = {0};
    assert_true(text_format(path, sizeof path, "%s/oqs/%s", TEST_DATA, name) < sizeof path);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    s.p = malloc(65536);
    assert_non_null(s.p);
    s.n = fread(s.p, 1, 65536, file);
    fclose(file);
    assert_true(s.n > 0 && s.n < 65536);
    return s;
}

static inline struct record_set *read_bytes(const void *p, size_t n, int32_t expected,
                                            struct fault *why) {
    struct record_set *set = NULL;
    struct fault unasked = {0};
    struct fault *said = why != NULL ? why : &unasked;
    *said = (struct fault){0};
    assert_int_equal(oqs_read(p, n, NULL, &set, said), expected);
    assert_int_equal(said->code, expected);
    return set;
}

static inline struct record_set *read_text(const char *xml, int32_t expected) {
    return read_bytes(xml, strlen(xml), expected, NULL);
}

static inline struct record_set *read_sample(const char *name, int32_t expected) {
    struct sample s = sample_read(name);
    struct record_set *set = read_bytes(s.p, s.n, expected, NULL);
    free(s.p);
    return set;
}

static inline struct value value_at(const struct record_set *set, size_t record, const char *path) {
    struct value value;
    assert_int_equal(record_value(set, record, path, strlen(path), &value), SHK_OK);
    return value;
}

static inline void assert_value(const struct record_set *set, size_t record, const char *path,
                                const char *text) {
    struct value value = value_at(set, record, path);
    assert_int_equal(value.state, VALUE_PRESENT);
    assert_string_equal(value.text, text);
    assert_int_equal(value.len, strlen(text));
}

static inline void assert_state(const struct record_set *set, size_t record, const char *path,
                                enum value_state state) {
    struct value value = value_at(set, record, path);
    assert_int_equal(value.state, state);
    assert_string_equal(value.text, "");
}

/* The raw text of a drift, which must be there exactly once. */
static inline const char *drift_raw(const struct record_set *set, const char *path) {
    const char *found = NULL, *raw = NULL;
    for (size_t i = 0; i < record_drift_count(set); i++) {
        if (text_equal(record_drift_at(set, i, &raw), path)) {
            assert_null(found);
            found = raw;
        }
    }
    assert_non_null(found);
    return found;
}

/* Both say the same at every path. */
static inline void assert_same_records(const struct record_set *a, const struct record_set *b,
                                       const char *but) {
    assert_int_equal(record_count(a), record_count(b));
    for (size_t record = 1; record <= record_count(a); record++) {
        assert_int_equal(record_path_count(a, record), record_path_count(b, record));
        for (size_t i = 0; i < record_path_count(a, record); i++) {
            char left[128], right[128];
            assert_int_equal(record_path_at(a, record, i, left, sizeof left), SHK_OK);
            assert_int_equal(record_path_at(b, record, i, right, sizeof right), SHK_OK);
            assert_string_equal(left, right);
            struct value x = value_at(a, record, left), y = value_at(b, record, left);
            assert_int_equal(x.state, y.state);
            assert_int_equal(x.is_number, y.is_number);
            assert_int_equal(x.number, y.number);
            if (but == NULL || !text_starts(left, but)) {
                assert_string_equal(x.text, y.text);
            }
        }
    }
}

/* And keep the same drift. */
static inline void assert_same_set(const struct record_set *a, const struct record_set *b) {
    assert_same_records(a, b, NULL);
    assert_int_equal(record_drift_count(a), record_drift_count(b));
    for (size_t i = 0; i < record_drift_count(a); i++) {
        const char *left = NULL, *right = NULL;
        assert_string_equal(record_drift_at(a, i, &left), record_drift_at(b, i, &right));
        assert_string_equal(left, right);
        assert_int_equal(record_drift_line(a, i), record_drift_line(b, i));
    }
}

static inline void assert_where(const char *xml, int32_t code, const char *where, int32_t line) {
    struct fault why;
    struct record_set *set = read_bytes(xml, strlen(xml), code, &why);
    assert_null(set);
    assert_string_equal(why.where, where);
    assert_int_equal(why.native_kind, SHK_NATIVE_XML_LINE);
    assert_int_equal(why.native, line);
}

#endif
