#include "bulk_batch.h"

#include <stdlib.h>
#include <string.h>

#include "bulk_person.h"

#define TAG_LEN 8 /* of the batch's key */

int32_t bulk_batch_init(struct bulk_batch *batch, size_t cap, struct fault *why) {
    *batch = (struct bulk_batch){.cap = cap};
    batch->row = calloc(cap, sizeof *batch->row);
    batch->people = calloc(cap, sizeof *batch->people);
    batch->asked = calloc(cap, sizeof *batch->asked);
    if (batch->row == NULL || batch->people == NULL || batch->asked == NULL) {
        bulk_batch_clear(batch);
        return fault_raise(why, SHK_E_MEMORY);
    }
    return SHK_OK;
}

static void drop_lines(struct bulk_row *row) {
    bytes_clear(&row->json);
    bytes_clear(&row->csv);
}

void bulk_batch_empty(struct bulk_batch *batch) {
    for (size_t i = 0; i < batch->n; i++) {
        drop_lines(&batch->row[i]);
    }
    if (batch->people != NULL) {
        memory_wipe(batch->people, batch->people_n * sizeof *batch->people);
    }
    bytes_clear(&batch->cells);
    batch->n = batch->people_n = batch->held = 0;
}

void bulk_batch_clear(struct bulk_batch *batch) {
    bulk_batch_empty(batch);
    free(batch->row);
    free(batch->people);
    free(batch->asked);
    *batch = (struct bulk_batch){0};
}

void bulk_batch_forget(struct bulk_batch *batch) {
    batch->held = 0;
    for (size_t i = 0; i < batch->n; i++) {
        struct bulk_row *row = &batch->row[i];
        if (row->asked) {
            drop_lines(row);
            row->state = ROW_OPEN;
            row->again = 0;
        }
        batch->held += bulk_row_room(row);
    }
}

static int32_t keep(struct bulk_batch *batch, const char *p, size_t n) {
    int32_t rc = bytes_append(&batch->cells, p, n);
    return rc == SHK_OK ? bytes_append_byte(&batch->cells, 0) : rc;
}

/* The compared forms of a date are those of when.h. */
static int32_t keep_field(struct bulk_batch *batch, const struct columns *columns,
                          const struct column *column, const struct csv_row *row) {
    size_t n = 0;
    char day[9];
    const char *p = column->number <= row->n ? column_text(column, row, &n) : "";
    bool digits = column->is_date && columns->dates != DATES_USUAL && n > 0 &&
                  columns_date(columns, p, n, day);
    int32_t rc = keep(batch, digits ? day : p, digits ? 8 : n);
    memory_wipe(day, sizeof day);
    return rc;
}

/* A column may be missing in a row that is shifted; that row is never compared. */
static int32_t keep_cells(struct bulk_batch *batch, const struct columns *columns,
                          const struct csv_row *row) {
    size_t n;
    const struct column *id = columns_find(columns, COLUMN_ID, NULL);
    const char *p = id != NULL && id->number <= row->n ? column_text(id, row, &n) : "";
    int32_t rc = keep(batch, p, p[0] != '\0' ? n : 0);
    for (size_t i = 0; rc == SHK_OK && i < columns->n; i++) {
        if (columns->at[i].use == COLUMN_FIELD) {
            rc = keep_field(batch, columns, &columns->at[i], row);
        }
    }
    return rc;
}

/* Answers name a registered person by this number alone. */
static bool is_second(const struct bulk_batch *batch, const struct card_data *person) {
    for (size_t i = 0; i < batch->people_n; i++) {
        if (text_equal(batch->people[i].reference_number, person->reference_number)) {
            return true;
        }
    }
    return false;
}

static int32_t second_fault(const struct bulk_table *table, const struct csv_row *row,
                            struct fault *why) {
    char where[160], label[100];
    columns_label(table->columns, "reference_number", label, sizeof label);
    text_format(where, sizeof where, "%s:%llu %s: 同じ番号が前の行にもあります", table->name,
                (unsigned long long)row->line, label);
    return fault_set(why, SHK_E_INPUT, SHK_NATIVE_NONE, 0, where);
}

