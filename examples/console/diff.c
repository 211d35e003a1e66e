#include "diff.h"

#include <stdlib.h>
#include <string.h>

#include "diff_lines.h"
#include "platform.h"

enum { PIECE = 64 * 1024 };

struct diff {
    FILE *file;
    struct diff_ops ops;
    struct diff_lines was, now;
    bool all_read; /* of the file */
    bool failed;
    char piece[PIECE];
};

struct diff *diff_new(FILE *was, const struct diff_ops *ops) {
    struct diff *d = calloc(1, sizeof *d);
    if (d != NULL) {
        d->file = was;
        d->ops = *ops;
    }
    return d;
}

static void read_piece(struct diff *d) {
    size_t n = fread(d->piece, 1, sizeof d->piece, d->file);
    d->all_read = n == 0;
    d->failed = d->failed || ferror(d->file) != 0 || !diff_lines_put(&d->was, d->piece, n);
}

static void fill(struct diff *d, bool final) {
    while (!d->failed && d->was.n < DIFF_WINDOW) {
        if (!diff_lines_next(&d->was, &d->ops, d->all_read)) {
            if (d->all_read || d->was.no_memory) {
                break;
            }
            read_piece(d);
        }
    }
    while (diff_lines_next(&d->now, &d->ops, final)) {
    }
    d->failed = d->failed || d->was.no_memory || d->now.no_memory;
}

static bool meets(const struct diff *d, size_t i, size_t j) {
    return i < d->was.n && j < d->now.n && diff_lines_same(&d->was.at[i], &d->now.at[j]);
}

/* The nearest two lines from which on both go on alike. */
static bool find_meeting(const struct diff *d, size_t *was_n, size_t *now_n) {
    for (size_t sum = 1; sum < d->was.n + d->now.n; sum++) {
        for (size_t i = 0; i <= sum && i < d->was.n; i++) {
            size_t j = sum - i;
            bool end = i + 1 >= d->was.n || j + 1 >= d->now.n;
            if (meets(d, i, j) && (end || meets(d, i + 1, j + 1))) {
                *was_n = i;
                *now_n = j;
                return true;
            }
        }
    }
    return false;
}

static void tell(struct diff *d, size_t was_n, size_t now_n) {
    const struct diff_part part = {d->was.at, d->now.at, was_n, now_n};
    d->ops.part(d->ops.self, &part);
    diff_lines_drop(&d->was, was_n);
    diff_lines_drop(&d->now, now_n);
}

static size_t same_at_first(const struct diff *d) {
    size_t n = 0;
    while (meets(d, n, n)) {
        n++;
    }
    return n;
}

/* False when more has to come first. */
static bool step(struct diff *d, bool final) {
    fill(d, final);
    size_t same = same_at_first(d);
    if (d->failed || same > 0) {
        diff_lines_drop(&d->was, same);
        diff_lines_drop(&d->now, same);
        return !d->failed;
    }
    if ((!final && d->now.n < DIFF_WINDOW) || (d->was.n == 0 && d->now.n == 0)) {
        return false;
    }
    size_t was_n = d->was.n > 0 ? 1 : 0, now_n = d->now.n > 0 ? 1 : 0;
    if (was_n == 0 || now_n == 0) {
        was_n = d->was.n;
        now_n = d->now.n;
    } else {
        (void)find_meeting(d, &was_n, &now_n);
    }
    tell(d, was_n, now_n);
    return true;
}

bool diff_take(struct diff *d, const void *p, size_t n) {
    if (n > 0 && !diff_lines_put(&d->now, p, n)) {
        d->failed = true;
    }
    while (step(d, false)) {
    }
    return !d->failed;
}

bool diff_end(struct diff *d) {
    while (step(d, true)) {
    }
    return !d->failed;
}

void diff_free(struct diff **d) {
    if (*d != NULL) {
        diff_lines_clear(&(*d)->was);
        diff_lines_clear(&(*d)->now);
        platform_wipe(*d, sizeof **d);
        free(*d);
        *d = NULL;
    }
}
