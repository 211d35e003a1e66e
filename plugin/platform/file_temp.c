#include "crypto.h"
#include "platform.h"

#define PREFIX     ".shikaku-"
#define SUFFIX     ".tmp"
#define STAGED     ".shikaku-stage-"
#define RANDOM_LEN 8

int32_t platform_temp_name(char out[PLATFORM_TEMP_NAME_MAX]) {
    uint8_t number[RANDOM_LEN];
    char hex[2 * RANDOM_LEN + 1];
    if (random_fill(number, sizeof number) != SHK_OK) {
        return SHK_E_INTERNAL;
    }
    hex_encode(number, sizeof number, hex);
    text_format(out, PLATFORM_TEMP_NAME_MAX, PREFIX "%s" SUFFIX, hex);
    return SHK_OK;
}

bool platform_is_temp_name(const char *name) {
    if (!text_starts(name, PREFIX)) {
        return false;
    }
    const char *p = name + sizeof PREFIX - 1;
    for (size_t i = 0; i < (size_t)2 * RANDOM_LEN; i++, p++) {
        if (!char_is_digit(*p) && (*p < 'a' || *p > 'f')) {
            return false;
        }
    }
    return text_equal(p, SUFFIX);
}

bool platform_is_unfinished(const char *name) {
    return text_starts(name, STAGED) || platform_is_temp_name(name);
}
