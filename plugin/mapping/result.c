#include "result.h"

#include <stdlib.h>
#include <string.h>

void result_cells(const struct run *run, struct format_cell *out) {
    const char *text = bytes_text(&run->text);
    for (size_t i = 0; i < run->cells_n; i++) {
        const struct run_cell *cell = &run->cells[i];
        out[i] = (struct format_cell){.to = text + cell->to_at,
                                      .value = cell->absent ? NULL : text + cell->value_at,
                                      .empty = cell->empty,
                                      .kind = cell->kind};
    }
}

/* The fields say the same as the body: in a tree an absent one is left out, in a row it is empty. */
static bool is_written(const struct run *run, const struct run_cell *cell) {
    enum format_kind kind = run->contract->style.kind;
    return !cell->absent || kind == FORMAT_CSV || kind == FORMAT_FIXED || kind == FORMAT_SQL ||
           (kind == FORMAT_XML && cell->empty != EMPTY_OMIT);
}

static int32_t take_fields(struct mapping_result *result, const struct run *run) {
    const char *text = bytes_text(&result->text);
    result->fields = calloc(run->cells_n + 1, sizeof *result->fields);
    if (result->fields == NULL) {
        return SHK_E_MEMORY;
    }
    for (size_t i = 0; i < run->cells_n; i++) {
        const struct run_cell *cell = &run->cells[i];
        if (is_written(run, cell)) {
            bool null = cell->absent && run->contract->style.kind == FORMAT_SQL;
            result->fields[result->fields_n++] =
                (struct mapped_field){text + cell->to_at, null ? NULL : text + cell->value_at};
        }
    }
    return SHK_OK;
}

/* Where the copy begins in the result's text, which may still move. */
static int32_t copy_text(struct mapping_result *result, const char *text, size_t *at) {
    *at = result->text.n;
    return bytes_append(&result->text, text, strlen(text) + 1);
}

static int32_t take_sql(struct mapping_result *result, const struct contract_sql *sql) {
    size_t n = sql->statements_n, find = 0, *at = calloc(n + 1, sizeof *at);
    result->statements = calloc(n + 1, sizeof *result->statements);
    result->statement_rows = calloc(n + 1, sizeof *result->statement_rows);
    bool made = at != NULL && result->statements != NULL && result->statement_rows != NULL;
    int32_t rc = made ? SHK_OK : SHK_E_MEMORY;
    for (size_t i = 0; rc == SHK_OK && i < n; i++) {
        result->statement_rows[i] = sql->statement_rows[i];
        rc = copy_text(result, sql->statements[i], &at[i]);
    }
    if (rc == SHK_OK && sql->find != NULL) {
        rc = copy_text(result, sql->find, &find);
    }
    for (size_t i = 0; rc == SHK_OK && i < n; i++) {
        result->statements[result->statements_n++] = bytes_text(&result->text) + at[i];
    }
    if (rc == SHK_OK && sql->find != NULL) {
        result->find = bytes_text(&result->text) + find;
    }
    free(at);
    return rc;
}

static int32_t take_losses(struct mapping_result *result, const struct run *run) {
    const char *text = bytes_text(&result->text);
    result->losses = run->lost;
    if (run->losses_n == 0) {
        return SHK_OK;
    }
    result->loss = calloc(run->losses_n, sizeof *result->loss);
    if (result->loss == NULL) {
        return SHK_E_MEMORY;
    }
    for (size_t i = 0; i < run->losses_n; i++) {
        const struct run_loss *loss = &run->losses[i];
        result->loss[i] = (struct mapping_loss){text + loss->to_at, loss->code, loss->instead};
    }
    result->loss_n = run->losses_n;
    return SHK_OK;
}

/* The trace holds its row's number until the line is asked for. */
static void finish_trace(struct mapping_result *result, const struct run *run,
                         struct contract_texts *texts) {
    const char *text = bytes_text(&result->text);
    for (size_t i = 0; i < run->trace_n; i++) {
        char place[TEXTS_PATH_MAX + 1];
        struct mapping_trace *trace = &run->trace[i];
        trace->to = text + trace->to_at;
        contract_row_place(run->contract, (size_t)trace->line - 1, place, sizeof place);
        (void)texts_place(texts, place, &trace->line);
    }
    result->trace = run->trace;
    result->trace_n = run->trace_n;
}

int32_t result_take(struct mapping_result *result, struct run *run, struct contract_texts *texts) {
    result->text = run->text;
    run->text = (struct bytes){0};
    int32_t rc = SHK_OK;
    if (run->contract->style.kind == FORMAT_SQL) {
        rc = take_sql(result, &run->contract->sql);
    }
    rc = rc == SHK_OK ? take_fields(result, run) : rc;
    rc = rc == SHK_OK ? take_losses(result, run) : rc;
    if (rc == SHK_OK) {
        finish_trace(result, run, texts);
        run->trace = NULL;
        run->trace_n = run->trace_cap = 0;
    }
    return rc;
}

void mapping_result_free(struct mapping_result **result) {
    struct mapping_result *r = *result;
    if (r == NULL) {
        return;
    }
    free(r->fields);
    free(r->loss);
    free(r->trace);
    free(r->statements);
    free(r->statement_rows);
    bytes_clear(&r->text);
    bytes_clear(&r->head);
    bytes_clear(&r->body);
    bytes_clear(&r->plain);
    memory_wipe(r, sizeof *r);
    free(r);
    *result = NULL;
}
