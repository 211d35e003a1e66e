/* What belongs to this user or this seat: the guarded key, the run-time folder, the session, adapters' files,
 * locks, and who else uses cards. */
#include <stdio.h>
#include <string.h>

#include "card_users.h"
#include "crypto.h"
#include "module_file.h"
#include "platform.h"
#include "run_folder.h"
#include "seat.h"
#include "system.h"

#include <tlhelp32.h>
#include <wincrypt.h>

static const uint8_t key[32] = {0x53, 0x48, 0x4B, 1, 2, 3, 4, 5, 6, 7, 8, 9};

static bool contains(const struct bytes *all, const uint8_t *p, size_t n) {
    for (size_t i = 0; i + n <= all->n; i++) {
        if (memcmp(all->p + i, p, n) == 0) {
            return true;
        }
    }
    return false;
}

static void a_key_is_wrapped_and_unwrapped(void) {
    struct bytes wrapped = {0}, plain = {0};
    CHECK(key_guard(key, sizeof key, &wrapped) == SHK_OK);
    CHECK(wrapped.n > sizeof key && !contains(&wrapped, key, 12));
    CHECK(bytes_append(&plain, key, 1) == SHK_OK);
    CHECK(key_unguard(wrapped.p, wrapped.n, &plain) == SHK_OK);
    CHECK(plain.n == 1 + sizeof key && memcmp(plain.p + 1, key, sizeof key) == 0);
    bytes_clear(&wrapped);
    bytes_clear(&plain);
}

static void a_changed_key_is_refused(void) {
    struct bytes wrapped = {0}, plain = {0};
    CHECK(key_guard(key, sizeof key, &wrapped) == SHK_OK);
    wrapped.p[wrapped.n - 1] ^= 1;
    CHECK(key_unguard(wrapped.p, wrapped.n, &plain) == SHK_E_STORE_KEY);
    wrapped.p[wrapped.n - 1] ^= 1;
    CHECK(key_unguard(wrapped.p, wrapped.n / 2, &plain) == SHK_E_STORE_KEY);
    CHECK(key_unguard(key, sizeof key, &plain) == SHK_E_STORE_KEY);
    CHECK(plain.n == 0);
    bytes_clear(&wrapped);
}

static void a_key_that_another_program_wrapped_with_a_word_is_refused(void) {
    BYTE word[] = "word";
    DATA_BLOB in = {sizeof key, (BYTE *)(uintptr_t)key}, with = {4, word}, made = {0, NULL};
    struct bytes plain = {0};
    CHECK(CryptProtectData(&in, NULL, &with, NULL, NULL, CRYPTPROTECT_UI_FORBIDDEN, &made));
    CHECK(key_unguard(made.pbData, made.cbData, &plain) == SHK_E_STORE_KEY && plain.n == 0);
    LocalFree(made.pbData);
}

/* First of all: it is asked for once in a process. */
static void the_run_time_folder_lies_in_the_users_own(void) {
    CHECK(CreateDirectoryW(L"C:\\一時", NULL));
    CHECK(SetEnvironmentVariableW(L"TMP", L"C:\\一時"));
    const char *folder = platform_run_folder();
    CHECK(folder != NULL && strcmp(folder, "C:\\一時\\shikaku") == 0);
    DWORD kind = GetFileAttributesW(L"C:\\一時\\shikaku");
    CHECK(kind != INVALID_FILE_ATTRIBUTES && (kind & FILE_ATTRIBUTE_DIRECTORY) != 0);
    CHECK(platform_run_folder() == folder);
}

static void the_seat_is_told(void) {
    struct seat seat;
    SetEnvironmentVariableW(L"SSH_CONNECTION", NULL);
    platform_seat(&seat);
    CHECK(strcmp(seat.session, "local") == 0 && seat.windows);
    CHECK(seat.bits == (sizeof(size_t) == 8 ? 64 : 32));
    SetEnvironmentVariableW(L"SSH_CONNECTION", L"192.0.2.1 50000 192.0.2.2 22");
    platform_seat(&seat);
    CHECK(strcmp(seat.session, "ssh") == 0);
    SetEnvironmentVariableW(L"SSH_CONNECTION", NULL);
}

static void make_file(const wchar_t *path) {
    HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL);
    CHECK(file != INVALID_HANDLE_VALUE);
    CloseHandle(file);
}

