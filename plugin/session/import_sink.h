/* Takes an import's bytes in pieces of any size, finds out what they are and shows person by person. */
#ifndef SESSION_IMPORT_SINK_H
#define SESSION_IMPORT_SINK_H

#include "session.h"

struct import_sink;

/* Reads the input import.from and the clinic's words. */
int32_t import_sink_new(struct session *s, struct import_sink **out, struct fault *why);
int32_t import_sink_take(void *sink, const uint8_t *p, size_t n, struct fault *why);
int32_t import_sink_end(struct import_sink *i, struct fault *why);
/* Makes *why what the whole import came to: a fault of the input itself is told of, the first fault of a
 * person has been. Null is accepted. */
void import_sink_settle(struct import_sink *i, struct fault *why);
void import_sink_free(struct import_sink **sink);

#endif
