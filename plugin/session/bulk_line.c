#include "bulk_line.h"

#include <string.h>

#include "fields.h"
#include "text.h"

#define END_ROOM 40 /* of what bulk_line_end adds */

/* Collects the first failure, so that a line reads as it is written. */
struct pen {
    struct bytes *out;
    int32_t rc;
};

static void put(struct pen *pen, const char *text) {
    if (pen->rc == SHK_OK) {
        pen->rc = bytes_append_text(pen->out, text);
    }
}

static void put_n(struct pen *pen, const char *p, size_t n) {
    if (pen->rc == SHK_OK) {
        pen->rc = bytes_append(pen->out, p, n);
    }
}

static void put_json(struct pen *pen, const char *text) {
    if (pen->rc == SHK_OK) {
        pen->rc = bulk_json_text(pen->out, text);
    }
}

static void put_number(struct pen *pen, int64_t number) {
    char text[24];
    text_format(text, sizeof text, "%lld", (long long)number);
    put(pen, text);
}

static bool needs_escape(char c) {
    return (unsigned char)c < 0x20 || c == 0x7F || c == '"' || c == '\\';
}

static void put_escape(struct pen *pen, char c) {
    char escape[8];
    if (c == '"' || c == '\\') {
        text_format(escape, sizeof escape, "\\%c", c);
    } else {
        text_format(escape, sizeof escape, "\\u%04x", (unsigned)c);
    }
    put(pen, escape);
}

int32_t bulk_json_text(struct bytes *out, const char *text) {
    struct pen pen = {out, SHK_OK};
    put(&pen, "\"");
    while (*text != '\0') {
        size_t n = 0;
        while (text[n] != '\0' && !needs_escape(text[n])) {
            n++;
        }
        put_n(&pen, text, n);
        text += n;
        if (*text != '\0') {
            put_escape(&pen, *text++);
        }
    }
    put(&pen, "\"");
    return pen.rc;
}

/* What belongs to the batch: it says nothing about the patient and differs from run to run. */
static bool is_of_batch(const char *path, const char *text, const char *identifier) {
    static const char *const paths[] = {"file_identifier", "reception_number", "received_at"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (text_equal(path, paths[i])) {
            return true;
        }
    }
    return text_starts(path, "bulk.") || text_equal(text, identifier);
}

static void put_value(struct pen *pen, const struct value *value) {
    if (value->is_number) {
        put_number(pen, value->number);
    } else {
        put_json(pen, value->text);
    }
}

static void put_record(struct pen *pen, const struct record_set *set, size_t record,
                       const char *identifier) {
    char path[FIELD_PATH_MAX];
    struct value value;
    bool first = true;
    put(pen, "{");
    for (size_t i = 0; i < record_path_count(set, record); i++) {
        if (record_path_at(set, record, i, path, sizeof path) != SHK_OK ||
            record_value(set, record, path, strlen(path), &value) != SHK_OK ||
            is_of_batch(path, value.text, identifier)) {
            continue;
        }
        put(pen, first ? "" : ",");
        put_json(pen, path);
        put(pen, ":");
        put_value(pen, &value);
        first = false;
    }
    put(pen, "}");
}

static void put_answer(struct pen *pen, const struct bulk_verdict *v, const char *identifier) {
    put(pen, ",\"changed\":[");
    for (size_t i = 0; i < v->changed_n; i++) {
        put(pen, i > 0 ? "," : "");
        put_json(pen, v->values[v->changed[i]].path);
    }
    put(pen, "],\"records\":[");
    for (size_t i = 1; i <= record_count(v->set); i++) {
        put(pen, i > 1 ? "," : "");
        put_record(pen, v->set, i, identifier);
    }
    put(pen, "],\"record\":");
    put_number(pen, (int64_t)v->record);
    put(pen, ",\"drift\":[");
    for (size_t i = 0; i < record_drift_count(v->set); i++) {
        put(pen, i > 0 ? "," : "");
        put_json(pen, record_drift_at(v->set, i, NULL));
    }
    put(pen, "]");
}

static void put_fault(struct pen *pen, const struct fault *fault) {
    const struct fault_row *row = fault_find(fault->code);
    put(pen, ",\"fault\":{\"code\":");
    put_number(pen, fault->code);
    put(pen, ",\"name\":");
    put_json(pen, row != NULL ? row->name : "");
    put(pen, ",\"where\":");
    put_json(pen, fault->where);
    put(pen, ",\"message\":");
    put_json(pen, row != NULL ? row->japanese : "");
    put(pen, ",\"message_en\":");
    put_json(pen, row != NULL ? row->english : "");
    put(pen, "}");
}

