#include <sqlite3.h>

#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "db_parts.h"
#include "platform.h"

#define CACHED       32
#define SQL_MAX      (64 * 1024)
#define RETRY_MS     20
#define WHERE_LENGTH 60 /* of a statement: its verb and table */

struct cached {
    sqlite3_stmt *stmt;
    bool busy;
};

struct sqlite {
    sqlite3 *db;
    int32_t busy_ms;
    bool inside, spoilt; /* a transaction; a fault in it */
    struct cached cache[CACHED];
    size_t next; /* that is replaced when all are taken */
};

static bool means_full(int native) {
    return native != 0 && platform_file_fault(NULL, native) == SHK_E_DISK_FULL;
}

/* Beside "no room" SQLite takes a quota and the largest size of a file for any fault. While it commits, only
 * the log of writes knows the system's number. */
static bool disk_is_full(sqlite3 *db, int rc) {
    sqlite3_file *log = NULL;
    int of_file = 0, of_log = 0;
    if ((rc & 0xFF) != SQLITE_IOERR) {
        return (rc & 0xFF) == SQLITE_FULL;
    }
    (void)sqlite3_file_control(db, "main", SQLITE_FCNTL_LAST_ERRNO, &of_file);
    (void)sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, (void *)&log);
    if (log != NULL && log->pMethods != NULL) {
        (void)log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &of_log);
    }
    return means_full(sqlite3_system_errno(db)) || means_full(of_file) || means_full(of_log);
}

static bool is_twice(int rc) {
    return rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY ||
           rc == SQLITE_CONSTRAINT_ROWID;
}

static int32_t code_of(sqlite3 *db, int rc) {
    if (disk_is_full(db, rc)) {
        return SHK_E_STORE_FULL;
    }
    if (is_twice(rc)) {
        return SHK_E_FILE_EXISTS;
    }
    switch (rc & 0xFF) {
    case SQLITE_NOMEM:
        return SHK_E_MEMORY;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return SHK_E_STORE_LOCKED;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return SHK_E_STORE_BROKEN;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY:
        return SHK_E_STORE_OPEN;
    default:
        return rc == SQLITE_IOERR_NOMEM ? SHK_E_MEMORY : SHK_E_STORE_FAILED;
    }
}

/* `sql` is a literal of ours: its beginning says which statement it was. */
static int32_t refuse(struct sqlite *s, int rc, const char *sql, struct fault *why) {
    char where[WHERE_LENGTH];
    text_copy(where, sizeof where, sql);
    int32_t code = code_of(s->db, rc);
    return fault_set(why, code, SHK_NATIVE_SQL, rc, code == SHK_E_STORE_FAILED ? where : NULL);
}

static struct cached *find_cached(struct sqlite *s, const char *sql) {
    for (size_t i = 0; i < CACHED; i++) {
        struct cached *c = &s->cache[i];
        if (c->stmt != NULL && !c->busy && strcmp(sqlite3_sql(c->stmt), sql) == 0) {
            return c;
        }
    }
    return NULL;
}

/* Null when all are at work. */
static struct cached *make_room(struct sqlite *s) {
    for (size_t i = 0; i < CACHED; i++) {
        struct cached *c = &s->cache[s->next];
        s->next = (s->next + 1) % CACHED;
        if (!c->busy) {
            sqlite3_finalize(c->stmt);
            c->stmt = NULL;
            return c;
        }
    }
    return NULL;
}

static int32_t prepare(struct sqlite *s, const char *sql, struct cached **out, struct fault *why) {
    *out = find_cached(s, sql);
    if (*out != NULL) {
        return SHK_OK;
    }
    const char *rest = "";
    struct cached *c = make_room(s);
    if (c == NULL) {
        return fault_raise(why, SHK_E_INTERNAL);
    }
    int rc = sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &c->stmt, &rest);
    if (rc != SQLITE_OK) {
        return refuse(s, rc, sql, why);
    }
    if (c->stmt == NULL || !text_is_blank(rest, strlen(rest))) {
        sqlite3_finalize(c->stmt);
        c->stmt = NULL;
        return fault_raise(why, SHK_E_INTERNAL); /* nothing, or more than one statement */
    }
    *out = c;
    return SHK_OK;
}

