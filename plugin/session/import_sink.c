#include "import_sink.h"

#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "oqs_bulk.h"
#include "outcome.h"
#include "persons.h"

#define HEAD_MAX ((size_t)64 * 1024) /* enough to tell one person's answer from many persons' */
#define BODY_MAX ((size_t)4 * 1024 * 1024)

struct import_sink {
    struct session *s;
    struct app_words *words;
    struct persons persons;
    struct bytes body;     /* all of a small input, the beginning of one that is streamed */
    struct oqs_bulk *bulk; /* null until many persons are seen */
    bool not_bulk;
    bool ended; /* persons_take wants no more */
};

int32_t import_sink_new(struct session *s, struct import_sink **out, struct fault *why) {
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    (*out)->s = s;
    (*out)->persons = (struct persons){.s = s, .source = "oqs"};
    return persons_words(s, &(*out)->words, why);
}

void import_sink_free(struct import_sink **sink) {
    struct import_sink *i = *sink;
    if (i != NULL) {
        oqs_bulk_free(&i->bulk);
        app_words_free(&i->words);
        bytes_clear(&i->body);
        memory_wipe(i, sizeof *i);
        free(i);
        *sink = NULL;
    }
}

static bool is_said(const struct import_sink *i, const char *form) {
    return text_equal(inputs_text(&i->s->inputs, "import.from"), form);
}

static int32_t take_unit(void *self, size_t number, struct record_set *set,
                         const struct fault *unread, struct fault *why) {
    struct import_sink *i = self;
    struct fault fault = {0};
    (void)number;
    if (unread != NULL) {
        fault = *unread;
    } else if (outcome_fault(set) != SHK_OK) {
        fault_raise(&fault, outcome_fault(set));
    }
    int32_t rc = persons_take(&i->persons, set, &fault);
    i->ended = rc != SHK_OK;
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

static int32_t begin_bulk(struct import_sink *i, struct fault *why) {
    const struct oqs_bulk_receiver to = {take_unit, i};
    struct oqs_options options;
    answer_oqs_options(i->s, &options);
    int32_t rc = oqs_bulk_new(&options, &to, &i->bulk);
    return rc == SHK_OK ? oqs_bulk_push(i->bulk, i->body.p, i->body.n, why) : fault_raise(why, rc);
}

/* Decides as soon as there is enough to see. */
static int32_t decide(struct import_sink *i, struct fault *why) {
    if (i->not_bulk || is_said(i, "app")) {
        return SHK_OK;
    }
    if (oqs_document_kind(i->body.p, i->body.n) == OQS_DOCUMENT_BULK) {
        int32_t rc = begin_bulk(i, why);
        bytes_clear(&i->body);
        return rc;
    }
    i->not_bulk = i->body.n >= HEAD_MAX;
    return SHK_OK;
}

int32_t import_sink_take(void *sink, const uint8_t *p, size_t n, struct fault *why) {
    struct import_sink *i = sink;
    if (session_stopping(i->s)) {
        return fault_raise(why, SHK_E_CANCELLED);
    }
    if (i->bulk != NULL) {
        return oqs_bulk_push(i->bulk, p, n, why);
    }
    if (n > BODY_MAX - i->body.n) {
        return fault_raise(why, SHK_E_FILE_TOO_LARGE);
    }
    int32_t rc = bytes_append(&i->body, p, n);
    if (rc != SHK_OK) {
        return fault_raise(why, rc);
    }
    return i->body.n >= HEAD_MAX ? decide(i, why) : SHK_OK;
}

static bool is_app(const struct import_sink *i) {
    struct bytes text = {0};
    bool app = is_said(i, "app");
    if (!app && !is_said(i, "oqs")) {
        app = persons_decode(i->body.p, i->body.n, &text) == SHK_OK &&
              app_is_text(bytes_text(&text), text.n, i->words);
    }
    bytes_clear(&text);
    return app;
}

/* XML begins with a bracket, or is UTF-16, which the reader names. Anything else was meant to be a copied
 * text. */
static bool is_xml(const struct import_sink *i) {
    static const uint8_t mark[] = {0xEF, 0xBB, 0xBF};
    const struct bytes *b = &i->body;
    size_t at = b->n >= sizeof mark && memcmp(b->p, mark, sizeof mark) == 0 ? sizeof mark : 0;
    while (at < b->n && char_is_space((char)b->p[at])) {
        at++;
    }
    return at < b->n && (b->p[at] == '<' || b->p[at] >= 0xFE || b->p[at] == 0);
}

static void read_one(struct import_sink *i) {
    struct record_set *set = NULL;
    struct fault unread = {0};
    if (is_said(i, "oqs") || is_xml(i)) {
        (void)answer_read_oqs(i->s, i->body.p, i->body.n, &set, &unread);
    } else {
        fault_raise(&unread, SHK_E_APP_TEXT);
    }
    (void)persons_take(&i->persons, set, &unread);
}

static void read_app(struct import_sink *i) {
    i->persons.source = "app";
    (void)persons_take_app(&i->persons, i->body.p, i->body.n, i->words);
}

/* Whoever is missing in the file must not be taken for checked. */
static int32_t check_number(const struct import_sink *i, const struct oqs_bulk_head *head,
                            struct fault *why) {
    bool fits = head->processed < 0 || (size_t)head->processed == i->persons.n;
    return fits
               ? SHK_OK
               : fault_set(why, SHK_E_ANSWER_COUNT, SHK_NATIVE_NONE, 0, "NumberOfProcessingResult");
}

int32_t import_sink_end(struct import_sink *i, struct fault *why) {
    struct oqs_bulk_head head;
    int32_t rc = i->bulk == NULL && i->body.n > 0 ? decide(i, why) : SHK_OK;
    if (rc != SHK_OK) {
        return rc;
    }
    if (i->bulk != NULL) {
        rc = oqs_bulk_end(i->bulk, &head, why);
        return rc == SHK_OK ? check_number(i, &head, why) : rc;
    }
    if (text_is_blank(bytes_text(&i->body), i->body.n)) {
        return fault_raise(why, SHK_E_EMPTY);
    }
    if (is_app(i)) {
        read_app(i);
    } else {
        read_one(i);
    }
    return SHK_OK;
}

void import_sink_settle(struct import_sink *i, struct fault *why) {
    if (i == NULL) {
        return;
    }
    const struct fault *first = &i->persons.first;
    if (why->code != 0 && !i->ended && i->persons.n > 0) {
        session_post_fault(i->s, why);
    }
    if (first->code != 0 && why->code != SHK_E_CANCELLED) {
        *why = *first;
    }
}
