/* The record as a script sees it: rec.name, rec.elderly.valid_from, rec.specific_diseases[1]. */
#ifndef MAPPING_LUA_RECORD_H
#define MAPPING_LUA_RECORD_H

#include <lua.h>

#include "record.h"
#include "uses.h"

/* Pushes one record, read-only; only the fields in `uses` are there, all when it is null. Both outlive the
 * state. */
void record_push(lua_State *L, const struct record_set *set, size_t record,
                 const struct uses *uses);

/* Makes a view for many records and returns its registry reference. */
int record_new_view(lua_State *L, const struct uses *uses);
/* Pushes it, showing this record from now on. */
void record_push_view(lua_State *L, int view, const struct record_set *set, size_t record);
/* Pushes an entry of a list of the record that it shows. */
void record_push_entry(lua_State *L, int view, const char *list, size_t entry);

/* Pushes what was read: nil, text or integer. */
void record_push_found(lua_State *L, const struct value *value);

#endif
