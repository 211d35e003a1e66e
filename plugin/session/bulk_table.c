#include "bulk_table.h"

#include <string.h>

/* A fault of the file seam told as one of reading. */
static int32_t read_fault(const struct bulk_table *table, const struct fault *reason,
                          struct fault *why) {
    int32_t code = reason->code == SHK_E_MEMORY ? SHK_E_MEMORY : SHK_E_FILE_READ;
    return fault_set(why, code, reason->native_kind, reason->native, table->name);
}

static int32_t next_bytes(void *self, uint8_t *p, size_t cap, size_t *n, struct fault *why) {
    struct bulk_table *table = self;
    const struct env *env = table->world->env;
    struct fault reason = {0};
    *n = 0;
    if (table->world->stop != NULL && table->world->stop(table->world->self)) {
        return fault_raise(why, SHK_E_CANCELLED);
    }
    int32_t rc = env->files->next(env->files_self, table->file, p, cap, n, &reason);
    if (rc != SHK_OK) {
        return read_fault(table, &reason, why);
    }
    rc = bulk_hash_add(&table->hash, p, *n);
    return rc == SHK_OK ? SHK_OK : fault_raise(why, rc);
}

static struct byte_source source_of(struct bulk_table *table) {
    return (struct byte_source){next_bytes, table};
}

static int32_t open_file(struct bulk_table *table, const struct bulk_world *world, const char *path,
                         struct columns *columns, struct fault *why) {
    const struct env *env = world->env;
    struct fault reason = {0};
    *table = (struct bulk_table){
        .world = world, .path = path, .name = text_file_name(path), .columns = columns};
    bulk_hash_begin(&table->hash);
    int32_t rc = env->files->open(env->files_self, path, &table->file, &reason);
    return rc == SHK_OK ? SHK_OK : read_fault(table, &reason, why);
}

static int32_t no_heading(const struct bulk_table *table, struct fault *why) {
    char where[160];
    text_format(where, sizeof where, "%s:1 見出しの行がありません", table->name);
    return fault_set(why, SHK_E_TABLE, SHK_NATIVE_NONE, 0, where);
}

int32_t bulk_table_survey(const struct bulk_world *world, const char *path, struct columns *columns,
                          struct bulk_state *out, struct fault *why) {
    struct bulk_table table;
    struct csv_survey survey;
    int32_t rc = open_file(&table, world, path, columns, why);
    if (rc != SHK_OK) {
        return rc;
    }
    struct byte_source source = source_of(&table);
    rc = csv_survey(&columns->csv, table.name, &source, &survey, why);
    if (rc == SHK_OK && columns->header && survey.rows == 0) {
        rc = no_heading(&table, why);
    }
    if (rc == SHK_OK) {
        columns->csv.encoding = survey.encoding;
        out->total = survey.rows - (columns->header ? 1 : 0);
        rc = bulk_hash_end(&table.hash, out->table);
    }
    bulk_table_close(&table);
    return rc == SHK_OK ? SHK_OK : fault_raise(why, rc);
}

static int32_t bind_first(struct bulk_table *table, struct fault *why) {
    int32_t rc = csv_next(table->csv, &table->first, why);
    if (rc != SHK_OK || (table->first.n == 0 && !table->columns->header)) {
        return rc; /* a table of nobody */
    }
    if (table->first.n == 0) {
        return no_heading(table, why);
    }
    rc = columns_bind(table->columns, &table->first, table->name, why);
    if (table->columns->header) {
        table->first = (struct csv_row){0};
    }
    return rc;
}

int32_t bulk_table_open(struct bulk_table *table, const struct bulk_world *world, const char *path,
                        struct columns *columns, uint64_t skip, struct fault *why) {
    struct csv_row row = {.n = 1};
    int32_t rc = open_file(table, world, path, columns, why);
    struct byte_source source = source_of(table);
    if (rc == SHK_OK) {
        rc = csv_new(&columns->csv, table->name, &source, &table->csv, why);
    }
    rc = rc == SHK_OK ? bind_first(table, why) : rc;
    while (rc == SHK_OK && row.n > 0 && table->given < skip) {
        rc = bulk_table_next(table, &row, why);
    }
    if (rc != SHK_OK) {
        bulk_table_close(table);
    }
    return rc;
}

int32_t bulk_table_next(struct bulk_table *table, struct csv_row *row, struct fault *why) {
    int32_t rc = SHK_OK;
    *row = table->first;
    if (table->first.n > 0) {
        table->first = (struct csv_row){0};
    } else {
        rc = csv_next(table->csv, row, why);
    }
    table->given += rc == SHK_OK && row->n > 0 ? 1 : 0;
    return rc;
}

int32_t bulk_table_prove(struct bulk_table *table, const char *hash, struct fault *why) {
    char where[160], now[BULK_HASH_LEN];
    struct csv_row row;
    int32_t rc = bulk_table_next(table, &row, why);
    if (rc != SHK_OK) {
        return rc;
    }
    struct bulk_hash copy = table->hash;
    rc = bulk_hash_end(&copy, now);
    if (rc == SHK_OK && row.n == 0 && text_equal(now, hash)) {
        return SHK_OK;
    }
    text_format(where, sizeof where, "%s 途中で書きかわりました", table->name);
    return rc != SHK_OK ? fault_raise(why, rc)
                        : fault_set(why, SHK_E_TABLE, SHK_NATIVE_NONE, 0, where);
}

void bulk_table_close(struct bulk_table *table) {
    const struct env *env = table->world != NULL ? table->world->env : NULL;
    csv_free(&table->csv);
    if (env != NULL && table->file != NULL) {
        env->files->close(env->files_self, table->file);
    }
    memory_wipe(table->hash.block, sizeof table->hash.block);
    *table = (struct bulk_table){0};
}
