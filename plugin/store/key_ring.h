/* Inside of a key ring, and its file. */
#ifndef STORE_KEY_RING_H
#define STORE_KEY_RING_H

#include "crypto.h"
#include "seal.h"

#define KEYS_MAX  8
#define CHAIN_KEY 32

struct ring_key {
    uint32_t number; /* from 1 */
    uint8_t key[AEAD_KEY];
};

/* In memory of secret_new. */
struct ring_keys {
    uint8_t chain[CHAIN_KEY], tag[CHAIN_KEY];
    uint32_t n;
    struct ring_key at[KEYS_MAX]; /* in rising order */
};

struct key_ring {
    struct ring_keys *keys;
    uint32_t active; /* number of the key that seals */
    char *path;
};

struct ring_keys *ring_keys_new(void); /* null: out of memory */
void ring_keys_free(struct ring_keys *keys);
/* Null: not there. */
const struct ring_key *ring_keys_find(const struct ring_keys *keys, uint32_t number);
bool ring_keys_related(const struct ring_keys *a, const struct ring_keys *b);

/* Which key seals from now on. False when the ring lacks it; nothing changes then. */
bool key_ring_use(struct key_ring *ring, uint32_t number);
/* Takes in what another opening has written into the key file. The ring stays as it was on a fault. */
int32_t key_ring_reload(struct key_ring *ring, const struct env *env, struct fault *why);

enum key_file_form {
    KEY_FILE_GUARDED = 'G', /* wrapped for this user of this machine */
    KEY_FILE_PORTABLE = 'P'
};

/* Makes the folder of a file, one level. SHK_E_STORE_OPEN. */
int32_t key_file_folder(const struct env *env, const char *path, struct fault *why);
/* SHK_E_ABSENT when there is none, else SHK_E_STORE_KEY with a word in `where`. */
int32_t key_file_read(const struct env *env, const char *path, enum key_file_form form,
                      struct ring_keys *keys, struct fault *why);
/* Durable. !replace: SHK_E_FILE_EXISTS when there. SHK_E_STORE_FULL, SHK_E_STORE_OPEN. */
int32_t key_file_write(const struct env *env, const char *path, enum key_file_form form,
                       const struct ring_keys *keys, bool replace, struct fault *why);

#endif
