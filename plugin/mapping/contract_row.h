/* One row or group of `fields`. */
#ifndef MAPPING_CONTRACT_ROW_H
#define MAPPING_CONTRACT_ROW_H

#include "contract.h"
#include "contract_keys.h"

/* What the groups around a row mean for it. */
struct row_scope {
    const char *prefix; /* of `to`: "" or "Group[]/" */
    const char *list;   /* the record's list whose entry `from` counts from; null: none */
    bool repeats;       /* there is an `each` around */
    size_t parent;      /* the group's row + 1 */
    int depth;
    enum empty_rule empty_usual;
};

/* Reads the rows of the table on the top of the stack, groups and theirs one after the other, into
 * c->rows; pops it. */
void contract_read_rows(struct key_reader *r, struct contract *c, const struct row_scope *scope);

/* "stop", "geta" or a function. */
void contract_read_lack(const struct key_reader *r, struct contract_lack *lack);

#endif
