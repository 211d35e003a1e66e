/* Makes one check like a host that wipes its own copies, then looks through every writable page of its
 * own process for the PIN's digits behind a VERIFY head, and for the PIN buffer's digits anywhere.
 * usage: pin_scan LIBRARY CONFIG, the PIN on stdin with every byte XOR 0x55, so that no plain copy
 * comes from the pipe. Exit 0: nothing found. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shikaku/shikaku.h"

#define MASK 0x55

typedef int32_t (*open_fn)(const char *, int32_t, shk_session *);
typedef int32_t (*check_fn)(shk_session, const char *, int32_t, int32_t, int32_t);

static unsigned char masked[4];

static int same_pin(const unsigned char *p) {
    for (size_t i = 0; i < sizeof masked; i++) {
        if ((p[i] ^ MASK) != masked[i]) {
            return 0;
        }
    }
    return 1;
}

static int is_digit(unsigned char c) {
    return c >= '0' && c <= '9';
}

/* A PIN stands alone: four digits inside a longer number are somebody's postal code. */
static size_t scan(const unsigned char *p, size_t n) {
    size_t found = 0;
    for (size_t i = 1; i + 5 <= n; i++) {
        if (same_pin(p + i) && !is_digit(p[i - 1]) && !is_digit(p[i + 4])) {
            found++;
        }
    }
    return found;
}

#define PAGE ((size_t)4096)
#define TAIL 8 /* of the page before, so that a PIN across two pages is seen */

static _Alignas(PAGE) unsigned char window[2 * PAGE];

/* The rest of one page behind the end of the one before. False: the page cannot be read. */
static int read_page(FILE *mem, unsigned long at) {
    memmove(window + PAGE - TAIL, window + 2 * PAGE - TAIL, TAIL);
    return fseek(mem, (long)at, SEEK_SET) == 0 && fread(window + PAGE, 1, PAGE, mem) == PAGE;
}

static int is_own(unsigned long at) {
    unsigned long own = (unsigned long)(void *)window;
    return at >= own && at < own + sizeof window;
}

static size_t scan_range(FILE *mem, unsigned long from, unsigned long to, size_t *pages) {
    size_t found = 0;
    memset(window, 0, sizeof window);
    for (unsigned long at = from; at < to; at += PAGE) {
        if (is_own(at) || !read_page(mem, at)) {
            memset(window, 0, sizeof window);
            continue;
        }
        found += scan(window + PAGE - TAIL, PAGE + TAIL);
        (*pages)++;
    }
    return found;
}

/* Reads the pages through /proc, as a debugger would: sanitizers then see no foreign reads. */
static size_t scan_process(void) {
    FILE *maps = fopen("/proc/self/maps", "r");
    FILE *mem = fopen("/proc/self/mem", "r");
    char line[512];
    size_t found = 0;
    size_t pages = 0;
    if (mem != NULL) {
        setvbuf(mem, NULL, _IONBF, 0);
    }
    while (maps != NULL && mem != NULL && fgets(line, sizeof line, maps) != NULL) {
        char *end = NULL;
        unsigned long from = strtoul(line, &end, 16);
        unsigned long to = strtoul(end + 1, &end, 16);
        /* A sanitizer's shadow is far larger than anything that holds data. */
        if (strstr(end, "rw") != NULL && to - from <= 1UL << 28) {
            found += scan_range(mem, from, to, &pages);
        }
    }
    if (maps != NULL) {
        fclose(maps);
    }
    if (mem != NULL) {
        fclose(mem);
    }
    return pages > 10 ? found : 1000000;
}

static int check_once(void *library, const char *config, unsigned char *pin) {
    open_fn open_session = NULL;
    check_fn check = NULL;
    shk_session s = 0;
    /* POSIX promises that the two kinds of pointer have one form. */
    *(void **)(void *)&open_session = dlsym(library, "shk_open");
    *(void **)(void *)&check = dlsym(library, "shk_check");
    if (open_session == NULL || check == NULL || open_session(config, -1, &s) < 0) {
        return -1;
    }
    int32_t rc = check(s, (const char *)pin, 4, 0, 30000);
    for (volatile unsigned char *p = pin; p < pin + 4; p++) {
        *p = 0;
    }
    printf("shk_check: %d\n", (int)rc);
    /* The session stays open: nothing may be left even then. */
    return rc;
}

int main(int argc, char **argv) {
    static unsigned char pin[4];
    void *library = argc == 3 ? dlopen(argv[1], RTLD_NOW) : NULL;
    if (library == NULL || read(0, masked, sizeof masked) != sizeof masked) {
        fprintf(stderr, "usage: pin_scan LIBRARY CONFIG < masked PIN\n");
        return 2;
    }
    size_t before = scan_process();
    for (size_t i = 0; i < sizeof pin; i++) {
        pin[i] = masked[i] ^ MASK;
    }
    size_t planted = scan_process();
    int rc = check_once(library, argv[2], pin);
    size_t after = scan_process();
    printf("before %zu, planted %zu, after %zu\n", before, planted, after);
    if (planted <= before) {
        fprintf(stderr, "the scan does not see a PIN that is there\n");
        return 3;
    }
    return rc == SHK_OUTCOME_ELIGIBLE && after <= before ? 0 : 1;
}
