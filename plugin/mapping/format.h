/* The document formats. Pure functions: cells in, UTF-8 out. */
#ifndef MAPPING_FORMAT_H
#define MAPPING_FORMAT_H

#include <stdbool.h>

#include "bytes.h"

enum format_kind {
    FORMAT_CSV,
    FORMAT_FIXED,
    FORMAT_XML,
    FORMAT_JSON,
    FORMAT_HL7,
    FORMAT_TEXT,
    FORMAT_FACE,
    FORMAT_SQL
};
enum quoting { QUOTE_NEEDED, QUOTE_ALWAYS, QUOTE_NEVER };
enum declaration { DECLARATION_YES, DECLARATION_NO, DECLARATION_STANDALONE };
enum cell_kind { CELL_TEXT, CELL_NUMBER, CELL_BOOLEAN, CELL_NULL };
/* What stands in XML for an absent value. An attribute or a text() has no nil and is left out. */
enum empty_rule { EMPTY_OMIT, EMPTY_ELEMENT, EMPTY_NIL };

struct format_style {
    enum format_kind kind;
    bool bom;
    const char *newline;       /* "\r\n", "\n", "\r" or "" */
    bool header;               /* CSV */
    enum quoting quote;        /* CSV */
    char separator[4];         /* CSV: its first byte; text: up to 3 bytes */
    const char *root;          /* XML, as all below */
    const char *encoding_name; /* as the declaration says it */
    enum declaration declaration;
    int32_t indent; /* XML and JSON. Below 0: one line; 0: no indentation, in JSON one line too */
    /* What every element without and with child elements gets, the root excepted; null: nothing. */
    const char *leaf_name, *leaf_value, *group_name, *group_value;
    const char *const *statements; /* SQL; borrowed */
    size_t statements_n;
};

/* Texts are borrowed, UTF-8 and terminated. */
struct format_cell {
    const char *to;
    const char *value; /* null: absent */
    enum empty_rule empty;
    enum cell_kind kind; /* JSON; CELL_NULL is none of a script's */
};

/* True when a row of this format may be called so:
 * CSV, fixed  any name ("氏名"); one that fits into an unquoted heading when there is one
 * XML         "Patient/Insurance[2]/@id", "A/B", "A/text()", "@id"; a name may have a prefix
 * JSON        "entry[1]/resource/name[1]/text"
 * HL7         "PID/5.1", "PID/5(2).1", "PID/5.1.2", "IN1[2]/3"
 * text        "LINE/name", or "name" for a line of its own
 * SQL         "name": a parameter; none of those that the adapter gives itself */
bool format_path_usable(const struct format_style *style, const char *to);

/* The first cell that cannot stand where it does, or n. All count as present: what is right for all
 * is right for any part of them. A name or path that stood before; an XML attribute behind the content
 * of its element; in JSON and HL7 what is both a value and made of parts; what is not usable. */
size_t format_first_misplaced(const struct format_style *style, const struct format_cell *cells,
                              size_t n);

#define FORMAT_CODE_NONE 0xFFFFFFFFu
/* The first character of a valid text that the format cannot hold, or FORMAT_CODE_NONE. Where a value
 * and the separator behind it would read as a separator too early, it is that one's first character. */
uint32_t format_forbidden(const struct format_style *style, const char *p, size_t n);

/* A number is a whole one as JSON writes it, of at most 18 digits and without leading zeros, which
 * would get lost; a boolean is "true" or "false". */
bool format_kind_fits(enum cell_kind kind, const char *value);

/* A name that XML takes, with one prefix at most ("xsi:type"). */
bool xml_name_usable(const char *name, size_t n);

/* Both append to `out`, which is as it was after SHK_E_MEMORY, or SHK_E_VALUE: a value that does not
 * fit its kind, delimiters in MSH/1 and MSH/2 that HL7 cannot use, cells that are misplaced. */

/* What a file of many rows begins with, once: byte order mark and heading line. Nothing for XML, JSON
 * and HL7. */
int32_t format_head(const struct format_style *style, const struct format_cell *cells, size_t n,
                    struct bytes *out);
/* One row, or the whole document with its byte order mark; with its line end. */
int32_t format_body(const struct format_style *style, const struct format_cell *cells, size_t n,
                    struct bytes *out);

#endif
