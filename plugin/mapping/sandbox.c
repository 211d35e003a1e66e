#include "sandbox.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#include "lua_library.h"
#include "text.h"

#define HOOK_STRIDE 100
/* Lua answers each refusal with a full collection that no step counts; a script that lives at its
 * ceiling would collect for minutes. */
#define REFUSALS_MAX 8
#define CLOCK_WORTH  1000 /* work after which the clock is asked again */
#define PIECE        512  /* bytes that the parser is given at once */

struct sandbox *sandbox_of(lua_State *L) {
    return *(struct sandbox **)lua_getextraspace(L);
}

/* The line of the innermost Lua function; 0 when only C is running. Allocates nothing. */
static int32_t running_line(lua_State *L) {
    lua_Debug ar;
    for (int level = 0; lua_getstack(L, level, &ar) != 0; level++) {
        lua_getinfo(L, "l", &ar);
        if (ar.currentline > 0) {
            return ar.currentline;
        }
    }
    return 0;
}

static void note_line(struct sandbox *sb) {
    int32_t line = sb->running ? running_line(sb->lua) : 0;
    if (line > 0) {
        sb->line = line;
    }
}

static void release(struct sandbox *sb, void *block, size_t n) {
    if (block != NULL) {
        memory_wipe(block, n);
        free(block);
        sb->used -= n;
    }
}

static bool allowed(struct sandbox *sb, size_t had, size_t n) {
    bool fits = n <= SANDBOX_BLOCK_MAX && sb->used - had + n <= sb->ceiling;
    if (fits && sb->refusals < REFUSALS_MAX) {
        return true;
    }
    sb->refusals++;
    sb->refused = true;
    note_line(sb);
    return false;
}

/* Every block is moved by hand, so that a person's data never stays in freed memory. */
static void *allocate(void *self, void *block, size_t old, size_t n) {
    struct sandbox *sb = self;
    size_t had = block != NULL ? old : 0; /* without a block, old is a type tag */
    if (n == 0) {
        release(sb, block, had);
        return NULL;
    }
    bool shrinks = n <= had;
    if (!shrinks && !allowed(sb, had, n)) {
        return NULL;
    }
    void *moved = malloc(n);
    if (moved == NULL) {
        sb->starved = sb->starved || !shrinks;
        return shrinks ? block : NULL; /* shrinking must not fail; the count stays as it was */
    }
    if (block != NULL) {
        memcpy(moved, block, shrinks ? n : had);
    }
    release(sb, block, had);
    sb->used += n;
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
    if (lua_getinfo(L, "l", ar) != 0 && ar->currentline > 0) {
        sb->line = ar->currentline;
    }
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
    text_copy(sb->field, sizeof sb->field, field != NULL ? field : "");
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
static void set_fault(struct sandbox *sb, int32_t code, int32_t line, const char *what) {
    char where[sizeof sb->fault.where];
    char at[16] = "";
    if (line > 0) {
        text_format(at, sizeof at, ":%d", (int)line);
    }
    text_format(where, sizeof where, "%s%s%s%s", sb->name, at, what != NULL ? " " : "",
                what != NULL ? what : "");
    fault_set(&sb->fault, code, line > 0 ? SHK_NATIVE_LUA_LINE : SHK_NATIVE_NONE, line, where);
}

noreturn void sandbox_fail(lua_State *L, int32_t code, int32_t line, const char *what) {
    set_fault(sandbox_of(L), code, line, what);
    for (;;) {
        lua_pushnil(L);
        lua_error(L);
    }
}

/* "s:12: unexpected symbol near …": the number only, since a message may quote anything. */
static int32_t line_of_message(const char *message) {
    int32_t line = 0;
    const char *p = message != NULL && text_starts(message, "s:") ? message + 2 : "";
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
}

static void end_load(struct sandbox *sb, int64_t steps_later) {
    sb->steps_left += steps_later;
    sb->ceiling = sb->limits.memory;
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

static void compile(lua_State *L, struct sandbox *sb, const uint8_t *text, size_t n) {
    if (n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3; /* editors on Windows write a byte order mark */
        n -= 3;
    }
    if (n > SANDBOX_TEXT_MAX) {
        sandbox_fail(L, SHK_E_SCRIPT_MEMORY, 0, NULL);
    }
    if (!utf8_valid((const char *)text, n)) {
        sandbox_fail(L, sb->syntax_code, first_bad_line(text, n), "UTF-8");
    }
    int32_t named = environment_line(text, n);
    if (named > 0) {
        sandbox_fail(L, sb->syntax_code, named, "_ENV");
    }
    struct rest rest = {text, n};
    int status = lua_load(L, next_piece, &rest, "=s", "t");
    if (status == LUA_ERRMEM || sb->stopped) {
        lua_error(L);
    }
    if (status != LUA_OK) {
        sandbox_fail(L, sb->syntax_code, line_of_message(lua_tostring(L, -1)), NULL);
    }
}

void sandbox_load(lua_State *L, const uint8_t *text, size_t n) {
    struct sandbox *sb = sandbox_of(L);
    int64_t steps_later;
    begin_load(sb, &steps_later);
    compile(L, sb, text, n);
    lua_call(L, 0, 1);
    if (!lua_istable(L, -1)) {
        sandbox_fail(L, sb->syntax_code, 0, "return");
    }
    end_load(sb, steps_later);
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
    struct sandbox *sb = sandbox_of(L);
    sandbox_follow_lines(L, false);
    lua_library_open(L);
    return sb->body(L);
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

static void begin(struct sandbox *sb, int (*body)(lua_State *L)) {
    sb->body = body;
    sb->ceiling = sb->limits.memory;
    sb->steps_left = sb->limits.steps;
    if (sb->limits.clock != NULL) {
        sb->deadline_ms = sb->limits.clock->mono_ms(sb->limits.clock_self) + sb->limits.wall_ms;
    }
}

/* Outside lua_pcall only calls that cannot raise: they need no memory. */
static int call_protected(struct sandbox *sb, void *self) {
    lua_State *L = sb->lua;
    *(struct sandbox **)lua_getextraspace(L) = sb;
    sb->running = true;
    lua_pushcfunction(L, on_error);
    lua_pushcfunction(L, enter);
    lua_pushlightuserdata(L, self);
    int status = lua_pcall(L, 1, 0, 1);
    sb->running = false;
    return status;
}

int32_t sandbox_run(struct sandbox *sb, int (*body)(lua_State *L), void *self, struct fault *why) {
    begin(sb, body);
    sb->lua = lua_newstate(allocate, sb);
    int status = sb->lua != NULL ? call_protected(sb, self) : LUA_ERRMEM;
    int32_t rc = verdict(sb, status);
    if (rc != SHK_OK && sb->fault.code == SHK_OK) {
        set_fault(sb, rc, sb->line, sb->field[0] != '\0' ? sb->field : NULL);
    }
    if (sb->lua != NULL) {
        lua_close(sb->lua);
        sb->lua = NULL;
    }
    bytes_clear(&sb->scratch);
    const struct fault *f = &sb->fault;
    return f->code == SHK_OK ? SHK_OK
                             : fault_set(why, f->code, f->native_kind, f->native, f->where);
}
