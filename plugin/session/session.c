#include "session.h"

#include <stdlib.h>
#include <string.h>

#include "secret.h"

int32_t session_new(struct config *config, const struct env *env, const struct env_life *life,
                    struct session **out, struct fault *why) {
    struct session *s = calloc(1, sizeof *s);
    *out = NULL;
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
    if (s->lock == NULL || s->changed == NULL || s->pin == NULL) {
        session_drop(s);
        return fault_raise(why, SHK_E_MEMORY);
    }
    *out = s;
    return SHK_OK;
}

static void free_session(struct session *s) {
    values_wipe(&s->values);
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
    mutex_lock(s->lock);
    bool stopping = s->cancel;
    mutex_unlock(s->lock);
    return stopping;
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

/* Under the lock. */
static void post_locked(struct session *s, struct event event) {
    while (s->events_n == EVENTS_MAX && !s->closing && !s->blocking) {
        (void)condition_wait(s->changed, s->lock, -1);
    }
    if (!s->closing && !s->blocking) {
        s->events[(s->events_first + s->events_n) % EVENTS_MAX] = event;
        s->events_n++;
        s->done_taken = false;
        if (s->wake_target >= 0) {
            host_wake(s->wake_target, s->wake_message);
        }
    }
    condition_wake_all(s->changed);
}

void session_post(struct session *s, int32_t kind) {
    mutex_lock(s->lock);
    post_locked(s, (struct event){.kind = kind});
    mutex_unlock(s->lock);
}

void session_post_delivered(struct session *s, size_t n) {
    mutex_lock(s->lock);
    if (s->blocking) {
        s->values.last_delivery = (int32_t)n;
    }
    post_locked(s, (struct event){.kind = SHK_EVENT_DELIVERED, .delivery = (int32_t)n});
    mutex_unlock(s->lock);
}

static void post_with_fault(struct session *s, int32_t kind, const struct fault *why) {
    mutex_lock(s->lock);
    if (s->blocking) {
        s->values.fault = *why;
    }
    post_locked(s, (struct event){.kind = kind, .fault = *why});
    mutex_unlock(s->lock);
}

void session_post_fault(struct session *s, const struct fault *why) {
    log_fault(s->log, why);
    post_with_fault(s, SHK_EVENT_FAULT, why);
}

void session_post_done(struct session *s, const struct fault *why) {
    post_with_fault(s, SHK_EVENT_DONE, why);
}

void session_await_taken(struct session *s) {
    mutex_lock(s->lock);
    while (!s->done_taken && !s->cancel) {
        (void)condition_wait(s->changed, s->lock, -1);
    }
    mutex_unlock(s->lock);
}

void session_pause(struct session *s, int32_t ms) {
    mutex_lock(s->lock);
    if (!s->cancel) {
        (void)condition_wait(s->changed, s->lock, ms);
    }
    mutex_unlock(s->lock);
}

void values_wipe(struct values *v) {
    record_free(&v->records);
    for (size_t i = 0; i < v->delivered_n; i++) {
        mapping_result_free(&v->delivered[i]->document);
        memory_wipe(v->delivered[i], sizeof *v->delivered[i]);
        free(v->delivered[i]);
    }
    free(v->delivered);
    memory_wipe(v, sizeof *v);
    v->tries_left = -1;
    v->card_ms = v->challenge_ms = v->answer_ms = v->delivery_ms = -1;
}

/* The worker: sleeps until a job is posted, runs it, sleeps again. */
static void work(void *self) {
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
        s->pin_asked = s->pin_given = s->spend_last_try = false;
        /* First DONE, then idle: a host cannot start the next job between the two. */
        if (s->blocking) {
            s->values.fault = why;
        }
        post_locked(s, (struct event){.kind = SHK_EVENT_DONE, .fault = why});
        s->job = 0;
        condition_wake_all(s->changed);
    }
    mutex_unlock(s->lock);
    session_drop(s);
}

static int32_t refuse(struct session *s, int32_t code) {
    fault_clear(&s->call_fault);
    return fault_raise(&s->call_fault, code);
}

