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

/* A name that is not UTF-8 cannot be told; a link is not a plain file. A file that went meanwhile is
 * no fault. */
static int32_t tell(DIR *dir, const char *name,
                    bool (*each)(void *who, const struct file_entry *entry), void *who, bool *more,
                    struct fault *why) {
    struct stat st;
    if (platform_is_temp_name(name) || !utf8_valid(name, strlen(name))) {
        return SHK_OK;
    }
    if (fstatat(dirfd(dir), name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        return file_is_gone(errno) ? SHK_OK : platform_file_fault(why, errno);
    }
    if (S_ISREG(st.st_mode)) {
        const struct file_entry entry = {name, (uint64_t)st.st_size, (int64_t)st.st_mtime};
        *more = each(who, &entry);
    }
    return SHK_OK;
}

int32_t platform_file_list(void *self, const char *folder,
                           bool (*each)(void *who, const struct file_entry *entry), void *who,
                           struct fault *why) {
    (void)self;
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
        rc = tell(dir, entry->d_name, each, who, &more, why);
    }
    closedir(dir);
    return rc;
}

int32_t platform_file_remove(void *self, const char *path, struct fault *why) {
    (void)self;
    if (unlink(path) == 0) {
        return SHK_OK;
    }
    return file_is_gone(errno) ? fault_set(why, SHK_E_ABSENT, SHK_NATIVE_OS, errno, NULL)
                               : platform_file_fault(why, errno);
}
