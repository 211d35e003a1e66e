/* The sandbox: what a script can reach, how much it can use, and that the host survives all of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <lauxlib.h>
#include <lualib.h>
#include <malloc.h>

#include "clock_fake.h"
#include "lua_record.h"
#include "mapping.h"
#include "sandbox.h"

static struct record_set *records;
static struct fault why;

/* malloc, calloc and realloc of everything that is linked statically; the nth one can fail, alone
 * or with all that follow. */
static long fail_at = -1, requests;
static bool fail_on;

/* The names are the linker's. NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c) */
void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);

static bool fails(void) {
    requests++;
    return requests == fail_at || (fail_on && fail_at > 0 && requests > fail_at);
}

/* Counts freed blocks that still hold the person's name. */
static const char *watched;
static long name_left;

void __real_free(void *p);
void __wrap_free(void *p);

void __wrap_free(void *p) {
    size_t n = p != NULL && watched != NULL ? malloc_usable_size(p) : 0;
    size_t len = watched != NULL ? strlen(watched) : 0;
    for (size_t i = 0; i + len <= n && n > 0; i++) {
        if (memcmp((const char *)p + i, watched, len) == 0) {
            name_left++;
            break;
        }
    }
    __real_free(p);
}

void *__wrap_malloc(size_t n) {
    return fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size) {
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n) {
    return fails() ? NULL : __real_realloc(p, n);
}

/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c) */

static char *slurp(const char *path, size_t *n) {
    static char text[131072];
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    *n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[*n] = '\0';
    return text;
}

static int load_person(void **state) {
    (void)state;
    size_t n;
    const char *xml = slurp(TEST_DATA "/oqs/all_groups.xml", &n);
    return oqs_read((const uint8_t *)xml, n, &records, NULL);
}

static int free_person(void **state) {
    (void)state;
    record_free(&records);
    return 0;
}

static int32_t run_job(struct mapping_job *job, const char *script) {
    struct mapping_result *result = NULL;
    job->script_name = "t.lua";
    job->script = (const uint8_t *)script;
    job->script_len = strlen(script);
    job->records = records;
    job->record = 1;
    fault_clear(&why);
    int32_t rc = mapping_run(job, &result, &why);
    assert_true((rc == SHK_OK) == (result != NULL));
    mapping_result_free(&result);
    return rc;
}

static void frame(char *out, size_t cap, const char *body) {
    snprintf(out, cap,
             "return { contract = 1, id = 't', format = 'csv', encoding = 'utf-8', file = 'a',\n"
             "fields = { { to = 'A', with = function(v, rec)\n%s\nend } } }",
             body);
}

/* The body of a row's function, from line 3. */
static int32_t run_body(const char *body) {
    struct mapping_job job = {0};
    char script[4096];
    frame(script, sizeof script, body);
    return run_job(&job, script);
}

/* Budgets. */

static void what_never_ends_is_stopped(void **state) {
    (void)state;
    static const char *const bodies[] = {
        "while true do end",
        "repeat until false",
        "for i = 1, 1 << 50 do end",
        "::a:: goto a",
        "local function f() return f() end return f()",
        "for i = 1, 1 << 50 do local s = string.reverse(text.pad('a', 1000)) end",
        "local t = {} for i = 1, 1 << 50 do t[1] = i table.insert(t, 1, i) t = { i } end",
        "local t = {} for i = 1, 9000 do t[i] = -i end while true do table.sort(t) end",
        "local t = { 3, 1, 2 } table.sort(t, function() while true do end end)",
        "local s = text.pad('a', 1000) while true do local n = utf8.len(s) end",
        "local s = text.pad('a', 1000) while true do text.kana_full(s) end",
        "while true do local x = rec.elderly.burden_percent end",
        ("local s = '\\x80' for i = 1, 10 do s = s .. s end local f, a = utf8.codes('a')\n"
         "while true do f(s, 1) end"),
    };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        int32_t rc = run_body(bodies[i]);
        if (rc != SHK_E_SCRIPT_BUDGET) {
            print_error("%s: %d\n", bodies[i], (int)rc);
        }
        assert_int_equal(rc, SHK_E_SCRIPT_BUDGET);
        assert_memory_equal(why.where, "t.lua:", 6);
        assert_string_equal(why.where + strlen(why.where) - 2, " A");
        assert_true(why.native >= 3 && why.native_kind == SHK_NATIVE_LUA_LINE);
    }
}

