/* The small parts of plugin/platform/..._win32.c. Without an argument it runs the cases; with one it is the
 * other program that some need: `system lock FILE|card`. */
#include "system.h"

#include <stdio.h>
#include <string.h>
#include <windows.h>

#include "platform.h"

/* Until it is ended from outside, at most some minutes. */
static int stay(void) {
    printf("ready\n");
    fflush(stdout);
    Sleep(250000);
    return 0;
}

static int other_program(int argc, char **argv) {
    void *lock = NULL;
    if (strcmp(argv[1], "lock") == 0 && argc == 3) {
        return platform_file_lock(NULL, argv[2], 0, &lock, NULL) == SHK_OK ? stay() : 1;
    }
    return strcmp(argv[1], "card") == 0 && LoadLibraryW(L"winscard.dll") != NULL ? stay() : 1;
}

static HANDLE start(wchar_t *line, HANDLE out) {
    PROCESS_INFORMATION process;
    STARTUPINFOW info = {.cb = sizeof info, .dwFlags = STARTF_USESTDHANDLES, .hStdOutput = out};
    wchar_t self[MAX_PATH];
    GetModuleFileNameW(NULL, self, MAX_PATH);
    if (!CreateProcessW(self, line, NULL, NULL, TRUE, 0, NULL, NULL, &info, &process)) {
        return NULL;
    }
    CloseHandle(process.hThread);
    return process.hProcess;
}

HANDLE start_other(const wchar_t *what) {
    SECURITY_ATTRIBUTES inherited = {.nLength = sizeof inherited, .bInheritHandle = TRUE};
    HANDLE in, out;
    wchar_t line[MAX_PATH];
    char word[8] = "";
    DWORD n = 0;
    _snwprintf(line, MAX_PATH, L"system %ls", what);
    if (!CreatePipe(&in, &out, &inherited, 0)) {
        return NULL;
    }
    HANDLE process = start(line, out);
    CloseHandle(out);
    CHECK(ReadFile(in, word, 5, &n, NULL) && memcmp(word, "ready", 5) == 0);
    CloseHandle(in);
    return process;
}

void end_other(HANDLE process) {
    CHECK(TerminateProcess(process, 0) && WaitForSingleObject(process, 60000) == WAIT_OBJECT_0);
    CloseHandle(process);
}

int main(int argc, char **argv) {
    if (argc > 1) {
        return other_program(argc, argv);
    }
    int failed = path_cases() + place_cases() + memory_cases() + socket_cases();
    return failed == 0 ? 0 : 1;
}
