/* What a script can reach. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <lauxlib.h>
#include <lualib.h>

#include "lua_record.h"
#include "sandbox.h"
#include "sandbox_stage.h"

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
        "#rec",
        "rec.__index",
        "rec.__metatable",
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
}

static void the_environment_has_no_name(void **state) {
    (void)state;
    static const char *const bodies[] = {
        "\nreturn _ENV.x",         "\n_ENV.x = 1",       "\nlocal a, _ENV <const> = 1, 2",
        "\nlocal function _ENV()", "\nlocal x = 2*_ENV", "\n--_ENV",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        assert_int_equal(run_body(bodies[i]), SHK_E_SCRIPT_SYNTAX);
        assert_string_equal(why.where, "t.lua:4 _ENV");
    }
    assert_int_equal(run_body("local MY_ENV, _ENVY, _EN = 1, 2, 3 return MY_ENV"), SHK_OK);
    struct mapping_job job = {0};
    assert_int_equal(run_job(&job, "_ENV"), SHK_E_SCRIPT_SYNTAX);
    assert_string_equal(why.where, "t.lua:1 _ENV");
}

static const char *const allowed[] = {
    "assert",         "error",         "ipairs",         "next",           "pairs",
    "select",         "tonumber",      "tostring",       "type",           "string.byte",
    "string.char",    "string.format", "string.len",     "string.reverse", "string.sub",
    "table.concat",   "table.insert",  "table.remove",   "table.sort",     "table.unpack",
    "math.abs",       "math.ceil",     "math.floor",     "math.max",       "math.min",
    "math.tointeger", "utf8.char",     "utf8.codepoint", "utf8.codes",     "utf8.len",
    "utf8.offset",
/* Every text helper; a name that stands in both lists stands twice. */
#define HELPER(name, takes, run, usable, japanese, english) "text." #name,
#include "helpers.def"
#define LUA(name, function, arguments, japanese, english) "text." #name,
#include "helpers.def"
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
    /* The globals and the libraries are faces of what lies in their __index. */
    if (lua_getfield(L, -1, "__index") == LUA_TTABLE && path[0] != '(') {
        walk_value(L, w, path);
    }
    lua_pop(L, 1);
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
    /* A library is there once a script has named it. */
    static const char *const libraries[] = {"assert", "table", "math", "utf8", "text"};
    for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++) {
        lua_getglobal(L, libraries[i]);
        lua_pop(L, 1);
    }
    lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    walk_value(L, w, "");
    lua_pushliteral(L, "x");
    lua_getmetatable(L, -1);
    lua_getfield(L, -1, "__index");
    lua_getglobal(L, "string");
    assert_true(luaL_getmetafield(L, -1, "__index") == LUA_TTABLE);
    assert_true(lua_rawequal(L, -1, -3));
    lua_settop(L, 0);
    lua_pushliteral(L, "x");
    walk_metatable(L, w, "(text)");
    record_push(L, records, 1, NULL);
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
    struct mapping *mapping;
    struct mapping_job job = {.script = {"t.lua", code.p, code.n}};
    assert_int_equal(mapping_open(&job, &mapping, &why), SHK_E_SCRIPT_SYNTAX);
    job.script = (struct mapping_text){"t.lua", (const uint8_t *)"\x1bLua", 4};
    fault_clear(&why);
    assert_int_equal(mapping_open(&job, &mapping, &why), SHK_E_SCRIPT_SYNTAX);
    bytes_clear(&code);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dropped_names_are_out_of_reach),
        cmocka_unit_test(the_environment_has_no_name),
        cmocka_unit_test(nothing_but_the_list_is_reachable),
        cmocka_unit_test(bytecode_is_refused),
    };
    return cmocka_run_group_tests_name("sandbox_reach", tests, load_person, free_person);
}
