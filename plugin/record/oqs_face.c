#include <string.h>

#include "build.h"
#include "oqs_face_rows.h"
#include "oqs_output.h"
#include "record_set.h"

#define RESULT        "ResultOfQualificationConfirmation"
#define INSURER_WIDTH 8
#define VALUE_ROOM    32

/* The part of the message that is written now. */
struct part {
    struct oqs_output *d;
    const struct record_set *set;
    size_t record;
    enum face_part at;
    const struct face_row *rows;
    const struct oqs_extra *extra;
    size_t extra_n;
    const uint8_t *sees; /* by field_index; null: all */
};

static const char *code_of(const struct field *field, const char *text) {
    for (const struct code_row *row = field->codes; row != NULL && row->code != NULL; row++) {
        if (text_equal(row->value != NULL ? row->value : row->code, text)) {
            return row->code;
        }
    }
    return text;
}

static const char *only_digits(const char *text, char room[VALUE_ROOM]) {
    size_t n = 0;
    for (; *text != '\0' && n + 1 < VALUE_ROOM; text++) {
        if (char_is_digit(*text)) {
            room[n++] = *text;
        }
    }
    room[n] = '\0';
    return room;
}

static const char *padded(const struct value *value, char room[VALUE_ROOM]) {
    size_t n = value->len < INSURER_WIDTH ? INSURER_WIDTH - value->len : 0;
    memset(room, ' ', n);
    text_copy(room + n, VALUE_ROOM - n, value->text);
    return room;
}

/* As a source writes it. */
static const char *source_form(const struct value *value, char room[VALUE_ROOM]) {
    if (value->state != VALUE_PRESENT) {
        return "";
    }
    switch (value->field->type) {
    case FIELD_DATE:
    case FIELD_MONTH:
    case FIELD_TIME:
        return only_digits(value->text, room);
    case FIELD_PERCENT:
        text_format(room, VALUE_ROOM, "%03lld", (long long)value->number);
        return room;
    case FIELD_INSURER:
        return padded(value, room);
    case FIELD_CODE:
    case FIELD_SEX:
    case FIELD_RELATION:
    case FIELD_FLAG:
        return code_of(value->field, value->text);
    default:
        return value->text;
    }
}

static bool is_seen(const struct part *part, const struct field *field) {
    return part->sees == NULL || part->sees[field_index(field)] != 0;
}

static const char *extra_of(const struct part *part, const struct record_place *place) {
    const struct field_ref ref = {.field = place->field, .entry = place->entry};
    char path[FIELD_PATH_MAX];
    for (size_t i = 0; i < part->extra_n; i++) {
        if (field_path(&ref, path, sizeof path) && text_equal(part->extra[i].path, path)) {
            return part->extra[i].value;
        }
    }
    return NULL;
}

static struct value value_of(const struct part *part, size_t record,
                             const struct record_place *place) {
    struct value value;
    record_value_at(part->set, record, place, &value);
    return value;
}

/* False when every record says the same, so that the body can say it once. */
static bool differs(const struct part *part, const struct record_place *place) {
    struct value first = value_of(part, 1, place);
    for (size_t i = 2; i <= record_count(part->set); i++) {
        struct value other = value_of(part, i, place);
        if (first.state != other.state || !text_equal(first.text, other.text)) {
            return true;
        }
    }
    return false;
}

/* A row that may stand in the body or in the results stands in one of them: where its first name is, if
 * it can be said there. */
static bool stands_here(const struct part *part, const struct face_row *row,
                        const struct record_place *place) {
    if (!row->either) {
        return true;
    }
    bool has_results = record_result_count(part->set) > 0;
    bool in_result = has_results && (!row->common || differs(part, place));
    return in_result == (part->at == FACE_RESULT);
}

static bool may_be_said(const struct part *part, const struct record_place *place) {
    return part->extra_n > 0 || record_may_say(part->set, part->record, place);
}

/* The text of a row, or null when it is not written here. */
static const char *text_of(const struct part *part, size_t index, size_t entry,
                           char room[VALUE_ROOM]) {
    const struct face_row *row = &part->rows[index];
    if (!may_be_said(part, &row->place)) {
        return NULL;
    }
    struct record_place place = row->place;
    record_place_entry(&place, row->in_list ? entry : 0);
    if (!is_seen(part, place.field) || !stands_here(part, row, &place)) {
        return NULL;
    }
    struct value value = value_of(part, part->record, &place);
    return value.state == VALUE_ABSENT ? extra_of(part, &place) : source_form(&value, room);
}

static void put_row(const struct part *part, size_t index, size_t entry) {
    char room[VALUE_ROOM];
    const char *text = text_of(part, index, entry, room);
    if (text != NULL) {
        struct face_name name = part->rows[index].last;
        oqs_output_put(part->d, name.p, name.n, text);
    }
    if (text == room) {
        memory_wipe(room, sizeof room);
    }
}

