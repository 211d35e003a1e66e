#include "lua_library.h"

#include <lualib.h>

#include "bytes.h"
#include "lua_text.h"
#include "sandbox.h"

#define INT_TEXT_MAX 21

static size_t integer_text(lua_Integer value, char *out) {
    char digits[INT_TEXT_MAX];
    lua_Unsigned rest = value < 0 ? 0u - (lua_Unsigned)value : (lua_Unsigned)value;
    size_t n = 0, len = 0;
    do {
        digits[n++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0) {
        out[len++] = '-';
    }
    while (n > 0) {
        out[len++] = digits[--n];
    }
    return len;
}

void library_push_text(lua_State *L, int index) {
    lua_Integer value;
    int whole;
    char out[INT_TEXT_MAX + 1];
    switch (lua_type(L, index)) {
    case LUA_TSTRING:
        lua_pushvalue(L, index);
        return;
    case LUA_TNUMBER:
        value = lua_tointegerx(L, index, &whole);
        if (!whole) {
            /* Its text would depend on the host's locale; no format here needs a fraction. */
            luaL_error(L, "a number with a fraction has no text");
        }
        lua_pushlstring(L, out, integer_text(value, out));
        return;
    case LUA_TBOOLEAN:
        lua_pushstring(L, lua_toboolean(L, index) ? "true" : "false");
        return;
    default:
        lua_pushstring(L, luaL_typename(L, index));
    }
}

static int base_tostring(lua_State *L) {
    luaL_checkany(L, 1);
    library_push_text(L, 1);
    return 1;
}

/* Whole decimal numbers only; anything else is nil. */
static int base_tonumber(lua_State *L) {
    size_t n;
    int64_t value;
    luaL_checkany(L, 1);
    if (lua_type(L, 1) == LUA_TNUMBER) {
        lua_settop(L, 1);
        return 1;
    }
    const char *text = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &n) : NULL;
    if (text != NULL && text_to_int64(text, n, &value)) {
        lua_pushinteger(L, value);
    } else {
        lua_pushnil(L);
    }
    return 1;
}

/* Stands before a function of Lua's own whose work grows with its arguments. */
static int charged(lua_State *L) {
    size_t work = 8;
    for (int i = lua_gettop(L); i > 0; i--) {
        int type = lua_type(L, i);
        if (type == LUA_TSTRING) {
            work += (size_t)lua_rawlen(L, i) / 8;
        } else if (type == LUA_TTABLE) {
            work += (size_t)lua_rawlen(L, i);
        }
    }
    sandbox_charge(L, work);
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

struct pick {
    lua_CFunction open;
    const char *table; /* null: straight among the globals */
    const char *names[12];
    bool charge;
};

static const struct pick picks[] = {
    {luaopen_base, NULL, {"assert", "error", "ipairs", "next", "pairs", "select", "type"}, false},
    {luaopen_table, "table", {"concat", "insert", "remove", "unpack"}, true},
    {luaopen_math, "math", {"abs", "ceil", "floor", "max", "min", "tointeger"}, true},
    {luaopen_utf8, "utf8", {"char", "codepoint", "codes", "len", "offset"}, true},
};

/* world[name] = the value on the top, past the metatable that refuses writers; pops it. */
static void set_raw(lua_State *L, int table, const char *name) {
    lua_pushstring(L, name);
    lua_insert(L, -2);
    lua_rawset(L, table);
}

/* Copies the named functions from the library at `from` to the table at `to`. */
static void pick_functions(lua_State *L, const struct pick *pick, int from, int to) {
    for (size_t i = 0; pick->names[i] != NULL; i++) {
        lua_getfield(L, from, pick->names[i]);
        if (pick->charge) {
            lua_pushcclosure(L, charged, 1);
        }
        set_raw(L, to, pick->names[i]);
    }
}

static int refuse_write(lua_State *L) {
    return luaL_error(L, "nothing here can be written to; there are only local variables");
}

/* Gives the table on the top a metatable with these two; pops the value of __index. */
static void guard(lua_State *L) {
    lua_createtable(L, 0, 3);
    lua_insert(L, -2);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, refuse_write);
    lua_setfield(L, -2, "__newindex");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
}

/* Puts a read-only face of the table on the top into the world and pops it: what one person's run did
 * to a library would reach the next person's. */
static void publish(lua_State *L, int world, const char *name) {
    lua_newtable(L);
    lua_insert(L, -2);
    guard(L);
    set_raw(L, world, name);
}

/* Lua's base library writes into the table of globals, and gets one of its own for that. */
static void open_whole(lua_State *L, lua_CFunction open) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    lua_newtable(L);
    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    lua_pushcfunction(L, open);
    lua_call(L, 0, 1);
    lua_insert(L, -2);
    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
}

static void open_pick(lua_State *L, const struct pick *pick, int world) {
    open_whole(L, pick->open);
    int from = lua_gettop(L);
    if (pick->table == NULL) {
        pick_functions(L, pick, from, world);
    } else {
        lua_newtable(L);
        pick_functions(L, pick, from, from + 1);
        if (pick->open == luaopen_table) {
            lua_pushcfunction(L, library_sort);
            lua_setfield(L, -2, "sort");
        }
        publish(L, world, pick->table);
    }
    lua_settop(L, from - 1);
}

static bool picks_name(const struct pick *pick, const char *name) {
    if (pick->table != NULL) {
        return text_equal(pick->table, name);
    }
    for (size_t i = 0; pick->names[i] != NULL; i++) {
        if (text_equal(pick->names[i], name)) {
            return true;
        }
    }
    return false;
}

static void open_strings(lua_State *L, int world) {
    lua_newtable(L);
    luaL_setfuncs(L, library_string, 0);
    lua_pushvalue(L, -1);
    publish(L, world, "string");
    /* ("x"):sub(…) goes through the metatable that all strings share. */
    lua_createtable(L, 0, 2);
    lua_insert(L, -2);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pushliteral(L, "");
    lua_insert(L, -2);
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
}

/* world, name: a library is opened when a script first names it, as most scripts need few. */
static int find_name(lua_State *L) {
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
    lua_settop(L, 2);
    for (size_t i = 0; i < sizeof picks / sizeof picks[0]; i++) {
        if (picks_name(&picks[i], name)) {
            open_pick(L, &picks[i], 1);
        }
    }
    if (text_equal(name, "text")) {
        lua_newtable(L);
        luaL_setfuncs(L, library_text, 0);
        publish(L, 1, "text");
    }
    lua_pushvalue(L, 2);
    if (lua_rawget(L, 1) == LUA_TNIL) {
        return luaL_error(L, "there is no such name");
    }
    return 1;
}

static void fill_world(lua_State *L, int world) {
    lua_pushcfunction(L, base_tostring);
    set_raw(L, world, "tostring");
    lua_pushcfunction(L, base_tonumber);
    set_raw(L, world, "tonumber");
    open_strings(L, world);
}

void lua_library_open(lua_State *L) {
    lua_newtable(L); /* empty: every access of a global goes through its metatable */
    lua_newtable(L);
    fill_world(L, lua_gettop(L));
    lua_pushcfunction(L, find_name);
    guard(L);
    guard(L);
    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
}
