#include "oqs_elements.h"

#include <string.h>

static bool is_over(const struct oqs_elements *e) {
    return e->fault.code != SHK_OK || e->foreign_line > 0;
}

/* One person's fault leaves the others of a long document readable. */
static bool stays_with_unit(const struct oqs_elements *e, int32_t code) {
    return e->hooks != NULL && (e->in_unit || e->result_n > 0) &&
           (code == SHK_E_VALUE || code == SHK_E_XML);
}

static void end_document(struct oqs_elements *e, int32_t code, int32_t line, const char *where) {
    fault_set(&e->fault, code, SHK_NATIVE_XML_LINE, line, where);
}

static void check(struct oqs_elements *e, int32_t rc, int32_t line, const char *where) {
    if (rc != SHK_OK) {
        struct fault *fault = stays_with_unit(e, rc) ? &e->unit_fault : &e->fault;
        fault_set(fault, rc, SHK_NATIVE_XML_LINE, line, where);
    }
}

/* A hook says what is wrong itself, or only that something is. */
static void check_hook(struct oqs_elements *e, int32_t rc) {
    if (rc != SHK_OK) {
        fault_raise(&e->fault, rc);
    }
}

static struct oqs_frame *top(struct oqs_elements *e) {
    return &e->frames[e->depth - 1];
}

/* The last name of the path, for a fault. */
static const char *leaf(const struct oqs_elements *e) {
    const char *slash = strrchr(e->path, '/');
    return slash != NULL ? slash + 1 : e->path;
}

static void drift(struct oqs_elements *e, int32_t line, const char *reason, const char *raw,
                  size_t n) {
    char path[OQS_PATH_ROOM + 64];
    text_format(path, sizeof path, "%s%s", e->path, reason);
    if (e->unit_fault.code == SHK_OK) {
        check(e, record_drift(e->set, line, path, raw, n), line, "too many unknown elements");
    }
}

/* Its length; what does not fit is cut. */
static size_t set_path(struct oqs_elements *e, size_t parent_n, const char *name) {
    size_t n = parent_n, most = sizeof e->path - 1;
    if (n > 0 && n < most) {
        e->path[n++] = '/';
    }
    size_t wanted = text_copy(e->path + n, sizeof e->path - n, name);
    return n + wanted <= most ? n + wanted : strlen(e->path);
}

static struct oqs_seen *seen_here(struct oqs_elements *e, const struct oqs_place *place) {
    bool in_entry = place->in_list && place->kind == OQS_FIELD;
    return in_entry ? &e->entry : e->result_n > 0 ? &e->result : e->in_unit ? &e->unit : &e->common;
}

/* Keeps the room for the next text. */
static void empty(struct bytes *text) {
    if (text->n > 0) {
        memory_wipe(text->p, text->n);
        text->n = 0;
    }
}

/* What a field said is looked at only where it was seen. */
static void forget(struct oqs_seen *seen) {
    memset(seen->at, 0, sizeof seen->at);
}

static void open_entry(struct oqs_elements *e, struct oqs_frame *frame) {
    forget(&e->entry);
    check(e, record_add_entry(e->set, frame->place->field, &frame->entry), frame->line, leaf(e));
}

static void open_result(struct oqs_elements *e, const struct oqs_frame *frame) {
    forget(&e->result);
    e->result_n = frame->path_n + 1;
    check(e, record_add(e->set), frame->line, leaf(e));
}

/* Below a unit everything is named as if it stood in MessageBody. */
static void open_unit(struct oqs_elements *e, struct oqs_frame *frame) {
    if (e->hooks == NULL) {
        end_document(e, SHK_E_XML_FOREIGN, frame->line, leaf(e));
        return;
    }
    forget(&e->unit);
    e->in_unit = true;
    frame->path_n = sizeof "MessageBody" - 1;
    e->path[frame->path_n] = '\0';
    check_hook(e, e->hooks->unit_start(e->hooks_self, &e->fault));
}

static bool belongs_here(const struct oqs_elements *e, const struct oqs_place *place) {
    bool of_unit = place->kind == OQS_UNIT || place->unit_only;
    return !of_unit || e->in_unit == place->unit_only;
}

