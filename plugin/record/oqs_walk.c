#include "oqs_walk.h"

#include <string.h>

#include "oqs_sax.h"

#define PATH_ROOM 512

struct walk {
    const struct oqs_walker *to;
    struct fault fault;
    char path[PATH_ROOM];
    size_t path_n[OQS_DEPTH_MAX];
    size_t depth; /* 1: in the root */
    bool is_leaf;
    struct bytes text;
};

static void fail(struct walk *w, int32_t code, int32_t line, const char *where) {
    fault_set(&w->fault, code, SHK_NATIVE_XML_LINE, line, where);
}

static void on_start(void *self, const char *name, int32_t line) {
    struct walk *w = self;
    if (w->fault.code != SHK_OK) {
        return;
    }
    if (w->depth == OQS_DEPTH_MAX) {
        fail(w, SHK_E_XML, line, "depth");
    } else if (w->depth == 0 && !text_equal(name, "XmlMsg")) {
        fail(w, SHK_E_XML_FOREIGN, line, "root element");
    } else {
        size_t from = w->depth > 0 ? w->path_n[w->depth - 1] : 0;
        const char *slash = from > 0 ? "/" : "";
        text_format(w->path + from, sizeof w->path - from, "%s%s", slash, w->depth > 0 ? name : "");
        w->path_n[w->depth++] = strlen(w->path);
        w->is_leaf = true;
        bytes_clear(&w->text);
        w->to->open(w->to->self, w->path);
    }
}

static void on_attribute(void *self, const char *name, const char *p, size_t n, int32_t line) {
    (void)self;
    (void)name;
    (void)p;
    (void)n;
    (void)line;
}

static void on_end(void *self, const char *name, int32_t line) {
    struct walk *w = self;
    (void)name;
    if (w->fault.code != SHK_OK || w->depth == 0) {
        return;
    }
    if (w->is_leaf) {
        w->to->leaf(w->to->self, w->path, bytes_text(&w->text), w->text.n);
    }
    if (!w->to->close(w->to->self, w->path)) {
        fail(w, SHK_E_MEMORY, line, NULL);
    }
    w->is_leaf = false;
    w->depth--;
    w->path[w->depth > 0 ? w->path_n[w->depth - 1] : 0] = '\0';
}

static void on_text(void *self, const char *p, size_t n, int32_t line) {
    struct walk *w = self;
    if (w->fault.code == SHK_OK && w->is_leaf && bytes_append(&w->text, p, n) != SHK_OK) {
        fail(w, SHK_E_MEMORY, line, NULL);
    }
}

static const struct oqs_events events = {
    .start = on_start, .attribute = on_attribute, .end = on_end, .text = on_text};

static int32_t parse(struct walk *w, const struct bytes *utf8, struct fault *why) {
    struct oqs_sax *sax = NULL;
    struct fault xml = {0};
    int32_t rc = oqs_sax_new(&events, w, &sax);
    rc = rc == SHK_OK ? oqs_sax_push(sax, bytes_text(utf8), utf8->n, &xml) : fault_raise(&xml, rc);
    rc = rc == SHK_OK ? oqs_sax_end(sax, &xml) : rc;
    oqs_sax_free(&sax);
    if (rc == SHK_OK && w->fault.code == SHK_OK) {
        return SHK_OK;
    }
    const struct fault *first = w->fault.code != SHK_OK ? &w->fault : &xml;
    return fault_set(why, first->code, first->native_kind, first->native, first->where);
}

int32_t oqs_walk(const uint8_t *p, size_t n, const struct oqs_walker *walker, struct fault *why) {
    struct walk w = {.to = walker};
    struct bytes utf8 = {0};
    bool was_cp932 = false;
    int32_t rc = oqs_decode(p, n, &utf8, &was_cp932, why);
    rc = rc == SHK_OK ? parse(&w, &utf8, why) : rc;
    bytes_clear(&w.text);
    memory_wipe(&w, sizeof w);
    bytes_clear(&utf8);
    return rc;
}
