#include <string.h>

#include "bulk_table.h"
#include "crypto.h"

void bulk_hash_begin(struct bulk_hash *hash) {
    memset(hash->chain, 0, sizeof hash->chain);
    hash->n = 0;
}

static int32_t close_block(struct bulk_hash *hash) {
    memcpy(hash->block, hash->chain, sizeof hash->chain);
    int32_t rc = sha256(hash->block, sizeof hash->chain + hash->n, hash->chain);
    hash->n = 0;
    return rc;
}

int32_t bulk_hash_add(struct bulk_hash *hash, const uint8_t *p, size_t n) {
    int32_t rc = SHK_OK;
    while (rc == SHK_OK && n > 0) {
        size_t room = BULK_BLOCK_LEN - hash->n;
        size_t part = n < room ? n : room;
        memcpy(hash->block + sizeof hash->chain + hash->n, p, part);
        hash->n += part;
        p += part;
        n -= part;
        rc = hash->n == BULK_BLOCK_LEN ? close_block(hash) : SHK_OK;
    }
    return rc;
}

/* The last block is never full, so its own length is in its hash. */
int32_t bulk_hash_end(struct bulk_hash *hash, char out[BULK_HASH_LEN]) {
    int32_t rc = close_block(hash);
    hex_encode(hash->chain, sizeof hash->chain, out);
    memory_wipe(hash->block, sizeof hash->block);
    return rc;
}