/* Finds out what the element at e->path is. */
static void place_element(struct oqs_elements *e, struct oqs_frame *frame) {
    const struct oqs_place *place =
        oqs_find(e->index, e->path + e->result_n, frame->path_n - e->result_n, e->result_n > 0);
    bool *seen = &seen_here(e, place)->at[place->number];
    bool single = place->kind == OQS_FIELD || place->kind == OQS_GROUP;
    frame->named = place;
    frame->duplicate = single && *seen;
    if (frame->duplicate || !belongs_here(e, place)) {
        place = oqs_find(e->index, "", 0, false);
    }
    frame->place = place;
    *seen = *seen || single;
    if (place->kind == OQS_ENTRY) {
        open_entry(e, frame);
    } else if (place->kind == OQS_RESULT) {
        open_result(e, frame);
    } else if (place->kind == OQS_UNIT) {
        open_unit(e, frame);
    }
}

static void open_root(struct oqs_elements *e, const char *name, int32_t line) {
    static const struct oqs_place root = {.kind = OQS_GROUP, .path = ""};
    if (!text_equal(name, "XmlMsg")) {
        e->foreign_line = line;
        return;
    }
    e->frames[0] = (struct oqs_frame){.place = &root, .line = line};
    e->depth = 1;
}

static void append_raw(struct oqs_elements *e, const char *before, const char *name, int32_t line) {
    int32_t rc = bytes_append_text(&e->raw, before);
    rc = rc == SHK_OK ? bytes_append_text(&e->raw, name) : rc;
    rc = rc == SHK_OK ? bytes_append_byte(&e->raw, '>') : rc;
    check(e, rc, line, NULL);
}

/* Inside an unknown element names are part of its raw text. */
static void open_inside_unknown(struct oqs_elements *e, const char *name, int32_t line) {
    e->frames[e->depth] = *top(e);
    e->depth++;
    append_raw(e, "<", name, line);
}

static void open_element(struct oqs_elements *e, const char *name, int32_t line) {
    struct oqs_frame *parent = top(e), *frame = &e->frames[e->depth];
    *frame = (struct oqs_frame){.line = line, .entry = parent->entry};
    frame->path_n = set_path(e, parent->path_n, name);
    e->depth++;
    place_element(e, frame);
    empty(frame->place->kind == OQS_UNKNOWN ? &e->raw : &e->text);
}

static void on_start(void *self, const char *name, int32_t line) {
    struct oqs_elements *e = self;
    if (is_over(e)) {
        return;
    }
    if (e->depth == OQS_DEPTH_MAX) {
        end_document(e, SHK_E_XML, line, "depth");
    } else if (e->depth == 0) {
        open_root(e, name, line);
    } else if (top(e)->place->kind == OQS_UNKNOWN) {
        open_inside_unknown(e, name, line);
    } else {
        open_element(e, name, line);
    }
}

static void on_attribute(void *self, const char *name, const char *p, size_t n, int32_t line) {
    struct oqs_elements *e = self;
    char reason[64];
    if (!is_over(e) && e->depth > 0) {
        text_format(reason, sizeof reason, "@%.40s=attribute", name);
        drift(e, line, reason, p, n);
    }
}

static uint64_t hash_of(const struct bytes *text) {
    return bytes_hash(BYTES_HASH_BEGIN, bytes_text(text), text->n);
}

/* Parts of which a second one may be about somebody else. */
static bool is_one_of_a_kind(const struct oqs_place *place) {
    static const char *const paths[] = {"MessageHeader", "MessageBody",
                                        "MessageBody/QualificationConfirmSearchInfo"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (!place->in_result && text_equal_n(paths[i], place->path, place->path_n)) {
            return true;
        }
    }
    return false;
}

static uint64_t *said_here(struct oqs_elements *e, const struct oqs_place *place) {
    return &seen_here(e, place)->said[place->number];
}

/* A unit may name several 照会番号; nothing else has two values. */
static bool contradicts(struct oqs_elements *e, const struct oqs_place *place) {
    if (place->kind != OQS_FIELD) {
        return is_one_of_a_kind(place);
    }
    return *said_here(e, place) != hash_of(&e->raw) &&
           !text_equal(place->field->path, "reference_number");
}

