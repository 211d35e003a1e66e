#include "sandbox.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#include "lua_library.h"
#include "text.h"

#define HOOK_STRIDE 100
#define CHUNK       "=s"
#define OTHER_CHUNK "=o"
/* Lua answers each refusal with a full collection that no step counts; a script that lives at its
 * ceiling would collect for minutes. */
#define REFUSALS_MAX 8
#define CLOCK_WORTH  1000 /* work after which the clock is asked again */
#define PIECE        512  /* bytes that the parser is given at once */

struct sandbox *sandbox_of(lua_State *L) {
    return *(struct sandbox **)lua_getextraspace(L);
}

/* Takes the line of a function at work; false in C, where there is none. Allocates nothing. */
static bool take_line(struct sandbox *sb, lua_State *L, lua_Debug *ar) {
    if (lua_getinfo(L, "Sl", ar) == 0 || ar->currentline <= 0) {
        return false;
    }
    sb->line = ar->currentline;
    sb->line_of_other = ar->source[1] == OTHER_CHUNK[1];
    return true;
}

/* The line of the innermost Lua function, when any is running. */
static void note_line(struct sandbox *sb) {
    lua_Debug ar;
    for (int level = 0; sb->running && lua_getstack(sb->lua, level, &ar) != 0; level++) {
        if (take_line(sb, sb->lua, &ar)) {
            return;
        }
    }
}

static bool allowed(struct sandbox *sb, size_t had, size_t n) {
    bool fits = n <= SANDBOX_BLOCK_MAX && sb->memory.used - had + n <= sb->ceiling;
    if (fits && sb->refusals < REFUSALS_MAX) {
        return true;
    }
    sb->refusals++;
    sb->refused = true;
    note_line(sb);
    return false;
}

static void *allocate(void *self, void *block, size_t old, size_t n) {
    struct sandbox *sb = self;
    size_t had = block != NULL ? old : 0; /* without a block, old is a type tag */
    if (n == 0) {
        sandbox_memory_release(&sb->memory, block, had);
        return NULL;
    }
    if (n > had && !allowed(sb, had, n)) {
        return NULL;
    }
    void *moved = sandbox_memory_move(&sb->memory, block, had, n);
    sb->starved = sb->starved || moved == NULL;
    return moved;
}

static void on_hook(lua_State *L, lua_Debug *ar);

static void stop(lua_State *L, struct sandbox *sb) {
    sb->stopped = true;
    lua_sethook(L, on_hook, LUA_MASKCOUNT, 1);
    lua_pushnil(L);
    lua_error(L);
}

static bool time_is_up(const struct sandbox *sb) {
    const struct sandbox_limits *limits = &sb->limits;
    return limits->clock != NULL && limits->clock->mono_ms(limits->clock_self) >= sb->deadline_ms;
}

static void on_hook(lua_State *L, lua_Debug *ar) {
    struct sandbox *sb = sandbox_of(L);
    (void)take_line(sb, L, ar);
    if (ar->event == LUA_HOOKLINE) {
        return;
    }
    sb->steps_left -= HOOK_STRIDE;
    if (sb->stopped || sb->steps_left <= 0 || time_is_up(sb)) {
        stop(L, sb);
    }
}

void sandbox_at(lua_State *L, int32_t line, const char *field) {
    struct sandbox *sb = sandbox_of(L);
    sb->line = line;
    sb->line_of_other = false;
    sb->field = field;
}

void sandbox_follow_lines(lua_State *L, bool on) {
    lua_sethook(L, on_hook, LUA_MASKCOUNT | (on ? LUA_MASKLINE : 0), HOOK_STRIDE);
}

void sandbox_charge(lua_State *L, size_t work) {
    struct sandbox *sb = sandbox_of(L);
    sb->steps_left -= (int64_t)work;
    if (sb->steps_left <= 0 || (work >= CLOCK_WORTH && time_is_up(sb))) {
        note_line(sb);
        stop(L, sb);
    }
}

/* "name:line what", the parts that are known. */
static void set_fault(struct sandbox *sb, const char *name, int32_t code, int32_t line,
                      const char *what) {
    char where[sizeof sb->fault.where];
    char at[16] = "";
    if (line > 0) {
        text_format(at, sizeof at, ":%d", (int)line);
    }
    text_format(where, sizeof where, "%s%s%s%s", name, at, what != NULL ? " " : "",
                what != NULL ? what : "");
    fault_set(&sb->fault, code, line > 0 ? SHK_NATIVE_LUA_LINE : SHK_NATIVE_NONE, line, where);
}

static const char *name_of_line(const struct sandbox *sb) {
    return sb->line_of_other ? sb->other_name : sb->name;
}

noreturn void sandbox_fail_in(lua_State *L, const char *text, int32_t code, int32_t line,
                              const char *what) {
    set_fault(sandbox_of(L), text, code, line, what);
    for (;;) {
        lua_pushnil(L);
        lua_error(L);
    }
}

