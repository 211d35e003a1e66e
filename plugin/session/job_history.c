/* The history: listing it, verifying it, writing it out for a dispute about a returned claim (返戻). */
#include <string.h>

#include "bulk_line.h"
#include "day.h"
#include "flow.h"
#include "history_values.h"
#include "keep.h"
#include "outbox_values.h"

#define LIMIT_DEFAULT 100
#define LIMIT_MOST    100000
#define DAY_S         INT64_C(86400)
#define JAPAN_S       INT64_C(32400) /* Japan is nine hours ahead */
#define EXPORT_MAX    ((size_t)512 * 1024 * 1024)

static const char *input_of(const struct session *s, const char *name) {
    return inputs_text(&s->inputs, name);
}

static bool is_action(const struct session *s, const char *action) {
    const char *given = input_of(s, "history.action");
    return text_equal(given[0] != '\0' ? given : "list", action);
}

static int32_t refuse_input(struct fault *why, const char *path) {
    return fault_set(why, SHK_E_INPUT, SHK_NATIVE_NONE, 0, path);
}

static bool limit_of(const struct session *s, int64_t *out) {
    const char *given = input_of(s, "history.limit");
    *out = LIMIT_DEFAULT;
    return given[0] == '\0' ||
           (text_to_int64(given, strlen(given), out) && *out >= 1 && *out <= LIMIT_MOST);
}

int32_t job_history_ready(const struct session *s, struct fault *why) {
    int64_t unused = 0;
    char day[9];
    bool export = is_action(s, "export");
    if (!export && !is_action(s, "list") && !is_action(s, "verify")) {
        return refuse_input(why, "history.action");
    }
    if (!limit_of(s, &unused)) {
        return refuse_input(why, "history.limit");
    }
    if (export && input_of(s, "history.out")[0] == '\0') {
        return refuse_input(why, "history.out");
    }
    int32_t rc = day_of_input(s, "history.from", day, why);
    return rc == SHK_OK ? day_of_input(s, "history.to", day, why) : rc;
}

/* Days since 1970-01-01 of a day of the present calendar. */
static int64_t day_number(const char day[9]) {
    int64_t digits = 0;
    (void)text_to_int64(day, 8, &digits);
    int64_t y = digits / 10000, m = digits / 100 % 100, d = digits % 100;
    y -= m <= 2 ? 1 : 0;
    int64_t of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return 365 * y + y / 4 - y / 100 + y / 400 + of_year - 719468;
}

/* When the day begins in Japan; 0 when it is not given. */
static int64_t begin_of(const struct session *s, const char *input, int64_t days) {
    char day[9];
    struct fault unsaid = {0};
    if (input_of(s, input)[0] == '\0' || day_of_input(s, input, day, &unsaid) != SHK_OK) {
        return 0;
    }
    return (day_number(day) + days) * DAY_S - JAPAN_S;
}

static struct history_filter filter_of(const struct session *s) {
    struct history_filter filter = {.from_s = begin_of(s, "history.from", 0)};
    if (input_of(s, "history.to")[0] != '\0') {
        int64_t end = begin_of(s, "history.to", 1);
        filter.to_s = end > 1 ? end - 1 : 1; /* 0 would be no end at all */
    }
    return filter;
}

static bool is_wanted(const struct session *s, const struct history_entry *entry) {
    const char *patient = input_of(s, "history.patient");
    return patient[0] == '\0' || text_equal(patient, history_fact_of(entry, "patient_id"));
}

struct listing {
    struct session *s;
    struct history_values *v;
    struct bytes csv;
};

