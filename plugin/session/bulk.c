#include "bulk.h"

#include <stdlib.h>
#include <string.h>

#include "bulk_work.h"
#include "japan.h"

#define COLUMNS_FILE_MAX ((size_t)256 * 1024)
#define REFUSED_MAX      3 /* rows in a row refused one by one: it is not the rows */

static int32_t read_columns(struct bulk_work *w, struct fault *why) {
    const struct env *env = w->world->env;
    const char *name = text_file_name(w->job->columns);
    struct bytes text = {0};
    struct fault reason = {0};
    struct bulk_hash hash;
    int32_t rc =
        env->files->read(env->files_self, w->job->columns, COLUMNS_FILE_MAX, &text, &reason);
    if (rc != SHK_OK) {
        return fault_set(why, rc == SHK_E_MEMORY ? rc : SHK_E_FILE_READ, reason.native_kind,
                         reason.native, name);
    }
    rc = columns_read(name, text.p, text.n, &w->columns, why);
    bulk_hash_begin(&hash);
    if (rc == SHK_OK) {
        rc = bulk_hash_add(&hash, text.p, text.n);
        rc = rc == SHK_OK ? bulk_hash_end(&hash, w->state.columns) : rc;
    }
    bytes_clear(&text);
    return rc == SHK_OK ? SHK_OK : fault_raise(why, rc);
}

static int32_t require_columns(const struct bulk_work *w, struct fault *why) {
    const struct columns *c = w->columns;
    bool registers = w->job->kind == BULK_REGISTER;
    int32_t rc = columns_require(c, COLUMN_FIELD, "insurer_number", why);
    rc = rc == SHK_OK ? columns_require(c, COLUMN_FIELD, "number", why) : rc;
    if (rc == SHK_OK) {
        rc = registers ? columns_require(c, COLUMN_REFERENCE, "reference_number", why)
                       : columns_require(c, COLUMN_FIELD, "birth_date", why);
    }
    return rc;
}

static int32_t check_route(const struct bulk_work *w, struct fault *why) {
    const struct route_ops *ops = w->world->route->ops;
    bool can = w->job->kind == BULK_REGISTER ? ops->registration != NULL
                                             : ops->bulk_send != NULL && ops->bulk_fetch != NULL;
    return can ? SHK_OK : fault_set(why, SHK_E_ROUTE_CANNOT, SHK_NATIVE_NONE, 0, "route");
}

int32_t bulk_save(struct bulk_work *w, struct fault *why) {
    const struct env *env = w->world->env;
    struct bytes text = {0};
    struct fault reason = {0};
    int32_t rc = bulk_state_write(&w->state, &text);
    if (rc == SHK_OK) {
        rc = env->files->put(env->files_self, w->state_path, text.p, text.n, true, &reason);
    }
    bytes_clear(&text);
    return rc == SHK_OK ? SHK_OK : fault_set(why, rc, reason.native_kind, reason.native, "state");
}

static bool is_same_run(const struct bulk_state *a, const struct bulk_state *b, bool any_day) {
    return a->kind == b->kind && (any_day || text_equal(a->date, b->date)) &&
           text_equal(a->institution_code, b->institution_code) && text_equal(a->table, b->table) &&
           text_equal(a->columns, b->columns) && a->total == b->total;
}

/* A run that has sent nothing has no day of its own yet: the clock that named it may have been wrong. */
static void take_up(struct bulk_work *w, const struct bulk_state *there) {
    bool open = there->done == 0 && there->batch == 0;
    w->state = *there;
    if (open) {
        text_copy(w->state.date, sizeof w->state.date, w->job->date);
    }
}

