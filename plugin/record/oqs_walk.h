/* Walks through an OQS message of any kind. */
#ifndef RECORD_OQS_WALK_H
#define RECORD_OQS_WALK_H

#include "oqs.h"

/* Paths begin below the root; a text is that of an element without elements in it. */
struct oqs_walker {
    void (*open)(void *self, const char *path);
    void (*leaf)(void *self, const char *path, const char *text, size_t n);
    /* False ends the walk with SHK_E_MEMORY. */
    bool (*close)(void *self, const char *path);
    void *self;
};

/* SHK_E_XML, SHK_E_XML_ENCODING, SHK_E_XML_FOREIGN (another root), SHK_E_MEMORY. */
int32_t oqs_walk(const uint8_t *p, size_t n, const struct oqs_walker *walker, struct fault *why);

#endif
