#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "format_parts.h"
#include "shikaku/codes.h"
#include "text.h"

#define DEPTH_MAX    16
#define NAME_MAX_LEN 100
/* An array grows as an object whose keys are its entries' numbers behind this mark, which no member's
 * name may hold; settled() makes the array. */
#define MARK '\x01'

static bool name_usable(const char *p, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if ((uint8_t)p[i] < 0x20 || p[i] == '[' || p[i] == ']') {
            return false;
        }
    }
    return n > 0 && n <= NAME_MAX_LEN && utf8_valid(p, n);
}

/* Reads one step, "name" or "name[2]", and moves *p behind it and its slash. */
static bool read_step(const char **p, char name[NAME_MAX_LEN + 1], int32_t *index) {
    size_t n = strcspn(*p, "/[");
    const char *end = *p + n;
    *index = 0;
    if (!name_usable(*p, n)) {
        return false;
    }
    text_copy_n(name, NAME_MAX_LEN + 1, *p, n);
    if (*end == '[') {
        end++;
        *index = format_read_number(&end);
        if (*index == 0 || *end++ != ']') {
            return false;
        }
    }
    bool more = *end == '/' && end[1] != '\0';
    *p = more ? end + 1 : end;
    return more || *end == '\0';
}

bool json_path_usable(const char *to) {
    char name[NAME_MAX_LEN + 1];
    int32_t index;
    size_t depth = 0;
    const char *p = to;
    do {
        if (++depth > DEPTH_MAX || !read_step(&p, name, &index)) {
            return false;
        }
    } while (*p != '\0');
    return true;
}

/* Where the paths part, both are at the end of a step, or one goes on with another name. */
bool json_paths_clash(const char *a, const char *b) {
    while (*a == *b && *a != '\0') {
        a++;
        b++;
    }
    return (*a == '\0' || *a == '/' || *a == '[') && (*b == '\0' || *b == '/' || *b == '[');
}

/* An array's entries and an object's members do not come together. */
static bool belongs(json_t *place, const char *key) {
    void *first = json_object_iter(place);
    return first == NULL || (json_object_iter_key(first)[0] == MARK) == (key[0] == MARK);
}

/* Moves *place to the object at this key, which is made when it is missing. */
static int32_t enter(json_t **place, const char *key) {
    json_t *there = json_object_get(*place, key);
    if (!belongs(*place, key)) {
        return SHK_E_VALUE;
    }
    if (there == NULL) {
        there = json_object();
        if (json_object_set_new_nocheck(*place, key, there) != 0) {
            return SHK_E_MEMORY;
        }
    }
    *place = there;
    return json_is_object(there) ? SHK_OK : SHK_E_VALUE;
}

static json_t *value_of(const struct format_cell *cell) {
    int64_t number = 0;
    switch (cell->kind) {
    case CELL_NUMBER:
        text_to_int64(cell->value, strlen(cell->value), &number);
        return json_integer(number);
    case CELL_NULL:
        return json_null();
    case CELL_BOOLEAN:
        return json_boolean(cell->value[0] == 't');
    default:
        return json_string_nocheck(cell->value);
    }
}

static int32_t put_value(json_t *place, const char *key, const struct format_cell *cell) {
    if (!belongs(place, key) || json_object_get(place, key) != NULL) {
        return SHK_E_VALUE;
    }
    return json_object_set_new_nocheck(place, key, value_of(cell)) == 0 ? SHK_OK : SHK_E_MEMORY;
}

static int32_t put_cell(json_t *root, const struct format_cell *cell) {
    char key[NAME_MAX_LEN + 1];
    int32_t index, rc = SHK_OK;
    json_t *place = root;
    const char *p = cell->to;
    bool fits = format_kind_fits(cell->kind, cell->value) &&
                utf8_valid(cell->value, strlen(cell->value)) && json_path_usable(cell->to);
    while (fits && rc == SHK_OK && read_step(&p, key, &index)) {
        if (index > 0) {
            rc = enter(&place, key);
            text_format(key, sizeof key, "%c%d", MARK, (int)index);
        }
        if (rc == SHK_OK && *p == '\0') {
            return put_value(place, key, cell);
        }
        rc = rc == SHK_OK ? enter(&place, key) : rc;
    }
    return fits ? rc : SHK_E_VALUE;
}

