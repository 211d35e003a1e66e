/* Of the C library. What is only slow when it fails again and again (EINTR of a sleep) is left out. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wrap_calls.h"

#define NO(error)      (errno = (error), -1)
#define NULL_OF(error) (errno = (error), NULL)

/* clang-format off: a call is a line, or begins one */
WRAP(WRAP_MEMORY, malloc, void *, (size_t n), (n), NULL_OF(ENOMEM))
WRAP(WRAP_MEMORY, calloc, void *, (size_t count, size_t n), (count, n), NULL_OF(ENOMEM))
WRAP(WRAP_MEMORY, realloc, void *, (void *p, size_t n), (p, n), NULL_OF(ENOMEM))
WRAP(WRAP_MEMORY, mmap, void *, (void *p, size_t n, int prot, int flags, int fd, off_t at),
     (p, n, prot, flags, fd, at), (errno = ENOMEM, MAP_FAILED))
WRAP(WRAP_MEMORY, mprotect, int, (void *p, size_t n, int prot), (p, n, prot), NO(ENOMEM))
WRAP(WRAP_MEMORY, mlock, int, (const void *p, size_t n), (p, n), NO(EAGAIN))
WRAP(WRAP_MEMORY, madvise, int, (void *p, size_t n, int advice), (p, n, advice), NO(EINVAL))

WRAP(WRAP_FILE, read, ssize_t, (int fd, void *p, size_t n), (fd, p, n), NO(EIO))
WRAP(WRAP_FILE, write, ssize_t, (int fd, const void *p, size_t n), (fd, p, n), NO(ENOSPC))
WRAP(WRAP_FILE, lseek, off_t, (int fd, off_t at, int from), (fd, at, from), NO(EIO))
WRAP(WRAP_FILE, fsync, int, (int fd), (fd), NO(EIO))
WRAP(WRAP_FILE, ftruncate, int, (int fd, off_t n), (fd, n), NO(EIO))
WRAP(WRAP_FILE, flock, int, (int fd, int how), (fd, how), NO(ENOLCK))
WRAP(WRAP_FILE, fchmod, int, (int fd, mode_t mode), (fd, mode), NO(EPERM))
WRAP(WRAP_FILE, fchown, int, (int fd, uid_t user, gid_t group), (fd, user, group), NO(EPERM))
WRAP(WRAP_FILE, fchmodat, int, (int at, const char *path, mode_t mode, int flags),
     (at, path, mode, flags), NO(EPERM))
WRAP(WRAP_FILE, fstat, int, (int fd, struct stat *s), (fd, s), NO(EIO))
WRAP(WRAP_FILE, stat, int, (const char *path, struct stat *s), (path, s), NO(EIO))
WRAP(WRAP_FILE, lstat, int, (const char *path, struct stat *s), (path, s), NO(EIO))
WRAP(WRAP_FILE, fstatat, int, (int at, const char *path, struct stat *s, int flags),
     (at, path, s, flags), NO(EIO))
WRAP(WRAP_FILE, renameat, int, (int from, const char *name, int to, const char *as),
     (from, name, to, as), NO(EIO))
WRAP(WRAP_FILE, renameat2, int,
     (int from, const char *name, int to, const char *as, unsigned flags),
     (from, name, to, as, flags), NO(EIO))
WRAP(WRAP_FILE, linkat, int, (int from, const char *name, int to, const char *as, int flags),
     (from, name, to, as, flags), NO(EIO))
WRAP(WRAP_FILE, unlinkat, int, (int at, const char *path, int flags), (at, path, flags), NO(EIO))
WRAP(WRAP_FILE, unlink, int, (const char *path), (path), NO(EIO))
WRAP(WRAP_FILE, mkdir, int, (const char *path, mode_t mode), (path, mode), NO(ENOSPC))
WRAP(WRAP_FILE, realpath, char *, (const char *path, char *out), (path, out), NULL_OF(EIO))
WRAP(WRAP_FILE, opendir, DIR *, (const char *path), (path), NULL_OF(EMFILE))
WRAP(WRAP_FILE, readdir, struct dirent *, (DIR * folder), (folder), NULL_OF(EIO))
WRAP(WRAP_FILE, inotify_init1, int, (int flags), (flags), NO(EMFILE))
WRAP(WRAP_FILE, inotify_add_watch, int, (int fd, const char *path, uint32_t mask), (fd, path, mask),
     NO(ENOSPC))
WRAP(WRAP_FILE, dlopen, void *, (const char *path, int how), (path, how), NULL)
WRAP(WRAP_FILE, dlsym, void *, (void *library, const char *name), (library, name), NULL)

WRAP(WRAP_SOCKET, poll, int, (struct pollfd * fds, nfds_t n, int ms), (fds, n, ms), NO(ENOMEM))

WRAP(WRAP_THREAD, pthread_create, int,
     (pthread_t * thread, const pthread_attr_t *a, void *(*run)(void *), void *self),
     (thread, a, run, self), EAGAIN)
WRAP(WRAP_THREAD, pthread_mutex_init, int, (pthread_mutex_t * m, const pthread_mutexattr_t *a),
     (m, a), ENOMEM)
WRAP(WRAP_THREAD, pthread_cond_init, int, (pthread_cond_t * c, const pthread_condattr_t *a), (c, a),
     ENOMEM)
WRAP(WRAP_THREAD, pthread_condattr_init, int, (pthread_condattr_t * a), (a), ENOMEM)

WRAP(WRAP_TEXT, iconv_open, iconv_t, (const char *to, const char *from), (to, from),
     (errno = EMFILE, (iconv_t)-1)) /* NOLINT(performance-no-int-to-ptr): as iconv says it */
WRAP(WRAP_TEXT, newlocale, locale_t, (int mask, const char *name, locale_t base),
     (mask, name, base), NULL_OF(ENOMEM))
/* clang-format on */

/* NOLINTBEGIN(bugprone-reserved-identifier) */
int __real_openat(int at, const char *path, int flags, ...);
int __wrap_openat(int at, const char *path, int flags, ...);
int __real_fcntl(int fd, int what, ...);
int __wrap_fcntl(int fd, int what, ...);
int __real_close(int fd);
int __wrap_close(int fd);

int __wrap_openat(int at, const char *path, int flags, ...) {
    va_list ap;
    va_start(ap, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(ap, mode_t) : 0;
    va_end(ap);
    return wrap_fails(WRAP_FILE) ? NO(EMFILE) : __real_openat(at, path, flags, mode);
}

/* Every argument of it fits a pointer. */
int __wrap_fcntl(int fd, int what, ...) {
    va_list ap;
    va_start(ap, what);
    void *argument = va_arg(ap, void *);
    va_end(ap);
    return wrap_fails(WRAP_FILE) ? NO(ENOLCK) : __real_fcntl(fd, what, argument);
}

/* Closed it is in any case, as Linux does. */
int __wrap_close(int fd) {
    int rc = __real_close(fd);
    return wrap_fails(WRAP_FILE) ? NO(EIO) : rc;
}
/* NOLINTEND(bugprone-reserved-identifier) */
