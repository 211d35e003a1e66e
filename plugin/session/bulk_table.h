/* The host's table as a stream of rows, and proof that it is the same one all along. */
#ifndef SESSION_BULK_TABLE_H
#define SESSION_BULK_TABLE_H

#include "bulk_state.h"
#include "columns.h"

#define BULK_BLOCK_LEN 16384

/* A chain of SHA-256 over blocks of one length. */
struct bulk_hash {
    uint8_t chain[32];
    uint8_t block[32 + BULK_BLOCK_LEN];
    size_t n;
};
void bulk_hash_begin(struct bulk_hash *hash);
int32_t bulk_hash_add(struct bulk_hash *hash, const uint8_t *p, size_t n);
int32_t bulk_hash_end(struct bulk_hash *hash, char out[BULK_HASH_LEN]); /* wipes the block */

struct bulk_table {
    const struct bulk_world *world;
    const char *path, *name;
    void *file;
    struct bulk_hash hash;
    struct csv *csv;
    struct columns *columns; /* borrowed */
    struct csv_row first;    /* a table without heading: its first row, still to be given */
    uint64_t given;          /* rows of patients given so far */
};

/* Reads the whole table once: the number of its patients, its encoding and its hash. SHK_E_FILE_READ,
 * SHK_E_TABLE, SHK_E_CANCELLED, SHK_E_MEMORY. */
int32_t bulk_table_survey(const struct bulk_world *world, const char *path, struct columns *columns,
                          struct bulk_state *out, struct fault *why);

/* Opens it, binds the columns to it and passes over `skip` patients. */
int32_t bulk_table_open(struct bulk_table *table, const struct bulk_world *world, const char *path,
                        struct columns *columns, uint64_t skip, struct fault *why);
/* The next patient; n 0 at the end. */
int32_t bulk_table_next(struct bulk_table *table, struct csv_row *row, struct fault *why);
/* To be called behind the last patient. SHK_E_TABLE when this is not the table with that hash. */
int32_t bulk_table_prove(struct bulk_table *table, const char *hash, struct fault *why);
void bulk_table_close(struct bulk_table *table);

#endif
