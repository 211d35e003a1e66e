/* The libraries allocate through these. Freeing never fails, and a block that is asked to shrink is not a call. */
#include <curl/curl.h>
#include <jansson.h>
#include <libxml/xmlmemory.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "wrap_calls.h"

/* The C library's own, whatever the linker wraps. */
/* NOLINTBEGIN(bugprone-reserved-identifier) */
void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t n);
void *__real_realloc(void *p, size_t n);
/* NOLINTEND(bugprone-reserved-identifier) */

static _Thread_local int fragile;

void wrap_fragile(bool begins) {
    fragile += begins ? 1 : -1;
}

static bool library_fails(void) {
    return fragile == 0 && wrap_fails(WRAP_LIBRARY);
}

static void *take(size_t n) {
    return library_fails() ? NULL : __real_malloc(n);
}

static void *take_zeros(size_t count, size_t n) {
    return library_fails() ? NULL : __real_calloc(count, n);
}

static void *change(void *p, size_t n) {
    return library_fails() ? NULL : __real_realloc(p, n);
}

static char *copy(const char *text) {
    size_t n = strlen(text) + 1;
    char *p = take(n);
    return p != NULL ? memcpy(p, text, n) : NULL;
}

static void *take_for_openssl(size_t n, const char *file, int line) {
    (void)file, (void)line;
    return n > 0 ? take(n) : NULL;
}

static void *change_for_openssl(void *p, size_t n, const char *file, int line) {
    (void)file, (void)line;
    return change(p, n);
}

static void free_for_openssl(void *p, const char *file, int line) {
    (void)file, (void)line;
    free(p);
}

static void *take_for_sqlite(int n) {
    return take((size_t)n);
}

static void *change_for_sqlite(void *p, int n) {
    return change(p, (size_t)n);
}

static int size_for_sqlite(void *p) {
    return (int)malloc_usable_size(p);
}

static int round_for_sqlite(int n) {
    return (n + 7) & ~7;
}

static int begin_for_sqlite(void *self) {
    (void)self;
    return SQLITE_OK;
}

static void end_for_sqlite(void *self) {
    (void)self;
}

void wrap_allocators(void) {
    static const sqlite3_mem_methods sqlite = {
        .xMalloc = take_for_sqlite,
        .xFree = free,
        .xRealloc = change_for_sqlite,
        .xSize = size_for_sqlite,
        .xRoundup = round_for_sqlite,
        .xInit = begin_for_sqlite,
        .xShutdown = end_for_sqlite,
    };
    bool good =
        CRYPTO_set_mem_functions(take_for_openssl, change_for_openssl, free_for_openssl) == 1 &&
        sqlite3_config(SQLITE_CONFIG_MALLOC, &sqlite) == SQLITE_OK &&
        xmlMemSetup(free, take, change, copy) == 0 &&
        curl_global_init_mem(CURL_GLOBAL_DEFAULT, take, free, change, copy, take_zeros) == CURLE_OK;
    json_set_alloc_funcs(take, free);
    if (!good) {
        abort();
    }
}