int32_t bulk_batch_add(struct bulk_batch *batch, const struct bulk_job *job,
                       const struct bulk_table *table, const struct csv_row *row,
                       struct fault *unasked, struct fault *why) {
    struct bulk_row *fresh = &batch->row[batch->n];
    struct card_data *person = &batch->people[batch->people_n];
    *fresh = (struct bulk_row){.number = table->given, .line = row->line, .cells = batch->cells.n};
    batch->columns = table->columns;
    if (keep_cells(batch, table->columns, row) != SHK_OK) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    int32_t rc = bulk_person_read(job, table, row, person, unasked);
    if (rc == SHK_OK && job->kind == BULK_REGISTER && is_second(batch, person)) {
        rc = second_fault(table, row, unasked);
    }
    if (rc == SHK_E_MEMORY) {
        return fault_raise(why, rc);
    }
    if (rc == SHK_OK) {
        fresh->asked = true;
        fresh->person = batch->people_n;
        batch->asked[batch->people_n++] = batch->n;
    } else {
        memory_wipe(person, sizeof *person);
    }
    batch->n++;
    return SHK_OK;
}

void bulk_batch_name(struct bulk_batch *batch, const char *key) {
    for (size_t i = 0; i < batch->people_n; i++) {
        text_format(batch->people[i].identifier, sizeof batch->people[i].identifier, "%.*s_%llu",
                    TAG_LEN, key, (unsigned long long)batch->row[batch->asked[i]].number);
    }
}

struct bulk_row *bulk_batch_find(const struct bulk_batch *batch, const char *identifier) {
    int64_t number = 0;
    const char *digits = strlen(identifier) > TAG_LEN ? identifier + TAG_LEN + 1 : "";
    if (batch->n == 0 || !text_to_int64(digits, strlen(digits), &number) || number < 1) {
        return NULL;
    }
    uint64_t at = (uint64_t)number - batch->row[0].number; /* numbers follow each other */
    if (at >= batch->n || !batch->row[at].asked ||
        !text_equal(batch->people[batch->row[at].person].identifier, identifier)) {
        return NULL;
    }
    return &batch->row[at];
}

size_t bulk_row_room(const struct bulk_row *row) {
    return row->json.cap + row->csv.cap;
}

const char *bulk_row_id(const struct bulk_batch *batch, const struct bulk_row *row) {
    return (const char *)batch->cells.p + row->cells;
}

/* As it is asked, where it is: brought to one form already. */
static const char *asked_form(const struct card_data *person, const char *path, const char *text) {
    return text_equal(path, "insurer_number")  ? person->insurer_number
           : text_equal(path, "branch_number") ? person->branch_number
           : text_equal(path, "birth_date")    ? person->birth_date
                                               : text;
}

const char *bulk_row_held(const struct bulk_batch *batch, const struct bulk_row *row,
                          const char *path) {
    const char *text = bulk_row_id(batch, row);
    for (size_t i = 0; i < batch->columns->n; i++) {
        if (batch->columns->at[i].use == COLUMN_FIELD) {
            text += strlen(text) + 1;
            if (text_equal(batch->columns->at[i].path, path)) {
                return text;
            }
        }
    }
    return "";
}

size_t bulk_row_values(const struct bulk_batch *batch, const struct bulk_row *row,
                       struct host_value *out) {
    size_t n = 0;
    const char *text = bulk_row_id(batch, row);
    const struct card_data *person = &batch->people[row->person];
    for (size_t i = 0; i < batch->columns->n; i++) {
        const struct column *column = &batch->columns->at[i];
        if (column->use == COLUMN_FIELD) {
            text += strlen(text) + 1;
            if (text[0] != '\0' || !batch->columns->ignore_empty) {
                out[n++] =
                    (struct host_value){column->path, asked_form(person, column->path, text)};
            }
        }
    }
    return n;
}
