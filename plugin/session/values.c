#include "values.h"

#include <string.h>

#include "history_values.h"
#include "match_values.h"
#include "outbox_values.h"
#include "paths.h"
#include "readers_values.h"
#include "store_values.h"
#include "values_delivery.h"
#include "values_give.h"
#include "version.h"

static int32_t read_session_fault(struct session *s, const char *name, size_t n,
                                  struct reading *out) {
    bool refused = s->call_fault.code != 0;
    return values_read_fault(refused ? &s->call_fault : &s->values.fault, name, n, out);
}

static int32_t read_record(struct session *s, size_t record, const char *path, size_t n,
                           struct reading *out) {
    const struct record_set *set = s->values.records;
    struct path_step step;
    if (path_step(path, n, &step) && text_equal_n("paths", step.name, step.name_len) &&
        step.index > 0 && step.rest_len == 0) {
        if (set == NULL ||
            record_path_at(set, record, step.index - 1, out->scratch, sizeof out->scratch) < 0) {
            return SHK_E_ABSENT;
        }
        return values_give_text(out, out->scratch);
    }
    if (field_find(path, n) == NULL) {
        return SHK_E_PATH;
    }
    struct value value;
    int32_t rc = set != NULL ? record_value(set, record, path, n, &value) : SHK_E_ABSENT;
    if (rc != SHK_OK) {
        return rc;
    }
    out->text = value.text;
    out->len = value.len;
    out->is_number = value.is_number;
    out->number = value.number;
    return value.state == VALUE_ABSENT ? SHK_E_ABSENT : SHK_OK;
}

static int32_t read_reader(const struct values *v, const struct reader_state *reader,
                           const char *name, size_t n, struct reading *out) {
    if (text_equal_n("name", name, n)) {
        return values_give_text(out, reader->name);
    }
    if (text_equal_n("card", name, n)) {
        return values_give_number(out, reader->card_present ? 1 : 0);
    }
    if (text_equal_n("atr", name, n)) {
        hex_encode(reader->atr, reader->atr_len <= ATR_MAX ? reader->atr_len : 0, out->scratch);
        return values_give_if(out, out->scratch);
    }
    return readers_values_read_item(v->reader_facts, reader, name, n, out);
}

/* "field.insurer_number.label": the words of the field table, for any host's screen. */
static int32_t read_field(const char *path, size_t n, struct reading *out) {
    size_t dot = n;
    while (dot > 0 && path[dot - 1] != '.') {
        dot--;
    }
    const struct field *field = dot > 1 ? field_find(path, dot - 1) : NULL;
    if (field == NULL) {
        return SHK_E_PATH;
    }
    if (text_equal_n("label", path + dot, n - dot)) {
        return values_give_text(out, field->japanese);
    }
    if (text_equal_n("label_en", path + dot, n - dot)) {
        return values_give_text(out, field->english);
    }
    return text_equal_n("personal", path + dot, n - dot)
               ? values_give_number(out, field->personal ? 1 : 0)
               : SHK_E_PATH;
}

/* As the days of a record are written. */
static int32_t give_finished_on(const struct values *v, struct reading *out) {
    const char *day = v->progress.finished_on;
    if (!v->progressing || day[0] == '\0') {
        return SHK_E_ABSENT;
    }
    text_format(out->scratch, sizeof out->scratch, "%.4s-%.2s-%.2s", day, day + 4, day + 6);
    return values_give_text(out, out->scratch);
}

/* How far a long job is. */
static int32_t read_progress(const struct values *v, const char *path, size_t n,
                             struct reading *out) {
    const struct bulk_progress *p = &v->progress;
    const struct {
        const char *path;
        uint64_t number;
    } numbers[] = {
        {"done", p->done},
        {"total", p->total},
        {"unchanged", p->count[DIFFERENCE_UNCHANGED]},
        {"changed", p->count[DIFFERENCE_CHANGED]},
        {"lost", p->count[DIFFERENCE_LOST]},
        {"several", p->count[DIFFERENCE_SEVERAL]},
        {"not_found", p->count[DIFFERENCE_NOT_FOUND]},
        {"fault", p->count[DIFFERENCE_FAULT]},
        {"resumed", p->resumed ? 1 : 0},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (text_equal_n(numbers[i].path, path, n)) {
            return values_give_known(out, v->progressing ? (int64_t)numbers[i].number : -1);
        }
    }
    if (text_equal_n("left_s", path, n)) {
        return values_give_known(out, v->progressing ? p->left_s : -1);
    }
    if (text_equal_n("finished_on", path, n)) {
        return give_finished_on(v, out);
    }
    return SHK_E_PATH;
}

