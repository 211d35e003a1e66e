/* Which column of a host's table means what: a Lua table file (docs/bulk.md). */
#ifndef MAPPING_COLUMNS_H
#define MAPPING_COLUMNS_H

#include "csv_read.h"
#include "mapping.h"

#define COLUMNS_MAX 64

enum column_use {
    COLUMN_ID,        /* id: the host's own number of the patient */
    COLUMN_REFERENCE, /* reference_number: 照会番号 to register */
    COLUMN_CONSENT,   /* limit_consent: 1 when the patient agrees */
    COLUMN_FIELD      /* columns.PATH: what the host holds of a field */
};

struct column_word {
    char *from, *to;
};

struct column {
    enum column_use use;
    char *path;    /* of the record; of the others the key itself */
    char *heading; /* null when the file gives the number */
    size_t number; /* from 1; 0 until columns_bind finds it */
    int32_t line;  /* in the Lua file */
    bool is_date;
    struct column_word *words;
    size_t words_n;
};

enum columns_dates {
    DATES_USUAL, /* what when.h reads */
    DATES_ERA7 /* also seven digits: 1 明治 … 5 令和, then year, month and day of two digits each */
};

struct columns {
    char name[128]; /* of the Lua file, for faults */
    struct csv_options csv;
    bool header;
    bool ignore_empty; /* an empty cell is no change */
    bool excel;        /* digits in differences.csv keep their leading zeros in a spreadsheet */
    enum columns_dates dates;
    struct column at[COLUMNS_MAX];
    size_t n;
    size_t width; /* fields of the row that columns_bind saw */
};

/* Checks the file against the field table. SHK_E_SCRIPT_SYNTAX, SHK_E_SCRIPT_CONTRACT with "name:line
 * key", SHK_E_SCRIPT_BUDGET, …MEMORY, SHK_E_MEMORY. */
int32_t columns_read(const char *name, const uint8_t *text, size_t n, struct columns **out,
                     struct fault *why);
void columns_free(struct columns **columns);

/* The column of that use (and path), or null. */
const struct column *columns_find(const struct columns *columns, enum column_use use,
                                  const char *path);
/* SHK_E_SCRIPT_CONTRACT with "name key" when the file does not name it. */
int32_t columns_require(const struct columns *columns, enum column_use use, const char *path,
                        struct fault *why);

/* Finds the columns in the first row of the table: by its heading when there is one. SHK_E_TABLE with
 * "table:line" and the heading that is missing or there twice. */
int32_t columns_bind(struct columns *columns, const struct csv_row *first, const char *table,
                     struct fault *why);
/* False when the row lacks a column that is used, or has text behind the last one: something is
 * shifted. */
bool columns_fit(const struct columns *columns, const struct csv_row *row);
/* The cell without spaces around it, as `values` translates it. Borrowed from the row or the column;
 * "" for null. The row must fit. */
const char *column_text(const struct column *column, const struct csv_row *row, size_t *n);
/* A date of the table to yyyyMMdd; false when it is none. */
bool columns_date(const struct columns *columns, const char *p, size_t n, char out[9]);
/* What a person finds in the table: the heading of the column with that path, "N列目" in a table
 * without headings, the path itself when no column has it. */
void columns_label(const struct columns *columns, const char *path, char *out, size_t cap);

#endif