/* The rows of a group follow the one that opens it. */
static bool has_row_of(const struct part *part, size_t opening) {
    char room[VALUE_ROOM];
    bool found = false;
    for (size_t i = opening + 1; !found && i > 0; i = part->rows[i - 1].next) {
        found = text_of(part, i - 1, 0, room) != NULL;
    }
    memory_wipe(room, sizeof room);
    return found;
}

static void put_rows_of(const struct part *part, size_t opening, size_t entry) {
    for (size_t i = opening + 1; i > 0; i = part->rows[i - 1].next) {
        put_row(part, i - 1, entry);
    }
}

static void put_group(const struct part *part, size_t opening) {
    const struct face_row *row = &part->rows[opening];
    if (has_row_of(part, opening)) {
        oqs_output_open(part->d, row->name.p, row->first_n);
        put_rows_of(part, opening, 0);
        oqs_output_close(part->d, row->name.p, row->first_n);
    }
}

static bool is_seen_below(const struct part *part, size_t opening) {
    bool seen = false;
    for (size_t i = opening + 1; !seen && i > 0; i = part->rows[i - 1].next) {
        seen = is_seen(part, field_at(i - 1));
    }
    return seen;
}

/* "List/Entry/Element": also an entry that says nothing is an entry. */
static void put_list(const struct part *part, size_t opening) {
    const struct face_row *row = &part->rows[opening];
    const struct field *field = field_at(opening);
    const char *entry = row->name.p + row->first_n + 1;
    const char *slash = memchr(entry, '/', row->name.n - row->first_n - 1);
    size_t entry_n = slash != NULL ? (size_t)(slash - entry) : row->name.n - row->first_n - 1;
    size_t n = record_entries(part->set, part->record, field_list_of(field));
    if (n == 0 || !is_seen_below(part, opening)) {
        return;
    }
    oqs_output_open(part->d, row->name.p, row->first_n);
    for (size_t i = 1; i <= n; i++) {
        oqs_output_open(part->d, entry, entry_n);
        put_rows_of(part, opening, i);
        oqs_output_close(part->d, entry, entry_n);
    }
    oqs_output_close(part->d, row->name.p, row->first_n);
}

/* That of the bytes written now, whatever the source's was. */
static void put_code(const struct part *part) {
    oqs_output_put(part->d, FACE_CODE, sizeof FACE_CODE - 1,
                   part->d->encoding == OQS_CP932 ? "1" : "0");
}

/* A group is written once, where its first row stands. */
static void put_at(const struct part *part, size_t index) {
    const struct face_row *row = &part->rows[index];
    if (row->first_n == row->name.n) {
        put_row(part, index, 0);
    } else if (row->in_list) {
        put_list(part, index);
    } else {
        put_group(part, index);
    }
}

static void put_part(const struct part *part) {
    size_t n;
    const uint16_t *order = face_order(part->at, &n);
    for (size_t i = 0; i < n; i++) {
        if (order[i] == field_count()) {
            put_code(part);
        } else {
            put_at(part, order[i]);
        }
    }
}

static void put_header(const struct part *part) {
    oqs_output_open(part->d, FACE_HEADER_NAME, sizeof FACE_HEADER_NAME - 2);
    put_part(part);
    oqs_output_close(part->d, FACE_HEADER_NAME, sizeof FACE_HEADER_NAME - 2);
}

static void go_to(struct part *part, enum face_part at) {
    part->at = at;
    part->rows = face_rows(at);
}

static void put_results(struct part part) {
    go_to(&part, FACE_RESULT);
    if (record_result_count(part.set) == 0) {
        return;
    }
    oqs_output_open(part.d, "ResultList", sizeof "ResultList" - 1);
    for (part.record = 1; part.record <= record_count(part.set); part.record++) {
        oqs_output_open(part.d, RESULT, sizeof RESULT - 1);
        put_part(&part);
        oqs_output_close(part.d, RESULT, sizeof RESULT - 1);
    }
    oqs_output_close(part.d, "ResultList", sizeof "ResultList" - 1);
}

static void check_extra(struct oqs_output *d, const struct oqs_extra *extra, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (field_find(extra[i].path, strlen(extra[i].path)) == NULL) {
            oqs_output_fail(d, SHK_E_PATH, extra[i].path);
        }
    }
}

int32_t oqs_write_face(const struct record_set *set, const struct oqs_extra *extra, size_t extra_n,
                       enum oqs_encoding encoding, const struct oqs_instead *instead,
                       const uint8_t *sees, struct bytes *out, struct fault *why) {
    struct oqs_output d;
    struct part part = {
        .d = &d, .set = set, .record = 1, .extra = extra, .extra_n = extra_n, .sees = sees};
    oqs_output_begin(&d, encoding, why);
    d.line_ends = true;
    d.instead = instead;
    check_extra(&d, extra, extra_n);
    go_to(&part, FACE_HEADER);
    put_header(&part);
    go_to(&part, FACE_BODY);
    oqs_output_open(&d, FACE_BODY_NAME, sizeof FACE_BODY_NAME - 2);
    put_results(part);
    put_part(&part);
    oqs_output_close(&d, FACE_BODY_NAME, sizeof FACE_BODY_NAME - 2);
    return oqs_output_end(&d, out);
}
