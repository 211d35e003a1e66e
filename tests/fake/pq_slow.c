/* libpq whose look-up of a server's name hangs until it is told to go on. The rest is the real one, which it is linked with. */
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

extern __attribute__((visibility("default"))) atomic_bool pq_slow_go_on;
atomic_bool pq_slow_go_on;

__attribute__((visibility("default"))) void *
PQconnectStartParams(const char *const *keywords, const char *const *values, int expand);

void *PQconnectStartParams(const char *const *keywords, const char *const *values, int expand) {
    const struct timespec pause = {.tv_nsec = 20000000};
    (void)keywords, (void)values, (void)expand;
    while (!atomic_load(&pq_slow_go_on)) {
        nanosleep(&pause, NULL);
    }
    return NULL;
}
