#include "outbox_parts.h"

#define PAGE 64 /* rows of one statement */

static int32_t read_note(struct store *store, const struct found *found, size_t at,
                         struct outbox_row *out, struct fault *why) {
    char place[PLACE_LEN];
    struct bytes note = {0};
    store_place(place, "delivery", out->id, "note");
    int32_t rc = store_unseal(store, place, found_bytes(found, at, 12), &note, why);
    text_copy(out->note, sizeof out->note, bytes_text(&note));
    bytes_clear(&note);
    return rc;
}

static int32_t broken(struct fault *why) {
    return fault_set(why, SHK_E_STORE_BROKEN, 0, 0, "delivery");
}

static bool is_between(int64_t number, int64_t least, int64_t most) {
    return number >= least && number <= most;
}

/* An adapter to which this is no further attempt looks at no note, and would deliver again. */
static bool numbers_fit(const struct found *found, size_t at) {
    return is_between(found_int(found, at, 3), 1, INT32_MAX) &&
           is_between(found_int(found, at, 6), 0, INT32_MAX - 1);
}

int32_t outbox_read_row(struct store *store, const struct found *found, size_t at, int64_t now_s,
                        struct outbox_row *out, struct fault *why) {
    char owner[OWNER_LEN];
    *out = (struct outbox_row){0};
    if (!found_text(found, at, 0, out->id, sizeof out->id) || !outbox_id_fits(out->id) ||
        !found_text(found, at, 1, out->answer, sizeof out->answer) ||
        !found_text(found, at, 2, out->target, sizeof out->target) ||
        !found_text(found, at, 8, owner, sizeof owner) ||
        !found_text(found, at, 11, out->source, sizeof out->source)) {
        *out = (struct outbox_row){0};
        return broken(why);
    }
    int64_t until = found_int(found, at, 9);
    out->record = (int32_t)found_int(found, at, 3);
    out->state = (enum delivery_state)found_int(found, at, 4);
    out->at_s = found_int(found, at, 5);
    out->attempts = (int32_t)found_int(found, at, 6);
    out->last = (int32_t)found_int(found, at, 7);
    out->claimed = owner[0] != '\0' && !text_equal(owner, store->owner) && until > now_s &&
                   until - found_int(found, at, 10) <= now_s + OUTBOX_SLACK_S;
    return numbers_fit(found, at) ? read_note(store, found, at, out, why) : broken(why);
}

struct listing {
    bool all;
    int64_t came, now_s; /* the last row that was told */
    struct found page;
};

static int32_t page_steps(struct store *store, void *self, struct fault *why) {
    struct listing *listing = self;
    const struct db_value values[] = {db_int(listing->came),
                                      db_int(listing->all ? DELIVERY_DROPPED : DELIVERY_UNDECIDED)};
    int32_t rc = store_now(store, &listing->now_s, why);
    return rc == SHK_OK ? store_find(store,
                                     "SELECT " OUTBOX_COLUMNS
                                     " FROM delivery WHERE came > $1 AND state <= $2"
                                     " ORDER BY came LIMIT 64",
                                     values, 2, &listing->page, why)
                        : rc;
}

/* One damaged row must not hide what else waits, nor itself from whoever would drop it. Nobody delivers by what is
 * told here: a claim reads the row again, and fails. */
static int32_t list_row(struct store *store, const struct listing *listing, size_t at,
                        struct outbox_row *row, struct fault *why) {
    struct fault f = {0};
    int32_t rc = outbox_read_row(store, &listing->page, at, listing->now_s, row, &f);
    if (rc == SHK_E_STORE_SEALED || (rc == SHK_E_STORE_BROKEN && row->id[0] != '\0')) {
        row->last = rc;
        return SHK_OK;
    }
    return rc == SHK_OK ? SHK_OK : fault_set(why, rc, f.native_kind, f.native, f.where);
}

/* A place in the line that is no number would be come to again and again. */
static int32_t move_on(struct listing *listing, size_t at, struct fault *why) {
    int64_t came = found_int(&listing->page, at, OUTBOX_COLUMN_N - 1);
    if (came <= listing->came) {
        return broken(why);
    }
    listing->came = came;
    return SHK_OK;
}

int32_t outbox_list(struct store *store, bool all,
                    int32_t (*each)(void *self, const struct outbox_row *row, struct fault *why),
                    void *self, struct fault *why) {
    struct listing listing = {.all = all, .came = INT64_MIN};
    int32_t rc = SHK_OK;
    for (bool more = true; rc == SHK_OK && more;) {
        rc = store_read(store, page_steps, &listing, why);
        more = rc == SHK_OK && listing.page.rows == PAGE;
        for (size_t i = 0; rc == SHK_OK && i < listing.page.rows; i++) {
            struct outbox_row row;
            rc = list_row(store, &listing, i, &row, why);
            rc = rc == SHK_OK ? move_on(&listing, i, why) : rc;
            rc = rc == SHK_OK ? each(self, &row, why) : rc;
            memory_wipe(&row, sizeof row);
        }
    }
    found_clear(&listing.page);
    return rc;
}

struct thawing {
    const char *answer;
    struct bytes *out;
};

static int32_t thaw_steps(struct store *store, void *self, struct fault *why) {
    const struct thawing *thawing = self;
    struct found found = {0};
    char place[PLACE_LEN];
    const struct db_value values[] = {db_text(thawing->answer)};
    int32_t rc =
        store_find(store, "SELECT sealed FROM answer WHERE id = $1", values, 1, &found, why);
    if (rc == SHK_OK && found.rows == 0) {
        rc = fault_raise(why, SHK_E_ABSENT);
    }
    store_place(place, "answer", thawing->answer, "sealed");
    rc = rc == SHK_OK ? store_unseal(store, place, found_bytes(&found, 0, 0), thawing->out, why)
                      : rc;
    found_clear(&found);
    return rc;
}

int32_t outbox_thaw(struct store *store, const char *answer, struct bytes *out, struct fault *why) {
    struct thawing thawing = {answer, out};
    bytes_clear(out);
    return outbox_id_fits(answer) ? store_read(store, thaw_steps, &thawing, why)
                                  : fault_raise(why, SHK_E_ABSENT);
}

struct looking {
    const char *id;
    bool waits;
};

static int32_t look_steps(struct store *store, void *self, struct fault *why) {
    struct looking *looking = self;
    char answer[ID_LEN];
    int64_t state = 0;
    bool own = false;
    int32_t rc = outbox_look(store, looking->id, &state, &own, answer, why);
    looking->waits = rc == SHK_OK && is_between(state, DELIVERY_PLANNED, DELIVERY_UNDECIDED);
    return rc;
}

int32_t outbox_waits(struct store *store, const char *id, bool *waits, struct fault *why) {
    struct looking looking = {.id = id};
    int32_t rc = store_read(store, look_steps, &looking, why);
    *waits = looking.waits;
    return rc;
}
