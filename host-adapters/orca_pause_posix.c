#include <time.h>

#include "orca_call.h"

void orca_pause(int32_t ms) {
    struct timespec left = {ms / 1000, (long)(ms % 1000) * 1000000};
    while (nanosleep(&left, &left) != 0) {
    }
}
