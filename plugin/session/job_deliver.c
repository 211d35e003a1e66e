/* The outbox: listing what waits, delivering it, taking one out. */
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "deliver.h"
#include "destination.h"
#include "flow.h"
#include "keep.h"
#include "notes.h"
#include "outbox_values.h"
#include "outcome.h"

#define ROWS_MAX ((size_t)100000)

static const char *input_of(const struct session *s, const char *name) {
    return inputs_text(&s->inputs, name);
}

static bool is_action(const struct session *s, const char *action) {
    const char *given = input_of(s, "outbox.action");
    return text_equal(given[0] != '\0' ? given : "deliver", action);
}

static int32_t refuse_input(struct fault *why, const char *path) {
    return fault_set(why, SHK_E_INPUT, SHK_NATIVE_NONE, 0, path);
}

int32_t job_deliver_ready(const struct session *s, struct fault *why) {
    bool drop = is_action(s, "drop");
    if (!drop && !is_action(s, "list") && !is_action(s, "deliver") && !is_action(s, "ask")) {
        return refuse_input(why, "outbox.action");
    }
    return drop && input_of(s, "outbox.id")[0] == '\0' ? refuse_input(why, "outbox.id") : SHK_OK;
}

struct rows {
    struct outbox_row *at;
    size_t n, cap;
};

/* A note may name a file of a patient. */
static void clear_rows(struct rows *rows) {
    if (rows->at != NULL) {
        memory_wipe(rows->at, rows->n * sizeof *rows->at);
    }
    free(rows->at);
    *rows = (struct rows){0};
}

static int32_t take_row(void *self, const struct outbox_row *row, struct fault *why) {
    struct rows *rows = self;
    if (rows->n == rows->cap) {
        size_t cap = rows->cap == 0 ? 64 : rows->cap * 2;
        struct outbox_row *grown =
            cap <= ROWS_MAX * 2 ? realloc(rows->at, cap * sizeof *grown) : NULL;
        if (grown == NULL) {
            return fault_raise(why, SHK_E_MEMORY);
        }
        rows->at = grown;
        rows->cap = cap;
    }
    rows->at[rows->n++] = *row;
    return SHK_OK;
}

static void describe(struct session *s, const struct outbox_row *row, struct outbox_item *out) {
    struct record_set *set = NULL;
    struct fault unsaid = {0};
    out->row = *row;
    out->delivery = target_find(s, row->target);
    if (out->delivery > 0) {
        text_copy(out->adapter, sizeof out->adapter,
                  config_delivery(s->config, out->delivery, "adapter"));
    }
    outbox_time(row->at_s, out->at);
    if (row->last != 0) {
        fault_raise(&out->fault, row->last);
    }
    if (delivery_thaw(s, row->answer, &set, &unsaid) == SHK_OK) {
        out->name = text_dup(record_said(set, (size_t)row->record, "name").text);
        out->birth_date = text_dup(record_said(set, (size_t)row->record, "birth_date").text);
    }
    record_free(&set);
}

static void count(const struct rows *rows, int64_t *waiting, int64_t *undecided) {
    *waiting = (int64_t)rows->n;
    *undecided = 0;
    for (size_t i = 0; i < rows->n; i++) {
        *undecided += rows->at[i].state == DELIVERY_UNDECIDED ? 1 : 0;
    }
}

static int32_t list(struct session *s, const struct rows *rows, struct fault *why) {
    struct outbox_values *v = calloc(1, sizeof *v);
    if (v != NULL) {
        v->items = calloc(rows->n + 1, sizeof *v->items);
    }
    if (v == NULL || v->items == NULL) {
        outbox_values_free(&v);
        return fault_raise(why, SHK_E_MEMORY);
    }
    count(rows, &v->waiting, &v->undecided);
    for (size_t i = 0; i < rows->n; i++) {
        describe(s, &rows->at[i], &v->items[i]);
        v->n++;
    }
    mutex_lock(s->lock);
    struct outbox_values *old = s->values.outbox;
    s->values.outbox = v;
    mutex_unlock(s->lock);
    outbox_values_free(&old);
    return SHK_OK;
}

static const struct outbox_row *find_row(const struct rows *rows, const char *id) {
    for (size_t i = 0; i < rows->n; i++) {
        if (text_equal(rows->at[i].id, id)) {
            return &rows->at[i];
        }
    }
    return NULL;
}

static int32_t drop(struct session *s, const struct rows *rows, struct fault *why) {
    const struct outbox_row *row = find_row(rows, input_of(s, "outbox.id"));
    struct notes notes;
    if (row == NULL) {
        return refuse_input(why, "outbox.id");
    }
    notes_begin(&notes, s, HISTORY_DROPPED, row->answer, "");
    text_copy(notes.entry.delivery, sizeof notes.entry.delivery, row->id);
    notes_add(&notes, "target", row->target);
    notes_add(&notes, "decision", "drop");
    return outbox_drop(s->store, row->id, &notes.entry, why);
}

