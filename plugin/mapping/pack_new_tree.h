/* The elements of a sample document, and the rows that would write it again, in its order. */
#ifndef MAPPING_PACK_NEW_TREE_H
#define MAPPING_PACK_NEW_TREE_H

#include "pack_new_guess.h"

#define PACK_TREE_DEPTH_MAX 16 /* of elements, the root included */
#define PACK_TREE_NODES_MAX 1000

struct pack_tree_node {
    struct bytes name, label; /* label: what an attribute calls the element; empty: the name does */
    struct bytes text;
    size_t parent;
    size_t twin; /* elements of this name before it in the same parent */
    bool has_twins;
    size_t children_n;
    bool has_attributes; /* others than one that says its type */
    int32_t line;
};

struct pack_tree_row {
    size_t node;
    size_t attribute_at, attribute_n; /* of its name in `names`; n 0: the element's text */
    struct bytes value;
    bool constant, mixed; /* mixed: text of an element that has child elements */
};

/* All zero is an empty one. */
struct pack_tree {
    struct pack_tree_node *nodes; /* 0 is the root */
    size_t nodes_n;
    struct pack_tree_row *rows;
    size_t rows_n, rows_cap;
    struct bytes names; /* of attributes */
    size_t open[PACK_TREE_DEPTH_MAX];
    size_t depth;
};

/* The caller looks after depth and numbers. 0 or SHK_E_MEMORY. */
int32_t pack_tree_start(struct pack_tree *tree, const char *name, int32_t line);
int32_t pack_tree_attribute(struct pack_tree *tree, const struct pack_words *words,
                            const char *name, const char *p, size_t n);
int32_t pack_tree_text(struct pack_tree *tree, const char *p, size_t n);
int32_t pack_tree_end(struct pack_tree *tree);
void pack_tree_clear(struct pack_tree *tree);

/* "Disease[2]/@code", "addr/text()". */
int32_t pack_tree_path(const struct pack_tree *tree, const struct pack_tree_row *row,
                       struct bytes *out);
/* For pack_words_guess: without prefixes and numbers, labels in place of names. */
int32_t pack_tree_names(const struct pack_tree *tree, const struct pack_tree_row *row,
                        struct bytes *out);

#endif
