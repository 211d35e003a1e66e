/* Every service behind the gate of adapter_guard.h. Arguments that no service could take are refused here. */
#include <string.h>

#include "adapter_guard.h"

#define DAY_MS         INT64_C(86400000)
#define PAUSE_SLICE_MS 100

#define INNER(g, slot) ((g)->inner.table.slot)

static void SHK_CALL guarded_log(void *self, int32_t level, const char *what, int32_t number) {
    struct guard *g = self;
    mutex_lock(g->lock);
    if (g->gate == GATE_RUNNING && what != NULL) {
        INNER(g, log)(&g->inner, level, what, number);
    }
    mutex_unlock(g->lock);
}

/* Left behind, the time jumps ahead once, so that whoever waits for an hour to come stops waiting. */
static int64_t SHK_CALL guarded_now_ms(void *self) {
    struct guard *g = self;
    mutex_lock(g->lock);
    if (g->gate != GATE_LOST) {
        g->last_ms = INNER(g, now_ms)(&g->inner);
    }
    int64_t now = g->gate != GATE_LOST ? g->last_ms : g->last_ms + DAY_MS;
    mutex_unlock(g->lock);
    return now;
}

static int64_t SHK_CALL guarded_wall_s(void *self) {
    struct guard *g = self;
    mutex_lock(g->lock);
    int64_t now = g->gate != GATE_LOST ? INNER(g, wall_s)(&g->inner) : g->last_ms / 1000;
    mutex_unlock(g->lock);
    return now;
}

/* Nobody sleeps on when the time is over, and no service is held up meanwhile. */
static void SHK_CALL guarded_pause(void *self, int32_t ms) {
    struct guard *g = self;
    mutex_lock(g->lock);
    int64_t end = g->gate == GATE_RUNNING ? INNER(g, now_ms)(&g->inner) + ms : 0;
    while (g->gate == GATE_RUNNING && INNER(g, stopping)(&g->inner) == 0) {
        int64_t left = end - INNER(g, now_ms)(&g->inner);
        if (left <= 0) {
            break;
        }
        (void)condition_wait(g->changed, g->lock,
                             (int32_t)(left < PAUSE_SLICE_MS ? left : PAUSE_SLICE_MS));
    }
    mutex_unlock(g->lock);
}

static int32_t native_kind(const struct guard *g, int32_t code, int32_t native) {
    if (native == 0) {
        return SHK_NATIVE_NONE;
    }
    if (code == SHK_E_STATEMENT || code == SHK_E_DRIVER) {
        return SHK_NATIVE_SQL;
    }
    if (g->spoke_http && native >= 100 && native <= 599) {
        return SHK_NATIVE_HTTP;
    }
    bool of_host = code <= SHK_E_HOST_UNREACHABLE && code >= SHK_E_HOST_BUSY;
    return of_host ? SHK_NATIVE_HOST : SHK_NATIVE_OS;
}

/* The system's number is the service's to know, which of its settings is meant the adapter's. */
static int32_t SHK_CALL guarded_fail(void *self, int32_t code, int32_t native, const char *where) {
    struct guard *g = self;
    int32_t known = fault_find(code) != NULL ? code : SHK_E_ADAPTER_BROKEN;
    struct fault said = {0};
    mutex_lock(g->lock);
    if (g->gate == GATE_RUNNING || g->gate == GATE_ENDING) {
        if (g->service_why.code == known && native == 0) {
            said = g->service_why;
        }
        (void)fault_set(&said, known, native_kind(g, known, native), native, where);
        fault_where(&said, where);
        g->said = said;
    }
    mutex_unlock(g->lock);
    return known;
}

static int32_t SHK_CALL guarded_is_folder(void *self, const char *path) {
    struct guard *g = self;
    if (path == NULL || !guard_enter(g, false)) {
        return 0;
    }
    int32_t is = INNER(g, is_folder)(&g->inner, path);
    (void)guard_leave(g, SHK_OK);
    return is;
}

static int32_t SHK_CALL guarded_read_file(void *self, const char *path, uint8_t **data,
                                          uint32_t *len) {
    struct guard *g = self;
    if (path == NULL || data == NULL || len == NULL) {
        return SHK_E_ARGUMENT;
    }
    *data = NULL;
    *len = 0;
    if (!guard_enter(g, false)) {
        return SHK_E_CANCELLED;
    }
    return guard_leave(g, INNER(g, read_file)(&g->inner, path, data, len));
}

/* Needs nothing of the session. */
static void SHK_CALL guarded_release(void *self, uint8_t *data) {
    struct guard *g = self;
    INNER(g, release)(&g->inner, data);
}

