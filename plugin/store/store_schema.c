#include "store_parts.h"

/* What was released is not edited any more; a change is a further row. BYTEA holds bytes in SQLite, too. */
static const char *const first[] = {
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value BYTEA NOT NULL)",
    "CREATE TABLE answer (id TEXT PRIMARY KEY, at_s BIGINT NOT NULL, source TEXT NOT NULL,"
    " person TEXT NOT NULL, sealed BYTEA NOT NULL)",
    "CREATE TABLE delivery (id TEXT PRIMARY KEY, came BIGINT NOT NULL UNIQUE, answer TEXT NOT NULL,"
    " record BIGINT NOT NULL, target TEXT NOT NULL, key TEXT NOT NULL UNIQUE, state BIGINT NOT "
    "NULL,"
    " at_s BIGINT NOT NULL, source TEXT NOT NULL, attempts BIGINT NOT NULL, last BIGINT NOT NULL,"
    " owner TEXT NOT NULL, lease_until BIGINT NOT NULL, lease_s BIGINT NOT NULL, note BYTEA,"
    " place BYTEA, document BYTEA, changed_s BIGINT NOT NULL)",
    "CREATE INDEX delivery_answer ON delivery (answer)",
    "CREATE INDEX delivery_waits ON delivery (state, came)",
    "CREATE TABLE history (seq BIGINT PRIMARY KEY, at_s BIGINT NOT NULL, kind BIGINT NOT NULL,"
    " answer TEXT NOT NULL, delivery TEXT NOT NULL, person TEXT NOT NULL,"
    " token TEXT NOT NULL UNIQUE, sealed BYTEA NOT NULL, hash BYTEA NOT NULL)",
    "CREATE INDEX history_person ON history (person, seq)",
    "CREATE INDEX history_time ON history (at_s)",
    NULL};

static const char *const second[] = {
    "CREATE TABLE patient (id TEXT PRIMARY KEY, target TEXT NOT NULL, person TEXT NOT NULL,"
    " card TEXT NOT NULL, sealed BYTEA NOT NULL, seen_s BIGINT NOT NULL)",
    "CREATE INDEX patient_person ON patient (target, person)",
    "CREATE INDEX patient_card ON patient (target, card)", NULL};

static const char *const *const migrations[STORE_SCHEMA] = {first, second};

static int32_t run_all(struct store *store, const char *const *statements, struct fault *why) {
    int32_t rc = SHK_OK;
    for (; rc == SHK_OK && *statements != NULL; statements++) {
        rc = store_change(store, *statements, NULL, 0, NULL, why);
    }
    return rc;
}

int32_t store_migrate(struct store *store, int64_t schema, struct fault *why) {
    char number[24];
    int32_t rc = SHK_OK;
    for (int64_t i = schema; rc == SHK_OK && i < STORE_SCHEMA; i++) {
        rc = run_all(store, migrations[i], why);
    }
    if (rc != SHK_OK || schema == STORE_SCHEMA) {
        return rc;
    }
    size_t n = text_format(number, sizeof number, "%d", STORE_SCHEMA);
    return store_set_meta(store, "schema", (const uint8_t *)number, n, why);
}
