/* One database by ODBC, whose driver manager is loaded when it is needed. ODBC's own headers stay in
 * sql_odbc*. */
#ifndef HOST_ADAPTERS_SQL_ODBC_H
#define HOST_ADAPTERS_SQL_ODBC_H

#include "shikaku/adapter.h"
#include "sql_state.h"

#define ODBC_COLUMNS_MAX 64
#define ODBC_ROWS_MAX    500
#define ODBC_NAME_ROOM   128
#define ODBC_VALUE_ROOM  4096 /* bytes of a value that is read, with its terminator */

struct odbc;

/* Takes one row; null is NULL. Not SHK_OK ends the reading. */
typedef int32_t (*odbc_row_fn)(void *who, const char *const *names, const char *const *values,
                               uint32_t n);

/* `library`: absolute path, "" the system's. SHK_E_DRIVER, SHK_E_MEMORY. */
int32_t odbc_open(const shk_services *sv, const char *library, struct odbc **out);
/* Frees what was opened; a transaction that was not committed is rolled back. Null is accepted. */
void odbc_close(struct odbc **odbc);

/* All below return SHK_OK, SHK_E_MEMORY, or what sql_state_code makes of the driver's word, which
 * odbc_said then tells. Texts are UTF-8; with `wide` they go to the driver in UTF-16. */
int32_t odbc_connect(struct odbc *o, const char *connection, int wide, int32_t timeout_ms);
int odbc_connected(const struct odbc *o);
void odbc_disconnect(struct odbc *o);
/* From now on nothing lasts before odbc_commit. */
int32_t odbc_begin(struct odbc *o);
int32_t odbc_commit(struct odbc *o);
/* Rolls back and goes on without a transaction. A connection that does not obey is given up. */
void odbc_rollback(struct odbc *o);

/* Runs one statement with a value for each "?"; null is NULL. *rows: how many were written or found, -1
 * when the driver does not say; may be null. */
int32_t odbc_run(struct odbc *o, const char *text, const char *const *values, uint32_t values_n,
                 int64_t *rows);
/* The sum of two such numbers; -1 when one is not known, or there is no room for it. */
int64_t odbc_rows_sum(int64_t a, int64_t b);
/* The same, for a statement that gives rows. SHK_E_HOST_ANSWER: too many, too wide, or no text. */
int32_t odbc_read(struct odbc *o, const char *text, const char *const *values, uint32_t values_n,
                  odbc_row_fn row, void *who);

/* Of the last failure. */
const struct sql_state *odbc_said(const struct odbc *o);

#endif
