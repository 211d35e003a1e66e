/* The patients that an adapter tells of, collected until its call is back. */
#ifndef SESSION_ADAPTER_FOUND_H
#define SESSION_ADAPTER_FOUND_H

#include "adapter_copy.h"

struct found {
    struct copied *at;
    size_t n, cap;
    size_t bytes;
    int32_t rc; /* of the first one that could not be taken */
};

void adapter_found_clear(struct found *f); /* wipes */
/* SHK_E_ADAPTER_BROKEN, SHK_E_HOST_ANSWER (too many), SHK_E_MEMORY; then it takes no more. */
int32_t found_take(struct found *f, const char *id, const shk_field *values, uint32_t n);

#endif
