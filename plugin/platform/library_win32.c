#include "library.h"

#include <string.h>
#include <windows.h>

/* Missing from the headers of older tool chains. */
#define SEARCH_SYSTEM32 0x00000800

#define PATH_UNITS 1024

void *library_open(const char *name) {
    wchar_t wide[PATH_UNITS];
    if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, name, -1, wide, PATH_UNITS) <= 0) {
        return NULL;
    }
    for (wchar_t *c = wide; *c != 0; c++) {
        *c = *c == L'/' ? L'\\' : *c;
    }
    /* With a path the altered search would look beside that library for its own needs. */
    DWORD flags = wcschr(wide, L'\\') != NULL ? LOAD_WITH_ALTERED_SEARCH_PATH : SEARCH_SYSTEM32;
    return (void *)LoadLibraryExW(wide, NULL, flags);
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
