#ifndef UNIT_SLURP_H
#define UNIT_SLURP_H

#include <stddef.h>

/* A whole file with a zero behind; n may be null. The memory is used again by the next call. */
char *slurp(const char *path, size_t *n);

#endif
