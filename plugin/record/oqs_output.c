#include "oqs_output.h"

#include <string.h>

#include "text.h"

#define LINE_END "\r\n"
#define ROOT     "XmlMsg"
#define INDENT   4
#define USUAL    4000 /* the bytes of most documents, for a start */

void oqs_output_fail(struct oqs_output *output, int32_t code, const char *where) {
    if (output->rc == SHK_OK) {
        output->rc = fault_set(output->why, code, SHK_NATIVE_NONE, 0, where);
    }
}

/* Room for n bytes more, which count as written; null after a failure. */
static uint8_t *take(struct oqs_output *d, size_t n) {
    if (d->rc == SHK_OK && d->text.cap - d->text.n <= n) {
        int32_t rc = bytes_reserve(&d->text, d->text.n + n);
        if (rc != SHK_OK) {
            oqs_output_fail(d, rc, NULL);
        }
    }
    if (d->rc != SHK_OK) {
        return NULL;
    }
    uint8_t *at = d->text.p + d->text.n;
    d->text.n += n;
    at[n] = 0;
    return at;
}

/* Bytes that are the same in both encodings. */
static void append(struct oqs_output *d, const char *p, size_t n) {
    uint8_t *at = take(d, n);
    if (at != NULL) {
        memcpy(at, p, n);
    }
}

static void append_text(struct oqs_output *d, const char *text) {
    append(d, text, strlen(text));
}

/* In the document's encoding. */
static void append_value(struct oqs_output *d, const char *p, size_t n) {
    if (d->encoding == OQS_UTF8) {
        append(d, p, n);
    } else if (d->rc == SHK_OK) {
        int32_t rc = encoder_write(d->encoder, p, n, &d->text);
        if (rc != SHK_OK) {
            oqs_output_fail(d, rc, NULL);
        }
    }
}

/* Where a tag stands: at the depth it has, behind a value or before one. */
enum tag { OPENS, CLOSES, OPENS_VALUE, CLOSES_VALUE };

