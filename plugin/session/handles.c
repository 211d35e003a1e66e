#include "handles.h"

#include "thread.h"

#define SLOT_BITS       10
#define GENERATION_MASK 0x1FFFFF

struct slot {
    struct session *session;
    int32_t generation;
};

static struct slot slots[SESSIONS_MAX];
static size_t next_slot;

static int32_t handle_of(size_t slot) {
    return slots[slot].generation << SLOT_BITS | (int32_t)slot;
}

int32_t handle_add(struct session *s) {
    int32_t handle = 0;
    global_lock();
    /* Round-robin: a number that was just closed is not used again soon. */
    for (size_t i = 0; i < SESSIONS_MAX && handle == 0; i++) {
        size_t slot = (next_slot + i) % SESSIONS_MAX;
        if (slots[slot].session == NULL) {
            slots[slot].session = s;
            slots[slot].generation = (slots[slot].generation + 1) & GENERATION_MASK;
            if (slots[slot].generation == 0) {
                slots[slot].generation = 1;
            }
            handle = handle_of(slot);
            next_slot = slot + 1;
        }
    }
    global_unlock();
    return handle;
}

/* Under the lock. */
static struct slot *find_slot(int32_t handle) {
    size_t slot = (size_t)handle & (SESSIONS_MAX - 1);
    if (handle <= 0 || slots[slot].session == NULL || handle_of(slot) != handle) {
        return NULL;
    }
    return &slots[slot];
}

struct session *handle_hold(int32_t handle) {
    global_lock();
    struct slot *slot = find_slot(handle);
    struct session *s = slot != NULL ? slot->session : NULL;
    if (s != NULL) {
        session_hold(s);
    }
    global_unlock();
    return s;
}

struct session *handle_remove(int32_t handle) {
    global_lock();
    struct slot *slot = find_slot(handle);
    struct session *s = slot != NULL ? slot->session : NULL;
    if (s != NULL) {
        slot->session = NULL;
    }
    global_unlock();
    return s;
}
