/* Words in columns of a fixed-width terminal. */
#ifndef CONSOLE_TABLE_H
#define CONSOLE_TABLE_H

#include "out.h"

enum { TABLE_COLUMNS = 8 };

struct table {
    size_t columns;
    char **cells; /* row by row */
    size_t n, cap;
    bool no_memory;
    unsigned right; /* bit 1 << column: numbers, which stand at the right */
    int indent;     /* spaces before each row */
};

/* The next cell, copied; null is empty. */
void table_cell(struct table *table, const char *text);
/* All rows, the first of them as the heading, and wipes them. */
void table_print(struct table *table, struct out *out);
/* Wipes what is not printed. */
void table_clear(struct table *table);

#endif
