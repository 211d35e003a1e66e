/* A machine that misbehaves, laid before the C library (LD_PRELOAD): the environment says how.
 *   DISTURB_FULL=N      one in N writes to a file under DISTURB_ROOT fails with ENOSPC
 *   DISTURB_READONLY=1  nothing can be made, renamed or removed under DISTURB_ROOT
 *   DISTURB_CLOCK=S     the wall clock stands S seconds off */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* In front of the C library's own of that name. */
#define LAID_BEFORE __attribute__((visibility("default")))

static long full, readonly, clock_s;
static char root[512];
static unsigned long dice;

static long number_of(const char *name) {
    const char *text = getenv(name);
    return text != NULL ? strtol(text, NULL, 10) : 0;
}

__attribute__((constructor)) static void begin(void) {
    const char *under = getenv("DISTURB_ROOT");
    full = number_of("DISTURB_FULL");
    readonly = number_of("DISTURB_READONLY");
    clock_s = number_of("DISTURB_CLOCK");
    dice = (unsigned long)getpid() * 2654435761u;
    snprintf(root, sizeof root, "%s", under != NULL ? under : "/nowhere");
}

static bool unlucky(void) {
    dice = dice * 6364136223846793005u + 1442695040888963407u;
    return full > 0 && (dice >> 33) % (unsigned long)full == 0;
}

static bool is_ours(int fd) {
    char link[64], path[1024];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n <= 0) {
        return false;
    }
    path[n] = '\0';
    return strncmp(path, root, strlen(root)) == 0;
}

/* The C library's own, into a pointer to a function. */
static void find(void *slot, const char *name) {
    void *symbol = dlsym(RTLD_NEXT, name);
    memcpy(slot, &symbol, sizeof symbol);
}

/* The C library's names of parameters are reserved.
 * NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */
LAID_BEFORE ssize_t write(int fd, const void *p, size_t n) {
    static ssize_t (*real)(int, const void *, size_t);
    if (real == NULL) {
        find(&real, "write");
    }
    if (full > 0 && is_ours(fd) && unlucky()) {
        errno = ENOSPC;
        return -1;
    }
    return real(fd, p, n);
}

static ssize_t pwrite_any(const char *name, int fd, const void *p, size_t n, off_t at) {
    if (full > 0 && is_ours(fd) && unlucky()) {
        errno = ENOSPC;
        return -1;
    }
    ssize_t (*real)(int, const void *, size_t, off_t);
    find(&real, name);
    return real(fd, p, n, at);
}

LAID_BEFORE ssize_t pwrite(int fd, const void *p, size_t n, off_t at) {
    return pwrite_any("pwrite", fd, p, n, at);
}

LAID_BEFORE ssize_t pwrite64(int fd, const void *p, size_t n, off_t at) {
    return pwrite_any("pwrite64", fd, p, n, at);
}

static bool is_under(int folder, const char *path) {
    return strncmp(path, root, strlen(root)) == 0 || (path[0] != '/' && is_ours(folder));
}

/* As on a file system that is mounted to be read only. */
static bool is_refused(int folder, const char *path, bool changes) {
    bool refused = readonly != 0 && changes && is_under(folder, path);
    if (refused) {
        errno = EROFS;
    }
    return refused;
}

static bool writes(int flags) {
    return (flags & (O_CREAT | O_WRONLY | O_RDWR | O_TRUNC)) != 0;
}

static int open_any(int folder, const char *path, int flags, mode_t mode) {
    static int (*real)(int, const char *, int, ...);
    if (real == NULL) {
        find(&real, "openat");
    }
    return is_refused(folder, path, writes(flags)) ? -1 : real(folder, path, flags, mode);
}

/* The mode that was given where one has to be. */
#define MODE_OF(flags, mode)                                                                       \
    if (((flags) & (O_CREAT | O_TMPFILE)) != 0) {                                                  \
        va_list list;                                                                              \
        va_start(list, flags);                                                                     \
        (mode) = va_arg(list, mode_t);                                                             \
        va_end(list);                                                                              \
    }

LAID_BEFORE int openat(int folder, const char *path, int flags, ...) {
    mode_t mode = 0;
    MODE_OF(flags, mode)
    return open_any(folder, path, flags, mode);
}

LAID_BEFORE int open(const char *path, int flags, ...) {
    mode_t mode = 0;
    MODE_OF(flags, mode)
    return open_any(AT_FDCWD, path, flags, mode);
}

LAID_BEFORE int open64(const char *path, int flags, ...) {
    mode_t mode = 0;
    MODE_OF(flags, mode)
    return open_any(AT_FDCWD, path, flags, mode);
}

LAID_BEFORE int renameat(int from_folder, const char *from, int folder, const char *to) {
    int (*real)(int, const char *, int, const char *);
    find(&real, "renameat");
    return is_refused(folder, to, true) ? -1 : real(from_folder, from, folder, to);
}

LAID_BEFORE int renameat2(int from_folder, const char *from, int folder, const char *to,
                          unsigned flags) {
    int (*real)(int, const char *, int, const char *, unsigned);
    find(&real, "renameat2");
    return is_refused(folder, to, true) ? -1 : real(from_folder, from, folder, to, flags);
}

LAID_BEFORE int linkat(int from_folder, const char *from, int folder, const char *to, int flags) {
    int (*real)(int, const char *, int, const char *, int);
    find(&real, "linkat");
    return is_refused(folder, to, true) ? -1 : real(from_folder, from, folder, to, flags);
}

LAID_BEFORE int unlinkat(int folder, const char *path, int flags) {
    int (*real)(int, const char *, int);
    find(&real, "unlinkat");
    return is_refused(folder, path, true) ? -1 : real(folder, path, flags);
}

LAID_BEFORE int clock_gettime(clockid_t id, struct timespec *out) {
    static int (*real)(clockid_t, struct timespec *);
    if (real == NULL) {
        find(&real, "clock_gettime");
    }
    int rc = real(id, out);
    if (rc == 0 && id == CLOCK_REALTIME) {
        out->tv_sec += clock_s;
    }
    return rc;
}

LAID_BEFORE time_t time(time_t *out) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out != NULL) {
        *out = now.tv_sec;
    }
    return now.tv_sec;
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
