/* Maps the answer with every configured script and hands the documents to their adapters. */
#include "deliver.h"

#include <stdlib.h>
#include <string.h>

#include "ahead.h"
#include "destination.h"
#include "flow.h"
#include "keep.h"
#include "lookup.h"
#include "notes.h"
#include "plan.h"
#include "services.h"

/* Which key is missing, or one too many; null when what is to be mapped with is named once. */
static const char *misnamed(const struct session *s, size_t n) {
    bool script = config_delivery(s->config, n, "script")[0] != '\0';
    bool pack = config_delivery(s->config, n, "pack")[0] != '\0';
    bool table = config_delivery(s->config, n, "patients")[0] != '\0';
    bool columns = config_delivery(s->config, n, "patients_columns")[0] != '\0';
    if (table != columns) {
        return table ? "patients_columns" : "patients";
    }
    return script != pack ? NULL : script ? "pack" : "script";
}

/* The adapters that are built in only look at their settings when they are opened, so that may be done while
 * the host waits; a stranger's module is first called by the job. */
static int32_t try_settings(struct session *s, size_t n, const shk_adapter *adapter,
                            struct fault *why) {
    struct target_settings settings;
    struct services lent;
    shk_host *host = NULL;
    int32_t rc = target_settings_plain(s, n, &settings, why);
    if (rc != SHK_OK) {
        return rc;
    }
    services_init(&lent, s, why);
    rc = adapter->open(&lent.table, settings.at, settings.n, &host);
    if (host != NULL) {
        adapter->close(&host);
    }
    target_settings_clear(&settings);
    return rc == SHK_OK ? rc : delivery_place_fault(why, n, why->where);
}

static int32_t one_ready(struct session *s, size_t n, struct fault *why) {
    const shk_adapter *adapter = NULL;
    const char *wrong = misnamed(s, n);
    if (wrong != NULL) {
        char key[48];
        text_format(key, sizeof key, "deliveries[%u].%s", (unsigned)n, wrong);
        return config_fault(s->config, why, key);
    }
    if (delivery_is_module(s, n)) {
        return SHK_OK;
    }
    int32_t rc = delivery_adapter(s, n, &adapter, why);
    return rc == SHK_OK ? try_settings(s, n, adapter, why) : rc;
}

int32_t deliver_ready(struct session *s, struct fault *why) {
    int32_t rc = SHK_OK;
    for (size_t n = 1; rc == SHK_OK && n <= config_deliveries(s->config); n++) {
        rc = one_ready(s, n, why);
    }
    return rc;
}

/* One more entry for the host to read; null when out of memory. */
static struct delivered *add_delivered(struct session *s) {
    struct delivered *fresh = calloc(1, sizeof *fresh);
    struct values *v = ahead_write(s);
    size_t n = v->delivered_n;
    struct delivered **grown =
        fresh != NULL ? realloc(v->delivered, (n + 1) * sizeof *grown) : NULL;
    if (grown != NULL) {
        grown[n] = fresh;
        v->delivered = grown;
        v->delivered_n = n + 1;
    }
    ahead_written(s);
    if (grown == NULL) {
        free(fresh);
        return NULL;
    }
    return fresh;
}

int32_t deliver_tell(struct session *s, struct delivered *made, int32_t rc, struct fault *why) {
    struct delivered *entry = add_delivered(s);
    if (entry == NULL) {
        mapping_result_free(&made->document);
        memory_wipe(made, sizeof *made);
        return fault_raise(why, SHK_E_MEMORY);
    }
    (void)ahead_write(s);
    *entry = *made;
    ahead_written(s);
    memory_wipe(made, sizeof *made);
    if (rc != SHK_OK) {
        session_post_fault(s, &entry->fault);
        if (why->code == 0) {
            *why = entry->fault;
        }
        return rc;
    }
    session_post_delivered(s, ahead_values(s)->delivered_n);
    return rc;
}

void deliver_forget(struct session *s) {
    if (s->plans != NULL) {
        plans_clear(s->plans);
        free(s->plans);
        s->plans = NULL;
    }
}

static void note_not_due(struct session *s, size_t n) {
    mutex_lock(s->lock);
    s->values.not_due += (int32_t)n;
    mutex_unlock(s->lock);
}

