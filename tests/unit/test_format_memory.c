/* Each format when memory ends, and what it leaves behind in memory that it gave back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>
#include <malloc.h>

#include "format_stage.h"

/* malloc, calloc and realloc of everything that is linked statically, and of Jansson; the nth one
 * can fail, alone or with all that follow. */
static long fail_at = -1, requests, blocks;
static bool fail_on;

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
    return requests == fail_at || (fail_on && fail_at > 0 && requests > fail_at);
}

static const char name[] = "見本　太郎";
static volatile long
    name_left; /* the C library promises that free() touches nothing of this file */

/* Counts freed blocks that still hold the person's name. */
void __wrap_free(void *p) {
    size_t n = p != NULL ? malloc_usable_size(p) : 0;
    blocks -= p != NULL ? 1 : 0;
    for (size_t i = 0; i + sizeof name - 1 <= n; i++) {
        if (memcmp((const char *)p + i, name, sizeof name - 1) == 0) {
            name_left++;
            break;
        }
    }
    __real_free(p);
}

void *__wrap_malloc(size_t n) {
    void *p = fails() ? NULL : __real_malloc(n);
    blocks += p != NULL ? 1 : 0;
    return p;
}

void *__wrap_calloc(size_t n, size_t size) {
    void *p = fails() ? NULL : __real_calloc(n, size);
    blocks += p != NULL ? 1 : 0;
    return p;
}

void *__wrap_realloc(void *p, size_t n) {
    void *q = fails() ? NULL : __real_realloc(p, n);
    blocks += p == NULL && q != NULL ? 1 : 0;
    return q;
}

/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c) */

static const struct format_cell rows[] = {CELL("A", name), CELL("B", "a,\"b\""), CELL("C", NULL)};
static const struct format_cell lines[] = {CELL("A/1", name), CELL("B/1", "b"), CELL("A/2", NULL)};
static const struct format_cell elements[] = {
    CELL("@v", name), CELL("A/B", name), {.to = "A/C", .empty = EMPTY_NIL}, CELL("A/text()", "<")};
static const struct format_cell members[] = {CELL("a[2]/b", name),
                                             CELL("a[1]/c[1]", name),
                                             {.to = "d", .value = "1", .kind = CELL_NUMBER},
                                             CELL("e/f/g", "x")};
static const struct format_cell segments[] = {CELL("MSH/3", "x"), CELL("PID/5.1", name),
                                              CELL("PID/3(2)", "&")};

struct sample {
    enum format_kind kind;
    const struct format_cell *cells;
    size_t n;
};

static const struct sample samples[] = {
    {FORMAT_CSV, rows, COUNT(rows)},         {FORMAT_FIXED, rows, COUNT(rows)},
    {FORMAT_XML, elements, COUNT(elements)}, {FORMAT_JSON, members, COUNT(members)},
    {FORMAT_HL7, segments, COUNT(segments)}, {FORMAT_TEXT, lines, COUNT(lines)},
};

static int32_t write_sample(const struct sample *sample, struct bytes *out) {
    struct format_style style = style_of(sample->kind);
    style.bom = true;
    style.header = true;
    int32_t rc = format_head(&style, sample->cells, sample->n, out);
    return rc == SHK_OK ? format_body(&style, sample->cells, sample->n, out) : rc;
}

/* Returns how many requests there were; each of them has failed once. */
static long fail_each(const struct sample *sample, const struct bytes *whole) {
    long at = 0;
    int32_t rc;
    do {
        struct bytes out = {0};
        long before = blocks;
        fail_at = ++at;
        requests = 0;
        rc = write_sample(sample, &out);
        fail_at = -1;
        assert_true(rc == SHK_OK || rc == SHK_E_MEMORY);
        assert_true(rc != SHK_OK || bytes_text(&out)[out.n] == '\0');
        assert_true(rc != SHK_OK || out.n == whole->n);
        assert_int_equal(memcmp(bytes_text(&out), bytes_text(whole), out.n), 0);
        bytes_clear(&out);
        assert_int_equal(blocks, before);
    } while (requests >= at);
    assert_int_equal(rc, SHK_OK);
    return at - 1;
}

static void every_failing_allocation_ends_cleanly(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(samples); i++) {
        struct bytes whole = {0};
        fail_at = -1;
        assert_int_equal(write_sample(&samples[i], &whole), SHK_OK);
        fail_on = false;
        long alone = fail_each(&samples[i], &whole);
        fail_on = true;
        assert_true(alone >= 1 && fail_each(&samples[i], &whole) >= 1);
        assert_true(samples[i].kind != FORMAT_JSON || alone > 40);
        fail_on = false;
        bytes_clear(&whole);
    }
}

/* Behind what is there already, so that room runs out in the middle. */
static int32_t append_sample(const struct sample *sample, struct bytes *out) {
    struct format_style style = style_of(sample->kind);
    assert_int_equal(bytes_append(out, "before", 6), SHK_OK);
    requests = 0;
    int32_t rc = format_body(&style, sample->cells, sample->n, out);
    assert_memory_equal(out->p, "before", 6);
    return rc;
}

static void what_was_begun_is_taken_back(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(samples); i++) {
        long at = 0;
        int32_t rc;
        do {
            struct bytes out = {0};
            fail_at = -1;
            assert_int_equal(bytes_reserve(&out, 8), SHK_OK);
            fail_at = ++at;
            rc = append_sample(&samples[i], &out);
            fail_at = -1;
            assert_true(rc == SHK_OK ? out.n > 6 : out.n == 6);
            assert_int_equal(out.p[out.n], 0);
            bytes_clear(&out);
        } while (requests >= at);
        assert_int_equal(rc, SHK_OK);
    }
}

static void freed_memory_holds_no_name(void **state) {
    (void)state;
    char *volatile planted = malloc(64); /* the compiler must not see through the plant */
    assert_non_null(planted);
    memcpy(planted, name, sizeof name);
    name_left = 0;
    free(planted);
    assert_int_equal(name_left, 1);
    for (size_t i = 0; i < COUNT(samples); i++) {
        struct bytes out = {0};
        assert_int_equal(write_sample(&samples[i], &out), SHK_OK);
        bytes_clear(&out);
        assert_int_equal(name_left, 1);
    }
}

/* Jansson is a shared library, which the linker's wrapping does not reach. */
static int take_part(void **state) {
    (void)state;
    json_set_alloc_funcs(malloc, free);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        FORMAT_TEST(every_failing_allocation_ends_cleanly),
        FORMAT_TEST(what_was_begun_is_taken_back),
        FORMAT_TEST(freed_memory_holds_no_name),
    };
    return cmocka_run_group_tests_name("format_memory", tests, take_part, NULL);
}
