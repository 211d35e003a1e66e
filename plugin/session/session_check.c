/* The blocking call: one job, awaited by the host's own thread. */
#include "pin_guard.h"
#include "session.h"
#include "shared_tries.h"

static bool job_ended(const struct session *s) {
    return s->job == 0;
}

static int32_t checked_result(const struct session *s) {
    return s->values.fault.code != 0 ? s->values.fault.code : s->values.outcome;
}

/* Under the lock: waits for the job, and cancels it when it takes longer than the host allows. */
static int32_t await_job(struct session *s, int32_t timeout_ms) {
    session_wait_until(s, job_ended, timeout_ms);
    bool late = !job_ended(s);
    if (late) {
        s->cancel = true;
        condition_wake_all(s->changed);
        session_wait_until(s, job_ended, CLOSE_LIMIT_MS);
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

/* Where no card is read there is no PIN, and where the reader has keys a person may type it there: a host
 * has none to pass. What a reader has is known when the card is read. */
static bool needs_no_pin(const struct session *s) {
    const char *route = config_text(s->config, "route");
    bool card = !text_equal(route, "folder") && !text_equal(route, "app");
    bool demo = text_equal(config_text(s->config, "card"), "demo");
    return !card || (!demo && !text_equal(config_text(s->config, "pin_pad"), "never"));
}

/* Under the lock. */
static int32_t take_pin(struct session *s, const char *pin, int32_t pin_len, bool last_try) {
    if (s->job != 0) {
        return session_refuse_held(s, SHK_E_STATE);
    }
    s->pin_since = pin_guard_now();
    s->pin_shared_since = shared_tries_now(&s->env);
    bool empty = pin_len == 0 || (pin_len < 0 && pin[0] == '\0');
    if (empty && needs_no_pin(s)) {
        pin_wipe(s->pin);
        s->spend_last_try = last_try;
        return SHK_OK;
    }
    return session_take_digits(s, pin, pin_len, last_try);
}

int32_t session_check(struct session *s, const char *pin, int32_t pin_len, bool last_try,
                      int32_t timeout_ms) {
    mutex_lock(s->lock);
    int32_t rc = take_pin(s, pin, pin_len, last_try);
    if (rc == SHK_OK) {
        rc = session_begin_job(s, SHK_JOB_CHECK, true);
        if (rc == SHK_OK) {
            rc = await_job(s, timeout_ms);
        } else {
            pin_wipe(s->pin);
        }
    }
    mutex_unlock(s->lock);
    return rc;
}
