/* What somebody plants under a good name: it says in the folder SHIKAKU_PLANTED that it was loaded. */
#include <windows.h>

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved);

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved) {
    wchar_t path[MAX_PATH] = L"", own[MAX_PATH] = L"";
    (void)reserved;
    if (reason != DLL_PROCESS_ATTACH) {
        return TRUE;
    }
    DWORD n = GetEnvironmentVariableW(L"SHIKAKU_PLANTED", path, MAX_PATH);
    DWORD own_n = GetModuleFileNameW(module, own, MAX_PATH);
    while (own_n > 0 && own[own_n - 1] != L'\\') {
        own_n--;
    }
    for (const wchar_t *c = own + own_n - 1; n < MAX_PATH - 1 && *c != 0; c++) {
        path[n++] = *c;
    }
    path[n] = 0;
    HANDLE marker = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    if (marker != INVALID_HANDLE_VALUE) {
        CloseHandle(marker);
    }
    return TRUE;
}
