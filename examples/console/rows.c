#include "rows.h"

#include <stdlib.h>
#include <string.h>

/* Where a walk through the bytes of a row stands. */
struct walk {
    char separator;
    bool start, quoted,
        double_byte; /* at a value's beginning; in quotes; in kanji of ISO-2022-JP */
};

/* Bytes that were used. */
static size_t walk_escape(struct walk *w, const char *p, size_t n) {
    w->double_byte = n > 1 && p[1] == '$';
    size_t length = w->double_byte && n > 2 && p[2] == '(' ? 4 : 3;
    return length < n ? length : n;
}

static size_t walk_on(struct walk *w, const char *p, size_t n) {
    if (*p == '\x1B') {
        return walk_escape(w, p, n);
    }
    if (w->double_byte) {
        w->start = false;
        return 1;
    }
    if (w->quoted) {
        bool doubled = *p == '"' && n > 1 && p[1] == '"';
        w->quoted = *p != '"' || doubled;
        return doubled ? 2 : 1;
    }
    w->quoted = *p == '"' && w->start;
    w->start = *p == w->separator;
    return 1;
}

bool row_is_whole(const struct row_style *style, const char *p, size_t n) {
    struct walk w = {.separator = style->separator, .start = true};
    if (!style->quotes || memchr(p, '"', n) == NULL) {
        return true;
    }
    for (size_t i = 0; i < n;) {
        i += walk_on(&w, p + i, n - i);
    }
    return !w.quoted;
}

static size_t count_outside(const char *p, size_t n, char separator) {
    struct walk w = {.separator = separator, .start = true};
    size_t found = 0;
    for (size_t i = 0; i < n && (w.quoted || (p[i] != '\n' && p[i] != '\r'));) {
        bool outside = !w.quoted && !w.double_byte;
        found += outside && p[i] == separator ? 1 : 0;
        i += walk_on(&w, p + i, n - i);
    }
    return found;
}

struct row_style row_style_of(const char *format, const char *first, size_t n) {
    static const char candidates[] = ",\t;|";
    struct row_style style = {.separator = ','};
    size_t most = 0;
    style.quotes = format != NULL && strcmp(format, "csv") == 0;
    style.rows = style.quotes || (format != NULL && strcmp(format, "tsv") == 0);
    if (style.rows && !style.quotes) {
        style.separator = '\t';
        return style;
    }
    for (const char *c = candidates; style.rows && *c != '\0'; c++) {
        size_t found = count_outside(first, n, *c);
        style.separator = found > most ? *c : style.separator;
        most = found > most ? found : most;
    }
    return style;
}

/* The value at `from` without its quotes, in its place; returns what comes behind it, or null. */
static char *take_value(const struct row_style *style, char *from) {
    char *to = from;
    bool quoted = style->quotes && *from == '"';
    from += quoted ? 1 : 0;
    while (*from != '\0' && (quoted || *from != style->separator)) {
        if (quoted && *from == '"') {
            quoted = from[1] == '"';
            from += quoted ? 1 : 0;
            if (!quoted) {
                from++;
                continue;
            }
        }
        *to++ = *from++;
    }
    char *next = *from != '\0' ? from + 1 : NULL;
    *to = '\0';
    return next;
}

bool row_split(const struct row_style *style, char *text, struct row *out) {
    size_t most = 1;
    for (const char *p = text; *p != '\0'; p++) {
        most += *p == style->separator ? 1 : 0;
    }
    *out = (struct row){calloc(most, sizeof *out->at), 0};
    for (char *p = text; out->at != NULL && p != NULL;) {
        out->at[out->n++] = p;
        p = take_value(style, p);
    }
    return out->at != NULL;
}

void row_clear(struct row *row) {
    free(row->at);
    *row = (struct row){0};
}
