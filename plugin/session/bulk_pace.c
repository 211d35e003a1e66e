#include "bulk_work.h"
#include "thread.h"

#define TELL_MS 300
#define NAP_MS  100

static int64_t now(const struct bulk_work *w) {
    return w->world->env->clock->mono_ms(w->world->env->clock_self);
}

void bulk_pace_begin(struct bulk_work *w) {
    w->pace = (struct bulk_pace){
        .begun_ms = now(w), .before = w->state.done, .inherited = w->state.batch > 0};
    w->pace.batch_ms = w->pace.begun_ms;
    w->pace.at_batch = w->state.done;
}

/* Fetching what an earlier run has sent says nothing of how long a batch takes. */
void bulk_pace_batch(struct bulk_work *w) {
    struct bulk_pace *p = &w->pace;
    p->batch_ms = now(w);
    p->at_batch = w->state.done;
    if (p->inherited) {
        p->inherited = false;
        p->begun_ms = p->batch_ms;
        p->before = p->at_batch;
    }
}

/* From the batches that are done; counts down while the next one is under way. */
static int64_t left_s(const struct bulk_work *w, int64_t at_ms) {
    const struct bulk_pace *p = &w->pace;
    uint64_t rows = p->at_batch - p->before;
    if (w->state.done >= w->state.total) {
        return 0;
    }
    if (rows == 0) {
        return -1;
    }
    double each = (double)(p->batch_ms - p->begun_ms) / (double)rows;
    double left = each * (double)(w->state.total - p->at_batch) - (double)(at_ms - p->batch_ms);
    return left > 0 ? (int64_t)((left + 999.0) / 1000.0) : -1; /* it takes longer than before */
}

static void fill_in(struct bulk_work *w, int64_t at_ms) {
    struct bulk_progress *to = &w->progress;
    to->done = w->state.done;
    to->total = w->state.total;
    to->left_s = left_s(w, at_ms);
    for (int i = 0; i < BULK_DIFFERENCES; i++) {
        to->count[i] = w->state.count[i] + w->live[i];
        to->done += w->live[i];
    }
}

void bulk_tell(struct bulk_work *w, bool at_once) {
    int64_t at_ms = now(w);
    if (!w->counted || (!at_once && w->pace.told && at_ms - w->pace.told_ms < TELL_MS)) {
        return;
    }
    w->pace.told = true;
    w->pace.told_ms = at_ms;
    fill_in(w, at_ms);
    if (w->world->progress != NULL) {
        w->world->progress(w->world->self, &w->progress);
    }
}

bool bulk_stopped(void *work) {
    struct bulk_work *w = work;
    bulk_tell(w, false);
    return w->world->stop != NULL && w->world->stop(w->world->self);
}

int32_t bulk_wait(struct bulk_work *w, int64_t ms, struct fault *why) {
    int64_t end = now(w) + ms;
    for (;;) {
        if (bulk_stopped(w)) {
            return fault_raise(why, SHK_E_CANCELLED);
        }
        int64_t left = end - now(w);
        if (left <= 0) {
            return SHK_OK;
        }
        thread_sleep((int32_t)(left < NAP_MS ? left : NAP_MS));
    }
}
