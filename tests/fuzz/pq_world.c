#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): clock_gettime */
#include "pq_world.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "shikaku/shikaku.h"
#include "thread.h"

#define CALLS_MOST 4000
#define SILENT_MS  3600000
/* The product's patience for an answer, and a few calls. */
#define ANSWER_MS (PQ_WORLD_BUSY_MS + PQ_WORLD_BUSY_MS / 2 + 500 + 50)

struct pq_world *pq_now;
static int64_t now_ms;

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker's names for the calls that it wraps */
int __real_clock_gettime(clockid_t clock, struct timespec *out);
int __wrap_clock_gettime(clockid_t clock, struct timespec *out);
bool __real_condition_wait(struct condition *c, struct mutex *m, int32_t ms);
bool __wrap_condition_wait(struct condition *c, struct mutex *m, int32_t ms);
int32_t __wrap_pq_find(const char *library, struct pq *out, struct fault *why);

int __wrap_clock_gettime(clockid_t clock, struct timespec *out) {
    if (clock != CLOCK_MONOTONIC) {
        return __real_clock_gettime(clock, out);
    }
    out->tv_sec = now_ms / 1000;
    out->tv_nsec = now_ms % 1000 * 1000000;
    return 0;
}

/* The thread that connects always comes back, however slow the machine is. */
bool __wrap_condition_wait(struct condition *c, struct mutex *m, int32_t ms) {
    return __real_condition_wait(c, m, ms > 0 ? -1 : ms);
}
/* NOLINTEND(bugprone-reserved-identifier) */

static struct pg_conn *conn_of(const PGconn *conn) {
    return (struct pg_conn *)conn;
}

/* Each call of the conversation takes 10 ms, so that whoever goes on for ever is late some time. */
uint8_t pq_step(void) {
    now_ms += 10;
    fuzz_must(++pq_now->calls < CALLS_MOST, "a call of the database ends");
    return fuzz_byte(&pq_now->in);
}

static int lib_version(void) {
    return 150000;
}

static int is_threadsafe(void) {
    return 1;
}

static PQconninfoOption *conninfo_parse(const char *text, char **message) {
    (void)text;
    *message = NULL;
    return calloc(1, sizeof(PQconninfoOption));
}

static void conninfo_free(PQconninfoOption *options) {
    free(options);
}

static PGconn *connect_start_params(const char *const *keywords, const char *const *values,
                                    int expand) {
    (void)keywords, (void)values, (void)expand;
    struct pg_conn *conn = calloc(1, sizeof *conn);
    if (conn != NULL) {
        fuzz_must(socketpair(AF_UNIX, SOCK_STREAM, 0, conn->socket) == 0, "world: socket");
        fuzz_must(send(conn->socket[1], "x", 1, 0) == 1, "world: socket");
        pq_now->connections++;
    }
    return (PGconn *)conn;
}

static void finish(PGconn *conn) {
    close(conn_of(conn)->socket[0]);
    close(conn_of(conn)->socket[1]);
    free(conn);
    pq_now->connections--;
}

static ConnStatusType status(const PGconn *conn) {
    (void)conn;
    return pq_now->lost ? CONNECTION_BAD : CONNECTION_OK;
}

static PostgresPollingStatusType connect_poll(PGconn *conn) {
    (void)conn;
    switch (pq_step() % 8) {
    case 1:
        return PGRES_POLLING_READING;
    case 2:
        return PGRES_POLLING_WRITING;
    case 3:
        pq_now->lost = true;
        return PGRES_POLLING_FAILED;
    default:
        return PGRES_POLLING_OK;
    }
}

/* Ready to read and to write; silent; or none any more. */
static int socket_of(const PGconn *conn) {
    uint8_t how = pq_step();
    pq_now->lost = pq_now->lost || how >= 0xF0;
    now_ms += how >= 0xF0 && how < 0xF8 ? SILENT_MS : 0;
    return how >= 0xF8 ? -1 : conn_of(conn)->socket[0];
}

