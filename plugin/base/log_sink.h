/* Where the log's lines go; platform/log_sink_posix.c and log_sink_win32.c. */
#ifndef BASE_LOG_SINK_H
#define BASE_LOG_SINK_H

#include <stddef.h>

#include "fault.h"

struct log_sink;

/* Opens a regular file for appending, made 0600 when there is none. SHK_E_FOLDER_WRITE, SHK_E_MEMORY. */
int32_t log_sink_open(const char *path, struct log_sink **out, struct fault *why);
/* One write for the whole line, so that lines of two programs do not mix. A failure is dropped: the
 * log never stops the work. */
void log_sink_write(struct log_sink *sink, const char *line, size_t n);
void log_sink_close(struct log_sink **sink); /* null is accepted */

#endif
