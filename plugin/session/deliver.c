/* Maps the answer with every configured script and hands the documents to their adapters. */
#include "deliver.h"

#include <stdlib.h>
#include <string.h>

#include "config_keys.h"
#include "deliver.h"
#include "flow.h"
#include "keep.h"
#include "lookup.h"
#include "notes.h"
#include "plan.h"
#include "services.h"
#include "target.h"

#define SETTINGS_MAX 8

void deliver_name_pack(struct delivered *made, const struct pack *pack, bool is_signed) {
    text_copy(made->pack, sizeof made->pack, pack->text[PACK_ID]);
    text_format(made->script, sizeof made->script, "%s/%s", pack->text[PACK_ID],
                pack->text[PACK_SCRIPT]);
    made->pack_signed = is_signed;
}

/* A script or the pack that is active, opened for one document. */
struct opening {
    struct mapping_job job;
    struct bytes script, overlay; /* of a script of its own */
    const struct pack *pack;
};

static const char *overlay_of(const struct session *s, size_t n) {
    return config_delivery(s->config, n, "overlay");
}

static int32_t open_script(struct session *s, size_t n, struct opening *o, struct fault *why) {
    const char *path = config_delivery(s->config, n, "script");
    int32_t rc = packs_read_text(s, path, &o->script, why);
    rc = rc == SHK_OK ? packs_read_text(s, overlay_of(s, n), &o->overlay, why) : rc;
    o->job.script = (struct mapping_text){text_file_name(path), o->script.p, o->script.n};
    o->job.overlay =
        (struct mapping_text){text_file_name(overlay_of(s, n)), o->overlay.p, o->overlay.n};
    return rc;
}

static void open_pack(struct session *s, size_t n, const struct pack_active *active,
                      struct opening *o) {
    struct pack_world world;
    packs_world(s, &world);
    o->pack = active->pack;
    o->job = pack_job_for(active->pack, &world);
    o->job.overlay = (struct mapping_text){text_file_name(overlay_of(s, n)), active->overlay->p,
                                           active->overlay->n};
}

static int32_t map_record(struct session *s, size_t n, size_t record, struct delivered *made,
                          struct fault *why) {
    struct opening o = {
        .job = {.budget = packs_budget(s), .clock = s->env.clock, .clock_self = s->env.clock_self}};
    struct pack_active active;
    struct mapping *m = NULL;
    int32_t rc = SHK_OK;
    if (packs_active(s, n, &active)) {
        open_pack(s, n, &active, &o);
        deliver_name_pack(made, active.pack, active.is_signed);
    } else {
        rc = open_script(s, n, &o, why);
        text_copy(made->script, sizeof made->script, o.job.script.name);
    }
    rc = rc == SHK_OK ? mapping_open(&o.job, &m, why) : rc;
    rc = rc == SHK_OK ? mapping_map(m, s->values.records, record, &made->document, why) : rc;
    if (rc != SHK_OK && o.pack != NULL) {
        pack_name_fault(o.pack, why);
    }
    mapping_close(&m);
    bytes_clear(&o.script);
    bytes_clear(&o.overlay);
    return rc;
}

/* Only what the configuration says: an adapter refuses settings that it does not know. */
static bool is_said(size_t n, const char *key, const char *value) {
    char path[64];
    text_format(path, sizeof path, "deliveries[%u].%s", (unsigned)n, key);
    const struct config_key *row = config_key_find(path, NULL);
    return value[0] != '\0' && (row == NULL || !text_equal(row->fallback, value));
}

static uint32_t adapter_settings(const struct config *config, size_t n,
                                 shk_setting out[SETTINGS_MAX]) {
    static const char *const keys[] = {
        "folder", "mode", "file", "lock_file", "lock_wait_ms", "end_file", "write_as", "name_by",
    };
    uint32_t count = 0;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const char *value = config_delivery(config, n, keys[i]);
        if (is_said(n, keys[i], value)) {
            out[count++] = (shk_setting){keys[i], value};
        }
    }
    return count;
}

