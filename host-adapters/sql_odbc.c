#include <stdlib.h>
#include <string.h>

#include "sql_odbc_calls.h"
#include "sql_utf16.h"

/* A driver's word may quote the values, so it is thrown away; only its numbers count. */
#define WORD_ROOM 512

void odbc_wipe(void *p, size_t n) {
    volatile uint8_t *at = p;
    while (n-- > 0) {
        *at++ = 0;
    }
}

SQLPOINTER odbc_number(SQLULEN number) {
    SQLPOINTER pointer = NULL;
    memcpy(&pointer, &number, sizeof pointer < sizeof number ? sizeof pointer : sizeof number);
    return pointer;
}

/* A driver may find out that the connection is lost while it does something of its own before the statement
 * (psqlODBC's SAVEPOINT): its state is then a general one, and only this tells the truth. */
static int is_lost(struct odbc *o) {
    SQLUINTEGER dead = SQL_CD_FALSE;
    return o->connected &&
           SQL_SUCCEEDED(o->call.connection_attribute(o->connection, SQL_ATTR_CONNECTION_DEAD,
                                                      &dead, SQL_IS_UINTEGER, NULL)) &&
           dead == SQL_CD_TRUE;
}

int32_t odbc_fault(struct odbc *o, SQLSMALLINT kind, SQLHANDLE handle) {
    SQLCHAR state[6] = "", word[WORD_ROOM] = "";
    SQLINTEGER native = 0;
    SQLSMALLINT n = 0;
    (void)o->call.diagnose(kind, handle, 1, state, &native, word, sizeof word, &n);
    word[sizeof word - 1] = '\0';
    o->said.login = !o->connected && sql_state_names_login((const char *)word);
    odbc_wipe(word, sizeof word);
    memcpy(o->said.state, state, sizeof o->said.state);
    o->said.state[5] = '\0';
    o->said.native = (int32_t)native;
    int32_t code = sql_state_code(&o->said, !o->connected);
    return code == SHK_E_STATEMENT && is_lost(o) ? SHK_E_HOST_UNREACHABLE : code;
}

const struct sql_state *odbc_said(const struct odbc *o) {
    return &o->said;
}

int32_t odbc_open(const shk_services *sv, const char *library, struct odbc **out) {
    struct odbc *o = calloc(1, sizeof *o);
    *out = o;
    if (o == NULL) {
        return SHK_E_MEMORY;
    }
    o->sv = sv;
    if (!odbc_load(sv, library, &o->call)) {
        free(o);
        *out = NULL;
        return SHK_E_DRIVER;
    }
    if (!SQL_SUCCEEDED(o->call.alloc(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &o->env))) {
        o->env = SQL_NULL_HANDLE;
        odbc_close(out);
        return SHK_E_MEMORY;
    }
    (void)o->call.set_env(o->env, SQL_ATTR_ODBC_VERSION, odbc_number(SQL_OV_ODBC3), 0);
    return SHK_OK;
}

void odbc_close(struct odbc **odbc) {
    struct odbc *o = *odbc;
    if (o == NULL) {
        return;
    }
    odbc_disconnect(o);
    if (o->env != SQL_NULL_HANDLE) {
        (void)o->call.release(SQL_HANDLE_ENV, o->env);
    }
    free(o);
    *odbc = NULL;
}

static SQLRETURN connect_wide(struct odbc *o, const char *connection) {
    size_t n = 0;
    uint16_t *text = sql_utf16_from(connection, &n);
    if (text == NULL) {
        return SQL_ERROR;
    }
    SQLRETURN rc = o->call.connect_wide(o->connection, NULL, text, (SQLSMALLINT)n, NULL, 0, NULL,
                                        SQL_DRIVER_NOPROMPT);
    odbc_wipe(text, n * sizeof *text);
    free(text);
    return rc;
}

