#include "crypto.h"
#include "fold.h"
#include "gateway.h"
#include "oqs_message.h"
#include "text.h"

#include <string.h>

#define CERTIFICATE_MAX  8192 /* of the protocol, decoded */
#define SIGNATURE_MAX    1024
#define BULK_REQUEST_MAX ((size_t)16 * 1024 * 1024)

static bool is_digits(const char *text, size_t n) {
    size_t i = 0;
    while (char_is_digit(text[i])) {
        i++;
    }
    return i == n && text[i] == '\0';
}

/* XML 1.0 has no way to write a control character. */
static bool is_xml_text(const char *text) {
    for (const char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7F) {
            return false;
        }
    }
    return utf8_valid(text, strlen(text));
}

static bool is_known_algorithm(const char *name) {
    return name != NULL && (text_equal(name, "RS256") || text_equal(name, "ES384"));
}

/* What every request's header must hold. */
static const char *unusable_head(const char *institution_code, const char *date, const char *key,
                                 const char *file_identifier) {
    if (!is_digits(institution_code, 10)) {
        return "institution_code";
    }
    if (!is_digits(date, 8)) {
        return "date";
    }
    if (strlen(key) != 36) {
        return "idempotency_key";
    }
    return is_xml_text(file_identifier) ? NULL : "file_identifier";
}

static const char *unusable_proof(const struct question *q) {
    if (q->challenge[0] == '\0' || !is_xml_text(q->challenge)) {
        return "challenge";
    }
    if (q->certificate == NULL || q->certificate_len == 0 || q->certificate_len > CERTIFICATE_MAX) {
        return "certificate";
    }
    if (q->signature == NULL || q->signature_len == 0 || q->signature_len > SIGNATURE_MAX) {
        return "signature";
    }
    return is_known_algorithm(q->algorithm) ? NULL : "algorithm";
}

static const char *unusable_member(const struct question *q) {
    const char *member =
        unusable_head(q->institution_code, q->date, q->idempotency_key, q->file_identifier);
    return member == NULL && q->search == NULL ? unusable_proof(q) : member;
}

static const char *entity_of(char c) {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    default:
        return NULL;
    }
}

/* A document being written; after the first failure the rest does nothing. */
struct writer {
    struct bytes *out;
    int32_t rc;
};

static void put(struct writer *w, const char *text) {
    if (w->rc == SHK_OK) {
        w->rc = bytes_append_text(w->out, text);
    }
}

static void put_escaped(struct writer *w, const char *text) {
    for (const char *c = text; *c != '\0' && w->rc == SHK_OK; c++) {
        const char *entity = entity_of(*c);
        w->rc = entity != NULL ? bytes_append_text(w->out, entity)
                               : bytes_append_byte(w->out, (uint8_t)*c);
    }
}

static void put_tag(struct writer *w, const char *open, const char *name) {
    put(w, open);
    put(w, name);
    put(w, ">");
}

static void put_element(struct writer *w, const char *name, const char *text) {
    put_tag(w, "<", name);
    put_escaped(w, text);
    put_tag(w, "</", name);
}

static void put_base64(struct writer *w, const char *name, const uint8_t *p, size_t n) {
    put_tag(w, "<", name);
    if (w->rc == SHK_OK) {
        w->rc = base64_append(w->out, p, n);
    }
    put_tag(w, "</", name);
}

static void put_header(struct writer *w, const struct question *q) {
    put(w, "<MessageHeader>");
    put_element(w, "QualificationConfirmationDate", q->date);
    put_element(w, "MedicalInstitutionCode", q->institution_code);
    if (q->file_identifier[0] != '\0') {
        put_element(w, "ArbitraryFileIdentifier", q->file_identifier);
    }
    put(w, "</MessageHeader>");
}

static void put_card(struct writer *w, const struct question *q) {
    put(w, "<MessageBody><CardAuthentication>");
    put_element(w, "Challenge", q->challenge);
    put_base64(w, "Certificate", q->certificate, q->certificate_len);
    put_element(w, "SignatureAlgorithm", q->algorithm);
    put_base64(w, "Signature", q->signature, q->signature_len);
    put(w, "</CardAuthentication></MessageBody>");
}

static int32_t write_card(const struct question *q, struct bytes *out) {
    struct writer w = {out, SHK_OK};
    put(&w, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<XmlMsg>");
    put_header(&w, q);
    put_card(&w, q);
    put(&w, "</XmlMsg>\n");
    return w.rc;
}

static int32_t write_search(const struct question *q, struct bytes *out, struct fault *why) {
    const struct oqs_head head = {q->date, q->institution_code, q->file_identifier};
    /* Whether the check digit counts is the caller's choice, made before. */
    int32_t rc = card_data_check(q->search, false, why);
    return rc == SHK_OK ? oqs_write_question(&head, q->search, OQS_UTF8, out, why) : rc;
}

int32_t gateway_request(const struct question *q, struct bytes *out, struct fault *why) {
    const char *member = unusable_member(q);
    bytes_clear(out);
    if (member != NULL) {
        return fault_set(why, SHK_E_ARGUMENT, SHK_NATIVE_NONE, 0, member);
    }
    int32_t rc = q->search != NULL ? write_search(q, out, why) : write_card(q, out);
    if (rc != SHK_OK) {
        bytes_clear(out);
        return fault_raise(why, rc);
    }
    return SHK_OK;
}

int32_t gateway_bulk_request(const struct bulk_question *q, struct bytes *out, struct fault *why) {
    const struct oqs_head head = {q->date, q->institution_code, q->file_identifier};
    const char *member =
        unusable_head(q->institution_code, q->date, q->idempotency_key, q->file_identifier);
    bytes_clear(out);
    if (member != NULL) {
        return fault_set(why, SHK_E_ARGUMENT, SHK_NATIVE_NONE, 0, member);
    }
    int32_t rc = q->people_n > 0
                     ? oqs_write_bulk_question(&head, q->people, q->people_n, OQS_UTF8, out, why)
                     : SHK_E_ARGUMENT;
    if (rc == SHK_OK && out->n > BULK_REQUEST_MAX) {
        rc = SHK_E_ARGUMENT;
    }
    if (rc != SHK_OK) {
        bytes_clear(out);
        return fault_set(why, rc, SHK_NATIVE_NONE, 0, "people");
    }
    return SHK_OK;
}

/* Servers fold width before they compare, and some repeat what they folded. */
static bool repeats(const struct oqs_message *said, const struct card_data *asked) {
    return fold_same_insurer(said->insurer_number, asked->insurer_number) &&
           fold_same(fold_number_whole, said->number, asked->number) &&
           fold_same(fold_number_whole, said->birth_date, asked->birth_date) &&
           text_equal(said->arbitrary_identifier, asked->identifier);
}

int32_t gateway_echo_check(const struct question *q, const struct bytes *answer,
                           struct fault *why) {
    struct oqs_message said;
    if (q->search == NULL) {
        return SHK_OK;
    }
    bool good = !oqs_message_read(answer->p, answer->n, &said) || !said.has_search ||
                repeats(&said, q->search);
    memory_wipe(&said, sizeof said);
    return good ? SHK_OK : fault_raise(why, SHK_E_ANSWER_FOREIGN);
}
