/* The words for a failed shk_open, per thread: there is no session yet to hold them. */
#ifndef SESSION_LAST_OPEN_H
#define SESSION_LAST_OPEN_H

#include "values.h"

void last_open_store(const struct fault *why);
/* "fault.*" of the last open on this thread, and the paths that need no session. */
int32_t last_open_read(const char *path, size_t n, struct reading *out);

#endif
