/* The rows of a checked contract, run one after the other. */
#ifndef MAPPING_ROWS_H
#define MAPPING_ROWS_H

#include <lua.h>

#include "contract.h"
#include "record.h"

struct rows_job {
    const struct contract *contract;
    const struct record_set *records;
    size_t record;
    int kept; /* stack place of the contract's kept values */
};

/* Leaves on the stack the text of row i, or nil for an absent one, after every rule of the row.
 * Adds to *losses. Raises the fault of the first rule that is broken. */
void rows_push(lua_State *L, const struct rows_job *job, size_t i, int32_t *losses);

#endif
