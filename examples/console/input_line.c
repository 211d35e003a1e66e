#include "platform.h"

enum input_state input_line_ended(bool *too_long, char *line, size_t cap, size_t *len) {
    if (*len > 0 && line[*len - 1] == '\r') {
        line[--*len] = '\0';
    }
    if (!*too_long) {
        return INPUT_LINE;
    }
    *too_long = false;
    platform_wipe(line, cap);
    *len = 0;
    return INPUT_TOO_LONG;
}
