#include <stdlib.h>
#include <string.h>

#include "sql_odbc_calls.h"
#include "sql_utf16.h"

#define SHORT_MAX 2000 /* units; what is longer is bound as a long text */

/* A value as the driver reads it while the statement runs. */
struct bound {
    void *data;
    size_t bytes;
    SQLLEN state;
};

static void bound_clear(struct bound *values, uint32_t n) {
    for (uint32_t i = 0; values != NULL && i < n; i++) {
        if (values[i].data != NULL) {
            odbc_wipe(values[i].data, values[i].bytes);
            free(values[i].data);
        }
    }
    free(values);
}

static int fill(struct bound *value, const char *text, int wide) {
    size_t n = 0;
    if (wide) {
        value->data = sql_utf16_from(text, &n);
        value->bytes = n * sizeof(SQLWCHAR);
    } else {
        value->bytes = strlen(text);
        value->data = malloc(value->bytes + 1);
        if (value->data != NULL) {
            memcpy(value->data, text, value->bytes + 1);
        }
    }
    value->state = (SQLLEN)value->bytes;
    return value->data != NULL;
}

static SQLSMALLINT type_of(int wide, size_t units) {
    if (wide) {
        return units > SHORT_MAX ? SQL_WLONGVARCHAR : SQL_WVARCHAR;
    }
    return units > SHORT_MAX ? SQL_LONGVARCHAR : SQL_VARCHAR;
}

static int32_t bind_all(struct odbc *o, SQLHSTMT statement, const char *const *texts, uint32_t n,
                        struct bound *values) {
    for (uint32_t i = 0; i < n; i++) {
        struct bound *value = &values[i];
        value->state = SQL_NULL_DATA;
        if (texts[i] != NULL && !fill(value, texts[i], o->wide)) {
            return SHK_E_MEMORY;
        }
        size_t units = o->wide ? value->bytes / sizeof(SQLWCHAR) : value->bytes;
        SQLRETURN rc = o->call.bind(statement, (SQLUSMALLINT)(i + 1), SQL_PARAM_INPUT,
                                    o->wide ? SQL_C_WCHAR : SQL_C_CHAR, type_of(o->wide, units),
                                    units > 0 ? units : 1, 0, value->data, (SQLLEN)value->bytes,
                                    &value->state);
        if (!SQL_SUCCEEDED(rc)) {
            return odbc_fault(o, SQL_HANDLE_STMT, statement);
        }
    }
    return SHK_OK;
}

static SQLRETURN execute(struct odbc *o, SQLHSTMT statement, const char *text) {
    size_t n = 0;
    if (!o->wide) {
        /* It is only read. */
        return o->call.execute(statement, (SQLCHAR *)text, SQL_NTS);
    }
    uint16_t *units = sql_utf16_from(text, &n);
    SQLRETURN rc = SQL_ERROR;
    if (units != NULL) {
        rc = o->call.execute_wide(statement, units, (SQLINTEGER)n);
    }
    free(units);
    return rc;
}

static int32_t start(struct odbc *o, SQLHSTMT statement, const char *text, const char *const *texts,
                     uint32_t n, struct bound *values) {
    const SQLULEN seconds = (SQLULEN)((o->timeout_ms + 999) / 1000);
    (void)o->call.set_statement(statement, SQL_ATTR_QUERY_TIMEOUT, odbc_number(seconds), 0);
    int32_t rc = bind_all(o, statement, texts, n, values);
    if (rc != SHK_OK) {
        return rc;
    }
    SQLRETURN done = execute(o, statement, text);
    /* No data: an UPDATE or DELETE that met no row. */
    return SQL_SUCCEEDED(done) || done == SQL_NO_DATA ? SHK_OK
                                                      : odbc_fault(o, SQL_HANDLE_STMT, statement);
}

int64_t odbc_rows_sum(int64_t a, int64_t b) {
    return a < 0 || b < 0 || a > INT64_MAX - b ? -1 : a + b;
}

