#include "session.h"

#include <stdlib.h>
#include <string.h>

#include "crypto.h"
#include "deliver.h"
#include "delivery_map.h"
#include "habits.h"
#include "history_values.h"
#include "keep.h"
#include "oqs_sax.h"
#include "outbox_values.h"
#include "packs.h"
#include "readers_values.h"
#include "routes.h"
#include "secret.h"
#include "store_values.h"

int32_t session_new(struct config *config, const struct env *env, const struct env_life *life,
                    struct session **out, struct fault *why) {
    struct session *s = calloc(1, sizeof *s);
    *out = NULL;
    oqs_sax_prepare();
    if (s == NULL) {
        struct env unused = *env;
        if (life->release != NULL) {
            life->release(&unused);
        }
        config_free(&config);
        return fault_raise(why, SHK_E_MEMORY);
    }
    s->config = config;
    s->env = *env;
    s->life = *life;
    atomic_init(&s->refs, 1);
    s->wake_target = -1;
    s->values.tries_left = -1;
    s->lock = mutex_new();
    s->changed = condition_new();
    s->pin = (struct pin *)(void *)secret_new(sizeof *s->pin);
    s->secret.text = (char *)secret_new(SECRET_MAX + 1);
    if (s->lock == NULL || s->changed == NULL || s->pin == NULL || s->secret.text == NULL) {
        session_drop(s);
        return fault_raise(why, SHK_E_MEMORY);
    }
    *out = s;
    return SHK_OK;
}

static void free_session(struct session *s) {
    routes_forget(s); /* uses the log and the seams */
    packs_forget(s);
    deliver_forget(s);
    delivery_facts_forget(s);
    keep_close(s);
    habits_free(&s->habits);
    values_wipe(&s->values);
    inputs_wipe(&s->inputs);
    secret_free((uint8_t *)s->secret.text, SECRET_MAX + 1);
    secret_free((uint8_t *)s->pin, sizeof *s->pin);
    log_close(&s->log);
    if (s->life.release != NULL) {
        s->life.release(&s->env);
    }
    config_free(&s->config);
    condition_free(s->changed);
    mutex_free(s->lock);
    memory_wipe(s, sizeof *s);
    free(s);
}

void session_hold(struct session *s) {
    atomic_fetch_add(&s->refs, 1);
}

void session_drop(struct session *s) {
    if (atomic_fetch_sub(&s->refs, 1) == 1) {
        free_session(s);
    }
}

void session_close(struct session *s) {
    mutex_lock(s->lock);
    s->closing = true;
    s->cancel = true;
    s->wake_target = -1;
    if (!s->pin_in_use) {
        /* Wiped under a VERIFY that is being sent, it would cost the patient a try. */
        pin_wipe(s->pin);
    }
    session_wipe_secret(s);
    struct thread *worker = s->worker;
    s->worker = NULL;
    condition_wake_all(s->changed);
    mutex_unlock(s->lock);
    if (worker != NULL && !thread_join(worker, CLOSE_LIMIT_MS)) {
        /* A card command that the driver does not give back: the worker owns a reference and frees
         * the session when it returns. */
        thread_detach(worker);
    }
    session_drop(s);
}

bool session_stopping(struct session *s) {
    return s->cancel;
}

static bool stopping(void *self) {
    return session_stopping(self);
}

struct watch session_watch(struct session *s) {
    return (struct watch){stopping, s};
}

int32_t session_take_pin(struct session *s, bool *last_try, struct fault *why) {
    mutex_lock(s->lock);
    s->pin_in_use = !s->cancel;
    *last_try = s->spend_last_try;
    int32_t rc = s->cancel ? fault_raise(why, SHK_E_CANCELLED) : SHK_OK;
    mutex_unlock(s->lock);
    return rc;
}

int64_t session_now(const struct session *s) {
    return s->env.clock->mono_ms(s->env.clock_self);
}

void values_start(struct values *v) {
    v->tries_left = -1;
    v->card_ms = v->challenge_ms = v->answer_ms = v->delivery_ms = -1;
}

void values_wipe(struct values *v) {
    record_free(&v->records);
    for (size_t i = 0; i < v->delivered_n; i++) {
        mapping_result_free(&v->delivered[i]->document);
        memory_wipe(v->delivered[i], sizeof *v->delivered[i]);
        free(v->delivered[i]);
    }
    free(v->delivered);
    pack_values_clear(&v->pack);
    match_question_free(&v->match);
    outbox_values_free(&v->outbox);
    history_values_free(&v->history);
    store_values_free(&v->store);
    readers_values_free(&v->reader_facts);
    memory_wipe(v, sizeof *v);
    values_start(v);
}

/* The worker: sleeps until a job is posted, runs it, sleeps again. */
void session_work(void *self) {
    struct session *s = self;
    mutex_lock(s->lock);
    while (!s->closing) {
        if (s->job == 0) {
            (void)condition_wait(s->changed, s->lock, -1);
            continue;
        }
        int32_t job = s->job;
        mutex_unlock(s->lock);
        struct fault why = {0};
        flow_run(s, job, &why);
        mutex_lock(s->lock);
        pin_wipe(s->pin);
        s->pin_asked = s->pin_on_pad = s->pin_given = s->spend_last_try = false;
        inputs_wipe(&s->inputs);
        /* First DONE, then idle: a host cannot start the next job between the two. */
        session_post_end(s, &why);
        s->job = 0;
        condition_wake_all(s->changed);
    }
    mutex_unlock(s->lock);
    session_drop(s);
    crypto_leave_thread();
}
