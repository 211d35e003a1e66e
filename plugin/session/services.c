#include "services.h"

#include <string.h>

/* A file lent to an adapter knows its length, so that giving it back wipes it. */
struct lent_file {
    size_t n;
    uint8_t data[];
};

uint8_t *services_lend(const void *p, size_t n) {
    struct lent_file *file = malloc(sizeof *file + n + 1);
    if (file == NULL) {
        return NULL;
    }
    file->n = n;
    if (n > 0) {
        memcpy(file->data, p, n);
    }
    file->data[n] = 0;
    return file->data;
}

static void SHK_CALL service_log(void *self, int32_t level, const char *what, int32_t number) {
    struct services *lent = self;
    log_event(lent->session->log, level, what, "number", (int64_t)number);
}

static int64_t SHK_CALL service_now_ms(void *self) {
    return session_now(((struct services *)self)->session);
}

static int32_t SHK_CALL service_fail(void *self, int32_t code, int32_t native, const char *where) {
    struct services *lent = self;
    int32_t known = fault_find(code) != NULL ? code : SHK_E_ADAPTER_BROKEN;
    int32_t kind = native != 0 ? SHK_NATIVE_OS : SHK_NATIVE_NONE;
    int32_t rc = fault_set(lent->why, known, kind, native, where);
    /* A service has said what is wrong; only the adapter knows which of its settings it concerns. */
    fault_where(lent->why, where);
    return rc;
}

static int32_t SHK_CALL service_note(void *self, const char *note) {
    struct services *lent = self;
    if (note == NULL || strlen(note) >= SHK_NOTE_MAX) {
        return fault_raise(lent->why, SHK_E_ARGUMENT);
    }
    return lent->note != NULL ? lent->note(lent->note_self, note, lent->why) : SHK_OK;
}

static void SHK_CALL service_pause(void *self, int32_t ms) {
    session_pause(((struct services *)self)->session, ms);
}

static int64_t SHK_CALL service_wall_s(void *self) {
    const struct env *env = &((struct services *)self)->session->env;
    return env->clock->wall_s(env->clock_self);
    return env->files->is_folder(env->files_self, path) ? 1 : 0;
}

static int32_t SHK_CALL service_read_file(void *self, const char *path, uint8_t **data,
                                          uint32_t *len) {
    struct services *lent = self;
    const struct env *env = &lent->session->env;
    struct bytes content = {0};
    struct fault reason = {0};
    *data = NULL;
    *len = 0;
    int32_t rc = env->files->read(env->files_self, path, SHK_FILE_MAX, &content, &reason);
    if (rc == SHK_E_ABSENT || rc == SHK_E_ARGUMENT) {
        return rc; /* no such file, or too large: the adapter's to judge */
    }
    if (rc != SHK_OK) {
        return fault_set(lent->why, rc, reason.native_kind, reason.native, reason.where);
    }
    *data = services_lend(content.p, content.n);
    *len = *data != NULL ? (uint32_t)content.n : 0;
    bytes_clear(&content);
    return *data != NULL ? SHK_OK : fault_raise(lent->why, SHK_E_MEMORY);
}

static void SHK_CALL service_release(void *self, uint8_t *data) {
    (void)self;
    if (data != NULL) {
        struct lent_file *file =
            (struct lent_file *)(void *)(data - offsetof(struct lent_file, data));
        memory_wipe(file->data, file->n);
        free(file);
    }
}

static int32_t SHK_CALL service_put_file(void *self, const char *path, const uint8_t *data,
                                         uint32_t len, int32_t replace) {
    struct services *lent = self;
    const struct env *env = &lent->session->env;
    struct fault reason = {0};
    int32_t rc = env->files->put(env->files_self, path, data, len, replace != 0, &reason);
    if (rc != SHK_OK && rc != SHK_E_FILE_EXISTS) {
        return fault_set(lent->why, rc, reason.native_kind, reason.native, reason.where);
    }
    return rc;
}

static int32_t SHK_CALL service_lock_file(void *self, const char *path, int32_t wait_ms,
                                          void **lock) {
    struct services *lent = self;
    const struct env *env = &lent->session->env;
    return env->files->lock(env->files_self, path, wait_ms, lock, lent->why);
}

static void SHK_CALL service_unlock_file(void *self, void *lock) {
    const struct env *env = &((struct services *)self)->session->env;
    env->files->unlock(env->files_self, lock);
}

void services_init(struct services *lent, struct session *s, struct fault *why) {
    *lent = (struct services){
        .table = {.struct_size = sizeof lent->table,
                  .abi = SHK_ADAPTER_ABI,
                  .self = lent,
                  .log = service_log,
                  .now_ms = service_now_ms,
                  .fail = service_fail,
                  .note = service_note,
                  .pause = service_pause,
                  .wall_s = service_wall_s},
        .session = s,
        .why = why,
    };
    services_add_files(&lent->table);
    services_lend_http(&lent->table);
    services_lend_library(&lent->table);
}
