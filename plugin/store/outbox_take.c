#include <stdlib.h>
#include <string.h>

#include "outbox_parts.h"

#define PLANS_MAX  4096 /* of one answer */
#define SOURCE_LEN sizeof((struct outbox_row *)0)->source

struct taking {
    const struct outbox_answer *answer;
    const struct outbox_plan *plans;
    struct outbox_plan *found; /* the same after a look into the store; the steps may run again */
    size_t n;
    const struct history_entry *entry;
};

static bool is_tag(const char *tag) {
    size_t n = strnlen(tag, TAG_LEN);
    return n > 0 && n < TAG_LEN;
}

static bool fits(const struct taking *taking) {
    const struct outbox_answer *a = taking->answer;
    bool good = outbox_id_fits(a->id) && taking->n <= PLANS_MAX && a->source != NULL &&
                strnlen(a->source, SOURCE_LEN) < SOURCE_LEN &&
                strnlen(a->person, TAG_LEN) < TAG_LEN;
    for (size_t i = 0; good && i < taking->n; i++) {
        const struct outbox_plan *plan = &taking->plans[i];
        good = outbox_id_fits(plan->id) && is_tag(plan->target) && is_tag(plan->key) &&
               plan->record > 0;
    }
    return good;
}

/* Adds it, unless its key is there. */
static int32_t insert_plan(struct store *store, const struct taking *taking, size_t i, int64_t came,
                           int64_t now_s, struct fault *why) {
    const struct outbox_plan *plan = &taking->plans[i];
    const struct db_value values[] = {
        db_text(plan->id),
        db_int(came),
        db_text(taking->answer->id),
        db_int(plan->record),
        db_text(plan->target),
        db_text(plan->key),
        db_int(DELIVERY_PLANNED),
        db_int(taking->answer->at_s),
        db_text(taking->answer->source),
        db_int(now_s),
    };
    return store_change(store,
                        "INSERT INTO delivery (id, came, answer, record, target, key, state, at_s,"
                        " source, attempts, last, owner, lease_until, lease_s, changed_s)"
                        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, '', 0, 0, $10)"
                        " ON CONFLICT (key) DO NOTHING",
                        values, sizeof values / sizeof values[0], NULL, why);
}

static int32_t read_place(struct store *store, const struct found *found, struct outbox_plan *plan,
                          struct fault *why) {
    char place[PLACE_LEN];
    struct bytes text = {0};
    store_place(place, "delivery", plan->id, "place");
    int32_t rc = store_unseal(store, place, found_bytes(found, 0, 2), &text, why);
    text_copy(plan->place, sizeof plan->place, bytes_text(&text));
    bytes_clear(&text);
    return rc;
}

/* Whose the key is now: this plan's, or an earlier delivery's. */
static int32_t look_plan(struct store *store, struct outbox_plan *plan, struct fault *why) {
    struct found found = {0};
    char id[ID_LEN];
    const struct db_value values[] = {db_text(plan->key)};
    int32_t rc = store_find(store, "SELECT id, state, place FROM delivery WHERE key = $1", values,
                            1, &found, why);
    if (rc == SHK_OK && (!found_text(&found, 0, 0, id, sizeof id) || !outbox_id_fits(id))) {
        rc = fault_set(why, SHK_E_STORE_BROKEN, 0, 0, "delivery");
    }
    if (rc == SHK_OK) {
        plan->known = !text_equal(id, plan->id);
        plan->state = (enum delivery_state)found_int(&found, 0, 1);
        text_copy(plan->id, sizeof plan->id, id);
        rc = read_place(store, &found, plan, why);
    }
    found_clear(&found);
    return rc;
}

static int32_t insert_answer(struct store *store, const struct outbox_answer *answer,
                             struct fault *why) {
    struct bytes sealed = {0};
    char place[PLACE_LEN];
    store_place(place, "answer", answer->id, "sealed");
    int32_t rc = seal(store->ring, place, answer->frozen, answer->frozen_n, &sealed, why);
    if (rc == SHK_OK) {
        const struct db_value values[] = {db_text(answer->id), db_int(answer->at_s),
                                          db_text(answer->source), db_text(answer->person),
                                          db_bytes(sealed.p, sealed.n)};
        rc = store_change(store,
                          "INSERT INTO answer (id, at_s, source, person, sealed)"
                          " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING",
                          values, 5, NULL, why);
    }
    bytes_clear(&sealed);
    return rc;
}

static int32_t add_entry(struct store *store, const struct taking *taking, struct fault *why) {
    struct history_entry entry = *taking->entry;
    char token[TOKEN_LEN];
    entry.kind = HISTORY_CHECK;
    text_copy(entry.answer, sizeof entry.answer, taking->answer->id);
    history_token(token, HISTORY_CHECK, entry.answer);
    return history_add(store, &entry, token, why);
}

static int32_t last_came(struct store *store, int64_t *came, struct fault *why) {
    struct found found = {0};
    int32_t rc =
        store_find(store, "SELECT COALESCE(MAX(came), 0) FROM delivery", NULL, 0, &found, why);
    *came = found_int(&found, 0, 0);
    found_clear(&found);
    return rc == SHK_OK && *came > INT64_MAX - PLANS_MAX
               ? fault_set(why, SHK_E_STORE_BROKEN, 0, 0, "delivery")
               : rc;
}

static int32_t take_steps(struct store *store, void *self, struct fault *why) {
    const struct taking *taking = self;
    struct chain_end head;
    int64_t now_s = 0, came = 0;
    bool wanted = false;
    int32_t rc = chain_read(store, "head", true, &head, why);
    rc = rc == SHK_OK ? store_now(store, &now_s, why) : rc;
    rc = rc == SHK_OK ? last_came(store, &came, why) : rc;
    for (size_t i = 0; rc == SHK_OK && i < taking->n; i++) {
        struct outbox_plan *plan = &taking->found[i];
        *plan = taking->plans[i];
        rc = insert_plan(store, taking, i, ++came, now_s, why);
        rc = rc == SHK_OK ? look_plan(store, plan, why) : rc;
        wanted = wanted || (rc == SHK_OK && !plan->known && plan->state <= DELIVERY_UNDECIDED);
    }
    rc = rc == SHK_OK && wanted ? insert_answer(store, taking->answer, why) : rc;
    return rc == SHK_OK ? add_entry(store, taking, why) : rc;
}

int32_t outbox_take(struct store *store, const struct outbox_answer *answer,
                    struct outbox_plan *plans, size_t n, const struct history_entry *entry,
                    struct fault *why) {
    struct taking taking = {.answer = answer, .plans = plans, .n = n, .entry = entry};
    if (!fits(&taking)) {
        return fault_raise(why, SHK_E_ARGUMENT);
    }
    taking.found = calloc(n > 0 ? n : 1, sizeof *taking.found);
    if (taking.found == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    int32_t rc = store_write(store, take_steps, &taking, why);
    if (rc == SHK_OK && n > 0) {
        memcpy(plans, taking.found, n * sizeof *plans);
    }
    free(taking.found);
    return rc;
}
