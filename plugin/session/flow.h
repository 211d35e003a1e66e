/* The worker's straight-line code. */
#ifndef SESSION_FLOW_H
#define SESSION_FLOW_H

#include "session.h"

/* check.c: one whole check of the card on that reader: identity, question, answer, documents.
 * SHK_OK when an answer came and every document was delivered. */
int32_t check_once(struct session *s, const char *reader, struct fault *why);

#endif