static int32_t take_entry(void *self, const struct history_entry *entry, struct fault *why) {
    struct listing *l = self;
    if (session_stopping(l->s)) {
        return fault_raise(why, SHK_E_CANCELLED);
    }
    if (!is_wanted(l->s, entry)) {
        return SHK_OK;
    }
    int32_t rc = history_values_add(l->v, entry);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

static int32_t list(struct listing *l, struct fault *why) {
    struct history_filter filter = filter_of(l->s);
    int64_t limit = 0;
    (void)limit_of(l->s, &limit);
    /* The newest of one patient may lie far back. */
    filter.limit = input_of(l->s, "history.patient")[0] != '\0' ? 0 : limit;
    int32_t rc = history_list(l->s->store, &filter, take_entry, l, why);
    history_values_keep(l->v, (size_t)limit);
    return rc;
}

/* What stands before the facts in every row. */
static int32_t put_heading(struct bytes *csv) {
    static const char *const first[] = {"番号", "日時", "種類", "回答の番号", "送信の番号"};
    int32_t rc = bytes_append_text(csv, "\xEF\xBB\xBF");
    for (size_t i = 0; rc == SHK_OK && i < sizeof first / sizeof first[0]; i++) {
        rc = bulk_csv_cell(csv, first[i], false);
    }
    for (size_t i = 0; rc == SHK_OK && i < history_fact_count(); i++) {
        rc = bulk_csv_cell(csv, history_fact_at(i)->japanese, i + 1 == history_fact_count());
    }
    return rc == SHK_OK ? bytes_append_text(csv, "\r\n") : rc;
}

static bool is_identifier(const char *name) {
    static const char *const names[] = {"insurer_number", "symbol", "number", "branch_number",
                                        "patient_id"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (text_equal(name, names[i])) {
            return true;
        }
    }
    return false;
}

static int32_t put_facts(struct bytes *csv, const struct history_entry *entry) {
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < history_fact_count(); i++) {
        const char *name = history_fact_at(i)->name;
        const char *value = history_fact_of(entry, name);
        bool last = i + 1 == history_fact_count();
        rc = is_identifier(name) && !last ? bulk_csv_identifier(csv, value)
                                          : bulk_csv_cell(csv, value, last);
    }
    return rc;
}

static int32_t put_entry(struct bytes *csv, const struct history_entry *entry) {
    char seq[24], at[20];
    text_format(seq, sizeof seq, "%lld", (long long)entry->seq);
    outbox_time(entry->at_s, at);
    int32_t rc = bulk_csv_cell(csv, seq, false);
    rc = rc == SHK_OK ? bulk_csv_cell(csv, at, false) : rc;
    rc = rc == SHK_OK ? bulk_csv_cell(csv, history_kind_japanese(entry->kind), false) : rc;
    rc = rc == SHK_OK ? bulk_csv_cell(csv, entry->answer, false) : rc;
    rc = rc == SHK_OK ? bulk_csv_cell(csv, entry->delivery, false) : rc;
    rc = rc == SHK_OK ? put_facts(csv, entry) : rc;
    return rc == SHK_OK ? bytes_append_text(csv, "\r\n") : rc;
}

static int32_t export_entry(void *self, const struct history_entry *entry, struct fault *why) {
    struct listing *l = self;
    if (session_stopping(l->s)) {
        return fault_raise(why, SHK_E_CANCELLED);
    }
    if (!is_wanted(l->s, entry)) {
        return SHK_OK;
    }
    if (l->csv.n > EXPORT_MAX) {
        return fault_raise(why, SHK_E_FILE_TOO_LARGE);
    }
    l->v->exported++;
    int32_t rc = put_entry(&l->csv, entry);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

static int32_t export_to_file(struct listing *l, struct fault *why) {
    const struct env *env = &l->s->env;
    struct history_filter filter = filter_of(l->s);
    const char *path = input_of(l->s, "history.out");
    l->v->exported = 0;
    int32_t rc = put_heading(&l->csv);
    if (rc != SHK_OK) {
        return fault_raise(why, rc);
    }
    rc = history_list(l->s->store, &filter, export_entry, l, why);
    if (rc == SHK_OK) {
        struct fault reason = {0};
        rc = env->files->put(env->files_self, path, l->csv.p, l->csv.n, false, &reason);
        rc = rc == SHK_OK
                 ? rc
                 : fault_set(why, rc, reason.native_kind, reason.native, text_file_name(path));
    }
    l->v->exported = rc == SHK_OK ? l->v->exported : -1;
    return rc;
}

static int32_t run(struct listing *l, struct fault *why) {
    /* A list of a chain that is broken says so, too; only what was asked for fails. */
    struct fault broken = {0};
    int32_t rc = history_verify(l->s->store, &l->v->state, &broken);
    if (rc != SHK_OK && (rc != SHK_E_HISTORY_BROKEN || is_action(l->s, "verify"))) {
        *why = broken;
        return rc;
    }
    if (is_action(l->s, "verify")) {
        return SHK_OK;
    }
    return is_action(l->s, "export") ? export_to_file(l, why) : list(l, why);
}

void job_history(struct session *s, struct fault *why) {
    struct listing l = {.s = s, .v = history_values_new()};
    if (l.v == NULL) {
        fault_raise(why, SHK_E_MEMORY);
        return;
    }
    if (keep_require(s, why) == SHK_OK) {
        (void)run(&l, why);
    }
    mutex_lock(s->lock);
    struct history_values *old = s->values.history;
    s->values.history = l.v;
    mutex_unlock(s->lock);
    history_values_free(&old);
    bytes_clear(&l.csv);
    log_event(s->log, SHK_LOG_INFO, "history.end", "code", (int64_t)why->code);
}
