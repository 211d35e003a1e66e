/* Where a state's blocks lie: one region that is wiped and given back as a whole. */
#ifndef MAPPING_SANDBOX_MEMORY_H
#define MAPPING_SANDBOX_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#define SANDBOX_CLASS   16 /* blocks up to CLASS * CLASSES bytes share the region's chunks */
#define SANDBOX_CLASSES 32
#define SANDBOX_BLOCK_MAX                                                                          \
    ((size_t)1024 * 1024) /* one string or table: bounds what one instruction can do */

struct sandbox_memory {
    size_t used; /* bytes that are handed out */
    struct memory_chunk *chunks;
    struct memory_big *bigs;
    struct memory_free *free[SANDBOX_CLASSES + 1];
};

/* A block of n bytes with what `block` of had bytes held, which is given back; null when memory is out,
 * and then `block` is as it was. Shrinking never fails. block may be null, and then had is 0; n is not 0. */
void *sandbox_memory_move(struct sandbox_memory *m, void *block, size_t had, size_t n);
void sandbox_memory_release(struct sandbox_memory *m, void *block, size_t had);
/* Wipes everything and gives it back. */
void sandbox_memory_clear(struct sandbox_memory *m);

#endif
