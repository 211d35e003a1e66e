#include "orca_rows.h"

#include <libxml/tree.h>
#include <string.h>

static const xmlNode *inside(const orca_node *node) {
    return (const xmlNode *)(const void *)node;
}

static bool is_text(const xmlNode *node) {
    return node->type == XML_TEXT_NODE && !xmlIsBlankNode(node);
}

static bool has_text(const xmlNode *node) {
    bool has = false;
    for (const xmlNode *at = node->children; at != NULL && !has; at = at->next) {
        has = is_text(at) || (at->type == XML_ELEMENT_NODE && has_text(at));
    }
    return has;
}

static bool same_names(const orca_node *a, const orca_node *b) {
    return strcmp((const char *)inside(a)->name, (const char *)inside(b)->name) == 0;
}

static void texts_must_agree(const orca_node *had, const orca_node *sent) {
    char a[4096], b[4096];
    if (orca_first(had) == NULL && orca_value(had, "", a, sizeof a)) {
        fuzz_must(orca_value(sent, "", b, sizeof b) && strcmp(a, b) == 0, "a text was changed");
    }
}

void rows_must_stay(const orca_node *had, const orca_node *sent) {
    texts_must_agree(had, sent);
    const orca_node *next = orca_first(sent);
    for (const orca_node *at = orca_first(had); at != NULL; at = orca_next(at)) {
        if (has_text(inside(at))) {
            fuzz_must(next != NULL && same_names(at, next), "an element was dropped");
            rows_must_stay(at, next);
            next = orca_next(next);
        }
    }
}

void rows_must_stay_at(const orca_node *had, const orca_node *sent, const char *path) {
    const orca_node *a = orca_find(had, path), *b = orca_find(sent, path);
    if (a != NULL && has_text(inside(a))) {
        fuzz_must(b != NULL, "an element was dropped whole");
        rows_must_stay(a, b);
    }
}

size_t rows_count(const orca_node *node) {
    static const char *const lists[] = {"HealthInsurance_Information/HealthInsurance_Info",
                                        "PublicInsurance_Information/PublicInsurance_Info"};
    size_t n = 0;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        const orca_node *at = orca_first(orca_find(node, lists[i]));
        for (; at != NULL; at = orca_next(at)) {
            n += has_text(inside(at));
        }
    }
    return n;
}
