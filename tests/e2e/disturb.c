/* A machine that misbehaves, laid before the C library (LD_PRELOAD): the environment says how.
 *   DISTURB_FULL=N      one in N writes to a file under DISTURB_ROOT fails with ENOSPC
 *   DISTURB_READONLY=1  nothing can be made or renamed under DISTURB_ROOT
 *   DISTURB_CLOCK=S     the wall clock stands S seconds off
 *   DISTURB_KILL=US     kills the process after so many microseconds */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long full, readonly, clock_s;
static char root[512];
static unsigned long dice;

static long number_of(const char *name) {
    const char *text = getenv(name);
    return text != NULL ? strtol(text, NULL, 10) : 0;
}

__attribute__((constructor)) static void begin(void) {
    const char *under = getenv("DISTURB_ROOT");
    long us = number_of("DISTURB_KILL");
    full = number_of("DISTURB_FULL");
    readonly = number_of("DISTURB_READONLY");
    clock_s = number_of("DISTURB_CLOCK");
    dice = (unsigned long)getpid() * 2654435761u;
    snprintf(root, sizeof root, "%s", under != NULL ? under : "/nowhere");
    if (us > 0) {
        struct itimerval timer = {.it_value = {us / 1000000, us % 1000000}};
        signal(SIGALRM, SIG_DFL);
        setitimer(ITIMER_REAL, &timer, NULL);
    }
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

ssize_t write(int fd, const void *p, size_t n) {
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

ssize_t pwrite(int fd, const void *p, size_t n, off_t at) {
    return pwrite_any("pwrite", fd, p, n, at);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off_t at) {
    return pwrite_any("pwrite64", fd, p, n, at);
}

/* What is opened beside a folder that is ours. */
static bool is_refused(int folder, const char *path, int flags) {
    bool makes = (flags & O_CREAT) != 0;
    bool under = strncmp(path, root, strlen(root)) == 0 || (path[0] != '/' && is_ours(folder));
    return readonly != 0 && makes && under;
}

int openat(int folder, const char *path, int flags, ...) {
    mode_t mode = 0;
    if ((flags & (O_CREAT | O_TMPFILE)) != 0) {
        va_list list;
        va_start(list, flags);
        mode = va_arg(list, mode_t);
        va_end(list);
    }
    if (is_refused(folder, path, flags)) {
        errno = EROFS;
        return -1;
    }
    int (*real)(int, const char *, int, ...);
    find(&real, "openat");
    return real(folder, path, flags, mode);
}

int clock_gettime(clockid_t id, struct timespec *out) {
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

time_t time(time_t *out) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out != NULL) {
        *out = now.tv_sec;
    }
    return now.tv_sec;
}
