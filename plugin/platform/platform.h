/* The real world behind the seams of base/env.h. */
#ifndef PLATFORM_PLATFORM_H
#define PLATFORM_PLATFORM_H

#include "env.h"

/* `self` is not used by any of them and may be null. */
extern const struct clock_ops platform_clock;
extern const struct file_ops platform_files;
extern const struct random_ops platform_random;
extern const struct clipboard_ops platform_clipboard;
extern const struct db_ops db_sqlite, db_postgres; /* db_sqlite.c, db_postgres.c */

/* The lock half of platform_files; file_lock_posix.c and file_lock_win32.c. */
int32_t platform_file_lock(void *self, const char *path, int32_t wait_ms, void **lock,
                           struct fault *why);
void platform_file_unlock(void *self, void *lock);

#define PLATFORM_TEMP_NAME_MAX 40
#define PLATFORM_TEMP_STALE_S  600

/* A fresh name for a file that is not whole yet: hidden, random, without a word of its content. */
int32_t platform_temp_name(char out[PLATFORM_TEMP_NAME_MAX]);
bool platform_is_temp_name(const char *name);
/* Those, and staged files that wait for their final name: the first are cleared away when they are old,
 * the second never; listings leave out both. */
bool platform_is_unfinished(const char *name);

/* Names the operating system's number and gives the code that it means for a file. */
int32_t platform_file_fault(struct fault *why, int32_t native);

#endif
