#include "delivery.h"

#include <stdlib.h>
#include <string.h>

#include "adapter_module.h"
#include "delivery_map.h"
#include "destination.h"
#include "notes.h"
#include "patients.h"
#include "plan.h"
#include "registry.h"

#define MODULE "module:"

int32_t delivery_place_fault(struct fault *why, size_t n, const char *setting) {
    char where[sizeof why->where];
    text_format(where, sizeof where, "deliveries[%u]%s%s", (unsigned)n,
                setting[0] != '\0' ? "." : "", setting);
    text_copy(why->where, sizeof why->where, where);
    return why->code;
}

bool delivery_is_module(const struct session *s, size_t n) {
    return text_starts(config_delivery(s->config, n, "adapter"), MODULE);
}

int32_t delivery_adapter(struct session *s, size_t n, const shk_adapter **out, struct fault *why) {
    const char *name = config_delivery(s->config, n, "adapter");
    int32_t rc = SHK_OK;
    if (delivery_is_module(s, n)) {
        rc = adapter_module_find(s, name + sizeof MODULE - 1, out, why);
    } else {
        *out = adapter_find(name);
        rc = *out == NULL            ? fault_raise(why, SHK_E_ADAPTER_UNKNOWN)
             : !adapter_usable(*out) ? fault_raise(why, SHK_E_ADAPTER_BROKEN)
                                     : SHK_OK;
    }
    return rc == SHK_OK ? rc : delivery_place_fault(why, n, "adapter");
}

int32_t delivery_open(struct session *s, size_t n, const shk_adapter *adapter,
                      struct adapter_call **out, struct fault *why) {
    struct target_settings settings;
    int32_t rc = target_settings(s, n, &settings, why);
    if (rc != SHK_OK) {
        return rc;
    }
    rc = adapter_call_open(s, n, adapter, settings.at, settings.n, out, why);
    target_settings_clear(&settings);
    return rc;
}

/* The store as an adapter's call sees it. */
struct lender {
    struct session *s;
    const char *id;
};

static int32_t lend_note(void *self, const char *note, struct fault *why) {
    struct lender *lender = self;
    return outbox_note(lender->s->store, lender->id, note, why);
}

static int32_t lend_digest(void *self, const uint8_t *p, size_t n, char out[33]) {
    struct lender *lender = self;
    return seal_tag(store_ring(lender->s->store), "adapter", p, n, out);
}

/* An earlier step may have lent nothing, and a lender does not outlive its step. */
static void lend(struct adapter_call *call, struct lender *lender) {
    struct services *services = adapter_call_services(call);
    services->note = lender != NULL ? lend_note : NULL;
    services->note_self = lender;
    services->digest = lender != NULL ? lend_digest : NULL;
    services->digest_self = lender;
}

/* Takes it for this session alone, with what an earlier attempt left. */
static int32_t claim(struct session *s, struct delivery *d, struct bytes *document,
                     struct fault *why) {
    struct outbox_row row;
    d->attempt = 1;
    if (!d->stored) {
        return SHK_OK;
    }
    int32_t rc = outbox_claim(s->store, d->id, &row, document, why);
    if (rc == SHK_OK) {
        d->attempt = row.attempts;
        d->last = row.state == DELIVERY_UNDECIDED ? SHK_E_UNDECIDED : row.last;
        text_copy(d->note, sizeof d->note, row.note);
    }
    memory_wipe(&row, sizeof row);
    return rc;
}

/* Whom the host did not have may have been registered there meanwhile. */
static bool is_refusal(int32_t code) {
    return code == SHK_E_HOST_REFUSED || code == SHK_E_STATEMENT || code == SHK_E_FILE_FOREIGN ||
           code == SHK_E_UNDECIDED;
}