static bool is_content(const char *path, const uint8_t *data, uint32_t len) {
    return path != NULL && len <= SHK_FILE_MAX && (data != NULL || len == 0);
}

static int32_t SHK_CALL guarded_put_file(void *self, const char *path, const uint8_t *data,
                                         uint32_t len, int32_t replace) {
    struct guard *g = self;
    if (!is_content(path, data, len)) {
        return SHK_E_ARGUMENT;
    }
    if (!guard_enter(g, false)) {
        return SHK_E_CANCELLED;
    }
    return guard_leave(g, INNER(g, put_file)(&g->inner, path, data, len, replace));
}

static int32_t SHK_CALL guarded_lock_file(void *self, const char *path, int32_t wait_ms,
                                          void **lock) {
    struct guard *g = self;
    if (path == NULL || lock == NULL) {
        return SHK_E_ARGUMENT;
    }
    *lock = NULL;
    if (!guard_enter(g, false)) {
        return SHK_E_CANCELLED;
    }
    int32_t rc = INNER(g, lock_file)(&g->inner, path, wait_ms, lock);
    if (rc == SHK_OK && guard_note_lent(g, LENT_LOCK, *lock) != SHK_OK) {
        INNER(g, unlock_file)(&g->inner, *lock);
        *lock = NULL;
        rc = SHK_E_MEMORY;
    }
    return guard_leave(g, rc);
}

static void SHK_CALL guarded_unlock_file(void *self, void *lock) {
    struct guard *g = self;
    if (guard_enter(g, true)) {
        if (guard_take_back(g, LENT_LOCK, lock)) {
            INNER(g, unlock_file)(&g->inner, lock);
        }
        (void)guard_leave(g, SHK_OK);
    }
}

static bool is_note(const char *note) {
    size_t n = 0;
    while (note != NULL && n < SHK_NOTE_MAX && note[n] != '\0') {
        n++;
    }
    return note != NULL && n < SHK_NOTE_MAX;
}

static int32_t SHK_CALL guarded_note(void *self, const char *note) {
    struct guard *g = self;
    if (!is_note(note)) {
        return SHK_E_ARGUMENT;
    }
    if (!guard_enter(g, false)) {
        return SHK_E_CANCELLED;
    }
    return guard_leave(g, guard_errand(g, &(struct errand){.note = note}));
}

static int32_t SHK_CALL guarded_stage_file(void *self, const char *staged, const char *path,
                                           const uint8_t *data, uint32_t len, int32_t replace,
                                           void **stage) {
    struct guard *g = self;
    if (staged == NULL || stage == NULL || !is_content(path, data, len)) {
        return SHK_E_ARGUMENT;
    }
    *stage = NULL;
    if (!guard_enter(g, false)) {
        return SHK_E_CANCELLED;
    }
    int32_t rc = INNER(g, stage_file)(&g->inner, staged, path, data, len, replace, stage);
    if (rc == SHK_OK && guard_note_lent(g, LENT_STAGE, *stage) != SHK_OK) {
        INNER(g, unstage_file)(&g->inner, *stage, 0);
        *stage = NULL;
        rc = SHK_E_MEMORY;
    }
    return guard_leave(g, rc);
}

static int32_t SHK_CALL guarded_publish_file(void *self, void *stage) {
    struct guard *g = self;
    if (!guard_enter(g, false)) {
        return SHK_E_CANCELLED;
    }
    bool lent = guard_take_back(g, LENT_STAGE, stage);
    return guard_leave(g, lent ? INNER(g, publish_file)(&g->inner, stage) : SHK_E_ARGUMENT);
}

/* Once the time is over the staged file stays: an adapter whose publish was refused clears up, and the missing
 * file would say to the next attempt that it had been published. */
static void SHK_CALL guarded_unstage_file(void *self, void *stage, int32_t keep) {
    struct guard *g = self;
    if (guard_enter(g, true)) {
        mutex_lock(g->lock);
        bool over = g->gate != GATE_RUNNING;
        mutex_unlock(g->lock);
        if (guard_take_back(g, LENT_STAGE, stage)) {
            INNER(g, unstage_file)(&g->inner, stage, over || keep != 0 ? 1 : 0);
        }
        (void)guard_leave(g, SHK_OK);
    }
}

static int32_t SHK_CALL guarded_remove_file(void *self, const char *path) {
    struct guard *g = self;
    if (path == NULL) {
        return SHK_E_ARGUMENT;
    }
    if (!guard_enter(g, false)) {
        return SHK_E_CANCELLED;
    }
    return guard_leave(g, INNER(g, remove_file)(&g->inner, path));
}

