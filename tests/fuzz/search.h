/* A search without libFuzzer: inputs made at random out of the seeds. It does not see what they reach, and needs no build
 * of its own. */
#ifndef FUZZ_SEARCH_H
#define FUZZ_SEARCH_H

#include <stddef.h>
#include <stdint.h>

#define SEARCH_SEEDS 256

struct search_seed {
    uint8_t *p;
    size_t n;
};

/* Runs inputs for that long; each series of them has its number, and the same number gives the same ones. An input that
 * ends the process is left in the file `found` beforehand. Returns how many ran. */
uint64_t search(const struct search_seed *seeds, size_t n, uint32_t ms, uint64_t series,
                const char *found);

#endif
