#include <stdlib.h>
#include <windows.h>

#include "file_parts.h"
#include "file_steps_win32.h"
#include "file_sweep.h"
#include "path_win32.h"
#include "platform.h"

#define TEMP_TRIES   8
#define RENAME_TRIES 20 /* a reader that has the file open for a moment is waited for */
#define RENAME_MS    25

/* A file on its way: its final path, the temporary one beside it and the open handle. */
struct putting {
    wchar_t *path, *temp;
    HANDLE file;
    bool temp_there, old_there;
    BY_HANDLE_FILE_INFORMATION old; /* the file that is replaced */
};

/* What lies under the final name. Asking for attributes alone disturbs nobody who has it open. */
static int32_t find_old(const struct putting *put, bool *there, BY_HANDLE_FILE_INFORMATION *old,
                        struct fault *why) {
    *there = false;
    HANDLE file = CreateFileW(put->path, FILE_READ_ATTRIBUTES, SHARE_ALL, NULL, OPEN_EXISTING,
                              FILE_FLAG_OPEN_REPARSE_POINT, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        return GetLastError() == ERROR_FILE_NOT_FOUND ? SHK_OK : file_last_fault(why);
    }
    *there = true;
    int32_t rc = GetFileInformationByHandle(file, old) ? SHK_OK : file_last_fault(why);
    CloseHandle(file);
    return rc;
}

static bool is_same(const BY_HANDLE_FILE_INFORMATION *a, const BY_HANDLE_FILE_INFORMATION *b) {
    return a->dwVolumeSerialNumber == b->dwVolumeSerialNumber &&
           a->nFileIndexHigh == b->nFileIndexHigh && a->nFileIndexLow == b->nFileIndexLow &&
           a->nFileSizeHigh == b->nFileSizeHigh && a->nFileSizeLow == b->nFileSizeLow &&
           CompareFileTime(&a->ftLastWriteTime, &b->ftLastWriteTime) == 0;
}

/* A host may take the file in while ours is written; what it has taken must not come back. */
static int32_t check_old(const struct putting *put, struct fault *why) {
    BY_HANDLE_FILE_INFORMATION now = {0};
    bool there = false;
    int32_t rc = find_old(put, &there, &now, why);
    if (rc != SHK_OK) {
        return rc;
    }
    bool same = there == put->old_there && (!there || is_same(&now, &put->old));
    return same ? SHK_OK : platform_file_fault(why, ERROR_FILE_EXISTS);
}

static int32_t name_temp(struct putting *put, struct fault *why) {
    char name[PLATFORM_TEMP_NAME_MAX];
    if (platform_temp_name(name) != SHK_OK) {
        return fault_raise(why, SHK_E_INTERNAL);
    }
    free(put->temp);
    put->temp = path_beside(put->path, name);
    return put->temp != NULL ? SHK_OK : fault_raise(why, SHK_E_MEMORY);
}

static int32_t open_temp(struct putting *put, struct fault *why) {
    for (int i = 0; i < TEMP_TRIES; i++) {
        int32_t rc = name_temp(put, why);
        if (rc != SHK_OK) {
            return rc;
        }
        put->file =
            CreateFileW(put->temp, GENERIC_WRITE, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
        if (put->file != INVALID_HANDLE_VALUE) {
            put->temp_there = true;
            return SHK_OK;
        }
        if (GetLastError() != ERROR_FILE_EXISTS) {
            break;
        }
    }
    return file_last_fault(why);
}

static int32_t close_temp(struct putting *put, struct fault *why) {
    HANDLE file = put->file;
    put->file = INVALID_HANDLE_VALUE;
    return CloseHandle(file) ? SHK_OK : file_last_fault(why);
}

/* Renaming onto an open file says "access denied"; asking for the file itself tells the two apart. */
static DWORD rename_error(const wchar_t *path) {
    DWORD error = GetLastError();
    if (error != ERROR_ACCESS_DENIED) {
        return error;
    }
    HANDLE file = CreateFileW(path, DELETE, SHARE_ALL, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        return GetLastError() == ERROR_SHARING_VIOLATION ? ERROR_SHARING_VIOLATION : error;
    }
    CloseHandle(file);
    return error;
}

static int32_t give_name(struct putting *put, bool replace, struct fault *why) {
    DWORD flags = MOVEFILE_WRITE_THROUGH | (replace ? MOVEFILE_REPLACE_EXISTING : 0u);
    DWORD error = 0;
    for (int i = 0; i < RENAME_TRIES; i++) {
        int32_t rc = replace ? check_old(put, why) : SHK_OK;
        if (rc != SHK_OK) {
            return rc;
        }
        if (MoveFileExW(put->temp, put->path, flags)) {
            put->temp_there = false;
            return SHK_OK;
        }
        error = rename_error(put->path);
        if (error != ERROR_SHARING_VIOLATION) {
            break;
        }
        Sleep(RENAME_MS);
    }
    return platform_file_fault(why, (int32_t)error);
}

static int32_t put_steps(struct putting *put, const uint8_t *p, size_t n, bool replace,
                         struct fault *why) {
    int32_t rc = replace ? find_old(put, &put->old_there, &put->old, why) : SHK_OK;
    if (rc == SHK_OK) {
        rc = open_temp(put, why);
    }
    if (rc == SHK_OK) {
        rc = file_write_all(put->file, p, n, why);
    }
    if (rc == SHK_OK) {
        rc = close_temp(put, why);
    }
    return rc == SHK_OK ? give_name(put, replace, why) : rc;
}

int32_t platform_file_put(void *self, const char *path, const uint8_t *p, size_t n, bool replace,
                          struct fault *why) {
    (void)self;
    struct putting put = {.path = path_wide(path), .file = INVALID_HANDLE_VALUE};
    if (put.path == NULL) {
        return platform_file_fault(why, ERROR_INVALID_NAME);
    }
    int32_t rc = put_steps(&put, p, n, replace, why);
    if (rc == SHK_OK) {
        platform_sweep_beside(path);
    }
    if (put.file != INVALID_HANDLE_VALUE) {
        CloseHandle(put.file);
    }
    if (put.temp_there) {
        DeleteFileW(put.temp);
    }
    free(put.temp);
    free(put.path);
    return rc;
}