/* The state of an unfinished run of the same input, or a new one. */
static int32_t load(struct bulk_work *w, struct fault *why) {
    const struct env *env = w->world->env;
    struct bytes text = {0};
    struct bulk_state there;
    struct fault reason = {0};
    int32_t rc = env->files->read(env->files_self, w->state_path, BULK_STATE_MAX, &text, &reason);
    if (rc == SHK_OK) {
        bool ours = bulk_state_read(text.p, text.n, &there) &&
                    is_same_run(&there, &w->state, !w->job->date_given);
        w->progress.resumed = w->counted = ours;
        if (ours) {
            take_up(w, &there);
        }
        rc = ours ? SHK_OK : fault_set(why, SHK_E_RESUME, SHK_NATIVE_NONE, 0, "state");
    } else if (rc == SHK_E_ABSENT) {
        rc = bulk_out_absent(&w->out, why);
        rc = rc == SHK_OK ? bulk_save(w, why) : rc;
        w->counted = rc == SHK_OK;
    } else {
        bool foreign = rc == SHK_E_ARGUMENT; /* larger than any state */
        fault_set(why, foreign ? SHK_E_RESUME : rc, reason.native_kind, reason.native, "state");
        rc = foreign ? SHK_E_RESUME : rc;
    }
    bytes_clear(&text);
    return rc;
}

static int32_t open_table(struct bulk_work *w, struct fault *why) {
    bulk_table_close(&w->table);
    return bulk_table_open(&w->table, w->world, w->job->table, w->columns, w->state.done, why);
}

static int32_t require_patients(const struct bulk_work *w, struct fault *why) {
    char where[160];
    text_format(where, sizeof where, "%s 患者の行がありません", w->table.name);
    return w->state.total > 0 ? SHK_OK
                              : fault_set(why, SHK_E_TABLE_EMPTY, SHK_NATIVE_NONE, 0, where);
}

/* Everything that can be wrong with the input is found before anything is asked. */
static int32_t prepare(struct bulk_work *w, struct fault *why) {
    int32_t rc = read_columns(w, why);
    rc = rc == SHK_OK ? require_columns(w, why) : rc;
    if (rc == SHK_OK) {
        rc = bulk_table_survey(w->world, w->job->table, w->columns, &w->state, why);
    }
    rc = rc == SHK_OK ? open_table(w, why) : rc;
    rc = rc == SHK_OK ? require_patients(w, why) : rc;
    if (rc == SHK_OK) {
        w->state.kind = w->job->kind;
        text_copy(w->state.date, sizeof w->state.date, w->job->date);
        text_copy(w->state.institution_code, sizeof w->state.institution_code,
                  w->job->institution_code);
        rc = load(w, why);
    }
    return rc == SHK_OK && w->state.done > 0 ? open_table(w, why) : rc;
}

static bool is_full(const struct bulk_work *w) {
    size_t most = w->state.batch > 0 ? (size_t)w->state.batch : w->room;
    bool heavy = w->state.batch == 0 && w->batch.cells.n >= BULK_CELLS_MAX;
    return w->batch.n >= most || heavy || w->table.given >= w->state.total;
}

/* The line of a row that is not asked waits until the batch is written. */
static int32_t take_row(struct bulk_work *w, const struct csv_row *row, struct fault *why) {
    struct fault unasked = {0};
    int32_t rc = bulk_batch_add(&w->batch, w->job, &w->table, row, &unasked, why);
    if (rc == SHK_OK && unasked.code != SHK_OK) {
        rc = bulk_say_fault(w, &w->batch.row[w->batch.n - 1], &unasked, why);
    }
    return rc;
}

static int32_t fill(struct bulk_work *w, struct fault *why) {
    struct csv_row row = {.n = 1};
    int32_t rc = SHK_OK;
    bulk_batch_empty(&w->batch);
    memset(w->live, 0, sizeof w->live);
    while (rc == SHK_OK && row.n > 0 && !is_full(w)) {
        rc = bulk_table_next(&w->table, &row, why);
        if (rc == SHK_OK && row.n > 0) {
            rc = take_row(w, &row, why);
        }
    }
    if (rc == SHK_OK && (row.n == 0 || w->table.given >= w->state.total)) {
        rc = bulk_table_prove(&w->table, w->state.table, why);
    }
    return rc;
}

/* The key is on the disk before the batch goes out under it. */
static int32_t begin_batch(struct bulk_work *w, struct fault *why) {
    const struct env *env = w->world->env;
    int32_t rc = fill(w, why);
    if (rc != SHK_OK || w->state.batch > 0 || w->batch.people_n == 0) {
        return rc;
    }
    rc = question_uuid(env->random, env->random_self, w->state.key);
    if (rc != SHK_OK) {
        return fault_raise(why, rc);
    }
    w->state.batch = w->batch.n;
    return bulk_save(w, why);
}

