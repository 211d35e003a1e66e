/* The handle of the sql adapter and what its parts share. */
#ifndef HOST_ADAPTERS_SQL_HOST_H
#define HOST_ADAPTERS_SQL_HOST_H

#include "sql_odbc.h"
#include "sql_settings.h"

struct shk_host {
    const shk_services *sv;
    struct sql_settings set;
    struct odbc *odbc; /* null: not loaded yet */
};

/* Says why the call fails. With `rc` from odbc_* the native number is the SQLSTATE. */
int32_t sql_fail(shk_host *h, int32_t rc, const char *where);
int32_t sql_fail_driver(shk_host *h, int32_t rc, const char *where);

/* Connects unless it is connected. */
int32_t sql_connect(shk_host *h);

/* Value of a name, null for NULL; *known 0: there is no such name. */
typedef const char *(*sql_value_fn)(void *who, const char *name, size_t n, int *known);

/* What stands in for the names of a statement, in order. */
struct sql_bound {
    char *text;          /* with "?" */
    const char **values; /* borrowed */
    uint32_t n;
};
/* SHK_OK, SHK_E_MEMORY, SHK_E_STATEMENT: not usable, or an unknown name. */
int32_t sql_bind(const char *statement, sql_value_fn value, void *who, struct sql_bound *out);
void sql_bound_clear(struct sql_bound *bound);

/* sql_ledger.c: the table of delivery ids. *there 1: this delivery lies at the host. The table is made when
 * it is missing and may be. */
int32_t ledger_find(shk_host *h, const char *id, int *there);
/* Within a transaction. */
int32_t ledger_add(shk_host *h, const char *id);

/* sql_find.c */
int32_t SHK_CALL sql_find_patients(shk_host *h, const shk_field *asked, uint32_t asked_n,
                                   shk_patient_found found, void *who);

#endif
