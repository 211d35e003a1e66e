#include <string.h>

#include "charset.h"
#include "oqs_encoding.h"
#include "text.h"

#define PIECE       ((size_t)16 * 1024)
#define CHARACTER   4  /* bytes of the longest one */
#define WIDE_ENOUGH 16 /* characters that are no chance any more */

/* How many bytes from `at` on are ASCII, eight at a time while they are. */
static size_t ascii_from(const struct bytes *text, size_t at) {
    static const uint64_t high = UINT64_C(0x8080808080808080);
    size_t from = at;
    uint64_t eight = 0;
    while (at + sizeof eight <= text->n) {
        memcpy(&eight, text->p + at, sizeof eight);
        if ((eight & high) != 0) {
            break;
        }
        at += sizeof eight;
    }
    while (at < text->n && text->p[at] < 0x80) {
        at++;
    }
    return at - from;
}

static void count_lines(struct oqs_decoder *d, size_t n) {
    const uint8_t *at = d->held.p, *end = n > 0 ? at + n : at;
    while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        d->line++;
        at++;
    }
}

static void drop(struct oqs_decoder *d, size_t n) {
    count_lines(d, n);
    if (n > 0) {
        size_t rest = d->held.n - n;
        memmove(d->held.p, d->held.p + n, rest);
        memory_wipe(d->held.p + rest, n);
        d->held.n = rest;
    }
}

/* The length of the whole UTF-8 characters at the start; they are counted from `from` on. */
static size_t utf8_part(const struct oqs_decoder *d, size_t from, size_t *wide) {
    const char *p = bytes_text(&d->held);
    size_t at = from, len = 1;
    while (at < d->held.n && len > 0) {
        uint32_t code = 0;
        len = ascii_from(&d->held, at);
        if (len == 0) {
            len = utf8_decode(p + at, d->held.n - at, &code);
            *wide += len >= 3 ? 1 : 0;
        }
        at += len;
    }
    return at;
}

/* A rest shorter than a character may go on in the next piece. */
static bool may_go_on(const struct oqs_decoder *d, size_t at, bool last) {
    return at == d->held.n || (!last && d->held.n - at < CHARACTER);
}

static int32_t pass(struct oqs_decoder *d, size_t n, const struct oqs_text_sink *to,
                    struct fault *why) {
    int32_t rc = n > 0 ? to->take(to->self, bytes_text(&d->held), n, why) : SHK_OK;
    drop(d, n);
    return rc;
}

static int32_t go_utf8(struct oqs_decoder *d, bool last, const struct oqs_text_sink *to,
                       struct fault *why) {
    size_t wide = 0, n = utf8_part(d, 0, &wide);
    bool good = may_go_on(d, n, last);
    int32_t rc = pass(d, n, to, why);
    return rc == SHK_OK && !good ? oqs_bad_character(d->line + 1, why) : rc;
}

static bool is_lead(uint8_t byte) {
    return (byte >= 0x81 && byte <= 0x9F) || (byte >= 0xE0 && byte <= 0xFC);
}

/* The length of the whole code page 932 characters at the start. */
static size_t cp932_part(const struct oqs_decoder *d, bool last) {
    size_t at = 0;
    while (at < d->held.n) {
        size_t len = is_lead(d->held.p[at]) ? 2 : 1;
        if (at + len > d->held.n) {
            return last ? d->held.n : at;
        }
        at += len;
    }
    return at;
}

static int32_t pass_cp932(struct oqs_decoder *d, size_t n, size_t *bad,
                          const struct oqs_text_sink *to, struct fault *why) {
    struct bytes utf8 = {0};
    int32_t rc = n > 0 ? cp932_to_utf8(d->held.p, n, &utf8, bad) : SHK_OK;
    if (rc == SHK_OK && utf8.n > 0) {
        rc = to->take(to->self, bytes_text(&utf8), utf8.n, why);
        drop(d, n);
    }
    bytes_clear(&utf8);
    return rc;
}

/* What stands before the bad bytes counts, however the document was cut. */
static int32_t go_cp932(struct oqs_decoder *d, bool last, const struct oqs_text_sink *to,
                        struct fault *why) {
    size_t bad = 0;
    bool stuck = false;
    int32_t rc = pass_cp932(d, cp932_part(d, last), &bad, to, why);
    if (rc == SHK_E_XML_ENCODING && (why == NULL || why->code == SHK_OK)) {
        stuck = true;
        rc = pass_cp932(d, bad, &bad, to, why);
    }
    if (rc == SHK_OK && stuck) {
        return oqs_bad_character(d->line + 1, why);
    }
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

/* The bytes are said to be code page 932. When they are Japanese in UTF-8 they are not: nothing of
 * them is passed on before that is settled. */
static int32_t go_in_doubt(struct oqs_decoder *d, bool last, const struct oqs_text_sink *to,
                           struct fault *why) {
    int32_t rc = d->judged == 0 ? pass(d, ascii_from(&d->held, 0), to, why) : SHK_OK;
    if (rc != SHK_OK || (d->held.n == 0 && !last)) {
        return rc;
    }
    d->judged = utf8_part(d, d->judged, &d->wide);
    bool is_utf8 = may_go_on(d, d->judged, last);
    bool all = last || d->held.n >= OQS_OPENING_MAX;
    if (is_utf8 && (d->wide >= WIDE_ENOUGH || (all && d->wide > 0))) {
        return oqs_bad_encoding("encoding declaration", why);
    }
    if (is_utf8 && !all) {
        return SHK_OK;
    }
    d->state = OQS_IN_CP932;
    return go_cp932(d, last, to, why);
}

static int32_t go(struct oqs_decoder *d, bool last, const struct oqs_text_sink *to,
                  struct fault *why) {
    switch (d->state) {
    case OQS_IN_UTF8:
        return go_utf8(d, last, to, why);
    case OQS_IN_DOUBT:
        return go_in_doubt(d, last, to, why);
    case OQS_IN_CP932:
        return go_cp932(d, last, to, why);
    case OQS_OPENING:
        break;
    }
    int32_t rc = oqs_open(d->held.p, d->held.n, last, &d->opening, why);
    if (rc != SHK_OK || !d->opening.known) {
        return rc;
    }
    drop(d, d->opening.mark_n);
    oqs_blank_declaration(d->held.p, d->opening.declaration_n);
    d->state = d->opening.cp932 ? OQS_IN_DOUBT : OQS_IN_UTF8;
    return go(d, last, to, why);
}

int32_t oqs_decoder_push(struct oqs_decoder *decoder, const uint8_t *p, size_t n,
                         const struct oqs_text_sink *to, struct fault *why) {
    int32_t rc = SHK_OK;
    while (rc == SHK_OK && n > 0) {
        size_t piece = n < PIECE ? n : PIECE;
        rc = bytes_append(&decoder->held, p, piece);
        rc = rc == SHK_OK ? go(decoder, false, to, why) : fault_raise(why, rc);
        p += piece;
        n -= piece;
    }
    return rc;
}

int32_t oqs_decoder_end(struct oqs_decoder *decoder, const struct oqs_text_sink *to,
                        struct fault *why) {
    return go(decoder, true, to, why);
}

void oqs_decoder_clear(struct oqs_decoder *decoder) {
    bytes_clear(&decoder->held);
    *decoder = (struct oqs_decoder){0};
}
