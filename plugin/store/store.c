#include "store.h"

#include <stdlib.h>
#include <string.h>

#include "crypto.h"
#include "store_parts.h"

#define TABLES_LOCK "SELECT 1 FROM (SELECT pg_advisory_xact_lock(7420661)) AS lock"

const char *store_owner(const struct store *store) {
    return store->owner;
}

const struct key_ring *store_ring(const struct store *store) {
    return store->ring;
}

/* A missing text stays missing. */
static bool copy_text(char **to, const char *from) {
    *to = from != NULL ? text_dup(from) : NULL;
    return from == NULL || *to != NULL;
}

static int32_t fill(struct store *store, const struct env *env,
                    const struct store_settings *settings, struct fault *why) {
    uint8_t owner[(OWNER_LEN - 1) / 2];
    store->env = *env;
    store->ops = settings->kind == DB_SQLITE ? env->sqlite : env->postgres;
    store->settings = settings->db;
    store->down_ms = settings->down_ms;
    store->keep_days = settings->keep_days;
    store->lease_s = settings->lease_s;
    if (store->ops == NULL || settings->key_file == NULL || settings->lease_s <= 0) {
        return fault_raise(why, store->ops == NULL ? SHK_E_STORE_LIBRARY : SHK_E_ARGUMENT);
    }
    if (!copy_text(&store->path, settings->db.path) ||
        !copy_text(&store->connection, settings->db.connection) ||
        !copy_text(&store->library, settings->db.library) ||
        !copy_text(&store->key_file, settings->key_file) ||
        !copy_text(&store->machine, settings->machine)) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    store->settings.path = store->path;
    store->settings.connection = store->connection;
    store->settings.library = store->library;
    int32_t rc = random_fill(owner, sizeof owner);
    hex_encode(owner, sizeof owner, store->owner);
    return rc == SHK_OK ? SHK_OK : fault_raise(why, rc);
}

/* -1 in *schema: tables of somebody else. 0: none. */
static int32_t find_schema(struct store *store, int64_t *schema, struct fault *why) {
    bool sqlite = store->ops->kind == DB_SQLITE;
    struct found found = {0};
    struct bytes number = {0};
    int32_t rc = store_find(
        store,
        sqlite ? "SELECT COUNT(CASE WHEN name = 'meta' THEN 1 END), COUNT(*) FROM sqlite_master"
                 " WHERE type = 'table'"
               : "SELECT COUNT(*), 0 FROM information_schema.tables"
                 " WHERE table_schema = current_schema() AND table_name = 'meta'",
        NULL, 0, &found, why);
    bool there = found_int(&found, 0, 0) > 0;
    *schema = found_int(&found, 0, 1) > 0 ? -1 : 0;
    found_clear(&found);
    if (rc == SHK_OK && there) {
        rc = store_meta(store, "schema", "", &number, why);
        if (rc == SHK_OK &&
            (!text_to_int64((const char *)number.p, number.n, schema) || *schema < 1)) {
            *schema = -1;
        }
    }
    bytes_clear(&number);
    return rc;
}

static int32_t open_ring(struct store *store, bool make, struct fault *why) {
    if (store->ring != NULL) {
        return SHK_OK;
    }
    int32_t rc = make ? key_file_folder(&store->env, store->key_file, why) : SHK_OK;
    return rc == SHK_OK ? key_ring_open(&store->env, store->key_file, make, &store->ring, why) : rc;
}

static int32_t make_tables(struct store *store, struct fault *why) {
    const struct chain_end none = {0};
    int32_t rc = open_ring(store, true, why);
    rc = rc == SHK_OK ? store_migrate(store, 0, why) : rc;
    rc = rc == SHK_OK ? store_mark_key(store, why) : rc;
    rc = rc == SHK_OK ? chain_write(store, "start", &none, why) : rc;
    return rc == SHK_OK ? chain_write(store, "head", &none, why) : rc;
}

/* Of several openings that find no tables one makes them; the key file is made under the same lock. */
static int32_t open_steps(struct store *store, void *self, struct fault *why) {
    (void)self;
    int64_t schema = 0;
    struct found found = {0};
    int32_t rc = store->ops->kind == DB_POSTGRES
                     ? store_find(store, TABLES_LOCK, NULL, 0, &found, why)
                     : SHK_OK;
    found_clear(&found);
    rc = rc == SHK_OK ? find_schema(store, &schema, why) : rc;
    if (rc != SHK_OK) {
        return rc;
    }
    if (schema < 0 || schema > STORE_SCHEMA) {
        return fault_raise(why, schema < 0 ? SHK_E_STORE_BROKEN : SHK_E_STORE_NEWER);
    }
    if (schema == 0) {
        return make_tables(store, why);
    }
    rc = open_ring(store, false, why);
    rc = rc == SHK_OK ? store_adopt_key(store, why) : rc;
    return rc == SHK_OK ? store_migrate(store, schema, why) : rc;
}

int32_t store_open(const struct env *env, const struct store_settings *settings, struct store **out,
                   struct fault *why) {
    *out = NULL;
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    int32_t rc = fill(store, env, settings, why);
    if (rc == SHK_OK && settings->kind == DB_SQLITE && store->path != NULL) {
        rc = key_file_folder(env, store->path, why);
    }
    rc = rc == SHK_OK ? store_set_up(store, open_steps, NULL, why) : rc;
    if (rc != SHK_OK) {
        store_close(&store);
        return rc;
    }
    *out = store;
    return SHK_OK;
}

static void free_secret(char *text) {
    if (text != NULL) {
        memory_wipe(text, strlen(text));
        free(text);
    }
}

void store_close(struct store **store) {
    struct store *s = *store;
    if (s == NULL) {
        return;
    }
    if (s->db != NULL) {
        s->ops->close(s->db);
    }
    key_ring_close(&s->ring);
    free(s->path);
    free_secret(s->connection);
    free(s->library);
    free(s->key_file);
    free(s->machine);
    free(s);
    *store = NULL;
}
