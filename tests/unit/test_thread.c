#include <errno.h>
#include <fcntl.h>
#include <fenv.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform.h"
#include "secret.h"
#include "thread.h"

static int64_t now(void) {
    return platform_clock.mono_ms(NULL);
}

static void sleep_80(void *self) {
    (void)self;
    thread_sleep(80);
}

static atomic_bool may_end, has_ended;

static void await_leave(void *self) {
    (void)self;
    while (!may_end) {
        thread_sleep(1);
    }
    thread_sleep(80);
    has_ended = true;
}

static void joining_gives_up_and_can_be_tried_again(void **state) {
    (void)state;
    int64_t start = now();
    struct thread *t = thread_start(await_leave, NULL);
    assert_non_null(t);
    assert_false(thread_join(t, 0));
    assert_false(thread_join(t, 20));
    assert_true(now() - start >= 20);
    may_end = true;
    assert_true(thread_join(t, 60000));
    assert_true(has_ended);
}

static void a_thread_left_alone_frees_itself(void **state) {
    (void)state;
    struct thread *running = thread_start(sleep_80, NULL);
    thread_detach(running);
    struct thread *ended = thread_start(sleep_80, NULL);
    thread_sleep(150);
    thread_detach(ended);
}

struct bell {
    struct mutex *m;
    struct condition *c;
    bool rung;
};

static void ring(void *self) {
    struct bell *b = self;
    thread_sleep(30);
    mutex_lock(b->m);
    b->rung = true;
    condition_wake_all(b->c);
    mutex_unlock(b->m);
}

static void waiting_ends_by_time_or_by_a_wake(void **state) {
    (void)state;
    struct bell b = {mutex_new(), condition_new(), false};
    mutex_lock(b.m);
    int64_t start = now();
    while (condition_wait(b.c, b.m, 40)) {
    }
    assert_true(now() - start >= 39);
    assert_false(condition_wait(b.c, b.m, 0));
    struct thread *t = thread_start(ring, &b);
    bool in_time = true;
    while (!b.rung && in_time) {
        in_time = condition_wait(b.c, b.m, 60000);
    }
    assert_true(b.rung);
    b.rung = false;
    mutex_unlock(b.m);
    assert_true(thread_join(t, 60000));
    t = thread_start(ring, &b);
    mutex_lock(b.m);
    while (!b.rung) {
        assert_true(condition_wait(b.c, b.m, -1));
    }
    mutex_unlock(b.m);
    assert_true(thread_join(t, -1));
    condition_free(b.c);
    mutex_free(b.m);
    condition_free(NULL);
    mutex_free(NULL);
}

struct seen {
    sigset_t blocked;
    int rounding, flags;
};

static void look(void *self) {
    struct seen *s = self;
    pthread_sigmask(SIG_SETMASK, NULL, &s->blocked);
    s->rounding = fegetround();
    s->flags = fetestexcept(FE_ALL_EXCEPT);
}

static void a_worker_takes_no_signal_and_no_rounding_of_the_host(void **state) {
    (void)state;
    struct seen s = {.rounding = -1};
    sigset_t before, after;
    pthread_sigmask(SIG_SETMASK, NULL, &before);
    fesetround(FE_UPWARD);
    feraiseexcept(FE_DIVBYZERO);
    struct thread *t = thread_start(look, &s);
    fesetenv(FE_DFL_ENV);
    assert_true(thread_join(t, 60000));
    pthread_sigmask(SIG_SETMASK, NULL, &after);
    static const int signals[] = {SIGINT, SIGTERM, SIGALRM, SIGCHLD, SIGPIPE, SIGPROF, SIGUSR1};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        assert_int_equal(sigismember(&s.blocked, signals[i]), 1);
        assert_int_equal(sigismember(&before, signals[i]), sigismember(&after, signals[i]));
    }
    assert_int_equal(s.rounding, FE_TONEAREST);
    assert_int_equal(s.flags, 0);
}

static void the_host_gets_its_state_back(void **state) {
    (void)state;
    struct host_state host;
    feclearexcept(FE_ALL_EXCEPT);
    fesetround(FE_DOWNWARD);
    feraiseexcept(FE_INEXACT);
    errno = 4711;
    host_state_save(&host);
    assert_int_equal(fegetround(), FE_TONEAREST);
    assert_int_equal(fetestexcept(FE_ALL_EXCEPT), 0);
    volatile double zero = 0.0;
    volatile double infinite = 1.0 / zero;
    (void)infinite;
    errno = 1;
    host_state_restore(&host);
    assert_int_equal(errno, 4711);
    assert_int_equal(fegetround(), FE_DOWNWARD);
    assert_int_equal(fetestexcept(FE_ALL_EXCEPT), FE_INEXACT);
    fesetenv(FE_DFL_ENV);
}

