#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): realpath */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes.h"
#include "db_parts.h"
#include "platform.h"

static int32_t refuse(int error, struct fault *why) {
    int32_t code = platform_file_fault(NULL, error);
    if (code != SHK_E_MEMORY) {
        code = code == SHK_E_DISK_FULL ? SHK_E_STORE_FULL : SHK_E_STORE_OPEN;
    }
    return fault_set(why, code, SHK_NATIVE_OS, error, NULL);
}

/* Only the folder may be reached by links. */
static int32_t find_real(const char *path, char **real, struct fault *why) {
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    size_t n = slash == NULL || slash == path ? 1 : (size_t)(slash - path);
    if (name[0] == '\0') {
        return refuse(EISDIR, why);
    }
    struct bytes joined = {0};
    char *place = text_dup_n(slash == NULL ? "." : path, n);
    char *folder = place != NULL ? realpath(place, NULL) : NULL;
    int error = place != NULL ? errno : ENOMEM;
    free(place);
    if (folder == NULL) {
        return refuse(error, why);
    }
    int32_t rc = bytes_append_text(&joined, folder);
    rc = rc == SHK_OK ? bytes_append_text(&joined, "/") : rc;
    rc = rc == SHK_OK ? bytes_append_text(&joined, name) : rc;
    *real = rc == SHK_OK ? text_dup(bytes_text(&joined)) : NULL;
    bytes_clear(&joined);
    free(folder);
    return SHK_OK;
}

/* A file that is there is never opened here: closing it would give up the locks that another connection of this
 * process has on it. */
static int32_t tighten(const char *path, struct fault *why) {
    struct stat st;
    if (lstat(path, &st) != 0) {
        return errno == ENOENT ? SHK_OK : refuse(errno, why);
    }
    if (!S_ISREG(st.st_mode)) {
        return refuse(S_ISLNK(st.st_mode) ? ELOOP : ENODEV, why);
    }
    if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        /* A file system without modes, or a file of someone else's: what matters in it is sealed. */
        (void)!fchmodat(AT_FDCWD, path, S_IRUSR | S_IWUSR, AT_SYMLINK_NOFOLLOW);
    }
    return SHK_OK;
}

static int32_t tighten_all(const char *path, struct fault *why) {
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    int32_t rc = SHK_OK;
    for (size_t i = 0; i < sizeof endings / sizeof endings[0] && rc == SHK_OK; i++) {
        struct bytes name = {0};
        rc = bytes_append_text(&name, path);
        rc = rc == SHK_OK ? bytes_append_text(&name, endings[i]) : rc;
        rc = rc == SHK_OK ? tighten(bytes_text(&name), why) : fault_raise(why, rc);
        bytes_clear(&name);
    }
    return rc;
}

static int32_t make(const char *path, struct fault *why) {
    if (path == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY,
                  S_IRUSR | S_IWUSR);
    if (fd < 0) {
        return errno == EEXIST ? SHK_OK : refuse(errno, why);
    }
    close(fd);
    return SHK_OK;
}

int32_t db_make_file(const char *path, char **real, struct fault *why) {
    *real = NULL;
    int32_t rc = find_real(path, real, why);
    rc = rc == SHK_OK ? make(*real, why) : rc;
    rc = rc == SHK_OK ? tighten_all(*real, why) : rc;
    if (rc != SHK_OK) {
        free(*real);
        *real = NULL;
    }
    return rc;
}
