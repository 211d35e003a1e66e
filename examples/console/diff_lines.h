/* The lines of one of two texts that wait to be compared. */
#ifndef CONSOLE_DIFF_LINES_H
#define CONSOLE_DIFF_LINES_H

#include "diff.h"

enum { DIFF_WINDOW = 64 };

struct diff_lines {
    struct diff_line at[DIFF_WINDOW];
    size_t n;
    int64_t numbered; /* line ends so far */
    char *rest;       /* what is no line yet: rest_n bytes from rest_at */
    size_t rest_at, rest_n, rest_cap;
    size_t rest_seen;  /* of them that hold no line end that ends a line */
    int64_t rest_ends; /* line ends in these */
    bool no_memory;
};

/* Puts bytes behind the rest. */
bool diff_lines_put(struct diff_lines *lines, const char *p, size_t n);
/* Makes the next line of the rest; false when there is no room for it, no whole line or no memory. final: what
 * is left is a line without an end. */
bool diff_lines_next(struct diff_lines *lines, const struct diff_ops *ops, bool final);
/* Lets go of the first n. */
void diff_lines_drop(struct diff_lines *lines, size_t n);
void diff_lines_clear(struct diff_lines *lines);
bool diff_lines_same(const struct diff_line *a, const struct diff_line *b);

#endif
