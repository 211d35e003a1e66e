#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): mallinfo2 */
#include "size.h"

#include <dirent.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak)); /* NOLINT: its name */

bool size_is_sanitized(void) {
    return __sanitizer_get_current_allocated_bytes != NULL;
}

static int32_t entries(const char *folder) {
    int32_t n = 0;
    DIR *d = opendir(folder);
    for (const struct dirent *e = NULL; d != NULL && (e = readdir(d)) != NULL;) {
        n += e->d_name[0] != '.' ? 1 : 0;
    }
    if (d != NULL) {
        closedir(d);
    }
    return n;
}

/* The second number of the line is the resident pages. */
static int64_t rss_kb(void) {
    char line[128] = "";
    FILE *f = fopen("/proc/self/statm", "r");
    bool read = f != NULL && fgets(line, sizeof line, f) != NULL;
    if (f != NULL) {
        fclose(f);
    }
    const char *second = read ? strchr(line, ' ') : NULL;
    return second != NULL ? strtol(second, NULL, 10) * sysconf(_SC_PAGESIZE) / 1024 : 0;
}

struct size size_now(void) {
    size_t heap = size_is_sanitized() ? __sanitizer_get_current_allocated_bytes()
                                      : mallinfo2().uordblks + mallinfo2().hblkhd;
    return (struct size){.rss_kb = rss_kb(),
                         .heap_kb = (int64_t)(heap / 1024),
                         .files = entries("/proc/self/fd") - 1, /* the one that looks */
                         .threads = entries("/proc/self/task")};
}

int64_t size_of_files(const char *folder, const char *begin) {
    int64_t sum = 0;
    DIR *d = opendir(folder);
    for (const struct dirent *e = NULL; d != NULL && (e = readdir(d)) != NULL;) {
        struct stat st;
        if (strncmp(e->d_name, begin, strlen(begin)) == 0 &&
            fstatat(dirfd(d), e->d_name, &st, 0) == 0) {
            sum += st.st_size;
        }
    }
    if (d != NULL) {
        closedir(d);
    }
    return sum;
}
