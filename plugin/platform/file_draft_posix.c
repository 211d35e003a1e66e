#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): renameat2 */
#include "file_draft_posix.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_steps_posix.h"

#define TEMP_TRIES   8
#define ACCESS_BITS  0777u
#define GROUP_ACCESS 0070u

int32_t file_draft_open(struct file_draft *draft, const char *path, struct fault *why) {
    *draft = (struct file_draft){.folder = -1, .fd = -1};
    return file_open_folder(path, &draft->folder, &draft->name, why);
}

static struct file_old old_of(const struct stat *st) {
    return (struct file_old){.device = (uint64_t)st->st_dev,
                             .number = (uint64_t)st->st_ino,
                             .size = (int64_t)st->st_size,
                             .time_s = (int64_t)st->st_mtim.tv_sec,
                             .time_ns = (int64_t)st->st_mtim.tv_nsec,
                             .mode = (uint32_t)st->st_mode,
                             .owner = (uint32_t)st->st_uid,
                             .group = (uint32_t)st->st_gid};
}

int32_t file_draft_remember(struct file_draft *draft, struct fault *why) {
    struct stat st;
    draft->old_there = false;
    if (fstatat(draft->folder, draft->name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        return errno == ENOENT ? SHK_OK : platform_file_fault(why, errno);
    }
    if (!S_ISREG(st.st_mode)) {
        return platform_file_fault(why, S_ISLNK(st.st_mode) ? ELOOP : EISDIR);
    }
    draft->old_there = true;
    draft->old = old_of(&st);
    return SHK_OK;
}

static int32_t open_temp(struct file_draft *draft, struct fault *why) {
    for (int i = 0; i < TEMP_TRIES; i++) {
        if (platform_temp_name(draft->temp) != SHK_OK) {
            return fault_raise(why, SHK_E_INTERNAL);
        }
        draft->fd = openat(draft->folder, draft->temp,
                           O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (draft->fd >= 0) {
            draft->temp_there = true;
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
static int32_t take_mode(const struct file_draft *draft, struct fault *why) {
    struct stat own;
    const struct file_old *old = &draft->old;
    if (!draft->old_there) {
        return SHK_OK;
    }
    if (fchown(draft->fd, (uid_t)old->owner, (gid_t)old->group) != 0) {
        (void)!fchown(draft->fd, (uid_t)-1, (gid_t)old->group);
    }
    if (fstat(draft->fd, &own) != 0) {
        return platform_file_fault(why, errno);
    }
    mode_t mode = (mode_t)(old->mode & ACCESS_BITS);
    if ((uint32_t)own.st_gid != old->group) {
        mode &= ~(mode_t)GROUP_ACCESS;
    }
    return fchmod(draft->fd, mode) == 0 ? SHK_OK : platform_file_fault(why, errno);
}

static int32_t close_temp(struct file_draft *draft, struct fault *why) {
    int fd = draft->fd;
    draft->fd = -1;
    if (file_sync(fd) != 0) {
        int error = errno;
        close(fd);
        return platform_file_fault(why, error);
    }
    /* After EINTR the descriptor is closed all the same, and the data is on the disk already. */
    return close(fd) == 0 || errno == EINTR ? SHK_OK : platform_file_fault(why, errno);
}

int32_t file_draft_write(struct file_draft *draft, const uint8_t *p, size_t n, bool replace,
                         struct fault *why) {
    int32_t rc = open_temp(draft, why);
    if (rc == SHK_OK && replace) {
        rc = take_mode(draft, why);
    }
    if (rc == SHK_OK) {
        rc = file_write_all(draft->fd, p, n, why);
    }
    return rc == SHK_OK ? close_temp(draft, why) : rc;
}

/* Not every file system knows RENAME_NOREPLACE; a hard link refuses an existing name as well. */
static int name_new(const struct file_draft *draft, const char *from) {
    int rc = renameat2(draft->folder, from, draft->folder, draft->name, RENAME_NOREPLACE);
    if (rc == 0 || (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)) {
        return rc;
    }
    rc = linkat(draft->folder, from, draft->folder, draft->name, 0);
    if (rc == 0) {
        (void)unlinkat(draft->folder, from, 0);
    }
    return rc;
}

/* A host may take the file in while ours is flushed; what it has taken must not come back. */
static bool old_is_same(const struct file_draft *draft) {
    struct stat st;
    const struct file_old *old = &draft->old;
    if (fstatat(draft->folder, draft->name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        return !draft->old_there;
    }
    const struct file_old now = old_of(&st);
    return draft->old_there && now.device == old->device && now.number == old->number &&
           now.size == old->size && now.time_s == old->time_s && now.time_ns == old->time_ns;
}

int file_draft_publish(const struct file_draft *draft, const char *from, bool replace) {
    if (replace && !old_is_same(draft)) {
        return EEXIST;
    }
    int rc =
        replace ? renameat(draft->folder, from, draft->folder, draft->name) : name_new(draft, from);
    if (rc != 0) {
        return errno;
    }
    /* The content is on the disk and everybody sees the name: a fault now would make a second delivery
     * of it. Only a power failure within seconds could still take the name back. */
    (void)file_sync(draft->folder);
    return 0;
}

void file_draft_close(struct file_draft *draft) {
    if (draft->fd >= 0) {
        close(draft->fd);
    }
    if (draft->temp_there) {
        (void)unlinkat(draft->folder, draft->temp, 0);
    }
    if (draft->folder >= 0) {
        close(draft->folder);
    }
    *draft = (struct file_draft){.folder = -1, .fd = -1};
}
