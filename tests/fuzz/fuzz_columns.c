/* Column files, bound to a heading and used on a row that also come from the bytes: behind the first
 * zero stand the cells, one a line. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "columns.h"
#include "fuzz.h"

#define CELLS_MAX 32

static size_t split(char *text, size_t n, const char *cells[CELLS_MAX]) {
    size_t count = 0;
    char *end = text + n;
    while (text < end && count < CELLS_MAX) {
        char *stop = memchr(text, '\n', (size_t)(end - text));
        stop = stop != NULL ? stop : end;
        *stop = '\0';
        cells[count++] = text;
        text = stop + 1;
    }
    return count;
}

static void use(struct columns *columns, const struct csv_row *row) {
    struct fault why = {0};
    if (columns_bind(columns, row, "t", &why) != SHK_OK || !columns_fit(columns, row)) {
        return;
    }
    for (size_t i = 0; i < columns->n; i++) {
        size_t len;
        (void)column_text(&columns->at[i], row, &len);
    }
}

void fuzz_one(const uint8_t *p, size_t n) {
    struct columns *columns = NULL;
    struct fault why = {0};
    const char *cells[CELLS_MAX];
    const uint8_t *zero = n > 0 ? memchr(p, 0, n) : NULL;
    size_t text_n = zero != NULL ? (size_t)(zero - p) : n;
    if (columns_read("c.lua", p, text_n, &columns, &why) == SHK_OK && zero != NULL) {
        char *rest = text_dup_n((const char *)zero + 1, n - text_n - 1);
        struct csv_row row = {.field = cells, .line = 1};
        row.n = rest != NULL ? split(rest, strlen(rest), cells) : 0;
        use(columns, &row);
        free(rest);
    }
    columns_free(&columns);
}
