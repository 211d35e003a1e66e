/* Inside of a store: its transactions, its statements and the chain of its history. */
#ifndef STORE_STORE_PARTS_H
#define STORE_STORE_PARTS_H

#include "history.h"
#include "key_ring.h"
#include "store.h"

#define OWNER_LEN TAG_LEN
#define ID_LEN    37 /* of an answer or a delivery, with the terminator */
#define TOKEN_LEN 48
#define PLACE_LEN 128
#define DAY_S     86400

struct store {
    struct env env;
    const struct db_ops *ops;
    void *db; /* null: not connected */
    struct db_settings settings;
    char *path, *connection, *library, *key_file, *machine;
    struct key_ring *ring;
    char owner[OWNER_LEN];
    int32_t down_ms, keep_days, lease_s;
};

/* The steps of one call. They may run again after a server went away, also when the commit of the first
 * run took place: they find what is there already. */
typedef int32_t (*store_steps)(struct store *store, void *self, struct fault *why);
/* In a transaction, with the key that the store is sealed with now. */
int32_t store_write(struct store *store, store_steps steps, void *self, struct fault *why);
/* Without a transaction. */
int32_t store_read(struct store *store, store_steps steps, void *self, struct fault *why);
/* In a transaction, without a look at the keys; for opening. */
int32_t store_set_up(struct store *store, store_steps steps, void *self, struct fault *why);

/* Rows of an answer, copied. All zero is a valid empty one; found_clear wipes. */
struct found_cell {
    enum db_type type;
    int64_t number;
    size_t at, n; /* in heap */
};
struct found {
    size_t rows, columns, room;
    struct found_cell *cell;
    struct bytes heap;
};
int32_t store_find(struct store *store, const char *sql, const struct db_value *values, size_t n,
                   struct found *out, struct fault *why);
int64_t found_int(const struct found *found, size_t row, size_t column); /* 0 for another type */
/* Of a text or blob; empty for another type. Borrowed. */
struct db_value found_bytes(const struct found *found, size_t row, size_t column);
/* False when it is no text that fits. */
bool found_text(const struct found *found, size_t row, size_t column, char *out, size_t cap);
void found_clear(struct found *found);
/* `changed` may be null. */
int32_t store_change(struct store *store, const char *sql, const struct db_value *values, size_t n,
                     int64_t *changed, struct fault *why);
/* FOR UPDATE and its like, or nothing where a transaction excludes all others anyway. */
const char *store_lock_words(const struct store *store, const char *words);
/* One clock for all that share the store: the server's, or this PC's. */
int32_t store_now(struct store *store, int64_t *now_s, struct fault *why);

/* Clears `out` first. */
int32_t store_meta(struct store *store, const char *name, const char *lock, struct bytes *out,
                   struct fault *why);
int32_t store_set_meta(struct store *store, const char *name, const uint8_t *p, size_t n,
                       struct fault *why);

/* "delivery/ID/document". */
void store_place(char out[PLACE_LEN], const char *table, const char *id, const char *column);
/* unseal, with a look into the key file for a key that another opening has made. Clears `out` first; an
 * empty value gives an empty one. */
int32_t store_unseal(struct store *store, const char *place, struct db_value sealed,
                     struct bytes *out, struct fault *why);
/* meta "key": a constant, sealed by the key in use. */
int32_t store_mark_key(struct store *store, struct fault *why);
/* Takes the key in use; SHK_E_STORE_KEY when the ring lacks it. */
int32_t store_adopt_key(struct store *store, struct fault *why);

/* Brings tables up to STORE_SCHEMA from `schema`; 0 is a database without any. */
int32_t store_migrate(struct store *store, int64_t schema, struct fault *why);

/* Either end of the chain: a number and the hash of that entry. */
struct chain_end {
    int64_t seq;
    uint8_t hash[32];
};
/* "head" or "start". SHK_E_HISTORY_BROKEN when it is not ours. */
int32_t chain_read(struct store *store, const char *name, bool lock, struct chain_end *out,
                   struct fault *why);
int32_t chain_write(struct store *store, const char *name, const struct chain_end *end,
                    struct fault *why);

/* Inside a transaction. `token` is what the entry is found again by: one that is there is not added
 * again. chain_read(…, "head", true, …) comes before any other lock. */
int32_t history_add(struct store *store, const struct history_entry *entry, const char *token,
                    struct fault *why);
/* "KIND:ID". */
void history_token(char out[TOKEN_LEN], enum history_kind kind, const char *id);
/* Facts as bytes, name and value by turns, each with its terminator. SHK_E_ARGUMENT for a name that is not
 * in the table. */
int32_t history_pack(const struct history_fact *facts, size_t n, const char *machine,
                     struct bytes *out, struct fault *why);
/* Borrowed from `packed`; freed by the caller. */
int32_t history_unpack(const struct bytes *packed, struct history_fact **facts, size_t *n,
                       struct fault *why);
/* The hash of an entry behind the one with the hash `before`. */
int32_t history_hash(const struct store *store, const uint8_t before[32],
                     const struct history_entry *entry, const char *token,
                     const struct bytes *packed, uint8_t out[32]);

#endif
