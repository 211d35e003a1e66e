#include "oqs_elements.h"

#include <stdlib.h>

#include "outcome.h"

static int32_t tell(const struct fault *from, struct fault *why) {
    return fault_set(why, from->code, from->native_kind, from->native, from->where);
}

/* The elements' fault came first: after a fault of the XML they hear nothing more. */
static int32_t parse(struct oqs_sax *sax, const struct oqs_elements *e, const struct bytes *utf8,
                     struct fault *why) {
    struct fault xml = {0};
    int32_t rc = oqs_sax_push(sax, bytes_text(utf8), utf8->n, &xml);
    rc = rc == SHK_OK ? oqs_sax_end(sax, &xml) : rc;
    if (e->fault.code != SHK_OK || rc != SHK_OK) {
        return tell(e->fault.code != SHK_OK ? &e->fault : &xml, why);
    }
    return e->foreign_line > 0 ? fault_set(why, SHK_E_XML_FOREIGN, SHK_NATIVE_XML_LINE,
                                           e->foreign_line, "root element")
                               : SHK_OK;
}

static int32_t read_into(struct oqs_elements *e, const struct bytes *utf8, struct fault *why) {
    struct oqs_sax *sax = NULL;
    struct oqs_index *index = oqs_index_new();
    e->index = index;
    int32_t rc = index != NULL ? oqs_sax_new(&oqs_elements_events, e, &sax) : SHK_E_MEMORY;
    rc = rc == SHK_OK ? parse(sax, e, utf8, why) : fault_raise(why, rc);
    oqs_sax_free(&sax);
    oqs_index_free(&index);
    return rc;
}

static int32_t read_elements(const struct bytes *utf8, struct record_set *set, struct fault *why) {
    struct oqs_elements *e = calloc(1, sizeof *e);
    if (e == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    e->set = set;
    int32_t rc = read_into(e, utf8, why);
    oqs_elements_clear(e);
    free(e);
    if (rc == SHK_OK) {
        rc = record_finish(set);
        rc = rc == SHK_OK ? rc : fault_raise(why, rc);
    }
    return rc;
}

/* Some texts are good in both encodings and say something else in each: who contradicts himself is not
 * read. */
static int32_t compare_encoding(struct record_set *set, bool was_cp932, bool ignore,
                                struct fault *why) {
    const char *other = was_cp932 ? "0" : "1";
    if (!record_says(set, 1, "character_code", other)) {
        return SHK_OK;
    }
    if (!ignore) {
        return fault_set(why, SHK_E_XML_ENCODING, SHK_NATIVE_NONE, 0, "CharacterCodeIdentifier");
    }
    int32_t rc = record_drift(set, 0, OQS_CODE_DIFFERS, other, 1);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

static int32_t read_document(const uint8_t *p, size_t n, const struct oqs_options *options,
                             struct record_set *set, struct fault *why) {
    struct bytes utf8 = {0};
    bool was_cp932 = false;
    int32_t rc = oqs_decode(p, n, &utf8, &was_cp932, why);
    if (rc == SHK_OK) {
        rc = read_elements(&utf8, set, why);
    }
    const char *other = rc == SHK_OK ? outcome_other_person(set) : NULL;
    if (other != NULL) {
        rc = fault_set(why, SHK_E_VALUE, SHK_NATIVE_NONE, 0, other);
    }
    if (rc == SHK_OK) {
        bool ignore = options != NULL && options->ignore_character_code;
        rc = compare_encoding(set, was_cp932, ignore, why);
    }
    bytes_clear(&utf8);
    return rc;
}

static bool keeps_set(int32_t rc) {
    return rc == SHK_OK || rc == SHK_E_ANSWER_REFUSED || rc == SHK_E_ANSWER_PENDING ||
           rc == SHK_E_ANSWER_ERROR || rc == SHK_E_ANSWER_UNCLEAR;
}

int32_t oqs_read(const uint8_t *p, size_t n, const struct oqs_options *options,
                 struct record_set **out, struct fault *why) {
    *out = NULL;
    if (n == 0 || n > OQS_SIZE_MAX) {
        return fault_raise(why, n == 0 ? SHK_E_XML : SHK_E_ANSWER_TOO_LARGE);
    }
    struct record_set *set = record_set_new();
    if (set == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    int32_t rc = read_document(p, n, options, set, why);
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
