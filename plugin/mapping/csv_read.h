/* Reading a table of text row by row: RFC 4180 quoting, any line ends, one row in memory. */
#ifndef MAPPING_CSV_READ_H
#define MAPPING_CSV_READ_H

#include "bytes.h"
#include "stream.h"

#define CSV_FIELD_MAX  8192 /* bytes of one field in the file */
#define CSV_FIELDS_MAX 512
#define CSV_ROW_MAX    65536 /* bytes of all fields of one row */

enum csv_encoding {
    CSV_AUTO, /* UTF-8 when the bytes are UTF-8, else code page 932 */
    CSV_UTF8,
    CSV_CP932
};

struct csv_options {
    char separator; /* ',' or a tab */
    enum csv_encoding encoding;
};

struct csv_row {
    const char *const *field; /* UTF-8, terminated; borrowed until the next call */
    size_t n;                 /* 0: the table is over */
    uint64_t line;            /* of the file, where the row begins; from 1 */
};

struct csv;
/* `name` stands in faults; it and the source are borrowed. SHK_E_MEMORY. */
int32_t csv_new(const struct csv_options *options, const char *name, const struct byte_source *from,
                struct csv **out, struct fault *why);
/* Rows whose fields are all empty are passed over, as is the end mark of old systems (1A). SHK_E_TABLE
 * with "name:line reason" for a quote that is never closed, text behind a closing quote, a NUL byte, a
 * row beyond the limits and bytes that are not of the encoding; the source's own faults. After a fault
 * every call gives it again. */
int32_t csv_next(struct csv *csv, struct csv_row *row, struct fault *why);
void csv_free(struct csv **csv); /* wipes; null is accepted */

/* Reads all of a table once: the number of its rows, the heading included, and the encoding that all
 * its bytes have. The faults of csv_next. */
struct csv_survey {
    uint64_t rows;
    enum csv_encoding encoding; /* never CSV_AUTO */
};
int32_t csv_survey(const struct csv_options *options, const char *name,
                   const struct byte_source *from, struct csv_survey *out, struct fault *why);

#endif
