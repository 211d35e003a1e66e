/* The packs that deliveries name: tried before a job, kept between jobs while nothing of them changes. */
#ifndef SESSION_PACKS_H
#define SESSION_PACKS_H

#include "pack_open.h"
#include "session.h"

/* How this session reads and tries packs. Borrows from the session. */
void packs_world(struct session *s, struct pack_world *out);
/* Whom it trusts, with the keys in `keys`, which the caller clears. SHK_E_CONFIG_VALUE with "pack.keys". */
int32_t packs_trust(const struct session *s, struct bytes *keys, struct pack_trust *out,
                    struct fault *why);
/* A clinic's file; an empty path leaves it empty. SHK_E_SCRIPT_FILE, SHK_E_MEMORY. */
int32_t packs_read_text(const struct session *s, const char *path, struct bytes *out,
                        struct fault *why);
struct mapping_budget packs_budget(const struct session *s);

/* Every delivery with a pack: read, verified, its samples run, its overlay tried. What was tried before is tried again only
 * when a file of it, the overlay or the settings have changed. The first fault is the result; that pack is not
 * active then. For the worker. */
int32_t packs_activate(struct session *s, struct fault *why);

/* What a delivery maps with. */
struct pack_active {
    const struct pack *pack;
    const struct bytes *overlay;
    bool is_signed;
};
/* False when no pack is active for the n-th delivery. Borrowed until the next job. */
bool packs_active(const struct session *s, size_t n, struct pack_active *out);
void packs_forget(struct session *s);

#endif
