#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "platform.h"
#include "pq_state.h"
#include "pq_talk.h"
#include "socket_wait.h"
#include "thread.h"

#define GRACE_MS                                                                                   \
    250 /* beyond its own limit the thread is late only when the look-up of a name hangs */
#define IDLE_MS 30000

/* Shared by the caller and the thread; whoever is last frees it. */
struct dial {
    struct pq pq;
    char *connection;
    int32_t busy_ms;
    int64_t end_ms;
    PGconn *conn;
    int32_t rc;
    struct fault why;
    struct mutex *lock;
    bool done, left_behind;
};

static void dial_free(struct dial *d) {
    if (d != NULL) {
        if (d->conn != NULL) {
            d->pq.finish(d->conn);
        }
        if (d->connection != NULL) {
            memory_wipe(d->connection, strlen(d->connection));
        }
        free(d->connection);
        mutex_free(d->lock);
        free(d);
    }
}

static void ignore(void *self, const char *message) {
    (void)self;
    (void)message;
}

/* What stands before the connection string may be said otherwise there, what stands behind it not. */
static PGconn *start(const struct dial *d, const char *limit) {
    const char *const keywords[] = {"gssencmode",       "target_session_attrs",
                                    "keepalives_idle",  "keepalives_interval",
                                    "keepalives_count", "tcp_user_timeout",
                                    "dbname",           "client_encoding",
                                    "application_name", NULL};
    const char *const values[] = {"disable", "read-write",  "10",   "5",       "3",
                                  limit,     d->connection, "UTF8", "shikaku", NULL};
    PGconn *conn = d->pq.connect_start_params(keywords, values, 1);
    if (conn != NULL) {
        (void)d->pq.set_notice_processor(conn, ignore, NULL);
        /* Messages are for us alone, in no language, and without a name or value. */
        (void)d->pq.set_error_verbosity(conn, PQERRORS_SQLSTATE);
    }
    return conn;
}

static bool go_on(const struct dial *d) {
    PostgresPollingStatusType step = PGRES_POLLING_WRITING;
    if (d->pq.status(d->conn) == CONNECTION_BAD) {
        return false;
    }
    while (step == PGRES_POLLING_READING || step == PGRES_POLLING_WRITING) {
        int wanted = step == PGRES_POLLING_READING ? SOCKET_READ : SOCKET_WRITE;
        if (socket_wait(d->pq.socket(d->conn), wanted, d->end_ms) <= 0) {
            return false;
        }
        step = d->pq.connect_poll(d->conn);
    }
    return step == PGRES_POLLING_OK;
}

static int32_t why_refused(const struct dial *d, struct fault *why) {
    char state[6];
    pq_state_of_message(d->pq.error_message(d->conn), state);
    if (d->pq.connection_needs_password(d->conn) != 0) {
        return pq_refuse(state, SHK_E_STORE_LOGIN, "", why);
    }
    return pq_refuse(state, state[0] != '\0' ? pq_state_code(state) : SHK_E_STORE_DOWN, "", why);
}

/* A name or an address that the server's encoding lacks would be refused much later. */
static int32_t check_encoding(const struct dial *d, struct fault *why) {
    const char *encoding = d->pq.parameter_status(d->conn, "server_encoding");
    return encoding != NULL && (text_equal(encoding, "UTF8") || text_equal(encoding, "SQL_ASCII"))
               ? SHK_OK
               : fault_set(why, SHK_E_STORE_OPEN, 0, 0, "server_encoding");
}

