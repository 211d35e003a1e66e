/* Pieces of Lua, as an input chooses them. */
#ifndef FUZZ_SCRIPT_PIECES_H
#define FUZZ_SCRIPT_PIECES_H

#include "fuzz.h"

struct maker {
    struct fuzz_input *in;
    char *out;
    size_t n, room;
    int depth;
};

#define COUNT(list)   ((uint32_t)(sizeof(list) / sizeof(list)[0]))
#define PICK(m, list) add((m), (list)[fuzz_below((m)->in, COUNT(list))])

/* Appends while there is room. */
void add(struct maker *m, const char *text);
/* One statement. */
void add_statement(struct maker *m);
/* "function(v,rec) ... end" */
void add_function(struct maker *m);

#endif
