/* Paths of an XML document, and where a document stands that is written path by path. */
#ifndef MAPPING_FORMAT_XML_PATH_H
#define MAPPING_FORMAT_XML_PATH_H

#include <stdbool.h>
#include <stddef.h>

#define XML_DEPTH_MAX 16

/* A step of a path; "Disease[2]" differs from "Disease[1]", but only the name is written. */
struct xml_step {
    const char *p;
    size_t n, name_n;
};

enum xml_place { XML_ELEMENT, XML_ATTRIBUTE, XML_TEXT };

/* The elements on the way, the root not counted, and what is meant of the last one: its text as the
 * whole of it, an attribute, or a piece of text between its children. */
struct xml_path {
    struct xml_step at[XML_DEPTH_MAX];
    size_t n;
    enum xml_place place;
    struct xml_step attribute;
};

bool xml_path_read(const char *to, struct xml_path *out);

/* The open elements. All zero: only the root is open, and it is empty. */
struct xml_cursor {
    struct xml_step open[XML_DEPTH_MAX];
    size_t n;
    bool content; /* the innermost one has children or text, and takes no attribute any more */
};

/* Closes and opens elements until exactly the path's are open; returns how many were kept open. */
size_t xml_cursor_go(struct xml_cursor *cursor, const struct xml_path *path);
/* Afterwards: an element with its text is closed, and text is content. */
void xml_cursor_put(struct xml_cursor *cursor, enum xml_place place);

#endif
