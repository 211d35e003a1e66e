/* In what a document is written, and bringing it to UTF-8. */
#ifndef RECORD_OQS_ENCODING_H
#define RECORD_OQS_ENCODING_H

#include "oqs.h"

/* How far the header is looked for when nothing else names the encoding. */
#define OQS_OPENING_MAX ((size_t)64 * 1024)

/* What the first bytes say. */
struct oqs_opening {
    bool known;           /* false: more bytes are needed */
    bool cp932;           /* else UTF-8 */
    size_t mark_n;        /* byte order mark */
    size_t declaration_n; /* behind the mark; 0: none */
    size_t searched;      /* where the next call goes on; 0 for the first */
};
/* `last`: there is no more. SHK_E_XML, SHK_E_XML_ENCODING. */
int32_t oqs_open(const uint8_t *p, size_t n, bool last, struct oqs_opening *opening,
                 struct fault *why);
/* The declaration is ASCII, so it has the same length in both encodings. */
void oqs_blank_declaration(uint8_t *p, size_t n);

int32_t oqs_bad_character(int32_t line, struct fault *why);
int32_t oqs_bad_encoding(const char *where, struct fault *why);

/* A document in pieces that are cut anywhere. All zero is the state before the first piece. */
struct oqs_decoder {
    enum { OQS_OPENING, OQS_IN_UTF8, OQS_IN_DOUBT, OQS_IN_CP932 } state;
    struct oqs_opening opening;
    struct bytes held; /* what is not decoded yet */
    size_t judged;     /* of the held bytes, in doubt */
    size_t wide;       /* three-byte characters in them, if they are UTF-8 */
    int32_t line;      /* line ends passed */
};

struct oqs_text_sink {
    /* Whole characters. */
    int32_t (*take)(void *self, const char *p, size_t n, struct fault *why);
    void *self;
};

/* SHK_E_XML, SHK_E_XML_ENCODING, SHK_E_MEMORY, the sink's own codes. */
int32_t oqs_decoder_push(struct oqs_decoder *decoder, const uint8_t *p, size_t n,
                         const struct oqs_text_sink *to, struct fault *why);
int32_t oqs_decoder_end(struct oqs_decoder *decoder, const struct oqs_text_sink *to,
                        struct fault *why);
void oqs_decoder_clear(struct oqs_decoder *decoder);

#endif
