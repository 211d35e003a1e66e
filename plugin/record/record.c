#include "build.h"

#include <stdlib.h>
#include <string.h>

#include "value.h"

/* All texts lie one after another in one buffer, so that one wipe covers them. */
struct stored {
    uint32_t order; /* place of the row, or of its list's first row, in the table */
    uint32_t entry, row;
    enum value_state state;
    size_t at, len;
    bool is_number;
    int64_t number;
    const struct code_row *code;
};

#define LIST_KINDS 8

struct list_size {
    const struct field *list;
    size_t n;
};

struct record {
    struct stored *values;
    size_t n, cap;
    struct list_size lists[LIST_KINDS];
};

struct drift {
    size_t path_at, raw_at;
};

struct record_set {
    struct bytes texts;
    struct record common;
    struct record *records;
    size_t n, results;
    struct drift *drift;
    size_t drift_n, drift_cap;
};

/* Room for one item more; the old block is wiped. Null: out of memory, the block is as it was. */
static void *grow(void *p, size_t n, size_t *cap, size_t item) {
    if (n < *cap) {
        return p;
    }
    size_t bigger = *cap == 0 ? 32 : *cap * 2;
    void *fresh = calloc(bigger, item);
    if (fresh == NULL) {
        return NULL;
    }
    if (n > 0) {
        memcpy(fresh, p, n * item);
        memory_wipe(p, n * item);
    }
    free(p);
    *cap = bigger;
    return fresh;
}

struct record_set *record_set_new(void) {
    return calloc(1, sizeof(struct record_set));
}

static void clear_record(struct record *record) {
    if (record->values != NULL) {
        memory_wipe(record->values, record->cap * sizeof *record->values);
        free(record->values);
    }
    *record = (struct record){0};
}

void record_free(struct record_set **set) {
    if (set == NULL || *set == NULL) {
        return;
    }
    struct record_set *old = *set;
    *set = NULL;
    bytes_clear(&old->texts);
    clear_record(&old->common);
    for (size_t i = 0; i < old->n; i++) {
        clear_record(&old->records[i]);
    }
    free(old->records);
    free(old->drift);
    free(old);
}

int32_t record_add(struct record_set *set) {
    if (set->n == RECORD_MAX) {
        return SHK_E_VALUE;
    }
    if (set->records == NULL) {
        set->records = calloc(RECORD_MAX, sizeof *set->records);
        if (set->records == NULL) {
            return SHK_E_MEMORY;
        }
    }
    set->n++;
    set->results++;
    return SHK_OK;
}

static struct list_size *size_of_list(struct record *record, const struct field *list) {
    struct list_size *size = record->lists;
    while (size->list != NULL && size->list != list) {
        size++;
    }
    size->list = list;
    return size;
}

int32_t record_add_entry(struct record_set *set, const struct field *list, size_t *entry) {
    struct list_size *size = size_of_list(&set->records[set->n - 1], list);
    if (size->n == RECORD_MAX) {
        return SHK_E_VALUE;
    }
    *entry = ++size->n;
    return SHK_OK;
}

/* Appends a terminated text to the buffer. */
static int32_t keep_text(struct record_set *set, const char *p, size_t n, size_t *at) {
    *at = set->texts.n;
    int32_t rc = bytes_append(&set->texts, p, n);
    return rc == SHK_OK ? bytes_append_byte(&set->texts, 0) : rc;
}

static int32_t append_value(struct record *record, const struct stored *value) {
    struct stored *values = grow(record->values, record->n, &record->cap, sizeof *values);
    if (values == NULL) {
        return SHK_E_MEMORY;
    }
    record->values = values;
    values[record->n++] = *value;
    return SHK_OK;
}

static struct stored stored_key(const struct field_ref *ref) {
    const struct field *list = field_list_of(ref->field);
    size_t row = field_index(ref->field);
    return (struct stored){.order = (uint32_t)(list != NULL ? field_index(list) : row),
                           .entry = (uint32_t)ref->entry,
                           .row = (uint32_t)row};
}

int32_t record_put(struct record_set *set, bool common, const struct field_ref *ref, const char *p,
                   size_t n, bool *unknown_code) {
    struct reading reading;
    struct stored value = stored_key(ref);
    int32_t rc = value_read(ref->field, p, n, &reading);
    *unknown_code = reading.unknown_code;
    if (rc == SHK_OK) {
        rc = keep_text(set, reading.text, reading.len, &value.at);
    }
    if (rc == SHK_OK) {
        value.state = reading.state;
        value.len = reading.len;
        value.is_number = reading.is_number;
        value.number = reading.number;
        value.code = reading.code;
        rc = append_value(common ? &set->common : &set->records[set->n - 1], &value);
    }
    memory_wipe(&reading, sizeof reading);
    return rc;
}

int32_t record_drift(struct record_set *set, const char *path, const char *raw, size_t n) {
    if (set->drift_n == DRIFT_MAX) {
        return SHK_E_XML;
    }
    struct drift *drift = grow(set->drift, set->drift_n, &set->drift_cap, sizeof *drift);
    if (drift == NULL) {
        return SHK_E_MEMORY;
    }
    set->drift = drift;
    struct drift *one = &drift[set->drift_n];
    int32_t rc = keep_text(set, path, strlen(path), &one->path_at);
    if (rc == SHK_OK) {
        rc = keep_text(set, raw, n, &one->raw_at);
    }
    if (rc == SHK_OK) {
        set->drift_n++;
    }
    return rc;
}

static int compare_stored(const void *left, const void *right) {
    const struct stored *a = left, *b = right;
    if (a->order != b->order) {
        return a->order < b->order ? -1 : 1;
    }
    if (a->entry != b->entry) {
        return a->entry < b->entry ? -1 : 1;
    }
    return a->row < b->row ? -1 : a->row > b->row;
}

