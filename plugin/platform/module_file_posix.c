#include "module_file.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes.h"

/* Whoever may write here decides what the host program runs. */
static bool is_ours_alone(const struct stat *s) {
    return (s->st_uid == 0 || s->st_uid == geteuid()) && (s->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static int32_t refuse(struct fault *why, int error, const char *where) {
    return fault_set(why, SHK_E_MODULE_FILE, error != 0 ? SHK_NATIVE_OS : SHK_NATIVE_NONE, error,
                     where);
}

int32_t module_file_check(const char *folder, const char *name, char path[MODULE_PATH_MAX],
                          struct fault *why) {
    struct stat s;
    char file[MODULE_PATH_MAX];
    text_format(file, sizeof file, "%s%s", name, MODULE_FILE_ENDING);
    path[0] = '\0';
    if (folder[0] != '/' || stat(folder, &s) != 0) {
        return refuse(why, folder[0] == '/' ? errno : 0, "adapters.folder");
    }
    if (!S_ISDIR(s.st_mode) || !is_ours_alone(&s)) {
        return refuse(why, S_ISDIR(s.st_mode) ? EACCES : ENOTDIR, "adapters.folder");
    }
    if (text_format(path, MODULE_PATH_MAX, "%s/%s", folder, file) >= MODULE_PATH_MAX) {
        return refuse(why, ENAMETOOLONG, "adapters.folder");
    }
    if (lstat(path, &s) != 0) {
        return refuse(why, errno, file);
    }
    bool good = S_ISREG(s.st_mode) && is_ours_alone(&s);
    return good ? SHK_OK : refuse(why, S_ISREG(s.st_mode) ? EACCES : ENOENT, file);
}