static int bind(sqlite3_stmt *stmt, int at, const struct db_value *v) {
    /* A null pointer would make a NULL of what is only empty. */
    const void *p = v->n > 0 ? (const void *)v->p : "";
    switch (v->type) {
    case DB_INT:
        return sqlite3_bind_int64(stmt, at, v->number);
    case DB_TEXT:
        return sqlite3_bind_text64(stmt, at, p, v->n, SQLITE_STATIC, SQLITE_UTF8);
    case DB_BLOB:
        return sqlite3_bind_blob64(stmt, at, p, v->n, SQLITE_STATIC);
    default:
        return sqlite3_bind_null(stmt, at);
    }
}

static int32_t bind_all(struct sqlite *s, sqlite3_stmt *stmt, const struct db_value *values,
                        size_t n, struct fault *why) {
    if ((size_t)sqlite3_bind_parameter_count(stmt) != n) {
        return fault_raise(why, SHK_E_INTERNAL);
    }
    for (size_t i = 0; i < n; i++) {
        char name[16];
        text_format(name, sizeof name, "$%u", (unsigned)(i + 1));
        int rc = bind(stmt, sqlite3_bind_parameter_index(stmt, name), &values[i]);
        if (rc != SQLITE_OK) {
            return refuse(s, rc, sqlite3_sql(stmt), why);
        }
    }
    return SHK_OK;
}

/* False: out of memory. */
static bool take_column(sqlite3_stmt *stmt, int at, struct db_value *out) {
    const void *p = NULL;
    switch (sqlite3_column_type(stmt, at)) {
    case SQLITE_NULL:
        *out = db_null();
        return true;
    case SQLITE_INTEGER:
        *out = db_int(sqlite3_column_int64(stmt, at));
        return true;
    case SQLITE_BLOB:
        p = sqlite3_column_blob(stmt, at);
        out->type = DB_BLOB;
        break;
    default:
        p = sqlite3_column_text(stmt, at);
        out->type = DB_TEXT;
        break;
    }
    out->number = 0;
    out->n = (size_t)sqlite3_column_bytes(stmt, at);
    out->p = p != NULL ? p : (const void *)"";
    return p != NULL || out->n == 0;
}

static int32_t give_row(sqlite3_stmt *stmt, const struct db_rows *rows, struct fault *why) {
    struct db_value values[DB_COLUMNS_MAX];
    int n = sqlite3_column_count(stmt);
    if (n > DB_COLUMNS_MAX) {
        return fault_raise(why, SHK_E_INTERNAL);
    }
    for (int i = 0; i < n; i++) {
        if (!take_column(stmt, i, &values[i])) {
            return fault_raise(why, SHK_E_MEMORY);
        }
    }
    return rows->row(rows->self, values, (size_t)n, why);
}

/* *ended: it was the taker of a row that broke it off. */
static int32_t step_all(struct sqlite *s, sqlite3_stmt *stmt, const struct db_rows *rows,
                        bool *ended, struct fault *why) {
    int32_t rc = SHK_OK;
    int step = SQLITE_ROW;
    while (rc == SHK_OK && step == SQLITE_ROW) {
        step = sqlite3_step(stmt);
        if (step == SQLITE_ROW && rows != NULL) {
            rc = give_row(stmt, rows, why);
            *ended = rc != SHK_OK;
        } else if (step != SQLITE_ROW && step != SQLITE_DONE) {
            rc = refuse(s, step, sqlite3_sql(stmt), why);
        }
    }
    return rc;
}

