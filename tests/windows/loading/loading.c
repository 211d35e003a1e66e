/* Where libraries are looked for. windows_planted.dll lies beside this program and in the current folder. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <windows.h>

#include "library.h"

#define PLANTED "windows_planted.dll"

static int failures;

static void check(bool good, const char *what) {
    printf("%s %s\n", good ? "ok  " : "FAIL", what);
    failures += !good;
}

static bool loads(const char *name) {
    void *library = library_open(name);
    bool good = library != NULL;
    library_close(library);
    return good;
}

/* The folder of this program becomes the current one, and stands in PATH. */
static void settle(char folder[600]) {
    wchar_t wide[300];
    GetModuleFileNameW(NULL, wide, 300);
    *wcsrchr(wide, L'\\') = 0;
    SetCurrentDirectoryW(wide);
    SetEnvironmentVariableW(L"PATH", wide);
    WideCharToMultiByte(CP_UTF8, 0, wide, -1, folder, 600, NULL, NULL);
}

static void from_the_system(const char *name) {
    wchar_t system[300];
    wchar_t file[300] = L"";
    void *library = library_open(name);
    UINT n = GetSystemDirectoryW(system, 300);
    GetModuleFileNameW((HMODULE)library, file, 300);
    check(library != NULL && _wcsnicmp(file, system, n) == 0, name);
    library_close(library);
}

/* A library of the system, and one of its name that the host itself has loaded from elsewhere. */
static void although_the_host_has_another(const char *planted) {
    static const char name[] = "windows_twin.dll";
    char system[300];
    size_t n = GetSystemDirectoryA(system, 250);
    snprintf(system + n, sizeof system - n, "\\%s", name);
    check(CopyFileA(planted, name, FALSE) && CopyFileA(planted, system, FALSE), "there are twins");
    HMODULE other = LoadLibraryA(".\\windows_twin.dll");
    check(other != NULL, "and the host has loaded the one in its folder");
    from_the_system(name);
    FreeLibrary(other);
    DeleteFileA(name);
}

int main(void) {
    char folder[600];
    char path[700];
    settle(folder);
    snprintf(path, sizeof path, "%s\\%s", folder, PLANTED);
    check(GetFileAttributesA(PLANTED) != INVALID_FILE_ATTRIBUTES, "the file lies there");
    check(!loads(PLANTED),
          "a bare name is not looked for beside the program, in the current folder or in PATH");
    check(!loads(".\\" PLANTED) && !loads("./" PLANTED), "a relative path is refused");
    snprintf(path, sizeof path, "%.2s%s", folder, PLANTED);
    check(!loads(path), "a path relative to a drive's folder is refused");
    check(!loads(folder + 2) && !loads(""), "a path without its drive is refused");
    snprintf(path, sizeof path, "%s\\%s", folder + 2, PLANTED);
    check(!loads(path), "and so is a file there");
    snprintf(path, sizeof path, "%s\\%s", folder, PLANTED);
    check(loads(path), "an absolute path is loaded");
    from_the_system("winscard.dll");
    from_the_system("ncrypt.dll");
    from_the_system("crypt32.dll");
    although_the_host_has_another(path);
    return failures != 0;
}
