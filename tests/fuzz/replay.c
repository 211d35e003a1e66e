/* Runs a fuzz target over the seeds of a folder: each whole, cut short, with single bytes changed, and with calls of
 * each kind that fail; or with --search over inputs made out of them at random. Ends with 1 when the folder has no
 * seed. */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "entry.h"
#include "fuzz.h"
#include "search.h"
#include "wrap.h"

#define SEED_MAX ((size_t)1 << 20)
#define RUNS_MAX 200 /* of each kind for one seed, spread over its length */

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void run(const uint8_t *p, size_t n) {
    (void)LLVMFuzzerTestOneInput(p, n);
}

static void run_changed(uint8_t *p, size_t n) {
    static const uint8_t changes[] = {0x01, 0x80, 0xFF, 0x3C};
    size_t step = n / RUNS_MAX + 1;
    for (size_t i = 0; i < n; i += step) {
        run(p, i);
        uint8_t kept = p[i];
        p[i] = (uint8_t)(kept ^ changes[(i / step) % sizeof changes]);
        run(p, n);
        p[i] = kept;
    }
}

static uint64_t run_failing(uint8_t *p, size_t n) {
    static const uint8_t one_in[] = {1, 9, 60};
    uint64_t given = 0;
    for (uint32_t kind = 1; kind <= WRAP_ALL; kind <<= 1) {
        for (uint32_t i = 0; i < sizeof one_in; i++) {
            entry_trailer(p + n, kind, kind * 7 + i, one_in[i]);
            run(p, n + ENTRY_TRAILER);
            given += wrap_failures();
        }
    }
    return given;
}

static size_t read_seed(const char *path, uint8_t *seed) {
    FILE *file = fopen(path, "rb");
    if (file == NULL || seed == NULL) {
        fprintf(stderr, "replay: cannot read %s\n", path);
        exit(1);
    }
    size_t n = fread(seed, 1, SEED_MAX, file);
    fclose(file);
    return n;
}

static uint64_t run_file(const char *path) {
    uint8_t *seed = malloc(SEED_MAX + ENTRY_TRAILER);
    size_t n = read_seed(path, seed);
    run(seed, n);
    run_changed(seed, n);
    uint64_t given = run_failing(seed, n);
    free(seed);
    return given;
}

static int is_seed(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

static int by_name(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* Calls `take` for each file of the folder, in the order of their names. Returns their number. */
static size_t each_file(const char *folder, void (*take)(const char *path, void *self),
                        void *self) {
    struct dirent **entries = NULL;
    int n = scandir(folder, &entries, is_seed, by_name);
    for (int i = 0; i < n; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        free(entries[i]);
        take(path, self);
    }
    free(entries);
    return n > 0 ? (size_t)n : 0;
}

static void replay_file(const char *path, void *given) {
    *(uint64_t *)given += run_file(path);
}

static int replay(const char *folder) {
    uint64_t given = 0;
    size_t n = each_file(folder, replay_file, &given);
    printf("%zu seeds, %llu calls that failed\n", n, (unsigned long long)given);
    return n > 0 ? 0 : 1;
}

struct seeds {
    struct search_seed all[SEARCH_SEEDS];
    size_t n;
};

static void keep_seed(const char *path, void *self) {
    struct seeds *seeds = self;
    if (seeds->n < SEARCH_SEEDS) {
        uint8_t *p = malloc(SEED_MAX);
        seeds->all[seeds->n++] = (struct search_seed){.p = p, .n = read_seed(path, p)};
    }
}

/* RUNS SERIES FOUND FOLDER */
static int search_folder(char **args, bool leaks) {
    static struct seeds seeds;
    unsigned long long runs = strtoull(args[0], NULL, 10);
    (void)each_file(args[3], keep_seed, &seeds);
    search(seeds.all, seeds.n, runs, strtoull(args[1], NULL, 10), leaks, args[2]);
    for (size_t i = 0; i < seeds.n; i++) {
        free(seeds.all[i].p);
    }
    printf("%zu seeds, %llu runs\n", seeds.n, runs);
    return seeds.n > 0 ? 0 : 1;
}

int main(int argc, char **argv) {
    bool leaks = argc == 6 && strcmp(argv[1], "--search-leaks") == 0;
    bool searches = leaks || (argc == 6 && strcmp(argv[1], "--search") == 0);
    if (!searches && argc != 2) {
        fprintf(stderr, "usage: replay [--search|--search-leaks RUNS SERIES FOUND] FOLDER\n");
        return 2;
    }
    (void)LLVMFuzzerInitialize(&argc, &argv);
    return searches ? search_folder(argv + 2, leaks) : replay(argv[1]);
}
