#include "helper_parts.h"

static const struct helper helpers[] = {
#define HELPER(name, takes, run, usable, japanese, english)                                        \
    {#name, HELPER_##takes, usable, run, japanese, english},
#include "helpers.def"
};

#define HELPERS_N (sizeof helpers / sizeof helpers[0])

const struct helper *helper_find(const char *name, size_t n) {
    for (size_t i = 0; i < HELPERS_N; i++) {
        if (text_equal_n(helpers[i].name, name, n)) {
            return &helpers[i];
        }
    }
    return NULL;
}

size_t helper_count(void) {
    return HELPERS_N;
}

const struct helper *helper_at(size_t index) {
    return index < HELPERS_N ? &helpers[index] : NULL;
}
