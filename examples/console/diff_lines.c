#include "diff_lines.h"

#include <stdlib.h>
#include <string.h>

#include "platform.h"

/* A quote that never ends must not swallow the file. */
enum { ROW_MOST = 16 * 1024 };

static void wipe(char **p, size_t n) {
    platform_wipe(*p, n);
    free(*p);
    *p = NULL;
}

/* What lies before rest_at is done with. */
static bool make_room(struct diff_lines *lines, size_t more) {
    size_t needed = lines->rest_n + more + 1;
    if (needed <= lines->rest_cap) {
        memmove(lines->rest, lines->rest + lines->rest_at, lines->rest_n);
        lines->rest_at = 0;
        return true;
    }
    char *larger = malloc(needed * 2);
    if (larger == NULL) {
        return false;
    }
    if (lines->rest_n > 0) {
        memcpy(larger, lines->rest + lines->rest_at, lines->rest_n);
    }
    wipe(&lines->rest, lines->rest_cap);
    lines->rest = larger;
    lines->rest_cap = needed * 2;
    lines->rest_at = 0;
    return true;
}

bool diff_lines_put(struct diff_lines *lines, const char *p, size_t n) {
    if (lines->rest_at + lines->rest_n + n >= lines->rest_cap && !make_room(lines, n)) {
        lines->no_memory = true;
        return false;
    }
    memcpy(lines->rest + lines->rest_at + lines->rest_n, p, n);
    lines->rest_n += n;
    return true;
}

/* The bytes up to and with the line end that is next, 0 when there is none; of a CR the byte behind it decides.
 */
static size_t find_end(const struct diff_lines *lines, size_t from, bool final, size_t *text_n) {
    const char *p = lines->rest + lines->rest_at;
    size_t n = lines->rest_n;
    for (size_t i = from; i < n; i++) {
        *text_n = i;
        if (p[i] == '\n') {
            return i + 1;
        }
        if (p[i] == '\r' && i + 1 < n) {
            return i + (p[i + 1] == '\n' ? 2 : 1);
        }
        if (p[i] == '\r') {
            return final ? n : 0;
        }
    }
    *text_n = n;
    return final ? n : 0;
}

static uint64_t hash(const char *p, size_t n) {
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < n; i++) {
        h = (h ^ (unsigned char)p[i]) * UINT64_C(0x100000001b3);
    }
    return h;
}

static bool keep(struct diff_lines *lines, size_t n, size_t text_n, int64_t ends) {
    struct diff_line *line = &lines->at[lines->n];
    char *from = lines->rest + lines->rest_at;
    *line = (struct diff_line){malloc(n + 1), n, text_n, lines->numbered + 1, hash(from, n)};
    if (line->p == NULL) {
        lines->no_memory = true;
        return false;
    }
    memcpy(line->p, from, n);
    line->p[n] = '\0';
    lines->n++;
    lines->numbered += ends;
    lines->rest_at += n;
    lines->rest_n -= n;
    lines->rest_seen = 0;
    lines->rest_ends = 0;
    return true;
}

bool diff_lines_next(struct diff_lines *lines, const struct diff_ops *ops, bool final) {
    size_t text_n = 0;
    if (lines->n == DIFF_WINDOW || lines->rest_n == 0) {
        return false;
    }
    for (size_t end = 0; (end = find_end(lines, lines->rest_seen, final, &text_n)) > 0;) {
        lines->rest_seen = end;
        lines->rest_ends++;
        bool whole = ops->is_whole == NULL || end >= ROW_MOST || (final && end == lines->rest_n) ||
                     ops->is_whole(ops->self, lines->rest + lines->rest_at, text_n);
        if (whole) {
            return keep(lines, end, text_n, lines->rest_ends);
        }
    }
    /* The last byte may be a CR whose LF is still to come. */
    lines->rest_seen = lines->rest_n > lines->rest_seen ? lines->rest_n - 1 : lines->rest_seen;
    return false;
}

void diff_lines_drop(struct diff_lines *lines, size_t n) {
    for (size_t i = 0; i < n; i++) {
        wipe(&lines->at[i].p, lines->at[i].n);
    }
    lines->n -= n;
    memmove(lines->at, lines->at + n, lines->n * sizeof lines->at[0]);
}

void diff_lines_clear(struct diff_lines *lines) {
    diff_lines_drop(lines, lines->n);
    wipe(&lines->rest, lines->rest_cap);
    *lines = (struct diff_lines){0};
}

bool diff_lines_same(const struct diff_line *a, const struct diff_line *b) {
    return a->hash == b->hash && a->n == b->n && memcmp(a->p, b->p, a->n) == 0;
}
