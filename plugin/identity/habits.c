#include "habits.h"

#include <stdlib.h>

struct habits {
    size_t n;
};

int32_t habits_new(struct habits **out) {
    *out = calloc(1, sizeof **out);
    return *out != NULL ? SHK_OK : SHK_E_MEMORY;
}

void habits_free(struct habits **habits) {
    free(*habits);
    *habits = NULL;
}
