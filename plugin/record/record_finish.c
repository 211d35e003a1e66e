#include <string.h>

#include "derive.h"
#include "record_set.h"

/* The name that the common value had: of those between bars the one outside a result. */
static const char *common_name(const struct field *field, size_t *n) {
    const char *name = field->element;
    *n = strcspn(name, "|");
    while (!text_starts(name, "Message") && name[*n] == '|') {
        name += *n + 1;
        *n = strcspn(name, "|");
    }
    return name;
}

/* The result's own value is nearer to the person than the common one, which is then drift. */
static int32_t report_difference(struct record_set *set, const struct field *field,
                                 const struct stored *own, const struct stored *common) {
    if (text_equal(stored_text(set, own->at), stored_text(set, common->at))) {
        return SHK_OK;
    }
    char path[256];
    size_t n;
    const char *name = common_name(field, &n);
    text_format(path, sizeof path, "%.*s=differs", (int)n, name);
    struct bytes raw = {0};
    int32_t rc = bytes_append(&raw, stored_text(set, common->at), common->len);
    if (rc == SHK_OK) {
        rc = record_drift(set, 0, path, bytes_text(&raw), raw.n);
    }
    bytes_clear(&raw);
    return rc;
}

static int32_t spread_common(struct record_set *set, struct record *record) {
    int32_t rc = SHK_OK;
    stored_sort(record);
    size_t own_n = record->n;
    for (size_t i = 0; rc == SHK_OK && i < set->common.n; i++) {
        const struct stored *common = &set->common.values[i];
        struct record own = *record;
        own.n = own_n;
        const struct field *field = field_at(common->row);
        const struct field_ref ref = {.field = field};
        struct record_place place;
        stored_place(&ref, &place);
        const struct stored *found = stored_find(&own, &place);
        if (found == NULL) {
            rc = stored_append(record, common);
        } else if (found->state == VALUE_EMPTY) {
            /* An element that says nothing hides nothing. */
            record->values[found - record->values] = *common;
        } else {
            rc = report_difference(set, field, found, common);
        }
    }
    stored_sort(record);
    return rc;
}

int32_t record_finish(struct record_set *set) {
    size_t results = set->results;
    int32_t rc = set->n == 0 ? record_add(set) : SHK_OK;
    set->results = results;
    for (size_t i = 1; rc == SHK_OK && i <= set->n; i++) {
        rc = spread_common(set, &set->records[i - 1]);
        rc = rc == SHK_OK ? derive_record(set, i) : rc;
    }
    return rc;
}

/* They are the last rows of the table. */
static void drop_derived(struct record *record) {
    while (record->n > 0 &&
           text_starts(field_at(record->values[record->n - 1].row)->path, FIELD_DERIVED)) {
        record->n--;
        memory_wipe(&record->values[record->n], sizeof *record->values);
    }
}

int32_t record_derive_again(struct record_set *set, size_t record) {
    drop_derived(&set->records[record - 1]);
    return derive_record(set, record);
}

size_t record_result_count(const struct record_set *set) {
    return set->results;
}

void record_source_is_app(struct record_set *set) {
    set->app = true;
}

bool record_is_app(const struct record_set *set) {
    return set != NULL && set->app;
}

void record_source_is_card(struct record_set *set) {
    set->card = true;
}

bool record_is_card(const struct record_set *set) {
    return set != NULL && set->card;
}

void record_burden_is_unread(struct record_set *set) {
    set->records[set->n - 1].burden_unread = true;
}

bool record_is_burden_unread(const struct record_set *set, size_t record) {
    return set != NULL && record >= 1 && record <= set->n && set->records[record - 1].burden_unread;
}
