/* A database that fails when it is told to, in front of a real one. One at a time in a process. */
#ifndef FAKE_DB_FAULT_H
#define FAKE_DB_FAULT_H

#include "env.h"

enum db_fault_kind {
    DB_FAULT_NONE,
    DB_FAULT_STATEMENT,   /* the call fails, the connection stays */
    DB_FAULT_AWAY,        /* the server is gone before the call reaches it */
    DB_FAULT_ANSWER_LOST, /* the call takes place, then the server is gone */
    DB_FAULT_KILLED       /* as AWAY, and nothing works from then on */
};

/* In front of `real`; counts every open, begin, run and commit from 1. */
const struct db_ops *db_fault_before(const struct db_ops *real);
/* The at-th call from now on fails so; later ones work again. */
void db_fault_set(enum db_fault_kind kind, int64_t at);
int64_t db_fault_calls(void); /* since db_fault_set */
bool db_fault_happened(void);

#endif
