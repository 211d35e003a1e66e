#include "folder_work.h"

#include <string.h>

#include "folder_text.h"

int32_t work_fail(const shk_host *h, int32_t code, const char *where) {
    return h->sv->fail(h->sv->self, code, 0, where);
}

void present_clear(const shk_host *h, struct present *now) {
    if (now->p != NULL) {
        text_wipe(now->p, now->n);
        h->sv->release(h->sv->self, now->p);
    }
    memset(now, 0, sizeof *now);
}

int32_t present_read(const shk_host *h, const char *place, struct present *now) {
    memset(now, 0, sizeof *now);
    int32_t rc = h->sv->read_file(h->sv->self, place, &now->p, &now->n);
    if (rc == SHK_E_ABSENT) {
        return SHK_OK;
    }
    if (rc == SHK_E_ARGUMENT) {
        return work_fail(h, SHK_E_FILE_FOREIGN, "file larger than 64 MiB");
    }
    if (rc != SHK_OK) {
        return work_fail(h, rc, "file");
    }
    now->there = 1;
    return SHK_OK;
}

int present_is(const struct present *now, const uint8_t *p, uint32_t n) {
    return now->there && now->n == n && (n == 0 || memcmp(now->p, p, n) == 0);
}
