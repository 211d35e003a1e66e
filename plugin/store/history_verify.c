#include <inttypes.h>
#include <string.h>

#include "history_rows.h"

#define AGAIN_MAX 3 /* how often another opening may purge while we read */

static const struct history_filter everything = {0};

struct walk {
    struct chain_end start, at, head;
    int64_t broken;
    bool start_lost;
    size_t rows; /* of the last page */
    struct history_state *state;
};

static bool follows(struct store *store, struct walk *walk, const struct history_row *row) {
    uint8_t hash[32];
    if (!row->whole || row->entry.seq != walk->at.seq + 1 ||
        history_hash(store, walk->at.hash, &row->entry, row->token, &row->packed, hash) != SHK_OK ||
        memcmp(hash, row->hash, sizeof hash) != 0) {
        return false;
    }
    walk->at.seq = row->entry.seq;
    memcpy(walk->at.hash, hash, sizeof hash);
    return true;
}

/* The next page of the chain. A row that is damaged is a finding, not a fault. */
static int32_t page_steps(struct store *store, void *self, struct fault *why) {
    struct walk *walk = self;
    struct found page = {0};
    int32_t rc = history_page(store, walk->at.seq, &everything, &page, why);
    walk->rows = page.rows;
    for (size_t i = 0; rc == SHK_OK && walk->broken == 0 && i < page.rows; i++) {
        struct history_row row;
        rc = history_row_read(store, &page, i, &row, NULL);
        if (rc == SHK_E_STORE_SEALED || (rc == SHK_OK && !follows(store, walk, &row))) {
            walk->broken = walk->at.seq + 1;
            rc = SHK_OK;
        }
        rc = rc == SHK_OK ? SHK_OK : fault_raise(why, rc);
        history_row_clear(&row);
    }
    found_clear(&page);
    return rc;
}

static int32_t start_steps(struct store *store, void *self, struct fault *why) {
    struct walk *walk = self;
    return chain_read(store, "start", false, &walk->start, why);
}

static int32_t head_steps(struct store *store, void *self, struct fault *why) {
    struct walk *walk = self;
    return chain_read(store, "head", false, &walk->head, why);
}

/* An end that is not ours: nothing behind the last entry that fits can be trusted. */
static int32_t read_end(struct store *store, store_steps steps, struct walk *walk,
                        struct fault *why) {
    struct fault f = {0};
    int32_t rc = store_read(store, steps, walk, &f);
    if (rc == SHK_E_HISTORY_BROKEN) {
        walk->broken = walk->at.seq + 1;
        return SHK_OK;
    }
    return rc == SHK_OK ? SHK_OK : fault_set(why, rc, f.native_kind, f.native, f.where);
}

/* Others may append meanwhile: the head is read behind the rows, and what it has more is followed, too. */
static int32_t follow_rows(struct store *store, struct walk *walk, struct fault *why) {
    int32_t rc = SHK_OK;
    for (bool more = true; rc == SHK_OK && walk->broken == 0 && more;) {
        rc = store_read(store, page_steps, walk, why);
        more = rc == SHK_OK && walk->rows > 0;
    }
    return rc;
}

static int32_t follow(struct store *store, struct walk *walk, struct fault *why) {
    int64_t last = -1;
    int32_t rc = SHK_OK;
    while (rc == SHK_OK && walk->broken == 0 && last != walk->at.seq) {
        last = walk->at.seq;
        rc = follow_rows(store, walk, why);
        if (rc == SHK_OK && walk->broken == 0) {
            rc = read_end(store, head_steps, walk, why);
        }
        if (walk->head.seq <= walk->at.seq) {
            break;
        }
    }
    if (rc == SHK_OK && walk->broken == 0 && walk->head.seq != walk->at.seq) {
        walk->broken = (walk->head.seq < walk->at.seq ? walk->head.seq : walk->at.seq) + 1;
    } else if (rc == SHK_OK && walk->broken == 0 &&
               memcmp(walk->head.hash, walk->at.hash, sizeof walk->at.hash) != 0) {
        walk->broken = walk->at.seq;
    }
    return rc;
}

static int32_t count_steps(struct store *store, void *self, struct fault *why) {
    struct walk *walk = self;
    struct found found = {0};
    int32_t rc = store_find(
        store, "SELECT COUNT(*), COALESCE(MIN(seq), 0), COALESCE(MAX(seq), 0) FROM history", NULL,
        0, &found, why);
    walk->state->entries = found_int(&found, 0, 0);
    walk->state->first = found_int(&found, 0, 1);
    walk->state->last = found_int(&found, 0, 2);
    found_clear(&found);
    return rc;
}

static int32_t walk_chain(struct store *store, struct walk *walk, struct fault *why) {
    walk->broken = 0;
    walk->at = (struct chain_end){0};
    int32_t rc = read_end(store, start_steps, walk, why);
    walk->start_lost = walk->broken > 0;
    walk->at = walk->start;
    return rc == SHK_OK && walk->broken == 0 ? follow(store, walk, why) : rc;
}

/* Whether the chain begins elsewhere by now: then what seemed to be missing was purged. */
static bool was_purged(struct store *store, const struct walk *walk) {
    struct walk now = {0};
    return store_read(store, start_steps, &now, NULL) == SHK_OK && now.start.seq != walk->start.seq;
}

static int32_t key_steps(struct store *store, void *self, struct fault *why) {
    (void)self;
    return store_adopt_key(store, why);
}

int32_t history_verify(struct store *store, struct history_state *out, struct fault *why) {
    struct walk walk = {.state = out};
    char number[24];
    *out = (struct history_state){0};
    int32_t rc = SHK_OK;
    for (int i = 0; i < AGAIN_MAX; i++) {
        rc = walk_chain(store, &walk, why);
        if (rc != SHK_OK || walk.broken == 0 || !was_purged(store, &walk)) {
            break;
        }
    }
    /* Whoever lacks the key that another PC has made cannot judge. */
    rc = rc == SHK_OK && walk.broken > 0 ? store_read(store, key_steps, NULL, why) : rc;
    rc = rc == SHK_OK ? store_read(store, count_steps, &walk, why) : rc;
    /* Where the chain begins cannot be told when that end is not ours. */
    if (rc != SHK_OK) {
        return rc;
    }
    out->broken = walk.broken > 0 && walk.start_lost && out->first > 0 ? out->first : walk.broken;
    walk.broken = out->broken;
    if (walk.broken == 0) {
        return SHK_OK;
    }
    text_format(number, sizeof number, "%" PRId64, walk.broken);
    return fault_set(why, SHK_E_HISTORY_BROKEN, 0, 0, number);
}
