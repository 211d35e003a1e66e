/* Maps the answer with every configured script and hands the documents to their adapters. */
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "registry.h"
#include "services.h"

#define SCRIPT_MAX   ((size_t)1024 * 1024)
#define SETTINGS_MAX 8

static int32_t map_record(struct session *s, const char *path, size_t record,
                          struct mapping_result **out, struct fault *why) {
    struct bytes script = {0};
    struct fault reason = {0};
    int32_t rc = s->env.files->read(s->env.files_self, path, SCRIPT_MAX, &script, &reason);
    if (rc != SHK_OK) {
        return fault_set(why, rc == SHK_E_MEMORY ? rc : SHK_E_SCRIPT_FILE, reason.native_kind,
                         reason.native, text_file_name(path));
    }
    const struct mapping_job job = {
        .script_name = text_file_name(path),
        .script = script.p,
        .script_len = script.n,
        .records = s->values.records,
        .record = record,
        .budget = {.steps = config_int(s->config, "script.steps"),
                   .memory = (size_t)config_int(s->config, "script.memory_kb") * 1024,
                   .wall_ms = (int32_t)config_int(s->config, "script.wall_ms")},
        .clock = s->env.clock,
        .clock_self = s->env.clock_self,
    };
    rc = mapping_run(&job, out, why);
    bytes_clear(&script);
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

int32_t deliver_ready(struct session *s, struct fault *why) {
    int32_t rc = SHK_OK;
    for (size_t n = 1; rc == SHK_OK && n <= config_deliveries(s->config); n++) {
        struct opened opened;
        if (config_delivery(s->config, n, "script")[0] == '\0') {
            char key[48];
            text_format(key, sizeof key, "deliveries[%u].script", (unsigned)n);
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

static int32_t deliver_one(struct session *s, size_t n, size_t record, struct fault *why) {
    const char *path = config_delivery(s->config, n, "script");
    struct delivered made = {0};
    text_copy(made.script, sizeof made.script, text_file_name(path));
    int32_t rc = question_uuid(s->env.random, s->env.random_self, made.id);
    if (rc != SHK_OK) {
        return fault_raise(why, rc);
    }
    rc = map_record(s, path, record, &made.document, &made.fault);
    if (rc == SHK_OK) {
        rc = hand_over(s, n, &made, &made.fault);
    }
    struct delivered *entry = add_delivered(s);
    if (entry == NULL) {
        mapping_result_free(&made.document);
        return fault_raise(why, SHK_E_MEMORY);
    }
    mutex_lock(s->lock);
    *entry = made;
    mutex_unlock(s->lock);
    memory_wipe(&made, sizeof made);
    log_event(s->log, SHK_LOG_INFO, "delivery", "number,code", (int64_t)n, (int64_t)rc);
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
    for (size_t n = 1; n <= config_deliveries(s->config); n++) {
        for (size_t record = 1; record <= records; record++) {
            if (is_due(s, n, record)) {
                (void)deliver_one(s, n, record, why);
            } else {
                note_not_due(s);
            }
        }
    }
    return why->code;
}
