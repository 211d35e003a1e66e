#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

int64_t host_now_us(void) {
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

void host_sleep_ms(uint32_t ms) {
    struct timespec ts;

    ts.tv_sec = (time_t)(ms / 1000);
    ts.tv_nsec = (long)(ms % 1000) * 1000000;
    while (nanosleep(&ts, &ts) != 0 && errno == EINTR) {
        /* ts holds what is left */
    }
}

static int write_all(int fd, const uint8_t *p, size_t len) {
    while (len > 0) {
        ssize_t n = write(fd, p, len);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return -1;
        }
        p += n;
        len -= (size_t)n;
    }
    return 0;
}

int host_replace_file(const char *path, const void *data, size_t len) {
    char temp[PATH_CAP + 32];
    int fd, rc;

    /* The process id keeps two cards that share a state file from tearing each other's copy. */
    rc = snprintf(temp, sizeof temp, "%s.%ld.new", path, (long)getpid());
    if (rc < 0 || (size_t)rc >= sizeof temp) {
        return -1;
    }
    if ((fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) < 0) {
        return -1;
    }
    rc = write_all(fd, data, len);
    if (close(fd) != 0) {
        rc = -1;
    }
    if (rc == 0) {
        rc = rename(temp, path);
    }
    if (rc != 0) {
        (void)unlink(temp);
    }
    return rc;
}
