#include "disk_fault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/types.h>
#include <unistd.h>

/* Names that the linker's --wrap gives. */
/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c) */
int __real_openat(int folder, const char *path, int flags, ...);
ssize_t __real_write(int fd, const void *p, size_t n);
int __real_fsync(int fd);
int __real_ftruncate(int fd, off_t length);
int __real_close(int fd);
int __real_renameat(int from, const char *name, int to, const char *as);
int __real_renameat2(int from, const char *name, int to, const char *as, unsigned flags);
int __real_linkat(int from, const char *name, int to, const char *as, int flags);
int __real_unlinkat(int folder, const char *name, int flags);
int __real_unlink(const char *path);
int __wrap_openat(int folder, const char *path, int flags, ...);
ssize_t __wrap_write(int fd, const void *p, size_t n);
int __wrap_fsync(int fd);
int __wrap_ftruncate(int fd, off_t length);
int __wrap_close(int fd);
int __wrap_renameat(int from, const char *name, int to, const char *as);
int __wrap_renameat2(int from, const char *name, int to, const char *as, unsigned flags);
int __wrap_linkat(int from, const char *name, int to, const char *as, int flags);
int __wrap_unlinkat(int folder, const char *name, int flags);
int __wrap_unlink(const char *path);

static bool no_flush;
static int steps_left;
static void (*act_at)(void);
static enum disk_step fail_at;
static int fail_error, hits, writes;
static size_t room;
static void (*meanwhile)(void);
/* The file that this thread has open for writing. */
static _Thread_local int temp_fd = -1;

void disk_fault_set(enum disk_step step, int error, size_t after) {
    fail_at = step;
    fail_error = error;
    room = after;
    hits = 0;
    writes = 0;
}

void disk_fault_meanwhile(void (*act)(void)) {
    meanwhile = act;
}

void disk_fault_at(int call, void (*act)(void)) {
    steps_left = call;
    act_at = act;
}

void disk_fault_step(void) {
    if (steps_left > 0 && --steps_left == 0) {
        act_at();
    }
}

void disk_fault_flush(bool really) {
    no_flush = !really;
}

int disk_fault_hits(void) {
    return hits;
}

static bool fails(enum disk_step step, bool here) {
    if (fail_at != step || !here) {
        return false;
    }
    hits++;
    errno = fail_error;
    return true;
}

int __wrap_openat(int folder, const char *path, int flags, ...) {
    va_list ap;
    va_start(ap, flags);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): started right above */
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(ap, mode_t) : 0;
    va_end(ap);
    bool for_writing = (flags & O_ACCMODE) == O_WRONLY;
    disk_fault_step();
    if (fails(DISK_OPEN, for_writing)) {
        return -1;
    }
    int fd = __real_openat(folder, path, flags, mode);
    if (for_writing) {
        temp_fd = fd;
    }
    return fd;
}

static ssize_t write_stuttering(int fd, const void *p, size_t n) {
    if (writes++ % 2 == 0) {
        errno = EINTR;
        return -1;
    }
    return __real_write(fd, p, n < 3 ? n : 3);
}

ssize_t __wrap_write(int fd, const void *p, size_t n) {
    if (fd != temp_fd || fd < 0) {
        return __real_write(fd, p, n);
    }
    disk_fault_step();
    if (fail_at == DISK_STUTTER) {
        return write_stuttering(fd, p, n);
    }
    if (fail_at == DISK_WRITE && room > 0) {
        ssize_t written = __real_write(fd, p, n < room ? n : room);
        room -= written > 0 ? (size_t)written : 0;
        return written;
    }
    return fails(DISK_WRITE, true) ? -1 : __real_write(fd, p, n);
}

int __wrap_fsync(int fd) {
    disk_fault_step();
    bool temp = fd == temp_fd;
    if (temp && meanwhile != NULL) {
        void (*act)(void) = meanwhile;
        meanwhile = NULL;
        act();
    }
    if (fails(DISK_FLUSH, temp) || fails(DISK_FLUSH_FOLDER, !temp)) {
        return -1;
    }
    return no_flush ? 0 : __real_fsync(fd);
}

int __wrap_ftruncate(int fd, off_t length) {
    disk_fault_step();
    return fails(DISK_CUT, fd == temp_fd) ? -1 : __real_ftruncate(fd, length);
}

int __wrap_close(int fd) {
    bool temp = fd == temp_fd && fd >= 0;
    temp_fd = temp ? -1 : temp_fd;
    int rc = __real_close(fd);
    return fails(DISK_CLOSE, temp) ? -1 : rc;
}

int __wrap_renameat(int from, const char *name, int to, const char *as) {
    disk_fault_step();
    return fails(DISK_RENAME, true) ? -1 : __real_renameat(from, name, to, as);
}

int __wrap_renameat2(int from, const char *name, int to, const char *as, unsigned flags) {
    disk_fault_step();
    if (fails(DISK_RENAME, true) || fails(DISK_NO_NOREPLACE, true)) {
        return -1;
    }
    return __real_renameat2(from, name, to, as, flags);
}

int __wrap_linkat(int from, const char *name, int to, const char *as, int flags) {
    disk_fault_step();
    return __real_linkat(from, name, to, as, flags);
}

int __wrap_unlinkat(int folder, const char *name, int flags) {
    disk_fault_step();
    return __real_unlinkat(folder, name, flags);
}

int __wrap_unlink(const char *path) {
    disk_fault_step();
    return __real_unlink(path);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c) */
