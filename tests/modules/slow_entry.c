/* Takes longer to load than anyone waits: until it is told to go on. */
#include "parts.h"

#include <stdatomic.h>
#include <time.h>

extern SHK_MODULE atomic_bool slow_entry_go_on;
atomic_bool slow_entry_go_on;

const shk_adapter *SHK_CALL shk_adapter_entry(uint32_t abi) {
    static const shk_adapter table = PARTS_TABLE;
    const struct timespec pause = {.tv_nsec = 10000000};
    (void)abi;
    while (!atomic_load(&slow_entry_go_on)) {
        (void)nanosleep(&pause, NULL);
    }
    return &table;
}