struct entry {
    int32_t number;
    json_t *value; /* borrowed */
};

static size_t sorted_entries(json_t *marked, struct entry *entries) {
    size_t n = 0;
    const char *key;
    json_t *value;
    json_object_foreach(marked, key, value) {
        const char *digits = key + 1;
        struct entry entry = {format_read_number(&digits), value};
        size_t at = n++;
        for (; at > 0 && entries[at - 1].number > entry.number; at--) {
            entries[at] = entries[at - 1];
        }
        entries[at] = entry;
    }
    return n;
}

static json_t *settled(json_t *value);

static json_t *settled_array(json_t *marked) {
    struct entry *entries = calloc(json_object_size(marked), sizeof *entries);
    json_t *array = json_array();
    size_t n = entries != NULL ? sorted_entries(marked, entries) : 0;
    bool made = entries != NULL && array != NULL;
    for (size_t i = 0; made && i < n; i++) {
        made = json_array_append_new(array, settled(entries[i].value)) == 0;
    }
    free(entries);
    if (!made) {
        json_decref(array);
        return NULL;
    }
    return array;
}

/* The value with arrays for all that are marked so, as a new reference; null without memory. */
static json_t *settled(json_t *value) {
    void *member = json_object_iter(value); /* null for what is no object */
    if (member != NULL && json_object_iter_key(member)[0] == MARK) {
        return settled_array(value);
    }
    for (; member != NULL; member = json_object_iter_next(value, member)) {
        json_t *child = settled(json_object_iter_value(member));
        if (child == NULL || json_object_iter_set_new(value, member, child) != 0) {
            return NULL;
        }
    }
    return json_incref(value);
}

/* The library frees texts as they are. */
static void wipe(json_t *value) {
    size_t i;
    const char *key;
    json_t *child;
    if (json_is_string(value)) {
        memory_wipe((void *)json_string_value(value), json_string_length(value));
    }
    json_array_foreach(value, i, child) {
        wipe(child);
    }
    json_object_foreach(value, key, child) {
        wipe(child);
    }
}

struct sink {
    const char *newline;
    struct bytes *out;
};

/* The line feeds between values are the only ones: inside texts they are escaped. */
static int take(const char *p, size_t n, void *data) {
    const struct sink *sink = data;
    int32_t rc = SHK_OK;
    while (rc == SHK_OK && n > 0) {
        const char *feed = memchr(p, '\n', n);
        size_t run = feed != NULL ? (size_t)(feed - p) : n;
        rc = bytes_append(sink->out, p, run);
        if (rc == SHK_OK && feed != NULL) {
            rc = bytes_append_text(sink->out, sink->newline);
            run++;
        }
        p += run;
        n -= run;
    }
    return rc == SHK_OK ? 0 : -1;
}

static int32_t put_all(json_t *root, const struct format_cell *cells, size_t n) {
    int32_t rc = root != NULL ? SHK_OK : SHK_E_MEMORY;
    for (size_t i = 0; rc == SHK_OK && i < n; i++) {
        rc = cells[i].value != NULL ? put_cell(root, &cells[i]) : SHK_OK;
    }
    json_t *document = rc == SHK_OK ? settled(root) : NULL;
    rc = rc == SHK_OK && document == NULL ? SHK_E_MEMORY : rc;
    json_decref(document); /* the root itself, since its members have names */
    return rc;
}

int32_t json_document(const struct format_style *style, const struct format_cell *cells, size_t n,
                      struct bytes *out) {
    struct sink sink = {style->newline, out};
    json_t *root = json_object();
    size_t flags = style->indent > 0 ? JSON_INDENT((size_t)style->indent) : JSON_COMPACT;
    int32_t rc = put_all(root, cells, n);
    if (rc == SHK_OK && json_dump_callback(root, take, &sink, flags) != 0) {
        rc = SHK_E_MEMORY;
    }
    wipe(root);
    json_decref(root);
    return rc == SHK_OK ? bytes_append_text(out, style->newline) : rc;
}
