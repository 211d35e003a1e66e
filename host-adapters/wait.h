/* Letting time pass; wait_posix.c, wait_win32.c. */
#ifndef HOST_ADAPTERS_WAIT_H
#define HOST_ADAPTERS_WAIT_H

#include <stdint.h>

void adapter_wait(int32_t ms);

#endif
