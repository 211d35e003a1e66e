#include "pack_new_tree.h"

#include <stdlib.h>
#include <string.h>

#include "pack_new_constant.h"

static struct pack_tree_node *last_open(struct pack_tree *tree) {
    return &tree->nodes[tree->open[tree->depth - 1]];
}

/* How many elements of this name stand before it in the same parent; they learn that they are not alone. */
static void count_twins(struct pack_tree *tree, struct pack_tree_node *node) {
    for (struct pack_tree_node *one = tree->nodes + 1; one < node; one++) {
        if (one->parent == node->parent &&
            text_equal(bytes_text(&one->name), bytes_text(&node->name))) {
            node->twin++;
            one->has_twins = node->has_twins = true;
        }
    }
}

int32_t pack_tree_start(struct pack_tree *tree, const char *name, int32_t line) {
    if (tree->nodes == NULL) {
        tree->nodes = calloc(PACK_TREE_NODES_MAX, sizeof *tree->nodes);
    }
    if (tree->nodes == NULL) {
        return SHK_E_MEMORY;
    }
    size_t at = tree->nodes_n++;
    struct pack_tree_node *node = &tree->nodes[at];
    node->line = line;
    if (tree->depth > 0) {
        node->parent = tree->open[tree->depth - 1];
        tree->nodes[node->parent].children_n++;
    }
    tree->open[tree->depth++] = at;
    int32_t rc = bytes_append_text(&node->name, name);
    if (rc == SHK_OK && at > 0) {
        count_twins(tree, node);
    }
    return rc;
}

static int32_t add_row(struct pack_tree *tree, const struct pack_tree_row *row) {
    if (tree->rows_n == tree->rows_cap) {
        size_t cap = tree->rows_cap > 0 ? 2 * tree->rows_cap : 64;
        struct pack_tree_row *more = realloc(tree->rows, cap * sizeof *more);
        if (more == NULL) {
            return SHK_E_MEMORY;
        }
        tree->rows = more;
        tree->rows_cap = cap;
    }
    tree->rows[tree->rows_n++] = *row;
    return SHK_OK;
}

/* An element of the same name in the same parent that is known by its label. */
static bool neighbours_are_labelled(const struct pack_tree *tree,
                                    const struct pack_tree_node *node) {
    for (const struct pack_tree_node *one = tree->nodes + 1; one < node; one++) {
        if (one->parent == node->parent && one->label.n > 0 &&
            text_equal(bytes_text(&one->name), bytes_text(&node->name))) {
            return true;
        }
    }
    return false;
}

int32_t pack_tree_attribute(struct pack_tree *tree, const struct pack_words *words,
                            const char *name, const char *p, size_t n) {
    struct pack_tree_node *node = last_open(tree);
    struct pack_tree_row row = {.node = tree->open[tree->depth - 1],
                                .attribute_at = tree->names.n,
                                .attribute_n = strlen(name)};
    int32_t rc = bytes_append_text(&tree->names, name);
    rc = rc == SHK_OK ? bytes_append(&row.value, p, n) : rc;
    const char *value = bytes_text(&row.value), *label = NULL;
    rc = rc == SHK_OK ? pack_label_of(words, name, value, &label) : rc;
    if (label == NULL && pack_attribute_is_label(name) && neighbours_are_labelled(tree, node)) {
        label = value;
    }
    row.constant =
        label != NULL || pack_attribute_is_constant(bytes_text(&node->name), name, value);
    node->has_attributes = node->has_attributes || !pack_attribute_is_type(name);
    if (rc == SHK_OK && label != NULL && node->label.n == 0) {
        rc = bytes_append_text(&node->label, label);
    }
    rc = rc == SHK_OK ? add_row(tree, &row) : rc;
    if (rc != SHK_OK) {
        bytes_clear(&row.value);
    }
    return rc;
}

/* Blanks before the root are nobody's. */
int32_t pack_tree_text(struct pack_tree *tree, const char *p, size_t n) {
    return tree->depth == 0 ? SHK_OK : bytes_append(&last_open(tree)->text, p, n);
}

