/* What the host reads of the question whose answer this is, by the paths "match.…". */
#ifndef SESSION_MATCH_VALUES_H
#define SESSION_MATCH_VALUES_H

#include "match_question.h"

struct reading;

/* Under the lock; the path without "match."; q may be null. SHK_E_PATH, SHK_E_ABSENT. */
int32_t match_values_read(const struct match_question *q, const char *path, size_t n,
                          struct reading *out);
int32_t match_values_count(const struct match_question *q, const char *path, size_t n,
                           int32_t *out);

#endif
