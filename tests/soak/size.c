#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): mallinfo2 */
#include "size.h"

#include <dirent.h>
#include <malloc.h>
#include <stdio.h>
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

static int64_t rss_kb(void) {
    long whole = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (f == NULL || fscanf(f, "%ld %ld", &whole, &resident) != 2) {
        resident = 0;
    }
    if (f != NULL) {
        fclose(f);
    }
    return (int64_t)resident * sysconf(_SC_PAGESIZE) / 1024;
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
