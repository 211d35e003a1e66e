/* One row of a contract. */
#ifndef MAPPING_CONTRACT_ROW_H
#define MAPPING_CONTRACT_ROW_H

#include "contract.h"
#include "contract_keys.h"

/* Reads r's table as the next row of c; there is room for it. */
void contract_read_row(struct key_reader *r, struct contract *c, enum empty_rule empty_usual);

#endif
