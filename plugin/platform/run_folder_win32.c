#include <windows.h>

#include "run_folder.h"
#include "thread.h"

#define NAME L"shikaku"

static char folder[(MAX_PATH + 1) * 3]; /* of UTF-16 at its longest */
static bool found;

/* Once. The user's own folder of temporary files, in his profile. */
static void find(void) {
    wchar_t path[MAX_PATH + 1 + sizeof NAME / sizeof(wchar_t)];
    DWORD n = GetTempPathW(MAX_PATH + 1, path);
    if (n == 0 || n > MAX_PATH) {
        return;
    }
    memcpy(path + n, NAME, sizeof NAME);
    CreateDirectoryW(path, NULL);
    DWORD kind = GetFileAttributesW(path);
    found = kind != INVALID_FILE_ATTRIBUTES && (kind & FILE_ATTRIBUTE_DIRECTORY) != 0 &&
            WideCharToMultiByte(CP_UTF8, 0, path, -1, folder, sizeof folder, NULL, NULL) > 0;
}

const char *platform_run_folder(void) {
    run_once(find);
    return found ? folder : NULL;
}
