/* One run of one Lua text: a fresh state, an allow-list, budgets, and never an unprotected call. */
#ifndef MAPPING_SANDBOX_H
#define MAPPING_SANDBOX_H

#include <lua.h>
#include <stdnoreturn.h>

#include "bytes.h"
#include "env.h"

#define SANDBOX_TEXT_MAX ((size_t)128 * 1024) /* a script; keeps the parser's own loops short */
#define SANDBOX_BLOCK_MAX                                                                          \
    ((size_t)1024 * 1024) /* one string or table: bounds what one instruction can do */

struct sandbox_limits {
    int64_t steps;
    size_t memory;
    int32_t wall_ms;
    const struct clock_ops *clock; /* null: no wall time */
    void *clock_self;
};

struct sandbox {
    /* Filled by the caller. */
    const char *name; /* of the text, for `where` */
    struct sandbox_limits limits;
    int32_t syntax_code, run_code; /* what a text that cannot be read, or fails, is called */

    /* The work at hand, for `where`; see sandbox_at. */
    int32_t line;
    char field[128];
    bool cp932; /* the document's encoding, for the text helpers */

    /* Where helpers write before Lua has the text: held here when an error is raised. */
    struct bytes scratch;

    /* The sandbox's own. */
    lua_State *lua;
    int (*body)(lua_State *L);
    size_t used, ceiling;
    int64_t steps_left, deadline_ms;
    int32_t refusals;
    bool running, stopped, refused, starved;
    struct fault fault;
};

/* Makes a state, calls body(L) with `self` as light userdata at index 1 inside lua_pcall, closes the
 * state. Nothing that a text does comes out but the fault. */
int32_t sandbox_run(struct sandbox *sb, int (*body)(lua_State *L), void *self, struct fault *why);

/* The functions below are for code that runs inside body. */
struct sandbox *sandbox_of(lua_State *L);
/* Reads a text and runs it with a tenth of the budgets; leaves the one table it returned. */
void sandbox_load(lua_State *L, const uint8_t *text, size_t n);
/* Counts work done in C against the steps, so that no C function is free. */
void sandbox_charge(lua_State *L, size_t work);
/* Says which line and field the next fault belongs to; field may be null and is copied. */
void sandbox_at(lua_State *L, int32_t line, const char *field);
/* While on, `line` follows every line; it costs time. */
void sandbox_follow_lines(lua_State *L, bool on);
/* Ends the run with this fault; where becomes "name:line what". what may be null. */
noreturn void sandbox_fail(lua_State *L, int32_t code, int32_t line, const char *what);

#endif