static void sort_values(struct record *record) {
    if (record->n > 1) {
        qsort(record->values, record->n, sizeof *record->values, compare_stored);
    }
}

static const struct stored *find_value(const struct record *record, const struct field_ref *ref) {
    struct stored key = stored_key(ref);
    if (record->n == 0) {
        return NULL;
    }
    return bsearch(&key, record->values, record->n, sizeof key, compare_stored);
}

static const char *text_at(const struct record_set *set, size_t at) {
    return bytes_text(&set->texts) + at;
}

/* The result's own value is nearer to the person than the common one, which is then drift. */
static int32_t report_difference(struct record_set *set, const struct field *field,
                                 const struct stored *own, const struct stored *common) {
    if (text_equal(text_at(set, own->at), text_at(set, common->at))) {
        return SHK_OK;
    }
    char path[256];
    int element_n = (int)strcspn(field->element, "|");
    text_format(path, sizeof path, "%.*s=differs", element_n, field->element);
    struct bytes raw = {0};
    int32_t rc = bytes_append(&raw, text_at(set, common->at), common->len);
    if (rc == SHK_OK) {
        rc = record_drift(set, path, bytes_text(&raw), raw.n);
    }
    bytes_clear(&raw);
    return rc;
}

static int32_t spread_common(struct record_set *set, struct record *record) {
    int32_t rc = SHK_OK;
    sort_values(record);
    size_t own_n = record->n;
    for (size_t i = 0; rc == SHK_OK && i < set->common.n; i++) {
        const struct stored *common = &set->common.values[i];
        struct record own = {.values = record->values, .n = own_n};
        struct field_ref ref = {.field = field_at(common->row)};
        const struct stored *found = find_value(&own, &ref);
        rc = found != NULL ? report_difference(set, ref.field, found, common)
                           : append_value(record, common);
    }
    sort_values(record);
    return rc;
}

int32_t record_finish(struct record_set *set) {
    size_t results = set->results;
    int32_t rc = set->n == 0 ? record_add(set) : SHK_OK;
    set->results = results;
    for (size_t i = 0; rc == SHK_OK && i < set->n; i++) {
        rc = spread_common(set, &set->records[i]);
    }
    return rc;
}

size_t record_result_count(const struct record_set *set) {
    return set->results;
}

size_t record_count(const struct record_set *set) {
    return set != NULL ? set->n : 0;
}

static const struct record *record_get(const struct record_set *set, size_t record) {
    return record >= 1 && record <= record_count(set) ? &set->records[record - 1] : NULL;
}

static void show_label(const struct stored *stored, struct value *out) {
    if (stored->state == VALUE_EMPTY) {
        out->state = VALUE_EMPTY;
    } else if (stored->code != NULL) {
        out->state = VALUE_PRESENT;
        out->text = stored->code->label;
        out->len = strlen(out->text);
    }
}

static void show_value(const struct record_set *set, const struct stored *stored,
                       struct value *out) {
    out->state = stored->state;
    out->text = text_at(set, stored->at);
    out->len = stored->len;
    out->is_number = stored->is_number;
    out->number = stored->number;
}

int32_t record_value(const struct record_set *set, size_t record, const char *path, size_t n,
                     struct value *out) {
    struct field_ref ref;
    *out = (struct value){.text = ""};
    if (!field_resolve(path, n, &ref)) {
        return SHK_E_PATH;
    }
    out->field = ref.field;
    const struct record *from = record_get(set, record);
    if (from == NULL) {
        return SHK_E_ABSENT;
    }
    const struct stored *stored = find_value(from, &ref);
    if (stored != NULL && ref.label) {
        show_label(stored, out);
    } else if (stored != NULL) {
        show_value(set, stored, out);
    }
    return SHK_OK;
}

int32_t record_list_count(const struct record_set *set, size_t record, const char *path, size_t n,
                          size_t *out) {
    const struct field *list = field_list(path, n);
    const struct record *from = record_get(set, record);
    *out = 0;
    if (list == NULL || from == NULL) {
        return list == NULL ? SHK_E_PATH : SHK_E_ABSENT;
    }
    for (size_t i = 0; i < LIST_KINDS; i++) {
        if (from->lists[i].list == list) {
            *out = from->lists[i].n;
        }
    }
    return SHK_OK;
}

static size_t paths_of(const struct stored *stored) {
    return stored->code != NULL ? 2 : 1;
}

size_t record_path_count(const struct record_set *set, size_t record) {
    const struct record *from = record_get(set, record);
    size_t count = 0;
    for (size_t i = 0; from != NULL && i < from->n; i++) {
        count += paths_of(&from->values[i]);
    }
    return count;
}

int32_t record_path_at(const struct record_set *set, size_t record, size_t index, char *path,
                       size_t cap) {
    const struct record *from = record_get(set, record);
    if (cap > 0) {
        path[0] = '\0';
    }
    for (size_t i = 0; from != NULL && i < from->n; i++) {
        const struct stored *stored = &from->values[i];
        if (index < paths_of(stored)) {
            struct field_ref ref = {field_at(stored->row), stored->entry, index == 1};
            return field_path(&ref, path, cap) ? SHK_OK : SHK_E_ARGUMENT;
        }
        index -= paths_of(stored);
    }
    return SHK_E_ABSENT;
}

size_t record_drift_count(const struct record_set *set) {
    return set != NULL ? set->drift_n : 0;
}

const char *record_drift_at(const struct record_set *set, size_t index, const char **raw) {
    bool there = index < record_drift_count(set);
    if (raw != NULL) {
        *raw = there ? text_at(set, set->drift[index].raw_at) : "";
    }
    return there ? text_at(set, set->drift[index].path_at) : NULL;
}
