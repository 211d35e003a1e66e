/* One record on its way through a loaded script. */
#ifndef MAPPING_RUN_H
#define MAPPING_RUN_H

#include <lua.h>

#include "contract.h"
#include "contract_texts.h"
#include "mapping.h"
#include "sandbox.h"

#define CONTRACT_WHERE_MAX 240

/* Where a row's name and text stand in the result's text; values move while it grows. */
struct run_cell {
    size_t to_at, value_at, value_n;
    bool absent;
    enum empty_rule empty;
    enum cell_kind kind;
};

struct run_loss {
    size_t to_at;
    uint32_t code, instead;
};

/* What Lua does not own, so that a raised error cannot lose it. */
struct run {
    const struct contract *contract;
    struct encoder *encoder;
    const struct record_set *records;
    size_t record;
    int kept;        /* registry reference of the kept values */
    int record_view; /* registry reference of the record as functions see it */
    bool explain;

    size_t row;                    /* at work, from 1; 0: none */
    const char *key;               /* "check", "file" … instead of a row */
    size_t to_at;                  /* where the name of the row at work stands in `text` */
    char name[CONTRACT_WHERE_MAX]; /* of the row at work, with the numbers of its entries */
    struct bytes one, other;       /* a value between its helpers */
    struct bytes text;
    struct run_cell *cells;
    size_t cells_n, cells_cap;
    struct run_loss *losses;
    size_t losses_n, losses_cap;
    int32_t lost;
    struct mapping_trace *trace;
    size_t trace_n, trace_cap;
};

/* The entry of a list that an `each` is at. */
struct run_entry {
    size_t record;
    const char *list; /* null: none */
    size_t entry;     /* in the list, from 1 */
    size_t index;     /* what "@index" gives: of the innermost `each`; 0: none */
    size_t numbers[CONTRACT_DEPTH_MAX + 1];
    size_t depth; /* of numbers */
};

/* Runs all rows; the cells are filled. Raises the fault of the first rule that is broken. */
void rows_run(lua_State *L, struct run *run);

/* row_text.c: the text in run->one after its rules: characters, limits, width. */
void row_text_check(lua_State *L, struct run *run, const struct contract_row *row, bool absent);
/* row_text.c: what the script says is written for a character, or null; functions are not asked. */
const char *row_text_instead(const struct run *run, const struct contract_lack *lack,
                             uint32_t code);
/* Counts a replaced character of the row at work, and names it while there is room. */
void row_text_note_loss(lua_State *L, struct run *run, uint32_t code, const char *instead);
/* Ends the run with this fault at the row at work. */
noreturn void run_fail(lua_State *L, struct run *run, int32_t code, const char *what);
/* For blocks that grow one by one; raises when memory is out. */
void *run_grow(lua_State *L, void *p, size_t n, size_t *cap, size_t item);
void run_check(lua_State *L, int32_t rc);
/* A function of the script, pushed. */
void run_push_function(lua_State *L, const struct run *run, int function);

void run_clear(struct run *run);

#endif
