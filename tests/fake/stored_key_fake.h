/* A certificate store like Windows' one: keys in PEM files stand for keys that only sign. Linked instead of
 * plugin/platform/stored_key_posix.c. */
#ifndef FAKE_STORED_KEY_FAKE_H
#define FAKE_STORED_KEY_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stored_fake {
    const char *certificates, *key; /* PEM files */
    bool old;                       /* a key of the older interface */
    int32_t refuses;                /* with this number */
    size_t signatures[3];           /* made, by form */
    size_t open;
    char place[256]; /* what was asked for last */
};

extern struct stored_fake stored_fake;

#endif
