#include <stdlib.h>
#include <string.h>

#include "format_parts.h"
#include "shikaku/codes.h"
#include "shikaku/sql_text.h"
#include "text.h"

/* What the adapter binds itself. */
static const char *const given[] = {"delivery_id", "patient_id"};

bool sql_name_is_given(const char *name, size_t n) {
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        if (strlen(given[i]) == n && memcmp(given[i], name, n) == 0) {
            return true;
        }
    }
    return false;
}

bool sql_name_usable(const char *to) {
    size_t n = strlen(to);
    for (size_t i = 0; i < n; i++) {
        if (!shk_sql_is_letter(to[i]) && (i == 0 || !char_is_digit(to[i]))) {
            return false;
        }
    }
    return n > 0 && n <= SHK_SQL_NAME_MAX && !sql_name_is_given(to, n);
}

#define PATH_ROOM (SHK_SQL_NAME_MAX + 16)

int32_t sql_document(const struct format_style *style, const struct format_cell *cells, size_t n,
                     struct bytes *out) {
    size_t all = style->statements_n + n;
    struct format_cell *members = calloc(all + 1, sizeof *members);
    char(*paths)[PATH_ROOM] = calloc(all + 1, sizeof *paths);
    int32_t rc = members != NULL && paths != NULL ? SHK_OK : SHK_E_MEMORY;
    for (size_t i = 0; rc == SHK_OK && i < all; i++) {
        bool statement = i < style->statements_n;
        const struct format_cell *cell = statement ? NULL : &cells[i - style->statements_n];
        if (statement) {
            text_format(paths[i], PATH_ROOM, "statements[%u]", (unsigned)i + 1);
            members[i] = (struct format_cell){.to = paths[i], .value = style->statements[i]};
        } else {
            text_format(paths[i], PATH_ROOM, "parameters/%s", cell->to);
            members[i] = (struct format_cell){.to = paths[i],
                                              .value = cell->value != NULL ? cell->value : "",
                                              .kind = cell->value != NULL ? CELL_TEXT : CELL_NULL};
        }
    }
    rc = rc == SHK_OK ? json_document(style, members, all, out) : rc;
    free(members);
    free(paths);
    return rc;
}
