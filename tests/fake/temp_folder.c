#include "temp_folder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bytes.h"

#define NOBODY 65534

bool temp_folder_make(struct temp_folder *f) {
    text_copy(f->path, sizeof f->path, "/tmp/shikaku-test-XXXXXX");
    return mkdtemp(f->path) != NULL;
}

const char *temp_path(const struct temp_folder *f, const char *name) {
    static _Thread_local char paths[4][512];
    static _Thread_local unsigned next;
    char *path = paths[next++ % 4];
    text_format(path, sizeof paths[0], "%s/%s", f->path, name);
    return path;
}

static bool is_dot(const char *name) {
    return text_equal(name, ".") || text_equal(name, "..");
}

void temp_folder_remove(struct temp_folder *f) {
    chmod(f->path, 0700);
    DIR *dir = opendir(f->path);
    const struct dirent *entry = NULL;
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (!is_dot(entry->d_name)) {
            remove(temp_path(f, entry->d_name));
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    rmdir(f->path);
}

void temp_write(const struct temp_folder *f, const char *name, const char *content) {
    FILE *file = fopen(temp_path(f, name), "wb");
    if (file != NULL) {
        fwrite(content, 1, strlen(content), file);
        fclose(file);
    }
}

bool temp_holds(const struct temp_folder *f, const char *name, const char *content) {
    size_t n = strlen(content);
    char *there = calloc(1, n + 2);
    FILE *file = fopen(temp_path(f, name), "rb");
    bool same = file != NULL && there != NULL && fread(there, 1, n + 1, file) == n &&
                memcmp(there, content, n) == 0;
    if (file != NULL) {
        fclose(file);
    }
    free(there);
    return same;
}

bool temp_exists(const struct temp_folder *f, const char *name) {
    struct stat st;
    return lstat(temp_path(f, name), &st) == 0;
}

int temp_mode(const struct temp_folder *f, const char *name) {
    struct stat st;
    return stat(temp_path(f, name), &st) == 0 ? (int)(st.st_mode & 07777) : -1;
}

size_t temp_count(const struct temp_folder *f, const char *prefix) {
    size_t n = 0;
    DIR *dir = opendir(f->path);
    const struct dirent *entry = NULL;
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        n += !is_dot(entry->d_name) && text_starts(entry->d_name, prefix) ? 1 : 0;
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return n;
}

int temp_as_nobody(int (*body)(void *self), void *self) {
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        if (getuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0)) {
            _exit(99);
        }
        _exit(body(self));
    }
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) {
        return -1;
    }
    return WEXITSTATUS(status);
}
