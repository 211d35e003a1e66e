#include "fields.h"

#include <stdatomic.h>
#include <string.h>

#include "thread.h"

#define TABLE(name, title)             static const struct code_row name[] = {
#define CODE(table, code, word, label) {code, word, label},
#define END(table)                                                                                 \
    { NULL, NULL, NULL }                                                                           \
    }                                                                                              \
    ;
#include "codes.def"
#undef TABLE
#undef CODE
#undef END

#define TABLE(name, title) {#name, title, name},
#define CODE(table, code, word, label)
#define END(table)

static const struct code_table tables[] = {
#include "codes.def"
};

#define NONE     NULL
#define PERSONAL true
#define GENERAL  false
#define FIELD(path, type, limit, element, app, table, personal, japanese, english)                 \
    {#path, limit, element, app, japanese, english, table, FIELD_##type, personal},

static const struct field rows[] = {
#include "fields.def"
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])

#define INDEX_DIGITS 6
#define BUCKETS      512

size_t field_count(void) {
    return ROW_COUNT;
}

size_t code_table_count(void) {
    return sizeof tables / sizeof tables[0];
}

const struct code_table *code_table_at(size_t index) {
    return index < code_table_count() ? &tables[index] : NULL;
}

const struct field *field_at(size_t index) {
    return index < ROW_COUNT ? &rows[index] : NULL;
}

size_t field_index(const struct field *field) {
    return (size_t)(field - rows);
}

/* Reads "[12]" or "[]"; false for any other bracket. An entry of 0 is no entry. */
static bool take_index(const char **p, const char *end, size_t *entry) {
    const char *at = *p + 1;
    size_t value = 0, digits = 0;
    for (; at < end && char_is_digit(*at) && digits < INDEX_DIGITS; at++, digits++) {
        value = value * 10 + (size_t)(*at - '0');
    }
    if (at >= end || *at != ']' || (digits > 0 && value == 0)) {
        return false;
    }
    *entry = digits > 0 ? value : 1;
    *p = at + 1;
    return true;
}

/* Compares a concrete path with a row's path or the first row_n bytes of it. */
static bool path_matches(const char *row, size_t row_n, const char *p, size_t n, size_t *entry) {
    const char *end = p + n, *row_end = row + row_n;
    *entry = 0;
    while (row < row_end) {
        if (*row == '[') {
            *entry = 1;
            if (p < end && *p == '[' && !take_index(&p, end, entry)) {
                return false;
            }
            row += 2;
        } else if (p < end && *p == *row) {
            p++;
            row++;
        } else {
            return false;
        }
    }
    return p == end;
}

/* Scripts look names up while a patient waits; most rows are passed over by their first letters. */
static bool begins_alike(const struct field *row, const char *path, size_t n) {
    return row->path[0] == path[0] && (n == 1 || row->path[1] == path[1]);
}

/* The same for a row's path and for each way to write it: what stands in brackets is left out. */
static size_t bucket_of(const char *path, size_t n) {
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < n; i++) {
        if (path[i] == '[') {
            const char *end = memchr(path + i, ']', n - i);
            i = end != NULL ? (size_t)(end - path) : n;
        } else {
            hash = (hash ^ (uint8_t)path[i]) * 16777619u;
        }
    }
    return hash % BUCKETS;
}

/* Rows by their paths: number of the first row of a bucket, and of the next one behind each, counted from 1;
 * 0: none. Made once; every answer asks for dozens of rows. */
static uint16_t first_rows[BUCKETS], next_rows[ROW_COUNT];
/* The first row of each row's list, counted from 1; 0: it belongs to none. */
static uint16_t list_rows[ROW_COUNT];
static atomic_bool rows_are_found;

/* The first row whose path begins as this one to its bracket and with it. */
static size_t find_list_row(const char *path) {
    const char *bracket = strchr(path, '[');
    size_t n = bracket != NULL ? (size_t)(bracket - path) + 1 : 0, i = 0;
    while (n > 0 && i < ROW_COUNT && strncmp(rows[i].path, path, n) != 0) {
        i++;
    }
    return n > 0 ? i + 1 : 0;
}

