#include <string.h>

#include "build.h"
#include "oqs_output.h"

#define RESULT        "ResultOfQualificationConfirmation"
#define HEADER        "MessageHeader/"
#define BODY          "MessageBody/"
#define CODE_ELEMENT  "CharacterCodeIdentifier"
#define INSURER_WIDTH 8
#define VALUE_ROOM    32

/* The part of the message that is written now. */
struct part {
    struct oqs_output *d;
    const struct record_set *set;
    size_t record;
    const char *prefix; /* of the elements; "" below a result */
    const struct oqs_extra *extra;
    size_t extra_n;
    const uint8_t *sees; /* by field_index; null: all */
};

/* Name and length of an element below the part's own. */
struct name {
    const char *p;
    size_t n;
};

static bool is_common(const char *name) {
    return text_starts(name, HEADER) || text_starts(name, BODY);
}

/* The row's name in this part; null when it has none here. Of several places in header and body the
 * first one is the usual one. */
static struct name name_in(const struct part *part, const struct field *field) {
    const char *at = field->element;
    size_t prefix_n = strlen(part->prefix);
    bool common = prefix_n > 0;
    while (at[0] != '\0') {
        size_t n = strcspn(at, "|");
        if (is_common(at) == common) {
            bool here = text_starts(at, part->prefix);
            return here ? (struct name){at + prefix_n, n - prefix_n} : (struct name){0};
        }
        at += at[n] == '|' ? n + 1 : n;
    }
    return (struct name){0};
}

/* Up to the first slash. */
static struct name first_of(struct name name) {
    const char *slash = name.n > 0 ? memchr(name.p, '/', name.n) : NULL;
    return (struct name){name.p, slash != NULL ? (size_t)(slash - name.p) : name.n};
}

static struct name last_of(struct name name) {
    while (name.n > 0 && memchr(name.p, '/', name.n) != NULL) {
        name.p++;
        name.n--;
    }
    return name;
}

static bool same(struct name a, struct name b) {
    return a.n == b.n && a.n > 0 && memcmp(a.p, b.p, a.n) == 0;
}

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
        text_format(room, VALUE_ROOM, "%*s", INSURER_WIDTH, value->text);
        return room;
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

static const char *extra_of(const struct part *part, const char *path) {
    for (size_t i = 0; i < part->extra_n; i++) {
        if (text_equal(part->extra[i].path, path)) {
            return part->extra[i].value;
        }
    }
    return NULL;
}

static struct value value_of(const struct part *part, size_t record, const char *path) {
    struct value value;
    record_value(part->set, record, path, strlen(path), &value);
    return value;
}

/* False when every record says the same, so that the body can say it once. */
static bool differs(const struct part *part, const char *path) {
    struct value first = value_of(part, 1, path);
    for (size_t i = 2; i <= record_count(part->set); i++) {
        struct value other = value_of(part, i, path);
        if (first.state != other.state || !text_equal(first.text, other.text)) {
            return true;
        }
    }
    return false;
}

/* A row that may stand in the body or in the results stands in one of them: where its first name is, if
 * it can be said there. */
static bool stands_here(const struct part *part, const struct field *field, const char *path) {
    struct part body = {.prefix = BODY}, result = {.prefix = ""};
    if (name_in(&body, field).n == 0 || name_in(&result, field).n == 0) {
        return true;
    }
    bool has_results = record_result_count(part->set) > 0;
    bool in_result = has_results && (!is_common(field->element) || differs(part, path));
    return in_result == (part->prefix[0] == '\0');
}

/* The text of a row, or null when it is not written here. */
static const char *text_of(const struct part *part, const struct field *field, size_t entry,
                           char room[VALUE_ROOM]) {
    char path[FIELD_PATH_MAX];
    struct field_ref ref = {.field = field, .entry = entry};
    if (!is_seen(part, field) || !field_path(&ref, path, sizeof path) ||
        !stands_here(part, field, path)) {
        return NULL;
    }
    struct value value = value_of(part, part->record, path);
    return value.state == VALUE_ABSENT ? extra_of(part, path) : source_form(&value, room);
}

static void put_row(const struct part *part, const struct field *field, size_t entry) {
    char room[VALUE_ROOM];
    const char *text = text_of(part, field, entry, room);
    struct name name = last_of(name_in(part, field));
    if (text != NULL) {
        oqs_output_put(part->d, name.p, name.n, text);
    }
    memory_wipe(room, sizeof room);
}

static bool has_row_of(const struct part *part, struct name group) {
    char room[VALUE_ROOM];
    bool found = false;
    for (size_t i = 0; i < field_count(); i++) {
        const struct field *field = field_at(i);
        found = found || (same(first_of(name_in(part, field)), group) &&
                          text_of(part, field, 0, room) != NULL);
    }
    memory_wipe(room, sizeof room);
    return found;
}

