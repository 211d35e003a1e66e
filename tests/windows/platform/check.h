/* What the programs of this folder share: each case is a function, its name is printed. */
#ifndef WINDOWS_CHECK_H
#define WINDOWS_CHECK_H

#include <stdbool.h>
#include <stddef.h>

struct test_case {
    void (*body)(void);
    const char *name;
};

#define CASE(name)                                                                                 \
    { name, #name }
#define CHECK(what) check((what), #what, __FILE__, __LINE__)

/* Names the variable by which a program calls a function of a DLL; `bytes` of arguments on x86. */
#if defined(__x86_64__)
#define IMPORT(name, bytes) __asm__("__imp_" name)
#else
#define IMPORT(name, bytes) __asm__("__imp__" name "@" bytes)
#endif

void check(bool ok, const char *what, const char *file, int line);
/* The number of failed checks since the program began. */
int run_cases(const struct test_case *cases, size_t n);

#endif
