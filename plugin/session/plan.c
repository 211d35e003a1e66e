#include "plan.h"

#include <stdlib.h>
#include <string.h>

#include "crypto.h"
#include "day.h"
#include "delivery_map.h"
#include "destination.h"
#include "fields.h"
#include "fold.h"
#include "lookup.h"
#include "outcome.h"

/* Values that differ between two equal answers. */
static const char *const volatile_paths[] = {"processed_at", "file_identifier", "reception_number",
                                             "received_at", "search.arbitrary_identifier"};

/* Not insured, or an answer without a person: nothing to put into a host's records unless asked for. The
 * app's text has no word for validity: who wants its records says so. */
static bool is_good(int32_t outcome, const char *when) {
    return outcome == SHK_OUTCOME_ELIGIBLE ||
           (outcome == SHK_OUTCOME_UNSTATED && text_equal(when, "found"));
}

/* One good record does not take another along that has ended. */
static bool is_due(const struct session *s, size_t n, const struct record_set *set, size_t record) {
    const char *when = config_delivery(s->config, n, "when");
    return text_equal(when, "always") || (is_good((int32_t)record_outcome(set), when) &&
                                          is_good((int32_t)record_outcome_at(set, record), when));
}

static int32_t append_part(struct bytes *out, const char *p, size_t n) {
    int32_t rc = n > 0 ? bytes_append(out, p, n) : SHK_OK;
    return rc == SHK_OK ? bytes_append_byte(out, 0) : rc;
}

static int32_t append_value(struct bytes *out, const struct record_set *set, size_t record,
                            const char *path, fold_text *fold) {
    struct value v = record_said(set, record, path);
    int32_t rc =
        fold != NULL && v.len > 0 ? fold(v.text, v.len, out) : bytes_append(out, v.text, v.len);
    return rc == SHK_OK ? bytes_append_byte(out, 0) : rc;
}

/* Keyed where there is a store, so that a tag shows nobody. */
static int32_t tag_of(const struct session *s, const char *purpose, const struct bytes *text,
                      char out[TAG_LEN]) {
    uint8_t digest[32];
    if (s->store != NULL) {
        return seal_tag(store_ring(s->store), purpose, text->p, text->n, out);
    }
    int32_t rc = sha256(text->p, text->n, digest);
    if (rc == SHK_OK) {
        hex_encode(digest, (TAG_LEN - 1) / 2, out);
    }
    return rc;
}

int32_t plan_person(const struct session *s, const struct record_set *set, size_t record,
                    char out[TAG_LEN]) {
    struct bytes text = {0};
    bool kana = record_has(set, record, "name_kana");
    const char *name = kana ? "name_kana" : "name";
    out[0] = '\0';
    if (!record_has(set, record, "birth_date") || !record_has(set, record, name)) {
        return SHK_OK;
    }
    int32_t rc = append_value(&text, set, record, "birth_date", NULL);
    rc = rc == SHK_OK ? append_value(&text, set, record, name, kana ? fold_kana : fold_name) : rc;
    rc = rc == SHK_OK ? tag_of(s, "person", &text, out) : rc;
    bytes_clear(&text);
    return rc;
}

int32_t plan_card(const struct session *s, const struct record_set *set, size_t record,
                  char out[TAG_LEN]) {
    struct bytes text = {0};
    out[0] = '\0';
    if (!record_has(set, record, "birth_date") || !record_has(set, record, "insurer_number") ||
        !record_has(set, record, "number")) {
        return SHK_OK;
    }
    int32_t rc = append_value(&text, set, record, "birth_date", NULL);
    rc = rc == SHK_OK ? append_value(&text, set, record, "insurer_number", NULL) : rc;
    rc = rc == SHK_OK ? append_value(&text, set, record, "symbol", fold_symbol) : rc;
    rc = rc == SHK_OK ? append_value(&text, set, record, "number", fold_number_short) : rc;
    rc = rc == SHK_OK ? append_value(&text, set, record, "branch_number", fold_number_short) : rc;
    rc = rc == SHK_OK ? tag_of(s, "card", &text, out) : rc;
    bytes_clear(&text);
    return rc;
}

void plan_day(const struct session *s, const struct record_set *set, size_t record, char out[11]) {
    struct value v = record_said(set, record, "confirmation_date");
    char today[9];
    if (v.len == 10) {
        text_copy(out, 11, v.text);
        return;
    }
    day_today(s, today);
    text_format(out, 11, "%.4s-%.2s-%.2s", today, today + 4, today + 6);
}

static bool is_volatile(const char *path) {
    for (size_t i = 0; i < sizeof volatile_paths / sizeof volatile_paths[0]; i++) {
        if (text_equal(path, volatile_paths[i])) {
            return true;
        }
    }
    return text_starts(path, "derived.") || text_starts(path, "patient.") ||
           text_starts(path, "card.");
}

static int32_t append_content(struct bytes *out, const struct record_set *set, size_t record) {
    char path[FIELD_PATH_MAX];
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && record_path_at(set, record, i, path, sizeof path) >= 0;
         i++) {
        struct value v;
        if (is_volatile(path) || record_value(set, record, path, strlen(path), &v) != SHK_OK) {
            continue;
        }
        rc = append_part(out, path, strlen(path));
        rc = rc == SHK_OK ? append_part(out, v.text, v.len) : rc;
    }
    return rc;
}

