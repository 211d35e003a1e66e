/* A library, but no adapter. */
#include "shikaku/adapter.h"

SHK_MODULE int32_t something_else(void);

int32_t something_else(void) {
    return SHK_OK;
}
