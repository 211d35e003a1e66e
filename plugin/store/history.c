#include "history.h"

#include <inttypes.h>

#include "crypto.h"
#include "store_parts.h"

static const struct {
    const char *english, *japanese;
} kinds[] = {
    {"", ""},
    {"check", "資格確認"},
    {"delivered", "受け渡し"},
    {"dropped", "取りやめ"},
    {"decided", "人の判断"},
    {"key", "鍵の交換"},
    {"purged", "古い記録の消去"},
};

static size_t index_of(enum history_kind kind) {
    return kind >= HISTORY_CHECK && kind <= HISTORY_PURGED ? (size_t)kind : 0;
}

const char *history_kind_name(enum history_kind kind) {
    return kinds[index_of(kind)].english;
}

const char *history_kind_japanese(enum history_kind kind) {
    return kinds[index_of(kind)].japanese;
}

void history_token(char out[TOKEN_LEN], enum history_kind kind, const char *id) {
    text_format(out, TOKEN_LEN, "%d:%s", (int)kind, id);
}

static int32_t is_there(struct store *store, const char *token, bool *there, struct fault *why) {
    struct found found = {0};
    const struct db_value values[] = {db_text(token)};
    int32_t rc =
        store_find(store, "SELECT seq FROM history WHERE token = $1", values, 1, &found, why);
    *there = found.rows > 0;
    found_clear(&found);
    return rc;
}

static int32_t insert(struct store *store, const struct history_entry *entry, const char *token,
                      const struct bytes *sealed, const uint8_t hash[32], struct fault *why) {
    const struct db_value values[] = {db_int(entry->seq),
                                      db_int(entry->at_s),
                                      db_int(entry->kind),
                                      db_text(entry->answer),
                                      db_text(entry->delivery),
                                      db_text(entry->person),
                                      db_text(token),
                                      db_bytes(sealed->p, sealed->n),
                                      db_bytes(hash, (size_t)32)};
    return store_change(store,
                        "INSERT INTO history (seq, at_s, kind, answer, delivery, person, token,"
                        " sealed, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                        values, sizeof values / sizeof values[0], NULL, why);
}

/* The next entry behind the head, which moves on with it. */
static int32_t add_behind(struct store *store, struct chain_end *head, struct history_entry *entry,
                          const char *token, struct fault *why) {
    struct bytes packed = {0}, sealed = {0};
    struct chain_end next = {.seq = head->seq + 1};
    char place[PLACE_LEN], number[24];
    entry->seq = next.seq;
    text_format(number, sizeof number, "%" PRId64, entry->seq);
    store_place(place, "history", number, "sealed");
    int32_t rc = history_pack(entry->facts, entry->n, store->machine, &packed, why);
    rc = rc == SHK_OK ? seal(store->ring, place, packed.p, packed.n, &sealed, why) : rc;
    if (rc == SHK_OK) {
        rc = history_hash(store, head->hash, entry, token, &packed, next.hash);
        rc = rc == SHK_OK ? insert(store, entry, token, &sealed, next.hash, why)
                          : fault_raise(why, rc);
    }
    rc = rc == SHK_OK ? chain_write(store, "head", &next, why) : rc;
    bytes_clear(&packed);
    bytes_clear(&sealed);
    return rc;
}

int32_t history_add(struct store *store, const struct history_entry *entry, const char *token,
                    struct fault *why) {
    struct history_entry copy = *entry;
    struct chain_end head;
    bool there = false;
    if (index_of(entry->kind) == 0) {
        return fault_set(why, SHK_E_ARGUMENT, 0, 0, "kind");
    }
    if (copy.at_s == 0) {
        copy.at_s = store->env.clock->wall_s(store->env.clock_self);
    }
    int32_t rc = chain_read(store, "head", true, &head, why);
    rc = rc == SHK_OK ? is_there(store, token, &there, why) : rc;
    return rc == SHK_OK && !there ? add_behind(store, &head, &copy, token, why) : rc;
}

struct append {
    const struct history_entry *entry;
    char token[TOKEN_LEN];
};

static int32_t append_steps(struct store *store, void *self, struct fault *why) {
    const struct append *append = self;
    return history_add(store, append->entry, append->token, why);
}

/* An entry that stands once for its answer or delivery is found again by that, any other by a word of this
 * call alone. */
int32_t history_append(struct store *store, const struct history_entry *entry, struct fault *why) {
    struct append append = {.entry = entry};
    uint8_t random[16];
    char word[33];
    const char *id = entry->kind == HISTORY_CHECK ? entry->answer : entry->delivery;
    bool once = entry->kind == HISTORY_CHECK || entry->kind == HISTORY_DELIVERED ||
                entry->kind == HISTORY_DROPPED;
    int32_t rc = random_fill(random, sizeof random);
    if (rc != SHK_OK) {
        return fault_raise(why, rc);
    }
    hex_encode(random, sizeof random, word);
    history_token(append.token, entry->kind, once && id[0] != '\0' ? id : word);
    return store_write(store, append_steps, &append, why);
}
