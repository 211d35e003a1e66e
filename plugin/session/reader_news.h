/* What a watch tells of readers and the card service: one event for each change. A change that leaves nothing to
 * work with is a fault, every other one is SHK_EVENT_READERS. */
#ifndef SESSION_READER_NEWS_H
#define SESSION_READER_NEWS_H

#include "session.h"

struct reader_news {
    bool begun; /* how it was at the start is no news, unless there was nothing to work with */
    struct fault missing; /* as it was told; code 0: there is something to work with */
    struct reader_list known;
};

/* What a look found: the readers, or why there is none to work with. */
void reader_news_tell(struct session *s, struct reader_news *news, const struct reader_list *now,
                      const struct fault *why);
/* A check has told of it already. */
void reader_news_was_told(struct reader_news *news, const struct fault *why);

#endif
