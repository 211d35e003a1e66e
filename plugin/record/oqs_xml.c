#include "oqs.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>

#include "outcome.h"

/* A stream of elements, not a tree: nothing is held that the record does not need. */

#define PATH_ROOM   512
#define GROUPS_ROOM 32

struct frame {
    enum oqs_kind kind;
    const struct field *field;
    size_t path_n; /* of the path up to here */
    size_t entry;
    int32_t line;
    const char *problem; /* "=duplicate" of an element that is kept as drift */
};

/* Elements that were here already, to tell duplicates. */
struct seen {
    bool fields[FIELD_MAX];
    const char *groups[GROUPS_ROOM];
    size_t group_lens[GROUPS_ROOM];
};

struct copy {
    void *p;
    size_t n;
};

struct reader {
    xmlParserCtxtPtr parser;
    struct record_set *set;
    struct fault *why;
    int32_t rc;
    int32_t foreign_line; /* of a root that is not ours; told when the document is whole */
    struct frame frames[OQS_DEPTH_MAX];
    size_t depth;
    size_t result_n; /* length of the path of the result we are in, with its slash; 0 outside */
    char path[PATH_ROOM];
    struct seen common, own;
    struct bytes text; /* of the field */
    struct bytes raw;  /* of the unknown element */
    struct copy copy;  /* of the input, in the library's memory */
};

static int32_t line_of(const struct reader *r) {
    return (int32_t)xmlSAX2GetLineNumber(r->parser);
}

static void fail(struct reader *r, int32_t code, int32_t line, const char *where) {
    if (r->rc == SHK_OK) {
        r->rc = fault_set(r->why, code, SHK_NATIVE_XML_LINE, line, where);
    }
}

static void check(struct reader *r, int32_t rc, const char *where) {
    if (rc != SHK_OK) {
        fail(r, rc, line_of(r), where);
    }
}

static struct frame *top(struct reader *r) {
    return &r->frames[r->depth - 1];
}

/* The last name of the path, for a fault. */
static const char *leaf(const struct reader *r) {
    const char *slash = strrchr(r->path, '/');
    return slash != NULL ? slash + 1 : r->path;
}

static void drift(struct reader *r, const char *reason, const char *raw, size_t n) {
    char path[PATH_ROOM + 64];
    text_format(path, sizeof path, "%s%s", r->path, reason);
    check(r, record_drift(r->set, path, raw, n), "too many unknown elements");
}

static void set_path(struct reader *r, size_t parent_n, const char *name) {
    r->path[parent_n] = '\0';
    text_format(r->path + parent_n, sizeof r->path - parent_n, "%s%s", parent_n > 0 ? "/" : "",
                name);
}

static bool was_seen(struct seen *seen, const struct oqs_place *place, size_t n) {
    if (place->kind == OQS_FIELD) {
        bool *flag = &seen->fields[field_index(place->field)];
        bool before = *flag;
        *flag = true;
        return before;
    }
    size_t i = 0;
    while (i < GROUPS_ROOM - 1 && seen->groups[i] != NULL) {
        if (seen->groups[i] == place->element && seen->group_lens[i] == n) {
            return true;
        }
        i++;
    }
    seen->groups[i] = place->element;
    seen->group_lens[i] = n;
    return false;
}

static void open_entry(struct reader *r, struct frame *frame) {
    check(r, record_add_entry(r->set, frame->field, &frame->entry), leaf(r));
    for (size_t i = 0; i < field_count(); i++) {
        if (field_list_of(field_at(i)) == frame->field) {
            r->own.fields[i] = false;
        }
    }
}

static void open_result(struct reader *r, const struct frame *frame) {
    r->own = (struct seen){0};
    r->result_n = frame->path_n + 1;
    check(r, record_add(r->set), leaf(r));
}

/* Finds out what the element at r->path is. */
static void place_element(struct reader *r, struct frame *frame) {
    bool in_result = r->result_n > 0;
    size_t n = frame->path_n - r->result_n;
    struct oqs_place place = oqs_find(r->path + r->result_n, n, in_result);
    frame->kind = place.kind;
    frame->field = place.field;
    bool single = place.kind == OQS_FIELD || place.kind == OQS_GROUP;
    if (single && was_seen(in_result ? &r->own : &r->common, &place, n)) {
        frame->kind = OQS_UNKNOWN;
        frame->problem = "=duplicate";
    } else if (place.kind == OQS_ENTRY) {
        open_entry(r, frame);
    } else if (place.kind == OQS_RESULT) {
        open_result(r, frame);
    }
}

static void open_root(struct reader *r, const char *name) {
    if (!text_equal(name, "XmlMsg")) {
        r->foreign_line = line_of(r);
        return;
    }
    r->frames[0] = (struct frame){.kind = OQS_GROUP};
    r->depth = 1;
}

static void append_raw(struct reader *r, const char *before, const char *name) {
    int32_t rc = bytes_append_text(&r->raw, before);
    rc = rc == SHK_OK ? bytes_append_text(&r->raw, name) : rc;
    rc = rc == SHK_OK ? bytes_append_byte(&r->raw, '>') : rc;
    check(r, rc, NULL);
}

