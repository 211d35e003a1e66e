/* What the compiler's checks of the stack and of copies call. MinGW's own (libssp) draws its secret in
 * a constructor that loads further DLLs under the loader's lock; here DllMain draws it, as the run-time
 * of Microsoft's compiler does, from what differs between two starts. */
#include "memory_guard_win32.h"

#include <string.h>
#include <windows.h>

#define FAST_FAIL_STACK 2
#define FAST_FAIL_RANGE 8

uintptr_t __stack_chk_guard = 0x2B992DDF;

__declspec(noreturn) static void fail_fast(unsigned why) {
    for (;;) {
        __asm__ volatile("int $0x29" : : "c"(why) : "memory");
    }
}

void __stack_chk_fail(void) {
    fail_fast(FAST_FAIL_STACK);
}

void *__memcpy_chk(void *to, const void *from, size_t n, size_t room) {
    if (n > room) {
        fail_fast(FAST_FAIL_RANGE);
    }
    return memcpy(to, from, n);
}

void memory_guard_draw(void) {
    FILETIME now;
    LARGE_INTEGER count;
    GetSystemTimeAsFileTime(&now);
    (void)QueryPerformanceCounter(&count);
    uint64_t mix = ((uint64_t)now.dwHighDateTime << 32) ^ now.dwLowDateTime;
    mix ^= (uint64_t)count.QuadPart * UINT64_C(0x9E3779B97F4A7C15);
    mix ^= ((uint64_t)GetCurrentProcessId() << 32) ^ GetCurrentThreadId();
    mix ^= (uint64_t)(uintptr_t)&mix ^ __builtin_ia32_rdtsc();
    mix *= UINT64_C(0xBF58476D1CE4E5B9);
    /* A zero byte stops an overflow by text. */
    __stack_chk_guard = (uintptr_t)(mix ^ mix >> 31) & ~(uintptr_t)0xFF;
}
