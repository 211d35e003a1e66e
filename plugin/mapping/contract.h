/* What a script promises: the returned table, checked as a whole before any row runs. */
#ifndef MAPPING_CONTRACT_H
#define MAPPING_CONTRACT_H

#include <lua.h>

#include "encoder.h"
#include "format.h"
#include "helper.h"
#include "record.h"
#include "uses.h"

#define CONTRACT_ROWS_MAX       500
#define CONTRACT_HELPERS_MAX    8
#define CONTRACT_DEPTH_MAX      4
#define CONTRACT_SUBSTITUTE_MAX 1000

/* Where a value comes from. */
struct contract_source {
    bool given;
    bool index;    /* "@index": the number of the entry */
    size_t record; /* "records[2].…"; 0: the record at hand */
    bool in_entry; /* the place counts from the entry of the `each` around it */
    struct record_place place;
    const char *path; /* as written */
};

enum when_kind { WHEN_ALWAYS, WHEN_FILLED, WHEN_EMPTY, WHEN_FUNCTION };

struct contract_when {
    enum when_kind kind;
    struct contract_source source;
    int function; /* place in the table of kept values */
};

struct contract_as {
    const struct helper *helper;
    struct word argument;
};

enum unmappable { UNMAPPABLE_STOP, UNMAPPABLE_GETA, UNMAPPABLE_FUNCTION };

struct contract_lack {
    enum unmappable rule;
    int function;
};

enum each_kind { EACH_ONCE, EACH_ENTRY, EACH_RECORD };

/* One row of `fields`, or the head of a group, whose rows follow it. Texts are anchored in the table of
 * kept values. */
struct contract_row {
    const char *to; /* with the names of the groups around; "[]" where an entry's number goes */
    struct contract_when when;

    bool is_group;
    enum each_kind each;
    const char *list; /* EACH_ENTRY: its path in the record */
    size_t end;       /* the first row behind the group */

    struct contract_source from;
    const char *value;
    size_t value_len;
    struct contract_as as[CONTRACT_HELPERS_MAX];
    size_t as_n;
    int with; /* 0: none */
    bool required, align_right, width_chars;
    enum empty_rule empty;
    enum cell_kind kind;
    struct contract_lack lack;
    int32_t max_bytes, max_chars, width; /* 0: none */
    char pad[5];

    size_t number, parent; /* its place among its siblings, from 1; the group's row + 1, or 0 */
};

struct contract_substitute {
    uint32_t code;
    const char *to;
};

/* Of format "sql". */
struct contract_sql {
    const char **statements;
    int32_t *statement_rows; /* SHK_ROWS_… of adapter.h */
    size_t statements_n;
    const char *find; /* null: none */
};

struct contract {
    const char *id, *format, *encoding, *adapter;
    struct format_style style;
    enum encoding encoding_kind;
    struct contract_lack lack;
    struct contract_substitute *substitutes; /* by code */
    size_t substitutes_n;
    bool answer;      /* one document for the whole answer, not for each record */
    const char *file; /* null: a function */
    int file_function, check;
    struct uses uses;
    struct contract_row *rows;
    size_t rows_n;
    struct contract_sql sql;
    bool repeats; /* a group with `each` is among the rows */
};

struct contract_texts;

/* Checks the table at `table` and fills `out`. Everything that `out` points to lives as long as the
 * table at `kept` does, where the functions lie too; what the script does to its own table later has
 * no effect. `encoder` is made and belongs to the caller. `pack` (may be null) is what a pack may see.
 * Raises SHK_E_SCRIPT_CONTRACT with line and key. */
void contract_read(lua_State *L, int table, int kept, struct contract_texts *texts,
                   const struct uses *pack, struct contract *out, struct encoder **encoder);

/* "fields[3].fields[1]": the path of a row in its script. */
void contract_row_place(const struct contract *c, size_t row, char *place, size_t cap);

#endif
