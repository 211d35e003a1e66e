#include "orca_xml.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdlib.h>
#include <string.h>

#include "orca_text.h"
#include "shikaku/codes.h"

#define DEPTH_MAX 12

struct orca_xml {
    xmlDoc *doc;
};

static const xmlNode *inside(const orca_node *node) {
    return (const xmlNode *)(const void *)node;
}

static const orca_node *outside(const xmlNode *node) {
    return (const orca_node *)(const void *)node;
}

static int holds(const uint8_t *p, uint32_t n, const char *word) {
    size_t length = strlen(word);
    for (size_t i = 0; i + length <= n; i++) {
        if (memcmp(p + i, word, length) == 0) {
            return 1;
        }
    }
    return 0;
}

/* libxml2 goes on without the name, attribute or text that it had no memory for; the document then lacks it. */
static int ran_short(const xmlParserCtxt *parser) {
    const xmlError *last = xmlGetLastError();
    return parser->errNo == XML_ERR_NO_MEMORY || (last != NULL && last->code == XML_ERR_NO_MEMORY);
}

/* Without it libxml2 prints what it has no memory for, with the patient's values, and from memory that it gave back. */
static void say_nothing(void *self, xmlErrorPtr error) {
    (void)self, (void)error;
}

/* Names come from a dictionary only when XML_PARSE_NODICT is not set: every text may be wiped. */
static int32_t parse_quietly(const uint8_t *p, uint32_t n, xmlDoc **out) {
    const int how = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA |
                    XML_PARSE_NODICT;
    xmlResetLastError();
    xmlParserCtxt *parser = xmlNewParserCtxt();
    if (parser == NULL) {
        return SHK_E_MEMORY;
    }
    *out = xmlCtxtReadMemory(parser, (const char *)p, (int)n, NULL, NULL, how);
    int32_t rc = ran_short(parser) ? SHK_E_MEMORY : SHK_OK;
    xmlFreeParserCtxt(parser);
    return rc;
}

/* The place for errors is the thread's own. */
static int32_t parse(const uint8_t *p, uint32_t n, xmlDoc **out) {
    xmlStructuredErrorFunc before = xmlStructuredError;
    void *self = xmlStructuredErrorContext;
    xmlSetStructuredErrorFunc(NULL, (xmlStructuredErrorFunc)say_nothing);
    int32_t rc = parse_quietly(p, n, out);
    xmlSetStructuredErrorFunc(self, before);
    return rc;
}

static void wipe_texts(xmlNode *node) {
    while (node != NULL) {
        if (node->type == XML_TEXT_NODE && node->content != NULL) {
            orca_wipe(node->content, strlen((const char *)node->content));
        }
        xmlNode *after = node->type == XML_ELEMENT_NODE ? node->children : NULL;
        while (after == NULL && node != NULL) {
            after = node->next;
            node = after == NULL ? node->parent : node;
            if (node != NULL && node->type == XML_DOCUMENT_NODE) {
                return;
            }
        }
        node = after;
    }
}

int32_t orca_xml_read(const uint8_t *p, uint32_t n, struct orca_xml **out) {
    *out = NULL;
    if (p == NULL || n == 0 || n > ORCA_ANSWER_MAX || holds(p, n, "<!DOCTYPE") ||
        holds(p, n, "<!ENTITY")) {
        return SHK_E_HOST_ANSWER;
    }
    struct orca_xml *xml = calloc(1, sizeof *xml);
    if (xml == NULL) {
        return SHK_E_MEMORY;
    }
    int32_t rc = parse(p, n, &xml->doc);
    if (rc == SHK_OK && (xml->doc == NULL || xml->doc->intSubset != NULL ||
                         xmlDocGetRootElement(xml->doc) == NULL)) {
        rc = SHK_E_HOST_ANSWER;
    }
    if (rc != SHK_OK) {
        orca_xml_free(&xml);
        return rc;
    }
    *out = xml;
    return SHK_OK;
}

void orca_xml_free(struct orca_xml **xml) {
    if (*xml != NULL) {
        if ((*xml)->doc != NULL) {
            wipe_texts(xmlDocGetRootElement((*xml)->doc));
            xmlFreeDoc((*xml)->doc);
        }
        free(*xml);
        *xml = NULL;
    }
}

const orca_node *orca_xml_root(const struct orca_xml *xml) {
    return outside(xmlDocGetRootElement(xml->doc));
}

static const xmlNode *element_from(const xmlNode *node) {
    while (node != NULL && node->type != XML_ELEMENT_NODE) {
        node = node->next;
    }
    return node;
}

const orca_node *orca_first(const orca_node *node) {
    return node == NULL ? NULL : outside(element_from(inside(node)->children));
}

const orca_node *orca_next(const orca_node *node) {
    return node == NULL ? NULL : outside(element_from(inside(node)->next));
}

static int is_named(const xmlNode *node, const char *name, size_t n) {
    return strlen((const char *)node->name) == n && memcmp(node->name, name, n) == 0;
}

int orca_is(const orca_node *node, const char *name) {
    return node != NULL && is_named(inside(node), name, strlen(name));
}

const orca_node *orca_find(const orca_node *node, const char *path) {
    while (node != NULL && path[0] != '\0') {
        size_t n = strcspn(path, "/");
        node = orca_first(node);
        while (node != NULL && !is_named(inside(node), path, n)) {
            node = orca_next(node);
        }
        path += path[n] == '/' ? n + 1 : n;
    }
    return node;
}

