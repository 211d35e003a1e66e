/* What a script of format "sql" says beside its rows: statements whose parameters the rows are. */
#ifndef MAPPING_CONTRACT_SQL_H
#define MAPPING_CONTRACT_SQL_H

#include "contract.h"
#include "contract_keys.h"

#define SQL_STATEMENTS_MAX 32

/* Statements and find, each looked at alone. Nothing for another format. */
void contract_read_sql(const struct key_reader *r, struct contract *c);
/* Once rows and uses are known: a parameter that no row gives, or a path of `find` that may not be seen, is
 * a complaint. Returns the first row that no statement takes, or rows_n. */
size_t contract_check_sql(const struct key_reader *r, struct contract *c);

#endif