/* A PC that goes away in the middle of a transaction must not hold the others up for long. */
static int32_t set_session(const struct dial *d, struct fault *why) {
    char sql[512];
    int lock_ms = d->busy_ms;
    text_format(sql, sizeof sql,
                "SET lock_timeout=%d; SET statement_timeout=%d; "
                "SET idle_in_transaction_session_timeout=%d; "
                "SET default_transaction_isolation='read committed'; SET synchronous_commit=on; "
                "SET client_min_messages=error; SET tcp_keepalives_idle=30; "
                "SET tcp_keepalives_interval=10; SET tcp_keepalives_count=3",
                lock_ms, lock_ms + lock_ms / 4 + 100, lock_ms + IDLE_MS);
    if (d->pq.set_nonblocking(d->conn, 1) != 0 || d->pq.send_query(d->conn, sql) == 0) {
        return fault_raise(why, SHK_E_STORE_DOWN);
    }
    PGresult *result = pq_answer(&d->pq, d->conn, d->end_ms);
    int32_t rc =
        result != NULL ? pq_judge(&d->pq, result, "SET", why) : fault_raise(why, SHK_E_STORE_DOWN);
    d->pq.clear(result);
    return rc;
}

static int32_t connect_now(struct dial *d, struct fault *why) {
    char limit[16];
    text_format(limit, sizeof limit, "%d", (int)pq_patience_ms(d->busy_ms));
    d->conn = start(d, limit);
    if (d->conn == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    if (!go_on(d)) {
        return why_refused(d, why);
    }
    int32_t rc = check_encoding(d, why);
    return rc == SHK_OK ? set_session(d, why) : rc;
}

static void run(void *self) {
    struct dial *d = self;
    d->rc = connect_now(d, &d->why);
    if (d->rc != SHK_OK && d->conn != NULL) {
        d->pq.finish(d->conn);
        d->conn = NULL;
    }
    mutex_lock(d->lock);
    d->done = true;
    bool left_behind = d->left_behind;
    mutex_unlock(d->lock);
    if (left_behind) {
        dial_free(d);
    }
}

/* False: the thread goes on alone and frees what it has. */
static bool wait_for(struct dial *d, struct thread *t) {
    int64_t left = d->end_ms - platform_clock.mono_ms(NULL);
    if (thread_join(t, (int32_t)(left > 0 ? left : 0) + GRACE_MS)) {
        return true;
    }
    mutex_lock(d->lock);
    bool done = d->done;
    d->left_behind = !done;
    mutex_unlock(d->lock);
    if (done) {
        return thread_join(t, -1);
    }
    thread_detach(t);
    return false;
}

static int32_t check_text(const struct pq *pq, const char *connection, struct fault *why) {
    char *message = NULL;
    PQconninfoOption *options = connection != NULL && connection[0] != '\0'
                                    ? pq->conninfo_parse(connection, &message)
                                    : NULL;
    pq->free_memory(message); /* quotes the text */
    if (options == NULL) {
        return fault_set(why, SHK_E_STORE_OPEN, 0, 0, "store.connection");
    }
    pq->conninfo_free(options);
    return SHK_OK;
}

static struct dial *dial_new(const struct pq *pq, const char *connection, int32_t busy_ms) {
    struct dial *d = calloc(1, sizeof *d);
    if (d == NULL) {
        return NULL;
    }
    d->pq = *pq;
    d->busy_ms = busy_ms;
    d->end_ms = platform_clock.mono_ms(NULL) + busy_ms;
    d->connection = text_dup(connection);
    d->lock = mutex_new();
    if (d->connection == NULL || d->lock == NULL) {
        dial_free(d);
        return NULL;
    }
    return d;
}

int32_t pq_dial(const struct pq *pq, const char *connection, int32_t busy_ms, PGconn **out,
                struct fault *why) {
    *out = NULL;
    int32_t rc = check_text(pq, connection, why);
    if (rc != SHK_OK) {
        return rc;
    }
    struct dial *d = dial_new(pq, connection, busy_ms);
    struct thread *t = d != NULL ? thread_start(run, d) : NULL;
    if (t == NULL) {
        dial_free(d);
        return fault_raise(why, SHK_E_MEMORY);
    }
    if (!wait_for(d, t)) {
        return fault_raise(why, SHK_E_STORE_DOWN);
    }
    rc = d->rc;
    if (rc != SHK_OK) {
        (void)fault_set(why, rc, d->why.native_kind, d->why.native, d->why.where);
    } else {
        *out = d->conn;
        d->conn = NULL;
    }
    dial_free(d);
    return rc;
}
