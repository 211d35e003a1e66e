#include "pack_source.h"

#include "app.h"
#include "charset.h"
#include "oqs_bulk.h"
#include "text.h"

struct first {
    struct record_set *set;
    struct fault fault;
    bool seen;
};

static int32_t take_first(void *self, size_t number, struct record_set *set,
                          const struct fault *unread, struct fault *why) {
    struct first *f = self;
    (void)number;
    (void)why;
    if (f->seen) {
        record_free(&set);
        return SHK_OK;
    }
    f->seen = true;
    f->set = set;
    if (unread != NULL) {
        f->fault = *unread;
    }
    return SHK_OK;
}

static int32_t read_bulk(const struct bytes *content, struct record_set **out, struct fault *why) {
    struct first first = {0};
    const struct oqs_bulk_receiver to = {take_first, &first};
    struct oqs_bulk *bulk = NULL;
    struct oqs_bulk_head head;
    int32_t rc = oqs_bulk_new(NULL, &to, &bulk);
    rc = rc == SHK_OK ? oqs_bulk_push(bulk, content->p, content->n, why) : fault_raise(why, rc);
    rc = rc == SHK_OK ? oqs_bulk_end(bulk, &head, why) : rc;
    oqs_bulk_free(&bulk);
    if (rc == SHK_OK && first.fault.code != 0) {
        *why = first.fault;
        rc = why->code;
    } else if (rc == SHK_OK && first.set == NULL) {
        rc = fault_raise(why, SHK_E_EMPTY);
    }
    if (rc != SHK_OK) {
        record_free(&first.set);
    }
    *out = first.set;
    return rc;
}

int32_t pack_source_xml(const struct bytes *content, struct record_set **out, struct fault *why) {
    *out = NULL;
    if (oqs_document_kind(content->p, content->n) == OQS_DOCUMENT_BULK) {
        return read_bulk(content, out, why);
    }
    int32_t rc = oqs_read(content->p, content->n, NULL, out, why);
    if (rc != SHK_OK) {
        record_free(out);
    }
    return rc;
}

static int32_t decode(const struct bytes *content, struct bytes *out) {
    return utf8_valid(bytes_text(content), content->n)
               ? bytes_append(out, content->p, content->n)
               : cp932_to_utf8(content->p, content->n, out, NULL);
}

int32_t pack_source_app(const struct bytes *content, struct record_set **out, struct fault *why) {
    struct bytes text = {0};
    struct app_words *words = app_words_new();
    *out = NULL;
    int32_t rc = words != NULL ? decode(content, &text) : SHK_E_MEMORY;
    if (rc != SHK_OK) {
        fault_raise(why, rc);
    } else {
        size_t n = app_first_length(bytes_text(&text), text.n, words);
        rc = app_read(bytes_text(&text), n > 0 ? n : text.n, 1, words, out, why);
    }
    bytes_clear(&text);
    app_words_free(&words);
    return rc;
}
