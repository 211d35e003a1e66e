/* Two texts line by line, the one read from a file, the other given piece by piece. However long they are, no
 * more than a window of lines of each is kept; what has moved farther than that is told as taken away and added. */
#ifndef CONSOLE_DIFF_H
#define CONSOLE_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* With its end: LF, CR LF, CR or, of the last one, none. */
struct diff_line {
    char *p;
    size_t n, text_n; /* with and without the end */
    int64_t number;   /* from 1 */
    uint64_t hash;
};

/* Where the two part: lines of the earlier text, and what stands there now; one of them may be none. */
struct diff_part {
    const struct diff_line *was, *now;
    size_t was_n, now_n;
};

struct diff_ops {
    /* Whether a line is whole; a row format's goes on behind a line break in quotes. Null: always. */
    bool (*is_whole)(void *self, const char *p, size_t n);
    void (*part)(void *self, const struct diff_part *part);
    void *self;
};

struct diff;
/* The file is the caller's. Null when out of memory. */
struct diff *diff_new(FILE *was, const struct diff_ops *ops);
/* False when out of memory or when the file cannot be read. */
bool diff_take(struct diff *diff, const void *p, size_t n);
bool diff_end(struct diff *diff);
void diff_free(struct diff **diff); /* wipes */

#endif
