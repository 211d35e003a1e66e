#include "oqs_face_rows.h"

#include <stdatomic.h>
#include <string.h>

#include "bytes.h"
#include "record_set.h"
#include "thread.h"

/* As many as the table has. */
// NOLINTNEXTLINE(bugprone-macro-parentheses)
#define FIELD(path, type, limit, element, app, table, personal, japanese, english) +1
enum {
    ROWS = 0
#include "fields.def"
};

static struct face_row rows[FACE_PARTS][ROWS];
static uint16_t order[FACE_PARTS][ROWS + 1];
static size_t order_n[FACE_PARTS];
static atomic_bool made;

/* What stands in the header of a pushed message, before the rest that it may have. */
static const char *const pushed[] = {"ProcessExecutionTime",    FACE_CODE,
                                     "SegmentOfResult",         "QualificationConfirmationDate",
                                     "ReferenceClassification", "ArbitraryFileIdentifier",
                                     "MedicalInstitutionCode"};
#define PUSHED_N (sizeof pushed / sizeof pushed[0])

static bool is_common(const char *element) {
    return text_starts(element, FACE_HEADER_NAME) || text_starts(element, FACE_BODY_NAME);
}

/* The row's name in this part; empty when it has none here. Of several places in header and body the first
 * one is the usual one. */
static struct face_name name_in(const char *prefix, const struct field *field) {
    const char *at = field->element;
    size_t prefix_n = strlen(prefix);
    bool common = prefix_n > 0;
    while (at[0] != '\0') {
        size_t n = strcspn(at, "|");
        if (is_common(at) == common) {
            bool here = text_starts(at, prefix);
            return here ? (struct face_name){at + prefix_n, n - prefix_n} : (struct face_name){0};
        }
        at += at[n] == '|' ? n + 1 : n;
    }
    return (struct face_name){0};
}

static bool is_of_group(const struct face_row *one, const struct face_row *other) {
    return one->first_n > 0 && one->first_n == other->first_n &&
           memcmp(one->name.p, other->name.p, one->first_n) == 0;
}

static struct face_name last_of(struct face_name name) {
    while (name.n > 0 && memchr(name.p, '/', name.n) != NULL) {
        name.p++;
        name.n--;
    }
    return name;
}

static void place(struct face_row *part, const char *prefix, size_t index) {
    struct face_row *row = &part[index];
    row->name = name_in(prefix, field_at(index));
    row->last = last_of(row->name);
    const char *slash = row->name.n > 0 ? memchr(row->name.p, '/', row->name.n) : NULL;
    row->first_n = slash != NULL ? (size_t)(slash - row->name.p) : row->name.n;
    row->opens = row->name.n > 0;
    row->in_list = field_list_of(field_at(index)) != NULL;
    stored_place(&(struct field_ref){.field = field_at(index), .entry = row->in_list ? 1 : 0},
                 &row->place);
    row->common = is_common(field_at(index)->element);
    for (size_t i = index; row->opens && i > 0; i--) {
        if (is_of_group(&part[i - 1], row)) {
            part[i - 1].next = index + 1;
            row->opens = false;
        }
    }
}

static bool is_named(const struct face_row *row, const char *element) {
    return row->name.n > 0 && text_equal_n(element, row->name.p, row->name.n);
}

static bool is_pushed(const struct face_row *row) {
    for (size_t i = 0; i < PUSHED_N; i++) {
        if (is_named(row, pushed[i])) {
            return true;
        }
    }
    return false;
}

static void add(enum face_part part, size_t row) {
    order[part][order_n[part]++] = (uint16_t)row;
}

static void order_pushed(void) {
    for (size_t i = 0; i < PUSHED_N; i++) {
        if (text_equal(pushed[i], FACE_CODE)) {
            add(FACE_HEADER, ROWS);
            continue;
        }
        for (size_t row = 0; row < ROWS; row++) {
            if (is_named(&rows[FACE_HEADER][row], pushed[i])) {
                add(FACE_HEADER, row);
            }
        }
    }
}

static void order_rest(enum face_part part) {
    for (size_t i = 0; i < ROWS; i++) {
        const struct face_row *row = &rows[part][i];
        if (row->opens && !(part == FACE_HEADER && is_pushed(row))) {
            add(part, i);
        }
    }
}

static void compare_parts(void) {
    for (size_t i = 0; i < ROWS; i++) {
        bool either = rows[FACE_BODY][i].name.n > 0 && rows[FACE_RESULT][i].name.n > 0;
        rows[FACE_BODY][i].either = rows[FACE_RESULT][i].either = rows[FACE_HEADER][i].either =
            either;
    }
}

static void make(void) {
    static const char *const prefixes[FACE_PARTS] = {FACE_HEADER_NAME, FACE_BODY_NAME, ""};
    for (size_t part = 0; part < FACE_PARTS; part++) {
        for (size_t i = 0; i < ROWS; i++) {
            place(rows[part], prefixes[part], i);
        }
    }
    compare_parts();
    order_pushed();
    for (size_t part = 0; part < FACE_PARTS; part++) {
        order_rest((enum face_part)part);
    }
    atomic_store_explicit(&made, true, memory_order_release);
}

static void find(void) {
    if (!atomic_load_explicit(&made, memory_order_acquire)) {
        (void)field_list_of(field_at(0)); /* which is found out once too, and not within */
        run_once(make);
    }
}

const struct face_row *face_rows(enum face_part part) {
    find();
    return rows[part];
}

const uint16_t *face_order(enum face_part part, size_t *n) {
    find();
    *n = order_n[part];
    return order[part];
}
