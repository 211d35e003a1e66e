/* A driver manager that stands before the real one and makes one call go wrong.
 * ODBC_SHIM_AT=N: the Nth call of this process; ODBC_SHIM_DO: what happens to it:
 *   kill    the process is killed before the call
 *   killed  and behind it
 *   lose    the call is made, its answer is lost
 *   wait    the call is made once the file ODBC_SHIM_FILE is gone, which it makes (the test acts meanwhile)
 * ODBC_SHIM_ONLY="NAME NAME" counts calls of these functions alone. ODBC_SHIM_COUNT=FILE: how many there were. */
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sql.h>
#include <sqlext.h>

static long calls;

static const char *word(const char *name) {
    const char *value = getenv(name);
    return value != NULL ? value : "";
}

static void *real(const char *name) {
    static void *library;
    if (library == NULL) {
        library = dlopen("libodbc.so.2", RTLD_NOW | RTLD_LOCAL);
    }
    return dlsym(library, name);
}

static void wait_for_the_test(void) {
    const struct timespec pause = {0, 10000000};
    FILE *file = fopen(word("ODBC_SHIM_FILE"), "w");
    if (file != NULL) {
        fclose(file);
    }
    for (int i = 0; i < 3000 && access(word("ODBC_SHIM_FILE"), F_OK) == 0; i++) {
        nanosleep(&pause, NULL);
    }
}

/* True when it is this call's turn. */
static int begin(const char *name) {
    const char *only = word("ODBC_SHIM_ONLY"), *count = word("ODBC_SHIM_COUNT");
    char number[24];
    const char *listed = strstr(only, name);
    size_t n = strlen(name);
    if (only[0] != '\0' && (listed == NULL || (listed[n] != '\0' && listed[n] != ' '))) {
        return 0;
    }
    snprintf(number, sizeof number, "%ld", ++calls);
    if (count[0] != '\0') {
        FILE *file = fopen(count, "w");
        if (file != NULL) {
            fputs(number, file);
            fclose(file);
        }
    }
    int due = strcmp(number, word("ODBC_SHIM_AT")) == 0;
    if (due && strcmp(word("ODBC_SHIM_DO"), "kill") == 0) {
        kill(getpid(), SIGKILL);
    }
    if (due && strcmp(word("ODBC_SHIM_DO"), "wait") == 0) {
        wait_for_the_test();
    }
    return due;
}

static SQLRETURN end(int due, SQLRETURN rc) {
    if (due && strcmp(word("ODBC_SHIM_DO"), "killed") == 0) {
        kill(getpid(), SIGKILL);
    }
    return due && strcmp(word("ODBC_SHIM_DO"), "lose") == 0 ? SQL_ERROR : rc;
}

/* NOLINTBEGIN(bugprone-macro-parentheses,readability-inconsistent-declaration-parameter-name): the macro
 * writes declarations, and the names of ODBC's parameters say nothing here. */
#define SHIM(name, types, values)                                                                  \
    SQLRETURN SQL_API name types {                                                                 \
        SQLRETURN(SQL_API *call) types;                                                            \
        void *found = real(#name);                                                                 \
        memcpy(&call, &found, sizeof call);                                                        \
        int due = begin(#name);                                                                    \
        return end(due, call values);                                                              \
    }

SHIM(SQLAllocHandle, (SQLSMALLINT a, SQLHANDLE b, SQLHANDLE *c), (a, b, c))
SHIM(SQLFreeHandle, (SQLSMALLINT a, SQLHANDLE b), (a, b))
SHIM(SQLSetEnvAttr, (SQLHENV a, SQLINTEGER b, SQLPOINTER c, SQLINTEGER d), (a, b, c, d))
SHIM(SQLSetConnectAttr, (SQLHDBC a, SQLINTEGER b, SQLPOINTER c, SQLINTEGER d), (a, b, c, d))
SHIM(SQLGetConnectAttr, (SQLHDBC a, SQLINTEGER b, SQLPOINTER c, SQLINTEGER d, SQLINTEGER *e),
     (a, b, c, d, e))
SHIM(SQLSetStmtAttr, (SQLHSTMT a, SQLINTEGER b, SQLPOINTER c, SQLINTEGER d), (a, b, c, d))
SHIM(SQLDriverConnect,
     (SQLHDBC a, SQLHWND b, SQLCHAR *c, SQLSMALLINT d, SQLCHAR *e, SQLSMALLINT f, SQLSMALLINT *g,
      SQLUSMALLINT h),
     (a, b, c, d, e, f, g, h))
SHIM(SQLDriverConnectW,
     (SQLHDBC a, SQLHWND b, SQLWCHAR *c, SQLSMALLINT d, SQLWCHAR *e, SQLSMALLINT f, SQLSMALLINT *g,
      SQLUSMALLINT h),
     (a, b, c, d, e, f, g, h))
SHIM(SQLDisconnect, (SQLHDBC a), (a))
SHIM(SQLGetInfo, (SQLHDBC a, SQLUSMALLINT b, SQLPOINTER c, SQLSMALLINT d, SQLSMALLINT *e),
     (a, b, c, d, e))
SHIM(SQLEndTran, (SQLSMALLINT a, SQLHANDLE b, SQLSMALLINT c), (a, b, c))
SHIM(SQLGetDiagRec,
     (SQLSMALLINT a, SQLHANDLE b, SQLSMALLINT c, SQLCHAR *d, SQLINTEGER *e, SQLCHAR *f,
      SQLSMALLINT g, SQLSMALLINT *h),
     (a, b, c, d, e, f, g, h))
SHIM(SQLBindParameter,
     (SQLHSTMT a, SQLUSMALLINT b, SQLSMALLINT c, SQLSMALLINT d, SQLSMALLINT e, SQLULEN f,
      SQLSMALLINT g, SQLPOINTER h, SQLLEN i, SQLLEN *j),
     (a, b, c, d, e, f, g, h, i, j))
SHIM(SQLExecDirect, (SQLHSTMT a, SQLCHAR *b, SQLINTEGER c), (a, b, c))
SHIM(SQLExecDirectW, (SQLHSTMT a, SQLWCHAR *b, SQLINTEGER c), (a, b, c))
SHIM(SQLRowCount, (SQLHSTMT a, SQLLEN *b), (a, b))
SHIM(SQLMoreResults, (SQLHSTMT a), (a))
SHIM(SQLNumResultCols, (SQLHSTMT a, SQLSMALLINT *b), (a, b))
SHIM(SQLDescribeCol,
     (SQLHSTMT a, SQLUSMALLINT b, SQLCHAR *c, SQLSMALLINT d, SQLSMALLINT *e, SQLSMALLINT *f,
      SQLULEN *g, SQLSMALLINT *h, SQLSMALLINT *i),
     (a, b, c, d, e, f, g, h, i))
SHIM(SQLFetch, (SQLHSTMT a), (a))
SHIM(SQLGetData, (SQLHSTMT a, SQLUSMALLINT b, SQLSMALLINT c, SQLPOINTER d, SQLLEN e, SQLLEN *f),
     (a, b, c, d, e, f))
/* NOLINTEND(bugprone-macro-parentheses,readability-inconsistent-declaration-parameter-name) */
