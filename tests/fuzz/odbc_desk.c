#include "odbc_desk.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sql_odbc_calls.h"
#include "sql_utf16.h"

#define ID_LEN (sizeof ODBC_ID - 1)

enum kind { OTHER, LOOK, ADD, CREATE, WRITE, SEARCH };

struct odbc_desk odbc_desk;

static struct {
    enum kind kind; /* of the statement that was run */
    char id[64];    /* the first value that was bound */
    int32_t left;   /* rows that it still gives */
    char state[6];
    SQLINTEGER native;
    int handle;
} at;

/* 0 good, 1 failed, 2 done but failed, 3 good with a remark; else the good answer is changed, where it can be. */
static uint8_t next(void) {
    uint8_t how = fuzz_byte(&reply_host.in) % 8;
    if (how == 1 || how == 2) {
        static const char *const states[] = {"08S01", "28000", "40001", "55P03", "HYT00", "22001",
                                             "23000", "42S02", "HY000", "40003", "01000", "57014"};
        memcpy(at.state, states[fuzz_below(&reply_host.in, sizeof states / sizeof states[0])], 6);
        at.native = fuzz_byte(&reply_host.in);
    }
    return how;
}

static SQLRETURN outcome(uint8_t how) {
    return how == 1 || how == 2 ? SQL_ERROR : how == 3 ? SQL_SUCCESS_WITH_INFO : SQL_SUCCESS;
}

static SQLRETURN SQL_API alloc_handle(SQLSMALLINT kind, SQLHANDLE in, SQLHANDLE *out) {
    (void)in;
    bool failed = outcome(next()) == SQL_ERROR;
    int32_t *n = kind == SQL_HANDLE_ENV   ? &odbc_desk.env
                 : kind == SQL_HANDLE_DBC ? &odbc_desk.connections
                                          : &odbc_desk.statements;
    *out = failed ? SQL_NULL_HANDLE : (SQLHANDLE)&at.handle;
    *n += failed ? 0 : 1;
    return failed ? SQL_ERROR : SQL_SUCCESS;
}

static SQLRETURN SQL_API free_handle(SQLSMALLINT kind, SQLHANDLE handle) {
    fuzz_must(handle == (SQLHANDLE)&at.handle, "a handle that is none");
    fuzz_must(kind != SQL_HANDLE_DBC || !odbc_desk.connected, "freed while it is connected");
    int32_t *n = kind == SQL_HANDLE_ENV   ? &odbc_desk.env
                 : kind == SQL_HANDLE_DBC ? &odbc_desk.connections
                                          : &odbc_desk.statements;
    fuzz_must(--*n >= 0, "freed twice");
    return SQL_SUCCESS;
}

static SQLRETURN SQL_API set_env(SQLHENV env, SQLINTEGER what, SQLPOINTER value, SQLINTEGER n) {
    (void)env, (void)what, (void)value, (void)n;
    return SQL_SUCCESS;
}

static SQLRETURN SQL_API set_connection(SQLHDBC dbc, SQLINTEGER what, SQLPOINTER value,
                                        SQLINTEGER n) {
    (void)dbc, (void)n;
    uint8_t how = what == SQL_ATTR_AUTOCOMMIT ? next() : 0;
    if (what == SQL_ATTR_AUTOCOMMIT && how != 1) {
        odbc_desk.manual = value == odbc_number(SQL_AUTOCOMMIT_OFF);
        odbc_desk.lasting = odbc_desk.manual ? odbc_desk.lasting : odbc_desk.now;
    }
    return outcome(how);
}

static SQLRETURN SQL_API connection_attribute(SQLHDBC dbc, SQLINTEGER what, SQLPOINTER value,
                                              SQLINTEGER n, SQLINTEGER *len) {
    (void)dbc, (void)what, (void)n, (void)len;
    SQLUINTEGER dead = fuzz_byte(&reply_host.in) % 2 ? SQL_CD_TRUE : SQL_CD_FALSE;
    memcpy(value, &dead, sizeof dead);
    return SQL_SUCCESS;
}

static SQLRETURN SQL_API set_statement(SQLHSTMT statement, SQLINTEGER what, SQLPOINTER value,
                                       SQLINTEGER n) {
    (void)statement, (void)what, (void)value, (void)n;
    return SQL_SUCCESS;
}

