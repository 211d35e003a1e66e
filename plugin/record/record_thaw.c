#include <stdlib.h>
#include <string.h>

#include "match.h"
#include "record_freeze.h"
#include "record_set.h"

/* What is left to read. */
struct cursor {
    const uint8_t *p;
    size_t n;
    bool broken;
};

static const uint8_t *take(struct cursor *from, size_t n) {
    static const uint8_t nothing[1];
    if (from->broken || n > from->n) {
        from->broken = true;
        return nothing;
    }
    const uint8_t *p = from->p;
    from->p += n;
    from->n -= n;
    return p;
}

static uint8_t take_byte(struct cursor *from) {
    uint8_t byte = *take(from, 1);
    return from->broken ? 0 : byte;
}

static uint32_t take_number(struct cursor *from) {
    const uint8_t *p = take(from, 4);
    return from->broken ? 0
                        : (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

struct piece {
    const char *p;
    size_t n;
};

static struct piece take_text(struct cursor *from) {
    size_t n = take_number(from);
    const char *p = (const char *)take(from, n);
    return from->broken ? (struct piece){"", 0} : (struct piece){p, n};
}

/* An item with a text takes at least its length: a number beyond that is none of ours. */
static uint32_t take_count(struct cursor *from) {
    uint32_t count = take_number(from);
    if (count > from->n / 4) {
        from->broken = true;
    }
    return from->broken ? 0 : count;
}

/* A path of this table, written as the table writes it. */
static bool is_known(struct piece path, struct field_ref *ref) {
    char again[FIELD_PATH_MAX];
    return field_resolve(path.p, path.n, ref) && !ref->label &&
           field_path(ref, again, sizeof again) && text_equal_n(again, path.p, path.n);
}

/* Beyond the room for drift nobody would read it. */
static int32_t keep_drift(struct record_set *set, int32_t line, struct piece path,
                          struct piece text) {
    if (set->drift_n == DRIFT_MAX) {
        return SHK_OK;
    }
    char *name = text_dup_n(path.p, path.n);
    int32_t rc = name != NULL ? record_drift(set, line, name, text.p, text.n) : SHK_E_MEMORY;
    free(name);
    return rc;
}

static size_t entries_of(const struct record *record, const struct field *list) {
    for (size_t i = 0; i < LIST_KINDS; i++) {
        if (record->lists[i].list == list) {
            return record->lists[i].n;
        }
    }
    return 0;
}

static bool has_place(const struct record *record, const struct field_ref *ref) {
    const struct field *list = field_list_of(ref->field);
    return list == NULL || ref->entry <= entries_of(record, list);
}

static int32_t thaw_value(struct record_set *set, struct cursor *from) {
    struct field_ref ref;
    bool unknown_code;
    struct piece path = take_text(from), text = take_text(from);
    if (from->broken) {
        return SHK_E_STORE_BROKEN;
    }
    if (!is_known(path, &ref)) { /* of another version's table */
        return keep_drift(set, 0, path, text);
    }
    if (text_starts(ref.field->path, FIELD_DERIVED) ||
        !has_place(&set->records[set->n - 1], &ref)) {
        return SHK_E_STORE_BROKEN;
    }
    int32_t rc = record_put(set, false, &ref, text.p, text.n, &unknown_code);
    return rc == SHK_E_VALUE ? SHK_E_STORE_BROKEN : rc;
}

static int32_t thaw_list(struct record_set *set, struct cursor *from) {
    struct piece path = take_text(from);
    uint32_t n = take_number(from);
    const struct field *list = field_list(path.p, path.n);
    if (from->broken || n > RECORD_MAX ||
        (list != NULL && entries_of(&set->records[set->n - 1], list) > 0)) {
        return SHK_E_STORE_BROKEN;
    }
    int32_t rc = SHK_OK;
    for (uint32_t i = 0; rc == SHK_OK && list != NULL && i < n; i++) {
        size_t entry;
        rc = record_add_entry(set, list, &entry);
    }
    return rc;
}

typedef int32_t thaw_item(struct record_set *set, struct cursor *from);

static int32_t thaw_items(struct record_set *set, struct cursor *from, thaw_item *item) {
    uint32_t n = take_count(from);
    int32_t rc = from->broken ? SHK_E_STORE_BROKEN : SHK_OK;
    for (uint32_t i = 0; rc == SHK_OK && i < n; i++) {
        rc = item(set, from);
    }
    return rc;
}

static int32_t thaw_record(struct record_set *set, struct cursor *from) {
    int32_t rc = record_add(set);
    uint8_t flags = take_byte(from);
    if (rc == SHK_OK && flags > FROZEN_BURDEN_UNREAD) {
        rc = SHK_E_STORE_BROKEN;
    }
    if (rc == SHK_OK && flags == FROZEN_BURDEN_UNREAD) {
        record_burden_is_unread(set);
    }
    rc = rc == SHK_OK ? thaw_items(set, from, thaw_list) : rc;
    return rc == SHK_OK ? thaw_items(set, from, thaw_value) : rc;
}

static int32_t thaw_drift(struct record_set *set, struct cursor *from) {
    uint32_t line = take_number(from);
    struct piece path = take_text(from), text = take_text(from);
    if (from->broken || line > INT32_MAX) {
        return SHK_E_STORE_BROKEN;
    }
    return keep_drift(set, (int32_t)line, path, text);
}

/* One value of each path, or nobody knows which of them was meant. */
static bool has_twice(const struct record *record) {
    for (size_t i = 1; i < record->n; i++) {
        const struct stored *a = &record->values[i - 1], *b = &record->values[i];
        if (a->row == b->row && a->entry == b->entry) {
            return true;
        }
    }
    return false;
}

static bool is_whole(const struct record_set *set, const struct cursor *from, size_t results) {
    for (size_t i = 0; i < set->n; i++) {
        if (has_twice(&set->records[i])) {
            return false;
        }
    }
    return from->n == 0 && !from->broken && (results == set->n || (results == 0 && set->n == 1));
}

static int32_t thaw_head(struct record_set *set, struct cursor *from, size_t *results, size_t *n) {
    const uint8_t *magic = take(from, FROZEN_MAGIC_LEN);
    if (from->broken || memcmp(magic, FROZEN_MAGIC, FROZEN_MAGIC_LEN) != 0) {
        return SHK_E_STORE_BROKEN;
    }
    uint8_t version = take_byte(from), flags = 0;
    if (version > FROZEN_VERSION) {
        return SHK_E_STORE_NEWER;
    }
    flags = take_byte(from);
    *results = take_number(from);
    *n = take_number(from);
    if (from->broken || version < FROZEN_VERSION || flags > FROZEN_CARD || *n < 1 ||
        *n > RECORD_MAX) {
        return SHK_E_STORE_BROKEN;
    }
    if (flags == FROZEN_APP) {
        record_source_is_app(set);
    } else if (flags == FROZEN_CARD) {
        record_source_is_card(set);
    }
    return SHK_OK;
}

static int32_t thaw(struct record_set *set, struct cursor *from) {
    size_t results = 0, n = 0;
    int32_t rc = thaw_head(set, from, &results, &n);
    for (size_t i = 0; rc == SHK_OK && i < n; i++) {
        rc = thaw_record(set, from);
    }
    rc = rc == SHK_OK ? thaw_items(set, from, thaw_drift) : rc;
    if (rc == SHK_OK) {
        set->results = results;
        rc = record_finish(set);
    }
    return rc == SHK_OK && !is_whole(set, from, results) ? SHK_E_STORE_BROKEN : rc;
}

int32_t record_thaw(const uint8_t *p, size_t n, struct record_set **out) {
    struct cursor from = {p, n, false};
    *out = record_set_new();
    int32_t rc = *out != NULL ? thaw(*out, &from) : SHK_E_MEMORY;
    if (rc != SHK_OK) {
        record_free(out);
    }
    return rc;
}