/* The document of an earlier attempt, unless it is to be made anew. What may have been written stays. */
static int32_t take_document(struct session *s, struct delivery *d, const struct bytes *document,
                             struct fault *why) {
    struct fault unsaid = {0};
    if (document->n == 0 ||
        (d->renew && is_refusal(d->last) && outbox_replan(s->store, d->id, &unsaid) == SHK_OK)) {
        return SHK_OK;
    }
    int32_t rc = parcel_read(document->p, document->n, &d->parcel);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

static int32_t keep_document(struct session *s, struct delivery *d, struct fault *why) {
    struct bytes document = {0};
    if (!d->stored) {
        return SHK_OK;
    }
    int32_t rc = parcel_write(&d->parcel, &document);
    rc = rc == SHK_OK ? outbox_ready(s->store, d->id, document.p, document.n, why)
                      : fault_raise(why, rc);
    bytes_clear(&document);
    return rc;
}

static void take_decision(struct delivery *d, const struct match_decision *decision) {
    text_copy(d->parcel.patient, sizeof d->parcel.patient, decision->patient);
    text_copy(d->parcel.reasons, sizeof d->parcel.reasons, decision->reasons);
    text_copy(d->parcel.taken, sizeof d->parcel.taken, decision->taken);
    d->parcel.grade = decision->grade;
    d->parcel.confirmed = decision->confirmed;
    d->skipped = decision->skip;
}

/* Who said whose answer it is stands in the history whatever becomes of the delivery. */
static void note_decision(struct session *s, const struct delivery *d) {
    struct notes notes;
    struct fault unsaid = {0};
    if (!d->stored || !d->parcel.confirmed || d->skipped) {
        return;
    }
    notes_begin(&notes, s, HISTORY_DECIDED, d->answer, d->person);
    notes_add_delivery(&notes, s, d);
    notes_add(&notes, "decision", d->parcel.patient[0] != '\0' ? "patient" : "new");
    if (history_append(s->store, &notes.entry, &unsaid) != SHK_OK) {
        log_fault(s->log, &unsaid);
    }
}

static int32_t match(struct session *s, struct delivery *d, struct adapter_call *call,
                     struct record_set **mine, struct fault *why) {
    struct match_decision decision;
    const struct match_matter matter = {.n = d->n,
                                        .record = d->record,
                                        .set = d->set,
                                        .target = d->target,
                                        .adapter = d->adapter,
                                        .call = call,
                                        .may_ask = d->may_ask,
                                        .id = d->stored ? d->id : NULL};
    int32_t rc = match_decide(s, &matter, mine, &decision, why);
    if (rc == SHK_OK) {
        take_decision(d, &decision);
        note_decision(s, d);
    }
    memory_wipe(&decision, sizeof decision);
    return rc;
}

/* Whose it is comes before what is written. */
static int32_t make_document(struct session *s, struct delivery *d, struct adapter_call **call,
                             struct fault *why) {
    struct record_set *mine = NULL;
    int32_t rc = SHK_OK;
    if (match_is_wanted(s, d->n, d->adapter)) {
        rc = delivery_open(s, d->n, d->adapter, call, why);
        rc = rc == SHK_OK ? match(s, d, *call, &mine, why) : rc;
    }
    if (rc == SHK_OK && !d->skipped) {
        rc = delivery_map(s, d->n, mine != NULL ? mine : d->set, d->record, &d->parcel, why);
        rc = rc == SHK_OK ? keep_document(s, d, why) : rc;
    }
    record_free(&mine);
    return rc;
}

/* Borrows everything from the delivery. */
static int32_t describe(const struct delivery *d, shk_delivery *out, shk_field **fields) {
    const struct mapping_result *r = d->parcel.document;
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
        .attempt = d->stored ? d->attempt : 0,
        .patient = d->parcel.patient,
        .note = d->note,
    };
    return SHK_OK;
}

static int32_t hand_over(struct session *s, struct delivery *d, struct adapter_call **call,
                         struct fault *why) {
    struct lender lender = {s, d->id};
    shk_field *fields = NULL;
    shk_delivery delivery;
    int32_t rc = *call == NULL ? delivery_open(s, d->n, d->adapter, call, why) : SHK_OK;
    if (rc != SHK_OK) {
        return rc;
    }
    rc = describe(d, &delivery, &fields);
    if (rc == SHK_OK) {
        lend(*call, d->stored ? &lender : NULL);
        rc = adapter_call_deliver(*call, &delivery, &d->receipt, why);
        lend(*call, NULL);
    } else {
        fault_raise(why, rc);
    }
    free(fields);
    return rc;
}