static int32_t run(struct sqlite *s, const char *sql, const struct db_value *values, size_t n,
                   const struct db_rows *rows, int64_t *changed, struct fault *why) {
    struct cached *c = NULL;
    bool ended = false;
    sqlite3_int64 before = sqlite3_total_changes64(s->db);
    int32_t rc = db_check_values(values, n, why);
    rc = rc == SHK_OK ? prepare(s, sql, &c, why) : rc;
    if (rc == SHK_OK) {
        c->busy = true;
        rc = bind_all(s, c->stmt, values, n, why);
        rc = rc == SHK_OK ? step_all(s, c->stmt, rows, &ended, why) : rc;
        (void)sqlite3_reset(c->stmt);
        (void)sqlite3_clear_bindings(c->stmt);
        c->busy = false;
    }
    if (rc == SHK_OK && changed != NULL && sqlite3_total_changes64(s->db) != before) {
        *changed = sqlite3_changes64(s->db);
    }
    s->spoilt = s->spoilt || (rc != SHK_OK && !ended && s->inside);
    return rc;
}

static int32_t sqlite_run(void *db, const char *sql, const struct db_value *values, size_t n,
                          const struct db_rows *rows, int64_t *changed, struct fault *why) {
    struct sqlite *s = db;
    if (changed != NULL) {
        *changed = 0;
    }
    return s->spoilt ? db_refuse_spoilt(why) : run(s, sql, values, n, rows, changed, why);
}

static int32_t say(struct sqlite *s, const char *sql, struct fault *why) {
    return run(s, sql, NULL, 0, NULL, NULL, why);
}

static int32_t sqlite_begin(void *db, struct fault *why) {
    struct sqlite *s = db;
    if (s->inside) {
        return fault_raise(why, SHK_E_INTERNAL);
    }
    int32_t rc = say(s, "BEGIN IMMEDIATE", why);
    s->inside = rc == SHK_OK;
    return rc;
}

static void sqlite_rollback(void *db) {
    struct sqlite *s = db;
    if (sqlite3_get_autocommit(s->db) == 0) {
        (void)say(s, "ROLLBACK", NULL);
    }
    s->inside = false;
    s->spoilt = false;
}

static int32_t sqlite_commit(void *db, struct fault *why) {
    struct sqlite *s = db;
    if (!s->inside) {
        return fault_raise(why, SHK_E_INTERNAL);
    }
    int32_t rc = s->spoilt ? db_refuse_spoilt(why) : say(s, "COMMIT", why);
    if (rc != SHK_OK) {
        sqlite_rollback(s);
    }
    s->inside = false;
    return rc;
}

static void sqlite_close(void *db) {
    struct sqlite *s = db;
    if (s == NULL) {
        return;
    }
    for (size_t i = 0; i < CACHED; i++) {
        sqlite3_finalize(s->cache[i].stmt);
    }
    (void)sqlite3_close(s->db);
    free(s);
}

static void set_limits(sqlite3 *db) {
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    (void)sqlite3_limit(db, SQLITE_LIMIT_LENGTH, DB_LENGTH_MAX);
    (void)sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, SQL_MAX);
    (void)sqlite3_limit(db, SQLITE_LIMIT_COLUMN, DB_COLUMNS_MAX);
    (void)sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    (void)sqlite3_limit(db, SQLITE_LIMIT_TRIGGER_DEPTH, 10);
    (void)sqlite3_limit(db, SQLITE_LIMIT_WORKER_THREADS, 0);
}

static int32_t is_word(void *self, const struct db_value *values, size_t n, struct fault *why) {
    const char *wanted = self;
    return n == 1 && values[0].type == DB_TEXT && values[0].n == strlen(wanted) &&
                   memcmp(values[0].p, wanted, values[0].n) == 0
               ? SHK_OK
               : fault_set(why, SHK_E_STORE_OPEN, 0, 0, wanted);
}

static int32_t is_number(void *self, const struct db_value *values, size_t n, struct fault *why) {
    const int64_t *wanted = self;
    return n == 1 && values[0].type == DB_INT && values[0].number == *wanted
               ? SHK_OK
               : fault_raise(why, SHK_E_STORE_OPEN);
}

