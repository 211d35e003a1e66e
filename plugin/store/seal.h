/* The keys of a store: sealing what it holds, and tags that find a row without showing a person. */
#ifndef STORE_SEAL_H
#define STORE_SEAL_H

#include "env.h"

struct key_ring;

#define TAG_LEN 33 /* 32 hexadecimal digits and the terminator */

/* Reads the key file (0600; Windows: wrapped by DPAPI). Missing: with `make` a new one is written durably,
 * else SHK_E_STORE_KEY. So is one that others may read (POSIX), or that cannot be read. */
int32_t key_ring_open(const struct env *env, const char *path, bool make, struct key_ring **out,
                      struct fault *why);
void key_ring_close(struct key_ring **ring); /* wipes; null is accepted */
/* A further sealing key, in use from now on; the older ones still unseal. Durable before it is used. Keys for
 * tags and for the chain never change. */
int32_t key_ring_rotate(struct key_ring *ring, const struct env *env, struct fault *why);
/* Takes out the sealing keys that nothing is sealed with any more: all but the newest. */
int32_t key_ring_retire(struct key_ring *ring, const struct env *env, struct fault *why);
/* The ring without a wrapping of this machine, for carrying to another PC that shares the store, and back.
 * The file is 0600 and as secret as the store. */
int32_t key_ring_export(const struct key_ring *ring, const struct env *env, const char *path,
                        struct fault *why);
int32_t key_ring_import(const struct env *env, const char *from, const char *path,
                        struct fault *why);
uint32_t key_ring_current(const struct key_ring *ring); /* number of the newest key */
size_t key_ring_count(const struct key_ring *ring);

/* `place` names table, row and column, so that a sealed value cannot be moved to another row. Appends
 * version, key number, nonce, ciphertext, tag. */
int32_t seal(const struct key_ring *ring, const char *place, const uint8_t *p, size_t n,
             struct bytes *out, struct fault *why);
/* SHK_E_STORE_SEALED. */
int32_t unseal(const struct key_ring *ring, const char *place, const uint8_t *p, size_t n,
               struct bytes *out, struct fault *why);
/* Number of the key that sealed it; 0: not sealed by any ring. */
uint32_t sealed_by(const uint8_t *p, size_t n);
/* A keyed digest; `purpose` keeps tags of different meaning apart. */
int32_t seal_tag(const struct key_ring *ring, const char *purpose, const uint8_t *p, size_t n,
                 char out[TAG_LEN]);
/* Of the chain. */
int32_t seal_link(const struct key_ring *ring, const uint8_t *p, size_t n, uint8_t out[32]);

#endif
