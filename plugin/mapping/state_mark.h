/* Whether a script's functions left behind what the next record's run could see. */
#ifndef MAPPING_STATE_MARK_H
#define MAPPING_STATE_MARK_H

#include <lua.h>
#include <stdbool.h>

/* Notes what can be reached from the functions in the table at registry reference `kept`: their outer
 * locals and the tables in them. Returns a registry reference. */
int state_mark(lua_State *L, int kept);
/* True while all of it is as it was noted. */
bool state_unchanged(lua_State *L, int mark);

#endif
