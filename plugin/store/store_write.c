#include <string.h>

#include "store_parts.h"
#include "thread.h"

#define RETRY_MS 200
#define KEY_MARK "shikaku"

static int32_t connect(struct store *store, struct fault *why) {
    return store->db != NULL
               ? SHK_OK
               : store->ops->open(store->env.db_self, &store->settings, &store->db, why);
}

static void disconnect(struct store *store) {
    store->ops->close(store->db);
    store->db = NULL;
}

struct call {
    store_steps steps;
    void *self;
    bool transaction, keys;
};

static int32_t run_inside(struct store *store, const struct call *call, struct fault *why) {
    int32_t rc = store->ops->begin(store->db, why);
    if (rc != SHK_OK) {
        return rc;
    }
    rc = call->keys ? store_adopt_key(store, why) : SHK_OK;
    rc = rc == SHK_OK ? call->steps(store, call->self, why) : rc;
    if (rc != SHK_OK) {
        store->ops->rollback(store->db);
        return rc;
    }
    return store->ops->commit(store->db, why);
}

static int32_t run_once_more(struct store *store, const struct call *call, struct fault *why) {
    int32_t rc = connect(store, why);
    if (rc != SHK_OK) {
        return rc;
    }
    return call->transaction ? run_inside(store, call, why) : call->steps(store, call->self, why);
}

/* False: the time is over. */
static bool wait_for_server(const struct store *store, int64_t end_ms) {
    int64_t left = end_ms - store->env.clock->mono_ms(store->env.clock_self);
    if (left > 0) {
        thread_sleep((int32_t)(left < RETRY_MS ? left : RETRY_MS));
    }
    return left > 0;
}

static int32_t run_call(struct store *store, const struct call *call, struct fault *why) {
    const int64_t end_ms =
        store->env.clock->mono_ms(store->env.clock_self) + (int64_t)store->down_ms;
    for (;;) {
        struct fault f = {0};
        int32_t rc = run_once_more(store, call, &f);
        if (rc == SHK_E_STORE_DOWN) {
            disconnect(store);
            if (wait_for_server(store, end_ms)) {
                continue;
            }
        }
        return rc == SHK_OK ? SHK_OK : fault_set(why, rc, f.native_kind, f.native, f.where);
    }
}

int32_t store_write(struct store *store, store_steps steps, void *self, struct fault *why) {
    const struct call call = {steps, self, true, true};
    return run_call(store, &call, why);
}

int32_t store_read(struct store *store, store_steps steps, void *self, struct fault *why) {
    const struct call call = {steps, self, false, false};
    return run_call(store, &call, why);
}

int32_t store_set_up(struct store *store, store_steps steps, void *self, struct fault *why) {
    const struct call call = {steps, self, true, false};
    return run_call(store, &call, why);
}

void store_place(char out[PLACE_LEN], const char *table, const char *id, const char *column) {
    text_format(out, PLACE_LEN, "%s/%s/%s", table, id, column);
}

int32_t store_unseal(struct store *store, const char *place, struct db_value sealed,
                     struct bytes *out, struct fault *why) {
    bytes_clear(out);
    if (sealed.n == 0) {
        return SHK_OK;
    }
    uint32_t number = sealed_by(sealed.p, sealed.n);
    if (number != 0 && ring_keys_find(store->ring->keys, number) == NULL) {
        (void)key_ring_reload(store->ring, &store->env, NULL);
    }
    return unseal(store->ring, place, sealed.p, sealed.n, out, why);
}

int32_t store_mark_key(struct store *store, struct fault *why) {
    struct bytes mark = {0};
    int32_t rc =
        seal(store->ring, "meta/key", (const uint8_t *)KEY_MARK, strlen(KEY_MARK), &mark, why);
    rc = rc == SHK_OK ? store_set_meta(store, "key", mark.p, mark.n, why) : rc;
    bytes_clear(&mark);
    return rc;
}

static bool opens_mark(const struct store *store, const struct bytes *mark) {
    struct bytes plain = {0};
    bool opens = unseal(store->ring, "meta/key", mark->p, mark->n, &plain, NULL) == SHK_OK &&
                 text_equal(bytes_text(&plain), KEY_MARK);
    bytes_clear(&plain);
    return opens;
}

/* Whoever changes the key waits until those that still seal with the old one have committed. */
int32_t store_adopt_key(struct store *store, struct fault *why) {
    struct bytes mark = {0};
    int32_t rc = store_meta(store, "key", " FOR SHARE", &mark, why);
    uint32_t number = rc == SHK_OK ? sealed_by(mark.p, mark.n) : 0;
    if (rc == SHK_OK && !key_ring_use(store->ring, number)) {
        rc = key_ring_reload(store->ring, &store->env, why);
        if (rc == SHK_OK && !key_ring_use(store->ring, number)) {
            rc = fault_set(why, SHK_E_STORE_KEY, 0, 0, "older");
        }
    }
    if (rc == SHK_OK && !opens_mark(store, &mark)) {
        rc = fault_set(why, SHK_E_STORE_KEY, 0, 0, "other store");
    }
    bytes_clear(&mark);
    return rc;
}
