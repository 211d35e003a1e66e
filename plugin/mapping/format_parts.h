/* What format.c chooses from: the functions of each format, as format.h describes them. */
#ifndef MAPPING_FORMAT_PARTS_H
#define MAPPING_FORMAT_PARTS_H

#include "format.h"

bool csv_name_usable(const struct format_style *style, const char *to);
/* One line: the values, or the names when `names`. */
int32_t csv_line(const struct format_style *style, const struct format_cell *cells, size_t n,
                 bool names, struct bytes *out);

int32_t fixed_row(const struct format_style *style, const struct format_cell *cells, size_t n,
                  struct bytes *out);

bool xml_path_usable(const char *to);
/* Repeated attributes excepted. */
size_t xml_first_misplaced(const struct format_cell *cells, size_t n);
int32_t xml_document(const struct format_style *style, const struct format_cell *cells, size_t n,
                     struct bytes *out);

bool json_path_usable(const char *to);
bool json_paths_clash(const char *a, const char *b);
int32_t json_document(const struct format_style *style, const struct format_cell *cells, size_t n,
                      struct bytes *out);

bool hl7_path_usable(const char *to);
bool hl7_paths_clash(const char *a, const char *b);
int32_t hl7_message(const struct format_style *style, const struct format_cell *cells, size_t n,
                    struct bytes *out);

bool text_path_usable(const char *to);
int32_t text_lines(const struct format_style *style, const struct format_cell *cells, size_t n,
                   struct bytes *out);

/* True for a parameter that no row gives: the adapter does. */
bool sql_name_is_given(const char *name, size_t n);
bool sql_name_usable(const char *to);
/* What an adapter would bind where, as JSON for people. */
int32_t sql_document(const struct format_style *style, const struct format_cell *cells, size_t n,
                     struct bytes *out);

/* Reads a number from 1 to 9999 without leading zeros at *p and moves *p behind it; 0 when there is
 * none. */
int32_t format_read_number(const char **p);

#endif