/* Borrows everything from the result. */
static int32_t describe(const struct delivered *d, const struct mapping_result *r,
                        shk_delivery *out, shk_field **fields) {
    if (r->head.n > SHK_FILE_MAX || r->body.n > SHK_FILE_MAX || r->fields_n > UINT16_MAX) {
        return SHK_E_FIELD_TOO_LONG;
    }
    *fields = calloc(r->fields_n + 1, sizeof **fields);
    if (*fields == NULL) {
        return SHK_E_MEMORY;
    }
    for (size_t i = 0; i < r->fields_n; i++) {
        (*fields)[i] = (shk_field){r->fields[i].to, r->fields[i].value};
    }
    *out = (shk_delivery){
        .struct_size = sizeof *out,
        .abi = SHK_ADAPTER_ABI,
        .id = d->id,
        .script = r->id,
        .format = r->format,
        .encoding = r->encoding,
        .file_name = r->file_name,
        .head = (const uint8_t *)bytes_text(&r->head),
        .head_len = (uint32_t)r->head.n,
        .body = (const uint8_t *)bytes_text(&r->body),
        .body_len = (uint32_t)r->body.n,
        .fields = *fields,
        .fields_n = (uint32_t)r->fields_n,
    };
    return SHK_OK;
}

/* An adapter that fails without saying why is still a fault with words. */
static int32_t settle(int32_t rc, struct fault *why) {
    if (rc >= 0 && why->code == 0) {
        return rc == 0 ? SHK_OK : fault_raise(why, SHK_E_ADAPTER_BROKEN);
    }
    if (why->code != 0) {
        return why->code;
    }
    return fault_raise(why, fault_find(rc) != NULL ? rc : SHK_E_ADAPTER_BROKEN);
}

/* An adapter says which of its settings is meant; the person needs to know of which delivery. */
static int32_t place_fault(struct fault *why, size_t n, const char *setting) {
    char where[sizeof why->where];
    text_format(where, sizeof where, "deliveries[%u]%s%s", (unsigned)n,
                setting[0] != '\0' ? "." : "", setting);
    text_copy(why->where, sizeof why->where, where);
    return why->code;
}

/* An opened adapter and what it borrows. */
struct opened {
    const shk_adapter *adapter;
    struct services lent;
    shk_host *host;
};

static int32_t open_adapter(struct session *s, size_t n, struct opened *out, struct fault *why) {
    shk_setting settings[SETTINGS_MAX];
    *out = (struct opened){.adapter = adapter_find(config_delivery(s->config, n, "adapter"))};
    if (out->adapter == NULL || !adapter_usable(out->adapter)) {
        fault_raise(why, out->adapter == NULL ? SHK_E_ADAPTER_UNKNOWN : SHK_E_ADAPTER_BROKEN);
        return place_fault(why, n, "adapter");
    }
    services_init(&out->lent, s, why);
    uint32_t settings_n = adapter_settings(s->config, n, settings);
    int32_t rc =
        settle(out->adapter->open(&out->lent.table, settings, settings_n, &out->host), why);
    return rc == SHK_OK ? rc : place_fault(why, n, why->where);
}

static void close_adapter(struct opened *opened) {
    if (opened->host != NULL) {
        opened->adapter->close(&opened->host);
    }
}

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
    mutex_lock(s->lock);
    size_t n = s->values.delivered_n;
    struct delivered **grown =
        fresh != NULL ? realloc(s->values.delivered, (n + 1) * sizeof *grown) : NULL;
    if (grown != NULL) {
        grown[n] = fresh;
        s->values.delivered = grown;
        s->values.delivered_n = n + 1;
    }
    mutex_unlock(s->lock);
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
        return fault_raise(why, SHK_E_MEMORY);
    }
    mutex_lock(s->lock);
    *entry = *made;
    mutex_unlock(s->lock);
    memory_wipe(made, sizeof *made);
    if (rc != SHK_OK) {
        session_post_fault(s, &entry->fault);
        if (why->code == 0) {
            *why = entry->fault;
        }
        return rc;
    }
    session_post_delivered(s, s->values.delivered_n);
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
    rc = outbox_take(s->store, &answer, s->plans->plan, s->plans->n, &notes.entry, why);
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
    int32_t rc = plan_answer(s, why);
    rc = rc == SHK_OK ? keep_open(s, why) : rc;
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
    text_copy(made->patient, sizeof made->patient,
              given ? d->receipt.patient : d->parcel.patient);
    made->grade = (int32_t)d->parcel.grade;
    made->attempt = d->attempt;
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
    if (plan->known && (plan->state == DELIVERY_DONE || plan->state == DELIVERY_DROPPED)) {
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
