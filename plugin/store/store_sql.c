#include <stdlib.h>
#include <string.h>

#include "store_parts.h"

struct db_value db_text(const char *text) {
    return text != NULL ? (struct db_value){DB_TEXT, 0, (const uint8_t *)text, strlen(text)}
                        : db_null();
}

static bool make_room(struct found *found, size_t more) {
    size_t used = found->rows * found->columns;
    if (used + more <= found->room) {
        return true;
    }
    size_t room = 2 * (used + more);
    struct found_cell *cell = realloc(found->cell, room * sizeof *cell);
    if (cell == NULL) {
        return false;
    }
    found->cell = cell;
    found->room = room;
    return true;
}

static int32_t take_row(void *self, const struct db_value *values, size_t n, struct fault *why) {
    struct found *found = self;
    found->columns = n;
    if (!make_room(found, n)) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    for (size_t i = 0; i < n; i++) {
        struct found_cell *cell = &found->cell[found->rows * n + i];
        size_t length = values[i].type == DB_TEXT || values[i].type == DB_BLOB ? values[i].n : 0;
        *cell = (struct found_cell){values[i].type, values[i].number, found->heap.n, length};
        if (length > 0 && bytes_append(&found->heap, values[i].p, length) != SHK_OK) {
            return fault_raise(why, SHK_E_MEMORY);
        }
    }
    found->rows++;
    return SHK_OK;
}

int32_t store_find(struct store *store, const char *sql, const struct db_value *values, size_t n,
                   struct found *out, struct fault *why) {
    found_clear(out);
    const struct db_rows rows = {take_row, out};
    int32_t rc = store->ops->run(store->db, sql, values, n, &rows, NULL, why);
    if (rc != SHK_OK) {
        found_clear(out);
    }
    return rc;
}

static const struct found_cell *cell_at(const struct found *found, size_t row, size_t column) {
    return row < found->rows && column < found->columns
               ? &found->cell[row * found->columns + column]
               : NULL;
}

int64_t found_int(const struct found *found, size_t row, size_t column) {
    const struct found_cell *cell = cell_at(found, row, column);
    return cell != NULL && cell->type == DB_INT ? cell->number : 0;
}

struct db_value found_bytes(const struct found *found, size_t row, size_t column) {
    const struct found_cell *cell = cell_at(found, row, column);
    if (cell == NULL || cell->n == 0) {
        return db_bytes(NULL, 0);
    }
    return (struct db_value){cell->type, 0, found->heap.p + cell->at, cell->n};
}

bool found_text(const struct found *found, size_t row, size_t column, char *out, size_t cap) {
    const struct found_cell *cell = cell_at(found, row, column);
    struct db_value value = found_bytes(found, row, column);
    bool fits = cell != NULL && cell->type == DB_TEXT && value.n < cap &&
                (value.n == 0 || memchr(value.p, 0, value.n) == NULL);
    text_copy_n(out, cap, fits && value.n > 0 ? (const char *)value.p : "", fits ? value.n : 0);
    return fits;
}

void found_clear(struct found *found) {
    bytes_clear(&found->heap);
    free(found->cell);
    *found = (struct found){0};
}

int32_t store_change(struct store *store, const char *sql, const struct db_value *values, size_t n,
                     int64_t *changed, struct fault *why) {
    return store->ops->run(store->db, sql, values, n, NULL, changed, why);
}

const char *store_lock_words(const struct store *store, const char *words) {
    return store->ops->kind == DB_POSTGRES ? words : "";
}

int32_t store_now(struct store *store, int64_t *now_s, struct fault *why) {
    if (store->ops->kind == DB_SQLITE) {
        *now_s = store->env.clock->wall_s(store->env.clock_self);
        return SHK_OK;
    }
    struct found found = {0};
    int32_t rc =
        store_find(store, "SELECT CAST(FLOOR(EXTRACT(EPOCH FROM clock_timestamp())) AS BIGINT)",
                   NULL, 0, &found, why);
    *now_s = found_int(&found, 0, 0);
    found_clear(&found);
    return rc;
}

int32_t store_meta(struct store *store, const char *name, const char *lock, struct bytes *out,
                   struct fault *why) {
    char sql[96];
    struct found found = {0};
    const struct db_value values[] = {db_text(name)};
    text_format(sql, sizeof sql, "SELECT value FROM meta WHERE name = $1%s",
                store_lock_words(store, lock));
    bytes_clear(out);
    int32_t rc = store_find(store, sql, values, 1, &found, why);
    struct db_value value = found_bytes(&found, 0, 0);
    if (rc == SHK_OK && found.rows == 0) {
        rc = fault_set(why, SHK_E_STORE_BROKEN, 0, 0, name);
    }
    if (rc == SHK_OK && value.n > 0 && bytes_append(out, value.p, value.n) != SHK_OK) {
        rc = fault_raise(why, SHK_E_MEMORY);
    }
    found_clear(&found);
    return rc;
}

int32_t store_set_meta(struct store *store, const char *name, const uint8_t *p, size_t n,
                       struct fault *why) {
    const struct db_value values[] = {db_text(name), db_bytes(p, n)};
    return store_change(store,
                        "INSERT INTO meta (name, value) VALUES ($1, $2)"
                        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                        values, 2, NULL, why);
}
