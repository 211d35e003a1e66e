/* Writes a delivery into the host's database by ODBC: the script's statements and the delivery's id in one
 * transaction, so that what was delivered once is known for ever. */
#include <stdlib.h>
#include <string.h>

#include "registry.h"
#include "sql_host.h"

#define WHERE_ROOM 48

static int32_t SHK_CALL sql_open(const shk_services *sv, const shk_setting *settings, uint32_t n,
                                 shk_host **out) {
    *out = NULL;
    if (sv == NULL || sv->abi != SHK_ADAPTER_ABI ||
        sv->struct_size < offsetof(shk_services, stopping) + sizeof sv->stopping) {
        return SHK_E_ADAPTER_BROKEN;
    }
    shk_host *h = calloc(1, sizeof *h);
    if (h == NULL) {
        return sv->fail(sv->self, SHK_E_MEMORY, 0, "sql");
    }
    h->sv = sv;
    const char *wrong = sql_settings_read(&h->set, settings, n);
    if (wrong != NULL) {
        free(h);
        return sv->fail(sv->self, SHK_E_ADAPTER_SETTINGS, 0, wrong);
    }
    *out = h;
    return SHK_OK;
}

static void SHK_CALL sql_close(shk_host **h) {
    if (h == NULL || *h == NULL) {
        return;
    }
    odbc_close(&(*h)->odbc);
    volatile char *password = (*h)->set.password;
    for (size_t i = 0; i < sizeof(*h)->set.password; i++) {
        password[i] = '\0';
    }
    free(*h);
    *h = NULL;
}

static const char *named(const char *name, size_t n, const char *word) {
    return strlen(word) == n && memcmp(word, name, n) == 0 ? word : NULL;
}

static const char *value_of(void *who, const char *name, size_t n, int *known) {
    const shk_delivery *d = who;
    *known = 1;
    if (named(name, n, "delivery_id") != NULL) {
        return d->id;
    }
    if (named(name, n, "patient_id") != NULL) {
        return d->patient != NULL && d->patient[0] != '\0' ? d->patient : NULL;
    }
    for (uint32_t i = 0; i < d->fields_n; i++) {
        if (named(name, n, d->fields[i].to) != NULL) {
            return d->fields[i].value;
        }
    }
    *known = 0;
    return NULL;
}

/* "statements[2]" and a word behind it. */
static const char *place(char out[WHERE_ROOM], uint32_t statement, const char *word) {
    static const char begin[] = "statements[";
    size_t n = sizeof begin - 1, len = strlen(word);
    memcpy(out, begin, n);
    if (statement >= 10) {
        out[n++] = (char)('0' + statement / 10 % 10);
    }
    out[n++] = (char)('0' + statement % 10);
    out[n++] = ']';
    memcpy(out + n, word, len + 1);
    return out;
}

/* Rows that the statements without a number of their own have written; -1: a driver did not say. */
struct written {
    int64_t rows;
    int counted;
};

static int32_t check_rows(shk_host *h, const shk_delivery *d, uint32_t i, int64_t rows,
                          struct written *w) {
    char where[WHERE_ROOM];
    int32_t due = d->statement_rows != NULL ? d->statement_rows[i] : SHK_ROWS_SOME;
    if (due == SHK_ROWS_SOME) {
        w->counted = 1;
        w->rows = odbc_rows_sum(w->rows, rows);
    }
    return due >= 0 && rows != due ? sql_fail(h, SHK_E_STATEMENT, place(where, i + 1, " rows"))
                                   : SHK_OK;
}

static int32_t run_statement(shk_host *h, const shk_delivery *d, uint32_t i, struct written *w) {
    char where[WHERE_ROOM];
    struct sql_bound bound;
    int64_t rows = 0;
    if (h->sv->stopping(h->sv->self)) {
        return sql_fail(h, SHK_E_CANCELLED, place(where, i + 1, ""));
    }
    /* The names are looked for only. */
    int32_t rc = sql_bind(d->statements[i], value_of, (void *)d, &bound);
    if (rc != SHK_OK) {
        return sql_fail(h, rc, place(where, i + 1, ""));
    }
    rc = odbc_run(h->odbc, bound.text, bound.values, bound.n, &rows);
    sql_bound_clear(&bound);
    return rc == SHK_OK ? check_rows(h, d, i, rows, w)
                        : sql_fail_driver(h, rc, place(where, i + 1, ""));
}

