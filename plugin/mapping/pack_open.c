#include "pack_open.h"

int32_t pack_open(const struct pack_world *world, const struct pack_trust *trust, const char *path,
                  struct pack **out, bool *is_signed, struct fault *why) {
    *is_signed = false;
    int32_t rc = pack_read(world, path, out, why);
    rc = rc == SHK_OK ? pack_manifest_verify(&(*out)->folder, trust, is_signed, why) : rc;
    return rc == SHK_OK ? pack_check(*out, world, why) : rc;
}
