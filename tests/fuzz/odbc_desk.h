/* A database behind ODBC's functions: a table of ids, what the script's statements wrote, and one transaction. Each
 * call takes a byte of the input: 0 is a good database. */
#ifndef FUZZ_ODBC_DESK_H
#define FUZZ_ODBC_DESK_H

#include "reply_host.h"

#define ODBC_ID "00000000-0000-4000-8000-00000000000a"

struct odbc_rows {
    bool table, known; /* the table of ids, and the delivery in it */
    int32_t writes;    /* of the script's statements */
};

struct odbc_desk {
    struct odbc_rows lasting, now; /* committed; seen by the transaction */
    bool connected, manual;        /* a transaction goes on */
    int32_t env, connections, statements;
    bool committed, told; /* a commit succeeded; a look gave the delivery's own id, in this call */
    bool ended, lied;     /* a reading ran to its end */
    int32_t rows;         /* that were read whole in this call */
};

extern struct odbc_desk odbc_desk;

void *odbc_desk_open(void *self, const char *name);
/* As shk_services says of library_find. */
int32_t odbc_desk_find(void *self, void *library, const char *symbol, void *slot);
/* Before one call of the adapter. */
void odbc_desk_call(void);

#endif
