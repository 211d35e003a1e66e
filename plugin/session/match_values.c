#include "match_values.h"

#include <string.h>

#include "fields.h"
#include "paths.h"
#include "values_give.h"

/* One text by its name; SHK_E_PATH when no row has it. */
struct row {
    const char *name, *text;
};

static int32_t give_row(const struct row *rows, size_t rows_n, const char *path, size_t n,
                        struct reading *out) {
    for (size_t i = 0; i < rows_n; i++) {
        if (text_equal_n(rows[i].name, path, n)) {
            return values_give_if(out, rows[i].text != NULL ? rows[i].text : "");
        }
    }
    return SHK_E_PATH;
}

static int32_t read_grade(enum match_grade grade, const char *path, size_t n, struct reading *out) {
    if (text_equal_n("grade", path, n)) {
        return values_give_known(out, grade != MATCH_NONE ? (int64_t)grade : -1);
    }
    bool there = grade != MATCH_NONE;
    const struct row rows[] = {
        {"grade_name", there ? match_grade_name(grade) : ""},
        {"grade_text", there ? match_grade_japanese(grade) : ""},
    };
    return give_row(rows, sizeof rows / sizeof rows[0], path, n, out);
}

static int32_t read_reason(const struct match_reason_row *reason, const char *path, size_t n,
                           struct reading *out) {
    static const struct match_reason_row none = {.name = "", .japanese = "", .english = ""};
    const struct match_reason_row *r = reason != NULL ? reason : &none;
    const struct row rows[] = {{"name", r->name}, {"text", r->japanese}, {"text_en", r->english}};
    return give_row(rows, sizeof rows / sizeof rows[0], path, n, out);
}

static int32_t read_field(const struct match_field *f, const char *path, size_t n,
                          struct reading *out) {
    const struct field *field = f != NULL ? field_find(f->path, strlen(f->path)) : NULL;
    if (text_equal_n("take", path, n)) {
        return values_give_known(out, f == NULL ? -1 : f->take ? 1 : 0);
    }
    const struct row rows[] = {
        {"path", f != NULL ? f->path : ""},
        {"label", field != NULL ? field->japanese : ""},
        {"label_en", field != NULL ? field->english : ""},
        {"old", f != NULL ? f->old : ""},
        {"now", f != NULL ? f->now : ""},
        {"difference", f != NULL ? match_difference_name(f->difference) : ""},
        {"difference_text", f != NULL ? match_difference_japanese(f->difference) : ""},
    };
    return give_row(rows, sizeof rows / sizeof rows[0], path, n, out);
}

/* What is listed of a candidate; `at` counts from 1, 0 is none. */
static int32_t read_listed(const struct match_question *q, size_t at, const struct path_step *step,
                           struct reading *out) {
    const struct match_candidate *c = at > 0 ? &q->result.at[at - 1] : NULL;
    int32_t rc = SHK_E_PATH;
    bool there = false;
    if (text_equal_n("reason", step->name, step->name_len)) {
        there = c != NULL && step->index <= c->reasons_n;
        rc = read_reason(there ? c->reasons[step->index - 1] : NULL, step->rest, step->rest_len,
                         out);
    } else if (text_equal_n("field", step->name, step->name_len)) {
        there = c != NULL && step->index <= q->fields_n[at - 1];
        rc = read_field(there ? &q->fields[at - 1][step->index - 1] : NULL, step->rest,
                        step->rest_len, out);
    }
    return there || rc == SHK_E_PATH ? rc : SHK_E_ABSENT;
}

/* The host's own value of any field: "candidate[2].name_kana". */
static int32_t read_value(const struct match_patient *patient, const char *path, size_t n,
                          struct reading *out) {
    for (size_t i = 0; patient != NULL && i < patient->n; i++) {
        if (text_equal_n(patient->values[i].path, path, n)) {
            return values_give_if(out, patient->values[i].text);
        }
    }
    return field_find(path, n) != NULL ? SHK_E_ABSENT : SHK_E_PATH;
}

static int32_t read_candidate(const struct match_question *q, size_t index, const char *path,
                              size_t n, struct reading *out) {
    struct path_step step;
    size_t at = q != NULL && index <= q->result.n ? index : 0;
    const struct match_candidate *c = at > 0 ? &q->result.at[at - 1] : NULL;
    const struct match_patient *patient = c != NULL ? &q->found.at[c->patient] : NULL;
    if (text_equal_n("id", path, n)) {
        return values_give_if(out, patient != NULL ? patient->id : "");
    }
    if (path_step(path, n, &step) && step.index > 0 && step.rest_len > 0) {
        return read_listed(q, at, &step, out);
    }
    int32_t rc = read_grade(c != NULL ? c->grade : MATCH_NONE, path, n, out);
    return rc == SHK_E_PATH ? read_value(patient, path, n, out) : rc;
}

int32_t match_values_read(const struct match_question *q, const char *path, size_t n,
                          struct reading *out) {
    struct path_step step;
    if (path_step(path, n, &step) && step.index > 0 && step.rest_len > 0 &&
        text_equal_n("candidate", step.name, step.name_len)) {
        return read_candidate(q, step.index, step.rest, step.rest_len, out);
    }
    const struct {
        const char *path;
        int64_t number;
    } numbers[] = {
        {"delivery", q != NULL ? (int64_t)q->delivery : -1},
        {"record", q != NULL ? (int64_t)q->record : -1},
        {"left_out", q != NULL ? (int64_t)q->result.left_out : -1},
        {"open", q != NULL && q->open && !q->given ? 1 : 0},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (text_equal_n(numbers[i].path, path, n)) {
            return values_give_known(out, numbers[i].number);
        }
    }
    if (text_equal_n("target", path, n)) {
        return values_give_if(out, q != NULL ? q->target : "");
    }
    return read_grade(q != NULL ? q->result.grade : MATCH_NONE, path, n, out);
}

int32_t match_values_count(const struct match_question *q, const char *path, size_t n,
                           int32_t *out) {
    struct path_step step;
    size_t count = 0;
    if (text_equal_n("candidate", path, n)) {
        *out = q != NULL ? (int32_t)q->result.n : 0;
        return SHK_OK;
    }
    if (!path_step(path, n, &step) || step.index == 0 ||
        !text_equal_n("candidate", step.name, step.name_len)) {
        return SHK_E_PATH;
    }
    bool there = q != NULL && step.index <= q->result.n;
    if (text_equal_n("reason", step.rest, step.rest_len)) {
        count = there ? q->result.at[step.index - 1].reasons_n : 0;
    } else if (text_equal_n("field", step.rest, step.rest_len)) {
        count = there ? q->fields_n[step.index - 1] : 0;
    } else {
        return SHK_E_PATH;
    }
    *out = (int32_t)count;
    return SHK_OK;
}
