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
    return !cell->absent || kind == FORMAT_CSV || kind == FORMAT_FIXED ||
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
            result->fields[result->fields_n++] =
                (struct mapped_field){text + cell->to_at, text + cell->value_at};
        }
    }
    return SHK_OK;
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
    int32_t rc = take_fields(result, run);
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
    bytes_clear(&r->text);
    bytes_clear(&r->head);
    bytes_clear(&r->body);
    bytes_clear(&r->plain);
    memory_wipe(r, sizeof *r);
    free(r);
    *result = NULL;
}
