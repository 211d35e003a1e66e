#include "record_freeze.h"

#include <string.h>

#include "match.h"
#include "record_set.h"

static int32_t put_number(struct bytes *out, size_t number) {
    const uint8_t four[] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16),
                            (uint8_t)(number >> 8), (uint8_t)number};
    return number <= UINT32_MAX ? bytes_append(out, four, sizeof four) : SHK_E_VALUE;
}

static int32_t put_text(struct bytes *out, const char *p, size_t n) {
    int32_t rc = put_number(out, n);
    return rc == SHK_OK ? bytes_append(out, p, n) : rc;
}

/* "2025-04-01T09:00:00" as the digits that value.c takes. */
static int32_t put_digits(struct bytes *out, const char *p, size_t n) {
    char digits[16];
    size_t len = 0;
    for (size_t i = 0; i < n && len < sizeof digits; i++) {
        if (char_is_digit(p[i])) {
            digits[len++] = p[i];
        }
    }
    int32_t rc = put_text(out, digits, len);
    memory_wipe(digits, sizeof digits);
    return rc;
}

static int32_t put_source_form(const struct record_set *set, const struct stored *stored,
                               struct bytes *out) {
    const char *text = stored_text(set, stored->at);
    if (stored->code != NULL) {
        return put_text(out, stored->code->code, strlen(stored->code->code));
    }
    switch (field_at(stored->row)->type) {
    case FIELD_DATE:
    case FIELD_MONTH:
    case FIELD_TIME:
        return put_digits(out, text, stored->len);
    default:
        return put_text(out, text, stored->len);
    }
}

static int32_t put_value(const struct record_set *set, const struct stored *stored,
                         struct bytes *out) {
    char path[FIELD_PATH_MAX];
    const struct field_ref ref = {field_at(stored->row), stored->entry, false};
    int32_t rc = field_path(&ref, path, sizeof path) ? SHK_OK : SHK_E_PATH;
    rc = rc == SHK_OK ? put_text(out, path, strlen(path)) : rc;
    return rc == SHK_OK ? put_source_form(set, stored, out) : rc;
}

static bool is_made_anew(const struct stored *stored) {
    return text_starts(field_at(stored->row)->path, FIELD_DERIVED);
}

static int32_t put_values(const struct record_set *set, const struct record *record,
                          struct bytes *out) {
    size_t n = 0;
    for (size_t i = 0; i < record->n; i++) {
        n += is_made_anew(&record->values[i]) ? 0 : 1;
    }
    int32_t rc = put_number(out, n);
    for (size_t i = 0; rc == SHK_OK && i < record->n; i++) {
        if (!is_made_anew(&record->values[i])) {
            rc = put_value(set, &record->values[i], out);
        }
    }
    return rc;
}

static size_t lists_of(const struct record *record) {
    size_t n = 0;
    while (n < LIST_KINDS && record->lists[n].list != NULL) {
        n++;
    }
    return n;
}

static int32_t put_lists(const struct record *record, struct bytes *out) {
    size_t n = lists_of(record);
    int32_t rc = put_number(out, n);
    for (size_t i = 0; rc == SHK_OK && i < n; i++) {
        const char *path = record->lists[i].list->path;
        rc = put_text(out, path, strcspn(path, "["));
        rc = rc == SHK_OK ? put_number(out, record->lists[i].n) : rc;
    }
    return rc;
}

static int32_t put_record(const struct record_set *set, const struct record *record,
                          struct bytes *out) {
    int32_t rc = bytes_append_byte(out, record->burden_unread ? FROZEN_BURDEN_UNREAD : 0);
    rc = rc == SHK_OK ? put_lists(record, out) : rc;
    return rc == SHK_OK ? put_values(set, record, out) : rc;
}

static int32_t put_drift(const struct record_set *set, size_t index, struct bytes *out) {
    const char *raw, *path = record_drift_at(set, index, &raw);
    int32_t rc = put_number(out, (size_t)record_drift_line(set, index));
    rc = rc == SHK_OK ? put_text(out, path, strlen(path)) : rc;
    return rc == SHK_OK ? put_text(out, raw, strlen(raw)) : rc;
}

static uint8_t source_of(const struct record_set *set) {
    return set->app ? FROZEN_APP : set->card ? FROZEN_CARD : 0;
}

static int32_t put_head(const struct record_set *set, struct bytes *out) {
    int32_t rc = bytes_append(out, FROZEN_MAGIC, FROZEN_MAGIC_LEN);
    rc = rc == SHK_OK ? bytes_append_byte(out, FROZEN_VERSION) : rc;
    rc = rc == SHK_OK ? bytes_append_byte(out, source_of(set)) : rc;
    rc = rc == SHK_OK ? put_number(out, set->results) : rc;
    return rc == SHK_OK ? put_number(out, set->n) : rc;
}

int32_t record_freeze(const struct record_set *set, struct bytes *out) {
    *out = (struct bytes){0};
    int32_t rc = put_head(set, out);
    for (size_t i = 0; rc == SHK_OK && i < set->n; i++) {
        rc = put_record(set, &set->records[i], out);
    }
    rc = rc == SHK_OK ? put_number(out, set->drift_n) : rc;
    for (size_t i = 0; rc == SHK_OK && i < set->drift_n; i++) {
        rc = put_drift(set, i, out);
    }
    if (rc != SHK_OK) {
        bytes_clear(out);
    }
    return rc;
}
