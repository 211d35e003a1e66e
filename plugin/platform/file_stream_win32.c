#include <stdlib.h>
#include <windows.h>

#include "file_parts.h"
#include "file_steps_win32.h"
#include "path_win32.h"
#include "platform.h"

#define PIECE_MAX (1u << 20)

struct file_stream {
    HANDLE file;
};

int32_t platform_file_open(void *self, const char *path, void **file, struct fault *why) {
    (void)self;
    *file = NULL;
    struct file_stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    int32_t rc = file_open_plain(path, &stream->file, why);
    if (rc != SHK_OK) {
        free(stream);
        return rc;
    }
    *file = stream;
    return SHK_OK;
}

int32_t platform_file_next(void *self, void *file, uint8_t *p, size_t cap, size_t *n,
                           struct fault *why) {
    (void)self;
    const struct file_stream *stream = file;
    DWORD got = 0;
    *n = 0;
    if (!ReadFile(stream->file, p, cap < PIECE_MAX ? (DWORD)cap : PIECE_MAX, &got, NULL)) {
        return file_last_fault(why);
    }
    *n = got;
    return SHK_OK;
}

void platform_file_close(void *self, void *file) {
    (void)self;
    struct file_stream *stream = file;
    if (stream != NULL) {
        CloseHandle(stream->file);
        free(stream);
    }
}

/* Readers may look on; a second writer may not. A link is opened itself and refused. */
static int32_t open_or_make(const wchar_t *path, uint64_t at, HANDLE *file, struct fault *why) {
    BY_HANDLE_FILE_INFORMATION info;
    *file = CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL,
                        at == 0 ? OPEN_ALWAYS : OPEN_EXISTING,
                        FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OPEN_REPARSE_POINT, NULL);
    if (*file == INVALID_HANDLE_VALUE) {
        DWORD error = GetLastError();
        return error == ERROR_FILE_NOT_FOUND
                   ? fault_set(why, SHK_E_ABSENT, SHK_NATIVE_OS, (int32_t)error, NULL)
                   : platform_file_fault(why, (int32_t)error);
    }
    if (!GetFileInformationByHandle(*file, &info)) {
        return file_last_fault(why);
    }
    return (info.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0
               ? platform_file_fault(why, ERROR_ACCESS_DENIED)
               : SHK_OK;
}

/* First cut, then written: at no moment do new bytes stand before old ones. */
static int32_t cut(HANDLE file, uint64_t at, struct fault *why) {
    LARGE_INTEGER size, place;
    if (!GetFileSizeEx(file, &size)) {
        return file_last_fault(why);
    }
    if ((uint64_t)size.QuadPart < at) {
        return fault_raise(why, SHK_E_ARGUMENT);
    }
    place.QuadPart = (LONGLONG)at;
    return SetFilePointerEx(file, place, NULL, FILE_BEGIN) && SetEndOfFile(file)
               ? SHK_OK
               : file_last_fault(why);
}

int32_t platform_file_write_at(void *self, const char *path, uint64_t at, const uint8_t *p,
                               size_t n, struct fault *why) {
    (void)self;
    HANDLE file = INVALID_HANDLE_VALUE;
    wchar_t *wide = path_wide(path);
    if (wide == NULL) {
        return platform_file_fault(why, ERROR_INVALID_NAME);
    }
    int32_t rc = open_or_make(wide, at, &file, why);
    if (rc == SHK_OK) {
        rc = cut(file, at, why);
    }
    if (rc == SHK_OK) {
        rc = file_write_all(file, p, n, why);
    }
    if (file != INVALID_HANDLE_VALUE && !CloseHandle(file) && rc == SHK_OK) {
        rc = file_last_fault(why);
    }
    free(wide);
    return rc;
}
