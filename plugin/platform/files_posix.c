#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_parts.h"
#include "file_steps_posix.h"
#include "platform.h"

#define READ_CHUNK 65536u

int32_t platform_file_fault(struct fault *why, int32_t native) {
    int32_t code = SHK_E_FOLDER_WRITE;
    switch (native) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        code = SHK_E_DISK_FULL;
        break;
    case EBUSY:
    case ETXTBSY:
        code = SHK_E_FOLDER_LOCKED;
        break;
    case EEXIST:
        code = SHK_E_FILE_EXISTS;
        break;
    case ENOMEM:
        code = SHK_E_MEMORY;
        break;
    /* The folder, or the share that it lies on, went away. */
    case ENOENT:
    case ENOTDIR:
    case ESTALE:
    case ENETDOWN:
    case ENETUNREACH:
    case ENETRESET:
    case ECONNABORTED:
    case ECONNRESET:
    case ENOTCONN:
    case ETIMEDOUT:
    case EHOSTDOWN:
    case EHOSTUNREACH:
        code = SHK_E_FOLDER_MISSING;
        break;
    default:
        break;
    }
    return fault_set(why, code, SHK_NATIVE_OS, native, NULL);
}

bool file_is_gone(int error) {
    return error == ENOENT || error == ENOTDIR;
}

static int32_t read_all(int fd, size_t max, struct bytes *out, struct fault *why) {
    for (;;) {
        if (bytes_reserve(out, out->n + READ_CHUNK) != SHK_OK) {
            return fault_raise(why, SHK_E_MEMORY);
        }
        ssize_t n = read(fd, out->p + out->n, READ_CHUNK);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return platform_file_fault(why, errno);
        }
        if (n == 0) {
            return SHK_OK;
        }
        out->n += (size_t)n;
        out->p[out->n] = 0;
        if (out->n > max) {
            return fault_raise(why, SHK_E_ARGUMENT);
        }
    }
}

static int32_t open_kind(const char *path, bool pipe, int *fd, uint64_t *size, struct fault *why) {
    struct stat st;
    /* O_NONBLOCK: a named pipe of that name must not hold us. */
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (*fd < 0) {
        return file_is_gone(errno) ? fault_set(why, SHK_E_ABSENT, SHK_NATIVE_OS, errno, NULL)
                                   : platform_file_fault(why, errno);
    }
    int error = fstat(*fd, &st) != 0 ? errno : S_ISDIR(st.st_mode) ? EISDIR : 0;
    if (error == 0 && !S_ISREG(st.st_mode) && !(pipe && S_ISFIFO(st.st_mode))) {
        error = ENODEV;
    }
    if (error != 0) {
        close(*fd);
        *fd = -1;
        return platform_file_fault(why, error);
    }
    *size = (uint64_t)st.st_size;
    return SHK_OK;
}

int32_t file_open_plain(const char *path, int *fd, uint64_t *size, struct fault *why) {
    return open_kind(path, false, fd, size, why);
}

int32_t file_open_input(const char *path, int *fd, uint64_t *size, struct fault *why) {
    return open_kind(path, true, fd, size, why);
}

static int32_t files_read(void *self, const char *path, size_t max, struct bytes *out,
                          struct fault *why) {
    (void)self;
    int fd = -1;
    uint64_t size = 0;
    bytes_clear(out);
    int32_t rc = file_open_plain(path, &fd, &size, why);
    if (rc == SHK_OK && size > max) {
        rc = fault_raise(why, SHK_E_ARGUMENT);
    }
    if (rc == SHK_OK && bytes_reserve(out, (size_t)size + READ_CHUNK) != SHK_OK) {
        rc = fault_raise(why, SHK_E_MEMORY);
    }
    if (rc == SHK_OK) {
        rc = read_all(fd, max, out, why);
    }
    if (fd >= 0) {
        close(fd);
    }
    if (rc != SHK_OK) {
        bytes_clear(out);
    }
    return rc;
}

int32_t file_open_folder(const char *path, int *folder, const char **name, struct fault *why) {
    const char *slash = strrchr(path, '/');
    *name = slash != NULL ? slash + 1 : path;
    if ((*name)[0] == '\0') {
        return platform_file_fault(why, EISDIR);
    }
    size_t n = slash == NULL ? 1 : slash == path ? 1 : (size_t)(slash - path);
    char *place = text_dup_n(slash == NULL ? "." : path, n);
    if (place == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    *folder = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int error = errno;
    free(place);
    if (*folder >= 0) {
        return SHK_OK;
    }
    return file_is_gone(error) ? fault_set(why, SHK_E_FOLDER_MISSING, SHK_NATIVE_OS, error, NULL)
                               : platform_file_fault(why, error);
}

int32_t file_write_all(int fd, const uint8_t *p, size_t n, struct fault *why) {
    while (n > 0) {
        ssize_t written = write(fd, p, n);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return platform_file_fault(why, written < 0 ? errno : ENOSPC);
        }
        p += written;
        n -= (size_t)written;
    }
    return SHK_OK;
}

int file_sync(int fd) {
    int rc;
    do {
        rc = fsync(fd);
    } while (rc != 0 && errno == EINTR);
    return rc;
}

static bool files_is_folder(void *self, const char *path) {
    (void)self;
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool files_is_private(void *self, const char *path) {
    (void)self;
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
           (st.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

const struct file_ops platform_files = {
    .read = files_read,
    .put = platform_file_put,
    .is_folder = files_is_folder,
    .lock = platform_file_lock,
    .unlock = platform_file_unlock,
    .list = platform_file_list,
    .remove = platform_file_remove,
    .open = platform_file_open,
    .open_input = platform_file_open_input,
    .next = platform_file_next,
    .close = platform_file_close,
    .write_at = platform_file_write_at,
    .watch = platform_file_watch,
    .changed = platform_file_changed,
    .unwatch = platform_file_unwatch,
    .make_folder = platform_file_make_folder,
    .list_folders = platform_file_list_folders,
    .is_private = files_is_private,
    .stage = platform_file_stage,
    .publish = platform_file_publish,
    .unstage = platform_file_unstage,
};
