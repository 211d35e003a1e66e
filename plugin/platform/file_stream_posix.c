#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_parts.h"
#include "file_steps_posix.h"
#include "platform.h"

#define PIPE_MS 100 /* between two questions whether to stop */

struct file_stream {
    int fd;
};

typedef int32_t open_function(const char *path, int *fd, uint64_t *size, struct fault *why);

static int32_t open_stream(open_function *open_as, const char *path, void **file,
                           struct fault *why) {
    uint64_t size = 0;
    *file = NULL;
    struct file_stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    int32_t rc = open_as(path, &stream->fd, &size, why);
    if (rc != SHK_OK) {
        free(stream);
        return rc;
    }
    *file = stream;
    return SHK_OK;
}

int32_t platform_file_open(void *self, const char *path, void **file, struct fault *why) {
    (void)self;
    return open_stream(file_open_plain, path, file, why);
}

int32_t platform_file_open_input(void *self, const char *path, void **file, struct fault *why) {
    (void)self;
    return open_stream(file_open_input, path, file, why);
}

/* A plain file is always ready. A pipe that nobody has opened to write yet is not at its end. */
static bool is_ready(const struct file_stream *stream) {
    struct pollfd one = {.fd = stream->fd, .events = POLLIN};
    return poll(&one, 1, PIPE_MS) != 0;
}

int32_t platform_file_next(void *self, void *file, uint8_t *p, size_t cap, size_t *n,
                           struct fault *why) {
    (void)self;
    const struct file_stream *stream = file;
    ssize_t got;
    *n = 0;
    if (!is_ready(stream)) {
        return fault_raise(why, SHK_E_TIMEOUT);
    }
    do {
        got = read(stream->fd, p, cap);
    } while (got < 0 && errno == EINTR);
    if (got < 0 && errno == EAGAIN) {
        return fault_raise(why, SHK_E_TIMEOUT);
    }
    if (got < 0) {
        return platform_file_fault(why, errno);
    }
    *n = (size_t)got;
    return SHK_OK;
}

void platform_file_close(void *self, void *file) {
    (void)self;
    struct file_stream *stream = file;
    if (stream != NULL) {
        close(stream->fd);
        free(stream);
    }
}

/* A file in a folder, opened to be written on. */
struct writing {
    int folder, fd;
    const char *name;
    bool made;
};

static int32_t open_or_make(struct writing *w, uint64_t at, struct fault *why) {
    const int flags = O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK;
    w->fd = openat(w->folder, w->name, flags);
    if (w->fd < 0 && errno == ENOENT && at == 0) {
        w->fd = openat(w->folder, w->name, flags | O_CREAT | O_EXCL, 0600);
        w->made = w->fd >= 0;
    }
    if (w->fd >= 0) {
        return SHK_OK;
    }
    return errno == ENOENT ? fault_set(why, SHK_E_ABSENT, SHK_NATIVE_OS, errno, NULL)
                           : platform_file_fault(why, errno);
}

/* First cut, then written: at no moment do new bytes stand before old ones. */
static int32_t cut(const struct writing *w, uint64_t at, struct fault *why) {
    struct stat st;
    if (fstat(w->fd, &st) != 0) {
        return platform_file_fault(why, errno);
    }
    if (!S_ISREG(st.st_mode)) {
        return platform_file_fault(why, EISDIR);
    }
    if ((uint64_t)st.st_size < at) {
        return fault_raise(why, SHK_E_ARGUMENT);
    }
    if (((uint64_t)st.st_size > at && ftruncate(w->fd, (off_t)at) != 0) ||
        lseek(w->fd, (off_t)at, SEEK_SET) < 0) {
        return platform_file_fault(why, errno);
    }
    return SHK_OK;
}

static int32_t finish(struct writing *w, struct fault *why) {
    int fd = w->fd;
    w->fd = -1;
    if (file_sync(fd) != 0) {
        int error = errno;
        close(fd);
        return platform_file_fault(why, error);
    }
    if (close(fd) != 0 && errno != EINTR) {
        return platform_file_fault(why, errno);
    }
    /* EINVAL: a file system whose folders cannot be flushed. */
    if (w->made && file_sync(w->folder) != 0 && errno != EINVAL) {
        return platform_file_fault(why, errno);
    }
    return SHK_OK;
}

int32_t platform_file_write_at(void *self, const char *path, uint64_t at, const uint8_t *p,
                               size_t n, struct fault *why) {
    (void)self;
    struct writing w = {.folder = -1, .fd = -1};
    int32_t rc = file_open_folder(path, &w.folder, &w.name, why);
    if (rc == SHK_OK) {
        rc = open_or_make(&w, at, why);
    }
    if (rc == SHK_OK) {
        rc = cut(&w, at, why);
    }
    if (rc == SHK_OK) {
        rc = file_write_all(w.fd, p, n, why);
    }
    if (rc == SHK_OK) {
        rc = finish(&w, why);
    }
    if (w.fd >= 0) {
        close(w.fd);
    }
    if (w.folder >= 0) {
        close(w.folder);
    }
    return rc;
}
