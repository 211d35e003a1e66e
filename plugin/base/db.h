/* One SQL database, SQLite in a file or PostgreSQL on a server, behind the same few calls. Statements use
 * $1, $2, … in order of their first appearance, and only what both understand. */
#ifndef BASE_DB_H
#define BASE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault.h"

enum db_kind { DB_SQLITE, DB_POSTGRES };

/* Copied by open. UTF-8; "" and null mean: not set. */
struct db_settings {
    const char *path;       /* SQLite: the file; made 0600 when it is missing */
    const char *connection; /* PostgreSQL: a libpq connection string; never logged */
    const char *library;    /* PostgreSQL: libpq, when it is not the system's */
    int32_t busy_ms;        /* how long another holder, or a server's answer, is waited for */
};

enum db_type { DB_NULL, DB_INT, DB_TEXT, DB_BLOB };

struct db_value {
    enum db_type type;
    int64_t number;
    const uint8_t *p; /* of a text (UTF-8) or blob; borrowed */
    size_t n;
};

static inline struct db_value db_null(void) {
    return (struct db_value){DB_NULL, 0, NULL, 0};
}
static inline struct db_value db_int(int64_t number) {
    return (struct db_value){DB_INT, number, NULL, 0};
}
static inline struct db_value db_bytes(const uint8_t *p, size_t n) {
    return (struct db_value){DB_BLOB, 0, p, n};
}
struct db_value db_text(const char *text); /* null gives DB_NULL; store/store_sql.c */

/* Takes one row; its values are borrowed until it returns. A code that is not SHK_OK ends the statement and is
 * what run returns. */
struct db_rows {
    int32_t (*row)(void *self, const struct db_value *values, size_t n, struct fault *why);
    void *self;
};

/* One connection; one thread at a time. */
struct db_ops {
    enum db_kind kind;
    /* SQLite: WAL, synchronous=FULL, secure_delete, foreign_keys; a file on which that cannot be had is
     * refused. SHK_E_STORE_OPEN, SHK_E_STORE_BROKEN, SHK_E_STORE_LOCKED, SHK_E_STORE_DOWN,
     * SHK_E_STORE_LOGIN, SHK_E_STORE_LIBRARY, SHK_E_STORE_FULL, SHK_E_MEMORY. */
    int32_t (*open)(void *self, const struct db_settings *settings, void **db, struct fault *why);
    /* One statement. `rows` may be null; *changed (rows inserted, updated or deleted) too. Native faults
     * carry SHK_NATIVE_SQL; `where` never holds a value. SHK_E_STORE_DOWN: the connection is gone, with it
     * any transaction, and only close is of use then; outside of one it is not known whether a change took
     * place. A unique key that exists already is SHK_E_FILE_EXISTS. Any fault but one of the row's taker spoils
     * the transaction that it happened in: all that follows is SHK_E_STORE_FAILED until rollback, or a commit,
     * which then rolls back. SHK_E_ARGUMENT: a text with a zero byte or not in UTF-8. Whole numbers of any
     * width, sums of them and truth values are DB_INT; at most 32 values and 32 columns. */
    int32_t (*run)(void *db, const char *sql, const struct db_value *values, size_t n,
                   const struct db_rows *rows, int64_t *changed, struct fault *why);
    /* A transaction that writes: others that want to write wait for it (SQLite: IMMEDIATE; PostgreSQL:
     * READ COMMITTED, callers lock rows with FOR UPDATE where `kind` says so). */
    int32_t (*begin)(void *db, struct fault *why);
    /* SHK_E_STORE_DOWN from a commit: it is not known whether it took place. */
    int32_t (*commit)(void *db, struct fault *why);
    void (*rollback)(void *db); /* harmless without a transaction */
    void (*close)(void *db);    /* null is accepted */
};

#endif