static void what_grows_without_end_is_stopped(void **state) {
    (void)state;
    static const char *const bodies[] = {
        "local s = 'x' while true do s = s .. s end",
        "local t = {} for i = 1, 1 << 50 do t[i] = i end",
        "local t = {} while true do t = { t } end",
        "local function f() return 1 + f() end return f()",
        ("local s = text.pad('', 1000) local t = {} for i = 1, 2000 do t[i] = s end\n"
         "return table.concat(t)"),
        "local t = {} for i = 1, 60000 do t[i] = '' end return table.concat(t, text.pad('', 1000))",
        ("local t = {} for i = 1, 1000 do t[i] = {} for j = 1, 1000 do t[i][j] = i .. ' ' .. j end "
         "end"),
    };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        int32_t rc = run_body(bodies[i]);
        if (rc != SHK_E_SCRIPT_MEMORY) {
            print_error("%s: %d\n", bodies[i], (int)rc);
        }
        assert_int_equal(rc, SHK_E_SCRIPT_MEMORY);
        assert_memory_equal(why.where, "t.lua:", 6);
        assert_true(why.native >= 3 && why.native <= 4);
    }
}

static void large_requests_of_one_call_are_refused(void **state) {
    (void)state;
    static const char *const bodies[] = {
        "return string.format('%100d', 1)",
        "return string.format('%99999999999d', 1)",
        "return string.format('%.100s', 'a')",
        "return text.pad('a', 1 << 50)",
        "return table.concat({}, ' ', 1, 1 << 50)",
        "return table.unpack({}, 1, 1 << 50)",
        "return table.unpack({}, 1, 70000)",
        "return select(1 << 50, 1) or error()",
        "return string.byte(text.pad('', 1000), 1, 1000)",
        "return string.char(table.unpack({}, 1, 300))",
        "return table.remove({}, 1 << 50)",
        "local t = {} for i = 1, 10001 do t[i] = i end table.sort(t)",
        "local s = text.pad('', 1000) for i = 1, 7 do s = s .. s end return text.wide(s)",
        "return text.replace('a', text.pad('', 300), '')",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        assert_int_equal(run_body(bodies[i]), SHK_E_SCRIPT_RUN);
        assert_int_equal(why.native, 3);
    }
}

static void loading_has_a_tenth(void **state) {
    (void)state;
    struct mapping_job job = {0};
    assert_int_equal(run_body("for i = 1, 300000 do end return 1"), SHK_OK);
    assert_int_equal(run_job(&job, "\nfor i = 1, 300000 do end"), SHK_E_SCRIPT_BUDGET);
    assert_string_equal(why.where, "t.lua:2");
    assert_int_equal(run_job(&job, "\nlocal s = 'x' for i = 1, 20 do s = s .. s end"),
                     SHK_E_SCRIPT_MEMORY);
    assert_string_equal(why.where, "t.lua:2");
    job.budget.steps = 1000;
    assert_int_equal(run_job(&job, "for i = 1, 1000 do end"), SHK_E_SCRIPT_BUDGET);
}

static void repeat(char *out, size_t cap, const char *before, const char *unit, size_t times) {
    size_t n = (size_t)snprintf(out, cap, "%s", before);
    for (size_t i = 0; i < times; i++) {
        n += (size_t)snprintf(out + n, cap - n, "%s", unit);
    }
}

