/* The record as a script sees it: rec.name, rec.elderly.valid_from, rec.specific_diseases[1]. */
#ifndef MAPPING_LUA_RECORD_H
#define MAPPING_LUA_RECORD_H

#include <lua.h>

#include "record.h"

/* Pushes one record, read-only. The set outlives the state. */
void record_push(lua_State *L, const struct record_set *set, size_t record);

/* Pushes the value at a path: nil, text or integer. The path may begin with "records[2].". False,
 * with nothing pushed, when there is no such path. */
bool record_push_value(lua_State *L, const struct record_set *set, size_t record, const char *path);

/* True for the path of a value, as rows name it. */
bool record_path_known(const char *path);

#endif