static void append_tag(struct oqs_output *d, enum tag tag, const char *name, size_t n) {
    size_t indent = tag != CLOSES_VALUE ? d->depth * INDENT : 0;
    bool closes = tag == CLOSES || tag == CLOSES_VALUE, ends_line = tag != OPENS_VALUE;
    uint8_t *at = take(d, indent + n + 2 + (closes ? 1 : 0) + (ends_line ? 2 : 0));
    if (at == NULL) {
        return;
    }
    memset(at, ' ', indent);
    at += indent;
    *at++ = '<';
    if (closes) {
        *at++ = '/';
    }
    memcpy(at, name, n);
    at += n;
    *at++ = '>';
    if (ends_line) {
        *at++ = '\r';
        *at = '\n';
    }
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

static void append_escaped(struct oqs_output *d, const char *text) {
    const char *kept = text;
    for (; *text != '\0'; text++) {
        const char *entity = entity_of(*text);
        if (entity != NULL) {
            append_value(d, kept, (size_t)(text - kept));
            append_text(d, entity);
            kept = text + 1;
        }
    }
    append_value(d, kept, (size_t)(text - kept));
}

/* ASCII that stands in every document as it is. */
static size_t plain_length(const char *text) {
    size_t n = 0;
    while (text[n] >= ' ' && text[n] <= '~' && entity_of(text[n]) == NULL) {
        n++;
    }
    return n;
}

/* XML 1.0 has no way to write most control characters, and a reader turns a carriage return into
 * something else. */
static bool is_writable(const struct oqs_output *d, uint32_t code) {
    if (code == '\t' || code == '\n') {
        return d->line_ends;
    }
    return code >= ' ' && !(code >= 0x7F && code <= 0x9F) && (code & 0xFFFEu) != 0xFFFEu;
}

/* XML takes every character of it. */
static bool can_write(const struct oqs_output *d, const char *text, size_t n) {
    for (size_t at = 0; at < n;) {
        uint32_t code = 0;
        size_t len = utf8_decode(text + at, n - at, &code);
        if (len == 0 || !is_writable(d, code)) {
            return false;
        }
        at += len;
    }
    return true;
}

static bool encoder_is_there(struct oqs_output *d) {
    if (d->encoder == NULL) {
        d->encoder = encoder_new(ENCODING_CP932, REPERTOIRE_ENCODING);
    }
    if (d->encoder == NULL) { /* no character is called lost for it */
        oqs_output_fail(d, SHK_E_MEMORY, NULL);
    }
    return d->encoder != NULL;
}

static bool encoding_has(struct oqs_output *d, const char *text, size_t n) {
    uint32_t code;
    return d->encoding == OQS_UTF8 ||
           (encoder_is_there(d) && encoder_first_lost(d->encoder, text, n, &code) == n);
}

void oqs_output_begin(struct oqs_output *output, enum oqs_encoding encoding, struct fault *why) {
    *output = (struct oqs_output){.encoding = encoding, .why = why};
    (void)bytes_reserve(&output->text, USUAL); /* where it fails, it fails again */
    append_text(output, encoding == OQS_CP932 ? "<?xml version=\"1.0\" encoding=\"Shift_JIS\""
                                              : "<?xml version=\"1.0\" encoding=\"UTF-8\"");
    append_text(output, " standalone=\"no\"?>" LINE_END);
    oqs_output_open(output, ROOT, sizeof ROOT - 1);
}

void oqs_output_open(struct oqs_output *output, const char *name, size_t n) {
    append_tag(output, OPENS, name, n);
    output->depth++;
}

void oqs_output_close(struct oqs_output *output, const char *name, size_t n) {
    output->depth--;
    append_tag(output, CLOSES, name, n);
}

static void refuse_lost(struct oqs_output *d, const char *name, size_t n) {
    char where[128];
    text_copy_n(where, sizeof where, name, n);
    oqs_output_fail(d, SHK_E_CHARACTER_LOST, where);
}

/* The text with what stands for its lacking characters, into `out`. */
static int32_t replace_lost(struct oqs_output *d, const char *name, size_t n, const char *text,
                            struct bytes *out) {
    int32_t rc = SHK_OK;
    size_t text_n = strlen(text);
    for (size_t at = 0, len; rc == SHK_OK && at < text_n; at += len) {
        uint32_t code = 0;
        len = utf8_decode(text + at, text_n - at, &code);
        rc = encoding_has(d, text + at, len)
                 ? bytes_append(out, text + at, len)
                 : d->instead->append(d->instead->self, name, n, code, out);
    }
    return rc;
}

static void put_value(struct oqs_output *d, const char *name, size_t n, const char *text) {
    struct bytes replaced = {0};
    if (encoding_has(d, text, strlen(text)) || d->rc != SHK_OK) {
        append_escaped(d, text);
        return;
    }
    int32_t rc = d->instead != NULL ? replace_lost(d, name, n, text, &replaced) : SHK_E_ABSENT;
    if (rc == SHK_OK) {
        d->lost = d->lost || !encoding_has(d, bytes_text(&replaced), replaced.n);
        append_escaped(d, bytes_text(&replaced));
    } else if (rc == SHK_E_ABSENT) {
        refuse_lost(d, name, n);
    } else {
        oqs_output_fail(d, rc, NULL);
    }
    bytes_clear(&replaced);
}

void oqs_output_put(struct oqs_output *output, const char *name, size_t n, const char *text) {
    append_tag(output, OPENS_VALUE, name, n);
    size_t plain = plain_length(text);
    if (text[plain] == '\0') {
        append(output, text, plain);
    } else if (can_write(output, text, strlen(text))) {
        put_value(output, name, n, text);
    } else {
        refuse_lost(output, name, n);
    }
    append_tag(output, CLOSES_VALUE, name, n);
}

/* A batch's document is long: it is handed over, not copied, where nothing stands before it. */
static int32_t hand_over(struct oqs_output *d, struct bytes *out) {
    if (d->lost) { /* what was put for a lacking character is lacking itself */
        return SHK_E_CHARACTER_LOST;
    }
    if (out->n > 0) {
        return bytes_append(out, d->text.p, d->text.n);
    }
    bytes_clear(out);
    *out = d->text;
    d->text = (struct bytes){0};
    return SHK_OK;
}

int32_t oqs_output_end(struct oqs_output *output, struct bytes *out) {
    struct oqs_output *d = output;
    oqs_output_close(d, ROOT, sizeof ROOT - 1);
    if (d->rc == SHK_OK) {
        int32_t rc = hand_over(d, out);
        if (rc != SHK_OK) {
            oqs_output_fail(d, rc, NULL);
        }
    }
    bytes_clear(&d->text);
    encoder_free(&d->encoder);
    return d->rc;
}
