/* The characters of JIS X 0213:2004. */
#ifndef BASE_JISX0213_H
#define BASE_JISX0213_H

#include <stdbool.h>
#include <stdint.h>

/* True for a code point that is a cell of one of the two planes by itself; cells that are two code
 * points (か with U+309A …) are none. */
bool jisx0213_has(uint32_t code);

#endif