static SQLRETURN connect_now(void) {
    uint8_t how = next();
    odbc_desk.connected = outcome(how) != SQL_ERROR;
    odbc_desk.manual = false;
    odbc_desk.now = odbc_desk.lasting;
    return outcome(how);
}

static SQLRETURN SQL_API connect_narrow(SQLHDBC dbc, SQLHWND window, SQLCHAR *text, SQLSMALLINT n,
                                        SQLCHAR *out, SQLSMALLINT room, SQLSMALLINT *len,
                                        SQLUSMALLINT how) {
    (void)dbc, (void)window, (void)text, (void)n, (void)out, (void)room, (void)len, (void)how;
    return connect_now();
}

static SQLRETURN SQL_API connect_wide(SQLHDBC dbc, SQLHWND window, SQLWCHAR *text, SQLSMALLINT n,
                                      SQLWCHAR *out, SQLSMALLINT room, SQLSMALLINT *len,
                                      SQLUSMALLINT how) {
    (void)dbc, (void)window, (void)text, (void)n, (void)out, (void)room, (void)len, (void)how;
    return connect_now();
}

/* What was not committed is gone. */
static SQLRETURN SQL_API disconnect(SQLHDBC dbc) {
    (void)dbc;
    fuzz_must(odbc_desk.connected, "disconnected twice");
    odbc_desk.connected = odbc_desk.manual = false;
    odbc_desk.now = odbc_desk.lasting;
    return SQL_SUCCESS;
}

static SQLRETURN SQL_API info(SQLHDBC dbc, SQLUSMALLINT what, SQLPOINTER value, SQLSMALLINT room,
                              SQLSMALLINT *n) {
    (void)dbc, (void)what;
    *n = (SQLSMALLINT)snprintf(value, (size_t)room, "%s", next() == 0 ? "PostgreSQL" : "SQLite");
    return SQL_SUCCESS;
}

static SQLRETURN SQL_API end(SQLSMALLINT kind, SQLHANDLE dbc, SQLSMALLINT what) {
    (void)kind, (void)dbc;
    uint8_t how = next();
    fuzz_must(odbc_desk.connected, "ended without a connection");
    if (how != 1 && what == SQL_COMMIT) {
        odbc_desk.lasting = odbc_desk.now;
    } else if (how != 1) {
        odbc_desk.now = odbc_desk.lasting;
    }
    odbc_desk.committed = odbc_desk.committed || (what == SQL_COMMIT && outcome(how) != SQL_ERROR);
    return outcome(how);
}

static SQLRETURN SQL_API diagnose(SQLSMALLINT kind, SQLHANDLE handle, SQLSMALLINT i, SQLCHAR *state,
                                  SQLINTEGER *native, SQLCHAR *word, SQLSMALLINT room,
                                  SQLSMALLINT *n) {
    (void)kind, (void)handle, (void)i;
    memcpy(state, at.state, sizeof at.state);
    *native = at.native;
    struct fuzz_input said = fuzz_bytes(&reply_host.in, fuzz_byte(&reply_host.in) % 16);
    *n = (SQLSMALLINT)snprintf((char *)word, (size_t)room, "%.*s", (int)said.n,
                               said.n > 0 ? (const char *)said.p : "");
    return SQL_SUCCESS;
}

static SQLRETURN SQL_API bind_value(SQLHSTMT statement, SQLUSMALLINT i, SQLSMALLINT use,
                                    SQLSMALLINT c, SQLSMALLINT type, SQLULEN size,
                                    SQLSMALLINT digits, SQLPOINTER value, SQLLEN room,
                                    SQLLEN *len) {
    (void)statement, (void)use, (void)type, (void)size, (void)digits, (void)room;
    if (i == 1 && value != NULL && c == SQL_C_CHAR) {
        snprintf(at.id, sizeof at.id, "%.*s", (int)*len, (const char *)value);
    } else if (i == 1 && value != NULL) {
        (void)sql_utf16_to(value, (size_t)*len / 2, at.id, sizeof at.id);
    }
    return outcome(next());
}