static bool is_wanted(const struct session *s, const struct outbox_row *row) {
    const char *id = input_of(s, "outbox.id");
    if (id[0] != '\0') {
        return text_equal(row->id, id);
    }
    return row->state != DELIVERY_UNDECIDED || is_action(s, "ask");
}

/* One page: a person and what they are due to. */
struct page {
    struct session *s;
    struct rows *rows;
    size_t at, shown;
    int64_t delivered;
    struct fault first;
};

static int32_t turn_page(struct page *page, struct fault *why) {
    struct session *s = page->s;
    if (page->shown++ > 0) {
        session_post(s, SHK_EVENT_NEXT);
        session_turn_page(s);
    }
    return session_stopping(s) ? fault_raise(why, SHK_E_CANCELLED) : SHK_OK;
}

static void deliver_answer(struct page *page, const char *answer, struct record_set *set) {
    struct session *s = page->s;
    answer_show(s, set, true, "outbox");
    mutex_lock(s->lock);
    s->values.told = true;
    mutex_unlock(s->lock);
    session_post(s, SHK_EVENT_ANSWER);
    for (size_t i = page->at; i < page->rows->n; i++) {
        struct outbox_row *row = &page->rows->at[i];
        struct fault why = {0};
        if (!text_equal(row->answer, answer) || !is_wanted(s, row)) {
            continue;
        }
        size_t told = s->values.delivered_n;
        if (deliver_row(s, row, set, true, &why) == SHK_OK) {
            page->delivered +=
                s->values.delivered_n > told ? 1 : 0; /* not: a person did not want it */
        } else if (page->first.code == 0) {
            page->first = why;
        }
        row->id[0] = '\0';
    }
}

/* An answer that cannot be read holds up nobody else's. */
static void tell_unread(struct page *page, const struct fault *unread) {
    mutex_lock(page->s->lock);
    page->s->values.told = true;
    mutex_unlock(page->s->lock);
    session_post_fault(page->s, unread);
    if (page->first.code == 0) {
        page->first = *unread;
    }
}

/* An answer goes with its last delivery: another PC has just finished that, or the store has lost it. */
static int32_t read_answer(struct page *page, const struct outbox_row *row, struct record_set **set,
                           struct fault *unread) {
    bool waits = false;
    int32_t rc = delivery_thaw(page->s, row->answer, set, unread);
    if (rc == SHK_E_ABSENT && outbox_waits(page->s->store, row->id, &waits, NULL) == SHK_OK &&
        waits) {
        fault_clear(unread);
        rc = fault_set(unread, SHK_E_STORE_BROKEN, 0, 0, "answer");
    }
    return rc;
}

static int32_t deliver_next(struct page *page, struct fault *why) {
    struct record_set *set = NULL;
    struct fault unread = {0};
    const struct outbox_row *row = &page->rows->at[page->at];
    char answer[37];
    if (row->id[0] == '\0' || !is_wanted(page->s, row)) {
        return SHK_OK;
    }
    text_copy(answer, sizeof answer, row->answer);
    if (read_answer(page, row, &set, &unread) == SHK_E_ABSENT) {
        return SHK_OK;
    }
    int32_t rc = turn_page(page, why);
    if (rc != SHK_OK) {
        record_free(&set);
    } else if (unread.code != 0) {
        tell_unread(page, &unread);
    } else {
        deliver_answer(page, answer, set);
    }
    return rc;
}

static void tell_numbers(struct session *s, int64_t delivered) {
    struct rows now = {0};
    struct fault unsaid = {0};
    int64_t waiting = 0, undecided = 0;
    if (outbox_list(s->store, false, take_row, &now, &unsaid) == SHK_OK) {
        count(&now, &waiting, &undecided);
        (void)outbox_values_set(s, waiting, undecided, delivered);
    }
    clear_rows(&now);
}

static int32_t deliver(struct session *s, struct rows *rows, struct fault *why) {
    struct page page = {.s = s, .rows = rows};
    int32_t rc = SHK_OK;
    const char *id = input_of(s, "outbox.id");
    if (id[0] != '\0' && find_row(rows, id) == NULL) {
        return refuse_input(why, "outbox.id");
    }
    for (page.at = 0; rc == SHK_OK && page.at < rows->n; page.at++) {
        rc = deliver_next(&page, why);
    }
    tell_numbers(s, page.delivered);
    if (rc == SHK_OK && page.first.code != 0) {
        *why = page.first;
        rc = why->code;
    }
    return rc;
}

void job_deliver(struct session *s, struct fault *why) {
    struct rows rows = {0};
    if (keep_require(s, why) == SHK_OK &&
        outbox_list(s->store, false, take_row, &rows, why) == SHK_OK) {
        if (is_action(s, "list")) {
            (void)list(s, &rows, why);
        } else if (is_action(s, "drop")) {
            (void)drop(s, &rows, why);
        } else {
            (void)deliver(s, &rows, why);
        }
    }
    log_event(s->log, SHK_LOG_INFO, "outbox.end", "rows,code", (int64_t)rows.n, (int64_t)why->code);
    clear_rows(&rows);
}
