#include "key_ring.h"

#include <stdlib.h>
#include <string.h>

#include "secret.h"

struct ring_keys *ring_keys_new(void) {
    return (struct ring_keys *)(void *)secret_new(sizeof(struct ring_keys));
}

void ring_keys_free(struct ring_keys *keys) {
    secret_free((uint8_t *)keys, sizeof *keys);
}

const struct ring_key *ring_keys_find(const struct ring_keys *keys, uint32_t number) {
    for (uint32_t i = 0; i < keys->n; i++) {
        if (keys->at[i].number == number) {
            return &keys->at[i];
        }
    }
    return NULL;
}

bool ring_keys_related(const struct ring_keys *a, const struct ring_keys *b) {
    return memcmp(a->chain, b->chain, CHAIN_KEY) == 0 && memcmp(a->tag, b->tag, CHAIN_KEY) == 0;
}

static uint32_t newest(const struct ring_keys *keys) {
    return keys->at[keys->n - 1].number;
}

static int32_t add_key(struct ring_keys *keys, uint32_t number) {
    struct ring_key *key = &keys->at[keys->n];
    int32_t rc = random_fill(key->key, AEAD_KEY);
    if (rc == SHK_OK) {
        key->number = number;
        keys->n++;
    }
    return rc;
}

static int32_t make_keys(const struct env *env, const char *path, struct ring_keys *keys,
                         struct fault *why) {
    int32_t rc = random_fill(keys->chain, CHAIN_KEY);
    rc = rc == SHK_OK ? random_fill(keys->tag, CHAIN_KEY) : rc;
    rc = rc == SHK_OK ? add_key(keys, 1) : rc;
    return rc == SHK_OK ? key_file_write(env, path, KEY_FILE_GUARDED, keys, false, why)
                        : fault_raise(why, rc);
}

/* A file that another opening makes at the same moment is as good as one of our own. */
static int32_t find_keys(const struct env *env, const char *path, bool make, struct ring_keys *keys,
                         struct fault *why) {
    struct fault f = {0};
    int32_t rc = key_file_read(env, path, KEY_FILE_GUARDED, keys, &f);
    if (rc == SHK_E_ABSENT && make) {
        fault_clear(&f);
        rc = make_keys(env, path, keys, &f);
        if (rc == SHK_E_FILE_EXISTS) {
            fault_clear(&f);
            rc = key_file_read(env, path, KEY_FILE_GUARDED, keys, &f);
        }
    }
    if (rc == SHK_E_ABSENT) {
        return fault_set(why, SHK_E_STORE_KEY, f.native_kind, f.native, "missing");
    }
    return rc == SHK_OK ? SHK_OK : fault_set(why, rc, f.native_kind, f.native, f.where);
}

int32_t key_ring_open(const struct env *env, const char *path, bool make, struct key_ring **out,
                      struct fault *why) {
    struct key_ring *ring = calloc(1, sizeof *ring);
    *out = NULL;
    if (ring == NULL || (ring->path = text_dup(path)) == NULL ||
        (ring->keys = ring_keys_new()) == NULL) {
        key_ring_close(&ring);
        return fault_raise(why, SHK_E_MEMORY);
    }
    int32_t rc = find_keys(env, path, make, ring->keys, why);
    if (rc != SHK_OK) {
        key_ring_close(&ring);
        return rc;
    }
    ring->active = newest(ring->keys);
    *out = ring;
    return SHK_OK;
}

void key_ring_close(struct key_ring **ring) {
    if (*ring != NULL) {
        ring_keys_free((*ring)->keys);
        free((*ring)->path);
        free(*ring);
        *ring = NULL;
    }
}

bool key_ring_use(struct key_ring *ring, uint32_t number) {
    if (ring_keys_find(ring->keys, number) == NULL) {
        return false;
    }
    ring->active = number;
    return true;
}

/* Puts other keys of the same family in the place of the ring's. */
static void take_over(struct key_ring *ring, struct ring_keys *keys) {
    ring_keys_free(ring->keys);
    ring->keys = keys;
    if (ring_keys_find(keys, ring->active) == NULL) {
        ring->active = newest(keys);
    }
}

