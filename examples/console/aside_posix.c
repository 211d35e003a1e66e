#include "aside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct aside {
    FILE *stream;
    char *path;
    bool failed, named;
};

/* Behind the folder's name; hidden, so that nobody takes it for a result. */
static const char pattern[] = ".shikaku-XXXXXX";

static char *name_beside(const char *path) {
    const char *slash = strrchr(path, '/');
    size_t folder = slash != NULL ? (size_t)(slash - path) + 1 : 0;
    char *name = malloc(folder + sizeof pattern);
    if (name != NULL) {
        memcpy(name, path, folder);
        memcpy(name + folder, pattern, sizeof pattern);
    }
    return name;
}

/* mkstemp makes it for nobody else to read. */
struct aside *aside_new(const char *path) {
    struct aside *file = calloc(1, sizeof *file);
    if (file == NULL) {
        return NULL;
    }
    file->named = true;
    file->path = name_beside(path);
    int fd = file->path != NULL ? mkstemp(file->path) : -1;
    file->named = fd < 0;
    file->stream = fd >= 0 ? fdopen(fd, "wb") : NULL;
    if (file->stream == NULL) {
        if (fd >= 0) {
            (void)close(fd);
        }
        aside_free(&file);
    }
    return file;
}

void aside_write(struct aside *file, const void *p, size_t n) {
    file->failed = file->failed || (n > 0 && fwrite(p, 1, n, file->stream) != n);
}

static bool finish(struct aside *file, bool durable) {
    if (file->stream == NULL) {
        return true;
    }
    bool good = !file->failed && fflush(file->stream) == 0 &&
                (!durable || fsync(fileno(file->stream)) == 0);
    good = fclose(file->stream) == 0 && good;
    file->stream = NULL;
    file->failed = !good;
    return good;
}

/* A link never replaces anything; a rename does, and some file systems know no links. */
static enum aside_end name_new(const char *from, const char *to) {
    if (link(from, to) == 0) {
        (void)unlink(from);
        return ASIDE_NAMED;
    }
    if (errno == EEXIST || aside_look(to) != ASIDE_FREE) {
        return ASIDE_EXISTS;
    }
    bool no_links = errno == EPERM || errno == ENOSYS || errno == EOPNOTSUPP;
    return no_links && rename(from, to) == 0 ? ASIDE_NAMED : ASIDE_FAILED;
}

enum aside_end aside_name(struct aside *file, const char *path, bool replace, bool durable) {
    if (!finish(file, durable) || file->failed) {
        return ASIDE_FAILED;
    }
    enum aside_end end = ASIDE_FAILED;
    if (!replace) {
        end = name_new(file->path, path);
    } else if (rename(file->path, path) == 0) {
        end = ASIDE_NAMED;
    }
    file->named = end == ASIDE_NAMED;
    return end;
}

void aside_free(struct aside **file) {
    if (*file == NULL) {
        return;
    }
    if ((*file)->stream != NULL) {
        (void)fclose((*file)->stream);
    }
    if (!(*file)->named) {
        (void)unlink((*file)->path);
    }
    free((*file)->path);
    free(*file);
    *file = NULL;
}

/* A link to a file is not the file: a rename would put the link away. */
enum aside_place aside_look(const char *path) {
    struct stat st;
    if (lstat(path, &st) != 0) {
        return ASIDE_FREE;
    }
    return S_ISREG(st.st_mode) ? ASIDE_TAKEN : ASIDE_NO_FILE;
}

bool aside_is_folder(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}
