#include "file_sweep.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform.h"

/* Both times come from the folder's own file system, whose clock may not be ours. */
static bool is_stale(int folder, const char *name, int64_t now_s) {
    struct stat st;
    return platform_is_temp_name(name) && fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(st.st_mode) && now_s - (int64_t)st.st_mtime > PLATFORM_TEMP_STALE_S;
}

static DIR *open_folder(const char *path) {
    const char *slash = strrchr(path, '/');
    char *folder = slash == NULL ? text_dup(".") : text_dup_n(path, (size_t)(slash - path) + 1);
    DIR *dir = folder != NULL ? opendir(folder) : NULL;
    free(folder);
    return dir;
}

void platform_sweep_beside(const char *path) {
    struct stat st;
    DIR *dir = stat(path, &st) == 0 ? open_folder(path) : NULL;
    if (dir == NULL) {
        return;
    }
    const struct dirent *entry = NULL;
    while ((entry = readdir(dir)) != NULL) {
        if (is_stale(dirfd(dir), entry->d_name, (int64_t)st.st_mtime)) {
            (void)unlinkat(dirfd(dir), entry->d_name, 0);
        }
    }
    closedir(dir);
}