static void large_and_deep_texts_are_refused(void **state) {
    (void)state;
    static char script[400000];
    struct mapping_job job = {.budget = {.memory = 1000000}};
    repeat(script, sizeof script, "return '", "0123456789", 12000);
    snprintf(script + strlen(script), 2, "'");
    assert_int_equal(run_job(&job, script), SHK_E_SCRIPT_MEMORY);
    repeat(script, sizeof script, "return {", "1.5,", 30000);
    assert_int_equal(run_job(&job, script), SHK_E_SCRIPT_MEMORY);
    job.budget.memory = 0;
    repeat(script, sizeof script, "--", "0123456789", 13200);
    assert_int_equal(run_job(&job, script), SHK_E_SCRIPT_MEMORY);
    repeat(script, sizeof script, "return ", "{", 20000);
    assert_int_equal(run_job(&job, script), SHK_E_SCRIPT_SYNTAX);
    repeat(script, sizeof script, "return ", "(", 20000);
    assert_int_equal(run_job(&job, script), SHK_E_SCRIPT_SYNTAX);
    repeat(script, sizeof script, "return ", "function() return ", 7000);
    assert_int_equal(run_job(&job, script), SHK_E_SCRIPT_SYNTAX);
}

static void time_ends_a_run(void **state) {
    (void)state;
    struct clock_fake clock;
    clock_fake_init(&clock);
    clock.step_ms = 100;
    struct mapping_job job = {.clock = &clock_fake_ops, .clock_self = &clock};
    char script[1024];
    frame(script, sizeof script, "for i = 1, 100000 do end return 1");
    assert_int_equal(run_job(&job, script), SHK_E_SCRIPT_BUDGET);
    assert_string_equal(why.where, "t.lua:3 A");
    clock.step_ms = 0;
    assert_int_equal(run_job(&job, script), SHK_OK);
}

/* Reach. */

static void dropped_names_are_out_of_reach(void **state) {
    (void)state;
    static const char *const uses[] = {
        "pcall(error)",
        "xpcall(error, error)",
        "coroutine.create(error)",
        "setmetatable({}, {})",
        "getmetatable('')",
        "rawget({}, 1)",
        "rawset({}, 1, 1)",
        "rawequal(1, 1)",
        "rawlen({})",
        "load('return 1')",
        "loadfile('x')",
        "dofile('x')",
        "loadstring('x')",
        "require('os')",
        "collectgarbage()",
        "print('x')",
        "warn('x')",
        "io.open('x')",
        "os.time()",
        "debug.getinfo(1)",
        "package.path",
        "_G.string",
        "_VERSION",
        "string.find('a', 'a')",
        "string.match('a', 'a')",
        "string.gmatch('a', 'a')",
        "string.gsub('a', 'a', 'b')",
        "string.rep('a', 2)",
        "string.dump(error)",
        "string.lower('A')",
        "string.upper('a')",
        "string.pack('b', 1)",
        "('x'):rep(3)",
        "('x'):find('x')",
        "('x').gsub",
        "('x'):upper()",
        "(''):rep(1 << 50)",
        "table.move({}, 1, 1 << 50, 2)",
        "table.pack(1)[1]",
        "math.random()",
        "math.randomseed(1)",
        "math.sqrt(4)",
        "math.huge",
        "utf8.charpattern",
        "string.format('%a', 1)",
        "string.format('%q', 'a')",
        "string.format('%f', 1)",
        "string.format('%c', 1)",
        "string.format('%p', 1)",
        "'10' + 1",
        "-'1'",
        "('x').len.y",
        "error.x",
        "_ENV.x",
        "_ENV.pcall",
        "#rec",
        "rec.__index",
        "rec.__metatable",
        "_ENV.__index",
        "text.__index",
        "1.5 .. '' == '1.5' and tostring(1.5)",
    };
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
        char body[256];
        snprintf(body, sizeof body, "return %s .. ''", uses[i]);
        if (run_body(body) != SHK_E_SCRIPT_RUN) {
            print_error("%s\n", uses[i]);
        }
        assert_int_equal(why.code, SHK_E_SCRIPT_RUN);
        assert_string_equal(why.where, "t.lua:3 A");
    }
    assert_int_equal(run_body("local x <close> = rec"), SHK_E_SCRIPT_RUN);
    assert_int_equal(run_body("_ENV.x = 1"), SHK_E_SCRIPT_RUN);
}

