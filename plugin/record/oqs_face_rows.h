/* Where each row of the table of fields stands in the parts of a pushed message: worked out once, as every
 * document asks for all of them. */
#ifndef RECORD_OQS_FACE_ROWS_H
#define RECORD_OQS_FACE_ROWS_H

#include "fields.h"

enum face_part { FACE_HEADER, FACE_BODY, FACE_RESULT, FACE_PARTS };

#define FACE_HEADER_NAME "MessageHeader/"
#define FACE_BODY_NAME   "MessageBody/"

/* Name and length of an element below the part's own. */
struct face_name {
    const char *p;
    size_t n;
};

struct face_row {
    struct face_name name; /* n 0: it has no place in this part */
    size_t first_n;        /* of the name up to its first slash: its group, list or itself */
    size_t next;           /* the next row of the same group, counted from 1; 0: none */
    bool opens;            /* no row before it is of that group */
};

/* The rows of a part, by field_index. */
const struct face_row *face_rows(enum face_part part);
/* True for an element of header or body. */
bool face_is_common(const char *element);

#endif