static void drop_batch(struct bulk_state *state) {
    state->batch = 0;
    state->key[0] = state->reception[0] = '\0';
}

/* Rows without an answer get their fault now, then all lines go out in the order of the rows. */
static int32_t write_batch(struct bulk_work *w, const struct fault *missing, struct fault *why) {
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < w->batch.n; i++) {
        struct bulk_row *row = &w->batch.row[i];
        if (row->state == ROW_OPEN) {
            rc = bulk_say_fault(w, row, missing, why);
        }
        if (rc == SHK_OK && row->state == ROW_HELD) {
            rc = bulk_out_add(&w->out, &w->batch, row, why);
        }
    }
    return rc == SHK_OK ? bulk_out_flush(&w->out, why) : rc;
}

static int32_t finish_batch(struct bulk_work *w, const struct fault *missing, struct fault *why) {
    int32_t rc = write_batch(w, missing, why);
    if (rc != SHK_OK) {
        return rc;
    }
    for (int i = 0; i < BULK_DIFFERENCES; i++) {
        w->state.count[i] += w->live[i];
        w->live[i] = 0;
    }
    w->state.done += w->batch.n;
    w->state.results_at = w->out.results.at;
    w->state.differences_at = w->out.differences.at;
    drop_batch(&w->state);
    rc = bulk_save(w, why);
    bulk_pace_batch(w);
    log_event(w->world->log, SHK_LOG_INFO, "bulk.batch", "rows,asked,done,total",
              (int64_t)w->batch.n, (int64_t)w->batch.people_n, (int64_t)w->state.done,
              (int64_t)w->state.total);
    return rc;
}

/* Half of the batch is tried, until the one row is found that the service does not take. */
static int32_t split(struct bulk_work *w, struct fault *why) {
    log_fault(w->world->log, why);
    fault_clear(why);
    w->room = w->batch.n > 1 ? w->batch.n / 2 : 1;
    drop_batch(&w->state);
    int32_t rc = bulk_forget(w, why);
    rc = rc == SHK_OK ? bulk_save(w, why) : rc;
    return rc == SHK_OK ? open_table(w, why) : rc;
}

/* A row on its own that is refused is a fault of the row, unless it goes on like that: then nothing of
 * it counts, and the run can go on when the reason is gone. */
static int32_t refuse_row(struct bulk_work *w, struct fault *why) {
    const struct fault refusal = *why;
    if (w->refused == 0) {
        w->good = w->state;
        drop_batch(&w->good);
    }
    if (++w->refused > REFUSED_MAX) {
        w->state = w->good;
        (void)bulk_save(w, NULL);
        return refusal.code;
    }
    fault_clear(why);
    int32_t rc = bulk_forget(w, why);
    return rc == SHK_OK ? finish_batch(w, &refusal, why) : rc;
}

static int32_t run_batch(struct bulk_work *w, struct fault *why) {
    struct fault missing = {0};
    bool refused = false;
    int32_t rc = begin_batch(w, why);
    if (rc == SHK_OK && w->batch.people_n > 0) {
        rc = bulk_ask(w, &refused, why);
    }
    if (refused) {
        return w->batch.people_n > 1 ? split(w, why) : refuse_row(w, why);
    }
    if (rc != SHK_OK) {
        return rc;
    }
    if (w->batch.people_n > 0) {
        w->refused = 0;
        w->room = w->room < w->max / 2 ? w->room * 2 : w->max;
    }
    fault_raise(&missing, SHK_E_BULK_UNANSWERED);
    return finish_batch(w, &missing, why);
}

/* Asked for a day that the wrong clock named: the run begins anew when the clock is right. */
static void forget_day(struct bulk_work *w) {
    if (w->state.done == 0) {
        drop_batch(&w->state);
        (void)bulk_save(w, NULL);
    }
}

/* What belongs to no row that is done stays in nobody's results. */
static void drop_lines(struct bulk_work *w) {
    if (!bulk_out_is_at(&w->out, &w->state)) {
        (void)bulk_out_rewind(&w->out, &w->state, NULL);
    }
}

