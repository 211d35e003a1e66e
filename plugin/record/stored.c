#include <stdlib.h>
#include <string.h>

#include "record_set.h"

#define FEW 128 /* values that are not worth a sort of their own memory */

void *record_grow(void *p, size_t n, size_t *cap, size_t item) {
    if (n < *cap) {
        return p;
    }
    size_t bigger = *cap == 0 ? 64 : *cap * 2;
    void *fresh = bigger <= SIZE_MAX / item ? malloc(bigger * item) : NULL;
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

static size_t word_of(uint32_t order) {
    return order / 64 % HAS_WORDS;
}

static uint64_t bit_of(uint32_t order) {
    return UINT64_C(1) << order % 64;
}

int32_t stored_append(struct record *record, const struct stored *value) {
    struct stored *values = record_grow(record->values, record->n, &record->cap, sizeof *values);
    if (values == NULL) {
        return SHK_E_MEMORY;
    }
    record->values = values;
    values[record->n++] = *value;
    record->has[word_of(value->order)] |= bit_of(value->order);
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

struct stored stored_at(const struct record_place *place) {
    return (struct stored){.order = place->order, .entry = place->entry, .row = place->row};
}

static uint64_t first_key(const struct stored *stored) {
    return (uint64_t)stored->order << 32 | stored->entry;
}

static int compare(const struct stored *a, const struct stored *b) {
    uint64_t left = first_key(a), right = first_key(b);
    if (left != right) {
        return left < right ? -1 : 1;
    }
    return a->row < b->row ? -1 : a->row > b->row;
}

static int compare_stored(const void *left, const void *right) {
    return compare(left, right);
}

/* Nearly in order, as sources are, it is brought in order by few moves. */
static void insert_each(struct stored *values, size_t n) {
    for (size_t i = 1; i < n; i++) {
        if (compare(&values[i - 1], &values[i]) <= 0) {
            continue;
        }
        struct stored one = values[i];
        size_t at = i - 1;
        while (at > 0 && compare(&values[at - 1], &one) > 0) {
            at--;
        }
        memmove(&values[at + 1], &values[at], (i - at) * sizeof one);
        values[at] = one;
    }
}

void stored_sort(struct record *record) {
    if (record->n <= FEW) {
        insert_each(record->values, record->n);
    } else {
        qsort(record->values, record->n, sizeof *record->values, compare_stored);
    }
}

bool stored_may_be(const struct record *record, const struct record_place *place) {
    return (record->has[word_of(place->order)] & bit_of(place->order)) != 0;
}

const struct stored *stored_find(const struct record *record, const struct record_place *place) {
    if (!stored_may_be(record, place)) {
        return NULL;
    }
    struct stored key = stored_at(place);
    size_t from = 0, to = record->n;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = compare(&key, &record->values[middle]);
        if (order == 0) {
            return &record->values[middle];
        }
        if (order < 0) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    return NULL;
}
