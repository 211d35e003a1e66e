#include "pq_talk.h"

#include "bytes.h"
#include "platform.h"
#include "pq_state.h"
#include "socket_wait.h"

#define WHERE_LENGTH 60

int32_t pq_patience_ms(int32_t busy_ms) {
    return busy_ms + busy_ms / 2 + 500;
}

static bool wait_for(const struct pq *pq, PGconn *conn, int wanted, int64_t end_ms, int *ready) {
    /* A server that never stops sending is always ready. */
    bool late = platform_clock.mono_ms(NULL) > end_ms;
    *ready = late ? 0 : socket_wait(pq->socket(conn), wanted, end_ms);
    return *ready > 0;
}

/* All of it on its way; what comes meanwhile is taken in, or two full buffers would wait for each other. */
static bool send_all(const struct pq *pq, PGconn *conn, int64_t end_ms) {
    for (;;) {
        int left = pq->flush(conn);
        if (left <= 0) {
            return left == 0;
        }
        int ready = 0;
        if (!wait_for(pq, conn, SOCKET_READ | SOCKET_WRITE, end_ms, &ready) ||
            ((ready & SOCKET_READ) != 0 && pq->consume_input(conn) == 0)) {
            return false;
        }
    }
}

static bool await(const struct pq *pq, PGconn *conn, int64_t end_ms) {
    int ready = 0;
    while (pq->is_busy(conn) != 0) {
        if (!wait_for(pq, conn, SOCKET_READ, end_ms, &ready) || pq->consume_input(conn) == 0) {
            return false;
        }
    }
    return true;
}

static bool is_error(const struct pq *pq, const PGresult *result) {
    ExecStatusType status = pq->result_status(result);
    return status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK;
}

static bool is_copy(const struct pq *pq, const PGresult *result) {
    ExecStatusType status = pq->result_status(result);
    return status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH;
}

PGresult *pq_answer(const struct pq *pq, PGconn *conn, int64_t end_ms) {
    PGresult *kept = NULL;
    bool whole = send_all(pq, conn, end_ms) && await(pq, conn, end_ms);
    while (whole) {
        PGresult *result = pq->get_result(conn);
        if (result == NULL) {
            break;
        }
        /* A copy would want another conversation. */
        whole = !is_copy(pq, result) && await(pq, conn, end_ms);
        if (kept != NULL && is_error(pq, kept)) {
            pq->clear(result);
            continue;
        }
        pq->clear(kept);
        kept = result;
    }
    if (!whole || pq->status(conn) != CONNECTION_OK) {
        pq->clear(kept);
        kept = NULL;
    }
    return kept;
}

int32_t pq_refuse(const char *state, int32_t code, const char *sql, struct fault *why) {
    char where[WHERE_LENGTH];
    text_format(where, sizeof where, "%s%s%s", state, state[0] != '\0' && sql[0] != '\0' ? " " : "",
                sql);
    return fault_set(why, code, SHK_NATIVE_SQL, pq_state_number(state), where);
}

int32_t pq_judge(const struct pq *pq, const PGresult *result, const char *sql, struct fault *why) {
    if (!is_error(pq, result)) {
        return SHK_OK;
    }
    const char *state = pq->result_error_field(result, PG_DIAG_SQLSTATE);
    state = state != NULL ? state : "";
    return pq_refuse(state, pq_state_code(state), sql, why);
}