static void put_rows_of(const struct part *part, struct name group, size_t entry) {
    for (size_t i = 0; i < field_count(); i++) {
        if (same(first_of(name_in(part, field_at(i))), group)) {
            put_row(part, field_at(i), entry);
        }
    }
}

static void put_group(const struct part *part, struct name group) {
    if (has_row_of(part, group)) {
        oqs_output_open(part->d, group.p, group.n);
        put_rows_of(part, group, 0);
        oqs_output_close(part->d, group.p, group.n);
    }
}

static bool is_seen_below(const struct part *part, struct name group) {
    for (size_t i = 0; i < field_count(); i++) {
        if (is_seen(part, field_at(i)) && same(first_of(name_in(part, field_at(i))), group)) {
            return true;
        }
    }
    return false;
}

/* "List/Entry/Element": also an entry that says nothing is an entry. */
static void put_list(const struct part *part, const struct field *field, struct name list) {
    struct name name = name_in(part, field);
    struct name entry = first_of((struct name){name.p + list.n + 1, name.n - list.n - 1});
    size_t path_n = strcspn(field->path, "["), n = 0;
    record_list_count(part->set, part->record, field->path, path_n, &n);
    if (n == 0 || !is_seen_below(part, list)) {
        return;
    }
    oqs_output_open(part->d, list.p, list.n);
    for (size_t i = 1; i <= n; i++) {
        oqs_output_open(part->d, entry.p, entry.n);
        put_rows_of(part, list, i);
        oqs_output_close(part->d, entry.p, entry.n);
    }
    oqs_output_close(part->d, list.p, list.n);
}

/* A group is written once, where its first row stands. */
static bool was_written(const struct part *part, size_t index, struct name first) {
    for (size_t i = 0; i < index; i++) {
        if (same(first_of(name_in(part, field_at(i))), first)) {
            return true;
        }
    }
    return false;
}

static void put_at(const struct part *part, size_t index) {
    const struct field *field = field_at(index);
    struct name name = name_in(part, field), first = first_of(name);
    if (name.n == 0 || was_written(part, index, first)) {
        return;
    }
    if (first.n == name.n) {
        put_row(part, field, 0);
    } else if (field_list_of(field) != NULL) {
        put_list(part, field, first);
    } else {
        put_group(part, first);
    }
}

static void put_part(const struct part *part) {
    for (size_t i = 0; i < field_count(); i++) {
        put_at(part, i);
    }
}

/* ---- header ---- */

static const char *const pushed[] = {"ProcessExecutionTime",    CODE_ELEMENT,
                                     "SegmentOfResult",         "QualificationConfirmationDate",
                                     "ReferenceClassification", "ArbitraryFileIdentifier",
                                     "MedicalInstitutionCode"};
#define PUSHED_N (sizeof pushed / sizeof pushed[0])

static bool is_pushed(struct name name) {
    for (size_t i = 0; i < PUSHED_N; i++) {
        if (text_equal_n(pushed[i], name.p, name.n)) {
            return true;
        }
    }
    return false;
}

static void put_pushed(const struct part *part, const char *element) {
    for (size_t i = 0; i < field_count(); i++) {
        struct name name = name_in(part, field_at(i));
        if (name.n > 0 && text_equal_n(element, name.p, name.n)) {
            put_row(part, field_at(i), 0);
        }
    }
}

/* The character code is that of the bytes written now, whatever the source's was. */
static void put_header(const struct part *part) {
    oqs_output_open(part->d, HEADER, sizeof HEADER - 2);
    for (size_t i = 0; i < PUSHED_N; i++) {
        if (text_equal(pushed[i], CODE_ELEMENT)) {
            oqs_output_put(part->d, CODE_ELEMENT, sizeof CODE_ELEMENT - 1,
                           part->d->encoding == OQS_CP932 ? "1" : "0");
        } else {
            put_pushed(part, pushed[i]);
        }
    }
    for (size_t i = 0; i < field_count(); i++) {
        struct name name = name_in(part, field_at(i));
        if (name.n > 0 && !is_pushed(name)) {
            put_at(part, i);
        }
    }
    oqs_output_close(part->d, HEADER, sizeof HEADER - 2);
}

static void put_results(struct part part) {
    part.prefix = "";
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
    part.prefix = HEADER;
    put_header(&part);
    part.prefix = BODY;
    oqs_output_open(&d, BODY, sizeof BODY - 2);
    put_results(part);
    put_part(&part);
    oqs_output_close(&d, BODY, sizeof BODY - 2);
    return oqs_output_end(&d, out);
}