/* Inside an unknown element names are part of its raw text. */
static void open_inside_unknown(struct reader *r, const char *name) {
    r->frames[r->depth] = *top(r);
    r->depth++;
    append_raw(r, "<", name);
}

static void open_element(struct reader *r, const char *name) {
    struct frame *parent = top(r), *frame = &r->frames[r->depth];
    *frame = (struct frame){.line = line_of(r), .entry = parent->entry};
    set_path(r, parent->path_n, name);
    frame->path_n = strlen(r->path);
    r->depth++;
    place_element(r, frame);
    bytes_clear(frame->kind == OQS_UNKNOWN ? &r->raw : &r->text);
}

/* libxml2 gives five pointers an attribute; the value is not terminated. */
static void report_attributes(struct reader *r, int n, const xmlChar **attributes) {
    for (int i = 0; r->rc == SHK_OK && i < n; i++) {
        const xmlChar **one = attributes + (ptrdiff_t)5 * i;
        char reason[64];
        text_format(reason, sizeof reason, "@%.40s=attribute", (const char *)one[0]);
        drift(r, reason, (const char *)one[3], (size_t)(one[4] - one[3]));
    }
}

static void on_start(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespaces_n, const xmlChar **namespaces, int attributes_n,
                     int defaulted_n, const xmlChar **attributes) {
    struct reader *r = self;
    (void)prefix;
    (void)uri;
    (void)namespaces_n;
    (void)namespaces;
    (void)defaulted_n;
    if (r->rc != SHK_OK || r->foreign_line > 0) {
        return;
    }
    if (r->depth == OQS_DEPTH_MAX) {
        fail(r, SHK_E_XML, line_of(r), "depth");
    } else if (r->depth == 0) {
        open_root(r, (const char *)name);
    } else if (top(r)->kind == OQS_UNKNOWN) {
        open_inside_unknown(r, (const char *)name);
    } else {
        open_element(r, (const char *)name);
    }
    if (r->depth > 0) {
        report_attributes(r, attributes_n, attributes);
    }
}

static bool is_common_field(const struct reader *r) {
    return r->result_n == 0;
}

static void close_field(struct reader *r, const struct frame *frame) {
    bool unknown_code = false, in_list = field_list_of(frame->field) != NULL;
    struct field_ref ref = {.field = frame->field, .entry = in_list ? frame->entry : 0};
    int32_t rc = record_put(r->set, is_common_field(r), &ref, bytes_text(&r->text), r->text.n,
                            &unknown_code);
    if (rc != SHK_OK) {
        fail(r, rc, frame->line, leaf(r));
    } else if (unknown_code) {
        drift(r, "=unknown code", bytes_text(&r->text), r->text.n);
    }
    bytes_clear(&r->text);
}

static void close_unknown(struct reader *r, const struct frame *frame, const char *name) {
    if (r->depth > 1 && r->frames[r->depth - 2].kind == OQS_UNKNOWN) {
        append_raw(r, "</", name);
        return;
    }
    drift(r, frame->problem != NULL ? frame->problem : "", bytes_text(&r->raw), r->raw.n);
    bytes_clear(&r->raw);
}

static void on_end(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    struct reader *r = self;
    (void)prefix;
    (void)uri;
    if (r->rc != SHK_OK || r->depth == 0) {
        return;
    }
    const struct frame *frame = top(r);
    r->path[frame->path_n] = '\0';
    if (frame->kind == OQS_FIELD) {
        close_field(r, frame);
    } else if (frame->kind == OQS_UNKNOWN) {
        close_unknown(r, frame, (const char *)name);
    } else if (frame->kind == OQS_RESULT) {
        r->result_n = 0;
    }
    r->depth--;
    r->path[r->depth > 0 ? top(r)->path_n : 0] = '\0';
}

static bool is_blank(const char *p, size_t n) {
    size_t i = 0;
    while (i < n && char_is_space(p[i])) {
        i++;
    }
    return i == n;
}

static void on_text(void *self, const xmlChar *text, int len) {
    struct reader *r = self;
    if (r->rc != SHK_OK || r->depth == 0) {
        return;
    }
    const char *p = (const char *)text;
    size_t n = len > 0 ? (size_t)len : 0;
    if (top(r)->kind == OQS_FIELD) {
        check(r, bytes_append(&r->text, p, n), NULL);
    } else if (top(r)->kind == OQS_UNKNOWN) {
        check(r, bytes_append(&r->raw, p, n), NULL);
    } else if (!is_blank(p, n)) {
        drift(r, "=text", p, n);
    }
}

/* The library copies the input; its copy is wiped before it is freed. It stays where it is, for
 * there is never more to read. */
static struct copy copy_of(const struct reader *r) {
    xmlParserInputPtr input = r->parser->input;
    xmlBufPtr buffer = input != NULL && input->buf != NULL ? input->buf->buffer : NULL;
    return buffer != NULL ? (struct copy){xmlBufContent(buffer), xmlBufUse(buffer)}
                          : (struct copy){0};
}