static enum kind kind_of(const char *text) {
    return strstr(text, "SELECT delivery_id") != NULL    ? LOOK
           : strstr(text, "INSERT INTO shikaku") != NULL ? ADD
           : strstr(text, "CREATE TABLE") != NULL        ? CREATE
           : strstr(text, "select id") != NULL           ? SEARCH
                                                         : WRITE;
}

/* False: the database itself refuses it. */
static bool work(enum kind kind) {
    struct odbc_rows *now = &odbc_desk.now;
    bool refused = (kind == LOOK || kind == ADD) ? !now->table || (kind == ADD && now->known)
                                                 : kind == CREATE && now->table;
    if (refused) {
        memcpy(at.state, now->table ? "23000" : "42S02", 6);
        return false;
    }
    fuzz_must(kind == LOOK || kind == CREATE || kind == SEARCH || odbc_desk.manual,
              "written without a transaction");
    fuzz_must((kind != LOOK && kind != ADD) || strcmp(at.id, ODBC_ID) == 0, "another id");
    now->table = now->table || kind == CREATE;
    now->known = now->known || kind == ADD;
    now->writes += kind == WRITE;
    at.left = kind == LOOK ? now->known : kind == SEARCH ? 2 : 0;
    odbc_desk.lasting = odbc_desk.manual ? odbc_desk.lasting : *now;
    return true;
}

static SQLRETURN run(const char *text) {
    uint8_t how = next();
    at.kind = kind_of(text);
    at.left = 0;
    if (how != 1 && !work(at.kind)) {
        return SQL_ERROR;
    }
    return at.kind == WRITE && how == 4 ? SQL_NO_DATA : outcome(how);
}

static SQLRETURN SQL_API execute(SQLHSTMT statement, SQLCHAR *text, SQLINTEGER n) {
    (void)statement, (void)n;
    return run((const char *)text);
}

static SQLRETURN SQL_API execute_wide(SQLHSTMT statement, SQLWCHAR *text, SQLINTEGER n) {
    char narrow[1024];
    (void)statement;
    fuzz_must(sql_utf16_to(text, (size_t)n, narrow, sizeof narrow), "a statement that is no text");
    return run(narrow);
}

static SQLRETURN SQL_API row_count(SQLHSTMT statement, SQLLEN *n) {
    (void)statement;
    uint8_t how = next();
    *n = how < 4    ? 1
         : how == 4 ? 0
         : how == 5 ? -1
                    : (SQLLEN)((uint64_t)fuzz_number(&reply_host.in) << 31);
    return outcome(how);
}

static SQLRETURN SQL_API more(SQLHSTMT statement) {
    (void)statement;
    uint8_t how = next();
    return how == 1 || how == 2 ? SQL_ERROR : how == 3 ? SQL_SUCCESS : SQL_NO_DATA;
}

static SQLRETURN SQL_API columns(SQLHSTMT statement, SQLSMALLINT *n) {
    (void)statement;
    uint8_t how = next();
    uint32_t wrong = how < 4 ? 0 : fuzz_number(&reply_host.in) >> (how * 4);
    *n = (SQLSMALLINT)(how >= 4 ? wrong : at.kind == SEARCH ? 3 : 1);
    odbc_desk.lied = odbc_desk.lied || how >= 4;
    return outcome(how);
}

static SQLRETURN SQL_API describe(SQLHSTMT statement, SQLUSMALLINT i, SQLCHAR *name,
                                  SQLSMALLINT room, SQLSMALLINT *n, SQLSMALLINT *type,
                                  SQLULEN *size, SQLSMALLINT *digits, SQLSMALLINT *nullable) {
    static const char *const names[] = {"ID", "name", "elderly__valid_from"};
    char other[200];
    (void)statement;
    uint8_t how = next();
    const char *word = names[(i - 1) % 3];
    if (how >= 4) {
        fuzz_text(&reply_host.in, other, sizeof other);
        word = other;
        odbc_desk.lied = true;
    }
    *n = (SQLSMALLINT)snprintf((char *)name, (size_t)room, "%s", word);
    *type = *digits = *nullable = 0;
    *size = 0;
    return outcome(how);
}

