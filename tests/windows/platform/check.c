#include "check.h"

#include <stdio.h>
#include <windows.h>

static int failures;
static const char *running;

void check(bool ok, const char *what, const char *file, int line) {
    if (!ok) {
        DWORD error = GetLastError();
        printf("%s: %s:%d: %s (error %lu)\n", running != NULL ? running : "-", file, line, what,
               error);
        failures++;
    }
}

int run_cases(const struct test_case *cases, size_t n) {
    for (size_t i = 0; i < n; i++) {
        int before = failures;
        running = cases[i].name;
        cases[i].body();
        printf("%s %s\n", failures == before ? "ok  " : "FAIL", running);
        fflush(stdout);
    }
    running = NULL;
    return failures;
}
