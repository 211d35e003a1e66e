#include "state_mark.h"

#include <lauxlib.h>
#include <string.h>

#include "sandbox.h"

/* The mark is a list of noted objects: { object, n, key or number, value, … } for a table the keys and
 * values it had, for a function the numbers and values of its outer locals. */

enum { SEEN = 1, MARK = 2, WAITING = 3 };

static bool is_holder(int type) {
    return type == LUA_TFUNCTION || type == LUA_TTABLE;
}

/* Puts the value on the top among those still to be looked into; pops it. */
static void meet(lua_State *L) {
    lua_pushvalue(L, -1);
    bool fresh = is_holder(lua_type(L, -1)) && lua_rawget(L, SEEN) == LUA_TNIL;
    lua_pop(L, 1);
    if (fresh) {
        lua_pushvalue(L, -1);
        lua_pushboolean(L, 1);
        lua_rawset(L, SEEN);
        lua_pushvalue(L, -1);
        lua_rawseti(L, WAITING, (lua_Integer)lua_rawlen(L, WAITING) + 1);
    }
    lua_pop(L, 1);
}

/* Appends the value on the top to the note; pops it. */
static void note(lua_State *L, int into, lua_Integer *n) {
    lua_rawseti(L, into, ++*n);
}

static void note_table(lua_State *L, int table, int into, lua_Integer *n) {
    for (lua_pushnil(L); lua_next(L, table) != 0;) {
        lua_pushvalue(L, -2);
        meet(L);
        lua_pushvalue(L, -2);
        note(L, into, n);
        lua_pushvalue(L, -1);
        meet(L);
        note(L, into, n);
        sandbox_charge(L, 2);
    }
}

/* The globals are a face that nobody can write to, and need no look. */
static void note_function(lua_State *L, int function, int into, lua_Integer *n) {
    const char *name;
    for (int i = 1; (name = lua_getupvalue(L, function, i)) != NULL; i++) {
        bool globals = strcmp(name, "_ENV") == 0;
        if (globals) {
            lua_pop(L, 1);
            continue;
        }
        lua_pushinteger(L, i);
        note(L, into, n);
        lua_pushvalue(L, -1);
        meet(L);
        note(L, into, n);
    }
}

/* One object, on the top; popped. */
static void note_object(lua_State *L, lua_Integer place) {
    int object = lua_gettop(L);
    lua_Integer n = 1;
    lua_newtable(L);
    int into = lua_gettop(L);
    lua_pushvalue(L, object);
    lua_rawseti(L, into, 1);
    if (lua_type(L, object) == LUA_TTABLE) {
        note_table(L, object, into, &n);
    } else if (!lua_iscfunction(L, object)) {
        note_function(L, object, into, &n);
    }
    if (n > 1 || lua_type(L, object) == LUA_TTABLE) {
        lua_pushinteger(L, n);
        lua_setfield(L, into, "n");
        lua_rawseti(L, MARK, place);
    }
    lua_settop(L, object - 1);
}

int state_mark(lua_State *L, int kept) {
    int base = lua_gettop(L);
    luaL_checkstack(L, 20, NULL);
    for (int i = 0; i < 3; i++) {
        lua_newtable(L);
        lua_insert(L, 1);
    }
    lua_rawgeti(L, LUA_REGISTRYINDEX, kept);
    lua_Integer functions = (lua_Integer)lua_rawlen(L, -1);
    for (lua_Integer i = 1; i <= functions; i++) {
        if (lua_rawgeti(L, -1, i) == LUA_TFUNCTION) {
            meet(L);
        } else {
            lua_pop(L, 1);
        }
    }
    lua_pop(L, 1);
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, WAITING); i++) {
        lua_rawgeti(L, WAITING, i);
        note_object(L, (lua_Integer)lua_rawlen(L, MARK) + 1);
    }
    lua_pushvalue(L, MARK);
    int mark = luaL_ref(L, LUA_REGISTRYINDEX);
    for (int i = 0; i < 3; i++) {
        lua_remove(L, 1);
    }
    lua_settop(L, base);
    return mark;
}

/* object and its note on the stack. */
static bool same_table(lua_State *L, int object, int noted, lua_Integer n) {
    lua_Integer at = 2;
    bool same = true;
    for (lua_pushnil(L); lua_next(L, object) != 0; lua_pop(L, 1)) {
        if (same && at < n) {
            lua_rawgeti(L, noted, at);
            lua_rawgeti(L, noted, at + 1);
            same = lua_rawequal(L, -2, -4) != 0 && lua_rawequal(L, -1, -3) != 0;
            lua_pop(L, 2);
        }
        at += 2;
    }
    return same && at == n + 1;
}

static bool same_function(lua_State *L, int object, int noted, lua_Integer n) {
    bool same = true;
    for (lua_Integer i = 2; same && i < n; i += 2) {
        lua_rawgeti(L, noted, i);
        (void)lua_getupvalue(L, object, (int)lua_tointeger(L, -1));
        lua_rawgeti(L, noted, i + 1);
        same = lua_rawequal(L, -1, -2) != 0;
        lua_pop(L, 3);
    }
    return same;
}

bool state_unchanged(lua_State *L, int mark) {
    int base = lua_gettop(L);
    bool same = true;
    lua_rawgeti(L, LUA_REGISTRYINDEX, mark);
    lua_Integer objects = (lua_Integer)lua_rawlen(L, -1);
    for (lua_Integer i = 1; same && i <= objects; i++) {
        lua_rawgeti(L, base + 1, i);
        int noted = lua_gettop(L);
        lua_getfield(L, noted, "n");
        lua_Integer n = lua_tointeger(L, -1);
        lua_rawgeti(L, noted, 1);
        int object = lua_gettop(L);
        same = lua_type(L, object) == LUA_TTABLE ? same_table(L, object, noted, n)
                                                 : same_function(L, object, noted, n);
        lua_settop(L, base + 1);
    }
    lua_settop(L, base);
    return same;
}
