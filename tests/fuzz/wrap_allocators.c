#include "wrap.h"

void wrap_allocators(void) {
}
