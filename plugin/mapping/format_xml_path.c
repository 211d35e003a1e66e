#include "format_xml_path.h"

#include <string.h>

#include "format_parts.h"
#include "text.h"

static bool is_name_start(uint32_t c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           (c >= 0xC0 && c <= 0xD6) || (c >= 0xD8 && c <= 0xF6) || (c >= 0xF8 && c <= 0x2FF) ||
           (c >= 0x370 && c <= 0x37D) || (c >= 0x37F && c <= 0x1FFF) ||
           (c >= 0x2C00 && c <= 0x2FEF) || (c >= 0x3001 && c <= 0xD7FF) ||
           (c >= 0xF900 && c <= 0xFDCF) || (c >= 0xFDF0 && c <= 0xFFFD) ||
           (c >= 0x10000 && c <= 0xEFFFF);
}

static bool is_name_part(uint32_t c) {
    return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == 0xB7;
}

static bool plain_name(const char *name, size_t n) {
    uint32_t code;
    for (size_t i = 0, len; i < n; i += len) {
        len = utf8_decode(name + i, n - i, &code);
        if (len == 0 || !(i == 0 ? is_name_start(code) : is_name_part(code))) {
            return false;
        }
    }
    return n > 0;
}

bool xml_name_usable(const char *name, size_t n) {
    const char *colon = n > 0 ? memchr(name, ':', n) : NULL;
    if (colon == NULL) {
        return plain_name(name, n);
    }
    size_t prefix_n = (size_t)(colon - name);
    return plain_name(name, prefix_n) && plain_name(colon + 1, n - prefix_n - 1);
}

/* "Disease[2]": the length of the name, or 0 when the index is badly written. */
static size_t name_length(const char *p, size_t n) {
    const char *bracket = n > 0 ? memchr(p, '[', n) : NULL;
    if (bracket == NULL) {
        return n;
    }
    int32_t index;
    size_t name_n = (size_t)(bracket - p);
    bool ok = p[n - 1] == ']' && text_to_int32(bracket + 1, n - name_n - 2, &index) && index > 0;
    return ok ? name_n : 0;
}

static bool read_element(struct xml_path *path, const char *p, size_t n) {
    size_t name_n = name_length(p, n);
    if (path->n == XML_DEPTH_MAX || !xml_name_usable(p, name_n)) {
        return false;
    }
    path->at[path->n++] = (struct xml_step){p, n, name_n};
    return true;
}

/* The last step may be something else than an element. */
static bool read_last(struct xml_path *path, const char *p) {
    size_t n = strlen(p);
    if (text_equal(p, "text()")) {
        path->place = XML_TEXT;
        return true;
    }
    if (p[0] == '@') {
        path->place = XML_ATTRIBUTE;
        path->attribute = (struct xml_step){p + 1, n - 1, n - 1};
        return xml_name_usable(p + 1, n - 1);
    }
    return read_element(path, p, n);
}

bool xml_path_read(const char *to, struct xml_path *out) {
    const char *p = to;
    out->n = 0;
    out->place = XML_ELEMENT;
    for (const char *slash = strchr(p, '/'); slash != NULL; slash = strchr(p, '/')) {
        if (!read_element(out, p, (size_t)(slash - p))) {
            return false;
        }
        p = slash + 1;
    }
    return read_last(out, p);
}

bool xml_path_usable(const char *to) {
    struct xml_path path;
    return xml_path_read(to, &path);
}

static bool same_step(const struct xml_step *a, const struct xml_step *b) {
    return a->n == b->n && memcmp(a->p, b->p, a->n) == 0;
}

size_t xml_cursor_go(struct xml_cursor *cursor, const struct xml_path *path) {
    size_t common = 0;
    while (common < path->n && common < cursor->n &&
           same_step(&path->at[common], &cursor->open[common])) {
        common++;
    }
    if (path->n > common) {
        cursor->content = false;
    } else if (cursor->n > common) {
        cursor->content = true;
    }
    for (size_t i = common; i < path->n; i++) {
        cursor->open[i] = path->at[i];
    }
    cursor->n = path->n;
    return common;
}

void xml_cursor_put(struct xml_cursor *cursor, enum xml_place place) {
    if (place == XML_ELEMENT) {
        cursor->n--;
    }
    if (place != XML_ATTRIBUTE) {
        cursor->content = true;
    }
}

/* An element that has content takes no attribute and no text as the whole of it. */
size_t xml_first_misplaced(const struct format_cell *cells, size_t n) {
    struct xml_cursor cursor = {.n = 0};
    struct xml_path path;
    for (size_t i = 0; i < n; i++) {
        if (!xml_path_read(cells[i].to, &path)) {
            return i;
        }
        xml_cursor_go(&cursor, &path);
        if (cursor.content && path.place != XML_TEXT) {
            return i;
        }
        xml_cursor_put(&cursor, path.place);
    }
    return n;
}
