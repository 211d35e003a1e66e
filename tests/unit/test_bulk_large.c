/* Many people: every one has a line, memory does not grow with the table, and it does not take long. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bulk_stage.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PEOPLE    10000
#define SANITIZED 1
#else
#define PEOPLE    100000
#define SANITIZED 0
#endif

#define MEMORY_MAX   ((size_t)16 * 1024 * 1024) /* of the heap */
#define RESIDENT_MAX ((size_t)28 * 1024 * 1024)

static size_t live, peak;

/* NOLINTBEGIN(bugprone-reserved-identifier): names that the linker gives */
void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void __real_free(void *p);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void __wrap_free(void *p);

static void *counted(void *p) {
    live += p != NULL ? malloc_usable_size(p) : 0;
    peak = live > peak ? live : peak;
    return p;
}

static void released(void *p) {
    size_t n = p != NULL ? malloc_usable_size(p) : 0;
    live -= n < live ? n : live;
}

void *__wrap_malloc(size_t n) {
    return counted(__real_malloc(n));
}

void *__wrap_calloc(size_t n, size_t size) {
    return counted(__real_calloc(n, size));
}

void *__wrap_realloc(void *p, size_t n) {
    released(p);
    return counted(__real_realloc(p, n));
}

void __wrap_free(void *p) {
    released(p);
    __real_free(p);
}
/* NOLINTEND(bugprone-reserved-identifier) */

/* Of every hundred people some have moved, some are not in the answer, and one cannot be asked. */
static const char *symbol_of(size_t i) {
    return i % 100 == 7    ? "moved"
           : i % 100 == 17 ? "lost"
           : i % 100 == 27 ? "missing"
           : i % 100 == 37 ? "nobody"
           : i % 100 == 47 ? "twice"
                           : "same";
}

static void write_people(size_t n) {
    FILE *file = fopen(stage.table, "wb");
    assert_non_null(file);
    fputs(HEADING, file);
    for (size_t i = 0; i < n; i++) {
        fprintf(file, "P%zu,見本　太郎,1980-04-%02zu,%s,%s,%zu,\n", i + 1, i % 28 + 1,
                i % 100 == 57 ? "06990015" : "06990014", symbol_of(i), i + 1);
    }
    fclose(file);
}

/* Every row once; in order unless the answers of a batch are too long to wait for each other. */
static void expect_lines(size_t n, bool in_order) {
    static char line[65536];
    static uint8_t seen[PEOPLE + 1];
    FILE *file = fopen(temp_path(&stage.out, "results.jsonl"), "rb");
    assert_non_null(file);
    memset(seen, 0, sizeof seen);
    for (size_t i = 1; i <= n; i++) {
        int64_t row = 0;
        assert_non_null(fgets(line, sizeof line, file));
        const char *number = line + strlen("{\"row\":");
        assert_true(text_to_int64(number, strspn(number, "0123456789"), &row));
        assert_in_range(row, 1, n);
        assert_int_equal(seen[row]++, 0);
        assert_true(!in_order || row == (int64_t)i);
    }
    assert_null(fgets(line, sizeof line, file));
    fclose(file);
}

/* The most that this process has held at any time. */
static size_t resident_peak(void) {
    char line[256];
    long kib = 0;
    FILE *file = fopen("/proc/self/status", "rb");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        int64_t number = 0;
        size_t digits = strspn(line, "VmHWM: \t");
        if (text_starts(line, "VmHWM:") &&
            text_to_int64(line + digits, strspn(line + digits, "0123456789"), &number)) {
            kib = (long)number;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return (size_t)kib * 1024;
}

static void expect_run(size_t n, int32_t batch, bool in_order) {
    stage.job.batch = batch;
    write_people(n);
    size_t before = live;
    clock_t begun = clock();
    peak = live;
    assert_int_equal(bulk_stage_run(), SHK_OK);
    route_fake_clear(&stage.service);
    print_message("%zu people in batches of %d: %zu KiB heap, %zu KiB resident, %ld ms of CPU\n", n,
                  batch, (peak - before) / 1024, resident_peak() / 1024,
                  (long)((clock() - begun) * 1000 / CLOCKS_PER_SEC));
    assert_true(live <= before + 4096); /* the standard library keeps some for itself */
    assert_true(peak - before < MEMORY_MAX);
    assert_true(SANITIZED || resident_peak() < RESIDENT_MAX);
    assert_int_equal(stage.last.done, n);
    assert_int_equal(stage.last.count[DIFFERENCE_UNCHANGED], n / 100 * 95);
    assert_int_equal(stage.last.count[DIFFERENCE_CHANGED], n / 100);
    assert_int_equal(stage.last.count[DIFFERENCE_LOST], n / 100);
    assert_int_equal(stage.last.count[DIFFERENCE_NOT_FOUND], n / 100);
    assert_int_equal(stage.last.count[DIFFERENCE_FAULT], n / 100 * 2);
    expect_lines(n, in_order);
}

static void a_large_table_takes_little_memory(void **state) {
    (void)state;
    expect_run(PEOPLE, 1000, true);
}

static void units_in_another_order_are_put_in_order(void **state) {
    (void)state;
    stage.service.backwards = true;
    expect_run(PEOPLE / 10, 1000, true);
}

static void the_largest_batches_take_little_memory(void **state) {
    (void)state;
    expect_run(PEOPLE / 2, 5000, false);
}

/* More than may wait in memory, torn in the middle and in another order. */
static void long_answers_of_large_batches_take_little_memory(void **state) {
    (void)state;
    stage.service.filler = 10000;
    stage.service.backwards = true;
    stage.service.torn = 1;
    expect_run(PEOPLE / 5, 5000, false);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, bulk_stage_set_up, bulk_stage_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_large_table_takes_little_memory),
        CASE(units_in_another_order_are_put_in_order),
        CASE(the_largest_batches_take_little_memory),
        CASE(long_answers_of_large_batches_take_little_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