static int32_t run_all(struct bulk_work *w, struct fault *why) {
    int32_t rc = bulk_out_rewind(&w->out, &w->state, why);
    bulk_pace_begin(w);
    while (rc == SHK_OK && w->state.done < w->state.total) {
        rc = bulk_stopped(w) ? fault_raise(why, SHK_E_CANCELLED) : run_batch(w, why);
    }
    if (rc == SHK_OK) {
        japan_day(w->world->env, w->state.finished_on);
        rc = bulk_save(w, why);
    }
    if (rc == SHK_E_CLOCK) {
        forget_day(w);
    }
    if (rc != SHK_OK) {
        drop_lines(w);
    }
    return rc;
}

static int32_t run_locked(struct bulk_work *w, struct fault *why) {
    w->max = w->job->batch < 1                ? 1
             : w->job->batch > BULK_BATCH_MAX ? BULK_BATCH_MAX
                                              : (size_t)w->job->batch;
    w->room = w->max;
    int32_t rc = prepare(w, why);
    if (rc == SHK_OK) {
        text_copy(w->progress.finished_on, sizeof w->progress.finished_on, w->state.finished_on);
    }
    if (rc == SHK_OK && w->state.finished_on[0] == '\0') {
        size_t most = w->state.batch > w->max ? (size_t)w->state.batch : w->max;
        rc = most > BULK_BATCH_MAX ? fault_set(why, SHK_E_RESUME, SHK_NATIVE_NONE, 0, "state")
                                   : bulk_batch_init(&w->batch, most, why);
        rc = rc == SHK_OK ? run_all(w, why) : rc;
    }
    return rc;
}

static int32_t make_folder(const struct bulk_work *w, struct fault *why) {
    const struct env *env = w->world->env;
    struct fault reason = {0};
    if (env->files->is_folder(env->files_self, w->job->folder) ||
        env->files->make_folder(env->files_self, w->job->folder, &reason) == SHK_OK ||
        env->files->is_folder(env->files_self, w->job->folder)) { /* made by another meanwhile */
        return SHK_OK;
    }
    return fault_set(why, SHK_E_BULK_FOLDER, reason.native_kind, reason.native, "bulk.folder");
}

static int32_t lock_folder(struct bulk_work *w, void **lock, struct fault *why) {
    char path[BULK_PATH_MAX];
    const struct env *env = w->world->env;
    struct fault reason = {0};
    int32_t rc = bulk_path(w->job->folder, "state", w->state_path, why);
    rc = rc == SHK_OK ? bulk_path(w->job->folder, "lock", path, why) : rc;
    rc = rc == SHK_OK ? bulk_out_init(&w->out, env, w->job->folder, why) : rc;
    rc = rc == SHK_OK ? make_folder(w, why) : rc;
    if (rc != SHK_OK) {
        return rc;
    }
    rc = env->files->lock(env->files_self, path, 0, lock, &reason);
    return rc == SHK_OK ? SHK_OK
                        : fault_set(why, rc == SHK_E_FOLDER_LOCKED ? SHK_E_BULK_RUNNING : rc,
                                    reason.native_kind, reason.native, "bulk.folder");
}

static void clear(struct bulk_work *w) {
    bulk_table_close(&w->table);
    columns_free(&w->columns);
    bulk_batch_clear(&w->batch);
    bulk_out_clear(&w->out);
    free(w);
}

int32_t bulk_run(const struct bulk_job *job, const struct bulk_world *world,
                 struct bulk_progress *last, struct fault *why) {
    void *lock = NULL;
    *last = (struct bulk_progress){.left_s = -1};
    struct bulk_work *w = calloc(1, sizeof *w);
    if (w == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    w->job = job;
    w->world = world;
    w->progress.left_s = -1;
    int32_t rc = check_route(w, why);
    rc = rc == SHK_OK ? lock_folder(w, &lock, why) : rc;
    if (rc == SHK_OK) {
        rc = run_locked(w, why);
        memset(w->live, 0, sizeof w->live);
        bulk_tell(w, true);
        *last = w->progress;
        world->env->files->unlock(world->env->files_self, lock);
    }
    clear(w);
    return rc;
}
