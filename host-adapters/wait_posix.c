#include "wait.h"

#include <errno.h>
#include <time.h>

void adapter_wait(int32_t ms) {
    struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
}