static SQLRETURN SQL_API fetch(SQLHSTMT statement) {
    (void)statement;
    uint8_t how = next();
    bool extra = how >= 6;
    odbc_desk.lied = odbc_desk.lied || extra;
    if (outcome(how) == SQL_ERROR) {
        return SQL_ERROR;
    }
    odbc_desk.ended = at.left == 0 && !extra;
    at.left -= at.left > 0 && !extra;
    odbc_desk.rows += odbc_desk.ended ? 0 : 1;
    return odbc_desk.ended ? SQL_NO_DATA : outcome(how);
}

static SQLRETURN give(const char *text, SQLSMALLINT c, SQLPOINTER to, SQLLEN room, SQLLEN *n) {
    size_t len = strlen(text);
    if (c == SQL_C_WCHAR) {
        for (size_t i = 0; i <= len && (SQLLEN)(2 * i + 2) <= room; i++) {
            ((SQLWCHAR *)to)[i] = (SQLWCHAR)(unsigned char)text[i];
        }
    } else {
        snprintf(to, (size_t)room, "%s", text);
    }
    *n = (SQLLEN)(c == SQL_C_WCHAR ? 2 * len : len);
    return *n >= room ? SQL_SUCCESS_WITH_INFO : SQL_SUCCESS;
}

/* Capitals and blanks behind it are of the column's type. */
static bool is_id(const char *text) {
    return strncasecmp(text, ODBC_ID, ID_LEN) == 0 &&
           text[ID_LEN + strspn(text + ID_LEN, " ")] == '\0';
}

static SQLRETURN SQL_API data(SQLHSTMT statement, SQLUSMALLINT i, SQLSMALLINT c, SQLPOINTER to,
                              SQLLEN room, SQLLEN *n) {
    static const char *const values[] = {"00001", "mihon", "2026-04-01"};
    static char text[9000];
    (void)statement;
    uint8_t how = next();
    snprintf(text, sizeof text, "%s", at.kind == LOOK ? ODBC_ID : values[(i - 1) % 3]);
    if (how == 4 || how == 5) {
        size_t len = fuzz_text(&reply_host.in, text, 64);
        memset(text + len, how == 5 ? 'x' : 0, sizeof text - 1 - len);
    }
    odbc_desk.lied = odbc_desk.lied || how >= 4;
    odbc_desk.told =
        odbc_desk.told || (at.kind == LOOK && outcome(how) != SQL_ERROR && is_id(text));
    SQLRETURN rc = outcome(how) == SQL_ERROR ? SQL_ERROR : give(text, c, to, room, n);
    if (how >= 6) {
        *n = how == 6 ? SQL_NULL_DATA : SQL_NO_TOTAL;
    }
    return rc;
}

void *odbc_desk_open(void *self, const char *name) {
    (void)name;
    return next() == 1 ? NULL : self;
}

int32_t odbc_desk_find(void *self, void *library, const char *symbol, void *slot) {
    static const struct odbc_calls all = {
        alloc_handle,  free_handle,    set_env,      set_connection, connection_attribute,
        set_statement, connect_narrow, connect_wide, disconnect,     info,
        end,           diagnose,       bind_value,   execute,        execute_wide,
        row_count,     more,           columns,      describe,       fetch,
        data};
    static const char *const names[] = {
        "SQLAllocHandle",    "SQLFreeHandle",    "SQLSetEnvAttr",    "SQLSetConnectAttr",
        "SQLGetConnectAttr", "SQLSetStmtAttr",   "SQLDriverConnect", "SQLDriverConnectW",
        "SQLDisconnect",     "SQLGetInfo",       "SQLEndTran",       "SQLGetDiagRec",
        "SQLBindParameter",  "SQLExecDirect",    "SQLExecDirectW",   "SQLRowCount",
        "SQLMoreResults",    "SQLNumResultCols", "SQLDescribeCol",   "SQLFetch",
        "SQLGetData"};
    (void)self, (void)library;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], symbol) == 0) {
            memcpy(slot, (const char *)&all + i * sizeof all.alloc, sizeof all.alloc);
            return 1;
        }
    }
    return 0;
}

void odbc_desk_call(void) {
    odbc_desk.committed = odbc_desk.told = odbc_desk.ended = false;
    odbc_desk.rows = 0;
}
