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
    struct face_name name;     /* n 0: it has no place in this part */
    struct face_name last;     /* behind the last slash */
    size_t first_n;            /* of the name up to its first slash: its group, list or itself */
    size_t next;               /* the next row of the same group, counted from 1; 0: none */
    bool opens;                /* no row before it is of that group */
    struct record_place place; /* of a list's first entry */
    bool in_list, common;      /* of a list; its first name is of header or body */
    bool either;               /* it has a place in the body and in the results */
};

#define FACE_CODE "CharacterCodeIdentifier"

/* The rows of a part, by field_index. */
const struct face_row *face_rows(enum face_part part);
/* The rows that open something in a part, in the order in which they are written; n of them. In the header
 * field_count() stands for the character code. */
const uint16_t *face_order(enum face_part part, size_t *n);

#endif
