#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): open file description locks */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "platform.h"
#include "thread.h"

#define RETRY_MS 10

struct file_lock {
    int fd;
};

/* Both kinds belong to the open file, not to the process: they exclude threads too and the kernel
 * frees them when their holder dies. A file system may lack the first one. */
static int set_lock(int fd, short type) {
    struct flock range = {.l_type = type, .l_whence = SEEK_SET};
    int rc = fcntl(fd, F_OFD_SETLK, &range);
    if (rc != 0 && (errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP)) {
        rc = flock(fd, type == F_UNLCK ? LOCK_UN : LOCK_EX | LOCK_NB);
    }
    return rc;
}

static bool is_held(int error) {
    return error == EAGAIN || error == EACCES || error == EWOULDBLOCK || error == EINTR;
}

static int32_t wait_lock(int fd, int32_t wait_ms, struct fault *why) {
    int64_t end = platform_clock.mono_ms(NULL) + wait_ms;
    while (set_lock(fd, F_WRLCK) != 0) {
        if (!is_held(errno)) {
            return platform_file_fault(why, errno);
        }
        if (platform_clock.mono_ms(NULL) >= end) {
            return fault_set(why, SHK_E_FOLDER_LOCKED, SHK_NATIVE_OS, errno, NULL);
        }
        thread_sleep(RETRY_MS);
    }
    return SHK_OK;
}

static int32_t open_lock(const char *path, int *fd, struct fault *why) {
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, 0600);
    if (*fd >= 0) {
        return SHK_OK;
    }
    if (errno == ENOENT || errno == ENOTDIR) {
        return fault_set(why, SHK_E_FOLDER_MISSING, SHK_NATIVE_OS, errno, NULL);
    }
    return platform_file_fault(why, errno);
}

int32_t platform_file_lock(void *self, const char *path, int32_t wait_ms, void **lock,
                           struct fault *why) {
    (void)self;
    *lock = NULL;
    struct file_lock *l = calloc(1, sizeof *l);
    if (l == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    int32_t rc = open_lock(path, &l->fd, why);
    if (rc == SHK_OK) {
        rc = wait_lock(l->fd, wait_ms, why);
    }
    if (rc == SHK_OK) {
        *lock = l;
        return SHK_OK;
    }
    if (l->fd >= 0) {
        close(l->fd);
    }
    free(l);
    return rc;
}

/* The file stays: removing it could take it from someone who holds it already. */
void platform_file_unlock(void *self, void *lock) {
    (void)self;
    struct file_lock *l = lock;
    if (l == NULL) {
        return;
    }
    /* Not by close alone: a child that the host forked meanwhile holds the same open file. */
    (void)set_lock(l->fd, F_UNLCK);
    close(l->fd);
    free(l);
}
