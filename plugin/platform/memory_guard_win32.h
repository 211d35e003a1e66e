/* The secret that guards the stack's frames. */
#ifndef MEMORY_GUARD_WIN32_H
#define MEMORY_GUARD_WIN32_H

#include <stddef.h>
#include <stdint.h>

/* Names that the compiler calls. */
extern uintptr_t __stack_chk_guard;                    /* NOLINT(bugprone-reserved-identifier) */
__attribute__((noreturn)) void __stack_chk_fail(void); /* NOLINT(bugprone-reserved-identifier) */
/* NOLINTNEXTLINE(bugprone-reserved-identifier) */
void *__memcpy_chk(void *to, const void *from, size_t n, size_t room);

/* Draws the secret: once, before any guarded function runs. */
void memory_guard_draw(void);

#endif