/* A row for the element's own text: a leaf has one, unless its attributes say it all. */
static int32_t add_text_row(struct pack_tree *tree, struct pack_tree_node *node, size_t at) {
    bool blank = text_is_blank(bytes_text(&node->text), node->text.n);
    bool leaf = node->children_n == 0;
    if (at == 0 || (blank && (!leaf || node->has_attributes))) {
        return SHK_OK;
    }
    struct pack_tree_row row = {.node = at, .mixed = !leaf};
    row.constant =
        !blank && pack_text_is_constant(bytes_text(&node->name), bytes_text(&node->text));
    if (!blank) {
        row.value = node->text;
        node->text = (struct bytes){0};
    }
    int32_t rc = add_row(tree, &row);
    if (rc != SHK_OK) {
        bytes_clear(&row.value);
    }
    return rc;
}

int32_t pack_tree_end(struct pack_tree *tree) {
    size_t at = tree->open[--tree->depth];
    return add_text_row(tree, &tree->nodes[at], at);
}

void pack_tree_clear(struct pack_tree *tree) {
    for (size_t i = 0; i < tree->nodes_n; i++) {
        bytes_clear(&tree->nodes[i].name);
        bytes_clear(&tree->nodes[i].label);
        bytes_clear(&tree->nodes[i].text);
    }
    for (size_t i = 0; i < tree->rows_n; i++) {
        bytes_clear(&tree->rows[i].value);
    }
    free(tree->nodes);
    free(tree->rows);
    bytes_clear(&tree->names);
    *tree = (struct pack_tree){0};
}

/* ---- paths ---- */

struct way {
    size_t at[PACK_TREE_DEPTH_MAX]; /* from the element up */
    size_t n;
};

static struct way way_up(const struct pack_tree *tree, size_t node, bool with_root) {
    struct way way = {.n = 0};
    while (node != 0) {
        way.at[way.n++] = node;
        node = tree->nodes[node].parent;
    }
    if (with_root) {
        way.at[way.n++] = 0;
    }
    return way;
}

static int32_t append_step(const struct pack_tree_node *node, struct bytes *out) {
    char index[16];
    int32_t rc = out->n > 0 ? bytes_append_byte(out, '/') : SHK_OK;
    rc = rc == SHK_OK ? bytes_append(out, node->name.p, node->name.n) : rc;
    if (rc == SHK_OK && node->has_twins) {
        text_format(index, sizeof index, "[%d]", (int)node->twin + 1);
        rc = bytes_append_text(out, index);
    }
    return rc;
}

int32_t pack_tree_path(const struct pack_tree *tree, const struct pack_tree_row *row,
                       struct bytes *out) {
    struct way way = way_up(tree, row->node, false);
    int32_t rc = SHK_OK;
    while (rc == SHK_OK && way.n > 0) {
        rc = append_step(&tree->nodes[way.at[--way.n]], out);
    }
    if (rc == SHK_OK && row->attribute_n > 0) {
        rc = bytes_append_text(out, out->n > 0 ? "/@" : "@");
        rc = rc == SHK_OK ? bytes_append(out, tree->names.p + row->attribute_at, row->attribute_n)
                          : rc;
    } else if (rc == SHK_OK && row->mixed) {
        rc = bytes_append_text(out, "/text()");
    }
    return rc;
}

/* The name without its prefix. */
static int32_t append_level(const char *p, size_t n, struct bytes *out) {
    const char *colon = memchr(p, ':', n);
    size_t skip = colon != NULL ? (size_t)(colon - p) + 1 : 0;
    int32_t rc = out->n > 0 ? bytes_append_byte(out, '\n') : SHK_OK;
    return rc == SHK_OK ? bytes_append(out, p + skip, n - skip) : rc;
}

int32_t pack_tree_names(const struct pack_tree *tree, const struct pack_tree_row *row,
                        struct bytes *out) {
    struct way way = way_up(tree, row->node, true);
    int32_t rc = SHK_OK;
    while (rc == SHK_OK && way.n > 0) {
        const struct pack_tree_node *node = &tree->nodes[way.at[--way.n]];
        const struct bytes *name = node->label.n > 0 ? &node->label : &node->name;
        rc = append_level(bytes_text(name), name->n, out);
    }
    if (rc == SHK_OK && row->attribute_n > 0) {
        const char *names = bytes_text(&tree->names);
        rc = append_level(names + row->attribute_at, row->attribute_n, out);
    }
    return rc;
}
