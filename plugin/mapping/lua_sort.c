#include <string.h>

#include "lua_library.h"
#include "sandbox.h"

#define SORT_MAX 10000

/* table.sort by merging: stable, the same in every run and locale, each comparison charged. */

enum { LIST = 1, LESS = 2, OTHER = 3 }; /* places on the stack */

static bool text_less(lua_State *L, int a, int b) {
    size_t a_len, b_len;
    const char *p = lua_tolstring(L, a, &a_len);
    const char *q = lua_tolstring(L, b, &b_len);
    size_t common = a_len < b_len ? a_len : b_len;
    sandbox_charge(L, common / 8);
    int order = memcmp(p, q, common);
    return order < 0 || (order == 0 && a_len < b_len);
}

/* True when the value at a comes before the value at b. */
static bool before(lua_State *L, int a, int b) {
    sandbox_charge(L, 8);
    if (!lua_isnil(L, LESS)) {
        lua_pushvalue(L, LESS);
        lua_pushvalue(L, a);
        lua_pushvalue(L, b);
        lua_call(L, 2, 1);
        bool less = lua_toboolean(L, -1) != 0;
        lua_pop(L, 1);
        return less;
    }
    if (lua_type(L, a) == LUA_TSTRING && lua_type(L, b) == LUA_TSTRING) {
        return text_less(L, a, b);
    }
    if (lua_type(L, a) != LUA_TNUMBER || lua_type(L, b) != LUA_TNUMBER) {
        luaL_error(L, "table.sort compares numbers or texts");
    }
    return lua_compare(L, a, b, LUA_OPLT) != 0;
}

/* Takes the next value of the two runs from[left..middle) and from[right..end). */
static void merge(lua_State *L, int from, int to, const lua_Integer run[3]) {
    lua_Integer left = run[0], right = run[1];
    for (lua_Integer at = run[0]; at < run[2]; at++) {
        lua_rawgeti(L, from, left);
        lua_rawgeti(L, from, right);
        int top = lua_gettop(L);
        bool take_right = right < run[2] && (left >= run[1] || before(L, top, top - 1));
        if (take_right) {
            right++;
        } else {
            left++;
            lua_pop(L, 1);
        }
        lua_rawseti(L, to, at);
        lua_settop(L, top - 2);
    }
}

static void merge_all(lua_State *L, int from, int to, lua_Integer n, lua_Integer width) {
    for (lua_Integer at = 1; at <= n; at += 2 * width) {
        lua_Integer middle = at + width <= n + 1 ? at + width : n + 1;
        lua_Integer end = middle + width <= n + 1 ? middle + width : n + 1;
        const lua_Integer run[3] = {at, middle, end};
        merge(L, from, to, run);
    }
}

int library_sort(lua_State *L) {
    luaL_checktype(L, LIST, LUA_TTABLE);
    lua_settop(L, 2);
    if (!lua_isnil(L, LESS)) {
        luaL_checktype(L, LESS, LUA_TFUNCTION);
    }
    size_t n = (size_t)lua_rawlen(L, LIST);
    luaL_argcheck(L, n <= SORT_MAX, LIST, "too many values to sort");
    lua_createtable(L, (int)n, 0);
    int from = LIST, to = OTHER;
    for (lua_Integer width = 1; width < (lua_Integer)n; width *= 2) {
        merge_all(L, from, to, (lua_Integer)n, width);
        from = to;
        to = from == LIST ? OTHER : LIST;
    }
    for (lua_Integer i = 1; from == OTHER && i <= (lua_Integer)n; i++) {
        lua_rawgeti(L, OTHER, i);
        lua_rawseti(L, LIST, i);
    }
    return 0;
}