static int32_t run_statements(shk_host *h, const shk_delivery *d) {
    struct written w = {0, 0};
    int32_t rc = SHK_OK;
    for (uint32_t i = 0; rc == SHK_OK && i < d->statements_n; i++) {
        rc = run_statement(h, d, i, &w);
    }
    /* A patient who is not there is no delivery. */
    return rc == SHK_OK && w.counted && w.rows == 0
               ? sql_fail(h, SHK_E_STATEMENT, "statements rows")
               : rc;
}

/* The answer to a commit was lost, or was no: whether the id lies there tells which. When even that cannot
 * be asked, the next attempt will. */
static int32_t settle_commit(shk_host *h, const shk_delivery *d, int32_t rc) {
    const struct sql_state said = *odbc_said(h->odbc);
    int there = 0;
    odbc_disconnect(h->odbc);
    if (sql_connect(h) != SHK_OK || ledger_find(h, d->id, &there) != SHK_OK) {
        return SHK_E_HOST_UNREACHABLE;
    }
    return there ? SHK_OK : h->sv->fail(h->sv->self, rc, sql_state_number(&said), "commit");
}

/* *there 1: another machine has delivered it in between. */
static int32_t write_all(shk_host *h, const shk_delivery *d, int *there) {
    int32_t rc = odbc_begin(h->odbc);
    if (rc != SHK_OK) {
        return sql_fail_driver(h, rc, "id_table");
    }
    rc = ledger_add(h, d->id);
    if (rc != SHK_OK) {
        const struct sql_state said = *odbc_said(h->odbc);
        odbc_rollback(h->odbc);
        if (odbc_connected(h->odbc) && ledger_find(h, d->id, there) == SHK_OK && *there) {
            return SHK_OK;
        }
        return h->sv->fail(h->sv->self, rc, sql_state_number(&said), "id_table");
    }
    rc = run_statements(h, d);
    if (rc != SHK_OK) {
        odbc_rollback(h->odbc);
        return rc;
    }
    rc = odbc_commit(h->odbc);
    return rc == SHK_OK ? rc : settle_commit(h, d, rc);
}

static int usable(const shk_delivery *d) {
    return d->abi == SHK_ADAPTER_ABI && d->struct_size >= sizeof *d && d->id != NULL &&
           d->format != NULL && (d->fields != NULL || d->fields_n == 0);
}

static int32_t SHK_CALL sql_deliver(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    static const char known[] = "delivered before";
    int there = 0;
    receipt->place[0] = '\0';
    if (!usable(d)) {
        return sql_fail(h, SHK_E_ARGUMENT, "delivery");
    }
    if (strcmp(d->format, "sql") != 0 || d->statements_n == 0 || d->statements == NULL) {
        return sql_fail(h, SHK_E_ADAPTER_SETTINGS, "script");
    }
    int32_t rc = sql_connect(h);
    rc = rc == SHK_OK ? ledger_find(h, d->id, &there) : rc;
    if (rc == SHK_OK && !there) {
        rc = write_all(h, d, &there);
    }
    if (rc == SHK_E_HOST_UNREACHABLE && h->odbc != NULL) {
        odbc_disconnect(h->odbc);
    }
    if (rc != SHK_OK) {
        return rc;
    }
    memcpy(receipt->place, h->set.id_table, strlen(h->set.id_table) + 1);
    if (there && receipt->struct_size >= offsetof(shk_receipt, warning) + sizeof known) {
        memcpy(receipt->warning, known, sizeof known);
    }
    return SHK_OK;
}

const shk_adapter adapter_sql = {
    .struct_size = sizeof adapter_sql,
    .abi = SHK_ADAPTER_ABI,
    .id = "sql/1",
    .open = sql_open,
    .deliver = sql_deliver,
    .close = sql_close,
    .find_patients = sql_find_patients,
};
