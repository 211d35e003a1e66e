/* ODBC's functions as pointers, and a connection as sql_odbc*.c see it. */
#ifndef HOST_ADAPTERS_SQL_ODBC_CALLS_H
#define HOST_ADAPTERS_SQL_ODBC_CALLS_H

#if defined(_WIN32)
#include <windows.h>
#endif
#include <sql.h>
#include <sqlext.h>

#include "sql_odbc.h"

struct odbc_calls {
    SQLRETURN(SQL_API *alloc)(SQLSMALLINT, SQLHANDLE, SQLHANDLE *);
    SQLRETURN(SQL_API *release)(SQLSMALLINT, SQLHANDLE);
    SQLRETURN(SQL_API *set_env)(SQLHENV, SQLINTEGER, SQLPOINTER, SQLINTEGER);
    SQLRETURN(SQL_API *set_connection)(SQLHDBC, SQLINTEGER, SQLPOINTER, SQLINTEGER);
    SQLRETURN(SQL_API *connection_attribute)
    (SQLHDBC, SQLINTEGER, SQLPOINTER, SQLINTEGER, SQLINTEGER *);
    SQLRETURN(SQL_API *set_statement)(SQLHSTMT, SQLINTEGER, SQLPOINTER, SQLINTEGER);
    SQLRETURN(SQL_API *connect)
    (SQLHDBC, SQLHWND, SQLCHAR *, SQLSMALLINT, SQLCHAR *, SQLSMALLINT, SQLSMALLINT *, SQLUSMALLINT);
    SQLRETURN(SQL_API *connect_wide)
    (SQLHDBC, SQLHWND, SQLWCHAR *, SQLSMALLINT, SQLWCHAR *, SQLSMALLINT, SQLSMALLINT *,
     SQLUSMALLINT);
    SQLRETURN(SQL_API *disconnect)(SQLHDBC);
    SQLRETURN(SQL_API *info)(SQLHDBC, SQLUSMALLINT, SQLPOINTER, SQLSMALLINT, SQLSMALLINT *);
    SQLRETURN(SQL_API *end)(SQLSMALLINT, SQLHANDLE, SQLSMALLINT);
    SQLRETURN(SQL_API *diagnose)
    (SQLSMALLINT, SQLHANDLE, SQLSMALLINT, SQLCHAR *, SQLINTEGER *, SQLCHAR *, SQLSMALLINT,
     SQLSMALLINT *);
    SQLRETURN(SQL_API *bind)
    (SQLHSTMT, SQLUSMALLINT, SQLSMALLINT, SQLSMALLINT, SQLSMALLINT, SQLULEN, SQLSMALLINT,
     SQLPOINTER, SQLLEN, SQLLEN *);
    SQLRETURN(SQL_API *execute)(SQLHSTMT, SQLCHAR *, SQLINTEGER);
    SQLRETURN(SQL_API *execute_wide)(SQLHSTMT, SQLWCHAR *, SQLINTEGER);
    SQLRETURN(SQL_API *row_count)(SQLHSTMT, SQLLEN *);
    SQLRETURN(SQL_API *more)(SQLHSTMT);
    SQLRETURN(SQL_API *columns)(SQLHSTMT, SQLSMALLINT *);
    SQLRETURN(SQL_API *describe)
    (SQLHSTMT, SQLUSMALLINT, SQLCHAR *, SQLSMALLINT, SQLSMALLINT *, SQLSMALLINT *, SQLULEN *,
     SQLSMALLINT *, SQLSMALLINT *);
    SQLRETURN(SQL_API *fetch)(SQLHSTMT);
    SQLRETURN(SQL_API *data)
    (SQLHSTMT, SQLUSMALLINT, SQLSMALLINT, SQLPOINTER, SQLLEN, SQLLEN *);
};

struct odbc {
    const shk_services *sv;
    struct odbc_calls call;
    SQLHENV env;
    SQLHDBC connection;
    int connected, wide, in_transaction;
    int32_t timeout_ms;
    struct sql_state said;
};

/* 0: the library, or one of its functions, is not there. */
int odbc_load(const shk_services *sv, const char *library, struct odbc_calls *out);

/* Keeps what the driver says of this handle and returns its code. */
int32_t odbc_fault(struct odbc *o, SQLSMALLINT kind, SQLHANDLE handle);
/* ODBC takes whole numbers where a pointer stands. */
SQLPOINTER odbc_number(SQLULEN number);
void odbc_wipe(void *p, size_t n);

#endif
