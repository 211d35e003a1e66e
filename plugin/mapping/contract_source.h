/* Paths of the record in a contract. */
#ifndef MAPPING_CONTRACT_SOURCE_H
#define MAPPING_CONTRACT_SOURCE_H

#include "contract_row.h"

/* False when there is no such path, or the script may not see it. */
bool contract_source(const char *path, const struct row_scope *scope, struct uses *uses,
                     struct contract_source *out);
/* The list that `each` names, below the entry around it: its whole path, in `out`. */
bool contract_list(const char *name, const struct row_scope *scope, char *out, size_t cap);

#endif
