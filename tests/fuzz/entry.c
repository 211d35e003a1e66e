/* Between libFuzzer (or the replay) and a target: takes the trailer off the input and lets the calls that it names fail.
 *
 * The trailer, 12 bytes: F5 "wrap", kinds (2), seed (4), one in (1); numbers with the highest byte first. */
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "entry.h"
#include "fuzz.h"
#include "wrap.h"

#define MARK     "\xF5wrap"
#define MARK_LEN (sizeof MARK - 1)

/* Of a target that has it. */
#pragma weak fuzz_spared

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerInitialize(int *argc, char ***argv);
/* Of libFuzzer; the replay has none. */
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *p, size_t n, size_t room);
size_t LLVMFuzzerCustomMutator(uint8_t *p, size_t n, size_t room, unsigned seed);

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    wrap_allocators();
    /* At first use OpenSSL 3.0 makes the table of all names, and leaks when memory is short then. */
    EVP_MD_free(EVP_MD_fetch(NULL, "SHA256", NULL));
    return 0;
}

void entry_trailer(uint8_t out[ENTRY_TRAILER], uint32_t kinds, uint32_t seed, uint8_t one_in) {
    memcpy(out, MARK, MARK_LEN);
    out[5] = (uint8_t)(kinds >> 8);
    out[6] = (uint8_t)kinds;
    out[7] = (uint8_t)(seed >> 24);
    out[8] = (uint8_t)(seed >> 16);
    out[9] = (uint8_t)(seed >> 8);
    out[10] = (uint8_t)seed;
    out[11] = one_in;
}

static size_t body_len(const uint8_t *p, size_t n) {
    bool has = n >= ENTRY_TRAILER && memcmp(p + n - ENTRY_TRAILER, MARK, MARK_LEN) == 0;
    return has ? n - ENTRY_TRAILER : n;
}

bool fuzz_failed(void) {
    return wrap_failures() > 0;
}

void fuzz_faults(bool on) {
    wrap_pause(!on);
}

/* Also forgets what failed in the input before. */
static void ask(const uint8_t *t, bool has) {
    uint32_t seed = 0, kinds = 0;
    if (has) {
        seed = (uint32_t)t[7] << 24 | (uint32_t)t[8] << 16 | (uint32_t)t[9] << 8 | t[10];
        kinds = (uint32_t)t[5] << 8 | t[6];
        kinds &= &fuzz_spared != NULL ? ~fuzz_spared : WRAP_ALL;
    }
    wrap_chance(kinds, seed, has && t[11] > 0 ? t[11] : 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n) {
    size_t len = body_len(p, n);
    /* A copy of exactly the size, so that the sanitizer sees a read behind the end. */
    uint8_t *exact = malloc(len > 0 ? len : 1);
    if (exact != NULL && len > 0) {
        memcpy(exact, p, len);
    }
    ask(p + len, len < n);
    if (exact != NULL) {
        fuzz_one(exact, len);
    }
    wrap_none();
    free(exact);
    return 0;
}

/* A quarter of what it makes has calls that fail. */
size_t LLVMFuzzerCustomMutator(uint8_t *p, size_t n, size_t room, unsigned seed) {
    uint8_t trailer[ENTRY_TRAILER];
    size_t len = body_len(p, n);
    bool had = len < n, keep = had && seed % 8 != 0, make = seed % 8 == 1;
    if (keep) {
        memcpy(trailer, p + len, sizeof trailer);
    }
    if (make || (keep && seed % 8 == 2)) {
        uint32_t kinds = seed % 16 == 1 ? WRAP_ALL : 1u << (seed >> 4) % 10;
        entry_trailer(trailer, kinds, seed * 2654435761u, (uint8_t)(1 + (seed >> 8) % 250));
        keep = true;
    }
    size_t space = room > ENTRY_TRAILER && keep ? room - ENTRY_TRAILER : room;
    len = len < space ? len : space;
    len = LLVMFuzzerMutate != NULL ? LLVMFuzzerMutate(p, len, space) : len;
    if (keep && len + ENTRY_TRAILER <= room) {
        memcpy(p + len, trailer, sizeof trailer);
        len += ENTRY_TRAILER;
    }
    return len;
}
