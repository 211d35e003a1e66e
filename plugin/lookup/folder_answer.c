#include "folder_answer.h"

#include <string.h>

#include "fold.h"
#include "zip.h"

#define ENDED_WELL     1
#define PERSON_REFUSED 2

/* What makes a question's document an answer. The terminal may lay a refused request beside its reason. */
bool folder_is_answer(const struct oqs_message *m) {
    return m->segment != 0 || m->status != 0 || m->error_code[0] != '\0' ||
           m->reception_number[0] != '\0';
}

static bool identifier_is(const struct folder_expected *expected, const char *echoed) {
    struct folder_state salt = {.salted = true};
    char hash[FOLDER_HASH_MAX];
    memcpy(salt.salt, expected->posted->salt, sizeof salt.salt);
    return folder_hash(&salt, echoed, strlen(echoed), hash) == SHK_OK &&
           text_equal(hash, expected->posted->entry.file_identifier);
}

/* Nothing was sent: what stands there is the service's own. */
static bool identifier_was_sent(const struct folder_expected *expected) {
    return expected->posted->entry.file_identifier[0] != '\0';
}

bool folder_header_fits(const struct folder_expected *expected, const struct oqs_message *m) {
    if (m->institution_code[0] != '\0' &&
        !text_equal(m->institution_code, expected->institution_code)) {
        return false;
    }
    return m->file_identifier[0] == '\0' || !identifier_was_sent(expected) ||
           identifier_is(expected, m->file_identifier);
}

static bool echo_fits(const struct card_data *search, const struct oqs_message *m) {
    return fold_same_insurer(m->insurer_number, search->insurer_number) &&
           fold_same(fold_number_whole, m->symbol, search->symbol) &&
           fold_same(fold_number_whole, m->number, search->number) &&
           fold_same(fold_number_whole, m->branch_number, search->branch_number) &&
           text_equal(m->birth_date, search->birth_date) &&
           (m->arbitrary_identifier[0] == '\0' ||
            text_equal(m->arbitrary_identifier, search->identifier));
}

/* An answer that speaks of a person must say itself whose question it answers; one that only refuses
 * may be tied by its name alone. */
static bool is_tied(const struct folder_expected *expected, const struct oqs_message *m) {
    if (expected->step != FOLDER_RESULT || m->segment != ENDED_WELL ||
        m->status == PERSON_REFUSED) {
        return true;
    }
    bool by_identifier = identifier_was_sent(expected) && m->file_identifier[0] != '\0';
    return m->institution_code[0] != '\0' && (by_identifier || m->has_search);
}

enum folder_verdict folder_judge(const struct folder_expected *expected, const uint8_t *p, size_t n,
                                 struct oqs_message *out) {
    if (!oqs_message_read(p, n, out)) {
        return FOLDER_TORN;
    }
    if (!folder_is_answer(out)) {
        return FOLDER_NO_ANSWER;
    }
    bool fits = folder_header_fits(expected, out) && is_tied(expected, out);
    if (fits && expected->search != NULL && out->has_search) {
        fits = echo_fits(expected->search, out);
    }
    return fits ? FOLDER_OURS : FOLDER_FOREIGN;
}

/* Bytes in memory as a source. */
struct reading {
    const struct bytes *from;
    size_t at;
};

static int32_t next_bytes(void *self, uint8_t *p, size_t cap, size_t *n, struct fault *why) {
    struct reading *r = self;
    (void)why;
    size_t left = r->from->n - r->at;
    *n = left < cap ? left : cap;
    if (*n > 0) {
        memcpy(p, r->from->p + r->at, *n);
    }
    r->at += *n;
    return SHK_OK;
}

static int32_t take_bytes(void *self, const uint8_t *p, size_t n, struct fault *why) {
    int32_t rc = bytes_append(self, p, n);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

int32_t folder_unpack(enum folder_form form, const struct bytes *raw, struct bytes *xml,
                      struct fault *why) {
    bytes_clear(xml);
    if (form == FOLDER_XML) {
        int32_t rc = bytes_append(xml, raw->p, raw->n);
        return rc == SHK_OK ? rc : fault_raise(why, rc);
    }
    if (!zip_is(raw->p, raw->n)) {
        return fault_raise(why, SHK_E_ARCHIVE);
    }
    struct reading reading = {raw, 0};
    const struct byte_source from = {next_bytes, &reading};
    const struct byte_sink to = {take_bytes, xml};
    int32_t rc = zip_read_xml(&from, FOLDER_RESULT_MOST, &to, why);
    if (rc != SHK_OK) {
        bytes_clear(xml);
    }
    return rc;
}
