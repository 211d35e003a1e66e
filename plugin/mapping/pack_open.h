/* A pack with everything that is looked at before its samples. */
#ifndef MAPPING_PACK_OPEN_H
#define MAPPING_PACK_OPEN_H

#include "pack.h"
#include "pack_manifest.h"

/* Reads, verifies and checks it; *is_signed as pack_manifest_verify gives it. With a fault *out is given all the same when
 * its pack.lua could be read: the caller frees it. */
int32_t pack_open(const struct pack_world *world, const struct pack_trust *trust, const char *path,
                  struct pack **out, bool *is_signed, struct fault *why);

#endif
