#include "adapter_found.h"

#include <stdlib.h>

#include "adapter_call.h"
#include "bytes.h"

void adapter_found_clear(struct found *f) {
    for (size_t i = 0; i < f->n; i++) {
        copied_clear(&f->at[i]);
    }
    free(f->at);
    *f = (struct found){0};
}

static bool make_room(struct found *f) {
    if (f->n < f->cap) {
        return true;
    }
    size_t cap = f->cap > 0 ? f->cap * 2 : 16;
    struct copied *grown = realloc(f->at, cap * sizeof *grown);
    if (grown != NULL) {
        f->at = grown;
        f->cap = cap;
    }
    return grown != NULL;
}

static int32_t take(struct found *f, const char *id, const shk_field *values, uint32_t n) {
    size_t size = 0;
    if (!patient_usable(id, values, n, &size)) {
        return SHK_E_ADAPTER_BROKEN;
    }
    if (f->n >= PATIENTS_MAX || size > PATIENTS_BYTES_MAX - f->bytes) {
        return SHK_E_HOST_ANSWER;
    }
    if (!make_room(f) || copied_fields(&f->at[f->n], id, values, n) != SHK_OK) {
        return SHK_E_MEMORY;
    }
    f->n++;
    f->bytes += size;
    return SHK_OK;
}

int32_t found_take(struct found *f, const char *id, const shk_field *values, uint32_t n) {
    if (f->rc == SHK_OK) {
        f->rc = take(f, id, values, n);
    }
    return f->rc;
}
