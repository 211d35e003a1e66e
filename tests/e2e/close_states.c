/* Closes a session in one of its states and tells how long that took.
 * usage: close_states CONFIG STATE LINGER_MS, the PIN on stdin. STATE: waiting, pin, command (the card
 * has been found and is read), signing (the PIN is given) or asking. Says "there" in that state and
 * closes at the next line on stdin. After the close the process stays for LINGER_MS, so that a worker
 * that was left behind comes back into it.
 * Prints the milliseconds. Exit 0: closed; 2: the state was not reached. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shikaku/shikaku.h"

#define REACH_MS 120000

static const struct state {
    const char *name;
    int32_t job, event;
    int gives_pin;
} states[] = {
    {"waiting", SHK_JOB_WATCH, SHK_EVENT_WAITING, 0}, {"pin", SHK_JOB_CHECK, SHK_EVENT_PIN, 0},
    {"command", SHK_JOB_CHECK, SHK_EVENT_CARD, 0},    {"signing", SHK_JOB_CHECK, SHK_EVENT_PIN, 1},
    {"asking", SHK_JOB_CHECK, SHK_EVENT_ASKING, 1},
};

static void pause_ms(long ms) {
    const struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

static long now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Who runs this program knows when what follows the event is under way. */
static int await_word(void) {
    char line[8];
    puts("there");
    fflush(stdout);
    return fgets(line, sizeof line, stdin) != NULL;
}

/* Goes on until the event of the state has come and the word to close. */
static int reach(shk_session s, const struct state *state, const char *pin) {
    int32_t event = SHK_EVENT_NONE;
    if (shk_start(s, state->job) != SHK_OK) {
        return 0;
    }
    do {
        event = shk_next_event(s, REACH_MS);
        if (event == SHK_EVENT_PIN && state->gives_pin && shk_answer_pin(s, pin, 4, 0) != SHK_OK) {
            return 0;
        }
    } while (event != state->event && event > 0 && event != SHK_EVENT_DONE);
    return event == state->event && await_word() && shk_next_event(s, 0) == SHK_EVENT_NONE;
}

static int run(const char *config, const struct state *state, const char *pin, long linger_ms) {
    shk_session s = 0;
    if (shk_open(config, -1, &s) != SHK_OK || !reach(s, state, pin)) {
        return 2;
    }
    long started = now_ms();
    int32_t rc = shk_close(s);
    printf("%ld\n", now_ms() - started);
    pause_ms(linger_ms);
    return rc == SHK_OK ? 0 : 2;
}

int main(int argc, char **argv) {
    char pin[8] = "";
    if (argc != 4 || fgets(pin, sizeof pin, stdin) == NULL) {
        return 2;
    }
    long linger_ms = strtol(argv[3], NULL, 10);
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (strcmp(states[i].name, argv[2]) == 0) {
            return run(argv[1], &states[i], pin, linger_ms);
        }
    }
    return 2;
}
