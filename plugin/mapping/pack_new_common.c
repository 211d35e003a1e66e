#include "pack_new_common.h"

#include <string.h>

#define FEWEST 3 /* elements: below that a row each is plainer */

static bool is_leaf(const struct pack_tree *tree, size_t node) {
    return tree->nodes[node].children_n == 0;
}

static bool same_name(const struct pack_tree *tree, const struct pack_tree_row *a,
                      const struct pack_tree_row *b) {
    return a->attribute_n > 0 && a->attribute_n == b->attribute_n &&
           memcmp(tree->names.p + a->attribute_at, tree->names.p + b->attribute_at,
                  a->attribute_n) == 0;
}

static bool same_value(const struct pack_tree_row *a, const struct pack_tree_row *b) {
    return text_equal(bytes_text(&a->value), bytes_text(&b->value));
}

static const struct pack_tree_row *row_like(const struct pack_tree *tree, size_t node,
                                            const struct pack_tree_row *wanted) {
    for (size_t i = 0; i < tree->rows_n; i++) {
        const struct pack_tree_row *row = &tree->rows[i];
        if (row->node == node && row->constant && same_name(tree, row, wanted)) {
            return row;
        }
    }
    return NULL;
}

/* True when all elements of the kind have the attribute of `wanted`, leaves with its value too. */
static bool all_have(const struct pack_tree *tree, const struct pack_tree_row *wanted, bool leaf) {
    size_t n = 0;
    for (size_t i = 1; i < tree->nodes_n; i++) {
        if (is_leaf(tree, i) == leaf) {
            const struct pack_tree_row *row = row_like(tree, i, wanted);
            if (row == NULL || (leaf && !same_value(row, wanted))) {
                return false;
            }
            n++;
        }
    }
    return n >= (leaf ? FEWEST : 1);
}

static size_t find(const struct pack_tree *tree, bool leaf) {
    size_t first = SIZE_MAX;
    for (size_t i = 0; i < tree->rows_n; i++) {
        const struct pack_tree_row *row = &tree->rows[i];
        bool fits = row->node != 0 && row->constant && row->attribute_n > 0 &&
                    is_leaf(tree, row->node) == leaf;
        first = fits && first == SIZE_MAX ? row->node : first;
        if (fits && row->node == first && all_have(tree, row, leaf)) {
            return i;
        }
    }
    return SIZE_MAX;
}

struct pack_common pack_common_find(const struct pack_tree *tree) {
    struct pack_common common = {find(tree, true), SIZE_MAX};
    if (common.leaf != SIZE_MAX) {
        common.group = find(tree, false);
    }
    return common;
}

bool pack_common_covers(const struct pack_tree *tree, const struct pack_common *common,
                        size_t row) {
    const struct pack_tree_row *one = &tree->rows[row];
    size_t like = is_leaf(tree, one->node) ? common->leaf : common->group;
    return one->node != 0 && one->constant && like != SIZE_MAX &&
           same_name(tree, one, &tree->rows[like]) && same_value(one, &tree->rows[like]);
}
