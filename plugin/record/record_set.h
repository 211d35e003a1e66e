/* The record set from the inside, for record_store.c, record_finish.c and record.c. */
#ifndef RECORD_SET_H
#define RECORD_SET_H

#include "build.h"

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
#define HAS_WORDS  4

struct list_size {
    const struct field *list;
    size_t n;
};

struct record {
    struct stored *values; /* sorted once the set is finished */
    size_t n, cap;
    struct list_size lists[LIST_KINDS];
    uint64_t has[HAS_WORDS]; /* a bit for each order that a value may have: most rows have none */
    bool burden_unread;
};

struct drift {
    int32_t line;
    size_t path_at, raw_at;
};

struct record_set {
    struct bytes texts;
    struct record common;
    struct record *records;
    size_t n, records_cap, results;
    struct drift *drift;
    size_t drift_n, drift_cap;
    bool app, card;
};

static inline const char *stored_text(const struct record_set *set, size_t at) {
    return bytes_text(&set->texts) + at;
}

/* Room for one item more; the old block is wiped. Null: out of memory, the block is as it was. */
void *record_grow(void *p, size_t n, size_t *cap, size_t item);
int32_t stored_append(struct record *record, const struct stored *value);
/* One without a value, for the place. */
struct stored stored_at(const struct record_place *place);
void stored_sort(struct record *record);
/* Where the values of a path stand in a sorted record. */
void stored_place(const struct field_ref *ref, struct record_place *out);
/* False where no value of the record can be of the place: that is known without a search. */
bool stored_may_be(const struct record *record, const struct record_place *place);
bool record_may_say(const struct record_set *set, size_t record, const struct record_place *place);
/* The entries of a list, as field_list_of gives it. */
size_t record_entries(const struct record_set *set, size_t record, const struct field *list);
/* In a sorted record, or null. */
const struct stored *stored_find(const struct record *record, const struct record_place *place);

#endif
