#include <stdlib.h>
#include <string.h>

#include "format_parts.h"
#include "shikaku/codes.h"

/* The cells of one line, in their order. */
struct line {
    const char *name; /* name_n bytes; a cell without "/" has a line for itself */
    size_t name_n;
    size_t first, last; /* cells */
    bool present;
};

struct lines {
    struct line *at;
    size_t n;
    size_t *next; /* for each cell the next one of its line; cells_n ends it */
    size_t cells_n;
};

static size_t line_name_length(const char *to) {
    const char *slash = strchr(to, '/');
    return slash != NULL ? (size_t)(slash - to) : 0;
}

bool text_path_usable(const char *to) {
    const char *slash = strchr(to, '/');
    return to[0] != '\0' && (slash == NULL || (slash > to && slash[1] != '\0'));
}

/* The line of this name, the latest ones first, or null. */
static struct line *find(const struct lines *lines, const char *name, size_t n) {
    for (size_t i = n > 0 ? lines->n : 0; i > 0; i--) {
        struct line *line = &lines->at[i - 1];
        if (line->name_n == n && memcmp(line->name, name, n) == 0) {
            return line;
        }
    }
    return NULL;
}

static void gather(struct lines *lines, const struct format_cell *cells) {
    for (size_t i = 0; i < lines->cells_n; i++) {
        size_t n = line_name_length(cells[i].to);
        struct line *line = find(lines, cells[i].to, n);
        if (line == NULL) {
            line = &lines->at[lines->n++];
            *line = (struct line){.name = cells[i].to, .name_n = n, .first = i};
        } else {
            lines->next[line->last] = i;
        }
        lines->next[i] = lines->cells_n;
        line->last = i;
        line->present = line->present || cells[i].value != NULL;
    }
}

static int32_t put_line(const struct format_style *style, const struct lines *lines,
                        const struct line *line, const struct format_cell *cells,
                        struct bytes *out) {
    int32_t rc = SHK_OK;
    for (size_t i = line->first; rc == SHK_OK && i < lines->cells_n; i = lines->next[i]) {
        if (i != line->first) {
            rc = bytes_append_text(out, style->separator);
        }
        if (rc == SHK_OK && cells[i].value != NULL) {
            rc = bytes_append_text(out, cells[i].value);
        }
    }
    return rc == SHK_OK ? bytes_append_text(out, style->newline) : rc;
}

int32_t text_lines(const struct format_style *style, const struct format_cell *cells, size_t n,
                   struct bytes *out) {
    struct lines lines = {.cells_n = n};
    lines.at = calloc(n + 1, sizeof *lines.at);
    lines.next = calloc(n + 1, sizeof *lines.next);
    int32_t rc = lines.at != NULL && lines.next != NULL ? SHK_OK : SHK_E_MEMORY;
    if (rc == SHK_OK) {
        gather(&lines, cells);
    }
    for (size_t i = 0; rc == SHK_OK && i < lines.n; i++) {
        if (lines.at[i].present) {
            rc = put_line(style, &lines, &lines.at[i], cells, out);
        }
    }
    free(lines.at);
    free(lines.next);
    return rc;
}