static int32_t SHK_CALL guarded_http_open(void *self, const shk_http_settings *settings,
                                          void **http) {
    struct guard *g = self;
    if (http == NULL) {
        return SHK_E_ARGUMENT;
    }
    *http = NULL;
    if (!guard_enter(g, false)) {
        return SHK_E_CANCELLED;
    }
    int32_t rc = INNER(g, http_open)(&g->inner, settings, http);
    if (rc == SHK_OK && guard_note_lent(g, LENT_HTTP, *http) != SHK_OK) {
        INNER(g, http_close)(&g->inner, *http);
        *http = NULL;
        rc = SHK_E_MEMORY;
    }
    return guard_leave(g, rc);
}

static bool is_lent(struct guard *g, enum lent_kind kind, void *p) {
    return guard_take_back(g, kind, p) && guard_note_lent(g, kind, p) == SHK_OK;
}

static int32_t SHK_CALL guarded_http_send(void *self, void *http, const shk_http_request *request,
                                          shk_http_reply *reply) {
    struct guard *g = self;
    if (!guard_enter(g, false)) {
        return SHK_E_CANCELLED;
    }
    bool lent = is_lent(g, LENT_HTTP, http);
    int32_t rc = lent ? INNER(g, http_send)(&g->inner, http, request, reply) : SHK_E_ARGUMENT;
    mutex_lock(g->lock);
    g->spoke_http = rc == SHK_OK;
    mutex_unlock(g->lock);
    return guard_leave(g, rc);
}

static void SHK_CALL guarded_http_close(void *self, void *http) {
    struct guard *g = self;
    if (guard_enter(g, true)) {
        if (guard_take_back(g, LENT_HTTP, http)) {
            INNER(g, http_close)(&g->inner, http);
        }
        (void)guard_leave(g, SHK_OK);
    }
}

static void *SHK_CALL guarded_library_open(void *self, const char *name) {
    struct guard *g = self;
    if (!guard_enter(g, false)) {
        return NULL;
    }
    void *library = INNER(g, library_open)(&g->inner, name);
    (void)guard_leave(g, SHK_OK);
    return library;
}

static int32_t SHK_CALL guarded_library_find(void *self, void *library, const char *symbol,
                                             void *slot) {
    struct guard *g = self;
    if (!guard_enter(g, false)) {
        return 0;
    }
    int32_t found = INNER(g, library_find)(&g->inner, library, symbol, slot);
    (void)guard_leave(g, SHK_OK);
    return found;
}

static int32_t SHK_CALL guarded_digest(void *self, const uint8_t *p, uint32_t len, char out[33]) {
    struct guard *g = self;
    if (out == NULL || (p == NULL && len > 0)) {
        return SHK_E_ARGUMENT;
    }
    out[0] = '\0';
    if (!guard_enter(g, false)) {
        return SHK_E_CANCELLED;
    }
    return guard_leave(g, guard_errand(g, &(struct errand){.p = p, .len = len, .out = out}));
}

static int32_t SHK_CALL guarded_stopping(void *self) {
    struct guard *g = self;
    mutex_lock(g->lock);
    int32_t stopping = g->gate != GATE_RUNNING || INNER(g, stopping)(&g->inner) != 0 ? 1 : 0;
    mutex_unlock(g->lock);
    return stopping;
}

void guard_fill(shk_services *table, const shk_services *inner) {
    *table = (shk_services){
        .struct_size = sizeof *table,
        .abi = SHK_ADAPTER_ABI,
        .log = guarded_log,
        .now_ms = guarded_now_ms,
        .fail = guarded_fail,
        .is_folder = guarded_is_folder,
        .read_file = guarded_read_file,
        .release = guarded_release,
        .put_file = guarded_put_file,
        .lock_file = guarded_lock_file,
        .unlock_file = guarded_unlock_file,
        .note = guarded_note,
        .stage_file = inner->stage_file != NULL ? guarded_stage_file : NULL,
        .publish_file = inner->publish_file != NULL ? guarded_publish_file : NULL,
        .unstage_file = inner->unstage_file != NULL ? guarded_unstage_file : NULL,
        .remove_file = inner->remove_file != NULL ? guarded_remove_file : NULL,
        .http_open = guarded_http_open,
        .http_send = guarded_http_send,
        .http_close = guarded_http_close,
        .library_open = guarded_library_open,
        .library_find = guarded_library_find,
        .digest = guarded_digest,
        .stopping = guarded_stopping,
        .pause = guarded_pause,
        .wall_s = guarded_wall_s,
    };
}
