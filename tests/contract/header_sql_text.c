/* sql_text.h alone, as an adapter of another maker has it. */
#include "shikaku/sql_text.h"

int header_sql_text(const char *text);

int header_sql_text(const char *text) {
    uint32_t bad = 0;
    return shk_sql_usable(text, &bad) && shk_sql_next(text, 0).kind == SHK_SQL_WORD;
}
