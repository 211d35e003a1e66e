/* The manifest of a pack: the hash of every file, and a signature over it. */
#ifndef MAPPING_PACK_MANIFEST_H
#define MAPPING_PACK_MANIFEST_H

#include "pack_folder.h"

/* Whom a pack is trusted from. */
struct pack_trust {
    const uint8_t *keys; /* PEM with public keys; n 0: no signature can be verified */
    size_t keys_n;
    bool refuse_unsigned;
};

/* The manifest's text: "sha256-hex  path" and LF for every file but the manifest and its signature.
 * SHK_E_MEMORY. */
int32_t pack_manifest_write(const struct pack_folder *folder, struct bytes *out);

/* *is_signed: a key of the trust signed exactly these files. A pack without manifest and signature, and any
 * pack while there are no keys, is unsigned: SHK_E_PACK_UNSIGNED when that is refused. SHK_E_PACK_SIGNATURE with
 * the file that was changed, added or taken away, the manifest's signature itself when it fits no key.
 * SHK_E_CONFIG_VALUE when the keys cannot be read. */
int32_t pack_manifest_verify(const struct pack_folder *folder, const struct pack_trust *trust,
                             bool *is_signed, struct fault *why);

#endif
