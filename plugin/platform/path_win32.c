#include "path_win32.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

static wchar_t *widen(const char *text) {
    int n = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, NULL, 0);
    wchar_t *wide = n > 0 ? calloc((size_t)n, sizeof *wide) : NULL;
    if (wide != NULL) {
        MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, wide, n);
    }
    return wide;
}

static wchar_t *full_path(const wchar_t *wide) {
    DWORD n = GetFullPathNameW(wide, 0, NULL, NULL);
    wchar_t *full = n > 0 ? calloc(n, sizeof *full) : NULL;
    if (full != NULL && GetFullPathNameW(wide, n, full, NULL) >= n) {
        free(full);
        full = NULL;
    }
    return full;
}

static wchar_t *prefixed(const wchar_t *full) {
    static const wchar_t local[] = L"\\\\?\\", share[] = L"\\\\?\\UNC\\";
    bool on_share = full[0] == L'\\' && full[1] == L'\\';
    if (on_share && (full[2] == L'?' || full[2] == L'.')) {
        return _wcsdup(full);
    }
    const wchar_t *prefix = on_share ? share : local;
    const wchar_t *rest = on_share ? full + 2 : full;
    size_t head = wcslen(prefix), tail = wcslen(rest);
    wchar_t *out = calloc(head + tail + 1, sizeof *out);
    if (out != NULL) {
        memcpy(out, prefix, head * sizeof *out);
        memcpy(out + head, rest, tail * sizeof *out);
    }
    return out;
}

wchar_t *path_wide(const char *path) {
    wchar_t *wide = widen(path);
    wchar_t *full = wide != NULL ? full_path(wide) : NULL;
    wchar_t *out = full != NULL ? prefixed(full) : NULL;
    free(wide);
    free(full);
    return out;
}

wchar_t *path_beside(const wchar_t *path, const char *name) {
    const wchar_t *slash = wcsrchr(path, L'\\');
    size_t folder = slash != NULL ? (size_t)(slash - path) + 1 : 0, n = strlen(name);
    wchar_t *out = calloc(folder + n + 1, sizeof *out);
    if (out == NULL) {
        return NULL;
    }
    memcpy(out, path, folder * sizeof *out);
    for (size_t i = 0; i < n; i++) {
        out[folder + i] = (wchar_t)(unsigned char)name[i];
    }
    return out;
}