static const char *const allowed[] = {
    "assert",         "error",          "ipairs",         "next",           "pairs",
    "select",         "tonumber",       "tostring",       "type",           "string.byte",
    "string.char",    "string.format",  "string.len",     "string.reverse", "string.sub",
    "table.concat",   "table.insert",   "table.remove",   "table.sort",     "table.unpack",
    "math.abs",       "math.ceil",      "math.floor",     "math.max",       "math.min",
    "math.tointeger", "utf8.char",      "utf8.codepoint", "utf8.codes",     "utf8.len",
    "utf8.offset",    "text.kana_half", "text.kana_full", "text.digits",    "text.wide",
    "text.narrow",    "text.date",      "text.wareki",    "text.family",    "text.given",
    "text.trim",      "text.csv_safe",  "text.file_safe", "text.split",     "text.replace",
    "text.pad",       "text.width",     "text.bytes",     "text.fits",
};

#define ALLOWED_N (sizeof allowed / sizeof allowed[0])

struct walk {
    lua_CFunction denied[256];
    size_t denied_n;
    bool seen[ALLOWED_N];
    size_t functions, visited_n;
    const void *visited[512];
};

/* Functions of the stock libraries that the list above does not name. */
static void collect_denied(struct walk *w) {
    static const luaL_Reg libraries[] = {{"", luaopen_base},        {"string.", luaopen_string},
                                         {"table.", luaopen_table}, {"math.", luaopen_math},
                                         {"utf8.", luaopen_utf8},   {NULL, NULL}};
    lua_State *L = luaL_newstate();
    for (const luaL_Reg *library = libraries; library->name != NULL; library++) {
        lua_pushcfunction(L, library->func);
        lua_call(L, 0, 1);
        lua_pushnil(L);
        while (lua_next(L, -2) != 0) {
            char name[64];
            bool listed = false;
            snprintf(name, sizeof name, "%s%s", library->name, lua_tostring(L, -2));
            for (size_t i = 0; i < ALLOWED_N; i++) {
                listed = listed || strcmp(allowed[i], name) == 0;
            }
            if (!listed && lua_iscfunction(L, -1)) {
                w->denied[w->denied_n++] = lua_tocfunction(L, -1);
            }
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
    lua_close(L);
}

static bool first_visit(struct walk *w, const void *p) {
    for (size_t i = 0; i < w->visited_n; i++) {
        if (w->visited[i] == p) {
            return false;
        }
    }
    assert_true(w->visited_n < sizeof w->visited / sizeof w->visited[0]);
    w->visited[w->visited_n++] = p;
    return true;
}

static void walk_value(lua_State *L, struct walk *w, const char *path);

static void check_function(lua_State *L, struct walk *w, const char *path) {
    for (size_t i = 0; i < w->denied_n; i++) {
        if (lua_tocfunction(L, -1) == w->denied[i]) {
            fail_msg("%s is reachable", path);
        }
    }
    bool listed = strstr(path, "<meta>") != NULL || strstr(path, "<upvalue>") != NULL;
    for (size_t i = 0; i < ALLOWED_N; i++) {
        bool same = strcmp(allowed[i], path) == 0;
        w->seen[i] = w->seen[i] || same;
        listed = listed || same;
    }
    if (!listed) {
        fail_msg("%s is not on the list", path);
    }
    w->functions++;
    for (int i = 1; lua_getupvalue(L, -1, i) != NULL; i++) {
        char inner[128];
        snprintf(inner, sizeof inner, "%s<upvalue>", path);
        walk_value(L, w, inner);
        lua_pop(L, 1);
    }
}

static void walk_table(lua_State *L, struct walk *w, const char *path) {
    int table = lua_gettop(L);
    lua_pushnil(L);
    while (lua_next(L, table) != 0) {
        char inner[128];
        const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "?";
        snprintf(inner, sizeof inner, "%s%s%s", path, path[0] != '\0' ? "." : "", key);
        walk_value(L, w, inner);
        lua_pop(L, 1);
    }
}

/* A metatable is out of a script's reach, but what its functions lead to is not. */
static void walk_metatable(lua_State *L, struct walk *w, const char *path) {
    char inner[128];
    if (!lua_getmetatable(L, -1)) {
        return;
    }
    lua_getfield(L, -1, "__metatable");
    assert_true(lua_isboolean(L, -1));
    lua_pop(L, 1);
    static const char *const finalizing[] = {"__gc", "__close", "__mode"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(lua_getfield(L, -1, finalizing[i]), LUA_TNIL);
        lua_pop(L, 1);
    }
    /* The globals' own __index table holds what scripts name directly. */
    bool world = path[0] == '\0' && lua_getfield(L, -1, "__index") == LUA_TTABLE;
    if (world) {
        walk_value(L, w, "");
    }
    if (path[0] == '\0') {
        lua_pop(L, 1);
    }
    snprintf(inner, sizeof inner, "%s<meta>", path);
    walk_value(L, w, inner);
    lua_pop(L, 1);
}

static void walk_value(lua_State *L, struct walk *w, const char *path) {
    luaL_checkstack(L, 12, NULL);
    int type = lua_type(L, -1);
    assert_int_not_equal(type, LUA_TTHREAD);
    assert_int_not_equal(type, LUA_TLIGHTUSERDATA);
    if (type == LUA_TTABLE || type == LUA_TFUNCTION || type == LUA_TUSERDATA) {
        if (!first_visit(w, lua_topointer(L, -1))) {
            return;
        }
    }
    if (type == LUA_TFUNCTION) {
        check_function(L, w, path);
    } else if (type == LUA_TTABLE) {
        walk_metatable(L, w, path);
        walk_table(L, w, path);
    } else if (type == LUA_TUSERDATA) {
        walk_metatable(L, w, path);
    }
}

static int walk_everything(lua_State *L) {
    struct walk *w = lua_touserdata(L, 1);
    lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    walk_value(L, w, "");
    lua_pushliteral(L, "x");
    lua_getmetatable(L, -1);
    lua_getfield(L, -1, "__index");
    lua_getglobal(L, "string");
    assert_true(lua_rawequal(L, -1, -2));
    lua_settop(L, 0);
    lua_pushliteral(L, "x");
    walk_metatable(L, w, "(text)");
    record_push(L, records, 1);
    walk_value(L, w, "rec");
    static const int plain[] = {LUA_TNIL, LUA_TBOOLEAN, LUA_TNUMBER, LUA_TFUNCTION};
    lua_pushnil(L);
    lua_pushboolean(L, 1);
    lua_pushinteger(L, 1);
    lua_pushcfunction(L, walk_everything);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(lua_type(L, -4 + i), plain[i]);
        assert_false(lua_getmetatable(L, -4 + i));
    }
    return 0;
}

static void nothing_but_the_list_is_reachable(void **state) {
    (void)state;
    static struct walk w;
    struct sandbox sb = {.name = "t", .limits = {.steps = 100000, .memory = 1000000}};
    collect_denied(&w);
    assert_true(w.denied_n > 40);
    assert_int_equal(sandbox_run(&sb, walk_everything, &w, NULL), SHK_OK);
    for (size_t i = 0; i < ALLOWED_N; i++) {
        if (!w.seen[i]) {
            fail_msg("%s is missing", allowed[i]);
        }
    }
    assert_true(w.functions > ALLOWED_N);
}

static int keep_byte(lua_State *L, const void *p, size_t n, void *out) {
    (void)L;
    return bytes_append(out, p, n) == SHK_OK ? 0 : 1;
}

static void bytecode_is_refused(void **state) {
    (void)state;
    struct bytes code = {0};
    lua_State *L = luaL_newstate();
    assert_int_equal(luaL_loadstring(L, "return {}"), LUA_OK);
    assert_int_equal(lua_dump(L, keep_byte, &code, 0), 0);
    lua_close(L);
    struct mapping_result *result;
    struct mapping_job job = {
        .script_name = "t.lua", .script = code.p, .script_len = code.n, .check_only = true};
    assert_int_equal(mapping_run(&job, &result, &why), SHK_E_SCRIPT_SYNTAX);
    job.script = (const uint8_t *)"\x1bLua";
    job.script_len = 4;
    fault_clear(&why);
    assert_int_equal(mapping_run(&job, &result, &why), SHK_E_SCRIPT_SYNTAX);
    bytes_clear(&code);
}

/* Own functions that stand in for Lua's. */

static void own_functions_do_what_lua_does(void **state) {
    (void)state;
    static const char *const claims[] = {
        ("string.format('%5d|%-5d|%05d|%s|%.2s|%5s|%%|%x|%X', 42, 42, -42, 'ab', 'abc', 'a', 255, "
         "255) == "
         "'   42|42   |-0042|ab|ab|    a|%|ff|FF'"),
        "string.format('%d', -9223372036854775807 - 1) == '-9223372036854775808'",
        "string.format('%s %s %s', nil, true, 2.0) == 'nil true 2'",
        "('abc'):sub(2) == 'bc' and ('abc'):sub(-2, -2) == 'b' and ('abc'):sub(0, 99) == 'abc'",
        "('abc'):sub(3, 2) == '' and ('abc'):sub(-99, 1) == 'a' and ('abc'):sub(4) == ''",
        "('abc'):byte() == 97 and select('#', ('abc'):byte(1, -1)) == 3 and ('abc'):byte(9) == nil",
        "string.char(228, 0, 65):len() == 3 and ('abc'):reverse() == 'cba' and ('日本'):len() == 6",
        ("tonumber('12') == 12 and tonumber('-1') == -1 and tonumber('x') == nil and "
         "tonumber('1.5') == nil"),
        ("tonumber(5) == 5 and tonumber('') == nil and tonumber(' 1') == nil and tonumber({}) == "
         "nil"),
        "tostring(12) == '12' and tostring({}) == 'table' and tostring(nil) == 'nil'",
        "table.concat({ 1, 2, 'x' }, '-') == '1-2-x' and table.unpack({ 7, 8 }) == 7",
        "math.max(1, 5, 3) == 5 and math.tointeger(3.0) == 3 and 7 // 2 == 3",
        "utf8.len('日本') == 2 and utf8.char(0x65E5) == '日' and utf8.codepoint('本') == 0x672C",
    };
    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
        char body[512];
        snprintf(body, sizeof body, "assert(%s) return 1", claims[i]);
        if (run_body(body) != SHK_OK) {
            fail_msg("%s", claims[i]);
        }
    }
}

