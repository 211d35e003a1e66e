/* Bytes that are too many to lie in memory at once. */
#ifndef BASE_STREAM_H
#define BASE_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "fault.h"

/* Takes the next piece; the first code that is not SHK_OK ends the stream and is what the giver
 * returns. */
struct byte_sink {
    int32_t (*take)(void *self, const uint8_t *p, size_t n, struct fault *why);
    void *self;
};

/* Gives the next piece; *n 0: the end. */
struct byte_source {
    int32_t (*next)(void *self, uint8_t *p, size_t cap, size_t *n, struct fault *why);
    void *self;
};

#endif
