#include "card_users.h"

#include <windows.h>

#include <string.h>
#include <tlhelp32.h>

#include "bytes.h"
#include "platform.h"

#define MOST_MS 500

static const wchar_t client[] = L"winscard.dll";

static bool is_client(const wchar_t *module) {
    size_t i = 0;
    for (; client[i] != 0 && module[i] != 0; i++) {
        wchar_t c = module[i] >= L'A' && module[i] <= L'Z' ? module[i] + (L'a' - L'A') : module[i];
        if (c != client[i]) {
            return false;
        }
    }
    return client[i] == 0 && module[i] == 0;
}

/* Only processes that this one may look into; of others the snapshot fails. */
static bool has_client(DWORD pid) {
    HANDLE modules = CreateToolhelp32Snapshot(TH32CS_SNAPMODULE | TH32CS_SNAPMODULE32, pid);
    if (modules == INVALID_HANDLE_VALUE) {
        return false;
    }
    MODULEENTRY32W module;
    memset(&module, 0, sizeof module);
    module.dwSize = sizeof module;
    bool found = false;
    for (BOOL more = Module32FirstW(modules, &module); more && !found;
         more = Module32NextW(modules, &module)) {
        found = is_client(module.szModule);
    }
    CloseHandle(modules);
    return found;
}

static bool take_name(const wchar_t *from, char *name) {
    return WideCharToMultiByte(CP_UTF8, 0, from, -1, name, CARD_USER_NAME_MAX, NULL, NULL) > 0;
}

static bool known(char (*names)[CARD_USER_NAME_MAX], size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (text_equal(names[i], names[n])) {
            return true;
        }
    }
    return false;
}

size_t card_users(char (*names)[CARD_USER_NAME_MAX], size_t max) {
    int64_t until_ms = platform_clock.mono_ms(NULL) + MOST_MS;
    size_t n = 0;
    HANDLE processes = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    if (processes == INVALID_HANDLE_VALUE) {
        return 0;
    }
    PROCESSENTRY32W process;
    memset(&process, 0, sizeof process);
    process.dwSize = sizeof process;
    BOOL more = Process32FirstW(processes, &process);
    while (more && n < max && platform_clock.mono_ms(NULL) < until_ms) {
        DWORD pid = process.th32ProcessID;
        if (pid != 0 && pid != GetCurrentProcessId() && has_client(pid) &&
            take_name(process.szExeFile, names[n]) && !known(names, n)) {
            n++;
        }
        more = Process32NextW(processes, &process);
    }
    CloseHandle(processes);
    return n;
}