/* The number that the host gave a new patient finds them the next time. */
static void remember_new(struct session *s, const struct delivery *d) {
    char card[TAG_LEN], person[TAG_LEN];
    struct known_patient patient = {0};
    struct fault unsaid = {0};
    if (s->store == NULL || d->receipt.patient[0] == '\0' || d->parcel.patient[0] != '\0' ||
        plan_person(s, d->set, d->record, person) != SHK_OK || person[0] == '\0' ||
        plan_card(s, d->set, d->record, card) != SHK_OK) {
        return;
    }
    text_copy(patient.id, sizeof patient.id, d->receipt.patient);
    (void)patients_remember(s->store, d->target, person, card, &patient, &unsaid);
}

static void note_entry(struct session *s, const struct delivery *d, enum history_kind kind,
                       struct notes *out) {
    notes_begin(out, s, kind, d->answer, d->person);
    notes_add_delivery(out, s, d);
}

/* The document lies at the host: what the store says to that can only be tried again, not undone. */
static void acknowledge(struct session *s, struct delivery *d) {
    struct notes notes;
    struct fault unsaid = {0};
    note_entry(s, d, HISTORY_DELIVERED, &notes);
    int32_t rc = outbox_done(s->store, d->id, d->receipt.place, &notes.entry, &unsaid);
    d->waiting = rc != SHK_OK;
    if (rc != SHK_OK) {
        log_fault(s->log, &unsaid);
    }
    remember_new(s, d);
}

static int32_t drop(struct session *s, struct delivery *d, struct fault *why) {
    struct notes notes;
    note_entry(s, d, HISTORY_DROPPED, &notes);
    notes_add(&notes, "decision", "skip");
    return outbox_drop(s->store, d->id, &notes.entry, why);
}

static int32_t settle(struct session *s, struct delivery *d, int32_t rc, struct fault *why) {
    struct fault unsaid = {0};
    if (!d->stored) {
        return rc;
    }
    if (rc == SHK_OK && d->skipped) {
        rc = drop(s, d, why);
        d->waiting = rc != SHK_OK;
        return rc;
    }
    if (rc == SHK_OK) {
        acknowledge(s, d);
        return rc;
    }
    d->waiting = true;
    if (rc == SHK_E_UNDECIDED) {
        (void)outbox_undecided(s->store, d->id, &unsaid);
    } else if (rc != SHK_E_DELIVERY_TAKEN) {
        (void)outbox_failed(s->store, d->id, rc, &unsaid);
    }
    return rc;
}

static int32_t work(struct session *s, struct delivery *d, const struct bytes *document,
                    struct fault *why) {
    struct adapter_call *call = NULL;
    int32_t rc = take_document(s, d, document, why);
    rc = rc == SHK_OK ? delivery_adapter(s, d->n, &d->adapter, why) : rc;
    if (rc == SHK_OK && d->parcel.document == NULL) {
        rc = make_document(s, d, &call, why);
    }
    if (rc == SHK_OK && !d->skipped) {
        rc = hand_over(s, d, &call, why);
    }
    adapter_call_close(&call);
    return rc;
}

int32_t delivery_run(struct session *s, struct delivery *d, struct fault *why) {
    struct bytes document = {0};
    d->receipt = (shk_receipt){.struct_size = sizeof d->receipt, .abi = SHK_ADAPTER_ABI};
    int32_t rc = claim(s, d, &document, why);
    if (rc == SHK_E_ABSENT) {
        fault_clear(why);
        d->repeated = true;
        return SHK_OK;
    }
    if (rc != SHK_OK) {
        d->waiting = d->stored;
        return rc;
    }
    rc = work(s, d, &document, why);
    bytes_clear(&document);
    rc = settle(s, d, rc, why);
    log_event(s->log, SHK_LOG_INFO, "delivery", "number,code,attempt", (int64_t)d->n, (int64_t)rc,
              (int64_t)d->attempt);
    return rc;
}

int32_t delivery_thaw(struct session *s, const char *answer, struct record_set **out,
                      struct fault *why) {
    struct bytes frozen = {0};
    int32_t rc = outbox_thaw(s->store, answer, &frozen, why);
    if (rc == SHK_OK) {
        rc = record_thaw(frozen.p, frozen.n, out);
        rc = rc == SHK_OK ? rc : fault_raise(why, rc);
    }
    bytes_clear(&frozen);
    return rc;
}

void delivery_clear(struct delivery *d) {
    parcel_clear(&d->parcel);
    memory_wipe(d, sizeof *d);
}
