/* The calls of the host: commands in, events out. */
#include <string.h>

#include "ahead.h"
#include "keep.h"
#include "match_question.h"
#include "routes.h"
#include "session.h"

int32_t session_refuse_held(struct session *s, int32_t code) {
    fault_clear(&s->call_fault);
    return fault_raise(&s->call_fault, code);
}

int32_t session_refuse(struct session *s, int32_t code) {
    mutex_lock(s->lock);
    (void)session_refuse_held(s, code);
    mutex_unlock(s->lock);
    return code;
}

int32_t session_begin_job(struct session *s, int32_t job, bool blocking) {
    if (s->job != 0 || s->closing) {
        return session_refuse_held(s, SHK_E_STATE);
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
        s->worker = thread_start(session_work, s);
        if (s->worker == NULL) {
            atomic_fetch_sub(&s->refs, 1); /* never the last: the caller has its own */
            return session_refuse_held(s, SHK_E_MEMORY);
        }
    }
    values_wipe(&s->values);
    s->events_first = s->events_n = 0;
    s->person_taken = s->person_shown = false;
    s->cancel = false;
    s->pin_asked = s->pin_told = s->pin_on_pad = false;
    s->pin_given = blocking && s->pin->len > 0;
    s->pin_kind = s->pin_given ? SHK_PIN_AUTH : 0;
    s->blocking = blocking;
    s->job = job;
    condition_wake_all(s->changed);
    return SHK_OK;
}

int32_t session_start(struct session *s, int32_t job) {
    if (job < SHK_JOB_CHECK || job > SHK_JOB_PERSON) {
        return session_refuse(s, SHK_E_ARGUMENT);
    }
    mutex_lock(s->lock);
    int32_t rc = session_begin_job(s, job, false);
    mutex_unlock(s->lock);
    return rc;
}

int32_t session_take_digits(struct session *s, const char *pin, int32_t pin_len, bool last_try) {
    int32_t kind = s->pin_asked ? s->pin_kind : SHK_PIN_AUTH;
    size_t n = pin_len < 0 ? strlen(pin) : (size_t)pin_len;
    /* Nothing of another length comes into the buffer, least of all twelve digits. */
    bool fits = n == pin_kind_digits(kind);
    if (fits) {
        memcpy(s->pin->digits, pin, n);
        s->pin->len = (uint8_t)n;
    }
    if (!fits || !pin_kind_fits(kind, s->pin)) {
        pin_wipe(s->pin);
        return session_refuse_held(s, pin_kind_fault(kind));
    }
    s->spend_last_try = last_try;
    s->pin_given = true;
    return SHK_OK;
}

/* The digits come from the reader's own keys: what is asked of the host is only its word on the last try. */
static int32_t take_pad_word(struct session *s, const char *pin, int32_t pin_len, bool last_try) {
    if (pin_len > 0 || (pin_len < 0 && pin[0] != '\0')) {
        return session_refuse_held(s, SHK_E_STATE);
    }
    if (!last_try) {
        return session_refuse_held(s, SHK_E_PIN_LAST_TRY);
    }
    s->spend_last_try = s->pin_given = true;
    return SHK_OK;
}

bool session_wants_word(const struct session *s) {
    return s->values.tries_left <= 1 && !s->values.tries_unlimited;
}

