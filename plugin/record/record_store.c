#include <stdlib.h>
#include <string.h>

#include "record_set.h"
#include "value.h"

#define TEXTS_USUAL 1000 /* bytes of the texts of one person */

struct record_set *record_set_new(void) {
    return calloc(1, sizeof(struct record_set));
}

static void clear_record(struct record *record) {
    if (record->values != NULL) {
        memory_wipe(record->values, record->n * sizeof *record->values);
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
    struct bytes *texts = &set->texts;
    if (n > SIZE_MAX / 4 - texts->n) {
        return SHK_E_MEMORY;
    }
    size_t end = texts->n + n + 1;
    int32_t rc = bytes_reserve(texts, end < TEXTS_USUAL ? TEXTS_USUAL : end);
    if (rc == SHK_OK) {
        if (n > 0) {
            memcpy(texts->p + texts->n, p, n);
        }
        memset(texts->p + end - 1, 0, 2);
        *at = texts->n;
        texts->n = end;
    }
    return rc;
}

/* The value in the record's form, its text kept. */
static int32_t make(struct record_set *set, const struct field_ref *ref, const char *p, size_t n,
                    struct stored *out, bool *unknown_code) {
    struct reading reading;
    struct record_place place;
    stored_place(ref, &place);
    *out = stored_at(&place);
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
        memory_wipe(&from->values[from->n], sizeof *found);
    }
}

int32_t record_drift(struct record_set *set, int32_t line, const char *path, const char *raw,
                     size_t n) {
    if (set->drift_n == DRIFT_MAX) {
        return SHK_E_XML;
    }
    struct drift *drift = record_grow(set->drift, set->drift_n, &set->drift_cap, sizeof *drift);
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
