#include "oqs_bulk.h"

#include <stdlib.h>
#include <string.h>

#include "oqs_elements.h"
#include "oqs_encoding.h"
#include "oqs_said.h"
#include "outcome.h"

/* A person whose values are read, and who waits for the header when that comes later. */
struct held {
    struct record_set *set;
    struct fault fault;
};

#define HELD_MAX 256

struct oqs_bulk {
    struct oqs_bulk_receiver to;
    bool ignore_character_code;
    struct oqs_index *index;
    struct oqs_sax *sax;
    struct oqs_decoder decoder;
    struct oqs_elements elements;
    struct oqs_said_list header, body; /* of the body only when it is one person's */
    struct oqs_bulk_head head;
    bool header_done;
    struct held held[HELD_MAX];
    size_t held_n;
    size_t units;       /* BulkConfirmUnit elements so far */
    size_t given;       /* persons given to the receiver */
    size_t size;        /* of the decoded document so far */
    size_t last_person; /* of it, up to where the last person began or ended */
    struct fault fault;
};

static int32_t refuse(int32_t code, const char *where, struct fault *why) {
    return fault_set(why, code, SHK_NATIVE_NONE, 0, where);
}

/* Completes the set with what the header says. */
static int32_t complete(struct oqs_bulk *bulk, struct record_set *set, struct fault *why) {
    bool first = bulk->given == 0;
    int32_t rc = oqs_said_put(&bulk->header, set, first, why);
    rc = rc == SHK_OK ? oqs_said_put(&bulk->body, set, first, why) : rc;
    rc = rc == SHK_OK ? record_finish(set) : rc;
    const char *other = rc == SHK_OK ? outcome_other_person(set) : NULL;
    if (other != NULL) {
        rc = refuse(SHK_E_VALUE, other, why);
    }
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

/* The receiver owns the set from here. */
static int32_t give(struct oqs_bulk *bulk, struct held *person, struct fault *why) {
    struct record_set *set = person->set;
    struct fault unread = person->fault;
    person->set = NULL;
    int32_t rc = unread.code == SHK_OK ? complete(bulk, set, &unread) : unread.code;
    if (rc != SHK_OK) {
        record_free(&set);
    }
    if (rc == SHK_E_MEMORY || rc == SHK_E_INTERNAL) {
        return fault_raise(why, rc);
    }
    bulk->given++;
    rc = bulk->to.unit(bulk->to.self, bulk->given, set, rc != SHK_OK ? &unread : NULL, why);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

/* What an answer holds that did not end normally is no result. */
static int32_t settle(struct oqs_bulk *bulk, struct held *person, struct fault *why) {
    if (bulk->head.segment == 1) {
        return give(bulk, person, why);
    }
    record_free(&person->set);
    return SHK_OK;
}

static int32_t hold(struct oqs_bulk *bulk, const struct held *person, struct fault *why) {
    if (bulk->held_n == HELD_MAX) {
        struct record_set *set = person->set;
        record_free(&set);
        return refuse(SHK_E_XML, "MessageHeader", why);
    }
    bulk->held[bulk->held_n++] = *person;
    return SHK_OK;
}

/* The person is complete; the next values are another's. */
static int32_t end_person(struct oqs_bulk *bulk, struct fault *why) {
    struct oqs_elements *e = &bulk->elements;
    struct held person = {.set = e->set, .fault = e->unit_fault};
    e->unit_fault = (struct fault){0};
    e->set = record_set_new();
    bulk->last_person = bulk->size;
    int32_t rc = bulk->header_done ? settle(bulk, &person, why) : hold(bulk, &person, why);
    return rc == SHK_OK && e->set == NULL ? fault_raise(why, SHK_E_MEMORY) : rc;
}

static int32_t on_value(void *self, const struct oqs_place *place, const char *p, size_t n,
                        int32_t line, struct fault *why) {
    struct oqs_bulk *bulk = self;
    bool in_header = text_starts(place->path, "MessageHeader/");
    struct oqs_said_list *list = in_header ? &bulk->header : &bulk->body;
    int32_t rc = SHK_OK;
    if (!in_header && bulk->units > 0) {
        struct oqs_said_list stray = {0};
        rc = oqs_said_add(&stray, place, p, n, line);
        rc = rc == SHK_OK ? oqs_said_drift(&stray, bulk->elements.set) : rc;
        oqs_said_clear(&stray);
    } else {
        rc = oqs_said_add(list, place, p, n, line);
    }
    return rc == SHK_OK ? rc : refuse(rc, "too many elements", why);
}

static int32_t count_of(const struct oqs_bulk *bulk, const char *path) {
    char text[16];
    int32_t count = -1;
    bool said = oqs_said_text(&bulk->header, path, text, sizeof text);
    return said && text_to_int32(text, strlen(text), &count) && count >= 0 ? count : -1;
}

static void read_head(struct oqs_bulk *bulk, const struct record_set *set) {
    static const char date[] = "confirmation_date", segment[] = "result_segment";
    struct oqs_bulk_head *head = &bulk->head;
    const struct oqs_said_list *list = &bulk->header;
    struct value value;
    oqs_said_text(list, "MessageHeader/ReceptionNumber", head->reception_number,
                  sizeof head->reception_number);
    oqs_said_text(list, "MessageHeader/MedicalInstitutionCode", head->institution_code,
                  sizeof head->institution_code);
    oqs_said_text(list, "MessageHeader/ArbitraryFileIdentifier", head->file_identifier,
                  sizeof head->file_identifier);
    if (record_value(set, 1, date, sizeof date - 1, &value) == SHK_OK) {
        text_copy(head->confirmation_date, sizeof head->confirmation_date, value.text);
    }
    if (record_value(set, 1, segment, sizeof segment - 1, &value) == SHK_OK) {
        text_to_int32(value.text, value.len, &head->segment);
    }
    head->processed = count_of(bulk, "MessageHeader/NumberOfProcessingResult");
    head->normal = count_of(bulk, "MessageHeader/NumberOfNormalProcessing");
    head->errors = count_of(bulk, "MessageHeader/NumberOfError");
}

static int32_t compare_encoding(struct oqs_bulk *bulk, const struct record_set *set,
                                struct fault *why) {
    const char *other = bulk->decoder.opening.cp932 ? "0" : "1";
    if (!record_says(set, 1, "character_code", other)) {
        return SHK_OK;
    }
    if (!bulk->ignore_character_code) {
        return refuse(SHK_E_XML_ENCODING, "CharacterCodeIdentifier", why);
    }
    return record_drift(bulk->elements.set, 0, OQS_CODE_DIFFERS, other, 1);
}

static int32_t read_header(struct oqs_bulk *bulk, struct fault *why) {
    struct record_set *set = record_set_new();
    int32_t rc = set != NULL ? oqs_said_put(&bulk->header, set, false, why) : SHK_E_MEMORY;
    rc = rc == SHK_OK ? record_finish(set) : rc;
    if (rc == SHK_OK) {
        read_head(bulk, set);
        rc = compare_encoding(bulk, set, why);
    }
    record_free(&set);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

static int32_t on_header_end(void *self, struct fault *why) {
    struct oqs_bulk *bulk = self;
    int32_t rc = read_header(bulk, why);
    bulk->header_done = rc == SHK_OK;
    bulk->last_person = bulk->size;
    for (size_t i = 0; rc == SHK_OK && i < bulk->held_n; i++) {
        rc = settle(bulk, &bulk->held[i], why);
    }
    return rc;
}

/* Results outside of the units would be another person's. */
static bool has_stray_result(const struct oqs_bulk *bulk) {
    return record_result_count(bulk->elements.set) > 0;
}

static int32_t on_unit_start(void *self, struct fault *why) {
    struct oqs_bulk *bulk = self;
    if (has_stray_result(bulk)) {
        return refuse(SHK_E_XML_FOREIGN, "ResultList", why);
    }
    bulk->units++;
    bulk->last_person = bulk->size;
    int32_t rc = oqs_said_drift(&bulk->body, bulk->elements.set);
    return rc == SHK_OK ? rc : refuse(rc, "too many unknown elements", why);
}

static int32_t on_unit_end(void *self, struct fault *why) {
    return end_person(self, why);
}

static bool tells_of_person(const struct oqs_bulk *bulk) {
    char text[8];
    return has_stray_result(bulk) || bulk->elements.unit_fault.code != SHK_OK ||
           oqs_said_text(&bulk->body, "MessageBody/QualificationValidity", text, sizeof text) ||
           oqs_said_text(&bulk->body, "MessageBody/ProcessingResultStatus", text, sizeof text);
}

static int32_t on_body_end(void *self, struct fault *why) {
    struct oqs_bulk *bulk = self;
    if (bulk->units > 0) {
        return has_stray_result(bulk) ? refuse(SHK_E_XML_FOREIGN, "ResultList", why) : SHK_OK;
    }
    return tells_of_person(bulk) ? end_person(bulk, why) : SHK_OK;
}

static const struct oqs_hooks hooks = {.value = on_value,
                                       .header_end = on_header_end,
                                       .unit_start = on_unit_start,
                                       .unit_end = on_unit_end,
                                       .body_end = on_body_end};

static int32_t pass_on(const struct fault *fault, struct fault *why) {
    return fault_set(why, fault->code, fault->native_kind, fault->native, fault->where);
}

/* What the elements found came first: after a fault of the XML they hear nothing more. Only at the end
 * of the document the library tells a tag that is torn. */
static int32_t first_fault(const struct oqs_elements *e, const struct fault *xml, bool at_end,
                           struct fault *why) {
    if (e->fault.code != SHK_OK) {
        return pass_on(&e->fault, why);
    }
    if (e->foreign_line > 0 && (!at_end || xml->code == SHK_OK)) {
        return fault_set(why, SHK_E_XML_FOREIGN, SHK_NATIVE_XML_LINE, e->foreign_line,
                         "root element");
    }
    return xml->code != SHK_OK ? pass_on(xml, why) : SHK_OK;
}

static int32_t take_text(void *self, const char *p, size_t n, struct fault *why) {
    struct oqs_bulk *bulk = self;
    struct fault xml = {0};
    bulk->size += n;
    oqs_sax_push(bulk->sax, p, n, &xml);
    int32_t rc = first_fault(&bulk->elements, &xml, false, why);
    if (rc == SHK_OK && bulk->size - bulk->last_person > OQS_SIZE_MAX) {
        rc = refuse(SHK_E_ANSWER_TOO_LARGE, bulk->header_done ? "person" : "MessageHeader", why);
    }
    return rc;
}

static struct oqs_text_sink sink_of(struct oqs_bulk *bulk) {
    return (struct oqs_text_sink){.take = take_text, .self = bulk};
}

int32_t oqs_bulk_new(const struct oqs_options *options, const struct oqs_bulk_receiver *to,
                     struct oqs_bulk **out) {
    struct oqs_bulk *bulk = calloc(1, sizeof *bulk);
    *out = bulk;
    if (bulk == NULL) {
        return SHK_E_MEMORY;
    }
    bulk->to = *to;
    bulk->ignore_character_code = options != NULL && options->ignore_character_code;
    bulk->head.processed = bulk->head.normal = bulk->head.errors = -1;
    bulk->index = oqs_index_new();
    bulk->elements.index = bulk->index;
    bulk->elements.set = record_set_new();
    bulk->elements.hooks = &hooks;
    bulk->elements.hooks_self = bulk;
    int32_t rc = oqs_sax_new(&oqs_elements_events, &bulk->elements, &bulk->sax);
    if (rc != SHK_OK || bulk->index == NULL || bulk->elements.set == NULL) {
        oqs_bulk_free(out);
        return SHK_E_MEMORY;
    }
    return SHK_OK;
}

static int32_t told(const struct oqs_bulk *bulk, struct fault *why) {
    return bulk->fault.code != SHK_OK ? pass_on(&bulk->fault, why) : SHK_OK;
}

int32_t oqs_bulk_push(struct oqs_bulk *bulk, const uint8_t *p, size_t n, struct fault *why) {
    struct oqs_text_sink sink = sink_of(bulk);
    if (bulk->fault.code == SHK_OK) {
        oqs_decoder_push(&bulk->decoder, p, n, &sink, &bulk->fault);
    }
    return told(bulk, why);
}

static int32_t end_document(struct oqs_bulk *bulk, struct fault *why) {
    struct oqs_text_sink sink = sink_of(bulk);
    struct fault xml = {0};
    int32_t rc = oqs_decoder_end(&bulk->decoder, &sink, why);
    if (rc == SHK_OK) {
        oqs_sax_end(bulk->sax, &xml);
        rc = first_fault(&bulk->elements, &xml, true, why);
    }
    return rc;
}

static int32_t judge(const struct oqs_bulk *bulk, struct fault *why) {
    if (!bulk->header_done || bulk->head.segment == 0) {
        return refuse(SHK_E_XML_FOREIGN, bulk->header_done ? "SegmentOfResult" : "MessageHeader",
                      why);
    }
    if (bulk->head.segment != 1) {
        return fault_raise(why,
                           bulk->head.segment == 2 ? SHK_E_ANSWER_PENDING : SHK_E_ANSWER_REFUSED);
    }
    bool empty = bulk->given == 0 && bulk->head.processed < 0;
    return empty ? refuse(SHK_E_XML_FOREIGN, "BulkConfirmUnit", why) : SHK_OK;
}

int32_t oqs_bulk_end(struct oqs_bulk *bulk, struct oqs_bulk_head *head, struct fault *why) {
    if (bulk->fault.code == SHK_OK && end_document(bulk, &bulk->fault) == SHK_OK) {
        judge(bulk, &bulk->fault);
    }
    *head = bulk->head;
    head->strays = bulk->elements.set != NULL ? record_drift_count(bulk->elements.set) : 0;
    return told(bulk, why);
}

void oqs_bulk_free(struct oqs_bulk **bulk) {
    struct oqs_bulk *old = bulk != NULL ? *bulk : NULL;
    if (old == NULL) {
        return;
    }
    *bulk = NULL;
    oqs_sax_free(&old->sax);
    oqs_decoder_clear(&old->decoder);
    oqs_elements_clear(&old->elements);
    oqs_said_clear(&old->header);
    oqs_said_clear(&old->body);
    record_free(&old->elements.set);
    for (size_t i = 0; i < old->held_n; i++) {
        record_free(&old->held[i].set);
    }
    oqs_index_free(&old->index);
    free(old);
}
