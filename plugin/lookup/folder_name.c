#include "folder_name.h"

#include <string.h>

#define DAY_DIGITS 8
#define ID_DIGITS  12
#define FACE       "OQSsiquc01res_face_"

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_n(const char *a, const char *b, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (lower(a[i]) != lower(b[i])) {
            return false;
        }
    }
    return true;
}

bool folder_same_name(const char *a, const char *b) {
    size_t n = strlen(a);
    return n == strlen(b) && same_n(a, b, n);
}

static bool starts_with(const char *name, const char *prefix) {
    size_t n = strlen(prefix);
    return strlen(name) >= n && same_n(name, prefix, n);
}

static bool ends_with(const char *name, const char *ending) {
    size_t n = strlen(name);
    size_t end = strlen(ending);
    return n >= end && same_n(name + n - end, ending, end);
}

int32_t folder_name_number(const char *name, const char *day) {
    const char *id = strrchr(name, '_');
    int32_t number = 0;
    if (id == NULL) {
        return 0;
    }
    id++;
    size_t n = strcspn(id, ".");
    if (n != ID_DIGITS || strncmp(id, day, DAY_DIGITS) != 0 || !char_is_digit(id[DAY_DIGITS]) ||
        !text_to_int32(id + DAY_DIGITS, ID_DIGITS - DAY_DIGITS, &number)) {
        return 0;
    }
    return number;
}

bool folder_is_face(const char *name) {
    return starts_with(name, FACE) && ends_with(name, ".xml") &&
           strlen(name) > sizeof FACE - 1 + sizeof ".xml" - 1;
}
