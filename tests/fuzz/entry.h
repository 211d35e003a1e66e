/* The trailer that names the calls which fail. */
#ifndef FUZZ_ENTRY_H
#define FUZZ_ENTRY_H

#include <stdint.h>

#define ENTRY_TRAILER 12

void entry_trailer(uint8_t out[ENTRY_TRAILER], uint32_t kinds, uint32_t seed, uint8_t one_in);

#endif