static int32_t plan_answer(struct session *s, struct fault *why) {
    deliver_forget(s);
    s->plans = calloc(1, sizeof *s->plans);
    if (s->plans == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    int32_t rc = plans_make(s, s->values.records, s->plans, why);
    note_not_due(s, s->plans->not_due);
    return rc;
}

/* What was dropped was not delivered: a new check of the same person asks for it again. */
static int32_t take_plans(struct session *s, const struct outbox_answer *answer,
                          const struct history_entry *entry, struct fault *why) {
    struct plans *plans = s->plans;
    int32_t rc = outbox_take(s->store, answer, plans->plan, plans->n, entry, why);
    int32_t renewed = SHK_OK;
    while (rc == SHK_OK && plans_renew(s, plans, &renewed)) {
        rc = renewed == SHK_OK ? outbox_take(s->store, answer, plans->plan, plans->n, entry, why)
                               : fault_raise(why, renewed);
    }
    return rc;
}

static int32_t take_in(struct session *s, struct fault *why) {
    const struct record_set *set = s->values.records;
    struct bytes frozen = {0};
    struct notes notes;
    struct outbox_answer answer = {.source = s->values.source,
                                   .at_s = s->env.clock->wall_s(s->env.clock_self)};
    int32_t rc = question_uuid(s->env.random, s->env.random_self, answer.id);
    rc = rc == SHK_OK ? plan_person(s, set, 1, answer.person) : rc;
    rc = rc == SHK_OK ? record_freeze(set, &frozen) : rc;
    if (rc != SHK_OK) {
        fault_raise(why, rc);
        goto done;
    }
    answer.frozen = frozen.p;
    answer.frozen_n = frozen.n;
    notes_begin(&notes, s, HISTORY_CHECK, answer.id, answer.person);
    notes_add_answer(&notes, s, set, 1);
    rc = take_plans(s, &answer, &notes.entry, why);
    text_copy(s->answer_id, sizeof s->answer_id, answer.id);
    s->kept = rc == SHK_OK;
done:
    bytes_clear(&frozen);
    return rc;
}

int32_t deliver_take(struct session *s, struct fault *why) {
    s->kept = false;
    s->answer_id[0] = '\0';
    if (s->map != NULL) {
        return SHK_OK;
    }
    /* The store first: with its key the plans' tags are made. */
    int32_t rc = keep_open(s, why);
    rc = rc == SHK_OK ? plan_answer(s, why) : rc;
    return rc == SHK_OK && s->store != NULL ? take_in(s, why) : rc;
}

/* What the host may read of it. */
static void show(struct delivery *d, struct delivered *made) {
    text_copy(made->id, sizeof made->id, d->id);
    text_copy(made->script, sizeof made->script, d->parcel.script);
    text_copy(made->pack, sizeof made->pack, d->parcel.pack);
    made->pack_signed = d->parcel.pack_signed;
    text_copy(made->place, sizeof made->place, d->receipt.place);
    text_copy(made->warning, sizeof made->warning, d->receipt.warning);
    bool given = d->parcel.patient[0] == '\0';
    text_copy(made->patient, sizeof made->patient, given ? d->receipt.patient : d->parcel.patient);
    made->grade = (int32_t)d->parcel.grade;
    made->attempt = d->stored ? d->attempt : 0;
    made->waiting = d->waiting;
    made->repeated = d->repeated;
    made->document = d->parcel.document;
    d->parcel.document = NULL;
}

static int32_t run_and_tell(struct session *s, struct delivery *d, struct fault *why) {
    struct delivered made = {0};
    int32_t rc = delivery_run(s, d, &made.fault);
    bool silent = rc == SHK_OK && d->skipped;
    show(d, &made);
    if (silent) {
        mapping_result_free(&made.document);
        memory_wipe(&made, sizeof made);
        note_not_due(s, 1);
        return rc;
    }
    return deliver_tell(s, &made, rc, why);
}

static bool somebody_is_there(const struct session *s) {
    return !s->blocking;
}

/* What was delivered before has its place still, and is not delivered again. */
static void take_known(const struct outbox_plan *plan, struct delivery *d) {
    if (plan->known && plan->state == DELIVERY_DONE) {
        text_copy(d->receipt.place, sizeof d->receipt.place, plan->place);
        d->repeated = true;
    }
}

static int32_t deliver_planned(struct session *s, size_t index, struct fault *why) {
    const struct planned *p = &s->plans->at[index];
    const struct outbox_plan *plan = &s->plans->plan[index];
    struct delivery d = {.n = p->n,
                         .record = p->record,
                         .set = s->values.records,
                         .stored = s->store != NULL,
                         .may_ask = somebody_is_there(s)};
    text_copy(d.id, sizeof d.id, plan->id);
    text_copy(d.target, sizeof d.target, plan->target);
    text_copy(d.answer, sizeof d.answer, s->answer_id);
    (void)plan_person(s, d.set, d.record, d.person);
    take_known(plan, &d);
    int32_t rc = SHK_OK;
    if (d.repeated) {
        struct delivered made = {0};
        show(&d, &made);
        rc = deliver_tell(s, &made, SHK_OK, why);
    } else {
        rc = run_and_tell(s, &d, why);
    }
    delivery_clear(&d);
    return rc;
}

int32_t deliver_row(struct session *s, const struct outbox_row *row, const struct record_set *set,
                    bool may_ask, struct fault *why) {
    struct delivery d = {.n = target_find(s, row->target),
                         .record = (size_t)row->record,
                         .set = set,
                         .stored = true,
                         .may_ask = may_ask,
                         .renew = true,
                         .taken_s = row->at_s};
    text_copy(d.id, sizeof d.id, row->id);
    text_copy(d.target, sizeof d.target, row->target);
    text_copy(d.answer, sizeof d.answer, row->answer);
    if (d.n == 0) {
        struct delivered made = {.waiting = true};
        text_copy(made.id, sizeof made.id, row->id);
        fault_raise(&made.fault, SHK_E_TARGET_GONE);
        return deliver_tell(s, &made, SHK_E_TARGET_GONE, why);
    }
    (void)plan_person(s, set, d.record, d.person);
    int32_t rc = run_and_tell(s, &d, why);
    delivery_clear(&d);
    return rc;
}

int32_t deliver_all(struct session *s, struct fault *why) {
    if (s->map != NULL) {
        return job_map_all(s, why);
    }
    for (size_t i = 0; s->plans != NULL && i < s->plans->n; i++) {
        (void)deliver_planned(s, i, why);
    }
    deliver_forget(s);
    return why->code;
}
