#include "paths.h"

#include "bytes.h"

static bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || char_is_digit(c) || c == '_';
}

bool path_step(const char *path, size_t n, struct path_step *out) {
    size_t i = 0;
    *out = (struct path_step){.name = path};
    while (i < n && is_name(path[i])) {
        i++;
    }
    out->name_len = i;
    if (i < n && path[i] == '[') {
        size_t digits = ++i;
        while (i < n && char_is_digit(path[i])) {
            i++;
        }
        int32_t index = 0;
        if (i - digits > 6 || !text_to_int32(path + digits, i - digits, &index) || index < 1 ||
            i == n || path[i] != ']') {
            return false;
        }
        out->index = (size_t)index;
        i++;
    }
    if (i < n) {
        if (path[i] != '.') {
            return false;
        }
        i++;
    }
    out->rest = path + i;
    out->rest_len = n - i;
    return out->name_len > 0;
}
