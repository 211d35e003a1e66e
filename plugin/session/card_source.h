/* Whoever speaks to cards for a session: by its configuration, with what it remembers of readers. */
#ifndef SESSION_CARD_SOURCE_H
#define SESSION_CARD_SOURCE_H

#include "session.h"

/* The rules as configured now. */
void card_rules(const struct session *s, struct identity_rules *out);
/* The My Number Card or the demo card; the caller frees it. */
int32_t card_source_new(struct session *s, struct identity_source *out, struct fault *why);

#endif
