#include "format_hl7_path.h"

#include <string.h>

#include "format_parts.h"

static bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

/* A number between two marks, or `usual` where the first mark does not stand. */
static bool read_marked(const char **p, char mark, char end, int32_t usual, int32_t *out) {
    *out = usual;
    if (**p != mark) {
        return true;
    }
    *p += 1;
    *out = format_read_number(p);
    if (*out == 0 || (end != '\0' && **p != end)) {
        return false;
    }
    *p += end != '\0' ? 1 : 0;
    return true;
}

static bool read_segment(const char **p, struct hl7_path *out) {
    const char *name = *p;
    for (int i = 0; i < 3; i++) {
        if (!is_upper(name[i]) && (i == 0 || !char_is_digit(name[i]))) {
            return false;
        }
    }
    out->segment = name;
    *p = name + 3;
    return read_marked(p, '[', ']', 1, &out->index);
}

bool hl7_is_header(const struct hl7_path *path) {
    return memcmp(path->segment, "MSH", 3) == 0;
}

/* The delimiters themselves have no parts. */
static bool parts_allowed(const struct hl7_path *path) {
    return !hl7_is_header(path) || path->field > 2 ||
           (path->repeat == 1 && path->component == 0 && path->sub == 0);
}

bool hl7_path_read(const char *to, struct hl7_path *out) {
    const char *p = to;
    return read_segment(&p, out) && read_marked(&p, '/', '\0', 0, &out->field) && out->field > 0 &&
           read_marked(&p, '(', ')', 1, &out->repeat) &&
           read_marked(&p, '.', '\0', 0, &out->component) &&
           read_marked(&p, '.', '\0', 0, &out->sub) && *p == '\0' && parts_allowed(out);
}

bool hl7_path_usable(const char *to) {
    struct hl7_path path;
    return hl7_path_read(to, &path);
}

bool hl7_same_segment(const struct hl7_path *a, const struct hl7_path *b) {
    return memcmp(a->segment, b->segment, 3) == 0 && a->index == b->index;
}

/* The same place, or one is the whole that the other is a part of. */
bool hl7_paths_clash(const char *a, const char *b) {
    struct hl7_path x, y;
    if (a[0] != b[0] || !hl7_path_read(a, &x) || !hl7_path_read(b, &y)) {
        return false;
    }
    if (!hl7_same_segment(&x, &y) || x.field != y.field || x.repeat != y.repeat) {
        return false;
    }
    if (x.component == 0 || y.component == 0) {
        return true;
    }
    return x.component == y.component && (x.sub == 0 || y.sub == 0 || x.sub == y.sub);
}
