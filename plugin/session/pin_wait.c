#include "pin_wait.h"

#include "thread.h"

/* Under the lock, which is let go while the card is spoken to. */
static int32_t wait_held(struct session *s, int32_t (*keep)(void *self, struct fault *why),
                         void *self, struct fault *why) {
    int64_t end = session_now(s) + config_int(s->config, "pin_timeout_ms");
    int32_t rc = SHK_OK;
    while (rc == SHK_OK && !s->pin_given && !s->cancel) {
        if (session_now(s) >= end) {
            return fault_raise(why, SHK_E_PIN_TIMEOUT);
        }
        (void)condition_wait(s->changed, s->lock, CARD_KEEP_MS / 4);
        mutex_unlock(s->lock);
        rc = keep(self, why);
        mutex_lock(s->lock);
    }
    return rc == SHK_OK && s->cancel ? fault_raise(why, SHK_E_CANCELLED) : rc;
}

int32_t pin_wait(struct session *s, int32_t (*keep)(void *self, struct fault *why), void *self,
                 struct fault *why) {
    mutex_lock(s->lock);
    int32_t rc = wait_held(s, keep, self, why);
    s->pin_asked = false;
    mutex_unlock(s->lock);
    return rc;
}