/* Under the lock. */
static int32_t begin_job(struct session *s, int32_t job, bool blocking) {
    if (s->job != 0 || s->closing) {
        return refuse(s, SHK_E_STATE);
    }
    fault_clear(&s->call_fault);
    int32_t rc = flow_ready(s, job, &s->call_fault);
    if (rc == SHK_OK && s->life.open != NULL) {
        rc = s->life.open(&s->env, s->config, &s->call_fault);
    }
    if (rc != SHK_OK) {
        return rc;
    }
    rc = s->log == NULL ? session_open_log(s, &s->call_fault) : SHK_OK;
    if (rc != SHK_OK) {
        return rc;
    }
    if (s->worker == NULL) {
        session_hold(s);
        s->worker = thread_start(work, s);
        if (s->worker == NULL) {
            atomic_fetch_sub(&s->refs, 1); /* never the last: the caller has its own */
            return refuse(s, SHK_E_MEMORY);
        }
    }
    values_wipe(&s->values);
    s->events_first = s->events_n = 0;
    s->done_taken = s->done_shown = false;
    s->cancel = false;
    s->pin_asked = false;
    s->pin_given = blocking;
    s->blocking = blocking;
    s->job = job;
    condition_wake_all(s->changed);
    return SHK_OK;
}

int32_t session_refuse(struct session *s, int32_t code) {
    mutex_lock(s->lock);
    (void)refuse(s, code);
    mutex_unlock(s->lock);
    return code;
}

int32_t session_start(struct session *s, int32_t job) {
    if (job != SHK_JOB_CHECK && job != SHK_JOB_WATCH && job != SHK_JOB_READERS) {
        return session_refuse(s, SHK_E_ARGUMENT);
    }
    mutex_lock(s->lock);
    int32_t rc = begin_job(s, job, false);
    mutex_unlock(s->lock);
    return rc;
}

/* Under the lock: takes the digits into the one buffer, or refuses and leaves the question open. */
static int32_t take_pin(struct session *s, const char *pin, int32_t pin_len, bool last_try) {
    size_t n = pin_len < 0 ? strlen(pin) : (size_t)pin_len;
    if (n != PIN_DIGITS) {
        return refuse(s, SHK_E_PIN_FORMAT);
    }
    memcpy(s->pin->digits, pin, PIN_DIGITS);
    s->pin->len = PIN_DIGITS;
    if (!pin_format_ok(s->pin)) {
        pin_wipe(s->pin);
        return refuse(s, SHK_E_PIN_FORMAT);
    }
    s->spend_last_try = last_try;
    s->pin_given = true;
    return SHK_OK;
}

int32_t session_answer_pin(struct session *s, const char *pin, int32_t pin_len, bool last_try) {
    int32_t rc = SHK_OK;
    mutex_lock(s->lock);
    if (s->closing) {
        rc = SHK_E_SESSION;
    } else if (!s->pin_asked || s->pin_given || s->cancel) {
        rc = refuse(s, SHK_E_STATE);
    } else if (s->values.tries_left <= 1 && !last_try) {
        rc = refuse(s, SHK_E_PIN_LAST_TRY);
    } else {
        rc = take_pin(s, pin, pin_len, last_try);
        if (rc == SHK_OK) {
            fault_clear(&s->call_fault);
        }
        condition_wake_all(s->changed);
    }
    mutex_unlock(s->lock);
    return rc;
}

int32_t session_cancel(struct session *s) {
    mutex_lock(s->lock);
    if (s->job != 0) {
        s->cancel = true;
        condition_wake_all(s->changed);
    }
    mutex_unlock(s->lock);
    return SHK_OK;
}

/* Waits under the lock until `ready` or the time is over. */
static void wait_until(struct session *s, bool (*ready)(const struct session *s), int32_t ms) {
    int64_t end = session_now(s) + ms;
    while (!ready(s) && !s->closing) {
        int64_t left = ms < 0 ? -1 : end - session_now(s);
        if (ms >= 0 && left <= 0) {
            return;
        }
        (void)condition_wait(s->changed, s->lock, (int32_t)left);
    }
}

