/* Making a pack without memory, and what is left of a sample's values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <malloc.h>

#include "pack_new_stage.h"
#include "slurp.h"

/* malloc, calloc and realloc of everything that is linked statically; the nth one fails. */
static long fail_at = -1, requests;
/* Counts freed blocks that still hold this. */
static const char *watched;
static long left;

/* The names are the linker's. NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c) */
void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void __real_free(void *p);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void __wrap_free(void *p);

static bool fails(void) {
    requests++;
    return requests == fail_at;
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

void __wrap_free(void *p) {
    size_t n = p != NULL && watched != NULL ? malloc_usable_size(p) : 0;
    size_t len = watched != NULL ? strlen(watched) : 0;
    for (size_t i = 0; i + len <= n && n > 0; i++) {
        if (memcmp((const char *)p + i, watched, len) == 0) {
            left++;
            break;
        }
    }
    __real_free(p);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c) */

static int32_t make_failing(const char *sample, long at) {
    const struct pack_new_job job = {.sample = (const uint8_t *)sample,
                                     .sample_len = strlen(sample),
                                     .sample_name = "t",
                                     .id = "mihon"};
    struct pack_new_result *result = NULL;
    struct fault why = {0};
    requests = 0;
    fail_at = at;
    int32_t rc = pack_new(&job, &result, &why);
    fail_at = -1;
    assert_int_equal(rc, why.code);
    assert_true((rc == SHK_OK) == (result != NULL));
    pack_new_free(&result);
    return rc;
}

/* The table of names alone asks some thousand times, so not each of them is tried. */
static void no_memory_is_a_fault_and_leaves_nothing(void **state) {
    (void)state;
    static const char *const samples[] = {
        "氏名,公費１負担者番号,負担割合\n見本,12991014,3\n",
        "<R xmlns='urn:x'><item name='氏名'>見本</item><A/><A x='1'>2</A></R>",
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        assert_int_equal(make_failing(samples[i], -1), SHK_OK);
        long all = requests;
        for (long at = 1; at <= all; at += at < 40 || at > all - 300 ? 1 : 97) {
            int32_t rc = make_failing(samples[i], at);
            if (rc != SHK_E_MEMORY) {
                print_error("sample %d, request %ld of %ld: %d\n", (int)i, at, all, (int)rc);
            }
            assert_int_equal(rc, SHK_E_MEMORY);
        }
    }
}

static void assert_wiped(const char *name, const char *value) {
    left = 0;
    watched = value;
    assert_int_equal(make_pack_of_file(name), SHK_OK);
    pack_new_free(&made);
    watched = NULL;
    assert_int_equal(left, 0);
}

static void nothing_of_a_value_is_left_in_memory(void **state) {
    (void)state;
    assert_wiped("clinic.csv", "見本　太郎");
    assert_wiped("kenshin.csv", "ミホン　タロウ");
    assert_wiped("fhir.xml", "00000123");
    assert_wiped("register.xml", "990010");
    left = 0;
    watched = "秘密";
    assert_int_equal(make_pack_of_text("秘密,1985/03/02,女\n"), SHK_E_PACK_SOURCE);
    watched = NULL;
    assert_int_equal(left, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_memory_is_a_fault_and_leaves_nothing),
        cmocka_unit_test_teardown(nothing_of_a_value_is_left_in_memory, pack_tear_down),
    };
    return cmocka_run_group_tests_name("pack_new_memory", tests, NULL, NULL);
}