static SQLRETURN connect_narrow(struct odbc *o, const char *connection) {
    /* It is only read. */
    return o->call.connect(o->connection, NULL, (SQLCHAR *)connection,
                           (SQLSMALLINT)strlen(connection), NULL, 0, NULL, SQL_DRIVER_NOPROMPT);
}

static void note_kind(struct odbc *o) {
    char name[32] = "";
    SQLSMALLINT n = 0;
    (void)o->call.info(o->connection, SQL_DBMS_NAME, name, sizeof name, &n);
    o->said.sqlite = strncmp(name, "SQLite", 6) == 0;
}

int32_t odbc_connect(struct odbc *o, const char *connection, int wide, int32_t timeout_ms) {
    const SQLULEN seconds = (SQLULEN)((timeout_ms + 999) / 1000);
    memset(&o->said, 0, sizeof o->said);
    if (!SQL_SUCCEEDED(o->call.alloc(SQL_HANDLE_DBC, o->env, &o->connection))) {
        o->connection = SQL_NULL_HANDLE;
        return SHK_E_MEMORY;
    }
    /* A driver without one of these waits as it likes; the plugin's own limit is behind it. */
    (void)o->call.set_connection(o->connection, SQL_ATTR_LOGIN_TIMEOUT, odbc_number(seconds), 0);
    o->wide = wide;
    o->timeout_ms = timeout_ms;
    SQLRETURN rc = wide ? connect_wide(o, connection) : connect_narrow(o, connection);
    if (!SQL_SUCCEEDED(rc)) {
        int32_t code = odbc_fault(o, SQL_HANDLE_DBC, o->connection);
        odbc_disconnect(o);
        return code;
    }
    o->connected = 1;
    note_kind(o);
    return SHK_OK;
}

int odbc_connected(const struct odbc *o) {
    return o->connected;
}

void odbc_disconnect(struct odbc *o) {
    if (o->connected && o->in_transaction) {
        (void)o->call.end(SQL_HANDLE_DBC, o->connection, SQL_ROLLBACK);
    }
    if (o->connected) {
        (void)o->call.disconnect(o->connection);
    }
    if (o->connection != SQL_NULL_HANDLE) {
        (void)o->call.release(SQL_HANDLE_DBC, o->connection);
    }
    o->connection = SQL_NULL_HANDLE;
    o->connected = o->in_transaction = 0;
}

static int32_t set_autocommit(struct odbc *o, SQLULEN mode) {
    SQLRETURN rc = o->call.set_connection(o->connection, SQL_ATTR_AUTOCOMMIT, odbc_number(mode),
                                          SQL_IS_UINTEGER);
    return SQL_SUCCEEDED(rc) ? SHK_OK : odbc_fault(o, SQL_HANDLE_DBC, o->connection);
}

int32_t odbc_begin(struct odbc *o) {
    int32_t rc = set_autocommit(o, SQL_AUTOCOMMIT_OFF);
    o->in_transaction = rc == SHK_OK;
    return rc;
}

int32_t odbc_commit(struct odbc *o) {
    if (!SQL_SUCCEEDED(o->call.end(SQL_HANDLE_DBC, o->connection, SQL_COMMIT))) {
        return odbc_fault(o, SQL_HANDLE_DBC, o->connection);
    }
    o->in_transaction = 0;
    if (set_autocommit(o, SQL_AUTOCOMMIT_ON) != SHK_OK) {
        odbc_disconnect(o);
    }
    return SHK_OK;
}

void odbc_rollback(struct odbc *o) {
    if (!o->connected) {
        return;
    }
    /* What the failure was is still to be told. */
    const struct sql_state said = o->said;
    int obeyed = SQL_SUCCEEDED(o->call.end(SQL_HANDLE_DBC, o->connection, SQL_ROLLBACK));
    if (!obeyed || set_autocommit(o, SQL_AUTOCOMMIT_ON) != SHK_OK) {
        odbc_disconnect(o);
    }
    o->in_transaction = 0;
    o->said = said;
}
