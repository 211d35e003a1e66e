/* What a script can reach: the allow-list, function by function. */
#ifndef MAPPING_LUA_LIBRARY_H
#define MAPPING_LUA_LIBRARY_H

#include <lauxlib.h>
#include <lua.h>

/* Makes the read-only world of a script and installs it as the globals of the state. */
void lua_library_open(lua_State *L);

extern const luaL_Reg library_string[]; /* lua_string.c */
int library_sort(lua_State *L);         /* lua_sort.c */

/* Replaces nothing, pushes the text of a value: locale-free, and a table's address is not shown. */
void library_push_text(lua_State *L, int index);

#endif
