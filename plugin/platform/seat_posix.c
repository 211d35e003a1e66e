#include "seat.h"

#include <stdlib.h>

static bool is_set(const char *name) {
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0';
}

void platform_seat(struct seat *out) {
    *out = (struct seat){.session = "local", .bits = (int32_t)sizeof(void *) * 8};
    if (is_set("SSH_CONNECTION")) {
        out->session = "ssh";
    } else if (is_set("XRDP_SESSION")) {
        out->session = "remote";
    }
}
