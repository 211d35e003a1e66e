#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app_stage.h"
#include "bytes.h"
#include "slurp.h"

struct app_words *app_words;
struct record_set *app_set;
struct fault app_why;

static struct bytes changed;

int app_set_up(void **state) {
    (void)state;
    app_words = app_words_new();
    return app_words != NULL ? 0 : -1;
}

int app_tear_down(void **state) {
    (void)state;
    record_free(&app_set);
    app_words_free(&app_words);
    bytes_clear(&changed);
    fault_clear(&app_why);
    return 0;
}

int32_t app_take(const char *text, size_t n) {
    record_free(&app_set);
    fault_clear(&app_why);
    char *exact = malloc(n > 0 ? n : 1);
    assert_non_null(exact);
    memcpy(exact, text, n);
    int32_t rc = app_read(exact, n, 1, app_words, &app_set, &app_why);
    memset(exact, 'x', n); /* the set borrows nothing */
    free(exact);
    assert_int_equal(rc, app_why.code);
    assert_true((rc == SHK_OK) == (app_set != NULL));
    return rc;
}

int32_t app_take_text(const char *text) {
    return app_take(text, strlen(text));
}

const char *app_file(const char *name, size_t *n) {
    char path[512];
    snprintf(path, sizeof path, "%s/app/%s", TEST_DATA, name);
    return slurp(path, n);
}

int32_t app_take_file(const char *name) {
    size_t n;
    const char *text = app_file(name, &n);
    return app_take(text, n);
}

const char *app_changed(const char *name, const char *from, const char *to) {
    const char *text = app_file(name, NULL);
    bool found = false;
    bytes_clear(&changed);
    for (const char *at = strstr(text, from); at != NULL; at = strstr(text, from)) {
        found = true;
        assert_int_equal(bytes_append(&changed, text, (size_t)(at - text)), SHK_OK);
        assert_int_equal(bytes_append_text(&changed, to), SHK_OK);
        text = at + strlen(from);
    }
    assert_true(found);
    assert_int_equal(bytes_append_text(&changed, text), SHK_OK);
    return bytes_text(&changed);
}

static struct value value_of(size_t record, const char *path) {
    struct value value;
    assert_non_null(app_set);
    int32_t rc = record_value(app_set, record, path, strlen(path), &value);
    if (rc != SHK_OK) {
        fail_msg("%s of record %zu gives %d", path, record, (int)rc);
    }
    return value;
}

void app_assert(size_t record, const char *path, const char *text) {
    struct value value = value_of(record, path);
    if (text == NULL && value.state == VALUE_PRESENT) {
        fail_msg("%s of record %zu is there", path, record);
    }
    if (text != NULL && (value.state != VALUE_PRESENT || strcmp(value.text, text) != 0)) {
        fail_msg("%s of record %zu is \"%s\", not \"%s\"", path, record, value.text, text);
    }
}

void app_assert_number(size_t record, const char *path, int64_t number) {
    struct value value = value_of(record, path);
    assert_true(value.is_number);
    assert_int_equal(value.number, number);
}

void app_assert_drift(size_t index, const char *path, int32_t line, const char *raw) {
    const char *own_raw = "";
    const char *own = record_drift_at(app_set, index, &own_raw);
    if (own == NULL) {
        fail_msg("no drift %zu: %s", index, path);
        return;
    }
    assert_string_equal(own, path);
    assert_string_equal(own_raw, raw);
    assert_int_equal(record_drift_line(app_set, index), line);
}

void app_assert_refused(int32_t rc, int32_t code, const char *where) {
    assert_int_equal(rc, code);
    assert_string_equal(app_why.where, where);
}
