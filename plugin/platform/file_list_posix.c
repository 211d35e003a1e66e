#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string.h>

#include "file_parts.h"
#include "file_steps_posix.h"
#include "platform.h"
#include "text.h"

/* Who is told of what; one of the two is null. */
struct telling {
    bool (*file)(void *who, const struct file_entry *entry);
    bool (*folder)(void *who, const char *name);
    void *who;
};

static bool is_dots(const char *name) {
    return text_equal(name, ".") || text_equal(name, "..");
}

/* A name that is not UTF-8 cannot be told; a link is neither a plain file nor a folder. What went meanwhile
 * is no fault. */
static int32_t tell(DIR *dir, const char *name, const struct telling *t, bool *more,
                    struct fault *why) {
    struct stat st;
    if (platform_is_unfinished(name) || is_dots(name) || !utf8_valid(name, strlen(name))) {
        return SHK_OK;
    }
    if (fstatat(dirfd(dir), name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        return file_is_gone(errno) ? SHK_OK : platform_file_fault(why, errno);
    }
    if (S_ISREG(st.st_mode) && t->file != NULL) {
        const struct file_entry entry = {name, (uint64_t)st.st_size, (int64_t)st.st_mtime};
        *more = t->file(t->who, &entry);
    } else if (S_ISDIR(st.st_mode) && t->folder != NULL) {
        *more = t->folder(t->who, name);
    }
    return SHK_OK;
}

static int32_t walk(const char *folder, const struct telling *t, struct fault *why) {
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return file_is_gone(errno)
                   ? fault_set(why, SHK_E_FOLDER_MISSING, SHK_NATIVE_OS, errno, NULL)
                   : platform_file_fault(why, errno);
    }
    int32_t rc = SHK_OK;
    for (bool more = true; rc == SHK_OK && more;) {
        errno = 0;
        const struct dirent *entry = readdir(dir);
        if (entry == NULL) {
            rc = errno != 0 ? platform_file_fault(why, errno) : SHK_OK;
            break;
        }
        rc = tell(dir, entry->d_name, t, &more, why);
    }
    closedir(dir);
    return rc;
}

int32_t platform_file_list(void *self, const char *folder,
                           bool (*each)(void *who, const struct file_entry *entry), void *who,
                           struct fault *why) {
    const struct telling t = {.file = each, .who = who};
    (void)self;
    return walk(folder, &t, why);
}

int32_t platform_file_list_folders(void *self, const char *folder,
                                   bool (*each)(void *who, const char *name), void *who,
                                   struct fault *why) {
    const struct telling t = {.folder = each, .who = who};
    (void)self;
    return walk(folder, &t, why);
}

int32_t platform_file_remove(void *self, const char *path, struct fault *why) {
    (void)self;
    if (unlink(path) == 0) {
        return SHK_OK;
    }
    return file_is_gone(errno) ? fault_set(why, SHK_E_ABSENT, SHK_NATIVE_OS, errno, NULL)
                               : platform_file_fault(why, errno);
}
