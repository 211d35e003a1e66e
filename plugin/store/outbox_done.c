#include <string.h>

#include "outbox_parts.h"

struct ending {
    const char *id;
    const char *place; /* null: dropped */
    const struct history_entry *entry;
};

/* The answer goes with its last delivery. */
static int32_t remove_answer(struct store *store, const char *answer, struct fault *why) {
    const struct db_value values[] = {db_text(answer)};
    return store_change(store,
                        "DELETE FROM answer WHERE id = $1 AND NOT EXISTS"
                        " (SELECT 1 FROM delivery WHERE answer = $1 AND state <= 3)",
                        values, 1, NULL, why);
}

static int32_t add_entry(struct store *store, const struct ending *ending, const char *answer,
                         struct fault *why) {
    struct history_entry entry = *ending->entry;
    char token[TOKEN_LEN];
    entry.kind = ending->place != NULL ? HISTORY_DELIVERED : HISTORY_DROPPED;
    text_copy(entry.delivery, sizeof entry.delivery, ending->id);
    text_copy(entry.answer, sizeof entry.answer, answer);
    history_token(token, entry.kind, ending->id);
    return history_add(store, &entry, token, why);
}

static int32_t mark_done(struct store *store, const struct ending *ending, int64_t now_s,
                         int64_t *changed, struct fault *why) {
    struct bytes sealed = {0};
    char place[PLACE_LEN];
    store_place(place, "delivery", ending->id, "place");
    int32_t rc = seal(store->ring, place, (const uint8_t *)ending->place, strlen(ending->place),
                      &sealed, why);
    if (rc == SHK_OK) {
        const struct db_value values[] = {db_text(store->owner), db_int(now_s),
                                          db_bytes(sealed.p, sealed.n), db_text(ending->id)};
        rc = store_change(store,
                          "UPDATE delivery SET owner = $1, changed_s = $2, place = $3, state = 4,"
                          " note = NULL, document = NULL, last = 0, lease_until = 0"
                          " WHERE id = $4 AND owner = $1 AND lease_until <> 0 AND state <= 3",
                          values, 4, changed, why);
    }
    bytes_clear(&sealed);
    return rc;
}

static int32_t mark_dropped(struct store *store, const struct ending *ending, int64_t now_s,
                            int64_t *changed, struct fault *why) {
    const struct db_value values[] = {db_text(store->owner), db_int(now_s), db_text(ending->id)};
    return store_change(store,
                        "UPDATE delivery SET owner = $1, changed_s = $2, state = 5, note = NULL,"
                        " document = NULL, lease_until = 0 WHERE id = $3" OUTBOX_FREE,
                        values, 3, changed, why);
}

/* Nothing was changed: harmless when this opening has ended it so before. */
static int32_t judge(const struct ending *ending, int64_t state, bool own, struct fault *why) {
    if (ending->place != NULL) {
        return own && state == DELIVERY_DONE ? SHK_OK : fault_raise(why, SHK_E_DELIVERY_TAKEN);
    }
    if (own && state == DELIVERY_DROPPED) {
        return SHK_OK;
    }
    bool waits = state >= DELIVERY_PLANNED && state <= DELIVERY_UNDECIDED;
    return fault_raise(why, waits ? SHK_E_DELIVERY_TAKEN : SHK_E_ABSENT);
}

static int32_t end_steps(struct store *store, void *self, struct fault *why) {
    const struct ending *ending = self;
    struct chain_end head;
    char answer[ID_LEN];
    int64_t now_s = 0, changed = 0, state = 0;
    bool own = false;
    int32_t rc = chain_read(store, "head", true, &head, why);
    rc = rc == SHK_OK ? store_now(store, &now_s, why) : rc;
    rc = rc != SHK_OK            ? rc
         : ending->place != NULL ? mark_done(store, ending, now_s, &changed, why)
                                 : mark_dropped(store, ending, now_s, &changed, why);
    rc = rc == SHK_OK ? outbox_look(store, ending->id, &state, &own, answer, why) : rc;
    if (rc != SHK_OK || changed == 0) {
        return rc == SHK_OK ? judge(ending, state, own, why) : rc;
    }
    rc = remove_answer(store, answer, why);
    return rc == SHK_OK ? add_entry(store, ending, answer, why) : rc;
}

int32_t outbox_done(struct store *store, const char *id, const char *place,
                    const struct history_entry *entry, struct fault *why) {
    struct ending ending = {id, place != NULL ? place : "", entry};
    return outbox_id_fits(id) ? store_write(store, end_steps, &ending, why)
                              : fault_raise(why, SHK_E_ABSENT);
}

int32_t outbox_drop(struct store *store, const char *id, const struct history_entry *entry,
                    struct fault *why) {
    struct ending ending = {id, NULL, entry};
    return outbox_id_fits(id) ? store_write(store, end_steps, &ending, why)
                              : fault_raise(why, SHK_E_ABSENT);
}
