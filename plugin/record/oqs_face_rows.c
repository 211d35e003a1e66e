#include "oqs_face_rows.h"

#include <stdatomic.h>
#include <string.h>

#include "bytes.h"
#include "thread.h"

/* As many as the table has. */
// NOLINTNEXTLINE(bugprone-macro-parentheses)
#define FIELD(path, type, limit, element, app, table, personal, japanese, english) +1
enum {
    ROWS = 0
#include "fields.def"
};

static struct face_row rows[FACE_PARTS][ROWS];
static atomic_bool made;

bool face_is_common(const char *element) {
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
        if (face_is_common(at) == common) {
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

static void place(struct face_row *part, const char *prefix, size_t index) {
    struct face_row *row = &part[index];
    row->name = name_in(prefix, field_at(index));
    const char *slash = row->name.n > 0 ? memchr(row->name.p, '/', row->name.n) : NULL;
    row->first_n = slash != NULL ? (size_t)(slash - row->name.p) : row->name.n;
    row->opens = row->name.n > 0;
    for (size_t i = index; row->opens && i > 0; i--) {
        if (is_of_group(&part[i - 1], row)) {
            part[i - 1].next = index + 1;
            row->opens = false;
        }
    }
}

static void make(void) {
    static const char *const prefixes[FACE_PARTS] = {FACE_HEADER_NAME, FACE_BODY_NAME, ""};
    for (size_t part = 0; part < FACE_PARTS; part++) {
        for (size_t i = 0; i < ROWS; i++) {
            place(rows[part], prefixes[part], i);
        }
    }
    atomic_store_explicit(&made, true, memory_order_release);
}

const struct face_row *face_rows(enum face_part part) {
    if (!atomic_load_explicit(&made, memory_order_acquire)) {
        run_once(make);
    }
    return rows[part];
}
