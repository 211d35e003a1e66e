/* A host adapter: each row becomes one line of a file, "ID row". See docs/adapters.md. */
#include "shikaku/adapter.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct shk_host {
    const shk_services *sv;
    char path[1001], lock[1010];
};

static int32_t SHK_CALL line_open(const shk_services *sv, const shk_setting *set, uint32_t n,
                                  shk_host **out) {
    shk_host *h = (shk_host *)calloc(1, sizeof *h);
    if (h == NULL || n != 1 || strcmp(set->key, "path") != 0 || strlen(set->value) > 1000) {
        free(h);
        return sv->fail(sv->self, SHK_E_ADAPTER_SETTINGS, 0, "path");
    }
    snprintf(h->path, sizeof h->path, "%s", set->value);
    snprintf(h->lock, sizeof h->lock, "%s.lock", set->value);
    h->sv = sv;
    *out = h;
    return SHK_OK;
}

static int32_t SHK_CALL line_deliver(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    const shk_services *sv = h->sv;
    void *lock = NULL;
    uint8_t *old = NULL;
    uint32_t n = 0;
    int32_t rc = sv->lock_file(sv->self, h->lock, 5000, &lock);
    rc = rc == SHK_OK ? sv->read_file(sv->self, h->path, &old, &n) : rc;
    /* With a line of this delivery an earlier attempt came through, and its answer was lost. */
    if (rc == SHK_E_ABSENT || (rc == SHK_OK && strstr((const char *)old, d->id) == NULL)) {
        n += (uint32_t)strlen(d->id) + 1 + d->body_len;
        char *all = (char *)calloc(n + 1, 1);
        rc = all != NULL ? sv->note(sv->self, "writing") : SHK_E_MEMORY;
        if (rc == SHK_OK) {
            snprintf(all, n + 1, "%s%s %.*s", old != NULL ? (const char *)old : "", d->id,
                     (int)d->body_len, (const char *)d->body);
            rc = sv->put_file(sv->self, h->path, (uint8_t *)all, n, old != NULL);
        }
        free(all);
    }
    sv->release(sv->self, old);
    sv->unlock_file(sv->self, lock);
    snprintf(receipt->place, sizeof receipt->place, "%s", h->path);
    return rc;
}

static void SHK_CALL line_close(shk_host **h) {
    free(*h);
    *h = NULL;
}

SHK_MODULE const shk_adapter *SHK_CALL shk_adapter_entry(uint32_t abi) {
    static const shk_adapter line = {sizeof line,  SHK_ADAPTER_ABI, "line/1", line_open,
                                     line_deliver, line_close,      NULL};
    return abi == SHK_ADAPTER_ABI ? &line : NULL;
}
