/* A search without libFuzzer: inputs made at random out of the seeds. It does not see what they reach, and needs no build
 * of its own. */
#ifndef FUZZ_SEARCH_H
#define FUZZ_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEARCH_SEEDS 256

struct search_seed {
    uint8_t *p;
    size_t n;
};

/* Runs so many inputs; each series of them has its number, and the same number gives the same ones on every machine. An
 * input that ends the process is left in the file `found` beforehand; with `leaks` also one that leaks, which otherwise
 * is found when the process ends, without its input: the look after each is slow. */
void search(const struct search_seed *seeds, size_t n, uint64_t runs, uint64_t series, bool leaks,
            const char *found);

#endif
