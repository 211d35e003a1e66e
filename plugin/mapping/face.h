/* The face-shaped result that several clinic programs import. */
#ifndef MAPPING_FACE_H
#define MAPPING_FACE_H

#include "run.h"

/* All that the answer says, with the run's cells for gaps (`to` is a path of the record). Raises. */
void face_write(lua_State *L, struct run *run, struct bytes *out);

#endif
