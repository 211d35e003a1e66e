/* Mapping scripts that an input makes from pieces of the contract and of Lua, so that most of them run. */
#ifndef FUZZ_SCRIPT_MADE_H
#define FUZZ_SCRIPT_MADE_H

#include "fuzz.h"

#define SCRIPT_MADE_MAX 6000

/* Stands in what a made script gives only when a name of the host, or one that is left out of Lua, could be read. */
#define SCRIPT_REACHED "REACHED"

/* Writes a terminated script; returns its length. */
size_t script_make(struct fuzz_input *in, char out[SCRIPT_MADE_MAX]);

#endif
