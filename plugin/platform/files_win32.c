#include <stdlib.h>
#include <windows.h>

#include "file_sweep.h"
#include "path_win32.h"
#include "platform.h"

#define DISK_QUOTA_EXCEEDED 1295 /* the headers of MinGW lack its name */
#define TEMP_TRIES          8
#define READ_CHUNK          65536u
#define WRITE_CHUNK         (1u << 20)
#define SHARE_ALL           (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)
#define RENAME_TRIES        20 /* a reader that has the file open for a moment is waited for */
#define RENAME_MS           25

int32_t platform_file_fault(struct fault *why, int32_t native) {
    int32_t code = SHK_E_FOLDER_WRITE;
    switch (native) {
    case ERROR_DISK_FULL:
    case ERROR_HANDLE_DISK_FULL:
    case DISK_QUOTA_EXCEEDED:
        code = SHK_E_DISK_FULL;
        break;
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION:
    case ERROR_USER_MAPPED_FILE:
        code = SHK_E_FOLDER_LOCKED;
        break;
    case ERROR_FILE_EXISTS:
    case ERROR_ALREADY_EXISTS:
        code = SHK_E_FILE_EXISTS;
        break;
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_OUTOFMEMORY:
        code = SHK_E_MEMORY;
        break;
    case ERROR_PATH_NOT_FOUND:
    case ERROR_BAD_NETPATH:
    case ERROR_BAD_NET_NAME:
        code = SHK_E_FOLDER_MISSING;
        break;
    default:
        break;
    }
    return fault_set(why, code, SHK_NATIVE_OS, native, NULL);
}

static int32_t last_fault(struct fault *why) {
    return platform_file_fault(why, (int32_t)GetLastError());
}

static int32_t read_all(HANDLE file, size_t max, struct bytes *out, struct fault *why) {
    for (;;) {
        DWORD n = 0;
        if (bytes_reserve(out, out->n + READ_CHUNK) != SHK_OK) {
            return fault_raise(why, SHK_E_MEMORY);
        }
        if (!ReadFile(file, out->p + out->n, READ_CHUNK, &n, NULL)) {
            return last_fault(why);
        }
        if (n == 0) {
            return SHK_OK;
        }
        out->n += n;
        out->p[out->n] = 0;
        if (out->n > max) {
            return fault_raise(why, SHK_E_ARGUMENT);
        }
    }
}

static int32_t read_fault(struct fault *why) {
    DWORD error = GetLastError();
    bool gone = error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND;
    return gone ? fault_set(why, SHK_E_ABSENT, SHK_NATIVE_OS, (int32_t)error, NULL)
                : platform_file_fault(why, (int32_t)error);
}

static int32_t read_file(HANDLE file, size_t max, struct bytes *out, struct fault *why) {
    LARGE_INTEGER size;
    if (!GetFileSizeEx(file, &size)) {
        return last_fault(why);
    }
    if ((uint64_t)size.QuadPart > max) {
        return fault_raise(why, SHK_E_ARGUMENT);
    }
    return read_all(file, max, out, why);
}

static int32_t files_read(void *self, const char *path, size_t max, struct bytes *out,
                          struct fault *why) {
    (void)self;
    bytes_clear(out);
    wchar_t *wide = path_wide(path);
    if (wide == NULL) {
        return platform_file_fault(why, ERROR_INVALID_NAME);
    }
    HANDLE file = CreateFileW(wide, GENERIC_READ, SHARE_ALL, NULL, OPEN_EXISTING,
                              FILE_ATTRIBUTE_NORMAL, NULL);
    int32_t rc = file != INVALID_HANDLE_VALUE ? read_file(file, max, out, why) : read_fault(why);
    if (file != INVALID_HANDLE_VALUE) {
        CloseHandle(file);
    }
    free(wide);
    if (rc != SHK_OK) {
        bytes_clear(out);
    }
    return rc;
}

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
    return last_fault(why);
}

static int32_t write_all(HANDLE file, const uint8_t *p, size_t n, struct fault *why) {
    while (n > 0) {
        DWORD part = n < WRITE_CHUNK ? (DWORD)n : WRITE_CHUNK, written = 0;
        if (!WriteFile(file, p, part, &written, NULL)) {
            return last_fault(why);
        }
        if (written == 0) {
            return platform_file_fault(why, ERROR_DISK_FULL);
        }
        p += written;
        n -= written;
    }
    return FlushFileBuffers(file) ? SHK_OK : last_fault(why);
}

static int32_t close_temp(struct putting *put, struct fault *why) {
    HANDLE file = put->file;
    put->file = INVALID_HANDLE_VALUE;
    return CloseHandle(file) ? SHK_OK : last_fault(why);
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
        rc = write_all(put->file, p, n, why);
    }
    if (rc == SHK_OK) {
        rc = close_temp(put, why);
    }
    return rc == SHK_OK ? give_name(put, replace, why) : rc;
}

static int32_t files_put(void *self, const char *path, const uint8_t *p, size_t n, bool replace,
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

static bool files_is_folder(void *self, const char *path) {
    (void)self;
    wchar_t *wide = path_wide(path);
    DWORD kind = wide != NULL ? GetFileAttributesW(wide) : INVALID_FILE_ATTRIBUTES;
    free(wide);
    return kind != INVALID_FILE_ATTRIBUTES && (kind & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

const struct file_ops platform_files = {
    .read = files_read,
    .put = files_put,
    .is_folder = files_is_folder,
    .lock = platform_file_lock,
    .unlock = platform_file_unlock,
};
