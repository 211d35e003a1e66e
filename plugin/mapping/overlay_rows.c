#include "overlay_rows.h"

#include <lauxlib.h>
#include <string.h>

#include "bytes.h"
#include "contract.h"
#include "sandbox.h"

#define DEPTH_ROOM 12
#define NAME_ROOM  256

/* The text of a key of the row on the top; "" when it has none. The text stays in the row. */
static const char *text_of(lua_State *L, const char *key) {
    lua_pushstring(L, key);
    const char *text = lua_rawget(L, -2) == LUA_TSTRING ? lua_tostring(L, -1) : "";
    lua_pop(L, 1);
    return text;
}

/* What is left of the name below this group, or null. Where the group repeats, faults and documents name an
 * entry too ("HO[1]/番号"). */
static const char *below(const char *name, const char *group, bool repeats) {
    size_t n = strlen(group);
    if (n == 0) {
        return name;
    }
    if (strncmp(name, group, n) != 0) {
        return NULL;
    }
    const char *rest = name + n;
    size_t digits = repeats && rest[0] == '[' ? strspn(rest + 1, "0123456789") : 0;
    if (repeats && rest[0] == '[' && rest[digits + 1] == ']') {
        rest += digits + 2;
    }
    return rest[0] == '/' ? rest + 1 : NULL;
}

struct search {
    const char *name;
    int list, row; /* where the first one is kept on the stack */
    struct row_found found;
};

static void keep_found(lua_State *L, struct search *s, int list, int number) {
    if (s->found.times++ == 0) {
        s->found.number = number;
        lua_pushvalue(L, list);
        lua_replace(L, s->list);
        lua_pushvalue(L, -1);
        lua_replace(L, s->row);
    }
}

static void search_list(lua_State *L, struct search *s, int list, const char *name) {
    int n = (int)lua_rawlen(L, list);
    luaL_checkstack(L, DEPTH_ROOM, NULL);
    for (int i = 1; i <= n; i++) {
        if (lua_rawgeti(L, list, i) == LUA_TTABLE) {
            const char *to = text_of(L, "to");
            bool repeats = text_of(L, "each")[0] != '\0';
            lua_pushliteral(L, "fields");
            bool group = lua_rawget(L, -2) == LUA_TTABLE;
            const char *rest = group ? below(name, to, repeats) : NULL;
            if (rest != NULL) {
                search_list(L, s, lua_gettop(L), rest);
            }
            lua_pop(L, 1);
            if (!group && text_equal(to, name)) {
                keep_found(L, s, list, i);
            }
        }
        lua_pop(L, 1);
    }
}

static struct row_found find(lua_State *L, int list, const char *name) {
    struct search s = {.name = name};
    lua_pushnil(L);
    s.list = lua_gettop(L);
    lua_pushnil(L);
    s.row = lua_gettop(L);
    search_list(L, &s, list, name);
    if (s.found.times != 1) {
        lua_pop(L, 2);
    }
    return s.found;
}

struct row_found overlay_find(lua_State *L, int list, const char *name) {
    return name != NULL ? find(L, list, name) : (struct row_found){0};
}

static void row_place(const char *place, int number, char *out, size_t cap) {
    text_format(out, cap, "%s%sfields[%d]", place, place[0] != '\0' ? "." : "", number);
}

