/* An attribute that every element of a sample document has: one key of the script instead of a row each. */
#ifndef MAPPING_PACK_NEW_COMMON_H
#define MAPPING_PACK_NEW_COMMON_H

#include "pack_new_tree.h"

/* Places of rows in the tree; SIZE_MAX: there is none. */
struct pack_common {
    size_t leaf;  /* every element without child elements has this attribute with this value */
    size_t group; /* every other one but the root has this attribute, the first with this value */
};

struct pack_common pack_common_find(const struct pack_tree *tree);
/* True for a row that need not be written. */
bool pack_common_covers(const struct pack_tree *tree, const struct pack_common *common, size_t row);

#endif