noreturn void sandbox_fail(lua_State *L, int32_t code, int32_t line, const char *what) {
    struct sandbox *sb = sandbox_of(L);
    const char *text = line > 0 ? name_of_line(sb) : sb->name;
    if (line <= 0 && sb->locate != NULL) {
        text = sb->locate(sb, &line);
    }
    sandbox_fail_in(L, text, code, line, what);
}

void sandbox_hold(lua_State *L, size_t bytes) {
    const struct sandbox *sb = sandbox_of(L);
    if (bytes > sb->ceiling || sb->memory.used > sb->ceiling - bytes) {
        sandbox_fail(L, SHK_E_SCRIPT_MEMORY, 0, sb->field);
    }
}

/* "s:12: unexpected symbol near …": the number only, since a message may quote anything. */
static int32_t line_of_message(const char *message) {
    int32_t line = 0;
    const char *p = message != NULL && strlen(message) > 2 && message[1] == ':' ? message + 2 : "";
    for (; char_is_digit(*p) && line < 1000000; p++) {
        line = line * 10 + (*p - '0');
    }
    return line;
}

static int32_t first_bad_line(const uint8_t *text, size_t n) {
    int32_t line = 1;
    uint32_t code;
    for (size_t i = 0, len; i < n; i += len) {
        len = utf8_decode((const char *)text + i, n - i, &code);
        if (len == 0) {
            break;
        }
        line += code == '\n' ? 1 : 0;
    }
    return line;
}