static void sorting_is_right_and_stable(void **state) {
    (void)state;
    assert_int_equal(
        run_body("for n = 0, 70 do\n"
                 "  local t = {} for i = 1, n do t[i] = { (i * 37) % 11, i } end\n"
                 "  table.sort(t, function(a, b) return a[1] < b[1] end)\n"
                 "  assert(#t == n)\n"
                 "  for i = 2, n do assert(t[i - 1][1] < t[i][1] or\n"
                 "    (t[i - 1][1] == t[i][1] and t[i - 1][2] < t[i][2])) end\n"
                 "end\n"
                 "local s = { 'b', '日', 'a', 'ab', '' } table.sort(s)\n"
                 "assert(table.concat(s, ',') == ',a,ab,b,日')\n"
                 "local d = { 3, 1.5, 2 } table.sort(d) assert(d[1] == 1.5 and d[3] == 3)\n"
                 "return 1"),
        SHK_OK);
    assert_int_equal(run_body("table.sort({ 1, 'a' })"), SHK_E_SCRIPT_RUN);
    assert_int_equal(run_body("local t = { 1, 2, 3 } table.sort(t, function() t[2] = nil t[3] = "
                              "nil return 1 > t[2] end)"),
                     SHK_E_SCRIPT_RUN);
}

static void walking_a_table_has_the_same_order_every_time(void **state) {
    (void)state;
    char first[256] = "";
    for (int run = 0; run < 5; run++) {
        struct mapping_result *result;
        char script[1024];
        frame(script, sizeof script,
              "local t, s = { alpha = 1, beta = 2, gamma = 3, delta = 4, eps = 5 }, ''\n"
              "for k in pairs(t) do s = s .. k end return s");
        struct mapping_job job = {.script_name = "t",
                                  .script = (const uint8_t *)script,
                                  .script_len = strlen(script),
                                  .records = records,
                                  .record = 1};
        assert_int_equal(mapping_run(&job, &result, &why), SHK_OK);
        if (run == 0) {
            snprintf(first, sizeof first, "%s", result->fields[0].value);
        }
        assert_string_equal(result->fields[0].value, first);
        mapping_result_free(&result);
    }
}

