#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "db_parts.h"
#include "platform.h"
#include "pq_talk.h"
#include "pq_value.h"

#define VALUES_MAX 32 /* of one statement */
#define BINARY     1

struct postgres {
    struct pq pq;
    PGconn *conn; /* null: lost */
    int32_t patience_ms;
    bool inside, spoilt; /* a transaction; a fault in it */
};

static int32_t lose(struct postgres *p, struct fault *why) {
    if (p->conn != NULL) {
        p->pq.finish(p->conn);
        p->conn = NULL;
    }
    return fault_raise(why, SHK_E_STORE_DOWN);
}

static int64_t end_of(const struct postgres *p) {
    return platform_clock.mono_ms(NULL) + p->patience_ms;
}

static bool send_it(struct postgres *p, const char *sql, const struct db_value *values, size_t n) {
    uint8_t numbers[VALUES_MAX][PQ_NUMBER_SIZE];
    const char *bytes[VALUES_MAX];
    int lengths[VALUES_MAX], formats[VALUES_MAX];
    Oid types[VALUES_MAX];
    for (size_t i = 0; i < n; i++) {
        size_t length = 0;
        types[i] = pq_value_give(&values[i], numbers[i], &bytes[i], &length);
        lengths[i] = (int)length;
        formats[i] = BINARY;
    }
    return p->pq.send_query_params(p->conn, sql, (int)n, types, bytes, lengths, formats, BINARY) !=
           0;
}

static int32_t check_size(const struct db_value *values, size_t n, struct fault *why) {
    int32_t rc = n <= VALUES_MAX ? SHK_OK : SHK_E_INTERNAL;
    for (size_t i = 0; i < n && rc == SHK_OK; i++) {
        rc = values[i].n <= DB_LENGTH_MAX ? SHK_OK : SHK_E_STORE_FAILED;
    }
    return rc == SHK_OK ? SHK_OK : fault_raise(why, rc);
}

static int32_t take_row(struct postgres *p, const PGresult *result, int row,
                        struct db_value *values, size_t n, struct fault *why) {
    for (size_t i = 0; i < n; i++) {
        int at = (int)i;
        values[i] = db_null();
        if (p->pq.getisnull(result, row, at) == 0 &&
            !pq_value_take(p->pq.ftype(result, at),
                           (const uint8_t *)p->pq.getvalue(result, row, at),
                           (size_t)p->pq.getlength(result, row, at), &values[i])) {
            return fault_set(why, SHK_E_STORE_FAILED, 0, 0, "column");
        }
    }
    return SHK_OK;
}

/* *ended: it was the taker of a row that broke it off. */
static int32_t give_rows(struct postgres *p, const PGresult *result, const struct db_rows *rows,
                         bool *ended, struct fault *why) {
    struct db_value values[DB_COLUMNS_MAX];
    int count = p->pq.ntuples(result);
    size_t n = (size_t)p->pq.nfields(result);
    int32_t rc = n <= DB_COLUMNS_MAX ? SHK_OK : fault_raise(why, SHK_E_INTERNAL);
    for (int i = 0; i < count && rc == SHK_OK; i++) {
        rc = take_row(p, result, i, values, n, why);
        if (rc == SHK_OK) {
            rc = rows->row(rows->self, values, n, why);
            *ended = rc != SHK_OK;
        }
    }
    return rc;
}

static void count_changed(struct postgres *p, PGresult *result, int64_t *changed) {
    const char *count = p->pq.cmd_tuples(result);
    if (p->pq.result_status(result) == PGRES_COMMAND_OK) {
        (void)text_to_int64(count, strlen(count), changed);
    }
}

/* The answer to a statement; *out is the caller's to clear. */
static int32_t ask(struct postgres *p, const char *sql, const struct db_value *values, size_t n,
                   PGresult **out, struct fault *why) {
    struct fault own = {0};
    *out = NULL;
    int32_t rc = db_check_values(values, n, why);
    rc = rc == SHK_OK ? check_size(values, n, why) : rc;
    if (rc != SHK_OK) {
        return rc;
    }
    *out = send_it(p, sql, values, n) ? pq_answer(&p->pq, p->conn, end_of(p)) : NULL;
    if (*out == NULL) {
        return lose(p, why);
    }
    rc = pq_judge(&p->pq, *out, sql, &own);
    if (rc == SHK_E_STORE_DOWN) {
        (void)lose(p, NULL);
    }
    return rc == SHK_OK ? SHK_OK : fault_set(why, rc, own.native_kind, own.native, own.where);
}