static bool event_waits(const struct session *s) {
    return s->events_n > 0;
}

static bool job_ended(const struct session *s) {
    return s->job == 0;
}

int32_t session_next_event(struct session *s, int32_t timeout_ms) {
    mutex_lock(s->lock);
    if (s->done_shown) {
        s->done_shown = false;
        s->done_taken = true;
        condition_wake_all(s->changed);
    }
    wait_until(s, event_waits, timeout_ms);
    int32_t kind = s->closing ? SHK_E_SESSION : SHK_EVENT_NONE;
    if (s->events_n > 0 && !s->closing) {
        const struct event *event = &s->events[s->events_first];
        kind = event->kind;
        if (event->delivery > 0) {
            s->values.last_delivery = event->delivery;
        }
        if (kind == SHK_EVENT_FAULT || kind == SHK_EVENT_DONE) {
            s->values.fault = event->fault;
        }
        s->events_first = (s->events_first + 1) % EVENTS_MAX;
        s->events_n--;
        s->done_shown = kind == SHK_EVENT_DONE;
        fault_clear(&s->call_fault);
        condition_wake_all(s->changed);
    }
    mutex_unlock(s->lock);
    return kind;
}

static int32_t checked_result(const struct session *s) {
    return s->values.fault.code != 0 ? s->values.fault.code : s->values.outcome;
}

/* Under the lock: waits for the job, and cancels it when it takes longer than the host allows. */
static int32_t await_job(struct session *s, int32_t timeout_ms) {
    wait_until(s, job_ended, timeout_ms);
    bool late = !job_ended(s);
    if (late) {
        s->cancel = true;
        condition_wake_all(s->changed);
        wait_until(s, job_ended, CLOSE_LIMIT_MS);
    }
    if (s->closing) {
        return SHK_E_SESSION;
    }
    int32_t rc = checked_result(s);
    if (late && (rc < 0 || !job_ended(s))) {
        fault_clear(&s->call_fault);
        fault_clear(&s->values.fault);
        rc = fault_raise(&s->values.fault, SHK_E_TIMEOUT);
    }
    return rc;
}

int32_t session_check(struct session *s, const char *pin, int32_t pin_len, bool last_try,
                      int32_t timeout_ms) {
    mutex_lock(s->lock);
    int32_t rc = s->job != 0 ? refuse(s, SHK_E_STATE) : take_pin(s, pin, pin_len, last_try);
    if (rc == SHK_OK) {
        rc = begin_job(s, SHK_JOB_CHECK, true);
        if (rc == SHK_OK) {
            rc = await_job(s, timeout_ms);
        } else {
            pin_wipe(s->pin);
        }
    }
    mutex_unlock(s->lock);
    return rc;
}

int32_t session_forget(struct session *s) {
    int32_t rc = SHK_OK;
    mutex_lock(s->lock);
    if (s->job != 0) {
        rc = refuse(s, SHK_E_STATE);
    } else {
        values_wipe(&s->values);
        s->text_losses = 0;
    }
    mutex_unlock(s->lock);
    return rc;
}

int32_t session_set(struct session *s, const char *key, const char *value) {
    mutex_lock(s->lock);
    int32_t rc = SHK_E_STATE;
    if (s->job != 0) {
        rc = refuse(s, SHK_E_STATE);
    } else {
        fault_clear(&s->call_fault);
        rc = config_set(s->config, key, value, &s->call_fault);
        if (rc == SHK_OK && text_starts(key, "log.")) {
            log_close(&s->log);
        }
    }
    mutex_unlock(s->lock);
    return rc;
}

int32_t session_wake(struct session *s, int32_t target, int32_t message) {
    mutex_lock(s->lock);
    /* After the close the host may have given the descriptor's number to something else. */
    int32_t rc = s->closing ? SHK_E_SESSION : SHK_OK;
    if (rc == SHK_OK) {
        s->wake_target = target;
        s->wake_message = message;
        if (target >= 0 && s->events_n > 0) {
            host_wake(target, message);
        }
    }
    mutex_unlock(s->lock);
    return rc;
}
