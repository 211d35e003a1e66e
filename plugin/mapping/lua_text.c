#include "lua_text.h"

#include <string.h>

#include "lua_library.h"
#include "lua_text_parts.h"
#include "sandbox.h"
#include "shikaku/codes.h"
#include "target.h"
#include "text.h"

bool lua_text_is_absent(lua_State *L) {
    luaL_checkany(L, 1);
    return lua_isnil(L, 1);
}

int lua_text_give_nil(lua_State *L) {
    lua_pushnil(L);
    return 1;
}

static bool has_text(lua_State *L, int index) {
    int type = lua_type(L, index);
    return type == LUA_TSTRING || type == LUA_TNUMBER;
}

/* The text of a string or a whole number, left in its place. */
static struct word text_at(lua_State *L, int index) {
    struct word word;
    luaL_argcheck(L, has_text(L, index), index, "a text is expected");
    if (lua_type(L, index) == LUA_TNUMBER) {
        library_push_text(L, index);
        lua_replace(L, index);
    }
    word.p = lua_tolstring(L, index, &word.n);
    return word;
}

struct word lua_text_value(lua_State *L, int index) {
    struct word word = text_at(L, index);
    luaL_argcheck(L, word.n <= HELPER_INPUT_MAX, index, "the text is too long");
    luaL_argcheck(L, utf8_valid(word.p, word.n), index, "not UTF-8");
    sandbox_charge(L, 16 + word.n);
    return word;
}

struct word lua_text_optional_value(lua_State *L, int index) {
    return lua_isnoneornil(L, index) ? (struct word){"", 0} : lua_text_value(L, index);
}

struct word lua_text_option(lua_State *L, int index, size_t max) {
    if (lua_isnoneornil(L, index)) {
        return (struct word){0};
    }
    struct word word = text_at(L, index);
    luaL_argcheck(L, word.n <= max && utf8_valid(word.p, word.n), index, "not usable");
    return word;
}

struct bytes *lua_text_room(lua_State *L) {
    struct bytes *room = &sandbox_of(L)->scratch;
    room->n = 0;
    return room;
}

int lua_text_give(lua_State *L, int32_t rc, const struct bytes *out) {
    switch (rc) {
    case SHK_OK:
        lua_pushlstring(L, bytes_text(out), out->n);
        return 1;
    case SHK_E_ABSENT:
        return lua_text_give_nil(L);
    case SHK_E_VALUE:
        return luaL_argerror(L, 1, "the value does not fit");
    case SHK_E_ARGUMENT:
        return luaL_argerror(L, 2, "not usable");
    default:
        sandbox_fail(L, rc, 0, NULL);
    }
}

int lua_text_give_word(lua_State *L, struct word word) {
    lua_pushlstring(L, word.p, word.n);
    return 1;
}

/* Further arguments of a helper that takes none are left alone: `with = text.trim` gets the record too. */
static struct word argument_of(lua_State *L, const struct helper *helper) {
    if (helper->takes == HELPER_PLAIN) {
        return (struct word){0};
    }
    struct word argument = lua_text_option(L, 2, HELPER_ARGUMENT_MAX);
    bool usable =
        argument.p != NULL ? helper->argument_usable(argument) : helper->takes == HELPER_OPTIONAL;
    luaL_argcheck(L, usable, 2, "not usable");
    return argument;
}

static int apply(lua_State *L, const struct helper *helper) {
    if (lua_text_is_absent(L)) {
        return lua_text_give_nil(L);
    }
    struct word in = lua_text_value(L, 1), argument = argument_of(L, helper);
    struct bytes *out = lua_text_room(L);
    return lua_text_give(L, helper->run(in, argument, target_of(sandbox_of(L)), out), out);
}

enum {
#define HELPER(name, takes, run, usable, japanese, english) PLACE_##name,
#include "helpers.def"
};

#define HELPER(name, takes, run, usable, japanese, english)                                        \
    static int apply_##name(lua_State *L) {                                                        \
        return apply(L, helper_at(PLACE_##name));                                                  \
    }
#include "helpers.def"

/* A function of scripts only takes the place of the helper of its name. */
const luaL_Reg library_text[] = {
#define HELPER(name, takes, run, usable, japanese, english) {#name, apply_##name},
#include "helpers.def"
#define LUA(name, function, arguments, japanese, english) {#name, function},
#include "helpers.def"
    {NULL, NULL},
};