static void put_value(struct oqs_elements *e, const struct oqs_frame *frame) {
    const struct oqs_place *place = frame->place;
    bool unknown_code = false, common = !place->in_result;
    struct field_ref ref = {.field = place->field, .entry = place->in_list ? frame->entry : 0};
    int32_t rc = record_put(e->set, common, &ref, bytes_text(&e->text), e->text.n, &unknown_code);
    check(e, rc, frame->line, leaf(e));
    if (rc == SHK_OK && unknown_code) {
        drift(e, frame->line, "=unknown code", bytes_text(&e->text), e->text.n);
    }
}

static void close_field(struct oqs_elements *e, const struct oqs_frame *frame) {
    *said_here(e, frame->place) = hash_of(&e->text);
    if (e->hooks != NULL && e->result_n == 0 && !e->in_unit) {
        check_hook(e, e->hooks->value(e->hooks_self, frame->place, bytes_text(&e->text), e->text.n,
                                      frame->line, &e->fault));
    } else if (e->unit_fault.code == SHK_OK) {
        put_value(e, frame);
    }
    empty(&e->text);
}

static void close_unknown(struct oqs_elements *e, const struct oqs_frame *frame, const char *name,
                          int32_t line) {
    if (e->depth > 1 && e->frames[e->depth - 2].place->kind == OQS_UNKNOWN) {
        append_raw(e, "</", name, line);
        return;
    }
    if (frame->duplicate && contradicts(e, frame->named)) {
        check(e, SHK_E_VALUE, line, leaf(e));
    } else {
        *said_here(e, frame->named) = hash_of(&e->raw);
        drift(e, line, frame->duplicate ? "=duplicate" : "", bytes_text(&e->raw), e->raw.n);
    }
    empty(&e->raw);
}

static void close_group(struct oqs_elements *e) {
    if (e->hooks != NULL && e->depth == 2 && text_equal(e->path, "MessageHeader")) {
        check_hook(e, e->hooks->header_end(e->hooks_self, &e->fault));
    } else if (e->hooks != NULL && e->depth == 2 && text_equal(e->path, "MessageBody")) {
        check_hook(e, e->hooks->body_end(e->hooks_self, &e->fault));
    }
}

static void close_unit(struct oqs_elements *e) {
    e->in_unit = false;
    check_hook(e, e->hooks->unit_end(e->hooks_self, &e->fault));
}

static void close_element(struct oqs_elements *e, const struct oqs_frame *frame, const char *name,
                          int32_t line) {
    switch (frame->place->kind) {
    case OQS_FIELD:
        close_field(e, frame);
        break;
    case OQS_UNKNOWN:
        close_unknown(e, frame, name, line);
        break;
    case OQS_RESULT:
        e->result_n = 0;
        break;
    case OQS_UNIT:
        close_unit(e);
        break;
    case OQS_GROUP:
        close_group(e);
        break;
    case OQS_LIST:
    case OQS_ENTRY:
    case OQS_RESULTS:
        break;
    }
}

static void on_end(void *self, const char *name, int32_t line) {
    struct oqs_elements *e = self;
    if (is_over(e) || e->depth == 0) {
        return;
    }
    const struct oqs_frame *frame = top(e);
    e->path[frame->path_n] = '\0';
    close_element(e, frame, name, line);
    e->depth--;
    e->path[e->depth > 0 ? top(e)->path_n : 0] = '\0';
}

static void on_text(void *self, const char *p, size_t n, int32_t line) {
    struct oqs_elements *e = self;
    if (is_over(e) || e->depth == 0) {
        return;
    }
    if (top(e)->place->kind == OQS_FIELD) {
        check(e, bytes_append(&e->text, p, n), line, NULL);
    } else if (top(e)->place->kind == OQS_UNKNOWN) {
        check(e, bytes_append(&e->raw, p, n), line, NULL);
    } else if (!text_is_blank(p, n)) {
        drift(e, line, "=text", p, n);
    }
}

const struct oqs_events oqs_elements_events = {
    .start = on_start, .attribute = on_attribute, .end = on_end, .text = on_text};

void oqs_elements_clear(struct oqs_elements *elements) {
    bytes_clear(&elements->text);
    bytes_clear(&elements->raw);
}
