#include "pin_whole.h"

#include <stdio.h>
#include <time.h>

#include "shikaku/shikaku.h"

#define EVENT_MS 60000

double bench_now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

void bench_type(void) {
    const struct timespec typing = {0, 300000000L};
    nanosleep(&typing, NULL);
}

static int32_t until(shk_session s, int32_t wanted) {
    int32_t event = SHK_EVENT_NONE;
    do {
        event = shk_next_event(s, EVENT_MS);
    } while (event > SHK_EVENT_NONE && event != wanted && event != SHK_EVENT_FAULT &&
             event != SHK_EVENT_DONE);
    return event;
}

static bool type_and_wait(shk_session s, const char *pin, double *us) {
    bench_type();
    double since = bench_now_us();
    bool good = shk_answer_pin(s, pin, -1, 0) == SHK_OK &&
                until(s, SHK_EVENT_DELIVERED) == SHK_EVENT_DELIVERED;
    *us = bench_now_us() - since;
    return good;
}

bool pin_whole(const char *config, const char *pin, double *us) {
    shk_session s = 0;
    char where[128] = "";
    if (shk_open(config, -1, &s) != SHK_OK || shk_start(s, SHK_JOB_CHECK) != SHK_OK) {
        return false;
    }
    bool good = until(s, SHK_EVENT_PIN) == SHK_EVENT_PIN && type_and_wait(s, pin, us);
    if (!good) {
        (void)shk_text(s, "fault.message_en", -1, where, (int32_t)sizeof where);
        fprintf(stderr, "no document: %s\n", where);
    }
    while (good && until(s, SHK_EVENT_DONE) != SHK_EVENT_DONE) {
    }
    (void)shk_close(s);
    return good;
}
