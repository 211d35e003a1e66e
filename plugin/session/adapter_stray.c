#include "adapter_stray.h"

#include <stddef.h>

#include "adapter_call.h"
#include "thread.h"

#define ALL_MAX 32

/* Under the global lock. A thread that hangs outlives every session, so its count does too. */
static const shk_adapter *strays[ALL_MAX];

bool stray_allows(const shk_adapter *adapter) {
    size_t own = 0;
    size_t free_n = 0;
    global_lock();
    for (size_t i = 0; i < ALL_MAX; i++) {
        own += strays[i] == adapter ? 1 : 0;
        free_n += strays[i] == NULL ? 1 : 0;
    }
    global_unlock();
    return own < ADAPTER_STRAYS_MAX && free_n > 0;
}

static void replace_one(const shk_adapter *from, const shk_adapter *to) {
    global_lock();
    for (size_t i = 0; i < ALL_MAX; i++) {
        if (strays[i] == from) {
            strays[i] = to;
            break;
        }
    }
    global_unlock();
}

void stray_add(const shk_adapter *adapter) {
    replace_one(NULL, adapter);
}

void stray_remove(const shk_adapter *adapter) {
    replace_one(adapter, NULL);
}
