#include <string.h>

#include "format_parts.h"
#include "format_xml_tree.h"
#include "shikaku/codes.h"

#define SCHEMA_INSTANCE "http://www.w3.org/2001/XMLSchema-instance"

struct writer {
    const struct format_style *style;
    const struct xml_tree *tree;
    struct bytes *out;
    int32_t rc;
};

static void put_n(struct writer *w, const char *p, size_t n) {
    if (w->rc == SHK_OK) {
        w->rc = bytes_append(w->out, p, n);
    }
}

static void put(struct writer *w, const char *text) {
    put_n(w, text, strlen(text));
}

static void new_line(struct writer *w, size_t depth) {
    static const char spaces[] = "                                ";
    put(w, w->style->newline);
    for (size_t left = depth * (size_t)w->style->indent, run; left > 0; left -= run) {
        run = left < sizeof spaces - 1 ? left : sizeof spaces - 1;
        put_n(w, spaces, run);
    }
}

/* Line ends inside a value would be changed by a parser, so they are written as references. */
static const char *reference(char c) {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '\r':
        return "&#13;";
    case '"':
        return "&quot;";
    case '\n':
        return "&#10;";
    default:
        return "&#9;";
    }
}

static void put_escaped(struct writer *w, const char *text, bool attribute) {
    const char *p = text;
    for (;;) {
        size_t run = strcspn(p, attribute ? "&<>\r\"\n\t" : "&<>\r");
        put_n(w, p, run);
        p += run;
        if (*p == '\0') {
            return;
        }
        put(w, reference(*p++));
    }
}

static void put_attribute(struct writer *w, const char *name, size_t name_n, const char *value) {
    put(w, " ");
    put_n(w, name, name_n);
    put(w, "=\"");
    put_escaped(w, value, true);
    put(w, "\"");
}

/* An attribute that the script itself gives to this element comes first. */
static void put_usual(struct writer *w, const struct xml_node *element, const char *name,
                      const char *value) {
    if (name != NULL && xml_tree_attribute(w->tree, element, name) == NULL) {
        put_attribute(w, name, strlen(name), value);
    }
}

static void put_own(struct writer *w, const struct xml_node *element) {
    for (size_t i = element->first; i != 0; i = w->tree->at[i].next) {
        const struct xml_node *node = &w->tree->at[i];
        if (node->place == XML_ATTRIBUTE) {
            put_attribute(w, node->name, node->name_n, node->value);
        }
    }
}

static void put_attributes(struct writer *w, const struct xml_node *element) {
    const struct format_style *style = w->style;
    if (element == w->tree->at) {
        if (w->tree->nil) {
            put_usual(w, element, "xmlns:xsi", SCHEMA_INSTANCE);
        }
    } else if (element->has_elements) {
        put_usual(w, element, style->group_name, style->group_value);
    } else {
        put_usual(w, element, style->leaf_name, style->leaf_value);
    }
    put_own(w, element);
    if (element->nil) {
        put_usual(w, element, "xsi:nil", "true");
    }
}

static bool has_content(const struct writer *w, const struct xml_node *element) {
    for (size_t i = element->first; i != 0; i = w->tree->at[i].next) {
        const struct xml_node *node = &w->tree->at[i];
        if (node->place == XML_ELEMENT || (node->place == XML_TEXT && node->value[0] != '\0')) {
            return true;
        }
    }
    return false;
}

static void put_element(struct writer *w, const struct xml_node *element, size_t depth, bool flat);

/* Between text and elements a line break would be text, and so it would deeper inside. */
static void put_content(struct writer *w, const struct xml_node *element, size_t depth, bool flat) {
    flat = flat || element->has_text;
    for (size_t i = element->first; i != 0; i = w->tree->at[i].next) {
        const struct xml_node *node = &w->tree->at[i];
        if (node->place == XML_TEXT) {
            put_escaped(w, node->value, false);
        } else if (node->place == XML_ELEMENT) {
            put_element(w, node, depth + 1, flat);
        }
    }
    if (!flat) {
        new_line(w, depth);
    }
}

static void put_element(struct writer *w, const struct xml_node *element, size_t depth, bool flat) {
    if (!flat && depth > 0) {
        new_line(w, depth);
    }
    put(w, "<");
    put_n(w, element->name, element->name_n);
    put_attributes(w, element);
    if (!has_content(w, element)) {
        put(w, "/>");
        return;
    }
    put(w, ">");
    put_content(w, element, depth, flat);
    put(w, "</");
    put_n(w, element->name, element->name_n);
    put(w, ">");
}

static void put_declaration(struct writer *w) {
    const struct format_style *style = w->style;
    if (style->declaration == DECLARATION_NO) {
        return;
    }
    put(w, "<?xml version=\"1.0\" encoding=\"");
    put(w, style->encoding_name);
    put(w, style->declaration == DECLARATION_STANDALONE ? "\" standalone=\"yes\"?>" : "\"?>");
    if (style->indent >= 0) {
        put(w, style->newline);
    }
}

int32_t xml_document(const struct format_style *style, const struct format_cell *cells, size_t n,
                     struct bytes *out) {
    struct xml_tree tree;
    int32_t rc = xml_tree_build(cells, n, &tree);
    if (rc != SHK_OK) {
        return rc;
    }
    struct writer w = {.style = style, .tree = &tree, .out = out};
    tree.at[0].name = style->root;
    tree.at[0].name_n = strlen(style->root);
    put_declaration(&w);
    put_element(&w, tree.at, 0, style->indent < 0);
    put(&w, style->newline);
    xml_tree_clear(&tree);
    return w.rc;
}
