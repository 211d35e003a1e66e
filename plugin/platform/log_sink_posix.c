#include "log_sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct log_sink {
    int fd;
};

static int open_regular(const char *path) {
    int fd = open(
        path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, 0600);
    struct stat st;
    if (fd >= 0 && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))) {
        close(fd);
        errno = EINVAL;
        fd = -1;
    }
    return fd;
}

int32_t log_sink_open(const char *path, struct log_sink **out, struct fault *why) {
    *out = NULL;
    struct log_sink *sink = calloc(1, sizeof *sink);
    if (sink == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    sink->fd = open_regular(path);
    if (sink->fd < 0) {
        int error = errno;
        free(sink);
        return fault_set(why, SHK_E_FOLDER_WRITE, SHK_NATIVE_OS, error, "log");
    }
    *out = sink;
    return SHK_OK;
}

void log_sink_write(struct log_sink *sink, const char *line, size_t n) {
    while (write(sink->fd, line, n) < 0 && errno == EINTR) {
    }
}

void log_sink_close(struct log_sink **sink) {
    if (*sink != NULL) {
        close((*sink)->fd);
        free(*sink);
        *sink = NULL;
    }
}
