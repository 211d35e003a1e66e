/* A statement with named parameters as ODBC takes it: "?" for each of them. */
#ifndef HOST_ADAPTERS_SQL_PREPARE_H
#define HOST_ADAPTERS_SQL_PREPARE_H

#include "shikaku/sql_text.h"

struct sql_name {
    uint16_t at, len; /* in the text it was made from */
};

struct sql_prepared {
    char *text; /* comments and what ends the statement left out: some drivers know neither */
    struct sql_name *names; /* one for each "?", in order; a name that stands twice is here twice */
    uint32_t names_n;
};

/* 0; -1: not usable (shk_sql_usable); -2: out of memory. */
int sql_prepare(const char *text, struct sql_prepared *out);
void sql_prepared_clear(struct sql_prepared *prepared);

#endif
