#include "outbox_turn.h"

#include <stdlib.h>
#include <string.h>

#include "delivery.h"
#include "destination.h"
#include "keep.h"
#include "outbox_values.h"
#include "plan.h"

#define FIRST_MS     1500
#define TURN_MS      5000
#define BACKOFF_MOST 4
#define ROWS_MAX     ((size_t)200)
#define FAILED_MAX   16

/* What waits, and which destinations failed in this turn. */
struct turn {
    struct session *s;
    struct outbox_row *rows;
    size_t n;
    size_t taken[CONFIG_DELIVERIES_MAX]; /* rows of each delivery's place */
    char failed[FAILED_MAX][TAG_LEN];
    size_t failed_n, failures;
    int64_t delivered, waiting, undecided;
};

static int32_t take_row(void *self, const struct outbox_row *row, struct fault *why) {
    struct turn *t = self;
    (void)why;
    bool undecided = row->state == DELIVERY_UNDECIDED;
    t->undecided += undecided ? 1 : 0;
    t->waiting++;
    if (undecided || row->claimed || t->n == ROWS_MAX) {
        return SHK_OK;
    }
    /* One that is away for long, or not configured any more, leaves the others their room. */
    size_t n = target_find(t->s, row->target);
    if (n > 0 && t->taken[n - 1] < ROWS_MAX / config_deliveries(t->s->config)) {
        t->taken[n - 1]++;
        t->rows[t->n++] = *row;
    }
    return SHK_OK;
}

/* What has failed before stands behind: one that can never be delivered must not hold up the rest. */
static void sort(struct turn *t) {
    for (size_t i = 1; i < t->n; i++) {
        struct outbox_row row = t->rows[i];
        size_t at = i;
        for (; at > 0 && t->rows[at - 1].attempts > row.attempts; at--) {
            t->rows[at] = t->rows[at - 1];
        }
        t->rows[at] = row;
    }
}

static bool has_failed(const struct turn *t, const char *target) {
    for (size_t i = 0; i < t->failed_n; i++) {
        if (text_equal(t->failed[i], target)) {
            return true;
        }
    }
    return false;
}

/* What the store, the script or the host says of one document says nothing of the next, which must not wait behind
 * it for ever. */
static bool is_of_destination(int32_t code) {
    static const int32_t codes[] = {
        SHK_E_FOLDER_MISSING, SHK_E_FOLDER_WRITE,    SHK_E_FOLDER_LOCKED, SHK_E_DISK_FULL,
        SHK_E_ADAPTER_BROKEN, SHK_E_ADAPTER_TIMEOUT, SHK_E_MODULE_FILE,   SHK_E_HOST_UNREACHABLE,
        SHK_E_HOST_LOGIN,     SHK_E_DRIVER,          SHK_E_STORE_DOWN,    SHK_E_ADAPTER_SETTINGS};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i] == code) {
            return true;
        }
    }
    return false;
}

static void note_failed(struct turn *t, const char *target, int32_t code) {
    t->failures += code != SHK_E_DELIVERY_TAKEN && code != SHK_E_CANCELLED ? 1 : 0;
    if (is_of_destination(code) && t->failed_n < FAILED_MAX) {
        text_copy(t->failed[t->failed_n++], TAG_LEN, target);
    }
}

static void run_row(struct turn *t, const struct outbox_row *row) {
    struct session *s = t->s;
    struct fault why = {0};
    struct record_set *set = NULL;
    struct delivery d = {.n = target_find(s, row->target),
                         .record = (size_t)row->record,
                         .stored = true,
                         .taken_s = row->at_s};
    if (d.n == 0 || has_failed(t, row->target) ||
        delivery_thaw(s, row->answer, &set, &why) != SHK_OK) {
        return;
    }
    d.set = set;
    text_copy(d.id, sizeof d.id, row->id);
    text_copy(d.target, sizeof d.target, row->target);
    text_copy(d.answer, sizeof d.answer, row->answer);
    (void)plan_person(s, set, d.record, d.person);
    int32_t rc = delivery_run(s, &d, &why);
    if (rc == SHK_OK) {
        t->delivered += d.repeated ? 0 : 1; /* by another PC meanwhile */
        t->waiting--;
    } else if (rc == SHK_E_UNDECIDED) {
        t->undecided++;
    } else {
        note_failed(t, row->target, rc);
    }
    delivery_clear(&d);
    record_free(&set);
}

/* Nobody asked for these: no value of them stays readable. */
static void forget_question(struct session *s) {
    mutex_lock(s->lock);
    match_question_free(&s->values.match);
    mutex_unlock(s->lock);
}

static void tell(struct session *s, const struct turn *t) {
    struct outbox_values *now = s->values.outbox;
    bool same = now != NULL && now->waiting == t->waiting && now->undecided == t->undecided;
    if (t->delivered == 0 && (same || (now == NULL && t->waiting == 0))) {
        return;
    }
    if (outbox_values_set(s, t->waiting, t->undecided, t->delivered)) {
        session_post(s, SHK_EVENT_OUTBOX);
    }
}

static void run_rows(struct turn *t, int32_t ms) {
    int64_t end = session_now(t->s) + ms;
    for (size_t i = 0; i < t->n; i++) {
        if (session_stopping(t->s) || session_now(t->s) >= end) {
            return;
        }
        run_row(t, &t->rows[i]);
    }
}

/* False: something failed. */
static bool take_turn(struct session *s, int32_t ms) {
    struct turn t = {.s = s};
    struct fault unsaid = {0};
    t.rows = calloc(ROWS_MAX, sizeof *t.rows);
    bool listed = t.rows != NULL && outbox_list(s->store, false, take_row, &t, &unsaid) == SHK_OK;
    if (listed) {
        sort(&t);
        run_rows(&t, ms);
        forget_question(s);
        tell(s, &t);
    }
    if (t.rows != NULL) {
        memory_wipe(t.rows, ROWS_MAX * sizeof *t.rows);
    }
    free(t.rows);
    return listed && t.failures == 0;
}

static void plan_next(struct session *s) {
    int32_t steps = s->turn.failures < BACKOFF_MOST ? s->turn.failures : BACKOFF_MOST;
    s->turn.next_ms =
        session_now(s) + ((config_int(s->config, "outbox.retry_s") * 1000) << (unsigned)steps);
}

static void turn(struct session *s, int32_t ms) {
    struct fault unsaid = {0};
    if (config_deliveries(s->config) == 0 || !keep_is_on(s)) {
        return;
    }
    bool good = keep_open(s, &unsaid) == SHK_OK && take_turn(s, ms);
    s->turn.failures = good ? 0 : s->turn.failures + 1;
    plan_next(s);
}

void outbox_turn(struct session *s) {
    if (session_now(s) >= s->turn.next_ms) {
        turn(s, TURN_MS);
    }
}

void outbox_turn_first(struct session *s) {
    /* Somebody who calls shk_check waits for one answer and hears of no other; and a host that is away does not
     * hold up every patient anew. */
    bool failing = s->turn.failures > 1 && session_now(s) < s->turn.next_ms;
    if (!s->blocking && !failing) {
        turn(s, FIRST_MS);
    }
}
