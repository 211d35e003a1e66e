#include <string.h>

#include "format.h"
#include "shikaku/codes.h"
#include "text.h"

#define DEPTH_MAX 16

/* A step of a path; "Disease[2]" differs from "Disease[1]", but only the name is written. */
struct step {
    const char *p;
    size_t n, name_n;
};

struct steps {
    struct step at[DEPTH_MAX];
    size_t n;
    bool attribute; /* the last one is an attribute's name */
};

struct writer {
    const struct format_style *style;
    struct bytes *out; /* null: only the form is checked */
    struct steps open; /* without the root */
    bool tag_open;     /* the innermost start tag still takes attributes */
    int32_t rc;
    bool misplaced;
};

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

bool xml_name_usable(const char *name, size_t n) {
    uint32_t code;
    for (size_t i = 0, len; i < n; i += len) {
        len = utf8_decode(name + i, n - i, &code);
        if (len == 0 || !(i == 0 ? is_name_start(code) : is_name_part(code))) {
            return false;
        }
    }
    return n > 0;
}

/* "Disease[2]": the length of the name, or 0 when the index is badly written. */
static size_t name_length(const char *p, size_t n) {
    const char *bracket = memchr(p, '[', n);
    if (bracket == NULL) {
        return n;
    }
    int32_t index;
    size_t name_n = (size_t)(bracket - p);
    bool ok = p[n - 1] == ']' && text_to_int32(bracket + 1, n - name_n - 2, &index) && index > 0;
    return ok ? name_n : 0;
}

static bool read_step(struct steps *steps, const char *p, size_t n) {
    steps->attribute = n > 0 && p[0] == '@';
    size_t skip = steps->attribute ? 1 : 0;
    size_t name_n = n > skip ? name_length(p + skip, n - skip) : 0;
    if (steps->n == DEPTH_MAX || !xml_name_usable(p + skip, name_n)) {
        return false;
    }
    steps->at[steps->n++] = (struct step){p + skip, n - skip, name_n};
    return true;
}

static bool read_steps(const char *path, struct steps *out) {
    *out = (struct steps){.n = 0};
    for (const char *p = path;;) {
        const char *slash = strchr(p, '/');
        size_t n = slash != NULL ? (size_t)(slash - p) : strlen(p);
        if (!read_step(out, p, n) || (out->attribute && slash != NULL)) {
            return false;
        }
        if (slash == NULL) {
            return true;
        }
        p = slash + 1;
    }
}

bool xml_path_usable(const char *path) {
    struct steps steps;
    return read_steps(path, &steps);
}

static void put_n(struct writer *w, const char *p, size_t n) {
    if (w->rc == SHK_OK && w->out != NULL) {
        w->rc = bytes_append(w->out, p, n);
    }
}

static void put(struct writer *w, const char *text) {
    put_n(w, text, strlen(text));
}

static void new_line(struct writer *w, size_t depth) {
    put(w, w->style->crlf ? "\r\n" : "\n");
    for (size_t i = depth * (size_t)w->style->indent; i > 0; i--) {
        put(w, " ");
    }
}

/* Line ends inside a value would be changed by a parser, so they are written as references. */
static const char *reference(char c, bool attribute) {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '\r':
        return "&#13;";
    case '"':
        return attribute ? "&quot;" : NULL;
    case '\n':
        return attribute ? "&#10;" : NULL;
    case '\t':
        return attribute ? "&#9;" : NULL;
    default:
        return NULL;
    }
}

static void put_escaped(struct writer *w, const char *text, bool attribute) {
    for (const char *p = text; *p != '\0'; p++) {
        const char *instead = reference(*p, attribute);
        if (instead != NULL) {
            put(w, instead);
        } else {
            put_n(w, p, 1);
        }
    }
}

static void end_tag_start(struct writer *w) {
    if (w->tag_open) {
        put(w, ">");
        w->tag_open = false;
    }
}

static void close_one(struct writer *w) {
    const struct step *last = &w->open.at[--w->open.n];
    if (w->tag_open) {
        put(w, "/>");
        w->tag_open = false;
        return;
    }
    new_line(w, w->open.n + 1);
    put(w, "</");
    put_n(w, last->p, last->name_n);
    put(w, ">");
}

static void open_one(struct writer *w, const struct step *step) {
    end_tag_start(w);
    new_line(w, w->open.n + 1);
    put(w, "<");
    put_n(w, step->p, step->name_n);
    w->tag_open = true;
    w->open.at[w->open.n++] = *step;
}

static bool same_step(const struct step *a, const struct step *b) {
    return a->n == b->n && memcmp(a->p, b->p, a->n) == 0;
}

