/* A library that is loaded when it is first needed. The libraries of the product are stood for by the C library's. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "late.h"
#include "loaded.h"
#include "thread.h"
#include "wrap.h"

#define ASKING  8
#define ROUNDS  50
#define FOREVER (-1)

#define CALLS(ONE) ONE(abs) ONE(atoi)
enum { CALLS(LOADED_PLACE) PLACES };
static const char *const symbols[PLACES + 1] = {CALLS(LOADED_NAME)};
static const char *const lacking[] = {"abs", "no_such_function", NULL};

struct loaded loaded_curl = {"libc.so.6", symbols, NULL};
struct loaded loaded_archive = {"libc.so.6", symbols, NULL};

static pthread_barrier_t together;

struct asking {
    int32_t rc;
    int abs, atoi;
};

static void forget(struct loaded *l) {
    free(atomic_exchange(&l->found, NULL));
}

static int fresh(void **state) {
    (void)state;
    wrap_none();
    forget(&loaded_curl);
    forget(&loaded_archive);
    loaded_archive = (struct loaded){"libc.so.6", symbols, NULL};
    return 0;
}

static void ask(void *self) {
    struct asking *a = self;
    pthread_barrier_wait(&together);
    a->rc = late_need(LATE_CURL, NULL);
    a->abs = a->rc == SHK_OK ? LOADED_CALL(loaded_curl, abs)(-7) : 0;
    a->atoi = a->rc == SHK_OK ? LOADED_CALL(loaded_curl, atoi)("12") : 0;
}

static void threads_that_come_at_once_all_have_it(void **state) {
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct asking all[ASKING] = {0};
        struct thread *threads[ASKING];
        assert_int_equal(pthread_barrier_init(&together, NULL, ASKING), 0);
        for (size_t i = 0; i < ASKING; i++) {
            threads[i] = thread_start(ask, &all[i]);
            assert_non_null(threads[i]);
        }
        for (size_t i = 0; i < ASKING; i++) {
            assert_true(thread_join(threads[i], FOREVER));
            assert_int_equal(all[i].rc, SHK_OK);
            assert_int_equal(all[i].abs, 7);
            assert_int_equal(all[i].atoi, 12);
        }
        pthread_barrier_destroy(&together);
        forget(&loaded_curl);
    }
}

static void it_is_looked_for_once(void **state) {
    (void)state;
    assert_int_equal(late_need(LATE_ARCHIVE, NULL), SHK_OK);
    loaded_function *found = atomic_load(&loaded_archive.found);
    loaded_archive.name = "libabsent.so.1";
    assert_int_equal(late_need(LATE_ARCHIVE, NULL), SHK_OK);
    assert_ptr_equal(atomic_load(&loaded_archive.found), found);
}

static void is_told(int32_t code, const char *where) {
    struct fault why = {0};
    assert_int_equal(late_need(LATE_ARCHIVE, &why), code);
    assert_int_equal(why.code, code);
    assert_string_equal(why.where, where);
    assert_null(atomic_load(&loaded_archive.found));
}

static void one_that_is_missing_is_named_and_looked_for_again(void **state) {
    (void)state;
    loaded_archive.name = "libabsent.so.1";
    is_told(SHK_E_LIBRARY, "libabsent.so.1");
    loaded_archive.name = "libc.so.6";
    assert_int_equal(late_need(LATE_ARCHIVE, NULL), SHK_OK);
}

static void one_that_lacks_a_function_is_as_good_as_none(void **state) {
    (void)state;
    loaded_archive.symbols = lacking;
    is_told(SHK_E_LIBRARY, "libc.so.6");
}

static void no_memory_is_told_as_such(void **state) {
    (void)state;
    wrap_nth(WRAP_MEMORY, 1, false);
    is_told(SHK_E_MEMORY, "");
    wrap_none();
    assert_int_equal(late_need(LATE_ARCHIVE, NULL), SHK_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(threads_that_come_at_once_all_have_it, fresh, fresh),
        cmocka_unit_test_setup_teardown(it_is_looked_for_once, fresh, fresh),
        cmocka_unit_test_setup_teardown(one_that_is_missing_is_named_and_looked_for_again, fresh,
                                        fresh),
        cmocka_unit_test_setup_teardown(one_that_lacks_a_function_is_as_good_as_none, fresh, fresh),
        cmocka_unit_test_setup_teardown(no_memory_is_told_as_such, fresh, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
