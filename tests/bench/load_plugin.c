/* How long a host waits until the module that it loads has told it something, and what that takes:
 *     load_plugin readers LIBRARY CONFIG     until the readers are listed, the first event of that job
 *     load_plugin watch LIBRARY CONFIG       until a watch has told its first event
 *     load_plugin pkcs11 MODULE              until the slots are listed
 * Prints: microseconds, how many of them until it was loaded; KiB resident without the module and, a second
 * after that moment, with it, and how many of those are no pages of files. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shikaku/shikaku.h"

#define CKR_OK    0UL
#define SLOTS_MAX 64

static double now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static long resident_kib(const char *what) {
    char line[256];
    long kib = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        if (strncmp(line, what, strlen(what)) == 0) {
            kib = strtol(line + strlen(what), NULL, 10);
        }
    }
    if (status != NULL) {
        fclose(status);
    }
    return kib;
}

static double loaded_us;

static void *must_open(const char *path) {
    double since = now_us();
    void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (module == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    loaded_us = now_us() - since;
    return module;
}

/* A symbol as the function that it is; ISO C has no cast for that. */
#define TAKE(function, module, name) (*(void **)&(function) = dlsym((module), (name)))

static int until_event(int32_t job, const char *library, const char *config) {
    int32_t(SHK_CALL * open_session)(const char *, int32_t, shk_session *);
    int32_t(SHK_CALL * start)(shk_session, int32_t);
    int32_t(SHK_CALL * next_event)(shk_session, int32_t);
    shk_session s = 0;
    void *module = must_open(library);
    TAKE(open_session, module, "shk_open");
    TAKE(start, module, "shk_start");
    TAKE(next_event, module, "shk_next_event");
    int32_t rc = open_session(config, -1, &s);
    rc = rc == SHK_OK ? start(s, job) : rc;
    int32_t event = rc == SHK_OK ? next_event(s, 60000) : rc;
    if (event != SHK_EVENT_READERS && event != SHK_EVENT_WAITING && event != SHK_EVENT_CARD) {
        fprintf(stderr, "first event: %d\n", (int)event);
        return 0;
    }
    return 1;
}

static int until_slots(const char *path) {
    unsigned long (*initialize)(void *), (*slots)(unsigned char, unsigned long *, unsigned long *);
    unsigned long list[SLOTS_MAX], n = SLOTS_MAX;
    void *module = must_open(path);
    TAKE(initialize, module, "C_Initialize");
    TAKE(slots, module, "C_GetSlotList");
    return initialize(NULL) == CKR_OK && slots(0, list, &n) == CKR_OK && n > 0;
}

int main(int argc, char **argv) {
    const struct timespec second = {1, 0};
    int watch = argc == 4 && strcmp(argv[1], "watch") == 0;
    int ours = watch || (argc == 4 && strcmp(argv[1], "readers") == 0);
    if (!ours && (argc != 3 || strcmp(argv[1], "pkcs11") != 0)) {
        fprintf(stderr, "load_plugin readers|watch LIBRARY CONFIG | pkcs11 MODULE\n");
        return 2;
    }
    long before = resident_kib("VmRSS:");
    double since = now_us();
    int good = ours ? until_event(watch ? SHK_JOB_WATCH : SHK_JOB_READERS, argv[2], argv[3])
                    : until_slots(argv[2]);
    double us = now_us() - since;
    nanosleep(&second, NULL);
    printf("%.1f %.1f %ld %ld %ld\n", us, loaded_us, before, resident_kib("VmRSS:"),
           resident_kib("RssAnon:"));
    fflush(stdout);
    _Exit(good ? 0 : 1); /* a watch that is under way needs no orderly end here */
}