static int32_t adapter_in(const char *folder, const char *name, char path[MODULE_PATH_MAX],
                          const char *where) {
    struct fault why = {0};
    int32_t rc = module_file_check(folder, name, path, &why);
    CHECK(strcmp(why.where, where) == 0 && (why.native != 0) == (rc != SHK_OK));
    return rc;
}

static void an_adapter_is_a_plain_file_in_an_absolute_folder(void) {
    static const char *const no_folders[] = {
        "C:\\none", "C:\\連携\\clinic.dll", "連携", "\\連携", "C:連携", ""};
    char path[MODULE_PATH_MAX];
    CHECK(CreateDirectoryW(L"C:\\連携", NULL) && CreateDirectoryW(L"C:\\連携\\sub.dll", NULL));
    make_file(L"C:\\連携\\clinic.dll");
    CHECK(SetCurrentDirectoryW(L"C:\\"));
    CHECK(adapter_in("C:\\連携", "clinic", path, "") == SHK_OK);
    CHECK(strcmp(path, "C:\\連携\\clinic.dll") == 0);
    CHECK(adapter_in("C:/連携", "clinic", path, "") == SHK_OK);
    CHECK(adapter_in("C:\\連携", "none", path, "none.dll") == SHK_E_MODULE_FILE);
    CHECK(adapter_in("C:\\連携", "sub", path, "sub.dll") == SHK_E_MODULE_FILE);
    for (size_t i = 0; i < COUNT(no_folders); i++) {
        CHECK(adapter_in(no_folders[i], "clinic", path, "adapters.folder") == SHK_E_MODULE_FILE);
        CHECK(path[0] == '\0');
    }
}

static bool locks(const char *path, int32_t ms, void **lock) {
    return platform_file_lock(NULL, path, ms, lock, NULL) == SHK_OK;
}

static void a_lock_excludes_other_threads_and_programs(void) {
    void *one = NULL, *two = &one;
    CHECK(locks("C:\\lock", 0, &one) && !locks("C:\\lock", 50, &two) && two == NULL);
    platform_file_unlock(NULL, one);
    HANDLE other = start_other(L"lock C:\\lock");
    CHECK(!locks("C:\\lock", 100, &one));
    end_other(other);
    CHECK(locks("C:\\lock", 60000, &one));
    platform_file_unlock(NULL, one);
}

/* The clock of the search, which ends after half a second: here it can stand still. */
static ULONGLONG stands_at;

static ULONGLONG WINAPI ticks_seen(void) {
    ULONGLONG(WINAPI * call)(void) = NULL;
    FARPROC real = GetProcAddress(GetModuleHandleW(L"kernel32.dll"), "GetTickCount64");
    memcpy(&call, &real, sizeof call);
    return stands_at != 0 ? stands_at : call();
}
ULONGLONG(WINAPI *import_ticks)(void) IMPORT("GetTickCount64", "0") = ticks_seen;

/* Not where QEMU runs Wine's server, which cannot read another program's memory there. */
static bool can_look(void) {
    HANDLE modules = CreateToolhelp32Snapshot(TH32CS_SNAPMODULE, GetCurrentProcessId());
    bool can = modules != INVALID_HANDLE_VALUE;
    CHECK(can || (sizeof(void *) == 4 && GetLastError() == ERROR_ACCESS_DENIED));
    return can && CloseHandle(modules);
}

static void programs_with_the_card_client_are_named(void) {
    char names[8][CARD_USER_NAME_MAX];
    stands_at = 1;
    CHECK(card_users(names, 8) == 0);
    HANDLE other = start_other(L"card");
    size_t n = card_users(names, 8);
    CHECK(can_look() ? n == 1 && strcmp(names[0], "windows_system.exe") == 0 : n == 0);
    end_other(other);
    CHECK(card_users(names, 8) == 0);
    stands_at = 0;
}

int place_cases(void) {
    static const struct test_case cases[] = {
        CASE(a_key_is_wrapped_and_unwrapped),
        CASE(a_changed_key_is_refused),
        CASE(a_key_that_another_program_wrapped_with_a_word_is_refused),
        CASE(the_run_time_folder_lies_in_the_users_own),
        CASE(the_seat_is_told),
        CASE(an_adapter_is_a_plain_file_in_an_absolute_folder),
        CASE(a_lock_excludes_other_threads_and_programs),
        CASE(programs_with_the_card_client_are_named),
    };
    return run_cases(cases, COUNT(cases));
}