/* The host's memory. */

static int use_memory(lua_State *L) {
    sandbox_load(
        L, (const uint8_t *)"local t = {} for i = 1, 99 do t[i] = { i .. '' } end return t", 60);
    return 0;
}

static void a_closed_state_gave_everything_back(void **state) {
    (void)state;
    struct sandbox sb = {.name = "t", .limits = {.steps = 100000, .memory = 1000000}};
    sandbox_run(&sb, use_memory, NULL, NULL);
    assert_int_equal(sb.used, 0);
}

static const char *shipped(void) {
    size_t n;
    return slurp(SOURCE_ROOT "/scripts/kanja_xml.lua", &n);
}

static void every_ceiling_ends_cleanly(void **state) {
    (void)state;
    struct mapping_job job = {0};
    const char *script = shipped();
    size_t passed = 0;
    for (size_t memory = 100; memory < 700000; memory += memory / 50 + 97) {
        job.budget.memory = memory;
        int32_t rc = run_job(&job, script);
        passed += rc == SHK_OK ? 1 : 0;
        assert_true(rc == SHK_OK || rc == SHK_E_SCRIPT_MEMORY);
    }
    assert_true(passed > 3);
}

/* Returns how many of the runs ended with a fault. */
static long fail_each(const char *script) {
    struct mapping_job job = {0};
    long failed = 0;
    bool reached = true;
    for (long at = 1; reached; at++) {
        fail_at = at;
        requests = 0;
        int32_t rc = run_job(&job, script);
        reached = requests >= at;
        assert_true(rc == SHK_OK || rc == SHK_E_MEMORY);
        failed += rc == SHK_OK ? 0 : 1;
    }
    fail_at = -1;
    return failed;
}