static int32_t run(struct postgres *p, const char *sql, const struct db_value *values, size_t n,
                   const struct db_rows *rows, int64_t *changed, struct fault *why) {
    PGresult *result = NULL;
    bool ended = false;
    int32_t rc = ask(p, sql, values, n, &result, why);
    if (rc == SHK_OK && changed != NULL) {
        count_changed(p, result, changed);
    }
    if (rc == SHK_OK && rows != NULL) {
        rc = give_rows(p, result, rows, &ended, why);
    }
    p->pq.clear(result);
    p->spoilt = p->spoilt || (rc != SHK_OK && !ended && p->inside);
    return rc;
}

static int32_t postgres_run(void *db, const char *sql, const struct db_value *values, size_t n,
                            const struct db_rows *rows, int64_t *changed, struct fault *why) {
    struct postgres *p = db;
    if (changed != NULL) {
        *changed = 0;
    }
    if (p->conn == NULL) {
        return lose(p, why);
    }
    return p->spoilt ? db_refuse_spoilt(why) : run(p, sql, values, n, rows, changed, why);
}

static int32_t postgres_begin(void *db, struct fault *why) {
    struct postgres *p = db;
    if (p->conn == NULL) {
        return lose(p, why);
    }
    if (p->inside) {
        return fault_raise(why, SHK_E_INTERNAL);
    }
    int32_t rc =
        run(p, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", NULL, 0, NULL, NULL, why);
    p->inside = rc == SHK_OK;
    return rc;
}

static void postgres_rollback(void *db) {
    struct postgres *p = db;
    if (p->conn != NULL && p->inside && run(p, "ROLLBACK", NULL, 0, NULL, NULL, NULL) != SHK_OK) {
        (void)lose(p, NULL);
    }
    p->inside = false;
    p->spoilt = false;
}

/* A server answers COMMIT with ROLLBACK, and without an error, when the transaction had failed. */
static int32_t commit(struct postgres *p, struct fault *why) {
    PGresult *result = NULL;
    int32_t rc = ask(p, "COMMIT", NULL, 0, &result, why);
    if (rc == SHK_OK && !text_equal(p->pq.cmd_status(result), "COMMIT")) {
        rc = db_refuse_spoilt(why);
    }
    p->pq.clear(result);
    return rc;
}

static int32_t postgres_commit(void *db, struct fault *why) {
    struct postgres *p = db;
    if (p->conn == NULL) {
        p->inside = false;
        return lose(p, why);
    }
    if (!p->inside) {
        return fault_raise(why, SHK_E_INTERNAL);
    }
    int32_t rc = p->spoilt ? db_refuse_spoilt(why) : commit(p, why);
    if (rc != SHK_OK) {
        postgres_rollback(p);
    }
    p->inside = false;
    return rc;
}

static void postgres_close(void *db) {
    struct postgres *p = db;
    if (p != NULL) {
        (void)lose(p, NULL);
        free(p);
    }
}

static int32_t postgres_open(void *self, const struct db_settings *settings, void **db,
                             struct fault *why) {
    (void)self;
    *db = NULL;
    struct postgres *p = calloc(1, sizeof *p);
    if (p == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    /* 0 would mean "for ever" to the server. */
    int32_t busy_ms = settings->busy_ms > 0 ? settings->busy_ms : 1;
    busy_ms = busy_ms < DB_BUSY_MAX ? busy_ms : DB_BUSY_MAX;
    p->patience_ms = pq_patience_ms(busy_ms);
    int32_t rc = pq_find(settings->library, &p->pq, why);
    rc = rc == SHK_OK ? pq_dial(&p->pq, settings->connection, busy_ms, &p->conn, why) : rc;
    if (rc != SHK_OK) {
        free(p);
        return rc;
    }
    *db = p;
    return SHK_OK;
}

const struct db_ops db_postgres = {
    .kind = DB_POSTGRES,
    .open = postgres_open,
    .run = postgres_run,
    .begin = postgres_begin,
    .commit = postgres_commit,
    .rollback = postgres_rollback,
    .close = postgres_close,
};