static int32_t key_text(const struct session *s, const struct record_set *set,
                        const struct planned *p, bool whole, const char *target,
                        struct bytes *out) {
    char day[11];
    plan_day(s, set, p->record, day);
    int32_t rc = append_part(out, target, strlen(target));
    rc = rc == SHK_OK ? append_part(out, day, strlen(day)) : rc;
    size_t last = whole ? record_count(set) : p->record;
    for (size_t record = p->record; rc == SHK_OK && record <= last; record++) {
        rc = append_content(out, set, record);
    }
    return rc;
}

/* Answers that name nobody look alike: each is one of its own. */
static bool names_somebody(const struct record_set *set, size_t record) {
    return record_has(set, record, "birth_date") || record_has(set, record, "search.birth_date") ||
           (record_has(set, record, "insurer_number") && record_has(set, record, "number"));
}

static int32_t random_key(const struct session *s, char out[TAG_LEN]) {
    uint8_t raw[(TAG_LEN - 1) / 2];
    int32_t rc = s->env.random->fill(s->env.random_self, raw, sizeof raw);
    if (rc == SHK_OK) {
        hex_encode(raw, sizeof raw, out);
    }
    return rc;
}

static int32_t make_key(const struct session *s, const struct record_set *set,
                        const struct planned *p, bool whole, struct outbox_plan *plan) {
    struct bytes text = {0};
    if (text_equal(config_delivery(s->config, p->n, "repeat"), "always") ||
        !names_somebody(set, p->record)) {
        return random_key(s, plan->key);
    }
    int32_t rc = key_text(s, set, p, whole, plan->target, &text);
    rc = rc == SHK_OK ? tag_of(s, "once", &text, plan->key) : rc;
    bytes_clear(&text);
    return rc;
}

static int32_t add(struct session *s, const struct record_set *set, struct planned one, bool whole,
                   struct plans *out, struct fault *why) {
    struct outbox_plan plan = {.record = (int32_t)one.record, .state = DELIVERY_PLANNED};
    int32_t rc = question_uuid(s->env.random, s->env.random_self, plan.id);
    rc = rc == SHK_OK ? target_digest(s, one.n, plan.target, why) : rc;
    rc = rc == SHK_OK ? make_key(s, set, &one, whole, &plan) : rc;
    if (rc != SHK_OK) {
        return fault_raise(why, rc);
    }
    out->at[out->n] = one;
    out->plan[out->n++] = plan;
    return rc;
}

/* One document for each record that is due, or one for all of them. */
static int32_t plan_delivery(struct session *s, const struct record_set *set, size_t n,
                             struct plans *out, struct fault *why) {
    bool whole = delivery_facts(s, n)->whole, taken = false;
    int32_t rc = SHK_OK;
    for (size_t i = 1; rc == SHK_OK && i <= record_count(set) && !(taken && whole); i++) {
        bool due = is_due(s, n, set, i);
        rc = due ? add(s, set, (struct planned){n, i}, whole, out, why) : rc;
        out->not_due += due ? 0 : 1;
        taken = taken || due;
    }
    return rc;
}

int32_t plans_make(struct session *s, const struct record_set *set, struct plans *out,
                   struct fault *why) {
    size_t records = record_count(set), deliveries = config_deliveries(s->config);
    int32_t rc = SHK_OK;
    *out = (struct plans){0};
    out->at = calloc(records * deliveries + 1, sizeof *out->at);
    out->plan = calloc(records * deliveries + 1, sizeof *out->plan);
    if (out->at == NULL || out->plan == NULL) {
        plans_clear(out);
        return fault_raise(why, SHK_E_MEMORY);
    }
    for (size_t n = 1; rc == SHK_OK && n <= deliveries; n++) {
        rc = plan_delivery(s, set, n, out, why);
    }
    return rc;
}

static int32_t renew(const struct session *s, struct outbox_plan *plan) {
    struct bytes text = {0};
    int32_t rc = append_part(&text, plan->key, strlen(plan->key));
    rc = rc == SHK_OK ? append_part(&text, plan->id, strlen(plan->id)) : rc;
    rc = rc == SHK_OK ? tag_of(s, "once", &text, plan->key) : rc;
    rc = rc == SHK_OK ? question_uuid(s->env.random, s->env.random_self, plan->id) : rc;
    plan->known = false;
    plan->state = DELIVERY_PLANNED;
    bytes_clear(&text);
    return rc;
}

bool plans_renew(struct session *s, struct plans *plans, int32_t *rc) {
    bool changed = false;
    *rc = SHK_OK;
    for (size_t i = 0; *rc == SHK_OK && i < plans->n; i++) {
        struct outbox_plan *plan = &plans->plan[i];
        if (plan->known && plan->state == DELIVERY_DROPPED) {
            *rc = renew(s, plan);
            changed = true;
        }
    }
    /* What is known carries the id of what was there; only another one is told from it again. */
    for (size_t i = 0; *rc == SHK_OK && changed && i < plans->n; i++) {
        struct outbox_plan *plan = &plans->plan[i];
        *rc = plan->known ? question_uuid(s->env.random, s->env.random_self, plan->id) : *rc;
    }
    return changed;
}

void plans_clear(struct plans *plans) {
    free(plans->at);
    free(plans->plan);
    *plans = (struct plans){0};
}
