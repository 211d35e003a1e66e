/* The passphrase of the device's key: asked for like a PIN, kept in locked memory, wiped after use. */
#include <string.h>

#include "session.h"

void session_wipe_secret(struct session *s) {
    if (!s->secret.in_use && s->secret.text != NULL) {
        memory_wipe(s->secret.text, SECRET_MAX + 1);
    }
}

int32_t session_give_secret(struct session *s, const uint8_t *p, size_t n) {
    if (!s->secret.asked || s->secret.given || s->cancel) {
        return session_refuse_held(s, SHK_E_STATE);
    }
    if (n == 0 || n > SECRET_MAX) {
        return session_refuse_held(s, SHK_E_INPUT);
    }
    memcpy(s->secret.text, p, n);
    s->secret.text[n] = '\0';
    s->secret.given = true;
    fault_clear(&s->call_fault);
    condition_wake_all(s->changed);
    return SHK_OK;
}

/* Under the lock. */
static int32_t await_secret(struct session *s, struct fault *why) {
    int64_t end = session_now(s) + config_int(s->config, "pin_timeout_ms");
    while (!s->secret.given && !s->cancel) {
        int64_t left = end - session_now(s);
        if (left <= 0) {
            return fault_raise(why, SHK_E_PASSPHRASE);
        }
        (void)condition_wait(s->changed, s->lock, (int32_t)left);
    }
    return s->cancel ? fault_raise(why, SHK_E_CANCELLED) : SHK_OK;
}

int32_t session_ask_secret(struct session *s, struct fault *why) {
    mutex_lock(s->lock);
    s->secret.asked = true;
    s->secret.given = false;
    mutex_unlock(s->lock);
    session_post(s, SHK_EVENT_SECRET);
    mutex_lock(s->lock);
    int32_t rc = await_secret(s, why);
    s->secret.asked = false;
    if (rc == SHK_OK) {
        s->secret.in_use = true;
    } else {
        session_wipe_secret(s);
    }
    mutex_unlock(s->lock);
    return rc;
}

void session_secret_done(struct session *s) {
    mutex_lock(s->lock);
    s->secret.in_use = s->secret.given = false;
    session_wipe_secret(s);
    mutex_unlock(s->lock);
}