static void sort_rows(void) {
    for (size_t i = ROW_COUNT; i > 0; i--) {
        uint16_t *bucket = &first_rows[bucket_of(rows[i - 1].path, strlen(rows[i - 1].path))];
        next_rows[i - 1] = *bucket;
        *bucket = (uint16_t)i;
        list_rows[i - 1] = (uint16_t)find_list_row(rows[i - 1].path);
    }
    atomic_store_explicit(&rows_are_found, true, memory_order_release);
}

static void find_rows(void) {
    if (!atomic_load_explicit(&rows_are_found, memory_order_acquire)) {
        run_once(sort_rows);
    }
}

static const struct field *find_row(const char *path, size_t n, size_t *entry) {
    find_rows();
    for (size_t i = first_rows[bucket_of(path, n)]; i > 0; i = next_rows[i - 1]) {
        const char *row = rows[i - 1].path;
        if (text_equal_n(row, path, n)) {
            *entry = strchr(row, '[') != NULL ? 1 : 0;
            return &rows[i - 1];
        }
        if (path_matches(row, strlen(row), path, n, entry)) {
            return &rows[i - 1];
        }
    }
    return NULL;
}

static bool ends_with_label(const char *path, size_t n) {
    static const char ending[] = "_label";
    size_t len = sizeof ending - 1;
    return n > len && memcmp(path + n - len, ending, len) == 0;
}

bool field_resolve(const char *path, size_t n, struct field_ref *out) {
    *out = (struct field_ref){0};
    out->field = find_row(path, n, &out->entry);
    if (out->field == NULL && ends_with_label(path, n)) {
        out->field = find_row(path, n - (sizeof "_label" - 1), &out->entry);
        out->label = true;
    }
    return out->field != NULL && (!out->label || out->field->codes != NULL);
}

const struct field *field_find(const char *path, size_t n) {
    struct field_ref ref;
    return field_resolve(path, n, &ref) ? ref.field : NULL;
}

const struct field *field_list(const char *path, size_t n) {
    for (size_t i = 0; n > 0 && i < ROW_COUNT; i++) {
        const char *bracket = begins_alike(&rows[i], path, n) ? strchr(rows[i].path, '[') : NULL;
        if (bracket != NULL && (size_t)(bracket - rows[i].path) == n &&
            memcmp(rows[i].path, path, n) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

const struct field *field_list_of(const struct field *field) {
    find_rows();
    size_t row = list_rows[field_index(field)];
    return row > 0 ? &rows[row - 1] : NULL;
}

bool field_is_derived(const struct field *field) {
    return field->element[0] == '\0' && field->app[0] == '\0';
}

bool field_is_list(const char *path, size_t n) {
    return field_list(path, n) != NULL;
}

bool field_is_group(const char *path, size_t n) {
    if (n == 0 || field_is_list(path, n)) {
        return false;
    }
    for (size_t i = 0; i < ROW_COUNT; i++) {
        size_t entry;
        const char *row = begins_alike(&rows[i], path, n) ? rows[i].path : "";
        for (const char *dot = strchr(row, '.'); dot != NULL; dot = strchr(dot + 1, '.')) {
            if (path_matches(rows[i].path, (size_t)(dot - rows[i].path), path, n, &entry)) {
                return true;
            }
        }
    }
    return false;
}

bool field_path(const struct field_ref *ref, char *path, size_t cap) {
    const char *row = ref->field->path, *label = ref->label ? "_label" : "";
    const char *bracket = strchr(row, '[');
    size_t n = 0;
    if (bracket == NULL) {
        n = text_format(path, cap, "%s%s", row, label);
    } else {
        n = text_format(path, cap, "%.*s[%u]%s%s", (int)(bracket - row), row, (unsigned)ref->entry,
                        bracket + 2, label);
    }
    return n < cap;
}
