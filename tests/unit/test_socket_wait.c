#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform.h"
#include "socket_wait.h"

#define LONG_MS 600000

static int both[2];

static int64_t in_ms(int32_t ms) {
    return platform_clock.mono_ms(NULL) + ms;
}

static int set_up(void **state) {
    (void)state;
    return socketpair(AF_UNIX, SOCK_STREAM, 0, both);
}

static int tear_down(void **state) {
    (void)state;
    return close(both[0]) | close(both[1]);
}

/* What a library gives for a connection that it has lost. */
static void no_socket_is_told_at_once(void **state) {
    (void)state;
    assert_int_equal(socket_wait(-1, SOCKET_READ, in_ms(200)), -1);
    assert_int_equal(socket_wait(INT32_MAX, SOCKET_READ, in_ms(200)), -1);
}

static void a_silent_socket_is_waited_for_until_the_end(void **state) {
    (void)state;
    int64_t end = in_ms(30);
    assert_int_equal(socket_wait(both[0], SOCKET_READ, end), 0);
    assert_true(platform_clock.mono_ms(NULL) >= end);
    assert_int_equal(socket_wait(both[0], SOCKET_READ, end), 0);
}

static void what_can_go_on_is_told(void **state) {
    (void)state;
    int two = SOCKET_READ | SOCKET_WRITE;
    assert_int_equal(socket_wait(both[0], two, in_ms(LONG_MS)), SOCKET_WRITE);
    assert_int_equal(send(both[1], "x", 1, 0), 1);
    assert_int_equal(socket_wait(both[0], SOCKET_READ, in_ms(LONG_MS)), SOCKET_READ);
    assert_int_equal(socket_wait(both[0], two, in_ms(LONG_MS)), two);
}

static void a_socket_that_the_other_side_closed_can_go_on(void **state) {
    (void)state;
    assert_int_equal(shutdown(both[1], SHUT_RDWR), 0);
    assert_int_equal(socket_wait(both[0], SOCKET_WRITE, in_ms(LONG_MS)), SOCKET_WRITE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_socket_is_told_at_once),
        cmocka_unit_test_setup_teardown(a_silent_socket_is_waited_for_until_the_end, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_can_go_on_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_socket_that_the_other_side_closed_can_go_on, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