static void expect_one(int fd) {
    uint64_t one = 0;
    assert_int_equal(read(fd, &one, sizeof one), sizeof one);
    assert_true(one == 1);
}

static void a_wake_is_the_number_one_in_eight_bytes(void **state) {
    (void)state;
    int fd = eventfd(0, 0);
    host_wake(fd, 0);
    expect_one(fd);
    close(fd);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    host_wake(ends[1], 0);
    expect_one(ends[0]);
    close(ends[0]);
    close(ends[1]);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    host_wake(ends[1], 0);
    expect_one(ends[0]);
    close(ends[0]);
    close(ends[1]);
}

static void a_full_target_does_not_hold_the_worker(void **state) {
    (void)state;
    static const uint8_t block[4096] = {0};
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    while (write(ends[1], block, sizeof block) > 0) {
    }
    assert_int_equal(fcntl(ends[1], F_SETFL, 0), 0);
    host_wake(ends[1], 0);
    close(ends[0]);
    close(ends[1]);
    int fd = eventfd(0, 0);
    const uint64_t most = UINT64_MAX - 1;
    assert_int_equal(write(fd, &most, sizeof most), sizeof most);
    host_wake(fd, 0);
    close(fd);
}

static void a_target_that_is_gone_is_no_harm(void **state) {
    (void)state;
    /* In a child with the default action: SIGPIPE would end it. */
    pid_t child = fork();
    if (child == 0) {
        signal(SIGPIPE, SIG_DFL);
        int ends[2];
        int pair[2];
        if (pipe(ends) != 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) {
            _exit(1);
        }
        close(ends[0]);
        close(pair[0]);
        host_wake(ends[1], 0);
        host_wake(pair[1], 0);
        close(ends[1]);
        host_wake(ends[1], 0);
        host_wake(-1, 0);
        sigset_t pending;
        sigpending(&pending);
        _exit(sigismember(&pending, SIGPIPE) ? 2 : 0);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static int made_first, made_second;

static void make_first(void) {
    made_first++;
    thread_sleep(20);
}

static void make_second(void) {
    made_second++;
}

static void make_both(void *self) {
    run_once(make_first);
    run_once(make_second);
    global_lock();
    ++*(int *)self;
    global_unlock();
}

static void what_is_made_once_is_made_once(void **state) {
    (void)state;
    int through = 0;
    struct thread *t[4];
    for (size_t i = 0; i < 4; i++) {
        t[i] = thread_start(make_both, &through);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_true(thread_join(t[i], 60000));
    }
    assert_int_equal(made_first, 1);
    assert_int_equal(made_second, 1);
    assert_int_equal(through, 4);
}

static void a_secret_is_zeroed_and_ends_at_a_guard(void **state) {
    (void)state;
    uint8_t *p = secret_new(5);
    assert_non_null(p);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(p[i], 0);
        p[i] = 0xA5;
    }
    pid_t child = fork();
    if (child == 0) {
        /* A child's copy is empty, and one byte too many ends it. */
        if (p[0] != 0 || p[4] != 0) {
            _exit(1);
        }
        signal(SIGSEGV, SIG_DFL);
        signal(SIGBUS, SIG_DFL);
        ((volatile uint8_t *)p)[5] = 1;
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    secret_free(p, 5);
    secret_free(NULL, 5);
    p = secret_new(10000);
    assert_non_null(p);
    p[0] = p[9999] = 1;
    secret_free(p, 10000);
    p = secret_new(0);
    assert_non_null(p);
    secret_free(p, 0);
    assert_null(secret_new(SIZE_MAX));
}

static void the_clock_tells_the_time(void **state) {
    (void)state;
    assert_true(platform_clock.wall_s(NULL) > INT64_C(1700000000));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joining_gives_up_and_can_be_tried_again),
        cmocka_unit_test(a_thread_left_alone_frees_itself),
        cmocka_unit_test(waiting_ends_by_time_or_by_a_wake),
        cmocka_unit_test(a_worker_takes_no_signal_and_no_rounding_of_the_host),
        cmocka_unit_test(the_host_gets_its_state_back),
        cmocka_unit_test(a_wake_is_the_number_one_in_eight_bytes),
        cmocka_unit_test(a_full_target_does_not_hold_the_worker),
        cmocka_unit_test(a_target_that_is_gone_is_no_harm),
        cmocka_unit_test(what_is_made_once_is_made_once),
        cmocka_unit_test(a_secret_is_zeroed_and_ends_at_a_guard),
        cmocka_unit_test(the_clock_tells_the_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