static void wipe_copy(const struct reader *r) {
    if (copy_of(r).p == r->copy.p) {
        memory_wipe(r->copy.p, r->copy.n);
    }
}

/* Called before the parser looks into the declaration, and the only case that ends it at once: an
 * entity must not be declared. Other faults let it run out, with nothing listened to. */
static void on_doctype(void *self, const xmlChar *name, const xmlChar *public_id,
                       const xmlChar *system_id) {
    struct reader *r = self;
    (void)name;
    (void)public_id;
    (void)system_id;
    fail(r, SHK_E_XML, line_of(r), "DOCTYPE");
    wipe_copy(r);
    xmlStopParser(r->parser);
}

static void on_error(void *self, xmlErrorPtr error) {
    struct reader *r = self;
    if (error->level == XML_ERR_FATAL) {
        fail(r, error->code == XML_ERR_NO_MEMORY ? SHK_E_MEMORY : SHK_E_XML, error->line, NULL);
    }
}

static void set_handlers(struct reader *r) {
    xmlSAXHandler *sax = r->parser->sax;
    memset(sax, 0, sizeof *sax);
    sax->initialized = XML_SAX2_MAGIC;
    sax->startElementNs = on_start;
    sax->endElementNs = on_end;
    sax->characters = on_text;
    sax->internalSubset = on_doctype;
    /* The pointer to the error is const in later versions of the library. */
    sax->serror = (xmlStructuredErrorFunc)on_error;
    r->parser->userData = r;
}

static int32_t parse(struct reader *r, const struct bytes *utf8) {
    r->parser = xmlCreateMemoryParserCtxt((const char *)utf8->p, (int)utf8->n);
    if (r->parser == NULL) {
        return fault_raise(r->why, SHK_E_MEMORY);
    }
    /* The defaults of a new context are the process's globals, which the host may have changed. */
    xmlCtxtUseOptions(r->parser, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
    set_handlers(r);
    r->copy = copy_of(r);
    xmlParseDocument(r->parser);
    if (r->parser->wellFormed == 0) {
        fail(r, SHK_E_XML, line_of(r), NULL);
    } else if (r->foreign_line > 0) {
        fail(r, SHK_E_XML_FOREIGN, r->foreign_line, "root element");
    }
    wipe_copy(r);
    xmlFreeDoc(r->parser->myDoc);
    r->parser->myDoc = NULL;
    xmlFreeParserCtxt(r->parser);
    return r->rc;
}

static int32_t read_elements(const struct bytes *utf8, struct record_set *set, struct fault *why) {
    struct reader r = {.set = set, .why = why};
    int32_t rc = parse(&r, utf8);
    bytes_clear(&r.text);
    bytes_clear(&r.raw);
    if (rc == SHK_OK) {
        rc = record_finish(set);
        rc = rc == SHK_OK ? rc : fault_raise(why, rc);
    }
    return rc;
}

/* Some texts are good in both encodings and say something else in each: who contradicts himself is not
 * read. */
static int32_t compare_encoding(const struct record_set *set, bool was_cp932, struct fault *why) {
    return record_says(set, 1, "character_code", was_cp932 ? "0" : "1")
               ? fault_set(why, SHK_E_XML_ENCODING, SHK_NATIVE_NONE, 0, "CharacterCodeIdentifier")
               : SHK_OK;
}

static int32_t read_document(const uint8_t *p, size_t n, struct record_set *set,
                             struct fault *why) {
    struct bytes utf8 = {0};
    bool was_cp932 = false;
    int32_t rc = oqs_decode(p, n, &utf8, &was_cp932, why);
    if (rc == SHK_OK) {
        rc = read_elements(&utf8, set, why);
    }
    if (rc == SHK_OK && !outcome_one_person(set)) {
        rc = fault_set(why, SHK_E_VALUE, SHK_NATIVE_NONE, 0, "Birthdate");
    }
    if (rc == SHK_OK) {
        rc = compare_encoding(set, was_cp932, why);
    }
    bytes_clear(&utf8);
    return rc;
}

static bool keeps_set(int32_t rc) {
    return rc == SHK_OK || rc == SHK_E_ANSWER_REFUSED || rc == SHK_E_ANSWER_PENDING ||
           rc == SHK_E_ANSWER_ERROR;
}

int32_t oqs_read(const uint8_t *p, size_t n, struct record_set **out, struct fault *why) {
    *out = NULL;
    if (n == 0 || n > OQS_SIZE_MAX) {
        return fault_raise(why, n == 0 ? SHK_E_XML : SHK_E_ANSWER_TOO_LARGE);
    }
    struct record_set *set = record_set_new();
    if (set == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    int32_t rc = read_document(p, n, set, why);
    if (rc == SHK_OK) {
        rc = outcome_fault(set);
        rc = rc == SHK_OK ? rc : fault_raise(why, rc);
    }
    if (keeps_set(rc)) {
        *out = set;
    } else {
        record_free(&set);
    }
    return rc;
}
