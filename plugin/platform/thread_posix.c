#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): whole signal and clock interface */
#include "thread.h"

#include <errno.h>
#include <fenv.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct mutex {
    pthread_mutex_t m;
};

struct condition {
    pthread_cond_t c;
};

struct thread {
    pthread_t handle;
    void (*run)(void *self);
    void *self;
    struct mutex *lock;
    struct condition *ended;
    bool done, detached;
};

struct mutex *mutex_new(void) {
    struct mutex *m = calloc(1, sizeof *m);
    if (m != NULL && pthread_mutex_init(&m->m, NULL) != 0) {
        free(m);
        m = NULL;
    }
    return m;
}

void mutex_free(struct mutex *m) {
    if (m != NULL) {
        pthread_mutex_destroy(&m->m);
        free(m);
    }
}

void mutex_lock(struct mutex *m) {
    pthread_mutex_lock(&m->m);
}

void mutex_unlock(struct mutex *m) {
    pthread_mutex_unlock(&m->m);
}

struct condition *condition_new(void) {
    struct condition *c = calloc(1, sizeof *c);
    pthread_condattr_t attr;
    if (c == NULL || pthread_condattr_init(&attr) != 0) {
        free(c);
        return NULL;
    }
    bool ok = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0 &&
              pthread_cond_init(&c->c, &attr) == 0;
    pthread_condattr_destroy(&attr);
    if (!ok) {
        free(c);
        c = NULL;
    }
    return c;
}

void condition_free(struct condition *c) {
    if (c != NULL) {
        pthread_cond_destroy(&c->c);
        free(c);
    }
}

void condition_wake_all(struct condition *c) {
    pthread_cond_broadcast(&c->c);
}

static struct timespec mono_in(int32_t ms) {
    struct timespec t = {0};
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += ms % 1000 * 1000000L;
    if (t.tv_nsec >= 1000000000L) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000L;
    }
    return t;
}

bool condition_wait(struct condition *c, struct mutex *m, int32_t ms) {
    if (ms < 0) {
        pthread_cond_wait(&c->c, &m->m);
        return true;
    }
    struct timespec until = mono_in(ms);
    return pthread_cond_timedwait(&c->c, &m->m, &until) != ETIMEDOUT;
}

static void thread_release(struct thread *t) {
    condition_free(t->ended);
    mutex_free(t->lock);
    free(t);
}

static void *thread_main(void *p) {
    struct thread *t = p;
    /* A new thread inherits the floating-point environment of the host's. */
    fesetenv(FE_DFL_ENV);
    t->run(t->self);
    mutex_lock(t->lock);
    t->done = true;
    bool detached = t->detached;
    condition_wake_all(t->ended);
    mutex_unlock(t->lock);
    if (detached) {
        thread_release(t);
    }
    return NULL;
}

static bool start_without_signals(struct thread *t) {
    sigset_t all, old;
    sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &old) != 0) {
        return false;
    }
    int rc = pthread_create(&t->handle, NULL, thread_main, t);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return rc == 0;
}

struct thread *thread_start(void (*run)(void *self), void *self) {
    struct thread *t = calloc(1, sizeof *t);
    if (t == NULL) {
        return NULL;
    }
    t->run = run;
    t->self = self;
    t->lock = mutex_new();
    t->ended = condition_new();
    if (t->lock == NULL || t->ended == NULL || !start_without_signals(t)) {
        thread_release(t);
        return NULL;
    }
    return t;
}

static int64_t mono_now(void) {
    struct timespec t = mono_in(0);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool wait_done(struct thread *t, int32_t ms) {
    int64_t end = mono_now() + ms;
    mutex_lock(t->lock);
    while (!t->done) {
        int64_t left = ms < 0 ? -1 : end - mono_now();
        if ((ms >= 0 && left <= 0) || !condition_wait(t->ended, t->lock, (int32_t)left)) {
            break;
        }
    }
    bool done = t->done;
    mutex_unlock(t->lock);
    return done;
}

bool thread_join(struct thread *t, int32_t ms) {
    if (!wait_done(t, ms)) {
        return false;
    }
    pthread_join(t->handle, NULL);
    thread_release(t);
    return true;
}

void thread_detach(struct thread *t) {
    mutex_lock(t->lock);
    bool done = t->done;
    t->detached = !done;
    if (!done) {
        /* Under the lock: afterwards the thread may free t at any time. */
        pthread_detach(t->handle);
    }
    mutex_unlock(t->lock);
    if (done) {
        pthread_join(t->handle, NULL);
        thread_release(t);
    }
}

void thread_sleep(int32_t ms) {
    if (ms <= 0) {
        return;
    }
    struct timespec until = mono_in(ms);
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR) {
    }
}

static pthread_mutex_t the_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t once_lock = PTHREAD_MUTEX_INITIALIZER;

void global_lock(void) {
    pthread_mutex_lock(&the_lock);
}

void global_unlock(void) {
    pthread_mutex_unlock(&the_lock);
}

void run_once(void (*make)(void)) {
    static void (*made[16])(void);
    pthread_mutex_lock(&once_lock);
    size_t i = 0;
    while (i < sizeof made / sizeof made[0] && made[i] != NULL && made[i] != make) {
        i++;
    }
    if (i < sizeof made / sizeof made[0] && made[i] == NULL) {
        made[i] = make;
        make();
    }
    pthread_mutex_unlock(&once_lock);
}

static ssize_t write_without_signal(int fd, const uint64_t *one) {
    sigset_t pipe_only, pending, old;
    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    sigpending(&pending);
    bool was_pending = sigismember(&pending, SIGPIPE) == 1;
    if (pthread_sigmask(SIG_BLOCK, &pipe_only, &old) != 0) {
        return -1;
    }
    ssize_t n = write(fd, one, sizeof *one);
    if (n < 0 && errno == EPIPE && !was_pending) {
        const struct timespec now = {0};
        while (sigtimedwait(&pipe_only, NULL, &now) < 0 && errno == EINTR) {
        }
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return n;
}

void host_wake(int32_t target, int32_t message) {
    (void)message;
    struct pollfd p = {.fd = target, .events = POLLOUT};
    if (target < 0 || poll(&p, 1, 0) != 1 || (p.revents & POLLOUT) == 0) {
        return;
    }
    const uint64_t one = 1;
    if (send(target, &one, sizeof one, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno == ENOTSOCK) {
        (void)write_without_signal(target, &one);
    }
}

struct saved {
    fenv_t fp;
    int error;
};

_Static_assert(sizeof(struct saved) <= sizeof(struct host_state), "host_state is too small");

void host_state_save(struct host_state *h) {
    struct saved s;
    memset(&s, 0, sizeof s);
    s.error = errno;
    feholdexcept(&s.fp);
    fesetenv(FE_DFL_ENV);
    memset(h, 0, sizeof *h);
    memcpy(h, &s, sizeof s);
}

void host_state_restore(const struct host_state *h) {
    struct saved s;
    memcpy(&s, h, sizeof s);
    fesetenv(&s.fp);
    errno = s.error;
}
