#include <stdlib.h>
#include <windows.h>

#include "path_win32.h"
#include "platform.h"

#define RETRY_MS  10
#define SHARE_ALL (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

struct file_lock {
    HANDLE file;
};

/* The lock belongs to the open handle: it excludes threads too, and Windows frees it when its holder
 * dies. */
static bool try_lock(HANDLE file) {
    OVERLAPPED at = {0};
    return LockFileEx(file, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &at);
}

static int32_t wait_lock(HANDLE file, int32_t wait_ms, struct fault *why) {
    int64_t end = platform_clock.mono_ms(NULL) + wait_ms;
    while (!try_lock(file)) {
        DWORD error = GetLastError();
        bool held = error == ERROR_LOCK_VIOLATION || error == ERROR_IO_PENDING;
        if (!held || platform_clock.mono_ms(NULL) >= end) {
            return platform_file_fault(why, (int32_t)(held ? ERROR_LOCK_VIOLATION : error));
        }
        Sleep(RETRY_MS);
    }
    return SHK_OK;
}

static int32_t open_lock(const char *path, HANDLE *file, struct fault *why) {
    wchar_t *wide = path_wide(path);
    if (wide == NULL) {
        return platform_file_fault(why, ERROR_INVALID_NAME);
    }
    *file = CreateFileW(wide, GENERIC_READ | GENERIC_WRITE, SHARE_ALL, NULL, OPEN_ALWAYS,
                        FILE_ATTRIBUTE_HIDDEN, NULL);
    DWORD error = GetLastError();
    free(wide);
    return *file != INVALID_HANDLE_VALUE ? SHK_OK : platform_file_fault(why, (int32_t)error);
}

int32_t platform_file_lock(void *self, const char *path, int32_t wait_ms, void **lock,
                           struct fault *why) {
    (void)self;
    *lock = NULL;
    struct file_lock *l = calloc(1, sizeof *l);
    if (l == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    l->file = INVALID_HANDLE_VALUE;
    int32_t rc = open_lock(path, &l->file, why);
    if (rc == SHK_OK) {
        rc = wait_lock(l->file, wait_ms, why);
    }
    if (rc == SHK_OK) {
        *lock = l;
        return SHK_OK;
    }
    if (l->file != INVALID_HANDLE_VALUE) {
        CloseHandle(l->file);
    }
    free(l);
    return rc;
}

/* The file stays: removing it could take it from someone who holds it already. */
void platform_file_unlock(void *self, void *lock) {
    (void)self;
    struct file_lock *l = lock;
    if (l != NULL) {
        OVERLAPPED at = {0};
        UnlockFileEx(l->file, 0, 1, 0, &at);
        CloseHandle(l->file);
        free(l);
    }
}
