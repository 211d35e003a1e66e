#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "oqs_sax.h"
#include "thread.h"

static void count_start(void *self, const char *name, int32_t line) {
    (void)name;
    (void)line;
    *(int *)self += 1;
}

static void ignore_attribute(void *self, const char *name, const char *p, size_t n, int32_t line) {
    (void)self;
    (void)name;
    (void)p;
    (void)n;
    (void)line;
}

static void ignore_end(void *self, const char *name, int32_t line) {
    (void)self;
    (void)name;
    (void)line;
}

static void ignore_text(void *self, const char *p, size_t n, int32_t line) {
    (void)self;
    (void)p;
    (void)n;
    (void)line;
}

static void read_one(void *elements) {
    static const struct oqs_events events = {count_start, ignore_attribute, ignore_end, ignore_text,
                                             false};
    static const char text[] = "<XmlMsg><MessageHeader/></XmlMsg>";
    struct oqs_sax *sax = NULL;
    struct fault why = {0};
    if (oqs_sax_new(&events, elements, &sax) == SHK_OK &&
        oqs_sax_push(sax, text, sizeof text - 1, &why) == SHK_OK) {
        (void)oqs_sax_end(sax, &why);
    }
    oqs_sax_free(&sax);
}

#define READERS 3

struct reader {
    int32_t begins_ms;
    int elements;
};

static void read_at_its_time(void *self) {
    struct reader *reader = self;
    thread_sleep(reader->begins_ms);
    read_one(&reader->elements);
}

/* The sanitizer does not see into the library: what one thread sets up there must reach the next one
 * through a lock of our own, and they share no other. The library takes its first user for the main
 * thread and sets up no more than that for it, so there are three. */
static void threads_read_without_knowing_of_each_other(void **state) {
    (void)state;
    struct reader readers[READERS] = {{0, 0}, {200, 0}, {400, 0}};
    struct thread *threads[READERS];
    for (int i = 0; i < READERS; i++) {
        threads[i] = thread_start(read_at_its_time, &readers[i]);
        assert_non_null(threads[i]);
    }
    for (int i = READERS - 1; i >= 0; i--) {
        assert_true(thread_join(threads[i], 60000));
    }
    for (int i = 0; i < READERS; i++) {
        assert_int_equal(readers[i].elements, 2);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_read_without_knowing_of_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
