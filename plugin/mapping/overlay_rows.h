/* The rows of a script's table by name, and where they were written before rows came and went. */
#ifndef MAPPING_OVERLAY_ROWS_H
#define MAPPING_OVERLAY_ROWS_H

#include <lua.h>
#include <stdbool.h>

#include "contract_texts.h"

/* A row and the list it stands in. */
struct row_found {
    size_t times; /* how many rows have the name */
    int number;   /* in its list */
};

/* Looks for the row with this whole name ("Group/Name") in the list at `list`. When there is exactly one, its
 * list and the row itself are pushed. */
struct row_found overlay_find(lua_State *L, int list, const char *name);
/* Notes the path of every row of the list and of its groups in the table at `paths`. */
void overlay_number(lua_State *L, int list, int paths, const char *place);
/* False when there are more rows, or deeper groups, than a contract may have. */
bool overlay_fits(lua_State *L, int list);
/* True when two rows have one whole name. */
bool overlay_doubled(lua_State *L, int list);
/* Tells `texts` where each row is written now that the lists have changed, and notes the new paths. */
bool overlay_places(lua_State *L, int list, int paths, const char *place,
                    struct contract_texts *texts);

#endif
