#include <inttypes.h>

#include "store_parts.h"

#define STEP "32"       /* rows of one transaction */
#define MARK "rotating" /* in meta, from the new key until nothing has an old one */

/* What holds sealed values, and in which columns. */
struct sealed_table {
    const char *name;
    bool numbered; /* the id is a number */
    const char *columns[4];
};
static const struct sealed_table tables[] = {
    {"answer", false, {"sealed"}},
    {"delivery", false, {"note", "place", "document"}},
    {"history", true, {"sealed"}},
    {"patient", false, {"sealed"}},
};

struct rotation {
    const struct sealed_table *table;
    char id[ID_LEN]; /* the last row that is done */
    int64_t number;
    int64_t done, total;
    size_t rows; /* of the last step */
};

/* Unseals with whatever key it has and seals with the one in use. */
static int32_t reseal(struct store *store, const struct rotation *r, const char *id,
                      const char *column, struct db_value old, struct fault *why) {
    struct bytes plain = {0}, sealed = {0};
    char place[PLACE_LEN], sql[128], row[2 * ID_LEN];
    store_place(place, r->table->name, id, column);
    int32_t rc = store_unseal(store, place, old, &plain, why);
    rc = rc == SHK_OK ? seal(store->ring, place, plain.p, plain.n, &sealed, why) : rc;
    if (rc == SHK_OK) {
        const struct db_value values[] = {db_bytes(sealed.p, sealed.n),
                                          r->table->numbered ? db_int(r->number) : db_text(id)};
        text_format(sql, sizeof sql, "UPDATE %s SET %s = $1 WHERE %s = $2", r->table->name, column,
                    r->table->numbered ? "seq" : "id");
        rc = store_change(store, sql, values, 2, NULL, why);
    }
    bytes_clear(&plain);
    bytes_clear(&sealed);
    if (rc != SHK_OK) {
        text_format(row, sizeof row, "%s %s", r->table->name, id);
        fault_where(why, row);
    }
    return rc;
}

static int32_t reseal_row(struct store *store, struct rotation *r, const struct found *page,
                          size_t at, struct fault *why) {
    char id[ID_LEN];
    int32_t rc = SHK_OK;
    int64_t before = r->number;
    r->number = found_int(page, at, 0);
    if (r->table->numbered && r->number > before) {
        text_format(id, sizeof id, "%" PRId64, r->number);
    } else if (r->table->numbered || !found_text(page, at, 0, id, sizeof id)) {
        return fault_set(why, SHK_E_STORE_BROKEN, 0, 0, r->table->name);
    }
    for (size_t i = 0; rc == SHK_OK && r->table->columns[i] != NULL; i++) {
        struct db_value old = found_bytes(page, at, i + 1);
        if (old.n > 0 && sealed_by(old.p, old.n) != store->ring->active) {
            rc = reseal(store, r, id, r->table->columns[i], old, why);
        }
    }
    text_copy(r->id, sizeof r->id, id);
    return rc;
}

/* Writers with an older idea of the row wait, or are waited for. */
static void page_sql(const struct store *store, const struct sealed_table *table, char *sql,
                     size_t cap) {
    const char *id = table->numbered ? "seq" : "id";
    size_t n = text_format(sql, cap, "SELECT %s", id);
    for (size_t i = 0; table->columns[i] != NULL; i++) {
        n += text_format(sql + n, cap - n, ", %s", table->columns[i]);
    }
    (void)text_format(sql + n, cap - n, " FROM %s WHERE %s > $1 ORDER BY %s LIMIT " STEP "%s",
                      table->name, id, id, store_lock_words(store, " FOR UPDATE"));
}

/* Runs again from where it began when the server goes away: the position moves only with the commit. */
static int32_t page_steps(struct store *store, void *self, struct fault *why) {
    const struct rotation *from = ((struct rotation **)self)[0];
    struct rotation *to = ((struct rotation **)self)[1];
    struct found page = {0};
    char sql[256];
    *to = *from;
    page_sql(store, from->table, sql, sizeof sql);
    const struct db_value values[] = {from->table->numbered ? db_int(from->number)
                                                            : db_text(from->id)};
    int32_t rc = store_find(store, sql, values, 1, &page, why);
    to->rows = page.rows;
    for (size_t i = 0; rc == SHK_OK && i < page.rows; i++) {
        rc = reseal_row(store, to, &page, i, why);
    }
    to->done += (int64_t)page.rows;
    found_clear(&page);
    return rc;
}

static int32_t count_steps(struct store *store, void *self, struct fault *why) {
    struct rotation *r = self;
    struct found found = {0};
    int32_t rc = store_find(store,
                            "SELECT (SELECT COUNT(*) FROM answer) + (SELECT COUNT(*) FROM delivery)"
                            " + (SELECT COUNT(*) FROM history) + (SELECT COUNT(*) FROM patient)",
                            NULL, 0, &found, why);
    r->total = found_int(&found, 0, 0);
    found_clear(&found);
    return rc;
}

