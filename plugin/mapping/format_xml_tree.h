/* An XML document in memory, so that an element's children are known before its start tag is written. */
#ifndef MAPPING_FORMAT_XML_TREE_H
#define MAPPING_FORMAT_XML_TREE_H

#include "format.h"
#include "format_xml_path.h"

/* Names and values are borrowed from the cells. */
struct xml_node {
    enum xml_place place;
    const char *name; /* name_n bytes */
    size_t name_n;
    const char *value;           /* of an attribute or a text */
    size_t first, last, next;    /* children and sibling as places in the tree; 0: none */
    bool has_text, has_elements; /* children of that kind, an empty text too */
    bool nil;                    /* says that it has no value */
};

/* at[0] is the root. */
struct xml_tree {
    struct xml_node *at;
    size_t n;
    bool nil; /* some element is nil */
};

/* The present cells, and the absent ones that ask for an element. SHK_E_MEMORY; SHK_E_VALUE for a path
 * that is not usable. */
int32_t xml_tree_build(const struct format_cell *cells, size_t n, struct xml_tree *out);
void xml_tree_clear(struct xml_tree *tree);
/* The attribute of this name, or null. */
const struct xml_node *xml_tree_attribute(const struct xml_tree *tree,
                                          const struct xml_node *element, const char *name);

#endif
