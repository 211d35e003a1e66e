/* Maps the answer with every configured script and hands the documents to their adapters. */
#include <stdlib.h>
#include <string.h>

#include "deliver.h"
#include "flow.h"
#include "pack_job.h"
#include "packs.h"
#include "registry.h"
#include "services.h"

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

static uint32_t adapter_settings(const struct config *config, size_t n,
                                 shk_setting out[SETTINGS_MAX]) {
    static const char *const keys[] = {"folder", "mode", "file"};
    uint32_t count = 0;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const char *value = config_delivery(config, n, keys[i]);
        if (value[0] != '\0') {
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
        .statements = r->statements,
        .statements_n = (uint32_t)r->statements_n,
        .statement_rows = r->statement_rows,
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
    return script != pack ? NULL : script ? "pack" : "script";
}

int32_t deliver_ready(struct session *s, struct fault *why) {
    int32_t rc = SHK_OK;
    for (size_t n = 1; rc == SHK_OK && n <= config_deliveries(s->config); n++) {
        struct opened opened;
        const char *wrong = misnamed(s, n);
        if (wrong != NULL) {
            char key[48];
            text_format(key, sizeof key, "deliveries[%u].%s", (unsigned)n, wrong);
            return config_fault(s->config, why, key);
        }
        rc = open_adapter(s, n, &opened, why);
        close_adapter(&opened);
    }
    return rc;
}

static int32_t hand_over(struct session *s, size_t n, struct delivered *d, struct fault *why) {
    struct opened opened;
    shk_field *fields = NULL;
    shk_delivery delivery;
    shk_receipt receipt = {.struct_size = sizeof receipt, .abi = SHK_ADAPTER_ABI};
    int32_t rc = open_adapter(s, n, &opened, why);
    if (rc == SHK_OK) {
        rc = describe(d, d->document, &delivery, &fields);
        rc = rc == SHK_OK ? opened.adapter->deliver(opened.host, &delivery, &receipt) : rc;
        rc = settle(rc, why);
        if (rc != SHK_OK) {
            (void)place_fault(why, n, why->where);
        }
    }
    close_adapter(&opened);
    free(fields);
    receipt.place[sizeof receipt.place - 1] = '\0';
    if (rc == SHK_OK) {
        text_copy(d->place, sizeof d->place, receipt.place);
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

/* `whole`: the document stands for all records of the answer. */
static int32_t deliver_one(struct session *s, size_t n, size_t record, bool *whole,
                           struct fault *why) {
    struct delivered made = {0};
    int32_t rc = question_uuid(s->env.random, s->env.random_self, made.id);
    if (rc != SHK_OK) {
        return fault_raise(why, rc);
    }
    rc = map_record(s, n, record, &made, &made.fault);
    if (rc == SHK_OK) {
        *whole = made.document->whole;
        rc = hand_over(s, n, &made, &made.fault);
    }
    log_event(s->log, SHK_LOG_INFO, "delivery", "number,code", (int64_t)n, (int64_t)rc);
    return deliver_tell(s, &made, rc, why);
}

/* Not insured, or an answer without a person: nothing to put into a host's records unless asked for. The
 * app's text has no word for validity: who wants its records says so. */
static bool is_good(int32_t outcome, const char *when) {
    return outcome == SHK_OUTCOME_ELIGIBLE ||
           (outcome == SHK_OUTCOME_UNSTATED && text_equal(when, "found"));
}

/* One good record does not take another along that has ended. */
static bool is_due(const struct session *s, size_t n, size_t record) {
    const char *when = config_delivery(s->config, n, "when");
    return text_equal(when, "always") ||
           (is_good(s->values.outcome, when) &&
            is_good((int32_t)record_outcome_at(s->values.records, record), when));
}

static void note_not_due(struct session *s) {
    mutex_lock(s->lock);
    s->values.not_due++;
    mutex_unlock(s->lock);
}

int32_t deliver_all(struct session *s, struct fault *why) {
    size_t records = record_count(s->values.records);
    if (s->map != NULL) {
        return job_map_all(s, why);
    }
    for (size_t n = 1; n <= config_deliveries(s->config); n++) {
        bool whole = false;
        for (size_t record = 1; record <= records && !whole; record++) {
            if (is_due(s, n, record)) {
                (void)deliver_one(s, n, record, &whole, why);
            } else {
                note_not_due(s);
            }
        }
    }
    return why->code;
}