/* Closes and opens elements until exactly the first n steps are open. */
static void go_to(struct writer *w, const struct steps *steps, size_t n) {
    size_t common = 0;
    while (common < n && common < w->open.n && same_step(&steps->at[common], &w->open.at[common])) {
        common++;
    }
    while (w->open.n > common) {
        close_one(w);
    }
    while (w->open.n < n) {
        open_one(w, &steps->at[w->open.n]);
    }
}

/* An element that has content already takes no attribute and no text of its own. In a checked
 * contract this happens only when a row between the two is absent: then a new element begins. */
static void begin_again(struct writer *w) {
    if (w->tag_open) {
        return;
    }
    w->misplaced = true;
    if (w->open.n > 0) {
        struct step step = w->open.at[w->open.n - 1];
        close_one(w);
        open_one(w, &step);
    }
}

static void put_attribute(struct writer *w, const struct steps *steps, const char *value) {
    const struct step *name = &steps->at[steps->n - 1];
    go_to(w, steps, steps->n - 1);
    begin_again(w);
    put(w, " ");
    put_n(w, name->p, name->name_n);
    put(w, "=\"");
    put_escaped(w, value, true);
    put(w, "\"");
}

/* An element with text; it may be open already because its attributes stand there. */
static void put_element(struct writer *w, const struct steps *steps, const char *value) {
    const struct step *name = &steps->at[steps->n - 1];
    go_to(w, steps, steps->n);
    begin_again(w);
    if (value[0] == '\0') {
        close_one(w);
        return;
    }
    end_tag_start(w);
    put_escaped(w, value, false);
    put(w, "</");
    put_n(w, name->p, name->name_n);
    put(w, ">");
    w->open.n--;
}

static void put_cell(struct writer *w, const struct format_cell *cell, const char *value) {
    struct steps steps;
    if (!read_steps(cell->to, &steps)) {
        w->misplaced = true;
    } else if (steps.attribute) {
        put_attribute(w, &steps, value);
    } else {
        put_element(w, &steps, value);
    }
}

/* True when an attribute row stands a second time; elements may repeat. */
static bool repeats_attribute(const struct format_cell *cells, size_t i) {
    if (strchr(cells[i].to, '@') == NULL) {
        return false;
    }
    for (size_t j = 0; j < i; j++) {
        if (text_equal(cells[i].to, cells[j].to)) {
            return true;
        }
    }
    return false;
}

size_t xml_first_misplaced(const struct format_cell *cells, size_t n) {
    static const struct format_style plain = {.root = ""};
    struct writer w = {.style = &plain, .tag_open = true};
    for (size_t i = 0; i < n; i++) {
        put_cell(&w, &cells[i], "x");
        if (w.misplaced || repeats_attribute(cells, i)) {
            return i;
        }
    }
    return n;
}

static void put_declaration(struct writer *w) {
    const struct format_style *style = w->style;
    if (style->bom) {
        put(w, "\xEF\xBB\xBF");
    }
    if (style->declaration == DECLARATION_NO) {
        return;
    }
    put(w, "<?xml version=\"1.0\" encoding=\"");
    put(w, style->cp932 ? "Shift_JIS" : "UTF-8");
    put(w, style->declaration == DECLARATION_STANDALONE ? "\" standalone=\"yes\"?>" : "\"?>");
    put(w, style->crlf ? "\r\n" : "\n");
}

int32_t xml_document(const struct format_style *style, const struct format_cell *cells, size_t n,
                     struct bytes *out) {
    struct writer w = {.style = style, .out = out};
    put_declaration(&w);
    put(&w, "<");
    put(&w, style->root);
    w.tag_open = true;
    for (size_t i = 0; i < n; i++) {
        if (cells[i].value != NULL || cells[i].empty_element) {
            put_cell(&w, &cells[i], cells[i].value != NULL ? cells[i].value : "");
        }
    }
    while (w.open.n > 0) {
        close_one(&w);
    }
    if (w.tag_open) {
        put(&w, "/>");
    } else {
        new_line(&w, 0);
        put(&w, "</");
        put(&w, style->root);
        put(&w, ">");
    }
    put(&w, style->crlf ? "\r\n" : "\n");
    return w.rc;
}

uint32_t format_forbidden(bool xml, const char *p, size_t n) {
    uint32_t code;
    for (size_t i = 0, len; i < n; i += len) {
        len = utf8_decode(p + i, n - i, &code);
        if (len == 0) {
            return 0xFFFD;
        }
        bool control = code < 0x20 && code != '\t' && code != '\n' && code != '\r';
        if (code == 0 || (xml && (control || code == 0xFFFE || code == 0xFFFF))) {
            return code;
        }
    }
    return FORMAT_CODE_NONE;
}
