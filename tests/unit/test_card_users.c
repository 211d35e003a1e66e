#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bytes.h"
#include "card_users.h"
#include "library.h"
#include "platform.h"

#define USER      "shk-card-user"
#define SEARCH_MS 400 /* some less than its limit */

static char names[16][CARD_USER_NAME_MAX];

static int times_listed(void) {
    int n = 0;
    size_t found = 0;
    int64_t took = SEARCH_MS;
    /* A search that comes to its limit has not seen everybody. */
    for (int i = 0; took >= SEARCH_MS && i < 100; i++) {
        int64_t from = platform_clock.mono_ms(NULL);
        found = card_users(names, 16);
        took = platform_clock.mono_ms(NULL) - from;
    }
    for (size_t i = 0; i < found; i++) {
        n += text_equal(names[i], USER);
    }
    return n;
}

/* This very program again, under a name of its own, with a library of the client's name loaded. */
static pid_t start_user(const char *library) {
    int ready[2];
    char byte = 0;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        char fd[16];
        text_format(fd, sizeof fd, "%d", ready[1]);
        execl(CARD_USER, USER, library, fd, (char *)NULL);
        _exit(1);
    }
    (void)close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    (void)close(ready[0]);
    return child;
}

static void end_user(pid_t child) {
    (void)kill(child, SIGKILL);
    (void)waitpid(child, NULL, 0);
}

static void process_with_the_client_library_is_named_once(void **state) {
    (void)state;
    assert_int_equal(times_listed(), 0);
    pid_t one = start_user(CLIENT_LIBRARY), two = start_user(CLIENT_LIBRARY);
    assert_int_equal(times_listed(), 1);
    end_user(one);
    end_user(two);
    assert_int_equal(times_listed(), 0);
}

static void process_without_it_is_not_named(void **state) {
    (void)state;
    pid_t child = start_user("libm.so.6");
    assert_int_equal(times_listed(), 0);
    end_user(child);
}

static void this_process_is_not_named(void **state) {
    (void)state;
    void *library = library_open(CLIENT_LIBRARY);
    assert_non_null(library);
    size_t n = card_users(names, 16);
    for (size_t i = 0; i < n; i++) {
        assert_false(text_starts(names[i], "test_card_users"));
    }
    library_close(library);
}

static void room_and_time_are_kept(void **state) {
    (void)state;
    pid_t child = start_user(CLIENT_LIBRARY);
    int64_t from = platform_clock.mono_ms(NULL);
    assert_int_equal(card_users(names, 0), 0);
    assert_true(card_users(names, 1) <= 1);
    assert_true(platform_clock.mono_ms(NULL) - from < 6000);
    end_user(child);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(process_with_the_client_library_is_named_once),
        cmocka_unit_test(process_without_it_is_not_named),
        cmocka_unit_test(this_process_is_not_named),
        cmocka_unit_test(room_and_time_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
