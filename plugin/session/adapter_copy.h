/* Copies of what crosses the border to an adapter, in both directions. */
#ifndef SESSION_ADAPTER_COPY_H
#define SESSION_ADAPTER_COPY_H

#include <stdbool.h>

#include "fault.h"
#include "shikaku/adapter.h"

/* One block that holds everything; wiped when freed. */
struct copied {
    void *block;
    size_t size;
    shk_delivery delivery;
    shk_field *fields;     /* asked, or of a patient */
    shk_setting *settings; /* null: none */
    uint32_t n;            /* of either */
    const char *id;        /* of a patient */
};

void copied_clear(struct copied *c);
/* SHK_E_MEMORY; *out is empty then. What is null in them becomes "". */
int32_t copied_settings(struct copied *out, const shk_setting *settings, uint32_t n);
int32_t copied_fields(struct copied *out, const char *id, const shk_field *fields, uint32_t n);
int32_t copied_delivery(struct copied *out, const shk_delivery *d);

#define PATIENT_ID_MAX     64 /* bytes with the terminator */
#define PATIENT_KEY_MAX    64
#define PATIENT_VALUE_MAX  4096
#define PATIENT_VALUES_MAX 64

/* Whether what an adapter tells of a patient can be used. *size: of its texts. */
bool patient_usable(const char *id, const shk_field *values, uint32_t n, size_t *size);
/* Makes a text of the adapter's terminated, valid UTF-8 without control characters: cut where it is not. */
void receipt_text(char *text, size_t cap);

#endif
