/* Threads, locks and waiting; platform/thread_posix.c and thread_win32.c. */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <stdbool.h>
#include <stdint.h>

struct mutex;
struct condition;
struct thread;

struct mutex *mutex_new(void); /* null: out of memory */
void mutex_free(struct mutex *m);
void mutex_lock(struct mutex *m);
void mutex_unlock(struct mutex *m);

struct condition *condition_new(void);
void condition_free(struct condition *c);
void condition_wake_all(struct condition *c);
/* Waits at most ms on the monotonic clock, for ever when ms is negative; may wake early.
 * False when the time ended. */
bool condition_wait(struct condition *c, struct mutex *m, int32_t ms);

/* Starts a thread with all signals blocked (POSIX) and the default floating-point environment. */
struct thread *thread_start(void (*run)(void *self), void *self);
/* Waits at most ms for its end. True: ended and freed. False: still running; the handle is still
 * valid for another join or for thread_detach. */
bool thread_join(struct thread *t, int32_t ms);
void thread_detach(struct thread *t);
void thread_sleep(int32_t ms);

/* A lock that needs no making, for the handle table. */
void global_lock(void);
void global_unlock(void);
/* Runs `make` exactly once in the process's life. */
void run_once(void (*make)(void));

/* Wakes the host: POSIX writes eight bytes to a descriptor without blocking and without SIGPIPE;
 * Windows posts a message to a window. */
void host_wake(int32_t target, int32_t message);

/* Saved floating-point environment and errno / last error of the host. */
struct host_state {
    uint64_t opaque[8];
};
void host_state_save(struct host_state *h); /* and sets the default environment */
void host_state_restore(const struct host_state *h);

#endif
