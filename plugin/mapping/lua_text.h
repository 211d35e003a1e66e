/* text.*: the helpers of a script, each bounded by its input. */
#ifndef MAPPING_LUA_TEXT_H
#define MAPPING_LUA_TEXT_H

#include <lauxlib.h>
#include <lua.h>

extern const luaL_Reg library_text[];

#endif
