/* Both databases under one set of calls, for tests of the seam. */
#ifndef TEST_DB_STAGE_H
#define TEST_DB_STAGE_H

#include "platform.h"
#include "temp_folder.h"

struct db_stage {
    const struct db_ops *ops;
    struct temp_folder folder; /* of SQLite's file store.db */
    void *db;
    int32_t busy_ms; /* of what is opened next */
    struct fault why;
    int64_t changed;
    struct bytes said; /* rows of the last statement: "1|text|<3 bytes>;" */
};

#define DB_STAGE_BUSY_MS 30000 /* no wait of a busy machine comes near */

bool db_stage_up(struct db_stage *s, enum db_kind kind); /* an open, empty database */
void db_stage_down(struct db_stage *s);
/* Another connection to the same database; null with the fault in `why`. */
void *db_stage_open(struct db_stage *s);
/* One statement on `db` or, when that is null, on the stage's own. */
int32_t db_stage_run(struct db_stage *s, void *db, const char *sql, const struct db_value *values,
                     size_t n);
int32_t db_stage_say(struct db_stage *s, const char *sql);
/* Runs it and compares the rows. */
bool db_stage_gives(struct db_stage *s, const char *sql, const char *rows);
struct db_value db_stage_text(const char *text);
int64_t db_stage_now(void); /* ms */

#endif
