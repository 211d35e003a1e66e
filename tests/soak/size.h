/* How large this process is, and its files. Linux. */
#ifndef SOAK_SIZE_H
#define SOAK_SIZE_H

#include <stdbool.h>
#include <stdint.h>

struct size {
    int64_t rss_kb;  /* of the whole process */
    int64_t heap_kb; /* in use, as the allocator counts */
    int32_t files;   /* descriptors */
    int32_t threads;
};

struct size size_now(void);
/* Of the files in a folder whose names begin so. */
int64_t size_of_files(const char *folder, const char *begin);
/* Whether a sanitizer counts the heap; the whole process is then larger by what it keeps back. */
bool size_is_sanitized(void);

#endif
