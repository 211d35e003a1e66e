/* Where two documents part, told without a word of either. */
#ifndef MAPPING_PACK_DIFFERENCE_H
#define MAPPING_PACK_DIFFERENCE_H

#include "mapping.h"

struct pack_difference {
    size_t byte;      /* of the first other byte, from 0; where one ends, its length */
    int32_t line;     /* from 1 */
    char column[128]; /* of a row format: the field's name; else "" */
};

/* False when head and body of `got` are exactly `expected`. separator: of a row format whose fields it parts. */
bool pack_difference_find(const struct mapping_result *got, const struct bytes *expected,
                          char separator, struct pack_difference *out);

#endif
