/* Rows of CSV and TSV, as they are read to be compared. */
#ifndef CONSOLE_ROWS_H
#define CONSOLE_ROWS_H

#include <stdbool.h>
#include <stddef.h>

struct row_style {
    bool rows;   /* a row format at all */
    bool quotes; /* a value may stand in quotes and hold the separator or a line break then */
    char separator;
};

/* format as delivery[n].format says it; first: the first line, from which a separator is taken. */
struct row_style row_style_of(const char *format, const char *first, size_t n);
/* Bytes of the host's encoding: no quote is open at their end. */
bool row_is_whole(const struct row_style *style, const char *p, size_t n);

struct row {
    char **at;
    size_t n;
};
/* Takes terminated UTF-8 apart; the values lie in it. False: no memory. */
bool row_split(const struct row_style *style, char *text, struct row *out);
void row_clear(struct row *row);

#endif
