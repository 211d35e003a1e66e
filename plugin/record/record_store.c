#include <stdlib.h>
#include <string.h>

#include "record_set.h"
#include "value.h"

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

/* Nearly every answer has one or two. */
static bool has_room(struct record_set *set) {
    if (set->n < set->records_cap) {
        return true;
    }
    size_t cap = set->records_cap == 0 ? 2 : set->records_cap * 2;
    struct record *grown = calloc(cap, sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    if (set->n > 0) {
        memcpy(grown, set->records, set->n * sizeof *grown);
    }
    free(set->records);
    set->records = grown;
    set->records_cap = cap;
    return true;
}

int32_t record_add(struct record_set *set) {
    if (set->n == RECORD_MAX) {
        return SHK_E_VALUE;
    }
    if (!has_room(set)) {
        return SHK_E_MEMORY;
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

int32_t stored_append(struct record *record, const struct stored *value) {
    struct stored *values = grow(record->values, record->n, &record->cap, sizeof *values);
    if (values == NULL) {
        return SHK_E_MEMORY;
    }
    record->values = values;
    values[record->n++] = *value;
    return SHK_OK;
}

void stored_place(const struct field_ref *ref, struct record_place *out) {
    const struct field *list = field_list_of(ref->field);
    size_t row = field_index(ref->field);
    *out = (struct record_place){.field = ref->field,
                                 .order = (uint32_t)(list != NULL ? field_index(list) : row),
                                 .entry = (uint32_t)ref->entry,
                                 .row = (uint32_t)row,
                                 .label = ref->label};
}

static struct stored stored_key(const struct record_place *place) {
    return (struct stored){.order = place->order, .entry = place->entry, .row = place->row};
}

/* The value in the record's form, its text kept. */
static int32_t make(struct record_set *set, const struct field_ref *ref, const char *p, size_t n,
                    struct stored *out, bool *unknown_code) {
    struct reading reading;
    struct record_place place;
    stored_place(ref, &place);
    *out = stored_key(&place);
    int32_t rc = value_read(ref->field, p, n, &reading);
    *unknown_code = reading.unknown_code;
    if (rc == SHK_OK) {
        rc = keep_text(set, reading.text, reading.len, &out->at);
    }
    out->state = reading.state;
    out->len = reading.len;
    out->is_number = reading.is_number;
    out->number = reading.number;
    out->code = reading.code;
    memory_wipe(&reading, sizeof reading);
    return rc;
}

static int32_t put(struct record_set *set, struct record *record, const struct field_ref *ref,
                   const char *p, size_t n, bool *unknown_code) {
    struct stored value;
    int32_t rc = make(set, ref, p, n, &value, unknown_code);
    return rc == SHK_OK ? stored_append(record, &value) : rc;
}

int32_t record_put(struct record_set *set, bool common, const struct field_ref *ref, const char *p,
                   size_t n, bool *unknown_code) {
    struct record *record = common ? &set->common : &set->records[set->n - 1];
    return put(set, record, ref, p, n, unknown_code);
}

int32_t record_put_derived(struct record_set *set, size_t record, const struct field *field,
                           const char *p, size_t n) {
    struct field_ref ref = {.field = field};
    bool unknown_code;
    return put(set, &set->records[record - 1], &ref, p, n, &unknown_code);
}

static struct stored *find_stored(struct record_set *set, size_t record,
                                  const struct field_ref *ref) {
    struct record_place place;
    struct record *from = &set->records[record - 1];
    stored_place(ref, &place);
    const struct stored *found = stored_find(from, &place);
    return found != NULL ? &from->values[found - from->values] : NULL;
}

int32_t record_put_again(struct record_set *set, size_t record, const struct field_ref *ref,
                         const char *p, size_t n) {
    struct stored value;
    bool unknown_code;
    if (record < 1 || record > record_count(set)) {
        return SHK_E_ABSENT;
    }
    int32_t rc = make(set, ref, p, n, &value, &unknown_code);
    struct stored *found = find_stored(set, record, ref);
    if (rc == SHK_OK && found != NULL) {
        *found = value;
    } else if (rc == SHK_OK) {
        rc = stored_append(&set->records[record - 1], &value);
        stored_sort(&set->records[record - 1]);
    }
    return rc;
}

void record_drop(struct record_set *set, size_t record, const struct field_ref *ref) {
    struct record *from = &set->records[record - 1];
    struct stored *found = find_stored(set, record, ref);
    if (found != NULL) {
        size_t after = from->n - (size_t)(found - from->values) - 1;
        memmove(found, found + 1, after * sizeof *found);
        from->n--;
    }
}

int32_t record_drift(struct record_set *set, int32_t line, const char *path, const char *raw,
                     size_t n) {
    if (set->drift_n == DRIFT_MAX) {
        return SHK_E_XML;
    }
    struct drift *drift = grow(set->drift, set->drift_n, &set->drift_cap, sizeof *drift);
    if (drift == NULL) {
        return SHK_E_MEMORY;
    }
    set->drift = drift;
    struct drift *one = &drift[set->drift_n];
    one->line = line;
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

void stored_sort(struct record *record) {
    if (record->n > 1) {
        qsort(record->values, record->n, sizeof *record->values, compare_stored);
    }
}

const struct stored *stored_find(const struct record *record, const struct record_place *place) {
    struct stored key = stored_key(place);
    if (record->n == 0) {
        return NULL;
    }
    return bsearch(&key, record->values, record->n, sizeof key, compare_stored);
}
