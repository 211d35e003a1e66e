#include <stdlib.h>
#include <windows.h>

#include "bytes.h"
#include "db_parts.h"
#include "path_win32.h"
#include "platform.h"

static int32_t refuse(DWORD error, struct fault *why) {
    int32_t code = platform_file_fault(NULL, (int32_t)error);
    if (code != SHK_E_MEMORY) {
        code = code == SHK_E_DISK_FULL ? SHK_E_STORE_FULL : SHK_E_STORE_OPEN;
    }
    return fault_set(why, code, SHK_NATIVE_OS, (int32_t)error, NULL);
}

static int32_t make(const wchar_t *wide, struct fault *why) {
    HANDLE file =
        CreateFileW(wide, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                    CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file != INVALID_HANDLE_VALUE) {
        CloseHandle(file);
        return SHK_OK;
    }
    DWORD error = GetLastError();
    if (error != ERROR_FILE_EXISTS && error != ERROR_ALREADY_EXISTS) {
        return refuse(error, why);
    }
    DWORD kind = GetFileAttributesW(wide);
    if (kind == INVALID_FILE_ATTRIBUTES) {
        return refuse(GetLastError(), why);
    }
    return (kind & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT)) == 0
               ? SHK_OK
               : refuse(ERROR_CANT_ACCESS_FILE, why);
}

/* The full path without the prefix for long ones, which SQLite adds by itself where it needs it. */
static char *full_path(const char *path) {
    wchar_t given[MAX_PATH], full[MAX_PATH];
    char text[MAX_PATH * 3];
    if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, given, MAX_PATH) <= 0) {
        return NULL;
    }
    DWORD n = GetFullPathNameW(given, MAX_PATH, full, NULL);
    if (n == 0 || n >= MAX_PATH ||
        WideCharToMultiByte(CP_UTF8, 0, full, -1, text, (int)sizeof text, NULL, NULL) <= 0) {
        return NULL;
    }
    return text_dup(text);
}

int32_t db_make_file(const char *path, char **real, struct fault *why) {
    wchar_t *wide = path_wide(path);
    *real = full_path(path);
    int32_t rc = wide != NULL && *real != NULL ? make(wide, why) : refuse(ERROR_INVALID_NAME, why);
    free(wide);
    if (rc != SHK_OK) {
        free(*real);
        *real = NULL;
    }
    return rc;
}
