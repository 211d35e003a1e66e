#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "history_rows.h"

/* How the filter stands in every statement; $1 is another value. */
#define MATCHES " AND at_s >= $2 AND at_s <= $3 AND (CAST($4 AS TEXT) = '' OR person = $4)"

static void filter_values(const struct history_filter *filter, struct db_value values[3]) {
    values[0] = db_int(filter->from_s != 0 ? filter->from_s : INT64_MIN);
    values[1] = db_int(filter->to_s != 0 ? filter->to_s : INT64_MAX);
    values[2] = db_text(filter->person != NULL ? filter->person : "");
}

int32_t history_page(struct store *store, int64_t after, const struct history_filter *filter,
                     struct found *out, struct fault *why) {
    struct db_value values[4] = {db_int(after)};
    filter_values(filter, values + 1);
    return store_find(store,
                      "SELECT seq, at_s, kind, answer, delivery, person, token, sealed, hash"
                      " FROM history WHERE seq > $1" MATCHES " ORDER BY seq LIMIT 128",
                      values, 4, out, why);
}

static bool read_open(const struct found *page, size_t at, struct history_row *out) {
    struct history_entry *e = &out->entry;
    struct db_value hash = found_bytes(page, at, 8);
    int64_t kind = found_int(page, at, 2);
    e->seq = found_int(page, at, 0);
    e->at_s = found_int(page, at, 1);
    bool whole = kind >= HISTORY_CHECK && kind <= HISTORY_PURGED;
    e->kind = whole ? (enum history_kind)kind : 0;
    whole = found_text(page, at, 3, e->answer, sizeof e->answer) && whole;
    whole = found_text(page, at, 4, e->delivery, sizeof e->delivery) && whole;
    whole = found_text(page, at, 5, e->person, sizeof e->person) && whole;
    whole = found_text(page, at, 6, out->token, sizeof out->token) && whole;
    if (hash.n == sizeof out->hash) {
        memcpy(out->hash, hash.p, sizeof out->hash);
    }
    return whole && hash.n == sizeof out->hash;
}

int32_t history_row_read(struct store *store, const struct found *page, size_t at,
                         struct history_row *out, struct fault *why) {
    char place[PLACE_LEN], number[24];
    struct db_value sealed = found_bytes(page, at, 7);
    *out = (struct history_row){0};
    out->whole = read_open(page, at, out);
    text_format(number, sizeof number, "%" PRId64, out->entry.seq);
    store_place(place, "history", number, "sealed");
    int32_t rc = sealed.n > 0 ? store_unseal(store, place, sealed, &out->packed, why)
                              : fault_raise(why, SHK_E_STORE_SEALED);
    rc = rc == SHK_OK ? history_unpack(&out->packed, &out->facts, &out->entry.n, why) : rc;
    out->entry.facts = out->facts;
    if (rc != SHK_OK) {
        fault_where(why, number);
    }
    return rc;
}

void history_row_clear(struct history_row *row) {
    bytes_clear(&row->packed);
    free(row->facts);
    *row = (struct history_row){0};
}

struct listing {
    const struct history_filter *filter;
    int64_t after;
    struct found page;
};

/* Behind which entry the newest ones begin. */
static int32_t begin_steps(struct store *store, void *self, struct fault *why) {
    struct listing *listing = self;
    struct found found = {0};
    struct db_value values[5] = {db_int(0)};
    filter_values(listing->filter, values + 1);
    values[4] = db_int(listing->filter->limit - 1);
    int32_t rc = store_find(store,
                            "SELECT seq FROM history WHERE seq > $1" MATCHES
                            " ORDER BY seq DESC LIMIT 1 OFFSET $5",
                            values, 5, &found, why);
    listing->after = found.rows > 0 ? found_int(&found, 0, 0) - 1 : 0;
    found_clear(&found);
    return rc;
}

static int32_t page_steps(struct store *store, void *self, struct fault *why) {
    struct listing *listing = self;
    return history_page(store, listing->after, listing->filter, &listing->page, why);
}

int32_t history_list(struct store *store, const struct history_filter *filter,
                     int32_t (*each)(void *self, const struct history_entry *entry,
                                     struct fault *why),
                     void *self, struct fault *why) {
    struct listing listing = {.filter = filter};
    int32_t rc = filter->limit > 0 ? store_read(store, begin_steps, &listing, why) : SHK_OK;
    bool more = true;
    while (rc == SHK_OK && more) {
        rc = store_read(store, page_steps, &listing, why);
        more = rc == SHK_OK && listing.page.rows == HISTORY_PAGE;
        for (size_t i = 0; rc == SHK_OK && i < listing.page.rows; i++) {
            struct history_row row;
            rc = history_row_read(store, &listing.page, i, &row, why);
            listing.after = row.entry.seq;
            rc = rc == SHK_OK ? each(self, &row.entry, why) : rc;
            history_row_clear(&row);
        }
    }
    found_clear(&listing.page);
    return rc;
}