void overlay_number(lua_State *L, int list, int paths, const char *place) {
    char here[NAME_ROOM];
    int n = (int)lua_rawlen(L, list);
    luaL_checkstack(L, DEPTH_ROOM, NULL);
    for (int i = 1; i <= n; i++) {
        if (lua_rawgeti(L, list, i) == LUA_TTABLE) {
            row_place(place, i, here, sizeof here);
            lua_pushvalue(L, -1);
            lua_pushstring(L, here);
            lua_rawset(L, paths);
            lua_pushliteral(L, "fields");
            if (lua_rawget(L, -2) == LUA_TTABLE) {
                overlay_number(L, lua_gettop(L), paths, here);
            }
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
}

/* The path of the row on the top in the text that wrote it: "add[2]" is the overlay's. From now on `paths`
 * has the row's present path. */
static bool tell_place(lua_State *L, int paths, const char *here, struct contract_texts *texts) {
    bool told = true;
    lua_pushvalue(L, -1);
    if (lua_rawget(L, paths) == LUA_TSTRING) {
        const char *from = lua_tostring(L, -1);
        told = text_equal(from, here) || texts_moved(texts, here, from, text_starts(from, "add["));
    }
    lua_pop(L, 1);
    lua_pushvalue(L, -1);
    lua_pushstring(L, here);
    lua_rawset(L, paths);
    return told;
}

bool overlay_places(lua_State *L, int list, int paths, const char *place,
                    struct contract_texts *texts) {
    char here[NAME_ROOM];
    bool told = true;
    int n = (int)lua_rawlen(L, list);
    luaL_checkstack(L, DEPTH_ROOM, NULL);
    for (int i = 1; told && i <= n; i++) {
        if (lua_rawgeti(L, list, i) == LUA_TTABLE) {
            row_place(place, i, here, sizeof here);
            told = tell_place(L, paths, here, texts);
            lua_pushliteral(L, "fields");
            if (lua_rawget(L, -2) == LUA_TTABLE && told) {
                told = overlay_places(L, lua_gettop(L), paths, here, texts);
            }
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
    return told;
}

/* Counts the rows of the list on the top; false beyond the contract's limits. */
static bool count(lua_State *L, int depth, size_t *rows) {
    int list = lua_gettop(L), n = (int)lua_rawlen(L, list);
    bool fits = depth <= CONTRACT_DEPTH_MAX;
    luaL_checkstack(L, DEPTH_ROOM, NULL);
    for (int i = 1; fits && i <= n; i++) {
        sandbox_charge(L, 4);
        fits = ++*rows <= CONTRACT_ROWS_MAX;
        if (lua_rawgeti(L, list, i) == LUA_TTABLE) {
            lua_pushliteral(L, "fields");
            if (lua_rawget(L, -2) == LUA_TTABLE) {
                fits = fits && count(L, depth + 1, rows);
            }
        }
        lua_settop(L, list);
    }
    return fits;
}

bool overlay_fits(lua_State *L, int list) {
    size_t rows = 0;
    lua_pushvalue(L, list);
    bool fits = count(L, 0, &rows);
    lua_pop(L, 1);
    return fits;
}

/* The table of names met so far lies at `names`. */
static bool meets_twice(lua_State *L, int list, int names, const char *prefix) {
    char name[NAME_ROOM];
    int n = (int)lua_rawlen(L, list), top = lua_gettop(L);
    bool twice = false;
    luaL_checkstack(L, DEPTH_ROOM, NULL);
    for (int i = 1; !twice && i <= n; i++) {
        if (lua_rawgeti(L, list, i) == LUA_TTABLE) {
            const char *to = text_of(L, "to");
            lua_pushliteral(L, "fields");
            bool group = lua_rawget(L, -2) == LUA_TTABLE;
            text_format(name, sizeof name, "%s%s%s", prefix, to, group && to[0] != '\0' ? "/" : "");
            if (group) {
                twice = meets_twice(L, lua_gettop(L), names, name);
            } else {
                lua_pushstring(L, name);
                lua_pushvalue(L, -1);
                twice = lua_rawget(L, names) != LUA_TNIL;
                lua_pop(L, 1);
                lua_pushboolean(L, 1);
                lua_rawset(L, names);
            }
        }
        lua_settop(L, top);
    }
    return twice;
}

bool overlay_doubled(lua_State *L, int list) {
    lua_newtable(L);
    bool twice = meets_twice(L, list, lua_gettop(L), "");
    lua_pop(L, 1);
    return twice;
}
