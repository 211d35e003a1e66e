/* A host that frees the plugin must not take its code from under a thread that is left in a driver, nor
 * run OpenSSL's and libcurl's ends twice: once loaded, the DLL stays, as `-z nodelete` does elsewhere.
 * Nothing else but the stack's secret happens under the loader's lock. */
#include <windows.h>

#include "memory_guard_win32.h"

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved);

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved) {
    (void)reserved;
    HMODULE pinned = NULL;
    if (reason == DLL_PROCESS_ATTACH) {
        memory_guard_draw();
        return GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN |
                                      GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                                  (LPCWSTR)(const void *)module, &pinned);
    }
    return TRUE;
}
