/* One blocking check at a moment that is given, to race with another one of its kind.
 * usage: check_race CONFIG, the PIN on stdin. Says "ready" when its session is open; then the moment comes on stdin, in
 * milliseconds of the monotonic clock (0: at once). Prints when the call began, and then its result. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "shikaku/shikaku.h"

#define PIN_LEN  4
#define LIMIT_MS 120000

static long now_ms(void) {
    struct timespec t = {0};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void wait_until(long at_ms) {
    const struct timespec at = {.tv_sec = at_ms / 1000, .tv_nsec = at_ms % 1000 * 1000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) != 0) {
    }
}

int main(int argc, char **argv) {
    char pin[PIN_LEN + 2] = "", at_ms[32] = "";
    shk_session s = 0;
    if (argc != 2 || fgets(pin, sizeof pin, stdin) == NULL || shk_open(argv[1], -1, &s) != SHK_OK) {
        return 2;
    }
    puts("ready");
    fflush(stdout);
    if (fgets(at_ms, sizeof at_ms, stdin) == NULL) {
        return 2;
    }
    wait_until(strtol(at_ms, NULL, 10));
    printf("%ld\n", now_ms());
    fflush(stdout);
    printf("%ld\n", (long)shk_check(s, pin, PIN_LEN, 0, LIMIT_MS));
    return shk_close(s) == SHK_OK ? 0 : 2;
}
