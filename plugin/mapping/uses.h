/* Which fields of the record a script may see. */
#ifndef MAPPING_USES_H
#define MAPPING_USES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define USES_FIELDS_MAX 256 /* rows of the field table; checked when it is read */

struct uses {
    bool named; /* a list was given; else only what the rows name is seen */
    uint8_t field[USES_FIELDS_MAX];
};

/* Adds a path, or all below the name of a group or list, or everything ("*"). False when there is no such name. */
bool uses_add(struct uses *uses, const char *path, size_t n);
bool uses_has(const struct uses *uses, size_t field);
/* True when something below this group or list may be seen. */
bool uses_some(const struct uses *uses, const char *path, size_t n);
/* Leaves only what both may see. */
void uses_limit(struct uses *uses, const struct uses *by);

#endif
