/* libpq found at run time. */
#ifndef PLATFORM_PQ_TABLE_H
#define PLATFORM_PQ_TABLE_H

#include <libpq-fe.h>

#include "fault.h"

/* Named as in libpq, without PQ. */
struct pq {
    int (*lib_version)(void);
    int (*is_threadsafe)(void);
    PQconninfoOption *(*conninfo_parse)(const char *text, char **message);
    void (*conninfo_free)(PQconninfoOption *options);
    void (*free_memory)(void *p);
    PGconn *(*connect_start_params)(const char *const *keywords, const char *const *values,
                                    int expand);
    PostgresPollingStatusType (*connect_poll)(PGconn *conn);
    void (*finish)(PGconn *conn);
    ConnStatusType (*status)(const PGconn *conn);
    int (*socket)(const PGconn *conn);
    char *(*error_message)(const PGconn *conn);
    int (*connection_needs_password)(const PGconn *conn);
    const char *(*parameter_status)(const PGconn *conn, const char *name);
    int (*set_nonblocking)(PGconn *conn, int on);
    PQnoticeProcessor (*set_notice_processor)(PGconn *conn, PQnoticeProcessor take, void *self);
    PGVerbosity (*set_error_verbosity)(PGconn *conn, PGVerbosity verbosity);
    int (*send_query)(PGconn *conn, const char *sql);
    int (*send_query_params)(PGconn *conn, const char *sql, int n, const Oid *types,
                             const char *const *values, const int *lengths, const int *formats,
                             int result_format);
    int (*flush)(PGconn *conn);
    int (*consume_input)(PGconn *conn);
    int (*is_busy)(PGconn *conn);
    PGresult *(*get_result)(PGconn *conn);
    void (*clear)(PGresult *result);
    ExecStatusType (*result_status)(const PGresult *result);
    char *(*result_error_field)(const PGresult *result, int field);
    int (*ntuples)(const PGresult *result);
    int (*nfields)(const PGresult *result);
    Oid (*ftype)(const PGresult *result, int column);
    int (*getisnull)(const PGresult *result, int row, int column);
    int (*getlength)(const PGresult *result, int row, int column);
    char *(*getvalue)(const PGresult *result, int row, int column);
    char *(*cmd_tuples)(PGresult *result);
    char *(*cmd_status)(PGresult *result);
};

/* library: absolute path, or null or "" for the system's own. It stays loaded for the life of the process: its
 * own libraries have threads' and the process's end to see to. SHK_E_STORE_LIBRARY when there is none, or one
 * that is too old (12). */
int32_t pq_find(const char *library, struct pq *out, struct fault *why);

#endif
