/* The log: fixed words and numbers. There is no way to pass a patient's value through it: the only
 * free text is a reader's name or a fault's place. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "env.h"

struct log;

/* Appends to `path` (created 0600). An empty path gives a log that drops everything.
 * SHK_E_FOLDER_WRITE, SHK_E_MEMORY. */
int32_t log_open(const char *path, int32_t level, const struct env *env, struct log **out,
                 struct fault *why);
void log_close(struct log **log); /* null is accepted */

/* One line: time, level, `what` (a literal such as "card.certificate"), and pairs. `names` is a
 * literal such as "bytes,ms"; one int64_t follows for each name. log may be null. [any thread] */
void log_event(struct log *log, int32_t level, const char *what, const char *names, ...);
void log_fault(struct log *log, const struct fault *why);
void log_reader(struct log *log, int32_t level, const char *what, const char *reader);

#endif
