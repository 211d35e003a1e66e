#include "oqs_sax.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "thread.h"

/* The library's input buffer starts with 8 KiB; pieces of this size never make it move, so that what
 * passed through it can be wiped. */
#define PIECE       ((size_t)1024)
#define BUFFER_FILL ((size_t)8000)
/* Longer than any tag, and less than a comment that hides a flood. */
#define UNREAD_MAX ((size_t)1024 * 1024)

struct oqs_sax {
    xmlParserCtxtPtr parser;
    const struct oqs_events *events;
    void *self;
    struct fault fault;
    struct bytes name; /* with its prefix */
};

static int32_t line_of(const struct oqs_sax *sax) {
    return (int32_t)xmlSAX2GetLineNumber(sax->parser);
}

static void fail(struct oqs_sax *sax, int32_t code, int32_t line, const char *where) {
    fault_set(&sax->fault, code, SHK_NATIVE_XML_LINE, line, where);
}

static bool is_over(const struct oqs_sax *sax) {
    return sax->fault.code != SHK_OK;
}

/* The name as the listener wants it; the prefix may be null. */
static const char *name_of(struct oqs_sax *sax, const xmlChar *prefix, const xmlChar *name) {
    if (prefix == NULL || !sax->events->as_written) {
        return (const char *)name;
    }
    sax->name.n = 0;
    int32_t rc = bytes_append_text(&sax->name, (const char *)prefix);
    rc = rc == SHK_OK ? bytes_append_byte(&sax->name, ':') : rc;
    rc = rc == SHK_OK ? bytes_append_text(&sax->name, (const char *)name) : rc;
    if (rc != SHK_OK) {
        fail(sax, rc, 0, NULL);
    }
    return bytes_text(&sax->name);
}

/* Pairs of prefix (null for the usual one) and address. */
static void tell_namespaces(struct oqs_sax *sax, int n, const xmlChar **namespaces) {
    static const xmlChar word[] = "xmlns";
    for (int i = 0; i < n && sax->events->as_written; i++) {
        const xmlChar **one = namespaces + (ptrdiff_t)2 * i;
        const char *address = one[1] != NULL ? (const char *)one[1] : "";
        const char *name = one[0] != NULL ? name_of(sax, word, one[0]) : name_of(sax, NULL, word);
        sax->events->attribute(sax->self, name, address, strlen(address), line_of(sax));
    }
}

/* libxml2 gives five pointers an attribute; the value is not terminated. */
static void tell_attributes(struct oqs_sax *sax, int n, const xmlChar **attributes) {
    for (int i = 0; i < n; i++) {
        const xmlChar **one = attributes + (ptrdiff_t)5 * i;
        sax->events->attribute(sax->self, name_of(sax, one[1], one[0]), (const char *)one[3],
                               (size_t)(one[4] - one[3]), line_of(sax));
    }
}

static void on_start(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespaces_n, const xmlChar **namespaces, int attributes_n,
                     int defaulted_n, const xmlChar **attributes) {
    struct oqs_sax *sax = self;
    (void)uri;
    (void)defaulted_n;
    if (!is_over(sax)) {
        sax->events->start(sax->self, name_of(sax, prefix, name), line_of(sax));
        tell_namespaces(sax, namespaces_n, namespaces);
        tell_attributes(sax, attributes_n, attributes);
    }
}

static void on_end(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    struct oqs_sax *sax = self;
    (void)uri;
    if (!is_over(sax)) {
        sax->events->end(sax->self, name_of(sax, prefix, name), line_of(sax));
    }
}

static void on_text(void *self, const xmlChar *text, int n) {
    struct oqs_sax *sax = self;
    if (!is_over(sax) && n > 0) {
        sax->events->text(sax->self, (const char *)text, (size_t)n, line_of(sax));
    }
}

static void wipe_buffer(const struct oqs_sax *sax) {
    xmlParserInputPtr input = sax->parser->input;
    xmlBufPtr buffer = input != NULL && input->buf != NULL ? input->buf->buffer : NULL;
    if (buffer != NULL) {
        memory_wipe(xmlBufContent(buffer), xmlBufUse(buffer));
    }
}

/* Called before the parser looks into the declaration: an entity must not be declared. */
static void on_doctype(void *self, const xmlChar *name, const xmlChar *public_id,
                       const xmlChar *system_id) {
    struct oqs_sax *sax = self;
    (void)name;
    (void)public_id;
    (void)system_id;
    fail(sax, SHK_E_XML, line_of(sax), "DOCTYPE");
    wipe_buffer(sax); /* which is freed now */
    xmlStopParser(sax->parser);
}

