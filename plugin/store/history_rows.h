/* Rows of the history as they lie in the store. */
#ifndef STORE_HISTORY_ROWS_H
#define STORE_HISTORY_ROWS_H

#include "store_parts.h"

#define HISTORY_PAGE 128 /* rows of one statement */

struct history_row {
    struct history_entry entry; /* facts borrowed from `packed` */
    struct history_fact *facts;
    struct bytes packed;
    char token[TOKEN_LEN];
    uint8_t hash[32];
    bool whole; /* every open column is what the store may have written */
};

/* The rows behind `after`, at most HISTORY_PAGE. */
int32_t history_page(struct store *store, int64_t after, const struct history_filter *filter,
                     struct found *out, struct fault *why);
/* SHK_E_STORE_SEALED with the number in `where`; seq is filled in any case. */
int32_t history_row_read(struct store *store, const struct found *page, size_t at,
                         struct history_row *out, struct fault *why);
void history_row_clear(struct history_row *row);

#endif
