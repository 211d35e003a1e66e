#include <inttypes.h>
#include <string.h>

#include "store_parts.h"

#define GAP_S ((int64_t)366 * DAY_S)

struct purge {
    bool now;
    int64_t day, today_s, before_s; /* what is older goes */
    int64_t removed;
    struct found found;
};

static int32_t ask_number(struct store *store, const char *sql, const struct db_value *values,
                          size_t n, struct purge *purge, int64_t *out, struct fault *why) {
    int32_t rc = store_find(store, sql, values, n, &purge->found, why);
    *out = found_int(&purge->found, 0, 0);
    return rc;
}

static int32_t is_due(struct store *store, struct purge *purge, bool *due, struct fault *why) {
    int64_t last = -1;
    const struct db_value values[] = {db_text("purged")};
    struct db_value value;
    int32_t rc =
        store_find(store, "SELECT value FROM meta WHERE name = $1", values, 1, &purge->found, why);
    value = found_bytes(&purge->found, 0, 0);
    bool known = value.n > 0 && text_to_int64((const char *)value.p, value.n, &last);
    *due = purge->now || !known || last != purge->day;
    return rc;
}

/* A clock that has jumped forward has most likely made entries since: those of the last day do not
 * count. */
static int32_t is_believed(struct store *store, struct purge *purge, bool *believed,
                           struct fault *why) {
    int64_t newest = 0;
    const struct db_value values[] = {db_int(purge->today_s - DAY_S)};
    int32_t rc = ask_number(store, "SELECT COALESCE(MAX(at_s), 0) FROM history WHERE at_s <= $1",
                            values, 1, purge, &newest, why);
    *believed = newest > 0 && purge->today_s - newest <= GAP_S;
    return rc;
}

static int32_t remove_old(struct store *store, struct purge *purge, const char *sql,
                          struct fault *why) {
    int64_t changed = 0;
    const struct db_value values[] = {db_int(purge->before_s)};
    int32_t rc = store_change(store, sql, values, 1, &changed, why);
    purge->removed += changed;
    return rc;
}

/* Rows in the order they came, and what is asked of them. */
struct line {
    const char *stays; /* the first that stays; $1 what is older goes, $2 now */
    const char *last;  /* when the youngest of those before number $1 is from, of the old ones */
    const char *end;   /* the number of the last one before number $1 */
};

static const struct line history_line = {
    "SELECT COALESCE(MIN(seq), 0) FROM history WHERE at_s >= $1 AND at_s <= $2",
    "SELECT COALESCE(MAX(at_s), 0) FROM history WHERE seq < $1 AND at_s < $2",
    "SELECT COALESCE(MAX(seq), 0) FROM history WHERE seq < $1"};
static const struct line delivery_line = {
    "SELECT COALESCE(MIN(came), 0) FROM delivery WHERE at_s >= $1 AND at_s <= $2",
    "SELECT COALESCE(MAX(at_s), 0) FROM delivery WHERE came < $1 AND at_s < $2",
    "SELECT COALESCE(MAX(came), 0) FROM delivery WHERE came < $1"};

/* The number of the last row that goes: those from the oldest on, up to the first that stays, so that a
 * wrong clock ages nothing: what it has dated into the future goes with its neighbours, into the past
 * stays with them. Where the old ones end in a leap of time it was the clock's. 0: none. */
static int32_t find_cut(struct store *store, struct purge *purge, const struct line *line,
                        int64_t *cut, struct fault *why) {
    int64_t stays = 0, last_s = 0;
    const struct db_value values[] = {db_int(purge->before_s), db_int(purge->today_s)};
    *cut = 0;
    int32_t rc = ask_number(store, line->stays, values, 2, purge, &stays, why);
    const struct db_value limit[] = {db_int(stays > 0 ? stays : INT64_MAX),
                                     db_int(purge->before_s)};
    rc = rc == SHK_OK ? ask_number(store, line->last, limit, 2, purge, &last_s, why) : rc;
    return rc == SHK_OK && purge->before_s - last_s <= GAP_S
               ? ask_number(store, line->end, limit, 1, purge, cut, why)
               : rc;
}

