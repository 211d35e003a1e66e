#include "pin_guard.h"

#include "env.h"
#include "thread.h"

/* Under the global lock. Whoever asks may be of another session than whoever noted, and outlive it. */
static struct {
    char reader[READER_NAME_MAX];
    uint64_t at; /* 0: free */
} notes[READER_LIST_MAX];
static uint64_t moment = 1, forgotten;

uint64_t pin_guard_now(void) {
    global_lock();
    uint64_t now = moment;
    global_unlock();
    return now;
}

/* Under the lock: the note of that reader, or the oldest one. */
static size_t place_of(const char *reader) {
    size_t oldest = 0;
    for (size_t i = 0; i < READER_LIST_MAX; i++) {
        if (notes[i].at > 0 && text_equal(notes[i].reader, reader)) {
            return i;
        }
        oldest = notes[i].at < notes[oldest].at ? i : oldest;
    }
    if (notes[oldest].at > forgotten) {
        forgotten = notes[oldest].at;
    }
    text_copy(notes[oldest].reader, READER_NAME_MAX, reader);
    return oldest;
}

void pin_guard_note(const char *reader) {
    global_lock();
    notes[place_of(reader)].at = ++moment;
    global_unlock();
}

bool pin_guard_is_spent(const char *reader, uint64_t since) {
    global_lock();
    bool spent = forgotten > since;
    for (size_t i = 0; i < READER_LIST_MAX; i++) {
        spent = spent || (notes[i].at > since && text_equal(notes[i].reader, reader));
    }
    global_unlock();
    return spent;
}
