#include <string.h>

#include "oqs_write.h"

#define ROOM 80

static bool is_digits(const char *text, size_t n) {
    size_t i = 0;
    while (char_is_digit(text[i])) {
        i++;
    }
    return i == n && text[i] == '\0';
}

int32_t oqs_face_file_name(const char *institution_code, const uint8_t random[10],
                           const char *time14, char out[ROOM]) {
    char middle[21];
    out[0] = '\0';
    if (!is_digits(institution_code, 10) || !is_digits(time14, 14)) {
        return SHK_E_ARGUMENT;
    }
    hex_encode(random, 10, middle);
    text_format(out, ROOM, "OQSsiquc01res_face_%s%s_%s.xml", institution_code, middle, time14);
    return SHK_OK;
}