static int32_t move_start(struct store *store, struct purge *purge, int64_t cut,
                          struct fault *why) {
    struct chain_end start = {.seq = cut};
    const struct db_value values[] = {db_int(cut)};
    int32_t rc =
        store_find(store, "SELECT hash FROM history WHERE seq = $1", values, 1, &purge->found, why);
    struct db_value hash = found_bytes(&purge->found, 0, 0);
    if (rc == SHK_OK && hash.n != sizeof start.hash) {
        return fault_set(why, SHK_E_HISTORY_BROKEN, 0, 0, "purge");
    }
    if (rc == SHK_OK) {
        memcpy(start.hash, hash.p, sizeof start.hash);
    }
    return rc == SHK_OK ? chain_write(store, "start", &start, why) : rc;
}

static int32_t add_entry(struct store *store, const struct purge *purge, int64_t cut,
                         struct fault *why) {
    char number[24], token[TOKEN_LEN];
    text_format(number, sizeof number, "%" PRId64, cut);
    history_token(token, HISTORY_PURGED, number);
    const struct history_fact facts[] = {{"purged_until", number}};
    const struct history_entry entry = {
        .at_s = purge->today_s, .kind = HISTORY_PURGED, .facts = facts, .n = 1};
    return history_add(store, &entry, token, why);
}

static int32_t purge_history(struct store *store, struct purge *purge, struct fault *why) {
    int64_t cut = 0, changed = 0;
    int32_t rc = find_cut(store, purge, &history_line, &cut, why);
    if (rc != SHK_OK || cut == 0) {
        return rc;
    }
    const struct db_value values[] = {db_int(cut)};
    rc = move_start(store, purge, cut, why);
    rc = rc == SHK_OK
             ? store_change(store, "DELETE FROM history WHERE seq <= $1", values, 1, &changed, why)
             : rc;
    purge->removed += changed;
    return rc == SHK_OK ? add_entry(store, purge, cut, why) : rc;
}

static int32_t purge_deliveries(struct store *store, struct purge *purge, struct fault *why) {
    int64_t cut = 0, changed = 0;
    int32_t rc = find_cut(store, purge, &delivery_line, &cut, why);
    const struct db_value values[] = {db_int(purge->before_s), db_int(cut)};
    rc = rc == SHK_OK && cut > 0
             ? store_change(store,
                            "DELETE FROM delivery WHERE state >= 4 AND at_s < $1"
                            " AND changed_s < $1 AND came <= $2",
                            values, 2, &changed, why)
             : rc;
    purge->removed += changed;
    return rc;
}

static int32_t remove_all(struct store *store, struct purge *purge, struct fault *why) {
    int32_t rc = purge_deliveries(store, purge, why);
    rc = rc == SHK_OK ? remove_old(store, purge, "DELETE FROM patient WHERE seen_s < $1", why) : rc;
    return rc == SHK_OK ? purge_history(store, purge, why) : rc;
}

static int32_t purge_steps(struct store *store, void *self, struct fault *why) {
    struct purge *purge = self;
    struct chain_end head;
    bool due = false, believed = false;
    char day[24];
    purge->removed = 0;
    int32_t rc = chain_read(store, "head", true, &head, why);
    rc = rc == SHK_OK ? store_now(store, &purge->today_s, why) : rc;
    purge->day = purge->today_s / DAY_S;
    purge->before_s = purge->today_s - (int64_t)store->keep_days * DAY_S;
    rc = rc == SHK_OK ? is_due(store, purge, &due, why) : rc;
    if (rc != SHK_OK || !due) {
        return rc;
    }
    rc = is_believed(store, purge, &believed, why);
    rc = rc == SHK_OK && believed ? remove_all(store, purge, why) : rc;
    size_t n = text_format(day, sizeof day, "%" PRId64, purge->day);
    return rc == SHK_OK ? store_set_meta(store, "purged", (const uint8_t *)day, n, why) : rc;
}

static int32_t checkpoint_steps(struct store *store, void *self, struct fault *why) {
    return store_find(store, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, 0, self, why);
}

int32_t store_purge(struct store *store, bool now, int64_t *purged, struct fault *why) {
    struct purge purge = {.now = now};
    int32_t rc = store->keep_days > 0 ? store_write(store, purge_steps, &purge, why) : SHK_OK;
    *purged = rc == SHK_OK ? purge.removed : 0;
    if (rc == SHK_OK && purge.removed > 0 && store->ops->kind == DB_SQLITE) {
        /* What was removed leaves the log of writes, too. Readers may be in the way: then another time. */
        (void)store_read(store, checkpoint_steps, &purge.found, NULL);
    }
    found_clear(&purge.found);
    return rc;
}
