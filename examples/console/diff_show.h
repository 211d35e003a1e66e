/* What differs, for a person or a program. Here values are shown: whoever compares documents has asked for them. */
#ifndef CONSOLE_DIFF_SHOW_H
#define CONSOLE_DIFF_SHOW_H

#include "charset.h"
#include "diff.h"
#include "rows.h"
#include "screen.h"

struct diff_view {
    struct screen *screen;
    struct json *json; /* null: for a person */
    struct charset *charset;
    struct row_style style;
    char *heading; /* what the names lie in */
    struct row names;
};

/* The names of a row format's fields, from its heading line. False: no memory. */
bool diff_view_name(struct diff_view *view, const char *heading, size_t n);
void diff_show(struct diff_view *view, const struct diff_part *part);
void diff_view_clear(struct diff_view *view);

#endif
