#include "mapping_plain.h"

#include <string.h>

#include "charset.h"

static const char *const paths[PLAIN_COLUMNS] = {
    "confirmation_date",
    "reference_number",
    "name",
    "name_kana",
    "birth_date",
    "birth_date",
    "sex",
    "postal_code",
    "address",
    "insurer_number",
    "insurer_name",
    "symbol",
    "number",
    "branch_number",
    "relation",
    "insured_name",
    "qualification_date",
    "disqualification_date",
    "valid_from",
    "valid_until",
    "burden_percent",
    "elderly.burden_percent",
    "elderly.valid_from",
    "elderly.valid_until",
    "limit.category_label",
    "limit.valid_from",
    "limit.valid_until",
    "validity_label",
    "card_class_label",
    "specific_diseases[1].disease_label",
    "specific_diseases[1].self_pay_yen",
    "name_other",
    "name_other_kana",
    "processed_at",
    "issued_on",
    "preschool",
    "loss_reason",
    "institution_code",
    "derived.name_folded",
};

void mapping_plain_open(struct mapping_plain *plain) {
    for (size_t i = 0; i < PLAIN_COLUMNS; i++) {
        (void)record_place(paths[i], strlen(paths[i]), &plain->at[i]);
    }
}

static int32_t add_column(const struct record_set *set, const struct record_place *place,
                          struct bytes *line) {
    struct value value;
    int32_t rc = record_value_at(set, 1, place, &value);
    bool date = rc == SHK_OK && value.state == VALUE_PRESENT && value.field->type == FIELD_DATE;
    rc = rc == SHK_OK ? bytes_append(line, value.text, value.len) : rc;
    for (size_t i = line->n; date && i > line->n - value.len; i--) {
        line->p[i - 1] = line->p[i - 1] == '-' ? '/' : line->p[i - 1];
    }
    return rc == SHK_OK ? bytes_append_byte(line, ',') : rc;
}

int32_t mapping_plain_row(const struct mapping_plain *plain, const struct record_set *set,
                          struct bytes *row) {
    struct bytes line = {0};
    struct cp932_loss loss = {0};
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < PLAIN_COLUMNS; i++) {
        rc = add_column(set, &plain->at[i], &line);
    }
    rc = rc == SHK_OK ? bytes_append_text(&line, "1\r\n") : rc;
    rc = rc == SHK_OK ? utf8_to_cp932((const char *)line.p, line.n, row, &loss) : rc;
    bytes_clear(&line);
    return rc;
}