int32_t session_answer_pin(struct session *s, const char *pin, int32_t pin_len, bool last_try) {
    int32_t rc = SHK_OK;
    mutex_lock(s->lock);
    if (s->closing) {
        rc = SHK_E_SESSION;
    } else if (!s->pin_asked || !s->pin_told || s->pin_given || s->cancel) {
        rc = session_refuse_held(s, SHK_E_STATE);
    } else if (!s->pin_on_pad && session_wants_word(s) && !last_try) {
        rc = session_refuse_held(s, SHK_E_PIN_LAST_TRY);
    } else {
        rc = s->pin_on_pad ? take_pad_word(s, pin, pin_len, last_try)
                           : session_take_digits(s, pin, pin_len, last_try);
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

void session_wait_until(struct session *s, bool (*ready)(const struct session *s), int32_t ms) {
    int64_t end = session_now(s) + ms;
    while (!ready(s) && !s->closing) {
        int64_t left = ms < 0 ? -1 : end - session_now(s);
        if (ms >= 0 && left <= 0) {
            return;
        }
        /* Who is ahead does not wake the host for each person. */
        bool looks = s->ahead != NULL && (left < 0 || left > AHEAD_LOOK_MS);
        (void)condition_wait(s->changed, s->lock, looks ? AHEAD_LOOK_MS : (int32_t)left);
    }
}

static bool event_waits(const struct session *s) {
    return s->events_n > 0 || ahead_waits(s);
}

int32_t session_next_event(struct session *s, int32_t timeout_ms) {
    mutex_lock(s->lock);
    if (s->person_shown) {
        s->person_shown = false;
        s->person_taken = true;
        condition_wake_all(s->changed);
    }
    session_wait_until(s, event_waits, timeout_ms);
    int32_t kind = s->closing ? SHK_E_SESSION : SHK_EVENT_NONE;
    if (s->events_n == 0 && ahead_waits(s) && !s->closing) {
        ahead_show(s);
    }
    if (s->events_n > 0 && !s->closing) {
        const struct event *event = &s->events[s->events_first];
        bool was_full = s->events_n >= EVENTS_MAX;
        kind = event->kind;
        if (event->delivery > 0) {
            s->values.last_delivery = event->delivery;
        }
        if (kind == SHK_EVENT_FAULT || kind == SHK_EVENT_DONE) {
            s->values.fault = event->fault;
        }
        s->events_first = (s->events_first + 1) % EVENTS_ROOM;
        s->events_n--;
        s->person_shown = kind == SHK_EVENT_DONE || kind == SHK_EVENT_NEXT;
        s->pin_told = s->pin_told || kind == SHK_EVENT_PIN;
        fault_clear(&s->call_fault);
        if (was_full) { /* of the worker's waits only that for room ends here */
            condition_wake_all(s->changed);
        }
    }
    mutex_unlock(s->lock);
    return kind;
}

int32_t session_forget(struct session *s) {
    int32_t rc = SHK_OK;
    mutex_lock(s->lock);
    if (s->job != 0) {
        rc = session_refuse_held(s, SHK_E_STATE);
    } else {
        values_wipe(&s->values);
        s->text_losses = 0;
    }
    mutex_unlock(s->lock);
    return rc;
}

/* Under the lock: what was opened with the old value is opened anew by the next job. The route lends the
 * log. */
static void renew(struct session *s, const char *key) {
    if (routes_depend_on(key)) {
        routes_forget(s);
    }
    if (keep_depends_on(key)) {
        keep_close(s);
    }
    s->turn = (struct outbox_turn){0}; /* what failed may have been mended */
    if (text_starts(key, "log.")) {
        log_close(&s->log);
    }
}

int32_t session_set(struct session *s, const char *key, const char *value) {
    mutex_lock(s->lock);
    int32_t rc = SHK_E_STATE;
    if (s->job != 0) {
        rc = session_refuse_held(s, SHK_E_STATE);
    } else {
        fault_clear(&s->call_fault);
        rc = config_set(s->config, key, value, &s->call_fault);
        if (rc == SHK_OK) {
            renew(s, key);
        }
    }
    mutex_unlock(s->lock);
    return rc;
}

/* Under the lock. */
static int32_t put_input(struct session *s, const char *path, const uint8_t *p, size_t n) {
    if (s->job != 0 && input_find(path, NULL) != NULL) {
        return session_refuse_held(s, SHK_E_STATE);
    }
    int32_t rc = inputs_put(&s->inputs, path, p, n);
    fault_clear(&s->call_fault);
    return rc == SHK_OK
               ? rc
               : fault_set(&s->call_fault, rc, SHK_NATIVE_NONE, 0, rc == SHK_E_PATH ? "" : path);
}

int32_t session_put(struct session *s, const char *path, const uint8_t *p, size_t n) {
    int32_t rc = SHK_E_SESSION;
    mutex_lock(s->lock);
    if (!s->closing) {
        rc = input_is_secret(path)  ? session_give_secret(s, p, n)
             : match_is_input(path) ? match_give(s, path, p, n)
                                    : put_input(s, path, p, n);
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
        if (target >= 0 && event_waits(s)) {
            host_wake(target, message);
        }
    }
    mutex_unlock(s->lock);
    return rc;
}
