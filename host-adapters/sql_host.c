#include "sql_host.h"

#include <stdlib.h>
#include <string.h>

#include "sql_prepare.h"

int32_t sql_fail(shk_host *h, int32_t rc, const char *where) {
    return h->sv->fail(h->sv->self, rc, 0, where);
}

int32_t sql_fail_driver(shk_host *h, int32_t rc, const char *where) {
    int32_t native = h->odbc != NULL ? sql_state_number(odbc_said(h->odbc)) : 0;
    return h->sv->fail(h->sv->self, rc, native, where);
}

static void wipe_text(char *text) {
    if (text != NULL) {
        volatile char *at = text;
        while (*at != '\0') {
            *at++ = '\0';
        }
        free(text);
    }
}

int32_t sql_connect(shk_host *h) {
    if (h->odbc != NULL && odbc_connected(h->odbc)) {
        return SHK_OK;
    }
    if (h->odbc == NULL) {
        int32_t rc = odbc_open(h->sv, h->set.library, &h->odbc);
        if (rc != SHK_OK) {
            return sql_fail(h, rc, "library");
        }
    }
    char *connection = sql_settings_connection(&h->set);
    if (connection == NULL) {
        return sql_fail(h, SHK_E_MEMORY, "connection");
    }
    int32_t rc = odbc_connect(h->odbc, connection, h->set.wide, h->set.timeout_ms);
    wipe_text(connection);
    const char *where = h->set.dsn[0] != '\0' ? "dsn" : "connection";
    return rc == SHK_OK ? rc : sql_fail_driver(h, rc, where);
}

int32_t sql_bind(const char *statement, sql_value_fn value, void *who, struct sql_bound *out) {
    struct sql_prepared prepared;
    int32_t rc = SHK_OK;
    memset(out, 0, sizeof *out);
    int made = sql_prepare(statement, &prepared);
    if (made != 0) {
        return made == -1 ? SHK_E_STATEMENT : SHK_E_MEMORY;
    }
    out->values = calloc((size_t)prepared.names_n + 1, sizeof *out->values);
    rc = out->values != NULL ? SHK_OK : SHK_E_MEMORY;
    for (uint32_t i = 0; rc == SHK_OK && i < prepared.names_n; i++) {
        int known = 0;
        out->values[i] =
            value(who, statement + prepared.names[i].at, prepared.names[i].len, &known);
        rc = known ? SHK_OK : SHK_E_STATEMENT;
    }
    out->n = prepared.names_n;
    out->text = prepared.text;
    prepared.text = NULL;
    sql_prepared_clear(&prepared);
    if (rc != SHK_OK) {
        sql_bound_clear(out);
    }
    return rc;
}

void sql_bound_clear(struct sql_bound *bound) {
    free(bound->text);
    free(bound->values);
    memset(bound, 0, sizeof *bound);
}
