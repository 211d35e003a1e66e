/* The list of entries at the end of a ZIP archive; zip_directory.c. */
#ifndef PLATFORM_ZIP_DIRECTORY_H
#define PLATFORM_ZIP_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zip.h"

/* The last bytes of an archive: room for the list and for what may stand behind it. */
#define ZIP_TAIL_MAX ((size_t)128 * 1024)

struct zip_tail {
    uint8_t *p; /* 2 * ZIP_TAIL_MAX; the caller wipes it */
    size_t n;
    uint64_t from; /* the place of p[0] in the archive */
};

/* What was met while the archive was read from its beginning. */
struct zip_met {
    uint64_t at[ZIP_ENTRIES_MAX]; /* where each entry begins, in order */
    size_t n;
    uint64_t end; /* where the entries ended */
};

/* Remembers the next bytes; n is at most ZIP_TAIL_MAX. */
void zip_tail_take(struct zip_tail *tail, const uint8_t *p, size_t n);
/* True when the archive ends with a whole list, and it lists exactly the entries that were met. */
bool zip_is_listed(const struct zip_tail *tail, const struct zip_met *met);

#endif
