#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): MADV_DONTDUMP */
#include "secret.h"

#include <sys/mman.h>
#include <unistd.h>

#include "bytes.h"

static size_t page_size(void) {
    long n = sysconf(_SC_PAGESIZE);
    return n > 0 ? (size_t)n : 4096;
}

static size_t whole_pages(size_t n, size_t page) {
    return n == 0 ? page : (n + page - 1) / page * page;
}

/* The bytes end where a page without access begins, so that an overrun cannot pass unseen. */
uint8_t *secret_new(size_t n) {
    size_t page = page_size();
    if (n > SIZE_MAX / 2) {
        return NULL;
    }
    size_t room = whole_pages(n, page);
    uint8_t *base = mmap(NULL, room + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED) {
        return NULL;
    }
    if (mprotect(base + page, room, PROT_READ | PROT_WRITE) != 0) {
        munmap(base, room + 2 * page);
        return NULL;
    }
    (void)mlock(base + page, room);
    (void)madvise(base + page, room, MADV_DONTDUMP);
    (void)madvise(base + page, room, MADV_WIPEONFORK);
    return base + page + room - n;
}

void secret_free(uint8_t *p, size_t n) {
    if (p == NULL) {
        return;
    }
    size_t page = page_size();
    size_t room = whole_pages(n, page);
    uint8_t *first = p + n - room;
    memory_wipe(first, room);
    (void)munlock(first, room);
    (void)munmap(first - page, room + 2 * page);
}