static int32_t is_going_on(struct store *store, bool *going_on, struct fault *why) {
    struct found found = {0};
    const struct db_value values[] = {db_text(MARK)};
    int32_t rc =
        store_find(store, "SELECT value FROM meta WHERE name = $1", values, 1, &found, why);
    *going_on = found.rows > 0;
    found_clear(&found);
    return rc;
}

/* Which key seals, and what lies in the key file; nobody else changes either until the commit. */
static int32_t look(struct store *store, uint32_t *used, bool *going_on, struct fault *why) {
    struct bytes mark = {0};
    int32_t rc = store_meta(store, "key", " FOR UPDATE", &mark, why);
    *used = rc == SHK_OK ? sealed_by(mark.p, mark.n) : 0;
    bytes_clear(&mark);
    *going_on = false;
    rc = rc == SHK_OK ? is_going_on(store, going_on, why) : rc;
    return rc == SHK_OK ? key_ring_reload(store->ring, &store->env, why) : rc;
}

/* A new key, unless a rotation that was broken off has left one; from the commit on everybody seals with
 * it. */
static int32_t change_steps(struct store *store, void *self, struct fault *why) {
    (void)self;
    uint32_t used = 0;
    bool going_on = false;
    int32_t rc = look(store, &used, &going_on, why);
    if (rc == SHK_OK && !going_on && key_ring_current(store->ring) == used) {
        /* Keys that were carried here and that nothing is sealed with any more. */
        rc = key_ring_count(store->ring) == KEYS_MAX
                 ? key_ring_retire(store->ring, &store->env, why)
                 : SHK_OK;
    }
    if (rc == SHK_OK && !going_on && key_ring_current(store->ring) == used) {
        rc = key_ring_rotate(store->ring, &store->env, why);
    }
    if (rc != SHK_OK || used == key_ring_current(store->ring)) {
        return rc;
    }
    (void)key_ring_use(store->ring, key_ring_current(store->ring));
    rc = store_mark_key(store, why);
    return rc == SHK_OK ? store_set_meta(store, MARK, (const uint8_t *)"1", 1, why) : rc;
}

/* The old keys go only when nothing is sealed with them any more, and that is in the history. */
static int32_t finish_steps(struct store *store, void *self, struct fault *why) {
    (void)self;
    char number[24], token[TOKEN_LEN];
    text_format(number, sizeof number, "%" PRIu32, store->ring->active);
    history_token(token, HISTORY_KEY, number);
    const struct history_fact facts[] = {{"key", number}};
    const struct history_entry entry = {.kind = HISTORY_KEY, .facts = facts, .n = 1};
    const struct db_value values[] = {db_text(MARK)};
    int32_t rc = history_add(store, &entry, token, why);
    return rc == SHK_OK
               ? store_change(store, "DELETE FROM meta WHERE name = $1", values, 1, NULL, why)
               : rc;
}

/* Another rotation may have begun since: then a newer key lies in the file, and the old ones are its to take
 * out. */
static int32_t retire_steps(struct store *store, void *self, struct fault *why) {
    (void)self;
    uint32_t used = 0;
    bool going_on = false;
    int32_t rc = look(store, &used, &going_on, why);
    return rc == SHK_OK && !going_on && used == key_ring_current(store->ring)
               ? key_ring_retire(store->ring, &store->env, why)
               : rc;
}

static int32_t reseal_all(struct store *store, struct rotation *r,
                          void (*progress)(void *self, int64_t done, int64_t total), void *self,
                          struct fault *why) {
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < sizeof tables / sizeof tables[0]; i++) {
        r->table = &tables[i];
        r->id[0] = '\0';
        r->number = INT64_MIN;
        do {
            struct rotation next;
            struct rotation *both[] = {r, &next};
            rc = store_write(store, page_steps, both, why);
            if (rc == SHK_OK) {
                *r = next;
            }
            if (rc == SHK_OK && progress != NULL) {
                progress(self, r->done, r->total);
            }
        } while (rc == SHK_OK && r->rows > 0);
    }
    return rc;
}

int32_t store_rotate(struct store *store, void (*progress)(void *self, int64_t done, int64_t total),
                     void *self, struct fault *why) {
    struct rotation r = {0};
    int32_t rc = store_write(store, change_steps, NULL, why);
    rc = rc == SHK_OK ? store_read(store, count_steps, &r, why) : rc;
    rc = rc == SHK_OK ? reseal_all(store, &r, progress, self, why) : rc;
    rc = rc == SHK_OK ? store_write(store, finish_steps, NULL, why) : rc;
    return rc == SHK_OK ? store_write(store, retire_steps, NULL, why) : rc;
}