static int32_t read_plain(struct session *s, const char *path, size_t n, struct reading *out) {
    const struct values *v = &s->values;
    const struct {
        const char *path;
        int64_t number;
    } numbers[] = {
        {"outcome", v->outcome},
        {"job.running", s->job != 0 ? 1 : 0},
        {"pin.tries_left", v->tries_left},
        {"pin.kind", s->pin_kind > 0 ? s->pin_kind : -1},
        {"pin.last_try", s->pin_kind > 0 ? session_wants_word(s) : -1},
        {"pin.digits", s->pin_kind > 0 ? (int64_t)pin_kind_digits(s->pin_kind) : -1},
        {"card.apdus", v->apdus},
        {"card.apdus_after_pin", v->apdus_after_pin},
        {"delivery.last", v->last_delivery > 0 ? v->last_delivery : -1},
        {"delivery.not_due", v->not_due},
        {"text.losses", s->text_losses},
        {"timing.card_ms", v->card_ms},
        {"timing.challenge_ms", v->challenge_ms},
        {"timing.answer_ms", v->answer_ms},
        {"timing.delivery_ms", v->delivery_ms},
        {"registered.status", v->registered ? v->registered_status : -1},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (text_equal_n(numbers[i].path, path, n)) {
            return values_give_known(out, numbers[i].number);
        }
    }
    if (text_equal_n("pin.kind_name", path, n)) {
        return values_give_if(out, pin_kind_name(s->pin_kind));
    }
    if (text_equal_n("card.reader", path, n)) {
        return values_give_if(out, v->reader);
    }
    if (text_equal_n("route", path, n)) {
        return values_give_if(out, config_text(s->config, "route"));
    }
    if (text_equal_n("app.file", path, n)) {
        bool file = text_equal(config_text(s->config, "app.source"), "file");
        return values_give_if(out, file ? config_text(s->config, "app.file") : "");
    }
    if (text_equal_n("source", path, n)) {
        return values_give_if(out, v->source != NULL ? v->source : "");
    }
    if (text_equal_n("registered.code", path, n)) {
        return values_give_if(out, v->registered_code);
    }
    if (text_equal_n("gateway.clock_ahead_s", path, n)) {
        return v->report.clock_known ? values_give_number(out, v->report.clock_ahead_s)
                                     : SHK_E_ABSENT;
    }
    return SHK_E_PATH;
}

static int32_t read_drift(const struct session *s, const struct path_step *step,
                          struct reading *out) {
    const struct record_set *set = s->values.records;
    bool there = set != NULL && step->index > 0 && step->index <= record_drift_count(set);
    const char *raw = NULL;
    if (text_equal_n("element", step->rest, step->rest_len)) {
        return there ? values_give_text(out, record_drift_at(set, step->index - 1, &raw))
                     : SHK_E_ABSENT;
    }
    if (text_equal_n("line", step->rest, step->rest_len)) {
        int32_t line = there ? record_drift_line(set, step->index - 1) : 0;
        return line > 0 ? values_give_number(out, line) : SHK_E_ABSENT;
    }
    return SHK_E_PATH;
}

static int32_t read_listed(struct session *s, const struct path_step *step, struct reading *out) {
    const struct values *v = &s->values;
    if (text_equal_n("delivery", step->name, step->name_len)) {
        static const struct delivered none;
        bool there = step->index > 0 && step->index <= v->delivered_n;
        int32_t rc = values_read_delivery(there ? v->delivered[step->index - 1] : &none, step->rest,
                                          step->rest_len, out);
        return there || rc == SHK_E_PATH ? rc : SHK_E_ABSENT;
    }
    if (text_equal_n("readers", step->name, step->name_len)) {
        static const struct reader_state none;
        bool there = step->index > 0 && step->index <= v->readers.n;
        int32_t rc = read_reader(v, there ? &v->readers.at[step->index - 1] : &none, step->rest,
                                 step->rest_len, out);
        return there || rc == SHK_E_PATH ? rc : SHK_E_ABSENT;
    }
    if (text_equal_n("outbox", step->name, step->name_len)) {
        return outbox_values_read_item(v->outbox, step->index, step->rest, step->rest_len, out);
    }
    if (text_equal_n("history", step->name, step->name_len)) {
        return history_values_read_item(v->history, step->index, step->rest, step->rest_len, out);
    }
    if (text_equal_n("packs", step->name, step->name_len)) {
        return pack_values_read_list(&v->pack, step->index, step->rest, step->rest_len, out);
    }
    return text_equal_n("drift", step->name, step->name_len) ? read_drift(s, step, out)
                                                             : SHK_E_PATH;
}

