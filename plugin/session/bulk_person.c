#include "bulk_person.h"

#include <string.h>

#include "fold.h"

struct reading {
    const struct bulk_table *table;
    const struct csv_row *row;
};

static int32_t place_fault(const struct reading *r, int32_t code, const char *what,
                           struct fault *why) {
    char where[160];
    text_format(where, sizeof where, "%s:%llu %s", r->table->name, (unsigned long long)r->row->line,
                what);
    return fault_set(why, code, SHK_NATIVE_NONE, 0, where);
}

/* Named as the table names it. */
static int32_t row_fault(const struct reading *r, int32_t code, const char *path,
                         struct fault *why) {
    char label[128];
    columns_label(r->table->columns, path, label, sizeof label);
    return place_fault(r, code, label, why);
}

static int32_t shifted_fault(const struct reading *r, struct fault *why) {
    char what[96];
    text_format(what, sizeof what, "列の数が違います（%u列、正しくは%u列）", (unsigned)r->row->n,
                (unsigned)r->table->columns->width);
    return place_fault(r, SHK_E_TABLE, what, why);
}

/* No insurer has 5 or 7 digits; a spreadsheet makes such numbers. */
static int32_t check_zeros(const struct reading *r, const char *insurer, struct fault *why) {
    char label[100], what[160];
    size_t n = strlen(insurer);
    if (n != 5 && n != 7) {
        return SHK_OK;
    }
    columns_label(r->table->columns, "insurer_number", label, sizeof label);
    text_format(what, sizeof what, "%s: %u桁です。先頭の0が落ちていませんか", label, (unsigned)n);
    return place_fault(r, SHK_E_INPUT, what, why);
}

static const char *cell(const struct reading *r, enum column_use use, const char *path, size_t *n) {
    return column_text(columns_find(r->table->columns, use, path), r->row, n);
}

static int32_t put_text(const struct reading *r, enum column_use use, const char *path, char *out,
                        size_t cap, struct fault *why) {
    size_t n;
    const char *p = cell(r, use, path, &n);
    if (n >= cap) {
        return row_fault(r, SHK_E_INPUT, path, why);
    }
    text_copy_n(out, cap, p, n);
    return SHK_OK;
}

/* Digits of any width, with spaces and hyphens between them. */
static int32_t put_digits(const struct reading *r, const char *path, char *out, size_t cap,
                          struct fault *why) {
    struct bytes folded = {0};
    size_t n;
    const char *p = cell(r, COLUMN_FIELD, path, &n);
    int32_t rc = fold_number(p, n, true, &folded);
    if (rc == SHK_OK && folded.n >= cap) {
        rc = row_fault(r, SHK_E_INPUT, path, why);
    } else if (rc == SHK_OK) {
        text_copy(out, cap, bytes_text(&folded));
    }
    bytes_clear(&folded);
    return rc == SHK_OK ? SHK_OK : fault_raise(why, rc);
}

static void drop_padding(char number[9]) {
    size_t padding = insurer_padding(number, strlen(number));
    memmove(number, number + padding, strlen(number) - padding + 1);
}

static void pad_branch(char branch[8]) {
    if (strlen(branch) == 1) {
        branch[1] = branch[0];
        branch[0] = '0';
        branch[2] = '\0';
    }
}

static int32_t put_date(const struct reading *r, const char *path, char out[9], struct fault *why) {
    size_t n;
    const char *p = cell(r, COLUMN_FIELD, path, &n);
    out[0] = '\0';
    return n == 0 || columns_date(r->table->columns, p, n, out)
               ? SHK_OK
               : row_fault(r, SHK_E_INPUT, path, why);
}

static int32_t read_card(const struct reading *r, struct card_data *out, struct fault *why) {
    size_t n;
    int32_t rc =
        put_digits(r, "insurer_number", out->insurer_number, sizeof out->insurer_number, why);
    rc = rc == SHK_OK ? check_zeros(r, out->insurer_number, why) : rc;
    if (rc == SHK_OK) {
        rc = put_text(r, COLUMN_FIELD, "symbol", out->symbol, sizeof out->symbol, why);
    }
    if (rc == SHK_OK) {
        rc = put_text(r, COLUMN_FIELD, "number", out->number, sizeof out->number, why);
    }
    if (rc == SHK_OK) {
        rc = put_digits(r, "branch_number", out->branch_number, sizeof out->branch_number, why);
    }
    rc = rc == SHK_OK ? put_date(r, "birth_date", out->birth_date, why) : rc;
    drop_padding(out->insurer_number);
    pad_branch(out->branch_number);
    const char *consent = cell(r, COLUMN_CONSENT, NULL, &n);
    out->limit_consent = text_equal_n("1", consent, n);
    return rc;
}

static int32_t require(const struct reading *r, const char *text, const char *member,
                       struct fault *why) {
    return text[0] != '\0' ? SHK_OK : row_fault(r, SHK_E_INPUT, member, why);
}

static int32_t check_register(const struct reading *r, struct card_data *out, struct fault *why) {
    int32_t rc = put_text(r, COLUMN_REFERENCE, "reference_number", out->reference_number,
                          sizeof out->reference_number, why);
    return rc == SHK_OK ? require(r, out->reference_number, "reference_number", why) : rc;
}

int32_t bulk_person_read(const struct bulk_job *job, const struct bulk_table *table,
                         const struct csv_row *row, struct card_data *out, struct fault *why) {
    const struct reading r = {table, row};
    struct fault reason = {0};
    *out = (struct card_data){0};
    if (!columns_fit(table->columns, row)) {
        return shifted_fault(&r, why);
    }
    int32_t rc = read_card(&r, out, why);
    if (rc == SHK_OK && job->kind == BULK_REGISTER) {
        rc = check_register(&r, out, why);
    }
    if (rc == SHK_OK) {
        rc = card_data_check(out, job->check_digit, &reason);
        if (rc != SHK_OK) {
            rc = row_fault(&r, rc, reason.where, why);
        }
    }
    return rc;
}
