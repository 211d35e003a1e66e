/* What is handed to an adapter: a mapped document, whose it is, and what it was made with. */
#ifndef SESSION_PARCEL_H
#define SESSION_PARCEL_H

#include "mapping.h"
#include "match.h"

#define PARCEL_WORD_MAX 256

struct parcel {
    struct mapping_result *document;
    char patient[64];       /* the host's patient number; "" new, or not known */
    enum match_grade grade; /* MATCH_NONE: not matched */
    bool confirmed;         /* by a person */
    char script[128], pack[65], version[65];
    bool pack_signed;
    char reasons[PARCEL_WORD_MAX]; /* names of the reasons, with spaces between */
    char taken[PARCEL_WORD_MAX];   /* paths that a person took over */
};

/* As bytes for the store, and back. SHK_E_MEMORY, SHK_E_FIELD_TOO_LONG; SHK_E_STORE_BROKEN, SHK_E_STORE_NEWER. */
int32_t parcel_write(const struct parcel *parcel, struct bytes *out);
int32_t parcel_read(const uint8_t *p, size_t n, struct parcel *out);
void parcel_clear(struct parcel *parcel); /* wipes */

#endif
