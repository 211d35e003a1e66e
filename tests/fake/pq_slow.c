/* libpq whose look-up of a server's name hangs for a while. The rest is the real one, which it is linked with. */
#include <stddef.h>
#include <time.h>

__attribute__((visibility("default"))) void *
PQconnectStartParams(const char *const *keywords, const char *const *values, int expand);

void *PQconnectStartParams(const char *const *keywords, const char *const *values, int expand) {
    const struct timespec pause = {8, 0};
    (void)keywords, (void)values, (void)expand;
    nanosleep(&pause, NULL);
    return NULL;
}
