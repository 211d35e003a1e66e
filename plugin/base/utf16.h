/* UTF-16, which Windows keeps on its clipboard and Notepad writes into files. */
#ifndef BASE_UTF16_H
#define BASE_UTF16_H

#include "bytes.h"

/* Appends the UTF-8 form of p[0..n). A surrogate without its other half and an odd last byte become
 * U+FFFD each. *lost (may be null) counts all U+FFFD: a name that holds one must not be used.
 * SHK_E_MEMORY. */
int32_t utf16_to_utf8(const uint8_t *p, size_t n, bool big_endian, struct bytes *out, size_t *lost);

#endif
