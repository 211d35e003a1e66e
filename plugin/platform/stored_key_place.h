/* What a place in the system's certificate store says. */
#ifndef PLATFORM_STORED_KEY_PLACE_H
#define PLATFORM_STORED_KEY_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORED_THUMBPRINT 20
#define STORED_NAME_MAX   255

struct stored_place {
    bool machine;
    bool by_name;
    uint8_t thumbprint[STORED_THUMBPRINT];
    char name[STORED_NAME_MAX + 1]; /* UTF-8 */
};

/* "my/…" or "machine/…", see stored_key.h. False when it is neither, or nothing stands behind it. */
bool stored_place_read(const char *text, struct stored_place *out);

#endif
