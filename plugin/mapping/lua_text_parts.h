/* What the files of text.* share: how values come from Lua and go back. */
#ifndef MAPPING_LUA_TEXT_PARTS_H
#define MAPPING_LUA_TEXT_PARTS_H

#include <lauxlib.h>
#include <lua.h>

#include "helper.h"

#define LUA(name, function, arguments, japanese, english) int function(lua_State *L);
#include "helpers.def"

/* Every function gives nil for nil, so that an absent value stays absent; an argument must be there. */
bool lua_text_is_absent(lua_State *L);
int lua_text_give_nil(lua_State *L);
/* The text at index, whole numbers included, and its work is charged. */
struct word lua_text_value(lua_State *L, int index);
/* The same; nil and nothing are empty. */
struct word lua_text_optional_value(lua_State *L, int index);
/* A short text of the script's own. A null p: none is given. */
struct word lua_text_option(lua_State *L, int index, size_t max);
/* Empty, for a result. Belongs to the sandbox, which holds it when an error is raised. */
struct bytes *lua_text_room(lua_State *L);
/* Pushes what a helper made of argument 1, or raises. */
int lua_text_give(lua_State *L, int32_t rc, const struct bytes *out);
int lua_text_give_word(lua_State *L, struct word word);

#endif
