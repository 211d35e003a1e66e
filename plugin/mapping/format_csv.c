#include <string.h>

#include "format_parts.h"
#include "shikaku/codes.h"

bool csv_name_usable(const struct format_style *style, const char *to) {
    bool heading = style->kind == FORMAT_CSV && style->header;
    return to[0] != '\0' &&
           (!heading || format_forbidden(style, to, strlen(to)) == FORMAT_CODE_NONE);
}

static bool needs_quotes(const struct format_style *style, const char *p, size_t n) {
    return style->quote == QUOTE_ALWAYS ||
           (style->quote == QUOTE_NEEDED &&
            (memchr(p, style->separator[0], n) != NULL || memchr(p, '"', n) != NULL ||
             memchr(p, '\r', n) != NULL || memchr(p, '\n', n) != NULL));
}

static int32_t quoted(const char *p, size_t n, struct bytes *out) {
    int32_t rc = bytes_append_byte(out, '"');
    while (rc == SHK_OK && n > 0) {
        const char *quote = memchr(p, '"', n);
        size_t run = quote != NULL ? (size_t)(quote - p) + 1 : n;
        rc = bytes_append(out, p, run);
        if (rc == SHK_OK && quote != NULL) {
            rc = bytes_append_byte(out, '"');
        }
        p += run;
        n -= run;
    }
    return rc == SHK_OK ? bytes_append_byte(out, '"') : rc;
}

static int32_t one_cell(const struct format_style *style, const char *p, size_t n,
                        struct bytes *out) {
    return needs_quotes(style, p, n) ? quoted(p, n, out) : bytes_append(out, p, n);
}

static const char *text_of(const struct format_cell *cell, bool names) {
    const char *text = names ? cell->to : cell->value;
    return text != NULL ? text : "";
}

/* What the line needs without marks that stand twice, so that the buffer grows once. */
static int32_t make_room(const struct format_cell *cells, size_t n, bool names, struct bytes *out) {
    size_t room = out->n + 3 * n + 2;
    for (size_t i = 0; i < n; i++) {
        room += strlen(text_of(&cells[i], names));
    }
    return bytes_reserve(out, room);
}

int32_t csv_line(const struct format_style *style, const struct format_cell *cells, size_t n,
                 bool names, struct bytes *out) {
    int32_t rc = make_room(cells, n, names, out);
    for (size_t i = 0; rc == SHK_OK && i < n; i++) {
        if (i > 0) {
            rc = bytes_append(out, style->separator, 1);
        }
        if (rc == SHK_OK) {
            const char *text = text_of(&cells[i], names);
            rc = one_cell(style, text, strlen(text), out);
        }
    }
    return rc == SHK_OK ? bytes_append_text(out, style->newline) : rc;
}
