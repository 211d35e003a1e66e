/* The columns of forty_columns.lua filled by plain C: what a vendor would write without a script. */
#ifndef BENCH_MAPPING_PLAIN_H
#define BENCH_MAPPING_PLAIN_H

#include "record.h"

#define PLAIN_COLUMNS 39

struct mapping_plain {
    struct record_place at[PLAIN_COLUMNS];
};

/* Looks the paths up. */
void mapping_plain_open(struct mapping_plain *plain);
/* Appends the row in code page 932. */
int32_t mapping_plain_row(const struct mapping_plain *plain, const struct record_set *set,
                          struct bytes *row);

#endif
