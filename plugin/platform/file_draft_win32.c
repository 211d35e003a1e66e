#include "file_draft_win32.h"

#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "file_steps_win32.h"
#include "path_win32.h"
#include "platform.h"

#define TEMP_TRIES   8
#define RENAME_TRIES 20 /* a reader that has the file open for a moment is waited for */
#define RENAME_MS    25

int32_t file_draft_open(struct file_draft *draft, const char *path, struct fault *why) {
    *draft = (struct file_draft){.path = path_wide(path), .file = INVALID_HANDLE_VALUE};
    return draft->path != NULL ? SHK_OK : platform_file_fault(why, ERROR_INVALID_NAME);
}

bool file_draft_is_hidden(const wchar_t *path) {
    const wchar_t *slash = wcsrchr(path, L'\\');
    return (slash != NULL ? slash[1] : path[0]) == L'.';
}

static uint64_t joined(DWORD high, DWORD low) {
    return (uint64_t)high << 32 | low;
}

static struct file_old old_of(const BY_HANDLE_FILE_INFORMATION *i) {
    return (struct file_old){
        .volume = i->dwVolumeSerialNumber,
        .number = joined(i->nFileIndexHigh, i->nFileIndexLow),
        .size = joined(i->nFileSizeHigh, i->nFileSizeLow),
        .time = joined(i->ftLastWriteTime.dwHighDateTime, i->ftLastWriteTime.dwLowDateTime)};
}

/* Asking for attributes alone disturbs nobody who has the file open. */
static int32_t find_old(const struct file_draft *draft, bool *there, struct file_old *old,
                        struct fault *why) {
    BY_HANDLE_FILE_INFORMATION found = {0};
    *there = false;
    HANDLE file = CreateFileW(draft->path, FILE_READ_ATTRIBUTES, SHARE_ALL, NULL, OPEN_EXISTING,
                              FILE_FLAG_OPEN_REPARSE_POINT, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        return GetLastError() == ERROR_FILE_NOT_FOUND ? SHK_OK : file_last_fault(why);
    }
    *there = true;
    int32_t rc = GetFileInformationByHandle(file, &found) ? SHK_OK : file_last_fault(why);
    CloseHandle(file);
    *old = old_of(&found);
    return rc;
}

int32_t file_draft_remember(struct file_draft *draft, struct fault *why) {
    return find_old(draft, &draft->old_there, &draft->old, why);
}

static bool is_same(const struct file_old *a, const struct file_old *b) {
    return a->volume == b->volume && a->number == b->number && a->size == b->size &&
           a->time == b->time;
}

/* A host may take the file in while ours is written; what it has taken must not come back. */
static int32_t check_old(const struct file_draft *draft, struct fault *why) {
    struct file_old now = {0};
    bool there = false;
    int32_t rc = find_old(draft, &there, &now, why);
    if (rc != SHK_OK) {
        return rc;
    }
    bool same = there == draft->old_there && (!there || is_same(&now, &draft->old));
    return same ? SHK_OK : platform_file_fault(why, ERROR_FILE_EXISTS);
}

static int32_t name_temp(struct file_draft *draft, struct fault *why) {
    char name[PLATFORM_TEMP_NAME_MAX];
    if (platform_temp_name(name) != SHK_OK) {
        return fault_raise(why, SHK_E_INTERNAL);
    }
    free(draft->temp);
    draft->temp = path_beside(draft->path, name);
    return draft->temp != NULL ? SHK_OK : fault_raise(why, SHK_E_MEMORY);
}

static int32_t open_temp(struct file_draft *draft, DWORD attributes, struct fault *why) {
    for (int i = 0; i < TEMP_TRIES; i++) {
        int32_t rc = name_temp(draft, why);
        if (rc != SHK_OK) {
            return rc;
        }
        draft->file =
            CreateFileW(draft->temp, GENERIC_WRITE, 0, NULL, CREATE_NEW, attributes, NULL);
        if (draft->file != INVALID_HANDLE_VALUE) {
            draft->temp_there = true;
            return SHK_OK;
        }
        if (GetLastError() != ERROR_FILE_EXISTS) {
            break;
        }
    }
    return file_last_fault(why);
}

int32_t file_draft_write(struct file_draft *draft, const uint8_t *p, size_t n, bool hidden,
                         struct fault *why) {
    int32_t rc = open_temp(draft, hidden ? FILE_ATTRIBUTE_HIDDEN : FILE_ATTRIBUTE_NORMAL, why);
    if (rc == SHK_OK) {
        rc = file_write_all(draft->file, p, n, why);
    }
    if (rc == SHK_OK) {
        HANDLE file = draft->file;
        draft->file = INVALID_HANDLE_VALUE;
        rc = CloseHandle(file) ? SHK_OK : file_last_fault(why);
    }
    return rc;
}

/* Renaming onto an open file says "access denied", whatever its holder shares, and so does renaming onto one
 * that must not be replaced; asking for the file itself tells the two apart. */
static DWORD rename_error(const wchar_t *path) {
    DWORD error = GetLastError();
    DWORD kind = error == ERROR_ACCESS_DENIED ? GetFileAttributesW(path) : INVALID_FILE_ATTRIBUTES;
    if (kind == INVALID_FILE_ATTRIBUTES ||
        (kind & (FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_DIRECTORY)) != 0) {
        return error;
    }
    HANDLE file = CreateFileW(path, DELETE, SHARE_ALL, NULL, OPEN_EXISTING,
                              FILE_FLAG_OPEN_REPARSE_POINT, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        return GetLastError() == ERROR_SHARING_VIOLATION ? ERROR_SHARING_VIOLATION : error;
    }
    CloseHandle(file);
    return ERROR_SHARING_VIOLATION;
}

int32_t file_draft_publish(const struct file_draft *draft, const wchar_t *from, bool replace,
                           struct fault *why) {
    DWORD flags = MOVEFILE_WRITE_THROUGH | (replace ? MOVEFILE_REPLACE_EXISTING : 0u);
    DWORD error = 0;
    for (int i = 0; i < RENAME_TRIES; i++) {
        int32_t rc = replace ? check_old(draft, why) : SHK_OK;
        if (rc != SHK_OK) {
            return rc;
        }
        if (MoveFileExW(from, draft->path, flags)) {
            return SHK_OK;
        }
        error = rename_error(draft->path);
        if (error != ERROR_SHARING_VIOLATION) {
            break;
        }
        Sleep(RENAME_MS);
    }
    return error == ERROR_FILE_NOT_FOUND
               ? fault_set(why, SHK_E_ABSENT, SHK_NATIVE_OS, (int32_t)error, NULL)
               : platform_file_fault(why, (int32_t)error);
}

void file_draft_close(struct file_draft *draft) {
    if (draft->file != INVALID_HANDLE_VALUE) {
        CloseHandle(draft->file);
    }
    if (draft->temp_there) {
        DeleteFileW(draft->temp);
    }
    free(draft->temp);
    free(draft->path);
    *draft = (struct file_draft){.file = INVALID_HANDLE_VALUE};
}
