#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): renameat2 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_parts.h"
#include "file_steps_posix.h"
#include "file_sweep.h"
#include "platform.h"

#define TEMP_TRIES   8
#define ACCESS_BITS  0777u
#define GROUP_ACCESS 0070u

/* A file on its way: the open folder, its final name in it and the temporary one. */
struct putting {
    int folder, fd;
    const char *name;
    char temp[PLATFORM_TEMP_NAME_MAX];
    bool temp_there, old_there;
    struct stat old; /* the file that is replaced */
};

static int32_t open_temp(struct putting *put, struct fault *why) {
    for (int i = 0; i < TEMP_TRIES; i++) {
        if (platform_temp_name(put->temp) != SHK_OK) {
            return fault_raise(why, SHK_E_INTERNAL);
        }
        put->fd = openat(put->folder, put->temp,
                         O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (put->fd >= 0) {
            put->temp_there = true;
            return SHK_OK;
        }
        if (errno != EEXIST) {
            break;
        }
    }
    return platform_file_fault(why, errno);
}

/* A file that is replaced keeps its owner and its mode as far as we may give them. Where the group
 * cannot be kept its access goes too: it would fall to a group that was never meant. */
static int32_t take_mode(struct putting *put, struct fault *why) {
    struct stat own;
    const struct stat *old = &put->old;
    if (fstatat(put->folder, put->name, &put->old, AT_SYMLINK_NOFOLLOW) != 0) {
        return errno == ENOENT ? SHK_OK : platform_file_fault(why, errno);
    }
    if (!S_ISREG(old->st_mode)) {
        return platform_file_fault(why, S_ISLNK(old->st_mode) ? ELOOP : EISDIR);
    }
    put->old_there = true;
    if (fchown(put->fd, old->st_uid, old->st_gid) != 0) {
        (void)!fchown(put->fd, (uid_t)-1, old->st_gid);
    }
    if (fstat(put->fd, &own) != 0) {
        return platform_file_fault(why, errno);
    }
    mode_t mode = old->st_mode & ACCESS_BITS;
    if (own.st_gid != old->st_gid) {
        mode &= ~(mode_t)GROUP_ACCESS;
    }
    return fchmod(put->fd, mode) == 0 ? SHK_OK : platform_file_fault(why, errno);
}

static int32_t close_temp(struct putting *put, struct fault *why) {
    int fd = put->fd;
    put->fd = -1;
    if (file_sync(fd) != 0) {
        int error = errno;
        close(fd);
        return platform_file_fault(why, error);
    }
    /* After EINTR the descriptor is closed all the same, and the data is on the disk already. */
    return close(fd) == 0 || errno == EINTR ? SHK_OK : platform_file_fault(why, errno);
}

/* Not every file system knows RENAME_NOREPLACE; a hard link refuses an existing name as well. */
static int name_new(const struct putting *put) {
    int rc = renameat2(put->folder, put->temp, put->folder, put->name, RENAME_NOREPLACE);
    if (rc == 0 || (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)) {
        return rc;
    }
    rc = linkat(put->folder, put->temp, put->folder, put->name, 0);
    if (rc == 0) {
        (void)unlinkat(put->folder, put->temp, 0);
    }
    return rc;
}

/* A host may take the file in while ours is flushed; what it has taken must not come back. */
static bool old_is_same(const struct putting *put) {
    struct stat now;
    const struct stat *old = &put->old;
    if (fstatat(put->folder, put->name, &now, AT_SYMLINK_NOFOLLOW) != 0) {
        return !put->old_there;
    }
    return put->old_there && now.st_dev == old->st_dev && now.st_ino == old->st_ino &&
           now.st_size == old->st_size && now.st_mtim.tv_sec == old->st_mtim.tv_sec &&
           now.st_mtim.tv_nsec == old->st_mtim.tv_nsec;
}

static int32_t give_name(struct putting *put, bool replace, struct fault *why) {
    if (replace && !old_is_same(put)) {
        return platform_file_fault(why, EEXIST);
    }
    int rc = replace ? renameat(put->folder, put->temp, put->folder, put->name) : name_new(put);
    if (rc != 0) {
        return platform_file_fault(why, errno);
    }
    put->temp_there = false;
    /* The content is on the disk and everybody sees the name: a fault now would make a second delivery
     * of it. Only a power failure within seconds could still take the name back. */
    (void)file_sync(put->folder);
    return SHK_OK;
}

static int32_t put_steps(struct putting *put, const uint8_t *p, size_t n, bool replace,
                         struct fault *why) {
    int32_t rc = open_temp(put, why);
    if (rc == SHK_OK && replace) {
        rc = take_mode(put, why);
    }
    if (rc == SHK_OK) {
        rc = file_write_all(put->fd, p, n, why);
    }
    if (rc == SHK_OK) {
        rc = close_temp(put, why);
    }
    return rc == SHK_OK ? give_name(put, replace, why) : rc;
}

int32_t platform_file_put(void *self, const char *path, const uint8_t *p, size_t n, bool replace,
                          struct fault *why) {
    (void)self;
    struct putting put = {.folder = -1, .fd = -1};
    int32_t rc = file_open_folder(path, &put.folder, &put.name, why);
    if (rc != SHK_OK) {
        return rc;
    }
    rc = put_steps(&put, p, n, replace, why);
    if (rc == SHK_OK) {
        platform_sweep_beside(path);
    }
    if (put.fd >= 0) {
        close(put.fd);
    }
    if (put.temp_there) {
        (void)unlinkat(put.folder, put.temp, 0);
    }
    close(put.folder);
    return rc;
}
