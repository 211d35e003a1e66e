/* Records made from paths and values as a source writes them. Include cmocka first. */
#ifndef RECORD_HELP_H
#define RECORD_HELP_H

#include <string.h>

#include "build.h"

struct pair {
    const char *path, *value;
};

static inline void put_pair(struct record_set *set, const struct pair *pair) {
    struct field_ref ref;
    bool unknown_code;
    size_t entry;
    assert_true(field_resolve(pair->path, strlen(pair->path), &ref));
    const struct field *list = field_list_of(ref.field);
    if (list != NULL) {
        assert_int_equal(record_add_entry(set, list, &entry), SHK_OK);
    }
    assert_int_equal(record_put(set, false, &ref, pair->value, strlen(pair->value), &unknown_code),
                     SHK_OK);
}

/* Adds a record; `pairs` ends with a null path. */
static inline void add_record(struct record_set *set, const struct pair *pairs) {
    assert_int_equal(record_add(set), SHK_OK);
    for (const struct pair *p = pairs; p->path != NULL; p++) {
        put_pair(set, p);
    }
}

static inline struct record_set *set_of(const struct pair *pairs) {
    struct record_set *set = record_set_new();
    assert_non_null(set);
    add_record(set, pairs);
    assert_int_equal(record_finish(set), SHK_OK);
    return set;
}

#define SET(...) set_of((const struct pair[]){__VA_ARGS__, {NULL, NULL}})

static inline struct value look(const struct record_set *set, size_t record, const char *path) {
    struct value value;
    assert_int_equal(record_value(set, record, path, strlen(path), &value), SHK_OK);
    return value;
}

static inline void assert_is(const struct record_set *set, const char *path, const char *text) {
    struct value value = look(set, 1, path);
    assert_int_equal(value.state, VALUE_PRESENT);
    assert_string_equal(value.text, text);
}

static inline void assert_absent(const struct record_set *set, const char *path) {
    assert_int_equal(look(set, 1, path).state, VALUE_ABSENT);
}

/* "" for absent. */
static inline void assert_derived(const struct record_set *set, const char *name,
                                  const char *text) {
    char path[64];
    text_format(path, sizeof path, "derived.%s", name);
    if (text[0] == '\0') {
        assert_absent(set, path);
    } else {
        assert_is(set, path, text);
    }
}

#endif
