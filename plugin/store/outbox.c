#include "outbox.h"

#include <string.h>

#include "outbox_parts.h"

bool outbox_id_fits(const char *id) {
    size_t n = strnlen(id, ID_LEN);
    for (size_t i = 0; i < n; i++) {
        char c = id[i];
        if (!char_is_digit(c) && c != '-' && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z')) {
            return false;
        }
    }
    return n > 0 && n < ID_LEN;
}

int32_t outbox_look(struct store *store, const char *id, int64_t *state, bool *own,
                    char answer[ID_LEN], struct fault *why) {
    struct found found = {0};
    char owner[OWNER_LEN];
    const struct db_value values[] = {db_text(id)};
    int32_t rc = store_find(store, "SELECT state, owner, answer FROM delivery WHERE id = $1",
                            values, 1, &found, why);
    *state = found_int(&found, 0, 0);
    *own = found_text(&found, 0, 1, owner, sizeof owner) && text_equal(owner, store->owner);
    (void)found_text(&found, 0, 2, answer, ID_LEN);
    found_clear(&found);
    return rc;
}

int32_t outbox_why_not(struct store *store, const char *id, struct fault *why) {
    int64_t state = 0;
    bool own = false;
    char answer[ID_LEN];
    int32_t rc = outbox_look(store, id, &state, &own, answer, why);
    if (rc != SHK_OK) {
        return rc;
    }
    bool waits = state >= DELIVERY_PLANNED && state <= DELIVERY_UNDECIDED;
    return fault_raise(why, waits ? SHK_E_DELIVERY_TAKEN : SHK_E_ABSENT);
}

struct claim {
    const char *id;
    struct outbox_row *row;
    struct bytes *document;
};

static int32_t read_claimed(struct store *store, const struct claim *claim, int64_t now_s,
                            struct fault *why) {
    struct found found = {0};
    char place[PLACE_LEN];
    const struct db_value values[] = {db_text(claim->id)};
    int32_t rc =
        store_find(store, "SELECT " OUTBOX_COLUMNS ", document FROM delivery WHERE id = $1", values,
                   1, &found, why);
    rc = rc == SHK_OK ? outbox_read_row(store, &found, 0, now_s, claim->row, why) : rc;
    if (rc == SHK_OK && claim->row->attempts < 1) {
        rc = fault_set(why, SHK_E_STORE_BROKEN, 0, 0, "delivery"); /* one was just counted */
    }
    store_place(place, "delivery", claim->id, "document");
    rc = rc == SHK_OK ? store_unseal(store, place, found_bytes(&found, 0, OUTBOX_COLUMN_N),
                                     claim->document, why)
                      : rc;
    found_clear(&found);
    return rc;
}

static int32_t claim_steps(struct store *store, void *self, struct fault *why) {
    const struct claim *claim = self;
    int64_t now_s = 0, changed = 0;
    int32_t rc = store_now(store, &now_s, why);
    if (rc != SHK_OK) {
        return rc;
    }
    const struct db_value values[] = {db_text(store->owner), db_int(now_s),
                                      db_int(now_s + store->lease_s), db_int(store->lease_s),
                                      db_text(claim->id)};
    rc = store_change(store,
                      "UPDATE delivery SET owner = $1, changed_s = $2, lease_until = $3,"
                      " lease_s = $4, attempts = attempts + 1 WHERE id = $5" OUTBOX_FREE,
                      values, 5, &changed, why);
    if (rc != SHK_OK) {
        return rc;
    }
    return changed == 0 ? outbox_why_not(store, claim->id, why)
                        : read_claimed(store, claim, now_s, why);
}

int32_t outbox_claim(struct store *store, const char *id, struct outbox_row *row,
                     struct bytes *document, struct fault *why) {
    struct claim claim = {id, row, document};
    *row = (struct outbox_row){0};
    bytes_clear(document);
    int32_t rc = outbox_id_fits(id) ? store_write(store, claim_steps, &claim, why)
                                    : fault_raise(why, SHK_E_ABSENT);
    if (rc != SHK_OK) {
        *row = (struct outbox_row){0};
        bytes_clear(document);
    }
    return rc;
}

/* A change that only the holder of the claim makes. */
struct change {
    const char *id, *column, *sql; /* of the statement: $1 what is set, $2 now, $3 id, $4 owner */
    const uint8_t *p;              /* sealed and set to the column; null with `number` */
    size_t n;
    int64_t number;
};

