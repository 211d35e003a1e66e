/* Asking again for a whole table of patients: read, ask in batches, compare, write; resumable after a
 * kill at any instant. */
#ifndef SESSION_BULK_H
#define SESSION_BULK_H

#include "compare.h"
#include "env.h"
#include "log.h"
#include "lookup.h"
#include "mapping.h"

#define BULK_DIFFERENCES (DIFFERENCE_FAULT + 1)

enum bulk_kind { BULK_CHECK, BULK_REGISTER };

struct bulk_job {
    enum bulk_kind kind;
    const char *table;   /* CSV with the host's patients */
    const char *columns; /* Lua file that names the columns (docs/bulk.md) */
    const char
        *folder; /* results.jsonl, differences.csv, state: all 0600; made when it is missing */
    const char *institution_code;
    const char *date; /* yyyyMMdd */
    bool date_given;  /* somebody named it; else a run that goes on keeps the day it began with */
    int32_t batch;    /* people in one request */
    bool check_digit; /* rows with a wrong check digit are not asked */
    struct oqs_options oqs;
};

struct bulk_progress {
    uint64_t done, total;
    int64_t left_s; /* -1: not known yet */
    uint64_t count[BULK_DIFFERENCES];
    bool resumed;
    char finished_on[9]; /* yyyyMMdd, when it was done before this call; else "" */
};

/* What it works with; borrowed. */
struct bulk_world {
    const struct env *env;
    struct log *log;
    const struct lookup_route *route;
    bool (*stop)(void *self);
    void (*progress)(void *self,
                     const struct bulk_progress *now); /* a few times a second at most */
    void *self;
};

/* SHK_OK when every row has its line in the results, rows that could not be asked included (their
 * difference is "fault"). Cancelled, killed or after any other fault the same call goes on where it
 * stopped: no row is asked twice that has its result, none is left out. Nothing is told of progress
 * before the table is counted. SHK_E_RESUME when the folder holds the run of another table, day, …;
 * SHK_E_BULK_RUNNING, SHK_E_BULK_FOLDER, SHK_E_TABLE_EMPTY. */
int32_t bulk_run(const struct bulk_job *job, const struct bulk_world *world,
                 struct bulk_progress *last, struct fault *why);

#endif
