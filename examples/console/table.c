#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "utf8.h"

static char *copy(const char *text) {
    size_t n = strlen(text) + 1;
    char *out = malloc(n);
    if (out != NULL) {
        memcpy(out, text, n);
    }
    return out;
}

void table_cell(struct table *table, const char *text) {
    if (table->n == table->cap) {
        size_t cap = table->cap == 0 ? 64 : table->cap * 2;
        char **grown = realloc(table->cells, cap * sizeof *grown);
        if (grown == NULL) {
            table->no_memory = true;
            return;
        }
        table->cells = grown;
        table->cap = cap;
    }
    char *cell = copy(text != NULL ? text : "");
    table->no_memory = table->no_memory || cell == NULL;
    table->cells[table->n] = cell;
    table->n += cell != NULL ? 1 : 0;
}

void table_clear(struct table *table) {
    for (size_t i = 0; i < table->n; i++) {
        platform_wipe(table->cells[i], strlen(table->cells[i]));
        free(table->cells[i]);
    }
    free(table->cells);
    table->cells = NULL;
    table->n = table->cap = 0;
}

static void measure(const struct table *table, int widths[TABLE_COLUMNS]) {
    for (size_t i = 0; i < table->n; i++) {
        int width = utf8_width(table->cells[i]);
        size_t column = i % table->columns;
        widths[column] = width > widths[column] ? width : widths[column];
    }
}

static void print_cell(const struct table *table, size_t i, const int *widths, struct out *out) {
    size_t column = i % table->columns;
    bool last = column + 1 == table->columns;
    int space = widths[column] - utf8_width(table->cells[i]);
    bool right = (table->right & (1u << column)) != 0;
    if (last && table->cells[i][0] == '\0') {
        return;
    }
    out_spaces(out, right ? space : 0);
    out_text(out, table->cells[i], false);
    out_spaces(out, last ? 0 : (right ? 0 : space) + 2);
}

void table_print(struct table *table, struct out *out) {
    int widths[TABLE_COLUMNS] = {0};
    size_t rows = table->n / table->columns;
    measure(table, widths);
    for (size_t row = 0; row < rows && !out->broken; row++) {
        out_spaces(out, table->indent);
        out_style(out, row == 0 ? STYLE_DIM : STYLE_PLAIN);
        for (size_t column = 0; column < table->columns; column++) {
            print_cell(table, row * table->columns + column, widths, out);
        }
        out_style(out, STYLE_PLAIN);
        out_raw(out, "\n", 1);
    }
    if (table->no_memory) {
        out_line(out, STYLE_BAD, "…");
    }
    table_clear(table);
}
