#include "format_xml_tree.h"

#include <stdlib.h>
#include <string.h>

#include "shikaku/codes.h"

struct builder {
    struct xml_tree *tree;
    struct xml_cursor cursor;
    size_t open[XML_DEPTH_MAX + 1]; /* the root and the cursor's elements as places in the tree */
};

/* A path makes a node of each step, one of its text, or one for an element that begins again. */
static size_t nodes_at_most(const struct format_cell *cells, size_t n) {
    size_t nodes = 1;
    for (size_t i = 0; i < n; i++) {
        nodes += 2;
        for (const char *slash = strchr(cells[i].to, '/'); slash != NULL;
             slash = strchr(slash + 1, '/')) {
            nodes++;
        }
    }
    return nodes;
}

static size_t add(struct xml_tree *tree, size_t parent, struct xml_node node) {
    struct xml_node *above = &tree->at[parent];
    size_t place = tree->n++;
    tree->at[place] = node;
    if (above->first == 0) {
        above->first = place;
    } else {
        tree->at[above->last].next = place;
    }
    above->last = place;
    above->has_text = above->has_text || node.place == XML_TEXT;
    above->has_elements = above->has_elements || node.place == XML_ELEMENT;
    return place;
}

static size_t add_element(struct builder *b, size_t parent, const struct xml_step *step) {
    return add(b->tree, parent,
               (struct xml_node){.place = XML_ELEMENT, .name = step->p, .name_n = step->name_n});
}

/* The element that the path names, open. One that has content already takes no attribute and no text
 * of its own. In a checked contract this happens only when a row between the two is absent: then a new
 * element begins. */
static size_t open_element(struct builder *b, const struct xml_path *path) {
    size_t n = path->n;
    for (size_t i = xml_cursor_go(&b->cursor, path); i < n; i++) {
        b->open[i + 1] = add_element(b, b->open[i], &path->at[i]);
    }
    if (b->cursor.content && path->place != XML_TEXT && n > 0) {
        b->open[n] = add_element(b, b->open[n - 1], &path->at[n - 1]);
        b->cursor.content = false;
    }
    return b->open[n];
}

static void put_value(struct builder *b, const struct xml_path *path, const char *value) {
    size_t element = open_element(b, path);
    struct xml_node node = {.place = XML_TEXT, .value = value};
    if (path->place == XML_ATTRIBUTE) {
        node = (struct xml_node){.place = XML_ATTRIBUTE,
                                 .name = path->attribute.p,
                                 .name_n = path->attribute.n,
                                 .value = value};
    }
    add(b->tree, element, node);
    xml_cursor_put(&b->cursor, path->place);
}

static void put_nil(struct builder *b, const struct xml_path *path) {
    size_t element = open_element(b, path);
    b->tree->at[element].nil = true;
    b->tree->nil = true;
    xml_cursor_put(&b->cursor, path->place);
}

static bool put_cell(struct builder *b, const struct format_cell *cell) {
    struct xml_path path;
    if (!xml_path_read(cell->to, &path)) {
        return false;
    }
    if (cell->value != NULL) {
        put_value(b, &path, cell->value);
    } else if (cell->empty == EMPTY_ELEMENT) {
        put_value(b, &path, "");
    } else if (cell->empty == EMPTY_NIL && path.place == XML_ELEMENT) {
        put_nil(b, &path);
    }
    return true;
}

int32_t xml_tree_build(const struct format_cell *cells, size_t n, struct xml_tree *out) {
    struct builder b = {.tree = out};
    *out = (struct xml_tree){.at = calloc(nodes_at_most(cells, n), sizeof *out->at), .n = 1};
    if (out->at == NULL) {
        return SHK_E_MEMORY;
    }
    for (size_t i = 0; i < n; i++) {
        if (!put_cell(&b, &cells[i])) {
            xml_tree_clear(out);
            return SHK_E_VALUE;
        }
    }
    return SHK_OK;
}

void xml_tree_clear(struct xml_tree *tree) {
    free(tree->at);
    *tree = (struct xml_tree){0};
}

const struct xml_node *xml_tree_attribute(const struct xml_tree *tree,
                                          const struct xml_node *element, const char *name) {
    for (size_t i = element->first; i != 0; i = tree->at[i].next) {
        const struct xml_node *node = &tree->at[i];
        if (node->place == XML_ATTRIBUTE && text_equal_n(name, node->name, node->name_n)) {
            return node;
        }
    }
    return NULL;
}
