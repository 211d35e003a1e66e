#include "secret.h"

#include <windows.h>

#include "bytes.h"

static size_t page_size(void) {
    SYSTEM_INFO info;
    GetSystemInfo(&info);
    return info.dwPageSize;
}

static size_t whole_pages(size_t n, size_t page) {
    return n == 0 ? page : (n + page - 1) / page * page;
}

/* The bytes end where a reserved page begins, so that an overrun cannot pass unseen. */
uint8_t *secret_new(size_t n) {
    size_t page = page_size();
    if (n > SIZE_MAX / 2) {
        return NULL;
    }
    size_t room = whole_pages(n, page);
    uint8_t *base = VirtualAlloc(NULL, room + 2 * page, MEM_RESERVE, PAGE_NOACCESS);
    if (base == NULL) {
        return NULL;
    }
    if (VirtualAlloc(base + page, room, MEM_COMMIT, PAGE_READWRITE) == NULL) {
        VirtualFree(base, 0, MEM_RELEASE);
        return NULL;
    }
    (void)VirtualLock(base + page, room);
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
    (void)VirtualUnlock(first, room);
    (void)VirtualFree(first - page, 0, MEM_RELEASE);
}