int32_t key_ring_reload(struct key_ring *ring, const struct env *env, struct fault *why) {
    struct ring_keys *keys = ring_keys_new();
    if (keys == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    int32_t rc = find_keys(env, ring->path, false, keys, why);
    if (rc == SHK_OK && !ring_keys_related(keys, ring->keys)) {
        rc = fault_set(why, SHK_E_STORE_KEY, 0, 0, "other store");
    }
    if (rc != SHK_OK) {
        ring_keys_free(keys);
        return rc;
    }
    take_over(ring, keys);
    return SHK_OK;
}

static struct ring_keys *copy_keys(const struct ring_keys *keys) {
    struct ring_keys *copy = ring_keys_new();
    if (copy != NULL) {
        memcpy(copy, keys, sizeof *copy);
    }
    return copy;
}

/* Writes the keys first: what is not in the file must not seal anything. */
static int32_t replace_keys(struct key_ring *ring, const struct env *env, struct ring_keys *keys,
                            struct fault *why) {
    int32_t rc = key_file_write(env, ring->path, KEY_FILE_GUARDED, keys, true, why);
    if (rc != SHK_OK) {
        ring_keys_free(keys);
        return rc;
    }
    take_over(ring, keys);
    return SHK_OK;
}

int32_t key_ring_rotate(struct key_ring *ring, const struct env *env, struct fault *why) {
    if (ring->keys->n == KEYS_MAX || newest(ring->keys) == UINT32_MAX) {
        return fault_raise(why, SHK_E_STATE);
    }
    struct ring_keys *keys = copy_keys(ring->keys);
    int32_t rc = keys != NULL ? add_key(keys, newest(keys) + 1) : SHK_E_MEMORY;
    if (rc != SHK_OK) {
        ring_keys_free(keys);
        return fault_raise(why, rc);
    }
    rc = replace_keys(ring, env, keys, why);
    if (rc == SHK_OK) {
        ring->active = newest(ring->keys);
    }
    return rc;
}

int32_t key_ring_retire(struct key_ring *ring, const struct env *env, struct fault *why) {
    if (ring->keys->n == 1) {
        return SHK_OK;
    }
    struct ring_keys *keys = copy_keys(ring->keys);
    if (keys == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    keys->at[0] = keys->at[keys->n - 1];
    memory_wipe(&keys->at[1], sizeof keys->at - sizeof keys->at[0]);
    keys->n = 1;
    return replace_keys(ring, env, keys, why);
}

int32_t key_ring_export(const struct key_ring *ring, const struct env *env, const char *path,
                        struct fault *why) {
    return key_file_write(env, path, KEY_FILE_PORTABLE, ring->keys, false, why);
}

/* Keeps the numbers rising. False when another key has its number already. A key is only made when everything is
 * sealed with the one before: where there is no room the oldest is of no use any more. */
static bool join_key(struct ring_keys *keys, const struct ring_key *key) {
    const struct ring_key *there = ring_keys_find(keys, key->number);
    if (there != NULL) {
        return memcmp(there->key, key->key, AEAD_KEY) == 0;
    }
    if (keys->n == KEYS_MAX) {
        if (key->number < keys->at[0].number) {
            return true;
        }
        memmove(&keys->at[0], &keys->at[1], (KEYS_MAX - 1) * sizeof keys->at[0]);
        keys->n--;
    }
    uint32_t at = keys->n++;
    for (; at > 0 && keys->at[at - 1].number > key->number; at--) {
        keys->at[at] = keys->at[at - 1];
    }
    keys->at[at] = *key;
    return true;
}

/* What is sealed with a key of the file that is replaced must stay readable. */
static int32_t join_old(const struct env *env, const char *path, struct ring_keys *keys,
                        bool *replace, struct fault *why) {
    struct fault f = {0};
    struct ring_keys *old = ring_keys_new();
    int32_t rc = old != NULL ? key_file_read(env, path, KEY_FILE_GUARDED, old, &f) : SHK_E_MEMORY;
    *replace = rc == SHK_OK;
    bool fits = true;
    for (uint32_t i = 0; rc == SHK_OK && i < old->n; i++) {
        fits = fits && ring_keys_related(old, keys) && join_key(keys, &old->at[i]);
    }
    ring_keys_free(old);
    if (!fits) {
        return fault_set(why, SHK_E_STORE_KEY, 0, 0, "other store");
    }
    return rc == SHK_OK || rc == SHK_E_ABSENT
               ? SHK_OK
               : fault_set(why, rc, f.native_kind, f.native, f.where);
}

int32_t key_ring_import(const struct env *env, const char *from, const char *path,
                        struct fault *why) {
    struct ring_keys *keys = ring_keys_new();
    struct fault f = {0};
    bool replace = false;
    int32_t rc =
        keys != NULL ? key_file_read(env, from, KEY_FILE_PORTABLE, keys, &f) : SHK_E_MEMORY;
    if (rc != SHK_OK) {
        ring_keys_free(keys);
        return fault_set(why, rc == SHK_E_ABSENT ? SHK_E_STORE_KEY : rc, f.native_kind, f.native,
                         rc == SHK_E_ABSENT ? "missing" : f.where);
    }
    rc = join_old(env, path, keys, &replace, why);
    rc = rc == SHK_OK ? key_file_folder(env, path, why) : rc;
    if (rc == SHK_OK) {
        rc = key_file_write(env, path, KEY_FILE_GUARDED, keys, replace, why);
    }
    ring_keys_free(keys);
    return rc;
}

uint32_t key_ring_current(const struct key_ring *ring) {
    return newest(ring->keys);
}

size_t key_ring_count(const struct key_ring *ring) {
    return ring->keys->n;
}
