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

/* Each file of the folder, as far as there is room. */
static size_t read_seeds(DIR *folder, const char *name, struct search_seed *seeds) {
    size_t n = 0;
    for (struct dirent *e = readdir(folder); e != NULL && n < SEARCH_SEEDS; e = readdir(folder)) {
        char path[4096];
        if (e->d_name[0] != '.') {
            snprintf(path, sizeof path, "%s/%s", name, e->d_name);
            seeds[n].p = malloc(SEED_MAX);
            seeds[n].n = read_seed(path, seeds[n].p);
            n++;
        }
    }
    return n;
}

/* --search MILLISECONDS SERIES FOUND FOLDER */
static int search_folder(char **argv) {
    static struct search_seed seeds[SEARCH_SEEDS];
    DIR *folder = opendir(argv[5]);
    size_t n = folder != NULL ? read_seeds(folder, argv[5], seeds) : 0;
    if (folder != NULL) {
        closedir(folder);
    }
    uint64_t runs = search(seeds, n, (uint32_t)strtoul(argv[2], NULL, 10),
                           strtoull(argv[3], NULL, 10), argv[4]);
    for (size_t i = 0; i < n; i++) {
        free(seeds[i].p);
    }
    printf("%zu seeds, %llu runs\n", n, (unsigned long long)runs);
    return n > 0 ? 0 : 1;
}

int main(int argc, char **argv) {
    int seeds = 0;
    uint64_t given = 0;
    if (argc == 6 && strcmp(argv[1], "--search") == 0) {
        (void)LLVMFuzzerInitialize(&argc, &argv);
        return search_folder(argv);
    }
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    if (folder == NULL) {
        fprintf(stderr, "usage: replay [--search MILLISECONDS SERIES FOUND] FOLDER\n");
        return 2;
    }
    (void)LLVMFuzzerInitialize(&argc, &argv);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        char path[4096];
        if (entry->d_name[0] != '.') {
            snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
            given += run_file(path);
            seeds++;
        }
    }
    closedir(folder);
    printf("%d seeds, %llu calls that failed\n", seeds, (unsigned long long)given);
    return seeds > 0 ? 0 : 1;
}