static int32_t make_json(const struct bulk_batch *batch, struct bulk_row *row,
                         const struct bulk_verdict *v) {
    struct pen pen = {&row->json, SHK_OK};
    const char *identifier = row->asked ? batch->people[row->person].identifier : "";
    put(&pen, "{\"row\":");
    put_number(&pen, (int64_t)row->number);
    put(&pen, ",\"line\":");
    put_number(&pen, (int64_t)row->line);
    put(&pen, ",\"id\":");
    put_json(&pen, bulk_row_id(batch, row));
    if (v->code == NULL) {
        put(&pen, ",\"difference\":");
        put_json(&pen, difference_name(v->difference));
        put_answer(&pen, v, identifier);
    } else {
        put(&pen, v->difference == DIFFERENCE_UNCHANGED ? ",\"registered\":true,\"result_code\":"
                                                        : ",\"registered\":false,\"result_code\":");
        put_json(&pen, v->code);
    }
    if (v->fault != NULL) {
        put_fault(&pen, v->fault);
    }
    return pen.rc;
}

const char *bulk_csv_heading(enum bulk_kind kind) {
    return kind == BULK_REGISTER
               ? "\xEF\xBB\xBF\"番目\",\"行\",\"患者番号\",\"氏名\",\"結果\",\"説明\"\r\n"
               : "\xEF\xBB\xBF\"番目\",\"行\",\"患者番号\",\"氏名\",\"結果\",\"変わった項目\","
                 "\"変更内容\",\"資格有効性\",\"資格喪失年月日\",\"資格確認日\",\"説明\"\r\n";
}

/* A spreadsheet would calculate such a cell, whatever wrote it. */
static bool is_formula(const char *text) {
    static const char *const begins[] = {"=", "+", "-", "@", "＝", "＋", "－", "−", "＠"};
    for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++) {
        if (text_starts(text, begins[i])) {
            return true;
        }
    }
    return text[0] != '\0' && (char_is_space(text[0]) || (unsigned char)text[0] < 0x20);
}

int32_t bulk_csv_cell(struct bytes *out, const char *text, bool last) {
    struct pen pen = {out, SHK_OK};
    put(&pen, is_formula(text) ? "\"'" : "\"");
    for (const char *p = text; pen.rc == SHK_OK && *p != '\0'; p++) {
        const char plain[2] = {*p, '\0'};
        put(&pen, *p == '"' ? "\"\"" : (unsigned char)*p < 0x20 ? " " : plain);
    }
    put(&pen, last ? "\"" : "\",");
    return pen.rc;
}

int32_t bulk_csv_identifier(struct bytes *out, const char *text) {
    size_t n = 0;
    while (char_is_digit(text[n])) {
        n++;
    }
    if (n == 0 || text[n] != '\0') {
        return bulk_csv_cell(out, text, false);
    }
    struct pen pen = {out, SHK_OK};
    put(&pen, "\"=\"\"");
    put(&pen, text);
    put(&pen, "\"\"\",");
    return pen.rc;
}

/* "保険者番号" for "insurer_number". */
static const char *label_of(const char *path) {
    const struct field *field = field_find(path, strlen(path));
    return field != NULL ? field->japanese : path;
}

/* As a person reads it: the label of a code, else the value. */
static struct value readable(const struct record_set *set, size_t record, const char *path) {
    char label[FIELD_PATH_MAX + 8];
    struct value value = {.text = ""};
    text_format(label, sizeof label, "%s_label", path);
    if (record_value(set, record, label, strlen(label), &value) != SHK_OK ||
        value.state != VALUE_PRESENT) {
        (void)record_value(set, record, path, strlen(path), &value);
    }
    return value;
}

static int32_t names_of_changes(const struct bulk_verdict *v, struct bytes *out) {
    struct pen pen = {out, SHK_OK};
    for (size_t i = 0; i < v->changed_n; i++) {
        put(&pen, i > 0 ? "、" : "");
        put(&pen, label_of(v->values[v->changed[i]].path));
    }
    return pen.rc;
}

static int32_t changes(const struct bulk_verdict *v, struct bytes *out) {
    struct pen pen = {out, SHK_OK};
    for (size_t i = 0; i < v->changed_n; i++) {
        const struct host_value *value = &v->values[v->changed[i]];
        put(&pen, i > 0 ? " / " : "");
        put(&pen, label_of(value->path));
        put(&pen, ": ");
        put(&pen, value->text[0] != '\0' ? value->text : "(空欄)");
        put(&pen, " → ");
        put(&pen, readable(v->set, v->record, value->path).text);
    }
    return pen.rc;
}

