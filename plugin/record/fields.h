/* The field table from the inside: what storing and reading need beyond record.h. */
#ifndef RECORD_FIELDS_H
#define RECORD_FIELDS_H

#include "record.h"

#define FIELD_PATH_MAX 96 /* a concrete path with its terminator */

#define FIELD_DERIVED "derived." /* how the paths of what derive.c makes begin */

/* A path of a host or script taken apart. */
struct field_ref {
    const struct field *field;
    size_t entry; /* 1-based entry of its list; 0 outside a list */
    bool label;
};

/* The code tables by their names, in the order of codes.def. */
struct code_table {
    const char *name, *title;
    const struct code_row *rows; /* ended by a null code */
};
size_t code_table_count(void);
const struct code_table *code_table_at(size_t index);

/* False when the path names no field. A path into a list without an index means entry 1. */
bool field_resolve(const char *path, size_t n, struct field_ref *out);
/* The first row of the list a path names, or null; entries are counted by it. */
const struct field *field_list(const char *path, size_t n);
/* The first row of the list that this row belongs to, or null. */
const struct field *field_list_of(const struct field *field);
/* True for a row that no answer fills: it is derived, of the host, or of the card. */
bool field_is_derived(const struct field *field);
size_t field_index(const struct field *field);
/* "specific_diseases[2].disease_label". False when it does not fit. */
bool field_path(const struct field_ref *ref, char *path, size_t cap);

#endif
