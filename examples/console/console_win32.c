#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include <shellapi.h>

#include "platform.h"
#include "wide_win32.h"

static volatile LONG interrupts;

/* Closing the window counts too; Windows ends the program some seconds later all the same. */
static BOOL WINAPI count_interrupt(DWORD kind) {
    (void)kind;
    if (interrupts < 100) {
        InterlockedIncrement(&interrupts);
    }
    return TRUE;
}

void platform_begin(void) {
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
    SetConsoleCtrlHandler(count_interrupt, TRUE);
    for (int fd = 0; fd <= 2; fd++) {
        (void)_setmode(fd, _O_BINARY); /* bytes in pipes are those of every system */
    }
}

int platform_interrupts(void) {
    return (int)interrupts;
}

int64_t platform_now_ms(void) {
    return (int64_t)GetTickCount64();
}

/* The words stay until the program ends. */
void platform_arguments(int *argc, char ***argv) {
    int n = 0;
    wchar_t **wide = CommandLineToArgvW(GetCommandLineW(), &n);
    char **words = wide != NULL ? calloc((size_t)n + 1, sizeof *words) : NULL;
    bool whole = words != NULL;
    for (int i = 0; whole && i < n; i++) {
        words[i] = wide_text(wide[i]);
        whole = words[i] != NULL;
    }
    LocalFree(wide);
    if (whole) {
        *argc = n;
        *argv = words;
    }
}

const char *platform_variable(const char *name) {
    wchar_t *wide = wide_new(name);
    const wchar_t *found = wide != NULL ? _wgetenv(wide) : NULL;
    free(wide);
    return found != NULL ? wide_text(found) : NULL; /* a few, and once each */
}

FILE *platform_open(const char *path, const char *mode) {
    wchar_t *wide = wide_new(path);
    wchar_t *how = wide_new(mode);
    FILE *file = wide != NULL && how != NULL ? _wfopen(wide, how) : NULL;
    free(wide);
    free(how);
    return file;
}

static HANDLE handle_of(FILE *stream) {
    return (HANDLE)_get_osfhandle(_fileno(stream));
}

bool platform_is_terminal(FILE *stream) {
    DWORD mode = 0;
    return GetConsoleMode(handle_of(stream), &mode) != 0;
}

bool platform_shows_colors(FILE *stream) {
    DWORD mode = 0;
    HANDLE handle = handle_of(stream);
    return GetConsoleMode(handle, &mode) != 0 &&
           SetConsoleMode(handle, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING) != 0;
}

static bool write_console(HANDLE console, const char *text, size_t n) {
    wchar_t *wide = malloc((n + 1) * sizeof *wide);
    int units = wide != NULL ? MultiByteToWideChar(CP_UTF8, 0, text, (int)n, wide, (int)n) : 0;
    bool good = units > 0;
    for (int at = 0; good && at < units;) {
        DWORD written = 0;
        DWORD part = units - at > 8000 ? 8000 : (DWORD)(units - at);
        good = WriteConsoleW(console, wide + at, part, &written, NULL) && written > 0;
        at += (int)written;
    }
    free(wide);
    errno = good ? 0 : EIO;
    return good;
}

/* A console is written in its own characters, whatever its code page is. */
bool platform_write(FILE *stream, const char *text, size_t n) {
    if (platform_is_terminal(stream)) {
        return write_console(handle_of(stream), text, n);
    }
    return fwrite(text, 1, n, stream) == n;
}

const char *platform_last_separator(const char *path) {
    const char *slash = strrchr(path, '/');
    const char *back = strrchr(path, '\\');
    return slash == NULL || (back != NULL && back > slash) ? back : slash;
}

bool platform_descriptor_usable(int fd) {
    DWORD mode = 0;
    HANDLE handle = (HANDLE)_get_osfhandle(fd);
    return handle != INVALID_HANDLE_VALUE && GetFileType(handle) != FILE_TYPE_UNKNOWN &&
           GetConsoleMode(handle, &mode) == 0;
}

/* Windows has no second way to what is already open. */
const char *platform_input_path(void) {
    return NULL;
}

static DWORD library_error;

static bool is_absolute(const wchar_t *path) {
    return (path[0] != 0 && path[1] == L':') || (path[0] == L'\\' && path[1] == L'\\');
}

void *platform_library_open(const char *path) {
    /* A bare name would mean the current folder. */
    wchar_t *wide = platform_last_separator(path) != NULL ? wide_new(path) : NULL;
    wchar_t full[1024];
    DWORD n = wide != NULL ? GetFullPathNameW(wide, 1024, full, NULL) : 0;
    HMODULE library =
        n > 0 && n < 1024 && is_absolute(full)
            ? LoadLibraryExW(full, NULL,
                             LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32)
            : NULL;
    library_error = library != NULL ? 0 : wide != NULL ? GetLastError() : ERROR_MOD_NOT_FOUND;
    free(wide);
    return (void *)library;
}

const char *platform_library_error(void) {
    static char text[64];
    (void)snprintf(text, sizeof text, "Windows error %lu%s", (unsigned long)library_error,
                   library_error == ERROR_BAD_EXE_FORMAT ? " (32/64 bits)" : "");
    return text;
}

platform_function platform_library_symbol(void *library, const char *name) {
    FARPROC address = GetProcAddress((HMODULE)library, name);
    platform_function function = NULL;
    memcpy(&function, &address, sizeof function);
    return function;
}

const char *platform_library_name(void) {
    return "shikaku.dll";
}

bool platform_file_exists(const char *path) {
    wchar_t *wide = wide_new(path);
    bool found = wide != NULL && GetFileAttributesW(wide) != INVALID_FILE_ATTRIBUTES;
    free(wide);
    return found;
}

bool platform_own_folder(char *folder, size_t cap) {
    wchar_t wide[1024];
    DWORD n = GetModuleFileNameW(NULL, wide, 1024);
    wchar_t *last = n > 0 && n < 1024 ? wcsrchr(wide, L'\\') : NULL;
    if (last == NULL) {
        return false;
    }
    *last = 0;
    return WideCharToMultiByte(CP_UTF8, 0, wide, -1, folder, (int)cap, NULL, NULL) > 0;
}

void platform_wipe(void *memory, size_t size) {
    volatile unsigned char *p = memory;
    while (p != NULL && size > 0) {
        p[--size] = 0;
    }
}

void *platform_secret_new(size_t size) {
    void *secret = VirtualAlloc(NULL, size, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
    if (secret != NULL) {
        (void)VirtualLock(secret, size);
    }
    return secret;
}

void platform_secret_free(void **secret, size_t size) {
    if (*secret != NULL) {
        platform_wipe(*secret, size);
        VirtualFree(*secret, 0, MEM_RELEASE);
        *secret = NULL;
    }
}
