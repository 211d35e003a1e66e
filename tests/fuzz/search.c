#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): alarm */
#include "search.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "entry.h"
#include "wrap.h"

#define INPUT_MOST ((size_t)1 << 16)
#define STEPS_MOST 6
#define HANGS_S    120 /* for one input; a busy machine is slow */

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
/* Of the sanitizers, where they are built in. */
/* NOLINTBEGIN(bugprone-reserved-identifier) */
__attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)(void));
__attribute__((weak)) int __lsan_do_recoverable_leak_check(void);
/* NOLINTEND(bugprone-reserved-identifier) */

/* The input that runs now, for whoever ends the process. */
static uint8_t now[INPUT_MOST + ENTRY_TRAILER];
static volatile size_t now_n;
static const char *found_path;

static uint32_t random_below(uint64_t *state, uint32_t end) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % end;
}

static void keep_input(void) {
    static const char said[] = "search: the input is kept\n";
    int fd = open(found_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd >= 0) {
        bool good = write(fd, now, now_n) == (ssize_t)now_n && close(fd) == 0;
        (void)!write(STDERR_FILENO, said, good ? sizeof said - 1 : 0);
    }
}

static void at_signal(int number) {
    (void)signal(number, SIG_DFL);
    keep_input();
    (void)raise(number == SIGALRM ? SIGABRT : number);
}

/* Leaks that are only found when the process ends are not the last input's. */
static void watch(bool on) {
    (void)signal(SIGABRT, on ? at_signal : SIG_DFL);
    (void)signal(SIGALRM, on ? at_signal : SIG_DFL);
    if (__sanitizer_set_death_callback != NULL) {
        __sanitizer_set_death_callback(on ? keep_input : NULL);
    }
}

static void look_for_leaks(void) {
    if (__lsan_do_recoverable_leak_check != NULL && __lsan_do_recoverable_leak_check() != 0) {
        abort();
    }
}

static uint8_t odd_byte(uint64_t *r) {
    static const uint8_t odd[] = {0x00, 0x01, 0x7F, 0x80, 0xFF, 0xFE, '<', '>',
                                  '"',  '\'', '/',  '.',  '-',  '9',  ' ', '\n'};
    return random_below(r, 2) == 0 ? odd[random_below(r, sizeof odd)]
                                   : (uint8_t)random_below(r, 256);
}

/* Takes the place of `old` bytes at `at`; cut where there is no room. */
static size_t replace(size_t n, size_t at, size_t old, const uint8_t *p, size_t fresh) {
    size_t rest = n - at - old;
    fresh = fresh < INPUT_MOST - at ? fresh : INPUT_MOST - at;
    rest = rest < INPUT_MOST - at - fresh ? rest : INPUT_MOST - at - fresh;
    uint8_t *copy = malloc(fresh + 1);
    if (copy == NULL) {
        return n;
    }
    memcpy(copy, p, fresh);
    memmove(now + at + fresh, now + at + old, rest);
    memcpy(now + at, copy, fresh);
    free(copy);
    return at + fresh + rest;
}

static size_t length_of_piece(uint64_t *r, size_t most) {
    uint32_t bound = random_below(r, 4) == 0 ? 256 : 8;
    size_t n = 1 + random_below(r, bound);
    return n < most ? n : most;
}

static size_t one_step(size_t n, const struct search_seed *seeds, size_t seeds_n, uint64_t *r) {
    const struct search_seed *other = &seeds[random_below(r, (uint32_t)seeds_n)];
    size_t at = n > 0 ? random_below(r, (uint32_t)n) : 0;
    size_t piece = length_of_piece(r, n - at);
    uint8_t fresh[8];
    for (size_t i = 0; i < sizeof fresh; i++) {
        fresh[i] = odd_byte(r);
    }
    switch (random_below(r, 7)) {
    case 0:
        return replace(n, at, 0, fresh, 1 + random_below(r, sizeof fresh));
    case 1:
        return replace(n, at, piece, fresh, 0);
    case 2:
        return replace(n, at, 0, now + at, piece);
    case 3:
        if (other->n > 0) {
            size_t from = random_below(r, (uint32_t)other->n);
            return replace(n, at, piece, other->p + from, length_of_piece(r, other->n - from));
        }
        return n;
    default:
        if (n > 0) {
            uint8_t flipped = (uint8_t)(now[at] ^ (uint8_t)(1u << random_below(r, 8)));
            now[at] = random_below(r, 2) == 0 ? flipped : fresh[0];
        }
        return n;
    }
}

/* One in four has calls that fail. */
static size_t make_input(const struct search_seed *seeds, size_t seeds_n, uint64_t *r) {
    const struct search_seed *seed = &seeds[random_below(r, (uint32_t)seeds_n)];
    size_t n = seed->n < INPUT_MOST ? seed->n : INPUT_MOST;
    memcpy(now, seed->p, n);
    for (uint32_t i = 1 + random_below(r, STEPS_MOST); i > 0; i--) {
        n = one_step(n, seeds, seeds_n, r);
    }
    if (random_below(r, 4) == 0) {
        uint32_t kinds = random_below(r, 4) == 0 ? WRAP_ALL : 1u << random_below(r, 10);
        uint32_t failures = random_below(r, UINT32_MAX);
        entry_trailer(now + n, kinds, failures, (uint8_t)(1 + random_below(r, 250)));
        n += ENTRY_TRAILER;
    }
    return n;
}

void search(const struct search_seed *seeds, size_t n, uint64_t runs, uint64_t series, bool leaks,
            const char *found) {
    uint64_t random = series;
    found_path = found;
    watch(true);
    for (; n > 0 && runs > 0; runs--) {
        now_n = make_input(seeds, n, &random);
        (void)alarm(HANGS_S);
        (void)LLVMFuzzerTestOneInput(now, now_n);
        if (leaks) {
            look_for_leaks();
        }
    }
    (void)alarm(0);
    watch(false);
}
