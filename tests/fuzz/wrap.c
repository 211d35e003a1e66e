#include "wrap.h"

#include <stdatomic.h>

/* Atomic, for threads call too; and a compiler takes malloc and free for calls that touch no other object. */
static _Atomic uint32_t asked, one_of, state;
static _Atomic uint64_t at, calls, failures;
static _Atomic bool all_after, paused;

void wrap_none(void) {
    asked = 0;
    one_of = 0;
    at = 0;
    all_after = false;
    paused = false;
}

static void begin(void) {
    wrap_none();
    calls = 0;
    failures = 0;
}

void wrap_chance(uint32_t kinds, uint32_t seed, uint32_t one_in) {
    begin();
    state = seed;
    one_of = one_in;
    asked = kinds;
}

void wrap_nth(uint32_t kinds, uint64_t nth, bool more) {
    begin();
    at = nth;
    all_after = more;
    asked = kinds;
}

void wrap_pause(bool pause) {
    paused = pause;
}

uint64_t wrap_calls(void) {
    return calls;
}

uint64_t wrap_failures(void) {
    return failures;
}

/* The same seed gives the same failures in one thread. */
static bool by_chance(void) {
    uint32_t now = state * 1664525u + 1013904223u;
    state = now;
    return (now >> 8) % one_of == 0;
}

bool wrap_fails(uint32_t kind) {
    if ((asked & kind) == 0 || paused) {
        return false;
    }
    uint64_t n = ++calls;
    bool fails = one_of > 0 ? by_chance() : at > 0 && (n == at || (all_after && n > at));
    failures += fails ? 1 : 0;
    return fails;
}