/* The service's own words, and ours for a fault with the place to look at. */
static int32_t explanation(const struct bulk_verdict *v, struct bytes *out) {
    static const char *const messages[] = {"result_message", "error_message"};
    struct pen pen = {out, SHK_OK};
    const struct fault_row *row = v->fault != NULL ? fault_find(v->fault->code) : NULL;
    if (row != NULL) {
        put(&pen, row->japanese);
        put(&pen, v->fault->where[0] != '\0' ? " " : "");
        put(&pen, v->fault->where);
    }
    for (size_t i = 0; v->set != NULL && i < 2; i++) {
        struct value value = {.text = ""};
        (void)record_value(v->set, 1, messages[i], strlen(messages[i]), &value);
        put(&pen, out->n > 0 && value.text[0] != '\0' ? " " : "");
        put(&pen, value.text);
    }
    return pen.rc;
}

struct cells {
    struct bytes names, changes, explanation;
};

static int32_t fill_cells(const struct bulk_verdict *v, struct cells *cells) {
    int32_t rc = names_of_changes(v, &cells->names);
    rc = rc == SHK_OK ? changes(v, &cells->changes) : rc;
    return rc == SHK_OK ? explanation(v, &cells->explanation) : rc;
}

static const char *said(const struct bulk_verdict *v, size_t record, const char *path) {
    return v->set != NULL && record > 0 ? readable(v->set, record, path).text : "";
}

static const char *name_of(const struct bulk_batch *batch, const struct bulk_row *row,
                           const struct bulk_verdict *v) {
    const char *held = bulk_row_held(batch, row, "name");
    return held[0] != '\0' ? held : said(v, v->record, "name");
}

/* Number, line and the host's own number: what the row is found by. */
static int32_t put_place(struct bytes *out, const struct bulk_batch *batch,
                         const struct bulk_row *row) {
    char number[24], line[24];
    const char *id = bulk_row_id(batch, row);
    text_format(number, sizeof number, "%llu", (unsigned long long)row->number);
    text_format(line, sizeof line, "%llu", (unsigned long long)row->line);
    int32_t rc = bulk_csv_cell(out, number, false);
    rc = rc == SHK_OK ? bulk_csv_cell(out, line, false) : rc;
    if (rc == SHK_OK) {
        rc = batch->columns->excel ? bulk_csv_identifier(out, id) : bulk_csv_cell(out, id, false);
    }
    return rc;
}

static const char *result_of(const struct bulk_verdict *v) {
    return v->code == NULL                         ? difference_japanese(v->difference)
           : v->difference == DIFFERENCE_UNCHANGED ? "登録済み"
                                                   : "登録できず";
}

static int32_t put_cells(struct bytes *out, const struct bulk_batch *batch,
                         const struct bulk_row *row, const struct bulk_verdict *v,
                         const struct cells *cells) {
    bool compares = v->code == NULL;
    const char *cell[] = {name_of(batch, row, v),
                          result_of(v),
                          compares ? bytes_text(&cells->names) : NULL,
                          compares ? bytes_text(&cells->changes) : NULL,
                          compares ? said(v, 1, "validity") : NULL,
                          compares ? said(v, v->record, "disqualification_date") : NULL,
                          compares ? said(v, 1, "confirmation_date") : NULL,
                          bytes_text(&cells->explanation)};
    int32_t rc = put_place(out, batch, row);
    for (size_t i = 0; rc == SHK_OK && i < sizeof cell / sizeof cell[0]; i++) {
        if (cell[i] != NULL) {
            rc = bulk_csv_cell(out, cell[i], i + 1 == sizeof cell / sizeof cell[0]);
        }
    }
    return rc;
}

static int32_t make_csv(const struct bulk_batch *batch, struct bulk_row *row,
                        const struct bulk_verdict *v) {
    struct cells cells = {0};
    int32_t rc = fill_cells(v, &cells);
    if (rc == SHK_OK) {
        rc = put_cells(&row->csv, batch, row, v, &cells);
    }
    bytes_clear(&cells.names);
    bytes_clear(&cells.changes);
    bytes_clear(&cells.explanation);
    return rc;
}

int32_t bulk_line_make(const struct bulk_batch *batch, struct bulk_row *row,
                       const struct bulk_verdict *verdict, struct fault *why) {
    int32_t rc = make_json(batch, row, verdict);
    rc = rc == SHK_OK ? make_csv(batch, row, verdict) : rc;
    /* Thousands of them wait. */
    rc = rc == SHK_OK ? bytes_fit(&row->json, END_ROOM) : rc;
    rc = rc == SHK_OK ? bytes_fit(&row->csv, END_ROOM) : rc;
    return rc == SHK_OK ? SHK_OK : fault_raise(why, rc);
}

int32_t bulk_line_end(struct bulk_row *row, struct fault *why) {
    struct pen pen = {&row->json, SHK_OK};
    if (row->again > 0) {
        put(&pen, ",\"answers_passed_over\":");
        put_number(&pen, row->again);
    }
    put(&pen, "}\n");
    pen.out = &row->csv;
    put(&pen, "\r\n");
    return pen.rc == SHK_OK ? SHK_OK : fault_raise(why, pen.rc);
}
