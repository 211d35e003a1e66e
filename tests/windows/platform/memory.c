/* The memory of a PIN, and of threads. The three calls of Windows are taken in between here, to see what is in it. */
#include <malloc.h>
#include <string.h>

#include "crypto.h"
#include "secret.h"
#include "system.h"
#include "thread.h"

static SIZE_T locked, unlocked, freed_with;

static BOOL WINAPI lock_seen(LPVOID p, SIZE_T n) {
    (void)p;
    locked += n;
    return TRUE;
}

static BOOL WINAPI unlock_seen(LPVOID p, SIZE_T n) {
    (void)p;
    unlocked += n;
    return TRUE;
}

/* Counts what is left in the middle page. */
static BOOL WINAPI free_seen(LPVOID p, SIZE_T n, DWORD how) {
    const uint8_t *middle = (const uint8_t *)p + 4096;
    for (size_t i = 0; i < 4096; i++) {
        freed_with += middle[i];
    }
    return VirtualFreeEx(GetCurrentProcess(), p, n, how);
}

BOOL(WINAPI *import_lock)(LPVOID, SIZE_T) IMPORT("VirtualLock", "8") = lock_seen;
BOOL(WINAPI *import_unlock)(LPVOID, SIZE_T) IMPORT("VirtualUnlock", "8") = unlock_seen;
BOOL(WINAPI *import_free)(LPVOID, SIZE_T, DWORD) IMPORT("VirtualFree", "12") = free_seen;

static bool is_barred(const uint8_t *p) {
    MEMORY_BASIC_INFORMATION info;
    return VirtualQuery(p, &info, sizeof info) == sizeof info && info.State == MEM_RESERVE;
}

static void a_secret_is_locked_and_wiped(void) {
    uint8_t *p = secret_new(12);
    CHECK(p != NULL && locked == 4096 && p[0] == 0 && p[11] == 0);
    memset(p, '7', 12);
    secret_free(p, 12);
    CHECK(unlocked == 4096 && freed_with == 0);
    secret_free(NULL, 12);
}

static void pages_beside_a_secret_are_barred(void) {
    uint8_t *p = secret_new(5000);
    CHECK(p != NULL && is_barred(p + 5000) && is_barred(p + 5000 - 2 * 4096 - 1));
    CHECK(!is_barred(p) && !is_barred(p + 4999));
    secret_free(p, 5000);
    CHECK(secret_new(SIZE_MAX - 1) == NULL);
}

static void measure_stack(void *self) {
    ULONG_PTR low, high;
    GetCurrentThreadStackLimits(&low, &high);
    *(size_t *)self = (size_t)(high - low);
}

/* This program asks for a quarter of a megabyte, as a host may, of which Wine makes one. */
static void a_thread_has_room_whatever_the_host_has(void) {
    size_t room = 0;
    struct thread *thread = thread_start(measure_stack, &room);
    CHECK(thread != NULL && thread_join(thread, -1));
    CHECK(room >= (size_t)3 << 19);
}

static size_t blocks(void) {
    _HEAPINFO at = {0};
    size_t n = 0;
    while (_heapwalk(&at) == _HEAPOK) {
        n += at._useflag == _USEDENTRY;
    }
    return n;
}

static void draw(void *self) {
    uint8_t number[16], hash[32];
    (void)self;
    CHECK(random_fill(number, sizeof number) == SHK_OK);
    CHECK(sha256(number, sizeof number, hash) == SHK_OK);
    crypto_leave_thread();
}

static void draw_in_threads(int n) {
    for (int i = 0; i < n; i++) {
        struct thread *thread = thread_start(draw, NULL);
        CHECK(thread != NULL && thread_join(thread, -1));
    }
}

static void a_thread_leaves_nothing_of_openssl_behind(void) {
    draw_in_threads(2);
    size_t before = blocks();
    draw_in_threads(20);
    size_t after = blocks();
    CHECK(before > 0 && after < before + 10);
}

int memory_cases(void) {
    static const struct test_case cases[] = {
        CASE(a_secret_is_locked_and_wiped),
        CASE(pages_beside_a_secret_are_barred),
        CASE(a_thread_has_room_whatever_the_host_has),
        CASE(a_thread_leaves_nothing_of_openssl_behind),
    };
    return run_cases(cases, COUNT(cases));
}
