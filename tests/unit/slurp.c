#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "slurp.h"

char *slurp(const char *path, size_t *n) {
    static char text[131072];
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t got = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[got] = '\0';
    if (n != NULL) {
        *n = got;
    }
    return text;
}
