/* A store for one case: SQLite in a folder of its own or, under with-postgres.sh, a schema of its own. Every
 * helper fails the case by itself when the store does not do as it is told. */
#ifndef TEST_STORE_STAGE_H
#define TEST_STORE_STAGE_H

#include "clock_fake.h"
#include "db_fault.h"
#include "outbox.h"
#include "patients.h"
#include "store.h"
#include "temp_folder.h"

#define STAGE_NAME    "見本　太郎" /* a person's values, which must never lie open */
#define STAGE_KANA    "ミホン　タロウ"
#define STAGE_DOC     "文書：" STAGE_NAME "，99010001"
#define STAGE_BUSY_MS 30000 /* no wait of a busy machine comes near */

struct store_stage {
    struct temp_folder folder;
    struct clock_fake clock;
    struct env env;
    char schema[64], connection[1024], db_path[128], key_path[128];
    struct store_settings settings;
    struct store *store;
    struct fault why;
    void *raw; /* a stranger's connection to a server */
};

bool stage_is_postgres(void);
/* Makes place and settings; the store is not there yet. */
void stage_init(struct store_stage *s);
void stage_up(struct store_stage *s); /* the same with an open store */
void stage_down(struct store_stage *s);
/* Another opening of the same store; the caller closes it. */
struct store *stage_open(struct store_stage *s);
/* store_open with its fault in s->why; nothing is left open. */
int32_t stage_try_open(struct store_stage *s);
void stage_reopen(struct store_stage *s);
int64_t stage_now(struct store_stage *s); /* by the store's clock */

/* Around the store, as a stranger to it. */
void stage_sql(struct store_stage *s, const char *sql);
int64_t stage_number(struct store_stage *s, const char *sql); /* the only value of the only row */
struct bytes stage_value(struct store_stage *s, const char *sql); /* a text or blob */

/* An answer with the id "answer-N" and deliveries "answer-N-1", …; their keys and all else follow from
 * the ids. */
struct stage_answer {
    struct outbox_answer answer;
    struct outbox_plan plan[4];
    size_t n;
    struct history_fact facts[3];
    struct history_entry entry;
};
void stage_answer(struct store_stage *s, struct stage_answer *a, int number, size_t plans);
int32_t stage_take(struct store_stage *s, struct stage_answer *a);
/* The same, taken in; fails the case when that does not work. */
void stage_taken(struct store_stage *s, struct stage_answer *a, int number, size_t plans);
int32_t stage_claim(struct store_stage *s, struct store *store, const char *id);
int32_t stage_done(struct store_stage *s, struct store *store, const char *id);
/* What outbox_list says, one "ID STATE ATTEMPTS LAST CLAIMED NOTE;" behind the other; valid until the next
 * call. */
const char *stage_outbox(struct store_stage *s, bool all);
/* The row of a delivery in any state. */
struct outbox_row stage_row(struct store_stage *s, const char *id);
/* history_verify says that all is well and has so many entries; else the number that is broken. */
int64_t stage_broken(struct store_stage *s, int64_t entries);
/* An entry HISTORY_DECIDED at that time. */
void stage_append(struct store_stage *s, int64_t at_s, const char *decision);
/* "N KIND ANSWER DELIVERY;" of every entry. */
const char *stage_history(struct store_stage *s);

#endif
