#include "reader_news.h"

static bool has(const struct reader_list *list, const char *name) {
    for (size_t i = 0; i < list->n; i++) {
        if (text_equal(list->at[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* In whatever order the service lists them. */
static bool same_readers(const struct reader_list *a, const struct reader_list *b) {
    for (size_t i = 0; a->n == b->n && i < a->n; i++) {
        if (!has(b, a->at[i].name)) {
            return false;
        }
    }
    return a->n == b->n;
}

/* Where a service was missed first is by chance; of readers it tells the one that the configuration names. */
static bool same_fault(const struct fault *a, const struct fault *b) {
    return a->code == b->code && (a->code != SHK_E_NO_READER || text_equal(a->where, b->where));
}

static void show(struct session *s, const struct reader_list *now) {
    mutex_lock(s->lock);
    s->values.readers = *now;
    s->values.readers_listed = true;
    mutex_unlock(s->lock);
    session_post(s, SHK_EVENT_READERS);
}

void reader_news_tell(struct session *s, struct reader_news *news, const struct reader_list *now,
                      const struct fault *why) {
    bool back = why->code == 0 && news->missing.code != 0;
    bool others = !same_readers(&news->known, now);
    if (why->code != 0 && !same_fault(why, &news->missing)) {
        session_post_fault(s, why);
    } else if (news->begun && (back || others)) {
        show(s, now);
    }
    news->begun = true;
    news->missing = *why;
    news->known = *now;
}

void reader_news_was_told(struct reader_news *news, const struct fault *why) {
    news->missing = *why;
    news->known.n = 0;
}