/* Two that change to WAL at once do not wait for each other by themselves. */
static int32_t use_wal(struct sqlite *s, struct fault *why) {
    char wal[] = "wal";
    const struct db_rows rows = {is_word, wal};
    const int64_t end = platform_clock.mono_ms(NULL) + s->busy_ms;
    for (;;) {
        struct fault own = {0};
        int32_t rc = run(s, "PRAGMA journal_mode=WAL", NULL, 0, &rows, NULL, &own);
        if (rc != SHK_E_STORE_LOCKED || platform_clock.mono_ms(NULL) >= end) {
            return rc == SHK_OK ? SHK_OK
                                : fault_set(why, rc, own.native_kind, own.native, own.where);
        }
        (void)sqlite3_sleep(RETRY_MS);
    }
}

static int32_t ask(struct sqlite *s, const char *set, const char *get, int64_t wanted,
                   struct fault *why) {
    const struct db_rows rows = {is_number, &wanted};
    int32_t rc = say(s, set, why);
    return rc == SHK_OK ? run(s, get, NULL, 0, &rows, NULL, why) : rc;
}

/* The content of deleted rows does not stay behind: not in the file (secure_delete), not in the log of
 * writes (journal_size_limit), not in temporary files (temp_store). Mapped memory would turn a file that
 * somebody cut short into a signal in the host. */
static int32_t set_up(struct sqlite *s, struct fault *why) {
    int32_t rc = say(s, "PRAGMA cell_size_check=ON", why);
    rc = rc == SHK_OK ? say(s, "PRAGMA mmap_size=0", why) : rc;
    rc = rc == SHK_OK ? say(s, "PRAGMA temp_store=MEMORY", why) : rc;
    rc = rc == SHK_OK ? use_wal(s, why) : rc;
    rc = rc == SHK_OK ? ask(s, "PRAGMA synchronous=FULL", "PRAGMA synchronous", 2, why) : rc;
    rc = rc == SHK_OK ? ask(s, "PRAGMA secure_delete=ON", "PRAGMA secure_delete", 1, why) : rc;
    rc = rc == SHK_OK ? ask(s, "PRAGMA foreign_keys=ON", "PRAGMA foreign_keys", 1, why) : rc;
    rc = rc == SHK_OK ? say(s, "PRAGMA fullfsync=ON", why) : rc;
    rc = rc == SHK_OK ? say(s, "PRAGMA journal_size_limit=0", why) : rc;
    return rc == SHK_OK ? say(s, "SELECT count(*) FROM sqlite_master", why) : rc;
}

static int32_t open_file(struct sqlite *s, const char *path, struct fault *why) {
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE |
                      SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_EXRESCODE;
    int rc = sqlite3_open_v2(path, &s->db, flags, NULL);
    if (rc != SQLITE_OK) {
        return s->db != NULL ? refuse(s, rc, "", why) : fault_raise(why, SHK_E_MEMORY);
    }
    if (sqlite3_db_readonly(s->db, "main") != 0) {
        return refuse(s, SQLITE_READONLY, "", why);
    }
    (void)sqlite3_busy_timeout(s->db, s->busy_ms);
    set_limits(s->db);
    return set_up(s, why);
}

static int32_t sqlite_open(void *self, const struct db_settings *settings, void **db,
                           struct fault *why) {
    (void)self;
    *db = NULL;
    char *path = NULL;
    struct sqlite *s = calloc(1, sizeof *s);
    if (s == NULL || sqlite3_threadsafe() == 0) {
        free(s);
        return fault_raise(why, s == NULL ? SHK_E_MEMORY : SHK_E_STORE_OPEN);
    }
    s->busy_ms = settings->busy_ms > 0 ? settings->busy_ms : 0;
    s->busy_ms = s->busy_ms < DB_BUSY_MAX ? s->busy_ms : DB_BUSY_MAX;
    int32_t rc = settings->path != NULL && settings->path[0] != '\0'
                     ? db_make_file(settings->path, &path, why)
                     : fault_raise(why, SHK_E_STORE_OPEN);
    rc = rc == SHK_OK ? open_file(s, path, why) : rc;
    free(path);
    if (rc != SHK_OK) {
        sqlite_close(s);
        return rc;
    }
    *db = s;
    return SHK_OK;
}

const struct db_ops db_sqlite = {
    .kind = DB_SQLITE,
    .open = sqlite_open,
    .run = sqlite_run,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .close = sqlite_close,
};
