#include <string.h>

#include "fold.h"
#include "host_code.h"
#include "match.h"
#include "record_set.h"
#include "when.h"

static int32_t put_date(const char *text, struct bytes *out) {
    char day[9];
    bool good = when_read(text, strlen(text), day);
    int32_t rc = good ? bytes_append_text(out, day) : SHK_E_VALUE;
    memory_wipe(day, sizeof day);
    return rc;
}

/* A code that the table does not know stays as the host wrote it, as one of an answer does. */
static int32_t put_code(const struct field *field, const char *text, struct bytes *out) {
    const struct code_row *row = host_code(field, text);
    if (row == NULL && field->type != FIELD_CODE) {
        return SHK_E_VALUE;
    }
    return bytes_append_text(out, row != NULL ? row->code : text);
}

/* "2025-04", "2025-04-01T09:00:00", "１，０００": digits and what stands between them. */
static int32_t put_digits(const char *text, struct bytes *out) {
    struct bytes folded = {0};
    int32_t rc = fold_number_whole(text, strlen(text), &folded);
    for (const char *p = bytes_text(&folded); rc == SHK_OK && *p != '\0'; p++) {
        if (strchr(":,.T", *p) == NULL) {
            rc = bytes_append_byte(out, (uint8_t)*p);
        }
    }
    bytes_clear(&folded);
    return rc;
}

/* The host's text as a source would have written it. */
static int32_t put_source_form(const struct field *field, const char *text, struct bytes *out) {
    if (field->type == FIELD_TEXT) {
        return bytes_append_text(out, text);
    }
    if (host_is_blank(text)) {
        return SHK_OK;
    }
    switch (field->type) {
    case FIELD_DATE:
        return put_date(text, out);
    case FIELD_CODE:
    case FIELD_SEX:
    case FIELD_RELATION:
    case FIELD_FLAG:
        return put_code(field, text, out);
    default:
        return put_digits(text, out);
    }
}

static bool is_replaceable(const struct record_set *set, size_t record, const char *path,
                           struct field_ref *ref) {
    size_t entries = 0;
    if (!field_resolve(path, strlen(path), ref) || ref->label || field_is_derived(ref->field)) {
        return false;
    }
    const struct field *list = field_list_of(ref->field);
    if (list == NULL) {
        return true;
    }
    size_t n = strcspn(list->path, "[");
    return record_list_count(set, record, list->path, n, &entries) == SHK_OK &&
           ref->entry <= entries;
}

static bool names_a_sex(const char *text) {
    const struct field *field = field_find("sex", strlen("sex"));
    const struct code_row *row = field != NULL ? host_code(field, text) : NULL;
    return row != NULL && !text_equal(row->value, "unknown");
}

/* Where the host's own sex says nothing, the back of the card must not speak in its place. */
static void silence_back(struct record_set *set, size_t record, const char *path,
                         const char *text) {
    static const char back[] = "sex_other";
    struct field_ref ref;
    if (text_equal(path, "sex") && !names_a_sex(text) &&
        field_resolve(back, sizeof back - 1, &ref)) {
        record_drop(set, record, &ref);
    }
}

int32_t record_replace(struct record_set *set, size_t record, const char *path, const char *text) {
    struct field_ref ref;
    struct bytes source = {0};
    if (record < 1 || record > record_count(set) || !is_replaceable(set, record, path, &ref)) {
        return SHK_E_PATH;
    }
    int32_t rc = put_source_form(ref.field, text, &source);
    rc = rc == SHK_OK ? record_put_again(set, record, &ref, bytes_text(&source), source.n) : rc;
    if (rc == SHK_OK) {
        silence_back(set, record, path, text);
        rc = record_derive_again(set, record);
    }
    bytes_clear(&source);
    return rc;
}

/* What a person had to decide is "confirmed", whoever was found. */
static const char *word_of(enum match_grade grade) {
    switch (grade) {
    case MATCH_SAME:
    case MATCH_CHANGED:
    case MATCH_NEW:
        return match_grade_name(grade);
    case MATCH_PROBABLY:
    case MATCH_SEVERAL:
        return "confirmed";
    case MATCH_NONE:
        break;
    }
    return "";
}

static int32_t put_or_drop(struct record_set *set, size_t record, const char *path,
                           const char *text) {
    struct field_ref ref;
    if (!field_resolve(path, strlen(path), &ref)) {
        return SHK_E_PATH;
    }
    if (text[0] == '\0') {
        record_drop(set, record, &ref);
        return SHK_OK;
    }
    return record_put_again(set, record, &ref, text, strlen(text));
}

int32_t record_set_patient(struct record_set *set, size_t record, const char *id,
                           enum match_grade grade) {
    if (record < 1 || record > record_count(set)) {
        return SHK_E_ABSENT;
    }
    int32_t rc = put_or_drop(set, record, "patient.id", id != NULL ? id : "");
    return rc == SHK_OK ? put_or_drop(set, record, "patient.match", word_of(grade)) : rc;
}

int32_t record_set_card(struct record_set *set, size_t record, const char *expires_on) {
    struct bytes digits = {0};
    if (record < 1 || record > record_count(set)) {
        return SHK_E_ABSENT;
    }
    int32_t rc = expires_on[0] != '\0' ? put_date(expires_on, &digits) : SHK_OK;
    rc = rc == SHK_OK ? put_or_drop(set, record, "card.expires_on", bytes_text(&digits)) : rc;
    bytes_clear(&digits);
    return rc;
}
