#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run_folder.h"
#include "thread.h"

#define PATH_ROOM 1024

static char folder[PATH_ROOM];
static bool found;

/* A folder, no link, that nobody else can write to. */
static bool is_own(const char *path) {
    struct stat st;
    return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
           (st.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static bool make(const char *parent, const char *name) {
    int n = snprintf(folder, sizeof folder, "%s/%s", parent, name);
    if (n <= 0 || n >= PATH_ROOM) {
        return false;
    }
    mkdir(folder, S_IRWXU);
    return is_own(folder);
}

/* Once. The folder of the login, which is gone at the next start; else one in /tmp. */
static void find(void) {
    const char *login = getenv("XDG_RUNTIME_DIR");
    char name[32];
    if (login != NULL && login[0] == '/' && is_own(login)) {
        found = make(login, "shikaku");
        return;
    }
    snprintf(name, sizeof name, "shikaku-%lu", (unsigned long)geteuid());
    found = make("/tmp", name);
}

const char *platform_run_folder(void) {
    run_once(find);
    return found ? folder : NULL;
}
