/* The rows of the present batch: whom to ask for, what the host holds of them, and their lines. */
#ifndef SESSION_BULK_BATCH_H
#define SESSION_BULK_BATCH_H

#include "bulk_table.h"

#define BULK_BATCH_MAX 5000
#define BULK_CELLS_MAX ((size_t)4 * 1024 * 1024) /* what the rows of one batch may hold */

enum bulk_row_state {
    ROW_OPEN,   /* without its line */
    ROW_HELD,   /* its line waits in memory */
    ROW_WRITTEN /* its line is in the output files already */
};

struct bulk_row {
    uint64_t number, line; /* of the patient from 1; of the file */
    size_t cells;          /* in batch->cells: id, then a text for each compared column */
    size_t person;         /* index of its question, when asked */
    bool asked;
    enum bulk_row_state state;
    enum difference difference;
    uint32_t again; /* further answers that came for it */
    struct bytes json, csv;
};

struct bulk_batch {
    const struct columns *columns; /* of the table the rows come from; borrowed */
    struct bulk_row *row;
    size_t n;
    struct card_data *people;
    size_t *asked; /* row of each question */
    size_t people_n;
    struct bytes cells;
    size_t cap;
    size_t held; /* memory that the lines take */
};

/* Room for so many rows. SHK_E_MEMORY. */
int32_t bulk_batch_init(struct bulk_batch *batch, size_t cap, struct fault *why);
void bulk_batch_clear(struct bulk_batch *batch); /* wipes */
/* Takes the rows out, keeps the room. */
void bulk_batch_empty(struct bulk_batch *batch);
/* Takes the lines of answers out: the result is read from its beginning again. */
void bulk_batch_forget(struct bulk_batch *batch);

/* Adds a row and its question. A row that cannot be asked is added with `unasked` set to the reason; the
 * function itself fails with SHK_E_MEMORY only. */
int32_t bulk_batch_add(struct bulk_batch *batch, const struct bulk_job *job,
                       const struct bulk_table *table, const struct csv_row *row,
                       struct fault *unasked, struct fault *why);
/* Gives every question the identifier "KEY_ROW" that names it within its batch. */
void bulk_batch_name(struct bulk_batch *batch, const char *key);
/* The asked row of an identifier; null: not one of this batch. */
struct bulk_row *bulk_batch_find(const struct bulk_batch *batch, const char *identifier);

/* The memory that its lines take, which is more than what stands in them. */
size_t bulk_row_room(const struct bulk_row *row);
const char *bulk_row_id(const struct bulk_batch *batch, const struct bulk_row *row);
/* What the host holds of one field; "" when the table has no such column. */
const char *bulk_row_held(const struct bulk_batch *batch, const struct bulk_row *row,
                          const char *path);
/* What the host holds, in the order of the columns; room for COLUMNS_MAX. Without empty values when they
 * are not to count. Borrowed. */
size_t bulk_row_values(const struct bulk_batch *batch, const struct bulk_row *row,
                       struct host_value *out);

#endif
