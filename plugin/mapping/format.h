/* The two document formats. Pure functions: cells in, UTF-8 out. */
#ifndef MAPPING_FORMAT_H
#define MAPPING_FORMAT_H

#include <stdbool.h>

#include "bytes.h"

enum declaration { DECLARATION_YES, DECLARATION_NO, DECLARATION_STANDALONE };

struct format_style {
    bool xml, cp932, bom, crlf;
    bool header, quote_always; /* CSV */
    char separator;
    const char *root; /* XML */
    enum declaration declaration;
    int32_t indent;
};

struct format_cell {
    const char *to;
    const char *value; /* null: absent */
    bool empty_element;
};

/* One line with its line end: the values, or the names when `names`. 0 or SHK_E_MEMORY. */
int32_t csv_line(const struct format_style *style, const struct format_cell *cells, size_t n,
                 bool names, struct bytes *out);

/* The whole document; absent cells are left out unless they ask for an empty element. */
int32_t xml_document(const struct format_style *style, const struct format_cell *cells, size_t n,
                     struct bytes *out);

/* True for a path such as "Patient/Insurance[2]/@id": names that XML takes, an attribute last. */
bool xml_path_usable(const char *path);
bool xml_name_usable(const char *name, size_t n);
/* The row that breaks the document's form (an attribute behind content), or n. All cells count as
 * present: what is right for all rows is right for any part of them. */
size_t xml_first_misplaced(const struct format_cell *cells, size_t n);

#define FORMAT_CODE_NONE 0xFFFFFFFFu
/* The first character that the format cannot hold, or FORMAT_CODE_NONE. */
uint32_t format_forbidden(bool xml, const char *p, size_t n);

#endif