static int is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static int append(char *out, size_t cap, size_t *n, const xmlNode *text) {
    size_t more = text->content != NULL ? strlen((const char *)text->content) : 0;
    if (more >= cap - *n) {
        return 0;
    }
    if (more > 0) {
        memcpy(out + *n, text->content, more);
        *n += more;
    }
    return 1;
}

static void trim(char *out, size_t n) {
    size_t first = 0;
    while (n > 0 && is_blank(out[n - 1])) {
        n--;
    }
    while (first < n && is_blank(out[first])) {
        first++;
    }
    memmove(out, out + first, n - first);
    out[n - first] = '\0';
}

int orca_value(const orca_node *node, const char *path, char *out, size_t cap) {
    size_t n = 0;
    node = orca_find(node, path);
    out[0] = '\0';
    for (const xmlNode *at = node != NULL ? inside(node)->children : NULL; at != NULL;
         at = at->next) {
        if (at->type == XML_TEXT_NODE && !append(out, cap, &n, at)) {
            orca_wipe(out, n);
            return 0;
        }
    }
    trim(out, n);
    return 1;
}

void orca_out_clear(struct orca_out *out) {
    if (out->p != NULL) {
        orca_wipe(out->p, out->cap);
        free(out->p);
    }
    memset(out, 0, sizeof *out);
}

static int make_room(struct orca_out *out, size_t n) {
    if (out->failed || n >= ORCA_REQUEST_MAX - out->n) {
        out->failed = 1;
        return 0;
    }
    if (out->n + n < out->cap) {
        return 1;
    }
    size_t cap = (out->n + n + 1) * 2;
    char *p = malloc(cap);
    if (p == NULL) {
        out->failed = 1;
        return 0;
    }
    if (out->p != NULL) {
        memcpy(p, out->p, out->n);
        orca_wipe(out->p, out->cap);
        free(out->p);
    }
    out->p = p;
    out->cap = cap;
    return 1;
}

static void put(struct orca_out *out, const char *text, size_t n) {
    if (make_room(out, n)) {
        memcpy(out->p + out->n, text, n);
        out->n += n;
        out->p[out->n] = '\0';
    }
}

static void put_text(struct orca_out *out, const char *text) {
    put(out, text, strlen(text));
}

static void put_escaped(struct orca_out *out, const char *text) {
    while (text[0] != '\0') {
        size_t n = strcspn(text, "&<>\"");
        put(out, text, n);
        text += n;
        if (text[0] != '\0') {
            put_text(out, text[0] == '&'   ? "&amp;"
                          : text[0] == '<' ? "&lt;"
                          : text[0] == '>' ? "&gt;"
                                           : "&quot;");
            text++;
        }
    }
}

void orca_put_open(struct orca_out *out, const char *name, const char *type) {
    put_text(out, "<");
    put_text(out, name);
    if (type != NULL) {
        put_text(out, " type=\"");
        put_escaped(out, type);
        put_text(out, "\"");
    }
    put_text(out, ">");
}

void orca_put_close(struct orca_out *out, const char *name) {
    put_text(out, "</");
    put_text(out, name);
    put_text(out, ">");
}

void orca_put(struct orca_out *out, const char *name, const char *value) {
    if (value[0] != '\0') {
        orca_put_open(out, name, "string");
        put_escaped(out, value);
        orca_put_close(out, name);
    }
}

/* What lies too deep counts as text: it is refused then and not left out. */
static int has_text(const xmlNode *node, int depth) {
    if (depth >= DEPTH_MAX) {
        return node->children != NULL;
    }
    for (const xmlNode *at = node->children; at != NULL; at = at->next) {
        if (at->type == XML_TEXT_NODE && !xmlIsBlankNode(at)) {
            return 1;
        }
        if (at->type == XML_ELEMENT_NODE && has_text(at, depth + 1)) {
            return 1;
        }
    }
    return 0;
}

int orca_has_text(const orca_node *node) {
    return node != NULL && has_text(inside(node), 0);
}

static void put_attribute(struct orca_out *out, const xmlNode *node) {
    xmlChar *type = xmlGetNoNsProp((xmlNode *)node, (const xmlChar *)"type");
    out->failed =
        out->failed || (type == NULL && xmlHasNsProp(node, (const xmlChar *)"type", NULL) != NULL);
    orca_put_open(out, (const char *)node->name, (const char *)type);
    xmlFree(type);
}

static void put_node(struct orca_out *out, const xmlNode *node, int depth) {
    if (depth >= DEPTH_MAX) {
        out->failed = 1;
        return;
    }
    if (!has_text(node, depth)) {
        return;
    }
    put_attribute(out, node);
    int leaf = element_from(node->children) == NULL;
    for (const xmlNode *at = node->children; at != NULL; at = at->next) {
        if (at->type == XML_ELEMENT_NODE) {
            put_node(out, at, depth + 1);
        } else if (leaf && at->type == XML_TEXT_NODE) {
            put_escaped(out, (const char *)at->content);
        }
    }
    orca_put_close(out, (const char *)node->name);
}

void orca_put_copy(struct orca_out *out, const orca_node *node) {
    if (node != NULL) {
        put_node(out, inside(node), 0);
    }
}
