/* Looking after the store: what lies in it, clearing out, a new key, carrying the key to another PC. */
#include <stdlib.h>

#include "flow.h"
#include "keep.h"
#include "outbox_values.h"
#include "store_values.h"

static const char *input_of(const struct session *s, const char *name) {
    return inputs_text(&s->inputs, name);
}

static bool is_action(const struct session *s, const char *action) {
    const char *given = input_of(s, "store.action");
    return text_equal(given[0] != '\0' ? given : "show", action);
}

static bool moves_key(const struct session *s) {
    return is_action(s, "export-key") || is_action(s, "import-key");
}

int32_t job_store_ready(const struct session *s, struct fault *why) {
    bool known = is_action(s, "show") || is_action(s, "purge") || is_action(s, "rotate");
    const char *wrong = NULL;
    if (!known && !moves_key(s)) {
        wrong = "store.action";
    } else if (moves_key(s) && input_of(s, "store.file")[0] == '\0') {
        wrong = "store.file";
    }
    return wrong == NULL ? SHK_OK : fault_set(why, SHK_E_INPUT, SHK_NATIVE_NONE, 0, wrong);
}

static void progress(void *self, int64_t done, int64_t total) {
    struct session *s = self;
    const struct bulk_progress now = {
        .done = (uint64_t)done, .total = (uint64_t)total, .left_s = -1};
    session_post_progress(s, &now);
}

static int32_t report(struct session *s, int64_t purged, struct fault *why) {
    struct store_values *v = calloc(1, sizeof *v);
    if (v == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    int32_t rc = store_report(s->store, &v->report, why);
    v->report.purged = purged;
    if (v->report.oldest_waiting_s > 0) {
        outbox_time(v->report.oldest_waiting_s, v->oldest);
    }
    mutex_lock(s->lock);
    struct store_values *old = s->values.store;
    s->values.store = v;
    mutex_unlock(s->lock);
    store_values_free(&old);
    return rc;
}

/* Before there is a store here: its key comes first. */
static int32_t import_key(struct session *s, struct fault *why) {
    char path[KEEP_PATH_MAX];
    keep_close(s);
    if (!keep_is_on(s)) {
        return fault_set(why, SHK_E_STORE_OFF, SHK_NATIVE_NONE, 0, "store.folder");
    }
    return keep_key_file(s, path) ? key_ring_import(&s->env, input_of(s, "store.file"), path, why)
                                  : config_fault(s->config, why, "store.key_file");
}

static int32_t run(struct session *s, int64_t *purged, struct fault *why) {
    int32_t rc = is_action(s, "import-key") ? import_key(s, why) : SHK_OK;
    rc = rc == SHK_OK ? keep_require(s, why) : rc;
    if (rc != SHK_OK) {
        return rc;
    }
    if (is_action(s, "purge")) {
        return store_purge(s->store, true, purged, why);
    }
    if (is_action(s, "rotate")) {
        return store_rotate(s->store, progress, s, why);
    }
    return is_action(s, "export-key")
               ? key_ring_export(store_ring(s->store), &s->env, input_of(s, "store.file"), why)
               : SHK_OK;
}

void job_store(struct session *s, struct fault *why) {
    int64_t purged = 0;
    if (run(s, &purged, why) == SHK_OK) {
        (void)report(s, purged, why);
    }
    log_event(s->log, SHK_LOG_INFO, "store.end", "code", (int64_t)why->code);
}
