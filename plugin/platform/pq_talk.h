/* One conversation with a server, never longer than agreed. */
#ifndef PLATFORM_PQ_TALK_H
#define PLATFORM_PQ_TALK_H

#include "db.h"
#include "pq_table.h"

/* Connects within busy_ms, the look-up of the server's name included. The connection does not block, is in
 * UTF-8 and its session has its time limits. SHK_E_STORE_OPEN (the connection string, the database or its
 * encoding), SHK_E_STORE_LOGIN, SHK_E_STORE_DOWN, SHK_E_MEMORY. */
int32_t pq_dial(const struct pq *pq, const char *connection, int32_t busy_ms, PGconn **out,
                struct fault *why);

/* How long the client waits for an answer; the server gives up a little earlier by itself. */
int32_t pq_patience_ms(int32_t busy_ms);
/* Waits for the whole answer to what was sent until `end_ms` of the clock; the first result that is an
 * error, else the last. Null: the connection is of no use any more. */
PGresult *pq_answer(const struct pq *pq, PGconn *conn, int64_t end_ms);
/* The fault that a result stands for, SHK_OK for none. `sql` is a literal; its beginning goes into `where`. */
int32_t pq_judge(const struct pq *pq, const PGresult *result, const char *sql, struct fault *why);
/* Says what a SQLSTATE means; "" for none. */
int32_t pq_refuse(const char *state, int32_t code, const char *sql, struct fault *why);

#endif
