#include "library.h"

#include <stdbool.h>
#include <string.h>
#include <windows.h>

/* Missing from the headers of older tool chains. */
#define SEARCH_OWN_FOLDER 0x00000100
#define SEARCH_SYSTEM32   0x00000800

#define PATH_UNITS 1024

static bool is_absolute(const wchar_t *path) {
    bool drive = path[0] != 0 && path[1] == L':' && path[2] == L'\\';
    return drive || (path[0] == L'\\' && path[1] == L'\\');
}

static bool is_bare(const wchar_t *path) {
    return path[0] != 0 && wcspbrk(path, L"\\:") == NULL;
}

/* By its full path: asked for by its name alone, one of that name that the host has loaded from anywhere
 * would be given instead. */
static void *open_system(const wchar_t *name) {
    wchar_t path[MAX_PATH + PATH_UNITS];
    UINT n = GetSystemDirectoryW(path, MAX_PATH);
    if (n == 0 || n >= MAX_PATH) {
        return NULL;
    }
    path[n] = L'\\';
    memcpy(path + n + 1, name, (wcslen(name) + 1) * sizeof *name);
    return (void *)LoadLibraryExW(path, NULL, SEARCH_SYSTEM32);
}

/* Neither the host's folder nor the current one nor PATH is ever looked into, for the library itself and for
 * what it needs: anybody may have put a file there. */
void *library_open(const char *name) {
    wchar_t wide[PATH_UNITS];
    if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, name, -1, wide, PATH_UNITS) <= 0) {
        return NULL;
    }
    for (wchar_t *c = wide; *c != 0; c++) {
        *c = *c == L'/' ? L'\\' : *c;
    }
    if (is_bare(wide)) {
        return open_system(wide);
    }
    return is_absolute(wide)
               ? (void *)LoadLibraryExW(wide, NULL, SEARCH_OWN_FOLDER | SEARCH_SYSTEM32)
               : NULL;
}

void library_find(void *library, const char *symbol, void *slot) {
    FARPROC address = GetProcAddress((HMODULE)library, symbol);
    if (address != NULL) {
        memcpy(slot, &address, sizeof address);
    }
}

void library_close(void *library) {
    if (library != NULL) {
        (void)FreeLibrary((HMODULE)library);
    }
}
