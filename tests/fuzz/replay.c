/* Runs a fuzz target over the seeds of a folder: each whole, cut short, with single bytes changed, and with calls of
 * each kind that fail. Ends with 1 when the folder has no seed. */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "entry.h"
#include "fuzz.h"
#include "wrap.h"

#define SEED_MAX ((size_t)1 << 20)
#define RUNS_MAX 400 /* of each kind for one seed, spread over its length */

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

static uint64_t run_file(const char *path) {
    FILE *file = fopen(path, "rb");
    uint8_t *seed = malloc(SEED_MAX + ENTRY_TRAILER);
    if (file == NULL || seed == NULL) {
        fprintf(stderr, "replay: cannot read %s\n", path);
        exit(1);
    }
    size_t n = fread(seed, 1, SEED_MAX, file);
    fclose(file);
    run(seed, n);
    run_changed(seed, n);
    uint64_t given = run_failing(seed, n);
    free(seed);
    return given;
}

int main(int argc, char **argv) {
    int seeds = 0;
    uint64_t given = 0;
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    if (folder == NULL) {
        fprintf(stderr, "usage: replay FOLDER\n");
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
