/* What a script promises: the returned table, checked as a whole before any row runs. */
#ifndef MAPPING_CONTRACT_H
#define MAPPING_CONTRACT_H

#include <lua.h>

#include "format.h"
#include "source_map.h"

#define CONTRACT_ROWS_MAX    500
#define CONTRACT_HELPERS_MAX 8

/* One row of `fields`. Texts are anchored in the table of kept values. */
struct contract_row {
    const char *to, *from, *value;
    size_t value_len;
    lua_CFunction as[CONTRACT_HELPERS_MAX];
    size_t as_n;
    bool with; /* the function is kept at the row's number, counted from 1 */
    bool required;
    enum empty_rule empty;
    enum cell_kind kind;
    int32_t max_bytes, max_chars, width; /* 0: none */
    char pad;
    bool align_right;
    int32_t line;
};

struct contract {
    const char *id, *format, *encoding, *adapter;
    struct format_style style;
    bool cp932, geta;
    const char *file; /* null: a function, kept as "file" */
    bool has_check;   /* kept as "check" */
    int32_t file_line, check_line;
    struct contract_row *rows;
    size_t rows_n;
};

/* Checks the table at `table` and fills `out`. Everything that `out` points to lives as long as the
 * table at `kept` does, where the functions lie too; what the script does to its own table later has
 * no effect. Raises SHK_E_SCRIPT_CONTRACT with line and key. */
void contract_read(lua_State *L, int table, int kept, const struct source_map *map,
                   struct contract *out);

#endif
