/* A clinic's own changes to a vendor's script. */
#ifndef MAPPING_OVERLAY_H
#define MAPPING_OVERLAY_H

#include <lua.h>

#include "contract_texts.h"
#include "uses.h"

/* Changes the script's table on the top of the stack as the overlay's text says. What the overlay expects of
 * the vendor's rows (`was`) must be so: anything else is SHK_E_OVERLAY with the overlay's line and the field,
 * and nothing is guessed. `pack` is the id that the overlay must name, null: the script's own. `uses` gets what
 * the overlay adds. */
void overlay_apply(lua_State *L, struct contract_texts *texts, const uint8_t *p, size_t n,
                   const char *pack, struct uses *uses);

#endif