static bool is_name_byte(uint8_t c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* The line of the name _ENV; 0 where no text, comment or string has it. No script needs it, and Lua
 * up to 5.4.4 makes code that reaches beyond its memory where _ENV is a constant (CVE-2022-28805). */
static int32_t environment_line(const uint8_t *text, size_t n) {
    static const char name[] = "_ENV";
    size_t len = sizeof name - 1;
    int32_t line = 1;
    for (size_t i = 0; i + len <= n; i++) {
        bool starts = text[i] == '_' && (i == 0 || !is_name_byte(text[i - 1]));
        bool ends = i + len == n || !is_name_byte(text[i + len]);
        if (starts && ends && memcmp(text + i, name, len) == 0) {
            return line;
        }
        line += text[i] == '\n' ? 1 : 0;
    }
    return 0;
}

static void begin_load(struct sandbox *sb, int64_t *steps_later) {
    int64_t steps = sb->limits.steps / 10;
    *steps_later = sb->steps_left - steps;
    sb->steps_left = steps;
    sb->ceiling = sb->limits.memory / 10;
    lua_gc(sb->lua, LUA_GCSTOP);
}

/* A script that is being read makes little that can be thrown away. */
static void end_load(struct sandbox *sb, int64_t steps_later) {
    lua_gc(sb->lua, LUA_GCRESTART);
    sb->steps_left += steps_later;
    sb->steps_before = sb->limits.steps - sb->steps_left;
    sb->ceiling = sb->limits.memory;
    sb->line = 0;
    sb->line_of_other = false;
}

struct rest {
    const uint8_t *p;
    size_t n;
};

/* Some texts keep the parser busy for seconds and it runs no hook, so the clock is asked here. */
static const char *next_piece(lua_State *L, void *self, size_t *n) {
    struct rest *rest = self;
    const uint8_t *piece = rest->p;
    if (time_is_up(sandbox_of(L))) {
        stop(L, sandbox_of(L));
    }
    *n = rest->n < PIECE ? rest->n : PIECE;
    rest->p += *n;
    rest->n -= *n;
    return (const char *)piece;
}

static void compile(lua_State *L, struct sandbox *sb, const uint8_t *text, size_t n,
                    const char *chunk) {
    if (n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3; /* editors on Windows write a byte order mark */
        n -= 3;
    }
    if (n > SANDBOX_TEXT_MAX) {
        sandbox_fail_in(L, name_of_line(sb), SHK_E_SCRIPT_MEMORY, 0, NULL);
    }
    if (!utf8_valid((const char *)text, n)) {
        sandbox_fail_in(L, name_of_line(sb), sb->syntax_code, first_bad_line(text, n), "UTF-8");
    }
    int32_t named = environment_line(text, n);
    if (named > 0) {
        sandbox_fail_in(L, name_of_line(sb), sb->syntax_code, named, "_ENV");
    }
    struct rest rest = {text, n};
    int status = lua_load(L, next_piece, &rest, chunk, "t");
    if (status == LUA_ERRMEM || sb->stopped) {
        lua_error(L);
    }
    if (status != LUA_OK) {
        sandbox_fail_in(L, name_of_line(sb), sb->syntax_code, line_of_message(lua_tostring(L, -1)),
                        NULL);
    }
}

static void load(lua_State *L, const uint8_t *text, size_t n, const char *chunk) {
    struct sandbox *sb = sandbox_of(L);
    int64_t steps_later;
    begin_load(sb, &steps_later);
    sb->line_of_other = text_equal(chunk, OTHER_CHUNK);
    compile(L, sb, text, n, chunk);
    lua_call(L, 0, 1);
    if (!lua_istable(L, -1)) {
        sandbox_fail_in(L, name_of_line(sb), sb->syntax_code, 0, "return");
    }
    end_load(sb, steps_later);
}

void sandbox_load(lua_State *L, const uint8_t *text, size_t n) {
    load(L, text, n, CHUNK);
}

void sandbox_load_other(lua_State *L, const uint8_t *text, size_t n) {
    load(L, text, n, OTHER_CHUNK);
}

/* Runs where the error was raised. The error's value may quote a person and is not looked at, but
 * for the one literal with which Lua's buffers report what the allocator refused. */
static int on_error(lua_State *L) {
    struct sandbox *sb = sandbox_of(L);
    const char *message = lua_type(L, 1) == LUA_TSTRING ? lua_tostring(L, 1) : "";
    note_line(sb);
    if (!text_equal(message, "not enough memory")) {
        sb->refused = false;
        sb->starved = false;
    }
    lua_settop(L, 1);
    return 1;
}

static int enter(lua_State *L) {
    sandbox_follow_lines(L, false);
    return sandbox_of(L)->body(L);
}

static int32_t verdict(struct sandbox *sb, int status) {
    if (status == LUA_OK) {
        return SHK_OK;
    }
    if (sb->stopped) {
        return SHK_E_SCRIPT_BUDGET;
    }
    if (sb->starved) {
        return SHK_E_MEMORY;
    }
    return status == LUA_ERRMEM || sb->refused ? SHK_E_SCRIPT_MEMORY : sb->run_code;
}

static int64_t now_ms(const struct sandbox *sb) {
    const struct sandbox_limits *limits = &sb->limits;
    return limits->clock != NULL ? limits->clock->mono_ms(limits->clock_self) : 0;
}

/* What an earlier call left over does not count for this one. */
static void begin(struct sandbox *sb, int (*body)(lua_State *L)) {
    sb->body = body;
    sb->ceiling = sb->limits.memory;
    sb->steps_left = sb->limits.steps - sb->steps_before;
    sb->deadline_ms = now_ms(sb) + sb->limits.wall_ms - sb->ms_before;
    sb->refusals = 0;
    sb->refused = false;
    sb->starved = false;
    sb->line = 0;
    sb->line_of_other = false;
    sb->field = NULL;
}

/* Outside lua_pcall only calls that cannot raise: they need no memory. */
static int call_protected(struct sandbox *sb, void *self) {
    lua_State *L = sb->lua;
    sb->running = true;
    lua_pushcfunction(L, on_error);
    lua_pushcfunction(L, enter);
    lua_pushlightuserdata(L, self);
    int status = lua_pcall(L, 1, 0, 1);
    lua_settop(L, 0);
    sb->running = false;
    return status;
}

static int32_t settle(struct sandbox *sb, int status, struct fault *why) {
    int32_t rc = verdict(sb, status);
    if (rc != SHK_OK && sb->fault.code == SHK_OK) {
        int32_t line = sb->line;
        const char *name = name_of_line(sb);
        if (line <= 0 && sb->locate != NULL) {
            name = sb->locate(sb, &line);
        }
        set_fault(sb, name, rc, line, sb->field);
    }
    const struct fault *f = &sb->fault;
    return f->code == SHK_OK ? SHK_OK
                             : fault_set(why, f->code, f->native_kind, f->native, f->where);
}

int32_t sandbox_call(struct sandbox *sb, int (*body)(lua_State *L), void *self, struct fault *why) {
    int64_t started = now_ms(sb), steps_before = sb->steps_before;
    begin(sb, body);
    int status = call_protected(sb, self);
    if (sb->steps_before != steps_before) {
        sb->ms_before = now_ms(sb) - started;
    }
    return settle(sb, status, why);
}

static int open_library(lua_State *L) {
    lua_library_open(L);
    return 0;
}

int32_t sandbox_open(struct sandbox *sb, struct fault *why) {
    begin(sb, open_library);
    sb->lua = lua_newstate(allocate, sb);
    if (sb->lua == NULL) {
        return settle(sb, LUA_ERRMEM, why);
    }
    *(struct sandbox **)lua_getextraspace(sb->lua) = sb;
    return sandbox_call(sb, open_library, NULL, why);
}

/* The state has no finalizers and owns nothing but its memory, so that goes as a whole. */
void sandbox_close(struct sandbox *sb) {
    sandbox_memory_clear(&sb->memory);
    bytes_clear(&sb->scratch);
    sb->lua = NULL;
}

int32_t sandbox_run(struct sandbox *sb, int (*body)(lua_State *L), void *self, struct fault *why) {
    int32_t rc = sandbox_open(sb, why);
    if (rc == SHK_OK) {
        rc = sandbox_call(sb, body, self, why);
    }
    sandbox_close(sb);
    return rc;
}
