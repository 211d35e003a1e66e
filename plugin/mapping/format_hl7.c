#include <stdlib.h>
#include <string.h>

#include "format_hl7_path.h"
#include "format_parts.h"
#include "shikaku/codes.h"

/* In the order of MSH-1 and MSH-2; the last one, which marks a text that was cut, may be missing. */
enum delimiter { FIELD, COMPONENT, REPEAT, ESCAPE, SUB, TRUNCATION, DELIMITERS };

/* A cell with its place; segments are numbered by their first appearance, absent cells too. */
struct piece {
    struct hl7_path path;
    size_t segment;
    const char *value; /* null: absent */
};

struct message {
    const struct format_style *style;
    struct piece *at;
    size_t n;
    char delimiter[DELIMITERS + 1];
    struct bytes *out;
    int32_t rc;
};

/* The number of the path's segment among the first `n` pieces; `segments` for a new one. */
static size_t segment_of(const struct piece *at, size_t n, const struct hl7_path *path,
                         size_t segments) {
    for (size_t i = n; i > 0; i--) {
        if (hl7_same_segment(&at[i - 1].path, path)) {
            return at[i - 1].segment;
        }
    }
    return segments;
}

static int32_t read_pieces(struct message *m, const struct format_cell *cells, size_t n) {
    size_t segments = 0;
    m->at = calloc(n + 1, sizeof *m->at);
    if (m->at == NULL) {
        return SHK_E_MEMORY;
    }
    for (m->n = 0; m->n < n; m->n++) {
        struct piece *piece = &m->at[m->n];
        if (!hl7_path_read(cells[m->n].to, &piece->path)) {
            return SHK_E_VALUE;
        }
        piece->value = cells[m->n].value;
        piece->segment = segment_of(m->at, m->n, &piece->path, segments);
        segments += piece->segment == segments ? 1 : 0;
    }
    return SHK_OK;
}

static int order(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}

static int compare(const void *a, const void *b) {
    const struct piece *x = a, *y = b;
    const struct hl7_path *p = &x->path, *q = &y->path;
    int by = order((int64_t)x->segment, (int64_t)y->segment);
    by = by != 0 ? by : order(p->field, q->field);
    by = by != 0 ? by : order(p->repeat, q->repeat);
    by = by != 0 ? by : order(p->component, q->component);
    return by != 0 ? by : order(p->sub, q->sub);
}

static bool is_delimiter(char c) {
    return c > ' ' && c < 0x7F && !char_is_digit(c) && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Marks of which none is another. */
static bool delimiters_usable(const char *marks) {
    for (size_t i = 0; marks[i] != '\0'; i++) {
        if (!is_delimiter(marks[i]) || memchr(marks, marks[i], i) != NULL) {
            return false;
        }
    }
    return true;
}

static int32_t read_delimiters(struct message *m) {
    const char *field = "|", *encoding = "^~\\&";
    for (size_t i = m->n; i > 0; i--) {
        const struct piece *piece = &m->at[i - 1];
        bool there = piece->value != NULL && hl7_is_header(&piece->path);
        field = there && piece->path.field == 1 ? piece->value : field;
        encoding = there && piece->path.field == 2 ? piece->value : encoding;
    }
    size_t n = strlen(encoding);
    if (strlen(field) != 1 || n < SUB || n > TRUNCATION) {
        return SHK_E_VALUE;
    }
    m->delimiter[FIELD] = field[0];
    text_copy(m->delimiter + COMPONENT, DELIMITERS, encoding);
    return delimiters_usable(m->delimiter) ? SHK_OK : SHK_E_VALUE;
}

static void put_n(struct message *m, const char *p, size_t n) {
    if (m->rc == SHK_OK) {
        m->rc = bytes_append(m->out, p, n);
    }
}

static void put_delimiters(struct message *m, enum delimiter which, int32_t n) {
    for (int32_t i = 0; i < n; i++) {
        put_n(m, &m->delimiter[which], 1);
    }
}

static void put_escaped(struct message *m, const char *value) {
    static const char letters[] = "FSRETP";
    for (const char *p = value; *p != '\0';) {
        size_t run = strcspn(p, m->delimiter);
        put_n(m, p, run);
        p += run;
        if (*p != '\0') {
            const char *mark = strchr(m->delimiter, *p++);
            const char escape[] = {m->delimiter[ESCAPE], letters[mark - m->delimiter],
                                   m->delimiter[ESCAPE]};
            put_n(m, escape, sizeof escape);
        }
    }
}

/* The delimiters between the place of the value before and that of this one. */
static void go_to(struct message *m, struct hl7_path *now, const struct hl7_path *path) {
    int32_t component = path->component > 0 ? path->component : 1;
    int32_t sub = path->sub > 0 ? path->sub : 1;
    if (path->field > now->field) {
        put_delimiters(m, FIELD, path->field - now->field);
        *now = (struct hl7_path){.field = path->field, .repeat = 1, .component = 1, .sub = 1};
    }
    if (path->repeat > now->repeat) {
        put_delimiters(m, REPEAT, path->repeat - now->repeat);
        now->component = now->sub = 1;
    }
    if (component > now->component) {
        put_delimiters(m, COMPONENT, component - now->component);
        now->sub = 1;
    }
    put_delimiters(m, SUB, sub - now->sub);
    now->repeat = path->repeat;
    now->component = component;
    now->sub = sub;
}

/* The segment of these pieces; behind its last value stands nothing. */
static void put_segment(struct message *m, const struct piece *at, size_t n) {
    bool header = hl7_is_header(&at[0].path);
    struct hl7_path now = {.field = header ? 2 : 0};
    put_n(m, at[0].path.segment, 3);
    if (header) {
        put_n(m, m->delimiter, strlen(m->delimiter));
    }
    for (size_t i = 0; i < n; i++) {
        bool there = at[i].value != NULL && at[i].value[0] != '\0';
        if (there && (!header || at[i].path.field > 2)) {
            go_to(m, &now, &at[i].path);
            put_escaped(m, at[i].value);
        }
    }
    put_n(m, m->style->newline, strlen(m->style->newline));
}

static void put_segments(struct message *m) {
    for (size_t from = 0, to; from < m->n; from = to) {
        bool present = false;
        for (to = from; to < m->n && m->at[to].segment == m->at[from].segment; to++) {
            present = present || m->at[to].value != NULL;
        }
        if (present) {
            put_segment(m, m->at + from, to - from);
        }
    }
}

int32_t hl7_message(const struct format_style *style, const struct format_cell *cells, size_t n,
                    struct bytes *out) {
    struct message m = {.style = style, .out = out};
    m.rc = read_pieces(&m, cells, n);
    if (m.rc == SHK_OK) {
        m.rc = read_delimiters(&m);
    }
    if (m.rc == SHK_OK) {
        qsort(m.at, m.n, sizeof *m.at, compare);
        put_segments(&m);
    }
    free(m.at);
    return m.rc;
}
