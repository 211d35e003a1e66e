/* The packs of a folder of packs. */
#ifndef MAPPING_PACK_LIST_H
#define MAPPING_PACK_LIST_H

#include "pack_open.h"

struct pack_entry {
    char folder[PACK_NAME_MAX];
    char id[65], version[24], name[201]; /* "" when pack.lua cannot be read */
    bool is_signed;
    struct fault fault; /* all zero: it can be read and checked; its samples were not run */
};

struct pack_list {
    struct pack_entry *at; /* sorted by folder */
    size_t n;
};

/* Every folder in this one that has a pack.lua, 1,000 at most. A pack with a fault is told with it. SHK_E_PACK when
 * the folder cannot be read; SHK_E_CANCELLED; SHK_E_MEMORY. */
int32_t pack_list_read(const struct pack_world *world, const struct pack_trust *trust,
                       const char *folder, struct pack_list *out, struct fault *why);
void pack_list_clear(struct pack_list *list);

#endif