static void on_error(void *self, xmlErrorPtr error) {
    struct oqs_sax *sax = self;
    if (error->level == XML_ERR_FATAL) {
        fail(sax, error->code == XML_ERR_NO_MEMORY ? SHK_E_MEMORY : SHK_E_XML, error->line, NULL);
    }
}

static void set_handlers(struct oqs_sax *sax) {
    xmlSAXHandler *to = sax->parser->sax;
    memset(to, 0, sizeof *to);
    to->initialized = XML_SAX2_MAGIC;
    to->startElementNs = on_start;
    to->endElementNs = on_end;
    to->characters = on_text;
    to->internalSubset = on_doctype;
    /* The pointer to the error is const in later versions of the library. */
    to->serror = (xmlStructuredErrorFunc)on_error;
    sax->parser->userData = sax;
}

void oqs_sax_prepare(void) {
    run_once(xmlInitParser);
}

int32_t oqs_sax_new(const struct oqs_events *events, void *self, struct oqs_sax **out) {
    struct oqs_sax *sax = calloc(1, sizeof *sax);
    *out = sax;
    if (sax == NULL) {
        return SHK_E_MEMORY;
    }
    sax->events = events;
    sax->self = self;
    oqs_sax_prepare();
    sax->parser = xmlCreatePushParserCtxt(NULL, NULL, NULL, 0, NULL);
    if (sax->parser == NULL) {
        oqs_sax_free(out);
        return SHK_E_MEMORY;
    }
    /* The defaults of a new context are the process's globals, which the host may have changed. */
    xmlCtxtUseOptions(sax->parser, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
    set_handlers(sax);
    return SHK_OK;
}

static size_t unread(const struct oqs_sax *sax) {
    xmlParserInputPtr input = sax->parser->input;
    return input != NULL && input->end >= input->cur ? (size_t)(input->end - input->cur) : 0;
}

static int32_t told(const struct oqs_sax *sax, struct fault *why) {
    const struct fault *fault = &sax->fault;
    return is_over(sax)
               ? fault_set(why, fault->code, fault->native_kind, fault->native, fault->where)
               : SHK_OK;
}

static void parse(struct oqs_sax *sax, const char *p, size_t n, int last) {
    xmlParseChunk(sax->parser, p, (int)n, last);
    if (sax->parser->wellFormed == 0) {
        fail(sax, SHK_E_XML, line_of(sax), NULL);
    } else if (unread(sax) > UNREAD_MAX) {
        fail(sax, SHK_E_XML, line_of(sax), "length");
    }
}

int32_t oqs_sax_push(struct oqs_sax *sax, const char *p, size_t n, struct fault *why) {
    while (n > 0 && !is_over(sax)) {
        size_t piece = utf8_cut(p, n, PIECE);
        parse(sax, p, piece, 0);
        p += piece;
        n -= piece;
    }
    return told(sax, why);
}

int32_t oqs_sax_end(struct oqs_sax *sax, struct fault *why) {
    if (!is_over(sax)) {
        parse(sax, NULL, 0, 1);
    }
    return told(sax, why);
}

/* What was read already lies behind the buffer's end: blanks are put over it. */
static void fill_buffer(const struct oqs_sax *sax) {
    static const char blanks[PIECE] = {0};
    xmlParserInputBufferPtr input = sax->parser->input != NULL ? sax->parser->input->buf : NULL;
    size_t used = input != NULL ? xmlBufUse(input->buffer) : BUFFER_FILL;
    while (used < BUFFER_FILL) {
        size_t n = BUFFER_FILL - used < sizeof blanks ? BUFFER_FILL - used : sizeof blanks;
        if (xmlParserInputBufferPush(input, (int)n, blanks) < 0) {
            return;
        }
        used += n;
    }
}

static void free_parser(struct oqs_sax *sax) {
    fill_buffer(sax);
    wipe_buffer(sax);
    xmlFreeDoc(sax->parser->myDoc);
    sax->parser->myDoc = NULL;
    xmlFreeParserCtxt(sax->parser);
}

void oqs_sax_free(struct oqs_sax **sax) {
    struct oqs_sax *old = *sax;
    *sax = NULL;
    if (old != NULL && old->parser != NULL) {
        free_parser(old);
    }
    if (old != NULL) {
        bytes_clear(&old->name);
    }
    free(old);
}
