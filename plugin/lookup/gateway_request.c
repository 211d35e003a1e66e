#include "crypto.h"
#include "gateway.h"
#include "text.h"

#include <string.h>

#define CERTIFICATE_MAX 8192 /* of the protocol, decoded */
#define SIGNATURE_MAX   1024

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

static const char *unusable_member(const struct question *q) {
    if (!is_digits(q->institution_code, 10)) {
        return "institution_code";
    }
    if (!is_digits(q->date, 8)) {
        return "date";
    }
    if (strlen(q->idempotency_key) != 36) {
        return "idempotency_key";
    }
    if (!is_xml_text(q->file_identifier)) {
        return "file_identifier";
    }
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

int32_t gateway_request(const struct question *q, struct bytes *out, struct fault *why) {
    struct writer w = {out, SHK_OK};
    const char *member = unusable_member(q);
    bytes_clear(out);
    if (member != NULL) {
        return fault_set(why, SHK_E_ARGUMENT, SHK_NATIVE_NONE, 0, member);
    }
    put(&w, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<XmlMsg>");
    put_header(&w, q);
    put_card(&w, q);
    put(&w, "</XmlMsg>\n");
    if (w.rc != SHK_OK) {
        bytes_clear(out);
        return fault_raise(why, w.rc);
    }
    return SHK_OK;
}
