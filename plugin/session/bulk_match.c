#include <string.h>

#include "bulk_work.h"
#include "fold.h"

#define HELD_MAX ((size_t)3 * 1024 * 1024)

int32_t bulk_say(struct bulk_work *w, struct bulk_row *row, const struct bulk_verdict *verdict,
                 struct fault *why) {
    int32_t rc = bulk_line_make(&w->batch, row, verdict, why);
    if (rc != SHK_OK) {
        return rc;
    }
    row->difference = verdict->difference;
    row->state = ROW_HELD;
    w->live[row->difference]++;
    w->batch.held += bulk_row_room(row);
    return SHK_OK;
}

int32_t bulk_say_fault(struct bulk_work *w, struct bulk_row *row, const struct fault *fault,
                       struct fault *why) {
    const struct bulk_verdict verdict = {.difference = DIFFERENCE_FAULT,
                                         .code = w->job->kind == BULK_REGISTER ? "" : NULL,
                                         .fault = fault};
    return bulk_say(w, row, &verdict, why);
}

int32_t bulk_forget(struct bulk_work *w, struct fault *why) {
    bulk_batch_forget(&w->batch);
    memset(w->live, 0, sizeof w->live);
    for (size_t i = 0; i < w->batch.n; i++) {
        if (w->batch.row[i].state != ROW_OPEN) {
            w->live[w->batch.row[i].difference]++;
        }
    }
    return bulk_out_is_at(&w->out, &w->state) ? SHK_OK : bulk_out_rewind(&w->out, &w->state, why);
}

/* Lines come in the order of the rows; only when they would fill the memory the ones that are there go
 * out first. A row that was not asked keeps its line: it is not made again. */
static int32_t relieve(struct bulk_work *w, struct fault *why) {
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && w->batch.held > HELD_MAX && i < w->batch.n; i++) {
        if (w->batch.row[i].state == ROW_HELD && w->batch.row[i].asked) {
            rc = bulk_out_add(&w->out, &w->batch, &w->batch.row[i], why);
        }
    }
    return rc;
}

static struct value value_at(const struct record_set *set, size_t record, const char *path) {
    struct value value = {.text = ""};
    (void)record_value(set, record, path, strlen(path), &value);
    return value;
}

/* YYYY-MM-DD against yyyyMMdd. */
static bool same_day(const char *day, const char *digits) {
    return strlen(day) == 10 && strlen(digits) == 8 && memcmp(day, digits, 4) == 0 &&
           memcmp(day + 5, digits + 4, 2) == 0 && memcmp(day + 8, digits + 6, 2) == 0;
}

/* The echo may be short, but what it says must be what was asked. */
static bool echo_fits(const struct record_set *set, const struct card_data *asked) {
    const struct value birth = value_at(set, 1, "search.birth_date");
    const struct value number = value_at(set, 1, "search.number");
    const struct value insurer = value_at(set, 1, "search.insurer_number");
    return (birth.state != VALUE_PRESENT || same_day(birth.text, asked->birth_date)) &&
           (number.state != VALUE_PRESENT ||
            fold_same(fold_number_short, number.text, asked->number)) &&
           (insurer.state != VALUE_PRESENT ||
            fold_same_insurer(insurer.text, asked->insurer_number));
}

/* Whoever is described was born on the day that was asked for. */
static bool persons_fit(const struct record_set *set, const struct card_data *asked) {
    bool echoed = value_at(set, 1, "search.birth_date").state == VALUE_PRESENT;
    for (size_t i = 1; i <= record_count(set); i++) {
        const struct value birth = value_at(set, i, "birth_date");
        bool described = value_at(set, i, "insurer_number").state == VALUE_PRESENT ||
                         value_at(set, i, "name").state == VALUE_PRESENT;
        if (birth.state == VALUE_PRESENT ? !same_day(birth.text, asked->birth_date)
                                         : described && !echoed) {
            return false;
        }
    }
    return true;
}

static int32_t foreign(struct bulk_matching *m, struct bulk_row *row, struct fault *why) {
    struct fault fault = {0};
    fault_set(&fault, SHK_E_ANSWER_FOREIGN, SHK_NATIVE_NONE, 0, "照会と違う内容");
    m->foreign++;
    return bulk_say_fault(m->w, row, &fault, why);
}

static int32_t compare(struct bulk_matching *m, struct bulk_row *row, const struct record_set *set,
                       struct fault *why) {
    struct host_value values[COLUMNS_MAX];
    size_t changed[COLUMNS_MAX];
    struct fault fault = {0};
    struct bulk_verdict verdict = {.set = set, .values = values, .changed = changed};
    size_t n = bulk_row_values(&m->w->batch, row, values);
    verdict.difference =
        compare_record(set, values, n, changed, &verdict.changed_n, &verdict.record);
    if (verdict.difference == DIFFERENCE_FAULT) {
        fault_raise(&fault, SHK_E_ANSWER_ERROR);
        verdict.fault = &fault;
    }
    m->matched++;
    return bulk_say(m->w, row, &verdict, why);
}

static int32_t match(struct bulk_matching *m, const struct record_set *set, struct fault *why) {
    struct bulk_work *w = m->w;
    const struct value mark = value_at(set, 1, "search.arbitrary_identifier");
    struct bulk_row *row = bulk_batch_find(
        &w->batch,
        mark.state == VALUE_PRESENT ? mark.text : value_at(set, 1, "arbitrary_identifier").text);
    if (row == NULL) {
        m->foreign++;
        return SHK_OK;
    }
    if (row->state != ROW_OPEN) {
        row->again++;
        m->again++;
        return SHK_OK;
    }
    const struct card_data *asked = &w->batch.people[row->person];
    int32_t rc = echo_fits(set, asked) && persons_fit(set, asked) ? compare(m, row, set, why)
                                                                  : foreign(m, row, why);
    return rc == SHK_OK ? relieve(w, why) : rc;
}

int32_t bulk_match(void *matching, size_t number, struct record_set *set,
                   const struct fault *unread, struct fault *why) {
    struct bulk_matching *m = matching;
    int32_t rc = SHK_OK;
    (void)number;
    m->units++;
    if (bulk_stopped(m->w)) {
        rc = fault_raise(why, SHK_E_CANCELLED);
    } else if (set != NULL) {
        rc = match(m, set, why);
    } else {
        m->unread++;
        log_fault(m->w->world->log, unread);
    }
    record_free(&set);
    return rc;
}
