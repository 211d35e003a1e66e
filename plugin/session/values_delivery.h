/* The paths below "delivery[n].". */
#ifndef SESSION_VALUES_DELIVERY_H
#define SESSION_VALUES_DELIVERY_H

#include "values.h"

int32_t values_read_delivery(const struct delivered *d, const char *name, size_t n,
                             struct reading *out);
/* Entries of "loss" and "explain"; d may be null. */
int32_t values_count_delivery(const struct delivered *d, const char *name, size_t n, int32_t *out);

#endif
