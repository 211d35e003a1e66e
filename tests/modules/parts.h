/* A module that keeps the interface, for those beside it that break one thing. Only the public headers are
 * seen, as in a stranger's module. */
#ifndef MODULES_PARTS_H
#define MODULES_PARTS_H

#include <stdlib.h>
#include <string.h>

#include "shikaku/adapter.h"

struct shk_host {
    const shk_services *sv;
    char what[64]; /* the setting "do" */
    char path[512];
};

static inline int32_t SHK_CALL parts_open(const shk_services *sv, const shk_setting *settings,
                                          uint32_t n, shk_host **out) {
    shk_host *h = calloc(1, sizeof *h);
    *out = h;
    for (uint32_t i = 0; h != NULL && i < n; i++) {
        char *to = strcmp(settings[i].key, "do") == 0 ? h->what : h->path;
        size_t cap = to == h->what ? sizeof h->what : sizeof h->path;
        size_t len = strlen(settings[i].value);
        memcpy(to, settings[i].value, len < cap ? len + 1 : cap - 1);
    }
    if (h != NULL) {
        h->sv = sv;
    }
    return h != NULL ? SHK_OK : SHK_E_MEMORY;
}

static inline int32_t SHK_CALL parts_deliver(shk_host *h, const shk_delivery *d,
                                             shk_receipt *receipt) {
    int32_t rc = h->sv->put_file(h->sv->self, h->path, d->body, d->body_len, 0);
    if (rc == SHK_OK) {
        memcpy(receipt->place, h->path, strlen(h->path) + 1);
    }
    return rc;
}

static inline void SHK_CALL parts_close(shk_host **h) {
    free(*h);
    *h = NULL;
}

static inline int32_t SHK_CALL parts_find(shk_host *h, const shk_field *asked, uint32_t n,
                                          shk_patient_found found, void *who) {
    (void)h;
    return found(who, "00001", asked, n);
}

#define PARTS_TABLE                                                                                \
    {                                                                                              \
        .struct_size = sizeof(shk_adapter), .abi = SHK_ADAPTER_ABI, .id = "module/1",              \
        .open = parts_open, .deliver = parts_deliver, .close = parts_close,                        \
        .find_patients = parts_find                                                                \
    }

SHK_MODULE const shk_adapter *SHK_CALL shk_adapter_entry(uint32_t abi);

#endif
