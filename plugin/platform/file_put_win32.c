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
    bool temp_there;
};

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
    int32_t rc = open_temp(put, why);
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