/* What a job or a question has for the host: "pack.…", "match.…", … */
static int32_t read_group(struct session *s, const struct path_step *step, struct reading *out) {
    const struct values *v = &s->values;
    const char *rest = step->rest;
    size_t n = step->rest_len;
    if (text_equal_n("pack", step->name, step->name_len)) {
        return pack_values_read(&v->pack, rest, n, out);
    }
    if (text_equal_n("match", step->name, step->name_len)) {
        return match_values_read(v->match, rest, n, out);
    }
    if (text_equal_n("outbox", step->name, step->name_len)) {
        return outbox_values_read(v->outbox, rest, n, out);
    }
    if (text_equal_n("history", step->name, step->name_len)) {
        return history_values_read(v->history, rest, n, out);
    }
    if (text_equal_n("readers", step->name, step->name_len)) {
        return readers_values_read(v->reader_facts, rest, n, out);
    }
    return text_equal_n("store", step->name, step->name_len)
               ? store_values_read(v->store, rest, n, out)
               : SHK_E_PATH;
}

int32_t values_read(struct session *s, const char *path, size_t n, struct reading *out) {
    struct path_step step;
    *out = (struct reading){0};
    if (text_equal_n("version", path, n)) {
        return values_give_text(out, SHIKAKU_VERSION);
    }
    if (!path_step(path, n, &step)) {
        return SHK_E_PATH;
    }
    bool has_rest = step.rest_len > 0;
    if (has_rest && step.index == 0 && text_equal_n("field", step.name, step.name_len)) {
        return read_field(step.rest, step.rest_len, out);
    }
    if (s == NULL) {
        return SHK_E_PATH;
    }
    if (has_rest && step.index == 0 && text_equal_n("fault", step.name, step.name_len)) {
        return read_session_fault(s, step.rest, step.rest_len, out);
    }
    if (has_rest && step.index == 0 && text_equal_n("progress", step.name, step.name_len)) {
        return read_progress(&s->values, step.rest, step.rest_len, out);
    }
    if (has_rest && step.index == 0 && text_equal_n("record", step.name, step.name_len)) {
        return read_record(s, 1, step.rest, step.rest_len, out);
    }
    if (has_rest && step.index > 0 && text_equal_n("records", step.name, step.name_len)) {
        return read_record(s, step.index, step.rest, step.rest_len, out);
    }
    if (has_rest && step.index > 0) {
        return read_listed(s, &step, out);
    }
    int32_t rc = has_rest ? read_group(s, &step, out) : SHK_E_PATH;
    rc = rc == SHK_E_PATH ? card_values_read(&s->values.card, path, n, out) : rc;
    return rc == SHK_E_PATH ? read_plain(s, path, n, out) : rc;
}

static int32_t count_record(const struct session *s, size_t record, const char *path, size_t n,
                            int32_t *out) {
    const struct record_set *set = s->values.records;
    bool paths = text_equal_n("paths", path, n);
    size_t count = 0;
    if (!paths && !field_is_list(path, n)) {
        return SHK_E_PATH;
    }
    if (set != NULL && paths) {
        count = record_path_count(set, record);
    } else if (set != NULL && record_list_count(set, record, path, n, &count) != SHK_OK) {
        count = 0;
    }
    *out = (int32_t)count;
    return SHK_OK;
}

int32_t values_count(struct session *s, const char *path, size_t n, int32_t *out) {
    const struct values *v = &s->values;
    const struct record_set *set = v->records;
    const struct {
        const char *path;
        size_t count;
    } lists[] = {
        {"records", set != NULL ? record_count(set) : 0},
        {"delivery", v->delivered_n},
        {"readers", v->readers.n},
        {"drift", set != NULL ? record_drift_count(set) : 0},
        {"packs", v->pack.list.n},
        {"outbox", v->outbox != NULL ? v->outbox->n : 0},
        {"history", v->history != NULL ? v->history->n : 0},
    };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (text_equal_n(lists[i].path, path, n)) {
            *out = (int32_t)lists[i].count;
            return SHK_OK;
        }
    }
    struct path_step step;
    if (!path_step(path, n, &step) || step.rest_len == 0) {
        return SHK_E_PATH;
    }
    if (text_equal_n("pack", step.name, step.name_len) && step.index == 0) {
        return pack_values_count(&v->pack, step.rest, step.rest_len, out);
    }
    if (text_equal_n("match", step.name, step.name_len) && step.index == 0) {
        return match_values_count(v->match, step.rest, step.rest_len, out);
    }
    if (text_equal_n("delivery", step.name, step.name_len) && step.index > 0) {
        bool there = step.index <= v->delivered_n;
        return values_count_delivery(there ? v->delivered[step.index - 1] : NULL, step.rest,
                                     step.rest_len, out);
    }
    if (text_equal_n("record", step.name, step.name_len) && step.index == 0) {
        return count_record(s, 1, step.rest, step.rest_len, out);
    }
    if (text_equal_n("records", step.name, step.name_len) && step.index > 0) {
        return count_record(s, step.index, step.rest, step.rest_len, out);
    }
    return SHK_E_PATH;
}
