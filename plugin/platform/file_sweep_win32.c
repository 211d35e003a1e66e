#include "file_sweep.h"

#include <stdlib.h>
#include <windows.h>

#include "path_win32.h"
#include "platform.h"

#define TICKS_PER_S UINT64_C(10000000)

static uint64_t ticks(FILETIME t) {
    return (uint64_t)t.dwHighDateTime << 32 | t.dwLowDateTime;
}

/* True with the name in UTF-8 when the file is one of ours and too old. */
static bool is_stale(const WIN32_FIND_DATAW *found, char name[PLATFORM_TEMP_NAME_MAX]) {
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    uint64_t written = ticks(found->ftLastWriteTime);
    return WideCharToMultiByte(CP_UTF8, 0, found->cFileName, -1, name, PLATFORM_TEMP_NAME_MAX, NULL,
                               NULL) > 0 &&
           platform_is_temp_name(name) && ticks(now) > written &&
           ticks(now) - written > PLATFORM_TEMP_STALE_S * TICKS_PER_S;
}

static void remove_beside(const wchar_t *path, const char *name) {
    wchar_t *old = path_beside(path, name);
    if (old != NULL) {
        DeleteFileW(old);
    }
    free(old);
}

static void sweep(const wchar_t *path, const wchar_t *pattern) {
    WIN32_FIND_DATAW found;
    HANDLE search = FindFirstFileW(pattern, &found);
    if (search == INVALID_HANDLE_VALUE) {
        return;
    }
    do {
        char name[PLATFORM_TEMP_NAME_MAX];
        if (is_stale(&found, name)) {
            remove_beside(path, name);
        }
    } while (FindNextFileW(search, &found));
    FindClose(search);
}

void platform_sweep_beside(const char *path) {
    wchar_t *wide = path_wide(path);
    wchar_t *pattern = wide != NULL ? path_beside(wide, ".shikaku-*.tmp") : NULL;
    if (pattern != NULL) {
        sweep(wide, pattern);
    }
    free(pattern);
    free(wide);
}
