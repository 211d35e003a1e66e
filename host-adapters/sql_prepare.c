#include "sql_prepare.h"

#include <stdlib.h>
#include <string.h>

static void add_part(const char *text, shk_sql_part part, struct sql_prepared *out, size_t *n) {
    if (part.kind == SHK_SQL_NAME) {
        out->names[out->names_n].at = (uint16_t)(part.at + 1);
        out->names[out->names_n].len = (uint16_t)(part.len - 1);
        out->names_n++;
        out->text[(*n)++] = '?';
    } else if (part.kind == SHK_SQL_SPACE) {
        out->text[(*n)++] = ' ';
    } else if (part.kind != SHK_SQL_STOP) {
        memcpy(out->text + *n, text + part.at, part.len);
        *n += part.len;
    }
}

int sql_prepare(const char *text, struct sql_prepared *out) {
    uint32_t bad = 0;
    size_t n = 0, len = strlen(text);
    memset(out, 0, sizeof *out);
    if (!shk_sql_usable(text, &bad)) {
        return -1;
    }
    out->text = malloc(len + 1);
    out->names = calloc(len + 1, sizeof *out->names);
    if (out->text == NULL || out->names == NULL) {
        sql_prepared_clear(out);
        return -2;
    }
    for (shk_sql_part part = shk_sql_next(text, 0); part.kind != SHK_SQL_END;
         part = shk_sql_next(text, part.at + part.len)) {
        add_part(text, part, out, &n);
    }
    out->text[n] = '\0';
    return 0;
}

void sql_prepared_clear(struct sql_prepared *prepared) {
    free(prepared->text);
    free(prepared->names);
    memset(prepared, 0, sizeof *prepared);
}