static int32_t run_change(struct store *store, const struct change *change, struct db_value set,
                          struct fault *why) {
    int64_t now_s = 0, changed = 0;
    int32_t rc = store_now(store, &now_s, why);
    if (rc != SHK_OK) {
        return rc;
    }
    const struct db_value values[] = {set, db_int(now_s), db_text(change->id),
                                      db_text(store->owner)};
    rc = store_change(store, change->sql, values, 4, &changed, why);
    return rc == SHK_OK && changed == 0 ? fault_raise(why, SHK_E_DELIVERY_TAKEN) : rc;
}

static int32_t change_steps(struct store *store, void *self, struct fault *why) {
    const struct change *change = self;
    struct bytes sealed = {0};
    char place[PLACE_LEN];
    if (change->column == NULL) {
        return run_change(store, change, db_int(change->number), why);
    }
    store_place(place, "delivery", change->id, change->column);
    int32_t rc = seal(store->ring, place, change->p, change->n, &sealed, why);
    rc = rc == SHK_OK ? run_change(store, change, db_bytes(sealed.p, sealed.n), why) : rc;
    bytes_clear(&sealed);
    return rc;
}

static int32_t make_change(struct store *store, struct change *change, struct fault *why) {
    return outbox_id_fits(change->id) ? store_write(store, change_steps, change, why)
                                      : fault_raise(why, SHK_E_ABSENT);
}

/* Whoever goes on with a delivery has it for the whole lease again. */
#define HELD " WHERE id = $3 AND owner = $4 AND lease_until <> 0 AND state <= 3"
#define HOLD ", changed_s = $2, lease_until = $2 + lease_s"

int32_t outbox_ready(struct store *store, const char *id, const uint8_t *document, size_t n,
                     struct fault *why) {
    struct change change = {.id = id,
                            .column = "document",
                            .sql = "UPDATE delivery SET document = $1, state = 2" HOLD HELD,
                            .p = document,
                            .n = n};
    return make_change(store, &change, why);
}

int32_t outbox_note(struct store *store, const char *id, const char *note, struct fault *why) {
    struct change change = {.id = id,
                            .column = "note",
                            .sql = "UPDATE delivery SET note = $1" HOLD HELD,
                            .p = (const uint8_t *)note,
                            .n = strlen(note)};
    return change.n < sizeof((struct outbox_row *)0)->note ? make_change(store, &change, why)
                                                           : fault_raise(why, SHK_E_ARGUMENT);
}

int32_t outbox_hold(struct store *store, const char *id, struct fault *why) {
    struct change change = {
        .id = id, .sql = "UPDATE delivery SET attempts = attempts + $1" HOLD HELD, .number = 0};
    return make_change(store, &change, why);
}

int32_t outbox_failed(struct store *store, const char *id, int32_t code, struct fault *why) {
    struct change change = {.id = id,
                            .sql = "UPDATE delivery SET last = $1, changed_s = $2, lease_until = 0"
                                   " WHERE id = $3 AND owner = $4 AND state <= 3",
                            .number = code};
    return make_change(store, &change, why);
}

int32_t outbox_undecided(struct store *store, const char *id, struct fault *why) {
    struct change change = {.id = id,
                            .sql = "UPDATE delivery SET state = $1, changed_s = $2, lease_until = 0"
                                   " WHERE id = $3 AND owner = $4 AND state <= 3",
                            .number = DELIVERY_UNDECIDED};
    return make_change(store, &change, why);
}

static int32_t replan_steps(struct store *store, void *self, struct fault *why) {
    const struct change *change = self;
    struct found found = {0};
    const struct db_value values[] = {db_text(change->id)};
    char sql[96];
    text_format(sql, sizeof sql, "SELECT note FROM delivery WHERE id = $1%s",
                store_lock_words(store, " FOR UPDATE"));
    int32_t rc = store_find(store, sql, values, 1, &found, why);
    bool noted = found_bytes(&found, 0, 0).n > 0;
    found_clear(&found);
    rc = rc == SHK_OK ? run_change(store, change, db_int(DELIVERY_PLANNED), why) : rc;
    return rc == SHK_OK && noted ? fault_raise(why, SHK_E_STATE) : rc;
}

int32_t outbox_replan(struct store *store, const char *id, struct fault *why) {
    struct change change = {.id = id,
                            .sql = "UPDATE delivery SET state = $1, document = NULL, changed_s = $2"
                                   " WHERE id = $3 AND state <= 3 AND (owner = '' OR owner = $4"
                                   " OR lease_until <= $2 OR lease_until - lease_s > $2 + 10)"};
    return outbox_id_fits(id) ? store_write(store, replan_steps, &change, why)
                              : fault_raise(why, SHK_E_ABSENT);
}