/* Some databases tell a failure only when the results before it have been passed over. */
static int32_t count(struct odbc *o, SQLHSTMT statement, int64_t *rows) {
    SQLRETURN more = SQL_SUCCESS;
    *rows = 0;
    while (SQL_SUCCEEDED(more)) {
        SQLLEN n = -1;
        (void)o->call.row_count(statement, &n);
        *rows = odbc_rows_sum(*rows, n);
        more = o->call.more(statement);
    }
    return more == SQL_NO_DATA ? SHK_OK : odbc_fault(o, SQL_HANDLE_STMT, statement);
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

struct reading {
    char names[ODBC_COLUMNS_MAX][ODBC_NAME_ROOM];
    char values[ODBC_COLUMNS_MAX][ODBC_VALUE_ROOM];
    const char *name[ODBC_COLUMNS_MAX], *value[ODBC_COLUMNS_MAX];
    uint16_t units[ODBC_VALUE_ROOM];
    SQLSMALLINT n;
};

static int32_t read_names(struct odbc *o, SQLHSTMT statement, struct reading *r) {
    SQLRETURN rc = o->call.columns(statement, &r->n);
    if (!SQL_SUCCEEDED(rc) || r->n < 1 || r->n > ODBC_COLUMNS_MAX) {
        return SHK_E_HOST_ANSWER;
    }
    for (SQLSMALLINT i = 0; i < r->n; i++) {
        SQLSMALLINT len = 0, type, digits, nullable;
        SQLULEN size;
        rc = o->call.describe(statement, (SQLUSMALLINT)(i + 1), (SQLCHAR *)r->names[i],
                              ODBC_NAME_ROOM, &len, &type, &size, &digits, &nullable);
        if (!SQL_SUCCEEDED(rc) || len >= ODBC_NAME_ROOM) {
            return SHK_E_HOST_ANSWER;
        }
        for (char *p = r->names[i]; *p != '\0'; p++) {
            *p = lower(*p);
        }
        r->name[i] = r->names[i];
    }
    return SHK_OK;
}

static int32_t read_value(struct odbc *o, SQLHSTMT statement, struct reading *r, SQLSMALLINT i) {
    SQLLEN n = 0;
    void *to = o->wide ? (void *)r->units : (void *)r->values[i];
    const size_t room = o->wide ? sizeof r->units : sizeof r->values[i];
    SQLRETURN rc = o->call.data(statement, (SQLUSMALLINT)(i + 1),
                                o->wide ? SQL_C_WCHAR : SQL_C_CHAR, to, (SQLLEN)room, &n);
    if (!SQL_SUCCEEDED(rc)) {
        return odbc_fault(o, SQL_HANDLE_STMT, statement);
    }
    r->value[i] = n == SQL_NULL_DATA ? NULL : r->values[i];
    if (n == SQL_NULL_DATA) {
        return SHK_OK;
    }
    if (n < 0 || (size_t)n >= room) {
        return SHK_E_HOST_ANSWER;
    }
    if (!o->wide) {
        r->values[i][n] = '\0';
        return SHK_OK;
    }
    return sql_utf16_to(r->units, (size_t)n / sizeof r->units[0], r->values[i], ODBC_VALUE_ROOM)
               ? SHK_OK
               : SHK_E_HOST_ANSWER;
}

static int32_t read_rows(struct odbc *o, SQLHSTMT statement, struct reading *r, odbc_row_fn row,
                         void *who) {
    int32_t rc = read_names(o, statement, r);
    for (int32_t rows = 0; rc == SHK_OK; rows++) {
        SQLRETURN fetched = o->call.fetch(statement);
        if (fetched == SQL_NO_DATA) {
            return SHK_OK;
        }
        if (!SQL_SUCCEEDED(fetched)) {
            return odbc_fault(o, SQL_HANDLE_STMT, statement);
        }
        rc = rows < ODBC_ROWS_MAX ? SHK_OK : SHK_E_HOST_ANSWER;
        for (SQLSMALLINT i = 0; rc == SHK_OK && i < r->n; i++) {
            rc = read_value(o, statement, r, i);
        }
        rc = rc == SHK_OK ? row(who, r->name, r->value, (uint32_t)r->n) : rc;
    }
    return rc;
}

static int32_t with_statement(struct odbc *o, const char *text, const char *const *values,
                              uint32_t values_n, int64_t *rows, struct reading *r, odbc_row_fn row,
                              void *who) {
    SQLHSTMT statement = SQL_NULL_HANDLE;
    struct bound *bound = calloc((size_t)values_n + 1, sizeof *bound);
    int32_t rc = bound != NULL ? SHK_OK : SHK_E_MEMORY;
    if (rc == SHK_OK && !SQL_SUCCEEDED(o->call.alloc(SQL_HANDLE_STMT, o->connection, &statement))) {
        statement = SQL_NULL_HANDLE;
        rc = odbc_fault(o, SQL_HANDLE_DBC, o->connection);
    }
    if (rc == SHK_OK) {
        rc = start(o, statement, text, values, values_n, bound);
    }
    if (rc == SHK_OK) {
        rc = r != NULL ? read_rows(o, statement, r, row, who) : count(o, statement, rows);
    }
    if (statement != SQL_NULL_HANDLE) {
        (void)o->call.release(SQL_HANDLE_STMT, statement);
    }
    bound_clear(bound, values_n);
    return rc;
}

int32_t odbc_run(struct odbc *o, const char *text, const char *const *values, uint32_t values_n,
                 int64_t *rows) {
    int64_t unasked = 0;
    return with_statement(o, text, values, values_n, rows != NULL ? rows : &unasked, NULL, NULL,
                          NULL);
}

int32_t odbc_read(struct odbc *o, const char *text, const char *const *values, uint32_t values_n,
                  odbc_row_fn row, void *who) {
    struct reading *r = calloc(1, sizeof *r);
    if (r == NULL) {
        return SHK_E_MEMORY;
    }
    int32_t rc = with_statement(o, text, values, values_n, NULL, r, row, who);
    odbc_wipe(r, sizeof *r);
    free(r);
    return rc;
}
