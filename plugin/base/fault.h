/* The fault record and the bilingual table of codes. */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stddef.h>
#include <stdint.h>

#include "shikaku/codes.h"

/* Fixed size, so that reporting out-of-memory needs no memory. All zero means: no fault. */
struct fault {
    int32_t code, stage;
    int32_t native, native_kind; /* SHK_NATIVE_ */
    int32_t retry;               /* SHK_RETRY_ */
    int32_t retry_after_s;       /* how long the other side asks to wait; 0: it does not say */
    char where[256];             /* "csv_basic.lua:12 NAME": names and lines, never values */
};

struct fault_row {
    const char *name; /* "CARD_REMOVED" */
    int32_t code, stage, retry;
    const char *english, *japanese;
};

/* The first fault wins: sets it only when `why` holds none. `why` may be null. Returns code, so that
 * a caller writes `return fault_set(why, SHK_E_XML, SHK_NATIVE_XML_LINE, line, NULL)`. */
int32_t fault_set(struct fault *why, int32_t code, int32_t native_kind, int32_t native,
                  const char *where);
int32_t fault_raise(struct fault *why, int32_t code);

/* Fills `where` in if it is still empty. */
void fault_where(struct fault *why, const char *where);
void fault_clear(struct fault *why);

/* The row of a code, or null. Static. */
const struct fault_row *fault_find(int32_t code);
size_t fault_count(void);
const struct fault_row *fault_at(size_t index);

#endif
