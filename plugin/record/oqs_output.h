/* An OQS document while it is written: one element a line, four spaces a level, CRLF. */
#ifndef RECORD_OQS_OUTPUT_H
#define RECORD_OQS_OUTPUT_H

#include "encoder.h"
#include "oqs_write.h"

/* After the first failure the rest does nothing. */
struct oqs_output {
    struct bytes text; /* in the encoding; names and tags are ASCII */
    enum oqs_encoding encoding;
    struct encoder *encoder;           /* of code page 932, once it is needed */
    const struct oqs_instead *instead; /* null: a lacking character is refused */
    bool lost;                         /* a character that the encoding lacks stands in it */
    bool line_ends;                    /* line ends and tabs in a value are written, not refused */
    size_t depth;
    int32_t rc;
    struct fault *why;
};

/* With the declaration and the root. */
void oqs_output_begin(struct oqs_output *output, enum oqs_encoding encoding, struct fault *why);
void oqs_output_open(struct oqs_output *output, const char *name, size_t n);
void oqs_output_close(struct oqs_output *output, const char *name, size_t n);
/* SHK_E_CHARACTER_LOST with the element in `where`: a character that XML or the encoding lacks. */
void oqs_output_put(struct oqs_output *output, const char *name, size_t n, const char *text);
void oqs_output_fail(struct oqs_output *output, int32_t code, const char *where);
/* Ends the root and appends the document to `out`, all of it or nothing; wipes the rest. */
int32_t oqs_output_end(struct oqs_output *output, struct bytes *out);

#endif
