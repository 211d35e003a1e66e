#include "outbox.h"
#include "store_parts.h"

static int32_t count(struct store *store, const char *sql, struct found *found, struct fault *why) {
    return store_find(store, sql, NULL, 0, found, why);
}

static int32_t report_steps(struct store *store, void *self, struct fault *why) {
    struct store_report *out = self;
    struct found found = {0};
    int32_t rc = count(store,
                       "SELECT COUNT(CASE WHEN state <= 2 THEN 1 END),"
                       " COUNT(CASE WHEN state = 3 THEN 1 END),"
                       " COUNT(CASE WHEN state = 4 THEN 1 END),"
                       " COALESCE(MIN(CASE WHEN state <= 3 THEN at_s END), 0) FROM delivery",
                       &found, why);
    out->waiting = found_int(&found, 0, 0);
    out->undecided = found_int(&found, 0, 1);
    out->delivered = found_int(&found, 0, 2);
    out->oldest_waiting_s = found_int(&found, 0, 3);
    rc = rc == SHK_OK ? count(store, "SELECT COUNT(*) FROM history", &found, why) : rc;
    out->history = found_int(&found, 0, 0);
    rc = rc == SHK_OK ? count(store, "SELECT COUNT(*) FROM patient", &found, why) : rc;
    out->patients = found_int(&found, 0, 0);
    found_clear(&found);
    out->schema = STORE_SCHEMA;
    out->key = key_ring_current(store->ring);
    out->keys = key_ring_count(store->ring);
    return rc;
}

int32_t store_report(struct store *store, struct store_report *out, struct fault *why) {
    *out = (struct store_report){0};
    return store_read(store, report_steps, out, why);
}
