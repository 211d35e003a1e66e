#include "thread.h"

#include <errno.h>
#include <fenv.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

struct mutex {
    SRWLOCK m;
};

struct condition {
    CONDITION_VARIABLE c;
};

/* Ours to know: else it is what the host's program asked for its own first thread. */
#define STACK_BYTES ((SIZE_T)2 << 20)

struct thread {
    HANDLE handle;
    void (*run)(void *self);
    void *self;
    SRWLOCK lock;
    bool done, detached;
};

struct mutex *mutex_new(void) {
    struct mutex *m = calloc(1, sizeof *m);
    if (m != NULL) {
        InitializeSRWLock(&m->m);
    }
    return m;
}

void mutex_free(struct mutex *m) {
    free(m);
}

void mutex_lock(struct mutex *m) {
    AcquireSRWLockExclusive(&m->m);
}

void mutex_unlock(struct mutex *m) {
    ReleaseSRWLockExclusive(&m->m);
}

struct condition *condition_new(void) {
    struct condition *c = calloc(1, sizeof *c);
    if (c != NULL) {
        InitializeConditionVariable(&c->c);
    }
    return c;
}

void condition_free(struct condition *c) {
    free(c);
}

void condition_wake_all(struct condition *c) {
    WakeAllConditionVariable(&c->c);
}

static DWORD limit(int32_t ms) {
    return ms < 0 ? INFINITE : (DWORD)ms;
}

bool condition_wait(struct condition *c, struct mutex *m, int32_t ms) {
    return SleepConditionVariableSRW(&c->c, &m->m, limit(ms), 0) || GetLastError() != ERROR_TIMEOUT;
}

static void thread_release(struct thread *t) {
    CloseHandle(t->handle);
    free(t);
}

static DWORD WINAPI thread_main(void *p) {
    struct thread *t = p;
    fesetenv(FE_DFL_ENV);
    t->run(t->self);
    AcquireSRWLockExclusive(&t->lock);
    t->done = true;
    bool detached = t->detached;
    ReleaseSRWLockExclusive(&t->lock);
    if (detached) {
        thread_release(t);
    }
    return 0;
}

struct thread *thread_start(void (*run)(void *self), void *self) {
    struct thread *t = calloc(1, sizeof *t);
    if (t == NULL) {
        return NULL;
    }
    t->run = run;
    t->self = self;
    InitializeSRWLock(&t->lock);
    /* Suspended, so that the handle stands before the thread can free it. */
    t->handle = CreateThread(NULL, STACK_BYTES, thread_main, t,
                             CREATE_SUSPENDED | STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
    if (t->handle == NULL) {
        free(t);
        return NULL;
    }
    ResumeThread(t->handle);
    return t;
}

bool thread_join(struct thread *t, int32_t ms) {
    if (WaitForSingleObject(t->handle, limit(ms)) != WAIT_OBJECT_0) {
        return false;
    }
    thread_release(t);
    return true;
}

void thread_detach(struct thread *t) {
    AcquireSRWLockExclusive(&t->lock);
    bool done = t->done;
    t->detached = !done;
    ReleaseSRWLockExclusive(&t->lock);
    if (done) {
        WaitForSingleObject(t->handle, INFINITE);
        thread_release(t);
    }
}

void thread_sleep(int32_t ms) {
    if (ms > 0) {
        Sleep((DWORD)ms);
    }
}

static SRWLOCK the_lock = SRWLOCK_INIT;
static SRWLOCK once_lock = SRWLOCK_INIT;

void global_lock(void) {
    AcquireSRWLockExclusive(&the_lock);
}

void global_unlock(void) {
    ReleaseSRWLockExclusive(&the_lock);
}

void run_once(void (*make)(void)) {
    static void (*made[16])(void);
    AcquireSRWLockExclusive(&once_lock);
    size_t i = 0;
    while (i < sizeof made / sizeof made[0] && made[i] != NULL && made[i] != make) {
        i++;
    }
    if (i < sizeof made / sizeof made[0] && made[i] == NULL) {
        made[i] = make;
        make();
    }
    ReleaseSRWLockExclusive(&once_lock);
}

void host_wake(int32_t target, int32_t message) {
    if (target >= 0) {
        (void)PostMessageW((HWND)(intptr_t)target, (UINT)message, 0, 0);
    }
}

struct saved {
    fenv_t fp;
    int error;
    DWORD last_error;
};

_Static_assert(sizeof(struct saved) <= sizeof(struct host_state), "host_state is too small");

void host_state_save(struct host_state *h) {
    struct saved s;
    memset(&s, 0, sizeof s);
    s.last_error = GetLastError();
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
    SetLastError(s.last_error);
}