static char *error_message(const PGconn *conn) {
    static char text[64];
    (void)conn;
    (void)fuzz_text(&pq_now->in, text, sizeof text);
    return text;
}

static int needs_password(const PGconn *conn) {
    (void)conn;
    return fuzz_byte(&pq_now->in) == 1;
}

static const char *parameter_status(const PGconn *conn, const char *name) {
    static const char *const encodings[] = {"UTF8", "SQL_ASCII", "EUC_JP", NULL};
    (void)conn, (void)name;
    uint8_t which = fuzz_byte(&pq_now->in);
    return which < 0xF0 ? encodings[0] : encodings[which % 4];
}

static int set_nonblocking(PGconn *conn, int on) {
    (void)conn, (void)on;
    return 0;
}

static PQnoticeProcessor set_notice_processor(PGconn *conn, PQnoticeProcessor take, void *self) {
    (void)conn, (void)take, (void)self;
    return NULL;
}

static PGVerbosity set_error_verbosity(PGconn *conn, PGVerbosity verbosity) {
    (void)conn, (void)verbosity;
    return PQERRORS_DEFAULT;
}

static int begin_answer(PGconn *conn) {
    uint8_t how = pq_step();
    pq_now->error = pq_now->committed = false;
    pq_now->late_ms = now_ms + ANSWER_MS;
    conn_of(conn)->answers = how == 0xFF ? 9 : 1 + how % 3 / 2;
    pq_now->lost = pq_now->lost || how == 0xFE;
    return how == 0xFE ? 0 : 1;
}

static int send_query(PGconn *conn, const char *sql) {
    (void)sql;
    return begin_answer(conn);
}

static int send_query_params(PGconn *conn, const char *sql, int n, const Oid *types,
                             const char *const *values, const int *lengths, const int *formats,
                             int result_format) {
    (void)sql, (void)types;
    for (int i = 0; i < n; i++) {
        fuzz_must(values[i] == NULL || (lengths[i] >= 0 && formats[i] == 1), "a value is binary");
    }
    fuzz_must(result_format == 1, "results are binary");
    return begin_answer(conn);
}

static int flush(PGconn *conn) {
    (void)conn;
    uint8_t how = pq_step();
    pq_now->lost = pq_now->lost || how == 0xFF;
    return how == 0xFF ? -1 : how >= 0xC0 ? 1 : 0;
}

static int consume_input(PGconn *conn) {
    (void)conn;
    uint8_t how = pq_step();
    fuzz_must(pq_now->lost || now_ms <= pq_now->late_ms,
              "who sends for ever is not heard for ever");
    pq_now->lost = pq_now->lost || how == 0xFF;
    return how == 0xFF ? 0 : 1;
}

static int is_busy(PGconn *conn) {
    (void)conn;
    return pq_step() >= 0xC0;
}

int32_t __wrap_pq_find(const char *library, struct pq *out, struct fault *why) {
    (void)library, (void)why;
    *out = (struct pq){.lib_version = lib_version,
                       .is_threadsafe = is_threadsafe,
                       .conninfo_parse = conninfo_parse,
                       .conninfo_free = conninfo_free,
                       .free_memory = free,
                       .connect_start_params = connect_start_params,
                       .connect_poll = connect_poll,
                       .finish = finish,
                       .status = status,
                       .socket = socket_of,
                       .error_message = error_message,
                       .connection_needs_password = needs_password,
                       .parameter_status = parameter_status,
                       .set_nonblocking = set_nonblocking,
                       .set_notice_processor = set_notice_processor,
                       .set_error_verbosity = set_error_verbosity,
                       .send_query = send_query,
                       .send_query_params = send_query_params,
                       .flush = flush,
                       .consume_input = consume_input,
                       .is_busy = is_busy};
    pq_answers_fill(out);
    return SHK_OK;
}

void pq_world_begin(struct pq_world *w, struct fuzz_input in) {
    *w = (struct pq_world){.in = in};
    pq_now = w;
    now_ms = 1000;
}
