#include "pq_table.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "library.h"

#ifdef _WIN32
#define SYSTEM_PQ "libpq.dll"
#else
#define SYSTEM_PQ "libpq.so.5"
#endif

#define OLDEST 120000 /* PQERRORS_SQLSTATE, gssencmode */

#define SLOT(field, symbol)                                                                        \
    { symbol, offsetof(struct pq, field) }

static const struct {
    const char *symbol;
    size_t offset;
} slots[] = {
    SLOT(lib_version, "PQlibVersion"),
    SLOT(is_threadsafe, "PQisthreadsafe"),
    SLOT(conninfo_parse, "PQconninfoParse"),
    SLOT(conninfo_free, "PQconninfoFree"),
    SLOT(free_memory, "PQfreemem"),
    SLOT(connect_start_params, "PQconnectStartParams"),
    SLOT(connect_poll, "PQconnectPoll"),
    SLOT(finish, "PQfinish"),
    SLOT(status, "PQstatus"),
    SLOT(socket, "PQsocket"),
    SLOT(error_message, "PQerrorMessage"),
    SLOT(connection_needs_password, "PQconnectionNeedsPassword"),
    SLOT(parameter_status, "PQparameterStatus"),
    SLOT(set_nonblocking, "PQsetnonblocking"),
    SLOT(set_notice_processor, "PQsetNoticeProcessor"),
    SLOT(set_error_verbosity, "PQsetErrorVerbosity"),
    SLOT(send_query, "PQsendQuery"),
    SLOT(send_query_params, "PQsendQueryParams"),
    SLOT(flush, "PQflush"),
    SLOT(consume_input, "PQconsumeInput"),
    SLOT(is_busy, "PQisBusy"),
    SLOT(get_result, "PQgetResult"),
    SLOT(clear, "PQclear"),
    SLOT(result_status, "PQresultStatus"),
    SLOT(result_error_field, "PQresultErrorField"),
    SLOT(ntuples, "PQntuples"),
    SLOT(nfields, "PQnfields"),
    SLOT(ftype, "PQftype"),
    SLOT(getisnull, "PQgetisnull"),
    SLOT(getlength, "PQgetlength"),
    SLOT(getvalue, "PQgetvalue"),
    SLOT(cmd_tuples, "PQcmdTuples"),
    SLOT(cmd_status, "PQcmdStatus"),
};

static bool find_all(void *library, struct pq *out) {
    bool all = true;
    for (size_t i = 0; i < sizeof slots / sizeof slots[0]; i++) {
        void *found = NULL;
        library_find(library, slots[i].symbol, &found);
        memcpy((char *)out + slots[i].offset, &found, sizeof found);
        all = all && found != NULL;
    }
    return all;
}

int32_t pq_find(const char *library, struct pq *out, struct fault *why) {
    void *opened = library_open(library != NULL && library[0] != '\0' ? library : SYSTEM_PQ);
    if (opened == NULL || !find_all(opened, out) || out->is_threadsafe() == 0 ||
        out->lib_version() < OLDEST) {
        return fault_raise(why, SHK_E_STORE_LIBRARY);
    }
    return SHK_OK;
}
