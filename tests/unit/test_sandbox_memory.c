/* The host's memory: a script gives all of it back, and survives its lack. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <malloc.h>

#include "sandbox.h"
#include "sandbox_stage.h"
#include "slurp.h"

/* malloc, calloc and realloc of everything that is linked statically; the nth one can fail, alone
 * or with all that follow. */
static long fail_at = -1, requests;
static bool fail_on;

/* The names are the linker's. NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c) */
void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);

static bool fails(void) {
    requests++;
    return requests == fail_at || (fail_on && fail_at > 0 && requests > fail_at);
}

/* Counts freed blocks that still hold the person's name. */
static const char *watched;
static long name_left;

void __real_free(void *p);
void __wrap_free(void *p);

void __wrap_free(void *p) {
    size_t n = p != NULL && watched != NULL ? malloc_usable_size(p) : 0;
    size_t len = watched != NULL ? strlen(watched) : 0;
    for (size_t i = 0; i + len <= n && n > 0; i++) {
        if (memcmp((const char *)p + i, watched, len) == 0) {
            name_left++;
            break;
        }
    }
    __real_free(p);
}

void *__wrap_malloc(size_t n) {
    return fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size) {
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n) {
    return fails() ? NULL : __real_realloc(p, n);
}

/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c) */

static int use_memory(lua_State *L) {
    sandbox_load(
        L, (const uint8_t *)"local t = {} for i = 1, 99 do t[i] = { i .. '' } end return t", 60);
    return 0;
}

static void a_closed_state_gave_everything_back(void **state) {
    (void)state;
    struct sandbox sb = {.name = "t", .limits = {.steps = 100000, .memory = 1000000}};
    sandbox_run(&sb, use_memory, NULL, NULL);
    assert_int_equal(sb.memory.used, 0);
}

static const char *shipped(void) {
    return slurp(SOURCE_ROOT "/scripts/kanja_xml.lua", NULL);
}

static void every_ceiling_ends_cleanly(void **state) {
    (void)state;
    struct mapping_job job = {0};
    const char *script = shipped();
    size_t passed = 0;
    for (size_t memory = 100; memory < 700000; memory += memory / 50 + 97) {
        job.budget.memory = memory;
        int32_t rc = run_job(&job, script);
        passed += rc == SHK_OK ? 1 : 0;
        assert_true(rc == SHK_OK || rc == SHK_E_SCRIPT_MEMORY);
    }
    assert_true(passed > 3);
}

/* Returns how many of the runs ended with a fault. */
static long fail_each(const char *script) {
    struct mapping_job job = {0};
    long failed = 0;
    bool reached = true;
    for (long at = 1; reached; at++) {
        fail_at = at;
        requests = 0;
        int32_t rc = run_job(&job, script);
        reached = requests >= at;
        assert_true(rc == SHK_OK || rc == SHK_E_MEMORY);
        failed += rc == SHK_OK ? 0 : 1;
    }
    fail_at = -1;
    return failed;
}

static void every_failing_allocation_ends_cleanly(void **state) {
    (void)state;
    const char *script = shipped();
    fail_on = false;
    assert_true(fail_each(script) > 15); /* Lua collects and asks again, so many succeed */
    fail_on = true;
    assert_true(fail_each(script) > 15);
    fail_on = false;
}

static void freed_memory_holds_no_name(void **state) {
    (void)state;
    struct mapping_job job = {0};
    watched = "●子";
    name_left = 0;
    char *volatile planted = malloc(16); /* the compiler must not see through the plant */
    assert_non_null(planted);
    snprintf(planted, 16, "x%s", watched);
    free(planted);
    assert_int_equal(name_left, 1);
    assert_int_equal(run_job(&job, shipped()), SHK_OK);
    assert_int_equal(run_body("return rec.name .. rec.nothing"), SHK_E_SCRIPT_RUN);
    assert_int_equal(run_body("local s = rec.name while true do s = s .. s end"),
                     SHK_E_SCRIPT_MEMORY);
    watched = NULL;
    assert_int_equal(name_left, 1);
}

static void a_thousand_runs(void **state) {
    (void)state;
    struct mapping_job job = {0};
    const char *script = shipped();
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(run_job(&job, script), SHK_OK);
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    double us = (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6;
    print_message("kanja_xml.lua: %.0f microseconds a run\n", us);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_closed_state_gave_everything_back),
        cmocka_unit_test(every_ceiling_ends_cleanly),
        cmocka_unit_test(every_failing_allocation_ends_cleanly),
        cmocka_unit_test(freed_memory_holds_no_name),
        cmocka_unit_test(a_thousand_runs),
    };
    return cmocka_run_group_tests_name("sandbox_memory", tests, load_person, free_person);
}
