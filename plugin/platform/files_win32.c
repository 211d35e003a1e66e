#include <stdlib.h>
#include <windows.h>

#include "file_parts.h"
#include "file_steps_win32.h"
#include "path_win32.h"
#include "platform.h"

#define DISK_QUOTA_EXCEEDED 1295 /* the headers of MinGW lack its name */
#define READ_CHUNK          65536u
#define WRITE_CHUNK         (1u << 20)

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
    case ERROR_NOT_READY:
    case ERROR_REM_NOT_LIST:
    case ERROR_DEV_NOT_EXIST:
    case ERROR_UNEXP_NET_ERR:
    case ERROR_NETNAME_DELETED:
    case ERROR_SEM_TIMEOUT:
    case ERROR_NO_NET_OR_BAD_PATH:
    case ERROR_NETWORK_UNREACHABLE:
    case ERROR_HOST_UNREACHABLE:
    case ERROR_CONNECTION_ABORTED:
        code = SHK_E_FOLDER_MISSING;
        break;
    default:
        break;
    }
    return fault_set(why, code, SHK_NATIVE_OS, native, NULL);
}

int32_t file_last_fault(struct fault *why) {
    return platform_file_fault(why, (int32_t)GetLastError());
}

static int32_t read_all(HANDLE file, size_t max, struct bytes *out, struct fault *why) {
    for (;;) {
        DWORD n = 0;
        if (bytes_reserve(out, out->n + READ_CHUNK) != SHK_OK) {
            return fault_raise(why, SHK_E_MEMORY);
        }
        if (!ReadFile(file, out->p + out->n, READ_CHUNK, &n, NULL)) {
            return file_last_fault(why);
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

bool file_is_gone(DWORD error) {
    return error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND;
}

int32_t file_absent_fault(struct fault *why) {
    DWORD error = GetLastError();
    return file_is_gone(error) ? fault_set(why, SHK_E_ABSENT, SHK_NATIVE_OS, (int32_t)error, NULL)
                               : platform_file_fault(why, (int32_t)error);
}

int32_t file_open_plain(const char *path, HANDLE *file, struct fault *why) {
    *file = INVALID_HANDLE_VALUE;
    wchar_t *wide = path_wide(path);
    if (wide == NULL) {
        return platform_file_fault(why, ERROR_INVALID_NAME);
    }
    *file = CreateFileW(wide, GENERIC_READ, SHARE_ALL, NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL,
                        NULL);
    int32_t rc = *file != INVALID_HANDLE_VALUE ? SHK_OK : file_absent_fault(why);
    free(wide);
    return rc;
}

static int32_t read_file(HANDLE file, size_t max, struct bytes *out, struct fault *why) {
    LARGE_INTEGER size;
    if (!GetFileSizeEx(file, &size)) {
        return file_last_fault(why);
    }
    if ((uint64_t)size.QuadPart > max) {
        return fault_raise(why, SHK_E_ARGUMENT);
    }
    return read_all(file, max, out, why);
}

static int32_t files_read(void *self, const char *path, size_t max, struct bytes *out,
                          struct fault *why) {
    (void)self;
    HANDLE file = INVALID_HANDLE_VALUE;
    bytes_clear(out);
    int32_t rc = file_open_plain(path, &file, why);
    if (rc != SHK_OK) {
        return rc;
    }
    rc = read_file(file, max, out, why);
    CloseHandle(file);
    if (rc != SHK_OK) {
        bytes_clear(out);
    }
    return rc;
}

int32_t file_write_all(HANDLE file, const uint8_t *p, size_t n, struct fault *why) {
    while (n > 0) {
        DWORD part = n < WRITE_CHUNK ? (DWORD)n : WRITE_CHUNK, written = 0;
        if (!WriteFile(file, p, part, &written, NULL)) {
            return file_last_fault(why);
        }
        if (written == 0) {
            return platform_file_fault(why, ERROR_DISK_FULL);
        }
        p += written;
        n -= written;
    }
    return FlushFileBuffers(file) ? SHK_OK : file_last_fault(why);
}

static bool files_is_folder(void *self, const char *path) {
    (void)self;
    wchar_t *wide = path_wide(path);
    DWORD kind = wide != NULL ? GetFileAttributesW(wide) : INVALID_FILE_ATTRIBUTES;
    free(wide);
    return kind != INVALID_FILE_ATTRIBUTES && (kind & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

/* Its key is wrapped for this user; the folder's access list does the rest. */
static bool files_is_private(void *self, const char *path) {
    (void)self;
    wchar_t *wide = path_wide(path);
    DWORD kind = wide != NULL ? GetFileAttributesW(wide) : INVALID_FILE_ATTRIBUTES;
    free(wide);
    return kind != INVALID_FILE_ATTRIBUTES && (kind & FILE_ATTRIBUTE_DIRECTORY) == 0;
}

const struct file_ops platform_files = {
    .read = files_read,
    .put = platform_file_put,
    .is_folder = files_is_folder,
    .lock = platform_file_lock,
    .unlock = platform_file_unlock,
    .list = platform_file_list,
    .remove = platform_file_remove,
    .open = platform_file_open,
    .open_input = platform_file_open,
    .next = platform_file_next,
    .close = platform_file_close,
    .write_at = platform_file_write_at,
    .watch = platform_file_watch,
    .changed = platform_file_changed,
    .unwatch = platform_file_unwatch,
    .make_folder = platform_file_make_folder,
    .list_folders = platform_file_list_folders,
    .is_private = files_is_private,
    .stage = platform_file_stage,
    .publish = platform_file_publish,
    .unstage = platform_file_unstage,
};