static void every_failing_allocation_ends_cleanly(void **state) {
    (void)state;
    const char *script = shipped();
    fail_on = false;
    assert_true(fail_each(script) > 100); /* Lua collects and asks again, so many succeed */
    fail_on = true;
    assert_true(fail_each(script) > 500);
    fail_on = false;
}

static void freed_memory_holds_no_name(void **state) {
    (void)state;
    struct mapping_job job = {0};
    watched = "●子";
    name_left = 0;
    char *volatile planted = malloc(16); /* the compiler must not see through the plant */
    assert_non_null(planted);
    snprintf(planted, 16, "x%s", watched);
    free(planted);
    assert_int_equal(name_left, 1);
    assert_int_equal(run_job(&job, shipped()), SHK_OK);
    assert_int_equal(run_body("return rec.name .. rec.nothing"), SHK_E_SCRIPT_RUN);
    assert_int_equal(run_body("local s = rec.name while true do s = s .. s end"),
                     SHK_E_SCRIPT_MEMORY);
    watched = NULL;
    assert_int_equal(name_left, 1);
}

static void a_thousand_runs(void **state) {
    (void)state;
    struct mapping_job job = {0};
    const char *script = shipped();
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(run_job(&job, script), SHK_OK);
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    double us = (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6;
    print_message("kanja_xml.lua: %.0f microseconds a run\n", us);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_never_ends_is_stopped),
        cmocka_unit_test(what_grows_without_end_is_stopped),
        cmocka_unit_test(large_requests_of_one_call_are_refused),
        cmocka_unit_test(loading_has_a_tenth),
        cmocka_unit_test(large_and_deep_texts_are_refused),
        cmocka_unit_test(time_ends_a_run),
        cmocka_unit_test(dropped_names_are_out_of_reach),
        cmocka_unit_test(nothing_but_the_list_is_reachable),
        cmocka_unit_test(bytecode_is_refused),
        cmocka_unit_test(own_functions_do_what_lua_does),
        cmocka_unit_test(sorting_is_right_and_stable),
        cmocka_unit_test(walking_a_table_has_the_same_order_every_time),
        cmocka_unit_test(a_closed_state_gave_everything_back),
        cmocka_unit_test(every_ceiling_ends_cleanly),
        cmocka_unit_test(every_failing_allocation_ends_cleanly),
        cmocka_unit_test(freed_memory_holds_no_name),
        cmocka_unit_test(a_thousand_runs),
    };
    return cmocka_run_group_tests_name("sandbox", tests, load_person, free_person);
}
