/* Runs a fuzz target over the seeds of a folder: each whole, cut short, and with single bytes changed.
 * Ends with 1 when the folder has no seed. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEED_MAX ((size_t)1 << 20)
#define RUNS_MAX 400 /* of each kind for one seed, spread over its length */

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* A copy of exactly the size, so that the sanitizer sees a read behind the end. */
static void run(const uint8_t *p, size_t n) {
    uint8_t *exact = malloc(n > 0 ? n : 1);
    if (exact != NULL) {
        if (n > 0) {
            memcpy(exact, p, n);
        }
        (void)LLVMFuzzerTestOneInput(exact, n);
        free(exact);
    }
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

static int run_file(const char *path) {
    FILE *file = fopen(path, "rb");
    uint8_t *seed = malloc(SEED_MAX);
    if (file == NULL || seed == NULL) {
        fprintf(stderr, "replay: cannot read %s\n", path);
        exit(1);
    }
    size_t n = fread(seed, 1, SEED_MAX, file);
    fclose(file);
    run(seed, n);
    run_changed(seed, n);
    free(seed);
    return 1;
}

int main(int argc, char **argv) {
    int seeds = 0;
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    if (folder == NULL) {
        fprintf(stderr, "usage: replay FOLDER\n");
        return 2;
    }
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        char path[4096];
        if (entry->d_name[0] != '.') {
            snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
            seeds += run_file(path);
        }
    }
    closedir(folder);
    printf("%d seeds\n", seeds);
    return seeds > 0 ? 0 : 1;
}
