/* The readers, what lies on them and what can be done with them. */
#include "flow.h"

void job_readers(struct session *s, struct fault *why) {
    struct reader_list found = {0};
    int32_t rc = s->env.card->list(s->env.card_self, &found, why);
    if (rc == SHK_OK && found.n == 0) {
        rc = fault_raise(why, SHK_E_NO_READER);
    }
    if (rc == SHK_OK) {
        mutex_lock(s->lock);
        s->values.readers = found;
        s->values.readers_listed = true;
        mutex_unlock(s->lock);
        session_post(s, SHK_EVENT_READERS);
    }
}
