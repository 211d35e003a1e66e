/* One run of one Lua text: a fresh state, an allow-list, budgets, and never an unprotected call. */
#ifndef MAPPING_SANDBOX_H
#define MAPPING_SANDBOX_H

#include <lua.h>
#include <stdnoreturn.h>

#include "bytes.h"
#include "encoder.h"
#include "env.h"
#include "sandbox_memory.h"

#define SANDBOX_TEXT_MAX ((size_t)128 * 1024) /* a script; keeps the parser's own loops short */

struct sandbox_limits {
    int64_t steps;
    size_t memory;
    int32_t wall_ms;
    const struct clock_ops *clock; /* null: no wall time */
    void *clock_self;
};

struct sandbox;

struct sandbox {
    /* Filled by the caller. */
    const char *name;       /* of the text, for `where` */
    const char *other_name; /* of a second text; see sandbox_load_other */
    /* The text's name, and in *line the line of what is at work when no line of Lua is known; may be
     * null. */
    const char *(*locate)(struct sandbox *sb, int32_t *line);
    void *owner; /* for locate */
    struct sandbox_limits limits;
    int32_t syntax_code, run_code; /* what a text that cannot be read, or fails, is called */

    /* The work at hand, for `where`; see sandbox_at. */
    int32_t line;
    bool line_of_other;      /* the line is one of the overlay's */
    const char *field;       /* borrowed; null: none */
    struct encoder *encoder; /* the document's encoding, for the text helpers; borrowed */

    /* Where helpers write before Lua has the text: held here when an error is raised. */
    struct bytes scratch;

    /* The sandbox's own. */
    lua_State *lua;
    int (*body)(lua_State *L);
    struct sandbox_memory memory;
    size_t ceiling;
    int64_t steps_left, steps_before, deadline_ms, ms_before;
    int32_t refusals;
    bool running, stopped, refused, starved;
    struct fault fault;
};

/* A state for several calls. SHK_E_MEMORY, SHK_E_SCRIPT_MEMORY. Closed also after a fault. */
int32_t sandbox_open(struct sandbox *sb, struct fault *why);
/* Calls body(L) with `self` as light userdata at index 1 inside lua_pcall. Nothing that a text does comes
 * out but the fault. Each call has the budgets anew, less what loading took; after a fault no more call is
 * possible. */
int32_t sandbox_call(struct sandbox *sb, int (*body)(lua_State *L), void *self, struct fault *why);
/* Wipes all that the state held. */
void sandbox_close(struct sandbox *sb);
/* One call with a state of its own. */
int32_t sandbox_run(struct sandbox *sb, int (*body)(lua_State *L), void *self, struct fault *why);

/* The functions below are for code that runs inside body. */
struct sandbox *sandbox_of(lua_State *L);
/* Reads a text and runs it with a tenth of the budgets; leaves the one table it returned. */
void sandbox_load(lua_State *L, const uint8_t *text, size_t n);
/* The same for the text that is called other_name. */
void sandbox_load_other(lua_State *L, const uint8_t *text, size_t n);
/* Counts work done in C against the steps, so that no C function is free. */
void sandbox_charge(lua_State *L, size_t work);
/* Counts bytes that are kept outside of Lua for this run: with the state's own they stay below the ceiling. */
void sandbox_hold(lua_State *L, size_t bytes);
/* Says which line and field the next fault belongs to; field may be null and is borrowed until the next
 * sandbox_at. */
void sandbox_at(lua_State *L, int32_t line, const char *field);
/* While on, `line` follows every line; it costs time. */
void sandbox_follow_lines(lua_State *L, bool on);
/* Ends the run with this fault; where becomes "name:line what". what may be null. */
noreturn void sandbox_fail(lua_State *L, int32_t code, int32_t line, const char *what);
/* The same with a text's name. */
noreturn void sandbox_fail_in(lua_State *L, const char *text, int32_t code, int32_t line,
                              const char *what);

#endif
