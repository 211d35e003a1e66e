#include "aside.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "platform.h"
#include "wide_win32.h"

struct aside {
    HANDLE file;
    wchar_t *path;
    bool failed, named;
};

#define TRIES 100

/* Behind the folder's name; hidden, so that nobody takes it for a result. */
static wchar_t *name_beside(const char *path, unsigned number) {
    const char *last = platform_last_separator(path);
    size_t folder = last != NULL ? (size_t)(last - path) + 1 : 0;
    char *name = malloc(folder + 40);
    wchar_t *wide = NULL;
    if (name != NULL) {
        memcpy(name, path, folder);
        (void)snprintf(name + folder, 40, ".shikaku-%08x", number);
        wide = wide_new(name);
        free(name);
    }
    return wide;
}

static bool make(struct aside *file, const char *path) {
    unsigned number = (unsigned)GetTickCount64() ^ (GetCurrentProcessId() << 8);
    for (int i = 0; i < TRIES && file->file == INVALID_HANDLE_VALUE; i++) {
        free(file->path);
        file->path = name_beside(path, number + (unsigned)i * 2654435761u);
        file->file = file->path == NULL ? INVALID_HANDLE_VALUE
                                        : CreateFileW(file->path, GENERIC_WRITE | DELETE, 0, NULL,
                                                      CREATE_NEW, FILE_ATTRIBUTE_HIDDEN, NULL);
        if (file->path == NULL ||
            (file->file == INVALID_HANDLE_VALUE && GetLastError() != ERROR_FILE_EXISTS)) {
            return file->file != INVALID_HANDLE_VALUE;
        }
    }
    return file->file != INVALID_HANDLE_VALUE;
}

struct aside *aside_new(const char *path) {
    struct aside *file = calloc(1, sizeof *file);
    if (file == NULL) {
        return NULL;
    }
    file->file = INVALID_HANDLE_VALUE;
    if (!make(file, path)) {
        file->named = true;
        aside_free(&file);
    }
    return file;
}

void aside_write(struct aside *file, const void *p, size_t n) {
    const char *at = p;
    while (!file->failed && n > 0) {
        DWORD part = n > 1u << 20 ? 1u << 20 : (DWORD)n;
        DWORD written = 0;
        file->failed = !WriteFile(file->file, at, part, &written, NULL) || written == 0;
        at += written;
        n -= written;
    }
}

static bool finish(struct aside *file, bool durable) {
    if (file->file != INVALID_HANDLE_VALUE) {
        file->failed = file->failed || (durable && !FlushFileBuffers(file->file));
        file->failed = !CloseHandle(file->file) || file->failed;
        file->file = INVALID_HANDLE_VALUE;
    }
    return !file->failed;
}

enum aside_end aside_name(struct aside *file, const char *path, bool replace, bool durable) {
    wchar_t *to = wide_new(path);
    enum aside_end end = ASIDE_FAILED;
    DWORD flags =
        (replace ? MOVEFILE_REPLACE_EXISTING : 0) | (durable ? MOVEFILE_WRITE_THROUGH : 0);
    if (to != NULL && finish(file, durable)) {
        SetFileAttributesW(file->path, FILE_ATTRIBUTE_NORMAL); /* hidden no longer */
        file->named = MoveFileExW(file->path, to, flags);
        DWORD said = GetLastError();
        bool taken = !replace && (said == ERROR_ALREADY_EXISTS || said == ERROR_FILE_EXISTS);
        end = file->named ? ASIDE_NAMED : taken ? ASIDE_EXISTS : ASIDE_FAILED;
    }
    free(to);
    return end;
}

void aside_free(struct aside **file) {
    if (*file == NULL) {
        return;
    }
    (void)finish(*file, false);
    if (!(*file)->named) {
        DeleteFileW((*file)->path);
    }
    free((*file)->path);
    free(*file);
    *file = NULL;
}

static DWORD attributes(const char *path) {
    wchar_t *wide = wide_new(path);
    DWORD found = wide != NULL ? GetFileAttributesW(wide) : INVALID_FILE_ATTRIBUTES;
    free(wide);
    return found;
}

enum aside_place aside_look(const char *path) {
    DWORD found = attributes(path);
    if (found == INVALID_FILE_ATTRIBUTES) {
        return ASIDE_FREE;
    }
    DWORD other = FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_DEVICE | FILE_ATTRIBUTE_REPARSE_POINT;
    return (found & other) == 0 ? ASIDE_TAKEN : ASIDE_NO_FILE;
}

bool aside_is_folder(const char *path) {
    DWORD found = attributes(path);
    return found != INVALID_FILE_ATTRIBUTES && (found & FILE_ATTRIBUTE_DIRECTORY) != 0;
}
