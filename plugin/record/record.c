#include <string.h>

#include "record_set.h"

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
    out->text = stored_text(set, stored->at);
    out->len = stored->len;
    out->is_number = stored->is_number;
    out->number = stored->number;
}

bool record_place(const char *path, size_t n, struct record_place *out) {
    struct field_ref ref;
    if (!field_resolve(path, n, &ref)) {
        return false;
    }
    stored_place(&ref, out);
    return true;
}

void record_place_entry(struct record_place *place, size_t entry) {
    place->entry = (uint32_t)entry;
}

int32_t record_value_at(const struct record_set *set, size_t record,
                        const struct record_place *place, struct value *out) {
    *out = (struct value){.text = "", .field = place->field};
    const struct record *from = record_get(set, record);
    if (from == NULL) {
        return SHK_E_ABSENT;
    }
    const struct stored *stored = stored_find(from, place);
    if (stored != NULL && place->label) {
        show_label(stored, out);
    } else if (stored != NULL) {
        show_value(set, stored, out);
    }
    return SHK_OK;
}

int32_t record_value(const struct record_set *set, size_t record, const char *path, size_t n,
                     struct value *out) {
    struct record_place place;
    if (!record_place(path, n, &place)) {
        *out = (struct value){.text = ""};
        return SHK_E_PATH;
    }
    return record_value_at(set, record, &place, out);
}

bool record_may_say(const struct record_set *set, size_t record, const struct record_place *place) {
    const struct record *from = record_get(set, record);
    return from != NULL && stored_may_be(from, place);
}

size_t record_entries(const struct record_set *set, size_t record, const struct field *list) {
    const struct record *from = record_get(set, record);
    for (size_t i = 0; from != NULL && i < LIST_KINDS; i++) {
        if (from->lists[i].list == list) {
            return from->lists[i].n;
        }
    }
    return 0;
}

int32_t record_list_count(const struct record_set *set, size_t record, const char *path, size_t n,
                          size_t *out) {
    const struct field *list = field_list(path, n);
    const struct record *from = record_get(set, record);
    *out = 0;
    if (list == NULL || from == NULL) {
        return list == NULL ? SHK_E_PATH : SHK_E_ABSENT;
    }
    *out = record_entries(set, record, list);
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
        *raw = there ? stored_text(set, set->drift[index].raw_at) : "";
    }
    return there ? stored_text(set, set->drift[index].path_at) : NULL;
}

int32_t record_drift_line(const struct record_set *set, size_t index) {
    return index < record_drift_count(set) ? set->drift[index].line : 0;
}
