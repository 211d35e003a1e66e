/* One bulk run at work: what its parts share. */
#ifndef SESSION_BULK_WORK_H
#define SESSION_BULK_WORK_H

#include "bulk_line.h"
#include "bulk_out.h"

/* When the person who waits was told last, and how fast it went. */
struct bulk_pace {
    int64_t begun_ms, told_ms, batch_ms; /* batch_ms: when a batch was done last */
    uint64_t before, at_batch;           /* rows done when it began, and then */
    bool told;
    bool inherited; /* the batch under way was sent by an earlier run */
};

struct bulk_work {
    const struct bulk_job *job;
    const struct bulk_world *world;
    struct columns *columns;
    struct bulk_table table;
    struct bulk_state state;
    struct bulk_batch batch;
    struct bulk_out out;
    struct bulk_pace pace;
    struct bulk_progress progress;
    bool counted;                    /* the table is, and the run is ours: progress can be told */
    uint64_t live[BULK_DIFFERENCES]; /* of the batch that is under way */
    size_t room;                     /* people in the next batch */
    size_t max;                      /* the most there may be */
    int32_t tries, torn;             /* failures in a row: of the road, of what came */
    int32_t refused;                 /* rows in a row that were refused one by one */
    struct bulk_state good;          /* before the first of them */
    char state_path[BULK_PATH_MAX];
};

/* bulk.c: makes the state last. */
int32_t bulk_save(struct bulk_work *w, struct fault *why);

/* bulk_pace.c */
void bulk_pace_begin(struct bulk_work *w);
void bulk_pace_batch(struct bulk_work *w);
/* Tells how far it is, at most a few times a second unless `at_once`. */
void bulk_tell(struct bulk_work *w, bool at_once);
bool bulk_stopped(void *work);
/* Waits, telling and listening. SHK_E_CANCELLED. */
int32_t bulk_wait(struct bulk_work *w, int64_t ms, struct fault *why);

/* bulk_ask.c: sends the batch (again) and reads its answer into the rows' lines. *refused: the service
 * does not take this batch, whole as it is. */
int32_t bulk_ask(struct bulk_work *w, bool *refused, struct fault *why);
struct bulk_question bulk_question_of(const struct bulk_work *w);

/* bulk_match.c: puts one unit of an answer where it belongs. */
struct bulk_matching {
    struct bulk_work *w;
    size_t units, matched, foreign, again, unread;
};
int32_t bulk_match(void *matching, size_t number, struct record_set *set,
                   const struct fault *unread, struct fault *why);
/* Forgets what answers said of this batch, in memory and in the output files. */
int32_t bulk_forget(struct bulk_work *w, struct fault *why);
/* The line of a row without answer. */
int32_t bulk_say_fault(struct bulk_work *w, struct bulk_row *row, const struct fault *fault,
                       struct fault *why);
int32_t bulk_say(struct bulk_work *w, struct bulk_row *row, const struct bulk_verdict *verdict,
                 struct fault *why);

/* bulk_register.c: the same for a registration's answer. */
int32_t bulk_register(struct bulk_work *w, const struct watch *watch, struct fault *why);

#endif
